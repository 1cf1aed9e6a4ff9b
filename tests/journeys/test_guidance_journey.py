"""From a referral to aftercare: the waiting list, procedures with their conditions, pistes, duo-guidance, the end.

Marie notes what Eerste Onthaal asks, Sofie (the team lead) takes the household before the first in line and says why,
Pieter of the CAW guides it together with Marie, who hands the case over, and three months after the end Sofie asks how
they are. Each works on a phone with the keyboard alone.
"""

import re
from datetime import timedelta

import pytest
from flask_appbuilder.security.sqla.models import User
from playwright.sync_api import expect
from sqlalchemy import select

from app.database import db
from app.security.models import utc_now
from app.security.roles import Role
from playbook.agreements import service as agreements
from playbook.agreements.rules import CHOSEN
from tenants.cases import service as cases
from tenants.cases.codes import Composition
from tenants.cases.intake import NewHousehold
from tenants.cases.models import Case
from tenants.guidance.codes import ProcedureKind
from tenants.petitions.course import today
from tenants.referrals.waiting import put_on_list


@pytest.fixture
def house(app, organisation, proceeding, reading):
    """An OCMW where a household waits for FBU already, and a CAW with which it may share."""
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD, Role.REGIONAL_COORDINATOR)
    caw = organisation(network=ocmw.network, name="CAW Proef")
    with reading(ocmw, Role.REGIONAL_COORDINATOR):
        both = (ocmw.tenant.id, caw.tenant.id)
        draft = agreements.Draft("Duobegeleiding", both, CHOSEN, today() - timedelta(days=30))
        agreements.put_in_force(agreements.draw_up(draft), 1)
        db.session.commit()
    with app.app_context():
        db.session.get(User, ocmw.users[Role.TEAM_LEAD].id).first_name = "Sofie"
        db.session.commit()
        db.session.remove()
    ocmw.users[Role.TEAM_LEAD].first_name = "Sofie"
    waits = proceeding(ocmw, "Maes", received_on=today(), assigned_to=None)
    with reading(ocmw):
        put_on_list(waits.case_id, ProcedureKind.FBU, today() - timedelta(days=9))
        db.session.commit()
    return ocmw, caw


def test_from_a_referral_to_aftercare(house, somebody, reading, time_machine):
    ocmw, caw = house
    worker, lead = ocmw.users[Role.SOCIAL_WORKER], ocmw.users[Role.TEAM_LEAD]
    marie, sofie = somebody(worker), somebody(lead)
    notes_a_referral(marie)
    takes_it_first(sofie, worker)
    with reading(ocmw):
        case_id = db.session.scalar(select(Case.id).where(Case.display_name == "Vermeulen, Dirk"))
        assert db.session.get(Case, case_id).assigned_to == worker.id

    marie.chooses("Dossiers")
    marie.hits("link", "Vermeulen, Dirk")
    refuses_the_fund(marie)
    begins_guidance(marie)
    explores(marie)
    changes_what_a_colleague_changes(marie, reading, ocmw, case_id)
    shares(marie)

    pieter = somebody(caw.users[Role.SOCIAL_WORKER])
    visits(pieter)
    marie.page.reload()
    entry = marie.page.locator("#verloop li", has_text="Samen aan tafel gezeten")
    expect(entry).to_contain_text("CAW Proef")  # both teams in one timeline, each with its name

    hands_over(marie, lead)
    sofie.chooses("Vandaag")
    sofie.hits("link", "Vermeulen, Dirk")
    sofie.reads("Er is beloofd dat de budgetbegeleider meekomt")
    closes(sofie)
    pieter.page.reload()
    expect(pieter.page.locator("h1")).to_have_text("De samenwerking is afgelopen")
    pieter.looks()

    time_machine.move_to(utc_now() + timedelta(days=94))
    sofie.signs_in(lead, "een-lang-wachtwoord")
    asks_how_they_are(sofie)


def notes_a_referral(marie):
    """Eerste Onthaal asks housing guidance; the household is new, so it gets a case and a place on the list."""
    marie.chooses("Wachtlijst")
    marie.reads("Eerst aan de beurt: Maes, Dirk", "Eerst wie op FBU wacht")
    marie.looks()
    marie.hits("link", "Nieuwe doorverwijzing")
    marie.hits("button", "Doorverwijzing bewaren")  # nothing filled in
    expect(marie.page.get_by_role("alert")).to_be_focused()
    marie.selects("Welke dienst verwijst door", "Eerste Onthaal")
    marie.fills("Wie verwees door", "Hilde")
    marie.fills("Wat er gevraagd wordt", "Drie maanden achterstal, brieven blijven dicht.")
    marie.ticks("Het gezin weet van deze doorverwijzing")
    marie.selects("Op de wachtlijst voor", "Woonbegeleiding")
    marie.fills("Familienaam", "Vermeulen")
    marie.fills("Voornaam", "Dirk")
    marie.fills("Straat", "Aartshertogstraat")
    marie.fills("Huisnummer", "7")
    marie.fills("Postcode", "8400")
    marie.fills("Gemeente", "Oostende")
    marie.selects("Huurmarkt", "Private huur")
    marie.looks()
    marie.hits("button", "Doorverwijzing bewaren")
    marie.reads("het gezin staat op de wachtlijst", "plaats 2 van 2", "Woonbegeleiding")
    marie.looks()


def takes_it_first(sofie, worker):
    """The order says Maes; Sofie takes Vermeulen, and the list remembers why."""
    sofie.chooses("Wachtlijst")
    sofie.hits("link", "Opnemen: Vermeulen, Dirk")
    sofie.reads("Dat gezin wacht op FBU, en FBU gaat voor.")
    sofie.selects("Voor wie", worker.get_full_name())
    sofie.hits("button", "Begeleiding starten")
    expect(sofie.field("Waarom dit gezin voorgaat")).to_have_attribute("aria-invalid", "true")
    sofie.fills("Waarom dit gezin voorgaat", "Het CAW heeft morgen plaats.")
    sofie.looks()
    sofie.hits("button", "Begeleiding starten")
    expect(sofie.page.locator("h1")).to_contain_text("Dirk Vermeulen")
    sofie.chooses("Wachtlijst")
    sofie.hits("link", "1 keer afgeweken")
    sofie.reads("Het CAW heeft morgen plaats.", "in plaats van Maes, Dirk")
    sofie.looks()
    sofie.chooses("Team")
    row = sofie.page.locator("tr", has_text=worker.get_full_name())
    expect(row.locator("td").nth(1)).to_contain_text("1")  # what Marie carries now
    sofie.looks()


def refuses_the_fund(marie):
    """FBU: what is met, what is not known; then the landlord won't sign, so the refusal names that condition."""
    marie.hits("link", "Procedure overwegen")
    marie.opens("Voorwaarden", "#fbu")
    fund = marie.page.locator("#fbu")
    expect(fund).to_contain_text("Dit is private huur.")
    for verdict in ("Voldaan", "Niet gekend"):
        expect(fund.locator(".verdict", has_text=re.compile(verdict)).first).to_be_visible()
    marie.looks()
    marie.hits("button", "Overwegen", "#fbu")
    signs = "#voorwaarden li:has-text('De verhuurder tekent de overeenkomst mee')"
    marie.hits("link", "Antwoorden", signs)
    marie.picks("Nee")
    marie.fills("Notitie", "Wil verkopen")
    marie.looks()
    marie.hits("button", "Bewaren")
    marie.reads("Zoals het dossier nu is, kan dit niet beginnen.")
    marie.looks()
    marie.picks("De verhuurder tekent de overeenkomst mee")
    marie.fills("Waarom, zoals je het aan het gezin vertelt", "De verhuurder tekent niet mee")
    marie.hits("button", "Deze procedure weigeren")
    marie.reads("Geweigerd. Niet voldaan: De verhuurder tekent de overeenkomst mee.")
    marie.hits("link", "Terug naar het dossier")


def begins_guidance(marie):
    """Housing guidance, all the same though a condition is not known; its first step is done at once."""
    marie.hits("link", "Woonbegeleiding", "#begeleiding")  # considered since the household left the waiting list
    marie.fills("Waarom je toch begint", "Het gezin zei ja aan de telefoon")
    marie.hits("button", "Deze procedure beginnen")
    marie.hits("button", "Klaar: Doelen afspreken")
    marie.reads("1 van 5")
    marie.looks()
    marie.hits("link", "Terug naar het dossier")
    expect(marie.page.locator("#begeleiding")).to_contain_text("Woonbegeleiding")
    expect(marie.page.locator("#begeleiding")).to_contain_text("De verhuurder tekent de overeenkomst mee")


def explores(marie):
    """A piste with a result: it asks which, and goes on to the list when that is told."""
    pistes = marie.page.locator("#pistes")
    marie.hits("link", "Bemiddeling of verzoening", "#pistes")
    expect(pistes.get_by_role("heading", level=3)).to_be_focused()
    marie.picks("Gaf resultaat", "#pistes")
    marie.hits("button", "Bewaren", "#pistes")
    expect(pistes.get_by_role("alert")).to_be_focused()
    marie.looks()
    marie.ticks("Bemiddeling met de verhuurder", "#pistes")
    marie.fills("Resultaat, of waarom niet", "De verhuurder wacht tot nieuwjaar", "#pistes")
    marie.hits("button", "Bewaren", "#pistes")
    expect(pistes.get_by_text("1 van 5 bekeken").first).to_be_visible()
    expect(pistes.get_by_role("link", name="Bemiddeling of verzoening")).to_be_focused()


def changes_what_a_colleague_changes(marie, reading, ocmw, case_id):
    """Two workers change the household at once: the second is told what stands there, and loses nothing."""
    marie.hits("link", "Wijzigen", "section:has(h2:text-is('Gezin'))")
    with reading(ocmw, Role.TEAM_LEAD):
        version = db.session.get(Case, case_id).version
        cases.save_household(case_id, NewHousehold(composition=Composition.COUPLE), version)
    marie.selects("Samenstelling", "Alleenstaande")
    marie.fills("Netto-inkomen per maand", "1540")
    marie.hits("button", "Bewaren")
    expect(marie.page.get_by_role("alert").first).to_be_focused()
    marie.reads("heeft dit intussen gewijzigd", "Van jou is nog niets bewaard, en wat je typte staat hieronder nog")
    expect(marie.field("Netto-inkomen per maand")).to_have_value("1540")
    marie.looks()
    marie.hits("button", "Bewaren")
    marie.reads("€ 1.540")


def shares(marie):
    """With the CAW, as far as the household agreed."""
    marie.hits("link", "Delen met een partner")
    marie.selects("Met welke partner?", "CAW Proef")
    marie.fills("Wie bel je daar?", "Pieter")
    marie.ticks("Het gezin")
    marie.hits("button", "Delen")  # without the household's consent
    expect(marie.page.get_by_role("alert")).to_be_focused()
    marie.reads("Kies hoe het gezin zijn toestemming gaf")
    marie.looks()
    marie.picks("In een gesprek")
    marie.hits("button", "Delen")
    expect(marie.page.locator("#samen")).to_contain_text("CAW Proef")


def visits(pieter):
    """The CAW sees the case among its own places and adds a visit to it."""
    pieter.chooses("Gedeeld met ons")
    pieter.looks()
    pieter.hits("link", "Vermeulen, Dirk")
    pieter.reads("Je begeleidt dit gezin samen met", "Centraal aanspreekpunt voor het gezin")
    pieter.looks()
    pieter.hits("link", "Poging noteren")
    pieter.picks("Huisbezoek")
    pieter.picks("Bereikt")
    pieter.fills("Notitie", "Samen aan tafel gezeten")
    pieter.looks()
    pieter.hits("button", "Bewaren")
    expect(pieter.page.locator("#verloop")).to_contain_text("Samen aan tafel gezeten")


def hands_over(marie, lead):
    marie.hits("link", "Overdragen met een nota")
    marie.hits("button", "Dossier overdragen")
    expect(marie.page.get_by_role("alert")).to_be_focused()
    marie.selects("Aan wie", lead.get_full_name())
    marie.fills("Wat je collega moet weten", "Er is beloofd dat de budgetbegeleider meekomt.")
    marie.looks()
    marie.hits("button", "Dossier overdragen")
    expect(marie.page.locator("#verloop")).to_contain_text(f"aan {lead.get_full_name()}")


def closes(sofie):
    """The procedure is not ended and four pistes are untouched: the case closes with a reason, and with its outcome."""
    sofie.hits("link", "Woonbegeleiding", "#begeleiding")
    sofie.picks("Doel bereikt")
    sofie.hits("button", "Deze procedure beëindigen")
    sofie.hits("link", "Terug naar het dossier")
    sofie.hits("link", "Dit dossier afsluiten")
    sofie.reads("Piste nog niet bekeken: Rechten en inkomen.")
    sofie.reads("CAW Proef")  # who still sees the case is told, and sharing stops with it unless one chooses otherwise
    sofie.selects("Waar ze nu wonen", "In de woning gebleven")
    sofie.selects("De uithuiszetting", "Uithuiszetting vermeden")
    sofie.ticks("Bemiddeling met de verhuurder")
    sofie.hits("button", "Dossier afsluiten")
    expect(sofie.page.get_by_role("alert")).to_be_focused()
    sofie.looks()
    sofie.fills("Waarom dit zo blijft", "Het gezin wil niet meer")
    sofie.hits("button", "Dossier afsluiten")
    sofie.reads("Uithuiszetting vermeden")
    aftercare = sofie.page.locator("#nazorg")
    for months in (3, 6, 12):
        expect(aftercare.get_by_text(f"Na {months} maanden", exact=True)).to_be_visible()
    sofie.looks()


def asks_how_they_are(sofie):
    """Three months later the question stands in Vandaag."""
    sofie.reads("Vermeulen, Dirk")
    sofie.looks()
    sofie.hits("link", "Invullen: ")
    sofie.reads("3 maanden later: hoe gaat het nu?")
    sofie.picks("Met het gezin gesproken")
    sofie.picks("Ja, nog altijd")
    sofie.looks()
    sofie.hits("button", "Bewaren")
    sofie.page.wait_for_url("**/vandaag/")
    expect(sofie.page.locator("main")).not_to_contain_text("na 3 maanden")  # asked and answered
