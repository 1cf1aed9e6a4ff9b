"""The trail: complete, append-only, and every way of tampering with it is found."""

import uuid

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.audit.models import NOT_AUDITED, AuditEvent, AuditLink
from app.audit.service import record_read, verify
from app.database import db, owner_engine, transaction
from app.security.roles import Role
from tenants.cases.opening import open_cases
from tests.tenants.cases.test_opening import VERMEULEN, opened


@pytest.fixture
def ocmw(app_context, organisation):
    made = organisation(Role.SOCIAL_WORKER)
    with made.acting():
        opened()
    return made


@pytest.fixture
def tamper(settings, ocmw):
    """Change the trail as someone could who owns the whole server: past triggers and policies.

    The spoilt trail goes afterwards: a backup of a database with keys that point nowhere can't be put back.
    """
    engine = owner_engine(settings)

    def run(statement, **values):
        with engine.begin() as admin:
            admin.execute(text("SET session_replication_role = replica"))
            done = admin.execute(text(statement), values)
        assert done.rowcount

    yield run
    for table in ("audit_link", "audit_event", "audit_head"):
        run(f"DELETE FROM {table} WHERE tenant_id = :id", id=ocmw.tenant.id)
    engine.dispose()


def test_a_change_says_who_when_and_what(ocmw):
    with ocmw.acting(), transaction() as session:
        session.execute(text("UPDATE case_file SET reason = 'nuisance'"))
    with ocmw.acting():
        event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.at.desc())).first()
    assert (event.act, event.subject) == ("update", "case_file")
    assert event.changes == {"reason": ["rent_arrears", "nuisance"]}
    assert event.actor_id == ocmw.users[Role.SOCIAL_WORKER].id
    assert event.case_id == event.subject_id


def test_sealed_fields_stand_in_the_trail_by_name_only(ocmw):
    with ocmw.acting():
        person = db.session.scalars(select(AuditEvent).where(AuditEvent.subject == "person")).one()
    assert person.changes["insz"] == "…"
    assert "85073003328" not in str(person.changes)


def test_an_update_that_changes_nothing_leaves_no_event(ocmw):
    before = verify(ocmw.tenant.id).events
    with ocmw.acting(), transaction() as session:
        session.execute(text("UPDATE case_file SET reason = reason"))
    assert verify(ocmw.tenant.id).events == before


def test_what_is_rolled_back_leaves_no_event(ocmw):
    before = verify(ocmw.tenant.id).events
    with ocmw.acting(), transaction() as session:
        opened(roll_number="26A0002")
        session.rollback()
    assert verify(ocmw.tenant.id) == verify(ocmw.tenant.id)
    assert verify(ocmw.tenant.id).events == before


def test_a_first_event_in_a_savepoint_that_failed_loses_no_later_one(ocmw):
    case_id = uuid.uuid4()
    with ocmw.acting(), transaction() as session:
        with session.begin_nested() as savepoint:
            session.execute(text("UPDATE case_file SET reason = 'nuisance'"))
            savepoint.rollback()
        record_read("case_file", case_id, None, "case work")
    verdict = verify(ocmw.tenant.id)
    assert verdict.fault is None
    with ocmw.acting():
        assert db.session.scalars(select(AuditEvent).where(AuditEvent.subject_id == case_id)).one().act == "read"


def test_many_at_once_are_all_in_the_chain_in_order(ocmw):
    before = verify(ocmw.tenant.id).events
    with ocmw.acting(), transaction():
        open_cases([VERMEULEN] * 50)
    verdict = verify(ocmw.tenant.id)
    assert verdict.fault is None
    assert verdict.events >= before + 50 * 4
    with ocmw.acting():
        links = db.session.scalars(select(AuditLink.sequence).order_by(AuditLink.sequence)).all()
    assert list(links) == list(range(1, verdict.events + 1))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_event SET why = 'x'",
        "DELETE FROM audit_event",
        "UPDATE audit_link SET sequence = 0",
        "INSERT INTO audit_link (tenant_id, id, sequence, event_id, hash)"
        " SELECT tenant_id, id, 99, id, '' FROM audit_event",
        "DELETE FROM audit_link",
        "UPDATE audit_head SET sequence = 0",
    ],
)
def test_the_portal_can_not_rewrite_the_trail(ocmw, statement):
    with ocmw.acting(), pytest.raises(DBAPIError, match="permission denied"), transaction() as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE audit_event SET act = 'read' WHERE id = :event", "was changed"),
        ("UPDATE audit_event SET at = at - interval '1 day' WHERE id = :event", "was changed"),
        ("UPDATE audit_event SET actor_id = 1 WHERE id = :event", "was changed"),
        ("DELETE FROM audit_event WHERE id = :event", "missing"),
        ("DELETE FROM audit_link WHERE event_id = :event", "missing"),
        (
            "INSERT INTO audit_event (tenant_id, id, at, act, subject, xact, leads)"
            " SELECT tenant_id, gen_random_uuid(), now(), 'read', 'x', 0, true FROM audit_event WHERE id = :event",
            "outside the chain",
        ),
    ],
)
def test_verify_finds_what_was_tampered_with(ocmw, tamper, statement, fault):
    with ocmw.acting():
        ids = db.session.scalars(select(AuditLink.event_id).order_by(AuditLink.sequence)).all()
        db.session.remove()
    tamper(statement, event=ids[2])
    assert fault in verify(ocmw.tenant.id).fault


def test_verify_finds_a_chain_cut_short(ocmw, tamper):
    with ocmw.acting():
        last = db.session.scalars(select(AuditLink.event_id).order_by(AuditLink.sequence.desc())).first()
        db.session.remove()
    tamper("DELETE FROM audit_link WHERE event_id = :event", event=last)
    tamper("DELETE FROM audit_event WHERE id = :event", event=last)
    assert "end of the chain" in verify(ocmw.tenant.id).fault


def test_every_tenant_table_is_watched(ocmw):
    tables = db.session.scalars(
        text(
            "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND 2 >"
            " (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname IN ('audit', 'audit_insert'))"
        )
    ).all()
    assert set(tables) <= NOT_AUDITED


def test_every_watched_table_has_words_for_the_dpo(ocmw):
    from tenants.organisations.trail import SUBJECTS

    watched = db.session.scalars(
        text("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'audit' AND NOT tgisinternal")
    ).all()
    assert set(watched) <= set(SUBJECTS)


def test_what_changed_is_told_in_words_and_every_word_is_of_a_column(ocmw):
    from tenants.organisations.trail_fields import FIELDS, OWN, fields_in_words

    columns = set(db.session.scalars(text("SELECT column_name FROM information_schema.columns")))
    assert set(FIELDS) | OWN <= columns
    assert fields_in_words(["version", "due_on", "changed_at", "ours_alone"]) == ("day", "ours alone")


def test_the_export_tells_what_changed_in_words():
    from tenants.organisations.trail_fields import changes_in_words

    changes = {"rent": [650, None], "changed_at": ["a", "b"], "note": "…", "roles": [None, ["dpo"]]}

    def translate(text: str) -> str:
        return text if "%(" in text else text.upper()

    assert changes_in_words(changes, translate).split("\n") == [
        "changed at: a → b",
        "note: …",
        "RENT: 650 → –",
        'ROLES: ["dpo"]',
    ]
