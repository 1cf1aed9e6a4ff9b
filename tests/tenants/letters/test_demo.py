"""The demo's agreements: final, whole, one of them signed, and made once."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from app.database import db, transaction
from app.demo import DemoRegion
from app.security.roles import Role
from tenants.cases.intake import NewCase, NewDwelling, NewPerson
from tenants.cases.service import open_new
from tenants.letters import demo, letterhead, service
from tenants.petitions.service import NewPetition, add_petitions, recompute
from tests.tenants.letters.worlds import NEW

BARE = NewCase(persons=(NewPerson("Peeters", "Jan"),), opened_on=date(2026, 10, 1), dwelling=NewDwelling())


def opened(new, number):
    """A case as a register leaves it, with its petition."""
    with transaction():
        case_id = open_new(new)
        add_petitions([NewPetition(case_id, court="Oostende 1", roll_number=number, arrears=Decimal("2100.00"))])
        recompute([case_id])
    return case_id


@pytest.fixture
def region(app_context, organisation):
    ocmw = organisation(Role.SOCIAL_WORKER, name="OCMW Oostende")
    with ocmw.acting():
        cases = [opened(NEW, "26A1"), opened(BARE, "26A2")]
    worker = ocmw.users[Role.SOCIAL_WORKER]
    return ocmw, DemoRegion(
        today=datetime.now(ZoneInfo("Europe/Brussels")).date(),
        networks={},
        tenants={"oostende": ocmw.tenant},
        users={"medewerker.oostende": worker},
        home_of={"medewerker.oostende": "oostende"},
        agreement_cases={"oostende": cases},
    )


def test_every_chosen_case_has_a_final_agreement_and_only_one(region):
    ocmw, given = region
    demo.load(given)
    demo.load(given)
    db.session.expire_all()
    with ocmw.acting():
        kinds = []
        for case_id in given.agreement_cases["oostende"]:
            (document,) = service.documents_of(case_id)
            assert document.state == "final"
            assert service.verify(case_id, document.id) is service.Proof.SAME
            kinds.append((document.kind, document.signed_attachment_id is not None))
        assert kinds == [("fbu", True), ("guidance", False)]


def test_a_letterhead_that_is_there_stays(region):
    ocmw, given = region
    with ocmw.acting():
        demo.load(replace(given, agreement_cases={}))
        mine = letterhead.letterhead()
        assert (mine.city, mine.postcode) == ("Oostende", "8400")
        with transaction():
            mine.phone = "059 11 11 11"
        demo.load(given)
        assert letterhead.letterhead().phone == "059 11 11 11"
