"""Vandaag: the right things in the right group, of the right people, with a few queries."""

import re
from datetime import UTC, date, datetime, time

import pytest
import time_machine
from sqlalchemy import event, select

from app.database import db
from app.security.roles import Role
from playbook.handbook import service as handbook
from tenants.cases.codes import EvictionOutcome, HousingOutcome, Reason, TaskKind
from tenants.cases.models import Task
from tenants.cases.service import Closing, close
from tenants.cases.tasks import NewTask, add_task
from tenants.intake import service as intake
from tenants.intake.codes import ReporterKind, Track
from tenants.intake.rules import Told

pytestmark = pytest.mark.usefixtures("on_tuesday")


def group(page, title):
    """The lines of one card as a reader sees them."""
    text = page.get_data(as_text=True)
    found = re.search(rf'<section class="card"[^>]*>\s*(<header><h2>{title}</h2>.*?)</section>', text, re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).replace("&#39;", "'").split()) if found else ""


def sentence(page):
    return re.search(r'<p class="sub">(.*?)</p>', page.get_data(as_text=True))[1]


def add(ocmw, reading, title, day, **more):
    with reading(ocmw):
        me = ocmw.users[Role.SOCIAL_WORKER].id
        return add_task(NewTask(title, day, **{"kind": TaskKind.PROMISE, "assigned_to": me, **more}))


def test_another_organisations_day_is_not_shown_nor_done(organisation, proceeding, sign_in, send, reading):
    ours, theirs = organisation(), organisation()
    proceeding(ours, "Vermeulen", hearing_at=datetime(2026, 11, 24, 9, 30))
    task_id = add(ours, reading, "terugbellen", date(2026, 11, 24))
    client = sign_in(theirs)
    page = client.get("/vandaag/?wie=team").get_data(as_text=True)
    assert "Vermeulen" not in page
    assert "terugbellen" not in page
    assert send(client, f"/taken/{task_id}/gedaan", next="/vandaag/").status_code == 404
    with reading(ours):
        assert db.session.get(Task, task_id).done_at is None


def test_an_empty_day(organisation, sign_in, read):
    page = read(sign_in(organisation()).get("/vandaag/"))
    assert "Goedemorgen, Marie" in page
    assert "Dinsdag 24 november. Niemand moet deze week nog voor de vrederechter komen." in page
    assert "Lees het register in dat je team bijhoudt" in page  # no case yet: how to begin, not that nothing presses


def test_late_today_and_this_week(organisation, proceeding, sign_in, reading):
    ocmw = organisation()
    proceeding(ocmw, "Vermeulen", roll_number="26A1187")
    proceeding(ocmw, "Jacobs", received_on=date(2026, 11, 2), hearing_at=datetime(2026, 11, 23, 9, 30),
               reached_on=date(2026, 11, 3))  # fmt: skip
    proceeding(ocmw, "Peeters", hearing_at=datetime(2026, 11, 24, 9, 30), reached_on=date(2026, 11, 20))
    proceeding(ocmw, "Maes", hearing_at=datetime(2026, 11, 24, 9, 30), reached_on=date(2026, 11, 20))
    proceeding(ocmw, "Haddad", received_on=date(2026, 11, 23), hearing_at=datetime(2026, 11, 27, 9, 30))
    proceeding(ocmw, "Lambert", received_on=date(2026, 9, 1), judgment_kind="default",
               pronounced_on=date(2026, 10, 20), judgment_served_on=date(2026, 10, 28),
               reached_on=date(2026, 9, 2))  # fmt: skip
    add(ocmw, reading, "bewijs opvragen", date(2026, 11, 20), kind=TaskKind.TODO)
    add(ocmw, reading, "huisbezoek", date(2026, 11, 24), kind=TaskKind.VISIT, due_at=time(14))
    add(ocmw, reading, "terugbellen", date(2026, 11, 24))
    add(ocmw, reading, "derde schijf", date(2026, 11, 26))
    add(ocmw, reading, "volgende maand", date(2026, 12, 20))
    page = sign_in(ocmw).get("/vandaag/")

    late = group(page, "Te laat")
    assert late.startswith("Te laat 3 ")
    assert late.index("do 19 nov Eerste contact na verzoekschrift Vermeulen, Dirk · Torhoutsesteenweg 41 · 26A1187") < (
        late.index("vr 20 nov Te doen: bewijs opvragen")
    )
    assert "ma 23 nov Zitting nog niet genoteerd Jacobs, Dirk" in late

    today = group(page, "Vandaag")
    assert today.startswith("Vandaag 5 9.30 u Zitting vredegerecht Oostende 1 2 dossiers · Maes, Peeters")
    assert today.index("14.00 u Afspraak: huisbezoek") < today.index("vandaag Beloofd: terugbellen")
    assert "Aanklampen: Huisbezoek Haddad, Dirk · Torhoutsesteenweg 41 · Na het verzoekschrift · en nog 1 stap" in today
    assert "Aanklampen: Huisbezoek Lambert, Dirk · Torhoutsesteenweg 41 · Na het vonnis" in today

    week = group(page, "Deze week")
    assert "Haddad" not in week[: week.index("vr 27 nov")]  # the plan's step comes first and stands under today
    assert "do 26 nov Beloofd: derde schijf" in week
    assert "vr 27 nov Zitting vredegerecht Oostende 1 1 dossier · Haddad · 1 niet bereikt" in week
    assert "zo 29 nov Eerst mogelijke uitdrijving Lambert, Dirk · Betekend op 28 okt: er moet één maand" in week
    assert "volgende maand" not in week

    assert "Drie mensen moeten deze week voor de vrederechter komen. Eén is nog niet bereikt." in sentence(page)
    nav = re.search(r'href="/vandaag/" aria-current="page">\s*<span>Vandaag</span> <span class="n">(\d+)<', page.text)
    assert nav[1] == "8"


def test_the_action_of_each_line(organisation, proceeding, sign_in, reading):
    ocmw = organisation()
    made = proceeding(ocmw, "Vermeulen")
    task_id = add(ocmw, reading, "terugbellen", date(2026, 11, 24))
    page = sign_in(ocmw).get("/vandaag/").get_data(as_text=True)
    assert f'href="/pogingen/dossier/{made.case_id}/nieuw?van=vandaag"' in page
    assert f'action="/taken/{task_id}/gedaan"' in page


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["without script", "with htmx"])
def test_done_is_gone(organisation, sign_in, send, reading, csrf, headers):
    ocmw = organisation()
    task_id = add(ocmw, reading, "terugbellen", date(2026, 11, 24))
    client = sign_in(ocmw)
    form = {"next": "/vandaag/", "csrf_token": csrf(client)}
    answer = client.post(f"/taken/{task_id}/gedaan", data=form, headers=headers, follow_redirects=True)
    assert answer.status_code == 200
    assert 'id="agenda"' in answer.get_data(as_text=True)
    assert "terugbellen" not in group(answer, "Vandaag")
    with reading(ocmw):
        assert db.session.get(Task, task_id).done_at is not None


def test_mine_is_mine_and_nobodys_and_the_team_is_everybodys(organisation, proceeding, sign_in):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    proceeding(ocmw, "Mijne")
    proceeding(ocmw, "Niemands", assigned_to=None)
    proceeding(ocmw, "Andermans", assigned_to=ocmw.users[Role.TEAM_LEAD].id)
    client = sign_in(ocmw)
    mine, team = group(client.get("/vandaag/"), "Te laat"), group(client.get("/vandaag/?wie=team"), "Te laat")
    assert [name in mine for name in ("Mijne", "Niemands", "Andermans")] == [True, True, False]
    assert [name in team for name in ("Mijne", "Niemands", "Andermans")] == [True, True, True]
    assert "1 verzoekschrift zonder medewerker" in group(client.get("/vandaag/"), "Nieuw binnen")


def test_a_closed_case_asks_nothing(organisation, proceeding, sign_in, reading, deadlines_of, read):
    ocmw = organisation()
    made = proceeding(ocmw, hearing_at=datetime(2026, 11, 24, 9, 30))
    with reading(ocmw):
        end = Closing(date(2026, 11, 24), HousingOutcome.STAYED, EvictionOutcome.AVOIDED, left_open="verhuisd")
        close(made.case_id, end, None)
    assert deadlines_of(ocmw, made.case_id) == {}
    assert "Niets dringt" in read(sign_in(ocmw).get("/vandaag/"))


def test_terms_that_are_over_are_no_work_left(organisation, proceeding, sign_in, read):
    ocmw = organisation()
    proceeding(ocmw, "Lambert", received_on=date(2026, 3, 2), judgment_kind="contested",
               pronounced_on=date(2026, 4, 1), judgment_served_on=date(2026, 4, 20),
               reached_on=date(2026, 3, 3))  # fmt: skip
    assert "Niets dringt" in read(sign_in(ocmw).get("/vandaag/"))


def test_the_rest_is_counted(organisation, proceeding, sign_in):
    ocmw = organisation()
    for number in range(32):
        proceeding(ocmw, f"Naam{number}")
    late = group(sign_in(ocmw).get("/vandaag/"), "Te laat")
    assert late.startswith("Te laat 32 ")
    assert late.count("Eerste contact") - late.count(": Eerste contact") == 30
    assert "En nog 2" in late


def test_on_friday_monday_is_in_sight(organisation, proceeding, sign_in):
    ocmw = organisation()
    proceeding(ocmw, "Maes", hearing_at=datetime(2026, 11, 30, 9, 30), reached_on=date(2026, 11, 20))
    with time_machine.travel(datetime(2026, 11, 27, 15, 0, tzinfo=UTC), tick=False):
        page = sign_in(ocmw).get("/vandaag/")
        assert "Goedemiddag" in page.get_data(as_text=True)
        assert "Vrijdag 27 november. Eén persoon moet tegen eind volgende week voor de vrederechter komen." in sentence(
            page
        )
        assert "ma 30 nov Zitting vredegerecht Oostende 1" in group(page, "Deze en volgende week")


def test_few_queries_however_much_there_is(organisation, proceeding, sign_in, reading):
    ocmw = organisation()
    client = sign_in(ocmw)

    def queries():
        seen = []

        def count(_connection, _cursor, statement, *_rest):
            if "set_config" not in statement and "UPDATE login_session" not in statement:
                seen.append(statement)

        with reading(ocmw):
            engine = db.engine
        event.listen(engine, "before_cursor_execute", count)
        try:
            assert client.get("/vandaag/").status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", count)
        return seen

    queries()  # the first request of a process learns its keys
    before = len(queries())
    for number in range(5):
        proceeding(ocmw, f"Naam{number}", hearing_at=datetime(2026, 11, 24, 9, 30 + number))
        add(ocmw, reading, "bellen", date(2026, 11, 24))
    after = queries()
    assert len(after) == before
    own = [s for s in after if any(f"FROM {table}" in s for table in ("deadline", "task", "hearing", "case_file", "("))]
    who = ("login_session", "membership")
    assert (
        len([s for s in own if not any(table in s for table in who)]) <= 6
    )  # counts, deadlines, tasks, plans, hearings, new cases


def test_hearings_beside_the_list(organisation, proceeding, sign_in):
    ocmw = organisation()
    proceeding(ocmw, "Peeters", hearing_at=datetime(2026, 12, 3, 9, 30), court="Oostende 2")
    proceeding(ocmw, "Maes", hearing_at=datetime(2026, 12, 3, 9, 30), court="Oostende 2", reached_on=date(2026, 11, 20))
    proceeding(ocmw, "Laat", hearing_at=datetime(2026, 12, 24, 9, 30))
    beside = group(sign_in(ocmw).get("/vandaag/"), "Zittingen")
    assert "dec 3 do 2 dossiers om 9.30 u 1 bereikt, 1 niet bereikt · Oostende 2" in beside
    assert "24" not in beside


def test_tasks_without_a_case(organisation, sign_in, reading):
    ocmw = organisation()
    add(ocmw, reading, "draaiboek nalezen", date(2026, 11, 24), assigned_to=None)
    assert "Beloofd: draaiboek nalezen" in group(sign_in(ocmw).get("/vandaag/"), "Vandaag")
    with reading(ocmw):
        assert db.session.scalar(select(Task.case_id)) is None


def test_new_reports_and_changed_pages_of_the_playbook_are_told(organisation, sign_in, app):
    """Only what came after one's last visit to the playbook: for who was never there, all of it would be new."""
    ocmw = organisation(Role.SOCIAL_WORKER, Role.PLAYBOOK_EDITOR)
    told = Told(
        ReporterKind.DEBTS, "Jo", "Maes", "Dienst", last_name="Vermeulen", street="Kerkstraat", postcode="8400",
        municipality="Oostende", reasons=(Reason.NUISANCE,), explanation="lawaai",
    )  # fmt: skip
    client = sign_in(ocmw)
    with app.app_context(), ocmw.acting(Role.PLAYBOOK_EDITOR):
        intake.submit(intake.find_page(ocmw.tenant.slug), Track.OTHER, told, "token")
        chapter = handbook.create_chapter("Hoofdstuk")
        handbook.create_page(handbook.Draft("Bladzijde", "tekst", chapter.id))
        db.session.remove()
    new = group(client.get("/vandaag/"), "Nieuw binnen")
    assert "1 nieuwe melding" in new
    assert "draaiboek" not in new
    with time_machine.travel(datetime(2026, 11, 24, 9, 5, tzinfo=UTC), tick=False):
        assert client.get("/draaiboek/").status_code == 200
    with time_machine.travel(datetime(2026, 11, 24, 9, 10, tzinfo=UTC), tick=False):
        with app.app_context(), ocmw.acting(Role.PLAYBOOK_EDITOR):
            handbook.create_page(handbook.Draft("Tweede pagina", "tekst", chapter.id))
            db.session.remove()
        assert "1 pagina van het draaiboek gewijzigd" in group(client.get("/vandaag/"), "Nieuw binnen")


def test_the_menus_number_follows_what_one_does_and_within_a_minute_what_others_do(
    organisation, sign_in, send, reading
):
    def number(path="/dossiers/"):
        page = client.get(path).get_data(as_text=True)
        found = re.search(r'id="nav-vandaag".*?</a>', page, re.S)[0]
        return re.findall(r'class="n">(\d+)<', found)

    ocmw = organisation()
    client = sign_in(ocmw)
    at = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    with time_machine.travel(at, tick=False):
        task_id = add(ocmw, reading, "terugbellen", date(2026, 11, 24))
        assert number() == ["1"]
        add(ocmw, reading, "brief posten", date(2026, 11, 24))
        assert number() == ["1"], "what a colleague did may take a minute"
        assert number("/vandaag/") == ["2"], "the page and its own number agree at once"
        assert number() == ["2"]
        send(client, f"/taken/{task_id}/gedaan", next="/dossiers/")
        assert number() == ["1"]
        add(ocmw, reading, "huurder schrijven", date(2026, 11, 24))
    with time_machine.travel(at.replace(minute=2), tick=False):
        assert number() == ["2"]
