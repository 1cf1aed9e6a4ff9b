"""What a guest sees and writes, by enumeration of every table, with the role the portal gives them."""

import uuid
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, psycopg_url
from app.security.roles import Role
from playbook.agreements import service as agreements
from playbook.agreements.models import SharingAgreement
from playbook.agreements.rules import Part
from tenants.petitions.course import today
from tenants.sharing import service

TABLES = """
SELECT c.relname AS name, bool_or(a.attname = 'case_id') AS has_case FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND NOT a.attisdropped AND a.attnum > 0
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
GROUP BY c.relname HAVING bool_or(a.attname IN ('tenant_id', 'network_id')) ORDER BY 1
"""
ALLOWED = text("SELECT has_any_column_privilege(:table, 'SELECT')")  # of what else the database says: permission denied
GUIDANCE = {"case_file", "note", "task", "outreach_attempt", "petition", "deadline", "tenant_key"}
HOUSEHOLD = {"household", "person"}
DWELLING = {"dwelling", "landlord"}
DOCUMENTS = {"attachment", "stored_file"}
REPAYMENT = {"repayment_plan", "repayment_instalment", "repayment_payment"}
REGISTRY = {"tenant", "network", "network_membership"}  # no tenant's own; a guest reads names of organisations


def seen(duo, partner=None):
    """table -> the cases whose rows a guest gets (None for a row without one), over all tables."""
    found = {}
    with duo.app.app_context(), tenancy.acting(duo.guest(partner=partner)), Session(db.engine) as session:
        for table in session.execute(text(TABLES)).all():
            if table.name in REGISTRY:
                continue
            column = "id" if table.name == "case_file" else "case_id" if table.has_case else "NULL::uuid"
            if session.scalar(ALLOWED, {"table": table.name}):
                found[table.name] = set(session.scalars(text(f'SELECT {column} FROM "{table.name}"')))
    return {table: cases for table, cases in found.items() if cases}


def end_agreement(duo):
    with duo.app.app_context(), duo.ocmw.acting(Role.REGIONAL_COORDINATOR):
        version = db.session.get(SharingAgreement, duo.agreement_id).version
        agreements.end(duo.agreement_id, "gedaan", version)
        db.session.remove()


def end_grant(duo):
    with duo.app.app_context(), duo.ocmw.acting():
        service.end(duo.grant_id, "gedaan")
        db.session.remove()


def test_a_guest_sees_the_shared_case_and_nothing_of_another(duo):
    made = duo()
    found = seen(made)
    assert set(found) >= GUIDANCE | HOUSEHOLD | DWELLING | DOCUMENTS | REPAYMENT
    assert not {"audit_event", "case_fact", "membership", "case_grant", "report", "guidance_agreement"} & set(found)
    for table, cases in found.items():
        assert cases <= {made.case_id, None}, table
    with made.app.app_context(), tenancy.acting(made.guest()), Session(db.engine) as session:
        assert session.scalars(text("SELECT name FROM landlord")).all() == ["Immo Vermeulen"]


@pytest.mark.parametrize(
    ("parts", "covered"),
    [
        ((), set()),
        ((Part.HOUSEHOLD,), HOUSEHOLD),
        ((Part.DWELLING,), DWELLING),
        ((Part.DOCUMENTS,), DOCUMENTS),
        ((Part.REPAYMENT,), REPAYMENT),
    ],
)
def test_a_part_that_is_not_granted_stays_shut(duo, parts, covered):
    found = set(seen(duo(parts=parts)))
    assert found >= GUIDANCE
    assert found & (HOUSEHOLD | DWELLING | DOCUMENTS | REPAYMENT) == covered


def test_without_a_grant_no_row_of_any_table(duo, organisation):
    made = duo()
    third = organisation(network=made.ocmw.network)
    assert seen(made, partner=third) == {}
    assert seen(duo(starts_on=today() + timedelta(days=1))) == {}


@pytest.mark.parametrize("end", [end_grant, end_agreement])
def test_after_the_end_no_row_of_any_table(duo, end):
    made = duo()
    assert seen(made)
    end(made)
    assert seen(made) == {}


def test_the_national_number_is_no_guests(duo):
    made = duo()
    with made.app.app_context(), tenancy.acting(made.guest()), Session(db.engine) as session:
        for column in ("insz", "insz_hash"):
            with pytest.raises(DBAPIError, match="permission denied"), session.begin_nested():
                session.execute(text(f"SELECT {column} FROM person"))


NOTE = text("INSERT INTO note (tenant_id, id, case_id, body, at, by_tenant) VALUES (:t, :i, :c, 'x', now(), :b)")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE case_file SET display_name = 'x'", "permission denied"),
        ("UPDATE task SET title = 'x'", "permission denied"),
        ("UPDATE note SET body = 'x'", "permission denied"),
        ("UPDATE repayment_payment SET amount = 1", "permission denied"),
        ("DELETE FROM note", "permission denied"),
        ("UPDATE case_grant SET ends_on = NULL", "permission denied"),
        ("INSERT INTO deadline (tenant_id, id) VALUES (gen_random_uuid(), gen_random_uuid())", "permission denied"),
        ("SELECT password FROM ab_user", "permission denied"),
        ("SELECT * FROM login_session", "permission denied"),
    ],
)
def test_what_a_guest_may_not_do(duo, statement, told):
    made = duo()
    with (
        made.app.app_context(),
        tenancy.acting(made.guest()),
        Session(db.engine) as session,
        pytest.raises(DBAPIError, match=told),
    ):
        session.execute(text(statement))


def test_what_a_guest_adds_stays_in_the_shared_case_under_their_own_name(duo):
    made = duo()
    host, caw = made.ocmw.tenant.id, made.caw.tenant.id
    rows = [(host, made.other_id, caw), (host, made.case_id, host), (caw, made.case_id, caw)]
    with made.app.app_context(), tenancy.acting(made.guest()), Session(db.engine) as session:
        for tenant, case, by in rows:
            values = {"t": tenant, "i": uuid.uuid4(), "c": case, "b": by}
            with pytest.raises(DBAPIError, match="row-level security"), session.begin_nested():
                session.execute(NOTE, values)
        changed = session.execute(text("UPDATE task SET done_at = now() RETURNING case_id")).scalars().all()
        assert set(changed) == {made.case_id}
        session.rollback()


def test_no_grant_without_an_agreement_that_covers_it(duo, organisation):
    """The database itself refuses, whatever the program asks."""
    made = duo()
    stranger = organisation(network=made.ocmw.network)
    insert = text(
        "INSERT INTO case_grant (tenant_id, id, case_id, partner_id, network_id, agreement_id, parts, starts_on,"
        " their_contact, consent, consent_on, granted_at) VALUES (:t, gen_random_uuid(), :c, :p, :n, :a, :parts,"
        " current_date, '', 'spoken', current_date, now())"
    )
    values = {
        "t": made.ocmw.tenant.id, "c": made.other_id, "p": made.caw.tenant.id, "n": made.ocmw.network.id,
        "a": made.agreement_id, "parts": ["household"],
    }  # fmt: skip
    wrong = [{"p": stranger.tenant.id}, {"parts": ["household", "everything"]}]
    with made.app.app_context(), made.ocmw.acting(), Session(db.engine) as session:
        for change in wrong:
            with pytest.raises(DBAPIError, match="no agreement in force"), session.begin_nested():
                session.execute(insert, values | change)
        session.rollback()
    for end, statement, told in (
        (end_grant, text("UPDATE case_grant SET ended_at = NULL"), "stays ended"),
        (end_agreement, insert, "no agreement in force"),
    ):
        end(made)
        with made.app.app_context(), made.ocmw.acting(), Session(db.engine) as session:
            with pytest.raises(DBAPIError, match=told), session.begin_nested():
                session.execute(statement, values if statement is insert else {})
            session.rollback()


def test_a_reused_connection_remembers_no_guest(duo, settings):
    made = duo()
    engine = create_engine(psycopg_url(settings.database_url), pool_size=1, max_overflow=0)
    with tenancy.acting(made.guest()), Session(engine) as session:
        backend = session.scalar(text("SELECT pg_backend_pid()"))
        assert session.scalar(text("SELECT count(*) FROM case_file")) == 1
    with made.caw.acting(), Session(engine) as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) == backend
        assert session.scalar(text("SELECT count(*) FROM case_file")) == 0
        assert session.scalar(text("SELECT coalesce(current_setting('app.partner_id', true), '')")) == ""
        assert session.scalar(text("SELECT current_user")) == tenancy.APP
        assert session.scalar(text("SELECT count(*) FROM case_grant")) == 1  # the partner knows that it is shared
    engine.dispose()
