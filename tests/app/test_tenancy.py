"""Isolation, proven by enumeration on the real database: no table, role or connection is taken on trust."""

import itertools
import random
import threading
import time
import uuid

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, owner_engine, psycopg_url, transaction
from tests.tenants.cases.test_opening import opened

OWN_TABLES = """
SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced, c.oid
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace ORDER BY 1
"""
KEYS = """
SELECT i.indexrelid::regclass::text AS key, i.indisprimary AS is_primary,
  array_agg(a.attname ORDER BY k.place) AS columns
FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::int[]) WITH ORDINALITY AS k(attnum, place)
JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
WHERE i.indrelid = :oid AND i.indisunique GROUP BY 1, 2
"""
ADD = text("INSERT INTO serial (tenant_id, id, kind, year, last) VALUES (:t, :i, :n, :y, 0)")
FOREIGN_KEYS = """
SELECT con.conname AS name, con.confrelid::regclass::text AS target,
  (SELECT array_agg(a.attname ORDER BY k.place) FROM unnest(con.conkey) WITH ORDINALITY AS k(attnum, place)
   JOIN pg_attribute a ON a.attrelid = con.conrelid AND a.attnum = k.attnum) AS columns,
  (SELECT array_agg(a.attname ORDER BY k.place) FROM unnest(con.confkey) WITH ORDINALITY AS k(attnum, place)
   JOIN pg_attribute a ON a.attrelid = con.confrelid AND a.attnum = k.attnum) AS target_columns
FROM pg_constraint con WHERE con.contype = 'f' AND con.conrelid = :oid
"""


@pytest.fixture(scope="module")
def admin(app, settings):
    """A connection that sees all (superuser), to look at the catalogue."""
    engine = owner_engine(settings)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="module")
def own_tables(admin):
    tables = admin.execute(text(OWN_TABLES)).all()
    assert len(tables) > 15
    return tables


def test_every_tenant_table_forces_row_level_security(admin, own_tables):
    for table in own_tables:
        assert (table.enabled, table.forced) == (True, True), table.name
        policies = dict(
            admin.execute(
                text("SELECT policyname, with_check FROM pg_policies WHERE tablename = :t"), {"t": table.name}
            ).all()
        )
        assert "app.tenant_id" in policies["tenant"], table.name


def test_every_key_starts_with_the_tenant(admin, own_tables):
    for table in own_tables:
        keys = admin.execute(text(KEYS), {"oid": table.oid}).all()
        assert [k.columns for k in keys if k.is_primary] == [["tenant_id", "id"]], table.name
        for key in keys:
            assert key.columns[0] == "tenant_id", (table.name, key.key)


def test_every_reference_between_tenant_tables_carries_the_tenant(admin, own_tables):
    names = {table.name for table in own_tables}
    for table in own_tables:
        for key in admin.execute(text(FOREIGN_KEYS), {"oid": table.oid}):
            if key.target in names:
                assert key.columns[0] == "tenant_id", (table.name, key.name)
                assert key.target_columns[0] == "tenant_id", (table.name, key.name)


def test_every_foreign_key_from_a_tenant_table_is_indexed_or_small(admin, own_tables):
    """A delete of a case must not scan its tenant's tables: each reference to another table starts an index."""
    for table in own_tables:
        firsts = {
            tuple(row.columns[:2])
            for row in admin.execute(text(KEYS.replace("AND i.indisunique", "")), {"oid": table.oid})
        }
        for key in admin.execute(text(FOREIGN_KEYS), {"oid": table.oid}):
            if key.columns[0] == "tenant_id" and len(key.columns) == 2:
                assert tuple(key.columns) in firsts, (table.name, key.name)


def test_the_portals_role_can_not_go_round_the_policies(admin):
    for role in (tenancy.APP, tenancy.STATISTICS, tenancy.BACKUP, tenancy.OWNER):
        found = admin.execute(
            text("SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = :r"),
            {"r": role},
        ).one()
        assert tuple(found) == (False, False, False, False), role
    owned = text("SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = :r)")
    assert admin.scalar(owned, {"r": tenancy.APP}) == 0
    member = text("SELECT pg_has_role(:a, :b, 'MEMBER')")
    assert admin.scalar(member, {"a": tenancy.APP, "b": tenancy.OWNER}) is False
    assert admin.scalar(member, {"a": tenancy.APP, "b": tenancy.BACKUP}) is False


def test_without_a_context_no_row_is_read(app_context, organisation, own_tables, settings):
    ocmw = organisation()
    with ocmw.acting():
        opened()
    engine = create_engine(psycopg_url(settings.database_url))
    with engine.connect() as raw:
        for table in own_tables:
            if table.name in ("audit_head", "audit_link"):
                continue  # nobody but the trigger writes there; reading is covered all the same below
            assert raw.scalar(text(f'SELECT count(*) FROM "{table.name}"')) == 0, table.name
        assert raw.scalar(text("SELECT count(*) FROM audit_link")) == 0
    engine.dispose()


def test_a_raw_insert_without_context_or_for_another_is_refused(app_context, organisation, settings):
    ours, theirs = organisation(), organisation()
    engine = create_engine(psycopg_url(settings.database_url))
    statement = text(
        "INSERT INTO serial (tenant_id, id, kind, year, last) VALUES (:tenant, gen_random_uuid(), 'x', 2026, 1)"
    )
    with engine.connect() as raw, pytest.raises(DBAPIError, match="row-level security"):
        raw.execute(statement, {"tenant": ours.tenant.id})
    engine.dispose()
    with theirs.acting(), pytest.raises(DBAPIError, match="row-level security"), transaction() as session:
        session.execute(statement, {"tenant": ours.tenant.id})


def test_a_reference_into_another_tenant_is_refused_by_the_database(app_context, organisation):
    ours, theirs = organisation(), organisation()
    with ours.acting():
        case_id = opened()
    statement = text(
        "INSERT INTO household (tenant_id, id, case_id, composition) VALUES (:tenant, :id, :case, 'single')"
    )
    values = {"tenant": theirs.tenant.id, "id": uuid.uuid4(), "case": case_id}
    with theirs.acting(), pytest.raises(DBAPIError, match="foreign key"), transaction() as session:
        session.execute(statement, values)


def test_moving_a_row_to_another_tenant_is_refused(app_context, organisation):
    ours, theirs = organisation(), organisation()
    with ours.acting():
        opened()
        with pytest.raises(DBAPIError, match="row-level security"), transaction() as session:
            session.execute(text("UPDATE note SET tenant_id = :other"), {"other": theirs.tenant.id})


def test_a_reused_connection_remembers_nobody(app_context, organisation, settings):
    """What PgBouncer does in transaction mode: one server connection, handed from transaction to transaction."""
    ocmw = organisation()
    with ocmw.acting():
        opened()
    engine = create_engine(psycopg_url(settings.database_url), pool_size=1, max_overflow=0)
    with ocmw.acting(), Session(engine) as session:
        backend = session.scalar(text("SELECT pg_backend_pid()"))
        assert session.scalar(text("SELECT count(*) FROM case_file")) == 1
    with Session(engine) as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) == backend
        assert session.scalar(text("SELECT count(*) FROM case_file")) == 0
        session.rollback()
        with ocmw.acting(), pytest.raises(DBAPIError):
            session.execute(text("SELECT 1/0"))  # a transaction that ends badly remembers nobody either
    with engine.connect() as raw:
        assert raw.scalar(text("SELECT pg_backend_pid()")) == backend
        assert raw.scalar(text("SELECT coalesce(current_setting('app.tenant_id', true), '')")) == ""
        assert raw.scalar(text("SELECT current_user")) == tenancy.APP
    engine.dispose()


def test_statistics_see_facts_and_nothing_else(app_context, organisation, own_tables):
    ocmw = organisation()
    with ocmw.acting():
        opened()
    with tenancy.acting(tenancy.Context(role=tenancy.STATISTICS)), Session(db.engine) as session:
        assert session.scalar(text("SELECT count(*) FROM case_fact")) >= 1
        session.rollback()
        for table in own_tables:
            if table.name not in ("case_fact", "scenario_fact"):
                with pytest.raises(DBAPIError, match="permission denied"):
                    session.execute(text(f'SELECT 1 FROM "{table.name}"'))
                session.rollback()


def test_fifty_threads_of_mixed_tenants_see_only_their_own(app, organisation):
    """Twenty seconds of reading and writing by fifty threads that change tenant at every transaction."""
    tenants = [organisation() for _ in range(6)]
    own_name = {t.tenant.id: f"Eigen {n}" for n, t in enumerate(tenants)}
    until = time.monotonic() + 20
    wrong: list[str] = []
    years = itertools.count(1)
    turns = [0] * 50

    def work(number: int) -> None:
        chance = random.Random(number)
        with app.app_context():
            while time.monotonic() < until and not wrong:
                ocmw = chance.choice(tenants)
                name = own_name[ocmw.tenant.id]
                with ocmw.acting(), transaction() as session:
                    session.execute(ADD, {"t": ocmw.tenant.id, "i": uuid.uuid4(), "n": name, "y": next(years)})
                    seen = set(session.execute(text("SELECT DISTINCT tenant_id, kind FROM serial")).all())
                    if seen != {(ocmw.tenant.id, name)}:
                        wrong.append(f"{name} sees {seen}")
                db.session.remove()
                with Session(db.engine) as stranger:
                    if stranger.scalar(text("SELECT count(*) FROM serial")):
                        wrong.append("nobody sees rows")
                turns[number] += 1

    threads = [threading.Thread(target=work, args=(n,)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert all(turns), "every thread had its turn"
