"""The calendar of a week and a month: what stands on which day, whose, and as fast for much as for little."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from sqlalchemy import event

from app.database import db
from app.security.models import utc_now
from app.security.roles import Role
from playbook.training import enrolling, sessions
from playbook.training import service as training
from tenants.cases.codes import TaskKind
from tenants.cases.tasks import NewTask, add_task
from tenants.today.rules import Span, Zoom, span_of

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("zoom", "around", "first", "last", "previous", "following"),
    [
        (Zoom.WEEK, date(2026, 11, 24), date(2026, 11, 23), date(2026, 11, 29), date(2026, 11, 17), date(2026, 12, 1)),
        (Zoom.WEEK, date(2026, 1, 1), date(2025, 12, 29), date(2026, 1, 4), date(2025, 12, 25), date(2026, 1, 8)),
        (Zoom.MONTH, date(2026, 11, 24), date(2026, 10, 26), date(2026, 12, 6), date(2026, 10, 1), date(2026, 12, 1)),
        (Zoom.MONTH, date(2026, 2, 28), date(2026, 1, 26), date(2026, 3, 1), date(2026, 1, 1), date(2026, 3, 1)),
        (Zoom.MONTH, date(2026, 12, 31), date(2026, 11, 30), date(2027, 1, 3), date(2026, 11, 1), date(2027, 1, 1)),
    ],
)
def test_a_span_is_whole_weeks(zoom, around, first, last, previous, following):
    span = Span(zoom, around)
    assert (span.first, span.last, span.previous, span.next) == (first, last, previous, following)


@settings(max_examples=60)
@given(st.sampled_from(Zoom), st.dates(date(2000, 2, 1), date(2099, 11, 1)))
def test_walking_through_time_leaves_no_day_out(zoom, around):
    span = Span(zoom, around)
    after = Span(zoom, span.next)
    assert (span.first.weekday(), span.last.weekday(), len(span.days) % 7) == (0, 6, 0)
    assert span.first <= around <= span.last
    assert after.first <= span.after
    assert Span(zoom, after.previous).days == span.days


@pytest.mark.parametrize("day", ["", "morgen", "2026-02-30", "0001-01-01", "9999-12-31"])
def test_an_address_that_makes_no_sense_is_this_week(day):
    assert span_of("eeuw", day, TUESDAY) == Span(Zoom.WEEK, TUESDAY)


def of_day(page, day):
    """What stands in the box of a day, as a reader sees it."""
    box_of = r"<(?:li|div role=\"gridcell\") class=\"(?:beside)?(?: nothing)?\""
    for box in re.findall(rf"{box_of}.*?(?={box_of}|</ol>|<p class=\"d agenda-key)", page.get_data(as_text=True), re.S):
        words = " ".join(re.sub(r"<[^>]+>", " ", box).replace("&#39;", "'").split())
        if words.startswith(day):
            return words
    return ""


@pytest.fixture
def busy(organisation, proceeding, reading):
    """A team with hearings on Friday, a deadline, an appointment with an hour, and one of the team lead."""
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    lead = ocmw.users[Role.TEAM_LEAD].id
    mine = proceeding(ocmw, "Vermeulen", hearing_at=datetime(2026, 11, 27, 9, 30), reached_on=date(2026, 11, 20))
    proceeding(ocmw, "Maes", hearing_at=datetime(2026, 11, 27, 9, 30), reached_on=date(2026, 11, 20))
    proceeding(
        ocmw, "Haddad", hearing_at=datetime(2026, 11, 26, 14, 0), reached_on=date(2026, 11, 20), assigned_to=lead
    )
    with reading(ocmw):
        me = ocmw.users[Role.SOCIAL_WORKER].id
        for title, whose in (("koffie met Dirk", me), ("van het hoofd", lead)):
            add_task(NewTask(title, date(2026, 11, 25), TaskKind.VISIT, time(14), mine.case_id, whose))
    ocmw.mine = mine
    return ocmw


def test_a_week_shows_what_is_mine_and_with_the_team_everybodys(on_tuesday, busy, sign_in):
    client = sign_in(busy)
    page = client.get("/agenda/")
    assert "Week van 23 nov tot 29 nov" in page.get_data(as_text=True)
    friday = of_day(page, "vrijdag 27 november 2026")
    assert "9.30 u Zitting Oostende 1 Maes, Vermeulen" in friday
    assert "14.00 u Afspraak: koffie met Dirk Vermeulen, Dirk" in of_day(page, "woensdag 25 november 2026")
    assert "van het hoofd" not in page.get_data(as_text=True)
    assert "Haddad" not in of_day(page, "donderdag 26")
    team = client.get("/agenda/?wie=team")
    assert "14.00 u Zitting Oostende 1 Haddad, Dirk" in of_day(team, "donderdag 26 november 2026")
    assert "Afspraak: van het hoofd" in of_day(team, "woensdag 25 november 2026")
    assert f'href="/dossiers/{busy.mine.case_id}/"' in page.get_data(as_text=True)
    assert "vredegerecht=Oostende+1" in page.get_data(as_text=True)


def test_a_month_and_the_way_through_time(on_tuesday, busy, sign_in):
    client = sign_in(busy)
    month = client.get("/agenda/?zicht=maand")
    assert "november 2026" in month.get_data(as_text=True)
    assert "Zitting Oostende 1" in of_day(month, "vrijdag 27 november 2026")
    assert 'href="/agenda/?zicht=maand&amp;dag=2026-12-01"' in month.get_data(as_text=True)
    december = client.get("/agenda/?zicht=maand&dag=2026-12-01")
    assert "Zitting" not in of_day(december, "dinsdag 1 december")
    assert client.get("/agenda/?zicht=maand&dag=2026-13-01").status_code == 200


@pytest.fixture
def feed(app, send):
    """feed(client): the events of the calendar address that somebody makes."""

    def read(client):
        page = send(client, "/agenda/vernieuwen").get_data(as_text=True)
        address = re.search(r'value="http://localhost(/agenda/[^"]+\.ics)"', page)[1]
        return Calendar.from_ical(app.test_client().get(address).data).walk("VEVENT")

    return read


def test_my_training_stands_in_it_and_anothers_does_not(organisation, sign_in, app, feed):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.REGIONAL_COORDINATOR, Role.TEAM_LEAD)
    start = (utc_now() + timedelta(days=8)).replace(hour=9, minute=0)
    with app.app_context():
        with ocmw.acting(Role.REGIONAL_COORDINATOR):
            course = training.save_course(None, training.NewCourse("Aanklampend werken", "kort"))
            session = sessions.plan(course.id, sessions.NewSession(start, start + timedelta(hours=3), "Zaal 4"))
        with ocmw.acting(Role.SOCIAL_WORKER):
            enrolling.enrol(session.id)
        db.session.remove()
    address = f"/agenda/?dag={start.astimezone(UTC).date().isoformat()}"
    assert "Aanklampend werken" in sign_in(ocmw).get(address).get_data(as_text=True)
    assert "Aanklampend werken" not in sign_in(ocmw, Role.TEAM_LEAD).get(address).get_data(as_text=True)
    (entry,) = [e for e in feed(sign_in(ocmw)) if e["summary"] == "Aanklampend werken"]
    assert (entry["dtend"].dt - entry["dtstart"].dt, str(entry["location"])) == (timedelta(hours=3), "Zaal 4")
    assert feed(sign_in(ocmw, Role.TEAM_LEAD)) == []


def test_many_entries_cost_no_more_and_are_counted(on_tuesday, busy, sign_in, reading, app):
    client = sign_in(busy)
    told = []

    def hear(*given):
        told.append(given[2])

    def statements():
        told.clear()
        page = client.get("/agenda/?zicht=maand")
        return len(told), page

    with app.app_context():
        engine = db.engine
    client.get("/agenda/")
    event.listen(engine, "before_cursor_execute", hear)
    try:
        few, _page = statements()
        with reading(busy):
            for number in range(26):
                add_task(NewTask(f"taak {number}", date(2026, 11, 25), case_id=busy.mine.case_id))
        many, page = statements()
    finally:
        event.remove(engine, "before_cursor_execute", hear)
    assert many == few
    wednesday = of_day(page, "woensdag 25 november 2026")
    assert wednesday.count("taak ") == 3  # the appointment, with its hour, comes first
    assert "en nog 23" in wednesday


def test_gone_work_leaves_the_menu_too(on_tuesday, busy, sign_in):
    """The number beside 'Vandaag' has a name by which htmx refreshes it."""
    page = sign_in(busy).get("/vandaag/").get_data(as_text=True)
    assert page.count('id="nav-vandaag"') == 1
