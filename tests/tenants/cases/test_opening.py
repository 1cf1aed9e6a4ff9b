"""Opening cases: numbers, search, sealed fields, facts, the trail; and none of it for a neighbour."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from app import tenancy
from app.audit.service import verify
from app.database import db, transaction
from playbook.statistics.models import CaseFact
from tenants.cases.facts import rebuild
from tenants.cases.intake import NewCase, NewDwelling, NewLandlord, NewPerson
from tenants.cases.models import Case, Person
from tenants.cases.opening import open_case, open_cases
from tenants.petitions.models import DeadlineRow
from tenants.petitions.service import NewPetition, add_petitions, recompute

VERMEULEN = NewCase(
    persons=(NewPerson("Vermeulen", "Dirk", insz="85073003328", birth_date=date(1985, 7, 30)),),
    opened_on=date(2026, 11, 16),
    dwelling=NewDwelling("Torhoutsesteenweg", "41", "3", "8400", "Oostende", Decimal("780.00")),
    landlord=NewLandlord("Immo Kust"),
    note="Beloofd om terug te bellen",
)


def opened(new=VERMEULEN, roll_number="26A1187"):
    with transaction():
        case_id = open_case(new)
        add_petitions(
            [
                NewPetition(
                    case_id,
                    court="Oostende 1",
                    roll_number=roll_number,
                    received_on=date(2026, 11, 16),
                    hearing_at=datetime(2026, 12, 1, 9, 30),
                )
            ]
        )
        recompute([case_id])
    return case_id


def test_a_case_has_number_deadlines_and_fact(app_context, organisation):
    ocmw = organisation()
    with ocmw.acting():
        case_id = opened()
        case = db.session.get(Case, case_id)
        assert case.number == f"{ocmw.tenant.prefix}-2026-0001"
        assert "26a1187" in case.search_text
        assert case.hearing_at.isoformat() == "2026-12-01T08:30:00+00:00"
        kinds = set(db.session.scalars(select(DeadlineRow.kind).where(DeadlineRow.case_id == case_id)))
        assert {"first_contact", "hearing"} <= kinds
        fact = db.session.scalar(select(CaseFact))
        assert fact.birth_decade == 1980
        assert fact.petition_month == date(2026, 11, 1)
        assert fact.id != case_id
        assert rebuild(ocmw.tenant.id) == (1, [])


def test_secrets_are_not_readable_in_the_database(app_context, organisation):
    ocmw = organisation()
    with ocmw.acting():
        opened()
        stored = db.session.execute(text("SELECT insz, insz_hash FROM person")).one()
        assert b"85073003328" not in bytes(stored.insz)
        assert db.session.scalar(select(Person)).insz == "85073003328"


def test_a_neighbour_sees_nothing(app_context, organisation):
    ours, theirs = organisation(), organisation()
    with ours.acting():
        case_id = opened()
        db.session.remove()
    with theirs.acting():
        assert db.session.get(Case, case_id) is None
        assert db.session.scalar(text("SELECT count(*) FROM case_file")) == 0


def test_without_a_context_nothing_is_written(app_context):
    with pytest.raises(tenancy.NoTenantError):
        open_case(VERMEULEN)


def test_numbers_follow_each_other(app_context, organisation):
    ocmw = organisation()
    with ocmw.acting():
        ids = open_cases([VERMEULEN] * 3)
        numbers = [db.session.get(Case, i).number[-4:] for i in ids]
        assert numbers == ["0001", "0002", "0003"]


def test_every_change_is_in_the_chain(app_context, organisation):
    ocmw = organisation()
    with ocmw.acting():
        opened()
    verdict = verify(ocmw.tenant.id)
    assert verdict.fault is None
    assert verdict.events > 5
