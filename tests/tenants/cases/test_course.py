"""The course of a case: every filter by itself, all of them together, and five hundred events as fast as five."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from app.database import db
from app.security.roles import Role
from tenants.cases.codes import About, Channel, ContactResult
from tenants.cases.course import PAGE_SIZE, Wanted, counted, cut, narrowed, read_wanted
from tenants.cases.notes import add_note
from tenants.cases.panels import Entry
from tenants.outreach.service import NewAttempt, add_attempts

OWN, PARTNER = uuid.UUID(int=1), uuid.UUID(int=2)
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)
PEOPLE = {7: "An Smet", 8: "Jo Maes"}
CALL = Entry(NOON, "Telefoon: bereikt", by=7, note="Belt terug over de loonfiche", about=About.CONTACT)
LATE = Entry(datetime(2026, 11, 10, 23, 30, tzinfo=UTC), "Nota", by=8, by_tenant=PARTNER, about=About.NOTE)
PETITION = Entry(NOON - timedelta(days=30), "Verzoekschrift", "2.340 euro", label="Privé", about=About.PROCEDURE,
                 also=About.MONEY)  # fmt: skip
ALL = [LATE, CALL, PETITION]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(), ALL),
        (Wanted(about=About.NOTE), [LATE]),
        (Wanted(about=About.MONEY), [PETITION]),  # what is claimed, though it is about the procedure
        (Wanted(about=About.PROCEDURE), [PETITION]),
        (Wanted(about=About.TASK), []),
        (Wanted(by=7), [CALL]),
        (Wanted(organisation=PARTNER), [LATE]),
        (Wanted(organisation=OWN), [CALL, PETITION]),
        (Wanted(first=date(2026, 11, 10)), [LATE, CALL]),
        (Wanted(first=date(2026, 11, 11)), [LATE]),  # half past midnight in Belgium
        (Wanted(last=date(2026, 11, 10)), [CALL, PETITION]),
        (Wanted(text="LOONFICHE"), [CALL]),
        (Wanted(text="smet telefoon"), [CALL]),
        (Wanted(text="prive"), [PETITION]),
        (Wanted(text="smet nota"), []),
    ],
)
def test_each_filter_keeps_what_it_says(wanted, found):
    assert narrowed(ALL, wanted, PEOPLE, OWN) == found
    assert wanted.is_narrowed is (wanted != Wanted())


@pytest.mark.parametrize(
    ("given_in_address", "wanted"),
    [
        ({}, Wanted()),
        ({"soort": "note", "wie": "7", "q": "  de   huur "}, Wanted(about=About.NOTE, by=7, text="de huur")),
        ({"soort": "kaas", "wie": "½", "van": "gisteren", "tot": "2026-02-30"}, Wanted()),
        ({"wie": str(PARTNER)}, Wanted(organisation=PARTNER)),
        ({"van": "2026-12-01", "tot": "2026-11-01"}, Wanted(first=date(2026, 11, 1), last=date(2026, 12, 1))),
        ({"wie": "9" * 40}, Wanted()),
    ],
)
def test_an_address_that_makes_no_sense_filters_nothing(given_in_address, wanted):
    assert read_wanted(given_in_address) == wanted


def test_kinds_are_counted_in_their_order():
    assert list(counted([*ALL, CALL]).items()) == [
        (About.CONTACT, 2), (About.PROCEDURE, 1), (About.NOTE, 1), (About.MONEY, 1),
    ]  # fmt: skip


@settings(max_examples=40)
@given(st.integers(0, 3 * PAGE_SIZE + 1), st.integers(-2, 9))
def test_the_pages_hold_every_line_once(count, asked):
    lines = [Entry(NOON, str(number)) for number in range(count)]
    page, shown = cut(lines, asked)
    assert page >= 1
    assert shown or not lines
    pages = -(-count // PAGE_SIZE)
    assert [line for number in range(1, pages + 1) for line in cut(lines, number)[1]] == lines


@pytest.fixture
def long_case(organisation, make_case, inside):
    """Make a case with so many notes and attempts: half of each."""

    def make(ocmw, events):
        made = make_case(ocmw, roll=f"26A{events:04d}")
        with inside(ocmw):
            at = datetime(2026, 10, 1, 8, tzinfo=UTC)
            for number in range(events // 2):
                add_note(made.case_id, f"notitie {number}")
            add_attempts(
                [
                    NewAttempt(
                        made.case_id,
                        at + timedelta(hours=number),
                        Channel.PHONE,
                        ContactResult.REACHED,
                        note=f"poging {number}",
                    )
                    for number in range(events // 2)
                ]
            )
        return made

    return make


def test_five_hundred_events_ask_no_more_than_a_few(request, app, organisation, long_case, sign_in):
    ocmw = organisation(Role.SOCIAL_WORKER)
    few, many = long_case(ocmw, 6), long_case(ocmw, 500)
    client = sign_in(ocmw)
    told = []

    def statements(address):
        told.clear()
        page = client.get(address)
        assert page.status_code == 200
        return len(told), page.get_data(as_text=True)

    with app.app_context():
        engine = db.engine

    def hear(*given):
        told.append(given[2])

    event.listen(engine, "before_cursor_execute", hear)
    request.addfinalizer(lambda: event.remove(engine, "before_cursor_execute", hear))
    client.get(f"{few.page}verloop")
    asked_for_few, _page = statements(f"{few.page}verloop")
    asked, page = statements(f"{many.page}verloop")
    assert asked == asked_for_few
    assert page.count('<li>\n  <span class="d num">') == PAGE_SIZE
    assert "poging 249" not in page  # October comes after November's notes
    _asked, contacts = statements(f"{many.page}verloop?soort=contact&q=poging+249")
    assert "poging 249" in contacts
    assert "1 van 50" in contacts
    assert "notitie" not in contacts
    _asked, everything = statements(f"{many.page}verloop?alles=1")
    assert "poging 0" in everything
    assert "notitie 0" in everything
    _asked, nothing = statements(f"{many.page}verloop?q=onvindbaar")
    assert "Niets gevonden" in nothing


def test_a_register_number_does_not_get_into_the_address(organisation, make_case, sign_in):
    ocmw = organisation()
    made = make_case(ocmw)
    answer = sign_in(ocmw).get(f"{made.page}verloop?q=85.07.30-033.28")
    assert answer.status_code == 303
    assert "q=" not in answer.headers["Location"]
