"""Preparing a hearing together, and the sheets to take along."""

import io
import re
from datetime import date, datetime
from decimal import Decimal

import pikepdf
import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.database import db, transaction
from app.security.roles import Role
from tenants.hearings import listing, service
from tenants.hearings.models import HearingPreparation
from tenants.hearings.rules import Lawyer
from tenants.hearings.service import Preparation, PreparedMeanwhileError

pytestmark = pytest.mark.usefixtures("on_tuesday")
TODAY_AT = datetime(2026, 11, 24, 9, 30)
SESSION = "/zittingen/op/2026-11-24/?vredegerecht=Oostende+1"


@pytest.fixture
def team(organisation):
    """An OCMW with two who work in its cases."""
    return organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)


def test_what_is_prepared_is_counted_and_a_colleague_is_not_overwritten(team, proceeding, sign_in, send, read):
    made = proceeding(team, hearing_at=datetime(2026, 12, 1, 9, 30), reached_on=date(2026, 11, 20))
    mine, theirs = sign_in(team), sign_in(team, Role.TEAM_LEAD)
    address = f"/zittingen/{made.hearing_id}/voorbereiden"
    assert send(theirs, address, lawyer="found", budget_ready="y", proposal="12 x 150", version="0").status_code == 302
    day = read(mine.get("/zittingen/op/2026-12-01/?vredegerecht=Oostende+1"))
    assert "1 met advocaat 1 met budget" in day
    refused = send(mine, address, lawyer="asked", proposal="6 x 300", version="0")
    assert refused.status_code == 409
    assert "wijzigde deze voorbereiding terwijl je bezig was" in refused.text
    assert "12 x 150" in refused.text
    assert "6 x 300" in refused.text
    version = re.search(r'name="version"[^>]*value="(\d+)"', refused.text)[1]
    assert send(mine, address, lawyer="asked", proposal="6 x 300", version=version).status_code == 302
    assert "met advocaat" not in read(mine.get("/zittingen/"))
    assert send(mine, address, lawyer="tovenaar", version="2").status_code == 422


def test_a_preparation_is_one_row_a_hearing(team, proceeding, reading):
    made = proceeding(team, hearing_at=datetime(2026, 12, 1, 9, 30))
    with reading(team):
        service.prepare(made.hearing_id, Preparation(Lawyer.ASKED))
        with pytest.raises(PreparedMeanwhileError):
            service.prepare(made.hearing_id, Preparation(Lawyer.NONE))
        service.prepare(made.hearing_id, Preparation(Lawyer.FOUND), version=1)
        rows = db.session.scalars(select(HearingPreparation)).all()
        assert [(r.lawyer, r.version) for r in rows] == [("found", 2)]


def test_one_page_a_case_however_much_there_is_to_say(app, team, proceeding, sign_in, reading):
    from tenants.cases.models import Household, Person

    first = proceeding(team, "Aerts", hearing_at=TODAY_AT, reached_on=date(2026, 11, 20), costs=Decimal(310))
    proceeding(team, "Maes 😀", hearing_at=TODAY_AT, claimant="Immo " + "Lang " * 30)
    proceeding(team, "Weg", hearing_at=TODAY_AT, judgment_kind="withdrawn")
    with reading(team):
        service.prepare(first.hearing_id, Preparation(proposal="voorstel " * 66, to_ask="vraag?\n" * 30))
        with transaction() as session:
            for place in range(9):
                given = {"first_name": "Kind", "last_name": f"Aerts{place}", "sort_key": f"aerts{place}"}
                session.add(Person(case_id=first.case_id, role="child", position=place + 1, **given))
            household = session.scalar(select(Household).where(Household.case_id == first.case_id))
            household.children, household.composition = 9, "couple_with_children"
    client = sign_in(team)
    answer = client.get(SESSION.replace("/?", "/bladen.pdf?"))
    assert answer.headers["Cache-Control"] == "no-store"
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert len(pdf.pages) == 2  # who is no longer heard needs no sheet
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "nl-BE"
    one = client.get(f"/zittingen/{first.hearing_id}/blad.pdf")
    with pikepdf.open(io.BytesIO(one.data)) as pdf:
        assert len(pdf.pages) == 1
    with reading(team):
        taken = db.session.scalars(select(AuditEvent.case_id).where(AuditEvent.act == "export")).all()
        assert taken.count(first.case_id) == 2


def test_what_a_sheet_says(app, team, proceeding):
    from tenants.hearings import sheets

    made = proceeding(team, hearing_at=TODAY_AT, reached_on=date(2026, 11, 20), arrears_months=Decimal(3))
    with app.test_request_context(), team.acting(Role.SOCIAL_WORKER):
        service.prepare(made.hearing_id, Preparation(Lawyer.FOUND, True, True, "12 x 150", "Uitstel?"))
        (paper,) = sheets.papers(listing.files_of(date(2026, 11, 24), "Oostende 1"))
        db.session.remove()
    assert paper["day"] == "dinsdag 24\u00a0november 2026"
    assert (paper["hour"], paper["court"]) == ("9.30 u", "vredegerecht Oostende 1")
    assert paper["persons"][0]["name"] == "Dirk Vermeulen"
    assert (paper["arrears"], paper["months"]) == ("€\u00a02.340,00", "3 maanden huur")
    assert paper["attempts"] == [{"day": "20/11/2026", "what": "Telefoon: bereikt"}]
    assert (paper["lawyer"], paper["budget"], paper["goes_along"]) == ("Heeft een advocaat", True, True)
    assert paper["proposal"] == ["12 x 150"]
    assert paper["to_ask"][0] == "Uitstel?"
