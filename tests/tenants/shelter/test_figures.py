"""Figures per season and year, and what leaves as a spreadsheet."""

import io
import zipfile
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from app.audit.models import AuditEvent
from app.database import db
from tenants.shelter import figures, seasons, service
from tenants.shelter.codes import TurnedAwayReason
from tenants.shelter.rules import Season

from .conftest import MONDAY

pytestmark = pytest.mark.usefixtures("on_tuesday")
SUNDAY, SATURDAY = MONDAY - timedelta(days=1), MONDAY - timedelta(days=2)
OUT = "/nachtopvang/cijfers/uitvoeren"


@pytest.fixture
def kept(shelter, sleeping, reading):
    """Two seasons: three beds until Saturday, two beds from Sunday on; three nights in which people came."""
    ocmw = shelter(3)
    lena = sleeping(ocmw, "Lena Maes", 1, SATURDAY)
    sleeping(ocmw, "=1+1 Claes", 2, SATURDAY)
    with reading(ocmw):
        seasons.save_season(None, Season("Kort", SUNDAY, 2))
        first = service.register(lena.guest_id, 1, SUNDAY)
        service.leave(first.id)
        service.register(lena.guest_id, 1, SUNDAY)  # back in the same bed: one bed, one night, one person
        service.turn_away(TurnedAwayReason.FULL, 3, SUNDAY)
        service.turn_away(TurnedAwayReason.ANIMAL, 1, SATURDAY)
        service.register(lena.guest_id, 1, MONDAY)  # tonight does not count yet
    return ocmw


def test_per_season_and_per_year(kept, sign_in, reading, read):
    with reading(kept):
        short, winter = figures.by_season()
        assert (short.period.name, short.used, short.beds, short.turned_away, short.persons) == ("Kort", 1, 2, 3, 1)
        assert (winter.used, winter.beds, winter.turned_away, winter.persons) == (2, 21 * 3, 1, 2)
        assert (short.occupancy, winter.occupancy) == (50, 3)
        (year,) = figures.by_year()
        assert (year.used, year.beds, year.turned_away, year.persons) == (3, 65, 4, 2)
        assert figures.reasons(year.period) == [(TurnedAwayReason.FULL, 3), (TurnedAwayReason.ANIMAL, 1)]
    page = read(sign_in(kept).get("/nachtopvang/cijfers/"))
    assert "Kort tot nu toe: 1 unieke personen, 50 % van de bedden bezet." in page


def test_before_the_first_night_is_over(shelter, sign_in, read):
    assert "Er is nog geen nacht voorbij" in read(sign_in(shelter(None)).get("/nachtopvang/cijfers/"))


def test_nights_without_names(kept, sign_in, send, reading):
    answer = send(sign_in(kept), OUT, period="j2026", what="nights", format="csv")
    lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert lines[0] == "Nacht;Seizoen;Bedden;Bedden bezet;Unieke personen;Geweigerd"
    assert lines[-1] == "22/11/2026;Kort;2;1;1;3"
    assert len(lines) == 1 + 22
    with reading(kept):
        assert db.session.scalar(select(func.count()).where(AuditEvent.act == "export")) == 0


def test_a_formula_stays_text_and_who_was_taken_out_is_noted(kept, sign_in, send, reading):
    client = sign_in(kept)
    csv = send(client, OUT, period=f"s{date(2026, 11, 1)}", what="stays", format="csv").get_data().decode("utf-8-sig")
    assert ";'=1+1;" in csv
    with reading(kept):
        assert db.session.scalar(select(func.count()).where(AuditEvent.act == "export")) == 2
    book = send(client, OUT, period="j2026", what="stays", format="xlsx")
    with zipfile.ZipFile(io.BytesIO(book.get_data())) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        assert b"<t>=1+1</t>" in parts.read("xl/sharedStrings.xml")
    assert send(client, OUT, period="j1999", what="stays", format="csv").status_code == 404
