"""From a petition to what comes after an eviction, over two months of one worker's days; only with the keyboard.

Marie notes a petition, seeks the household by telephone, by letter and at the door (without a network), records the
hearing, and follows the judgment, the bailiff's notice and the eviction. A colleague closes a case while she is on her
way, a landlord withdraws a petition before the hearing, and a colleague fills in the same form as she does.
"""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.calendar.rules import is_working_day, next_working_day
from app.database import db
from app.security.roles import Role
from tenants.after_eviction import service as after_eviction
from tenants.after_eviction.rules import Aftermath, Place
from tenants.cases import service as cases
from tenants.cases.codes import EvictionOutcome, HousingOutcome, JudgmentKind
from tenants.cases.models import Case
from tenants.letters import letterhead
from tenants.petitions.changes import save_judgment
from tests.conftest import PASSWORD
from tests.journeys.keyboard import Person

MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
DESK = {"width": 1280, "height": 900}


def working_day(day: date, after: int = 0) -> date:
    """The first working day from `day` on, or so many after that."""
    day = next_working_day(day)
    for _ in range(after):
        day = next_working_day(day + timedelta(days=1))
    return day


def short(day: date) -> str:
    """'24 nov', as the portal writes a day."""
    return f"{day.day} {MONTHS[day.month - 1]}"


class Calendar:
    """The days of the journey, whenever it runs: a Monday that is no holiday, and what follows from it."""

    def __init__(self) -> None:
        today = datetime.now(UTC).date()
        coming = (today + timedelta(days=ahead) for ahead in range(1, 60))
        self.start = next(day for day in coming if day.weekday() == 0 and is_working_day(day))
        self.visit = working_day(self.start, 3)
        self.hearing = working_day(self.start + timedelta(days=14))
        self.recorded = working_day(self.hearing + timedelta(days=1))
        self.served = self.recorded + timedelta(days=2)
        while self.served.day > 28:  # so that the next month has the same number
            self.served += timedelta(days=1)
        month = self.served.month % 12 + 1
        over = date(self.served.year + (self.served.month == 12), month, self.served.day)
        self.earliest = over + timedelta(days=1)  # the month has to be over
        self.notice = working_day(self.earliest - timedelta(days=3))
        self.eviction = working_day(self.notice, 8)


@pytest.fixture
def days() -> Calendar:
    return Calendar()


@pytest.fixture
def comes(time_machine, somebody):
    """comes(user, day): that person at their phone on the morning of that day, signed in anew."""
    known: dict[int, Person] = {}

    def come(user, day):
        now = datetime.combine(day, time(9, 0), UTC)
        time_machine.move_to(now)
        person = known.setdefault(user.id, somebody())
        person.page.clock.set_system_time(now)
        person.signs_in(user, PASSWORD)
        return person

    return come


def test_from_a_petition_to_after_the_eviction(organisation, proceeding, reading, comes, days, time_machine):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    user = ocmw.users[Role.SOCIAL_WORKER]
    with reading(ocmw):
        street = ("Stationsstraat 1", "8400", "Oostende", "0630835639", "059 00 00 00", "info@voorbeeld.test", "", ())
        letterhead.save_letterhead(letterhead.NewLetterhead(*street))
    marie = comes(user, days.start)
    marie.looks()
    notes_a_petition(marie, days)
    at = datetime.combine(days.hearing, time(10, 0))
    maes, _peeters, claes = (
        proceeding(ocmw, name, received_on=days.start, hearing_at=at) for name in ("Maes", "Peeters", "Claes")
    )
    calls(marie, days)
    prints_the_letters(marie)

    comes(user, days.visit)
    takes_the_route(marie)
    with reading(ocmw, Role.TEAM_LEAD):
        closing = cases.Closing(days.visit, HousingOutcome.MOVED_OWN_CHOICE, EvictionOutcome.AVOIDED, left_open="weg")
        cases.close(maes.case_id, closing, db.session.get(Case, maes.case_id).version)
    visits_without_a_network(marie, reading, ocmw, maes)

    with reading(ocmw, Role.TEAM_LEAD):  # the landlord of Claes gave up
        save_judgment(claes.petition_id, JudgmentKind.WITHDRAWN, days.visit, None, None)
    comes(user, days.recorded)
    records_the_session(marie, days, claes)
    looks_at_a_desk(marie)

    comes(user, days.served)
    notes_the_service(marie, days)
    comes(user, days.notice)
    notes_the_notice(marie, days)
    comes(user, days.eviction)
    notes_the_eviction(marie, days)
    with reading(ocmw):
        case_id = db.session.scalar(select(Case.id).where(Case.display_name == "Vermeulen, Dirk"))
    after(marie, ocmw, reading, case_id, days)


def opens(marie, name):
    """The case of this household, out of the list."""
    marie.chooses("Dossiers")
    marie.hits("link", name)
    expect(marie.page.locator("h1")).to_contain_text(name.split(",")[0])


def notes_a_petition(marie, days):
    """The copy came in this morning; the household is new, so a case is opened first."""
    marie.chooses("Verzoekschriften")
    marie.hits("link", "Nieuw verzoekschrift")
    expect(marie.page.get_by_label("Naam, adres, dossiernummer of rolnummer")).to_be_focused()
    marie.types("Vermeulen")
    marie.presses("Enter")
    marie.hits("link", "Nieuw dossier")
    marie.fills("Familienaam", "Vermeulen")
    marie.fills("Voornaam", "Dirk")
    marie.fills("Telefoon", "0470 12 34 56")
    marie.fills("Straat", "Aartshertogstraat")
    marie.fills("Huisnummer", "7")
    marie.fills("Postcode", "8400")
    marie.fills("Gemeente", "Oostende")
    marie.fills("Huur per maand", "780")
    marie.fills("Naam van de verhuurder", "Immo Kust")
    marie.selects("Huurmarkt", "Private huur")
    marie.looks()
    marie.hits("button", "Dossier openen")
    marie.hits("link", "Verzoekschrift toevoegen")
    marie.dates("Afschrift ontvangen op", days.start)
    marie.fills("Vredegerecht", "Oostende 1")
    marie.dates("Zitting op", days.hearing)
    marie.hours("Uur", "09:30")
    marie.fills("Gevorderde achterstal", "2340")
    marie.looks()
    marie.hits("button", "Bewaren")
    marie.reads("Het verzoekschrift is toegevoegd")
    contact = working_day(days.start, 3)  # as the OCMW agreed: within three working days
    expect(marie.page.locator("#termijnen")).to_contain_text(short(contact))
    expect(marie.page.locator("#termijnen")).to_contain_text(short(days.hearing))
    expect(marie.page.locator("#plan")).to_contain_text("Na het verzoekschrift")
    marie.looks()


def calls(marie, days):
    """The plan's first step: nobody answers, and the letter is next."""
    marie.hits("link", "Poging noteren", "#plan")
    assert marie.field("Telefoon").is_checked()
    marie.picks("Geen antwoord")
    marie.fills("Volgende stap", "nog eens bellen na zes uur")
    marie.dates("Op welke dag", days.start + timedelta(days=1))
    marie.looks()
    marie.hits("button", "Bewaren")
    expect(marie.page.locator("#verloop")).to_contain_text("Telefoon: Geen antwoord")
    expect(marie.page.locator("#taken")).to_contain_text("nog eens bellen na zes uur")


def prints_the_letters(marie):
    """The letters of four households in one PDF; they count as sent once Marie says that they came out."""
    marie.chooses("Drukwerk")
    marie.reads("4 stuks zijn af te drukken", "Vermeulen, Dirk", "Maes, Dirk")
    marie.looks()
    marie.hits("button", "Maak één PDF")
    marie.reads("4 stuks in één PDF", "Kwam alles uit de printer?")
    pdf = marie.page.request.get(marie.page.get_by_role("link", name="PDF openen").get_attribute("href"))
    assert pdf.body().startswith(b"%PDF")
    marie.looks()
    marie.hits("button", "Ik heb ze afgedrukt")
    marie.reads("4 stuks zijn genoteerd als verstuurd")


def takes_the_route(marie):
    """Three doors, in the order of the streets, on the phone."""
    marie.chooses("Huisbezoeken")
    marie.looks()
    for street in ("Aartshertogstraat 7", "Torhoutsesteenweg 41"):
        marie.reads(street)
    for box in range(4):
        marie.reaches(marie.page.locator("main input[type=checkbox]").nth(box))
        marie.presses("Space")
    marie.hits("button", "Maak dit mijn route van vandaag")
    marie.reads("4 bezoeken staan op je route")
    marie.hits("link", "Meenemen op deze telefoon")
    expect(marie.page.get_by_role("heading", name="Vermeulen, Dirk")).to_be_visible()
    marie.page.wait_for_function("navigator.serviceWorker.controller && caches.has('woonvast-offline')")
    marie.page.wait_for_function("caches.open('woonvast-offline').then((c) => c.keys()).then((k) => k.length > 4)")


def visits_without_a_network(marie, reading, ocmw, maes):
    """Three visits are noted without a network, one of them for a case that was closed; all of them arrive."""
    page = marie.page
    page.context.set_offline(True)
    expect(page.locator("#state")).to_contain_text("Geen verbinding")
    for name, result in (("Vermeulen", "Niet thuis"), ("Maes", "Niet thuis"), ("Peeters", "Bereikt")):
        door, card = f".visit:has-text('{name}')", page.locator(".visit", has_text=name)
        marie.opens("Bezoek noteren", door)
        marie.picks(result, door)
        marie.fills("Notitie", f"Aan de deur bij {name}", door)
        if name == "Vermeulen":
            marie.looks()
        marie.reaches(card.get_by_role("button", name="Bewaren"))
        marie.presses("Enter")
        expect(card.locator(".tag")).to_have_text("genoteerd, nog niet doorgestuurd")
        expect(page.locator(".visit summary:focus, #state:focus")).to_have_count(1)  # on with the work
    page.context.set_offline(False)
    expect(page.locator("#state")).to_have_attribute("data-waiting", "0")
    marie.reads("Alles is aangekomen", "Maes, Dirk: Dit dossier is intussen gesloten. Je bezoek is er toch in bewaard")
    marie.looks()
    page.goto(f"/dossiers/{maes.case_id}/")
    marie.reads("Aan de deur bij Maes")


def records_the_session(marie, days, claes):
    """The morning after: who was there and what was decided, case by case, without leaving the keys."""
    marie.chooses("Zittingen")
    marie.hits("link", "Te noteren")
    marie.looks()
    marie.hits("link", "Vredegerecht Oostende 1")
    page = marie.page
    vermeulen = page.locator(".case-row", has_text="Vermeulen")
    peeters = page.locator(".case-row", has_text="Peeters")
    expect(page.locator(".case-row", has_text="Claes")).to_contain_text("ingetrokken")
    marie.reaches(vermeulen.get_by_label("Niemand"))
    marie.presses("Space")
    row = f"#{vermeulen.get_attribute('id')}"
    marie.picks("Verstek", row)
    marie.looks()
    marie.presses("Enter")
    expect(vermeulen).to_contain_text("Ontbinding bij verstek")
    expect(peeters.locator("[data-first]")).to_be_focused()  # on to the next, by itself
    marie.presses("Space")
    row = f"#{peeters.get_attribute('id')}"
    marie.ticks("OCMW", row)
    marie.picks("Akkoord", row)
    marie.fills("Voorwaarden in het vonnis", "12 x 195 euro", row)
    marie.reaches(peeters.get_by_role("button", name="Bewaren"))
    marie.presses("Enter")
    expect(peeters).to_contain_text("Akkoord vastgelegd")
    expect(page.locator("#session-counts")).to_contain_text("2 genoteerd")

    marie.goes_to(f"/zittingen/{claes.hearing_id}/noteren")  # by an old link
    marie.ticks("Huurder aanwezig")
    marie.picks("Ontbinding bij verstek")
    marie.hits("button", "Bewaren")
    expect(page.get_by_role("alert")).to_be_focused()
    marie.reads("Dit verzoekschrift is ingetrokken op", "Wijzig dan eerst ‘Vonnis en betekening’ in het dossier")
    assert marie.field("Huurder aanwezig").is_checked()
    marie.looks()
    opens(marie, "Vermeulen, Dirk")
    expect(page.locator("#verloop")).to_contain_text("Vonnis: Ontbinding bij verstek")
    expect(page.locator("#plan")).to_contain_text("Na het vonnis")


def looks_at_a_desk(marie):
    """The pages that are open all day, at the width of a desk."""
    marie.page.set_viewport_size(DESK)
    case = marie.page.url
    for address in (case, "/vandaag/", "/team/", "/zittingen/?welke=voorbij"):
        marie.goes_to(address)
        marie.looks()
    marie.page.set_viewport_size({"width": 390, "height": 844})


def notes_the_service(marie, days):
    """The bailiff served the judgment: a month from that day nobody can be put out."""
    opens(marie, "Vermeulen, Dirk")
    marie.hits("link", "Vonnis en betekening", "#procedure")
    marie.dates("Betekend door de deurwaarder op", days.served)
    marie.looks()
    marie.hits("button", "Bewaren")
    terms = marie.page.locator("#termijnen")
    expect(terms).to_contain_text("Eerst mogelijke uitdrijving")
    expect(terms.locator(".entry", has_text="Eerst mogelijke uitdrijving")).to_contain_text(short(days.earliest))


def notes_the_notice(marie, days):
    """The bailiff announces the eviction; a day before the notice is refused, and nothing is lost."""
    opens(marie, "Vermeulen, Dirk")
    marie.hits("link", "Aankondiging en uitdrijving", "#procedure")
    marie.dates("Aangekondigd op", days.notice)
    marie.dates("Uitdrijving gepland op", days.notice - timedelta(days=2))
    marie.hits("button", "Bewaren")
    expect(marie.page.get_by_role("alert")).to_be_focused()
    marie.reads("De uitdrijving kan niet gepland zijn op")
    expect(marie.field("Aangekondigd op")).to_have_value(days.notice.isoformat())
    marie.looks()
    marie.dates("Uitdrijving gepland op", days.eviction)
    marie.hits("button", "Bewaren")
    marie.reads("Uitdrijving gepland op", "Dirk is nog niet bereikt")
    expect(marie.page.locator("#plan")).to_contain_text("Na de aankondiging van de deurwaarder")
    expect(marie.page.locator("#verloop")).to_contain_text("De deurwaarder kondigde de uitdrijving aan")
    marie.chooses("Vandaag")
    marie.reads("Vermeulen, Dirk")


def notes_the_eviction(marie, days):
    opens(marie, "Vermeulen, Dirk")
    marie.hits("link", "Aankondiging en uitdrijving", "#procedure")
    marie.dates("Uitdrijving gebeurd op", days.eviction)
    marie.hits("button", "Bewaren")
    expect(marie.page.locator("#verloop")).to_contain_text("Uithuiszetting uitgevoerd")
    expect(marie.page.locator("#na-uithuiszetting")).to_contain_text("Waar ging het gezin naartoe")


def after(marie, ocmw, reading, case_id, days):
    """Where they went, their goods and the shelter; a colleague fills in the same form at the same moment."""
    marie.hits("link", "Invullen Na de uitdrijving")
    with reading(ocmw, Role.TEAM_LEAD):
        after_eviction.save(case_id, Aftermath(place=Place.PUBLIC_SPACE, since=days.eviction))
    marie.picks("Bij familie of vrienden, bij gebrek aan een woning")
    marie.dates("Sinds", days.eviction)
    marie.selects("Waar zijn de goederen?", "De gemeente bewaart ze")
    marie.dates("Opgeslagen sinds", days.eviction)
    marie.picks("Ja")
    marie.dates("Eerste nacht", days.eviction)
    marie.hits("button", "Bewaren")
    expect(marie.page.get_by_role("alert").first).to_be_focused()  # a colleague was first
    marie.reads("heeft dit intussen gewijzigd")
    expect(marie.field("Opgeslagen sinds")).to_have_value(days.eviction.isoformat())
    marie.looks()
    marie.hits("button", "Bewaren")
    panel = marie.page.locator("#na-uithuiszetting")
    expect(panel).to_contain_text("Bij familie of vrienden")
    expect(panel).to_contain_text("De gemeente bewaart ze")
    goods = marie.page.locator("#termijnen .entry", has_text="Spullen ophalen bij de gemeente")
    month, year = (days.eviction.month + 5) % 12, days.eviction.year + (days.eviction.month > 6)
    expect(goods).to_contain_text(re.compile(rf"{MONTHS[month]}( {year})?"))  # six months
    expect(marie.page.locator("#verloop")).to_contain_text(
        "Op straat of in de openbare ruimte"
    )  # the colleague's stays
    marie.looks()
