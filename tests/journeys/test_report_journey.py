"""From a landlord's phone to a case: the report, the coordinator, the triage, and what the reporter hears.

An Feys reports her tenant, first with a postcode of another region. A colleague of the LAC reports the same household a
minute later. Marie opens a case out of the one and finds the household back at the other. Only the keyboard is used.
"""

import threading
from datetime import timedelta

from playwright.sync_api import expect

from app.jobs import run_worker
from app.security.models import utc_now
from app.security.roles import Role
from tenants.intake import gate
from tenants.intake.codes import ReporterKind, Track


def later(time_machine, seconds):
    """The server's clock goes on, so that nobody is really waited for."""
    time_machine.move_to(utc_now() + timedelta(seconds=seconds))


def reports(an, region, time_machine):
    """The landlord's report; (reference, code)."""
    an.goes_to(f"/meldpunt/{region.slug}/")
    an.looks()
    an.hits("link", "Melden als verhuurder")
    an.hits("button", "Volgende")  # too early
    expect(an.page.get_by_role("alert")).to_be_focused()
    an.looks()
    an.hits("link", "Je achternaam")  # what is wrong leads to its field
    expect(an.page.get_by_label("Je achternaam")).to_be_focused()
    an.types("Feys")
    an.fills("Je telefoonnummer", "056 12 34 56")
    an.presses("Enter")
    an.reads("Over welk gezin gaat het?")
    an.fills("Voornaam van de huurder", "Dirk")
    an.fills("Achternaam van de huurder", "Vermeulen")
    an.fills("Straat", "Budastraat")
    an.fills("Nummer", "12")
    an.fills("Postcode", "9000")
    an.fills("Gemeente", "Gent")
    an.looks()
    an.hits("button", "Volgende")
    an.ticks("Huurachterstal")
    an.fills("Achterstal in euro", "2340")
    an.fills("Achterstal in maanden", "3")
    an.fills("Sinds wanneer?", "sinds juni")
    an.fills("Wat is er al geprobeerd?", "Twee keer gebeld")
    an.picks("Nee, liever niet")
    an.looks()
    an.hits("button", "Volgende")
    an.reads("9000 Gent ligt buiten deze streek", "de coördinator zoekt het juiste OCMW")
    an.looks()
    an.hits("button", "Wijzigen: Over welk gezin")  # it was the wrong postcode
    an.fills("Postcode", "8500")
    an.fills("Gemeente", "Kortrijk")
    an.hits("button", "Volgende")
    expect(an.page.get_by_label("Achterstal in maanden")).to_have_value("3")  # nothing was lost on the way
    an.hits("button", "Volgende")
    an.reads("Je melding gaat naar OCMW Kortrijk", "Dirk Vermeulen", "Budastraat 12")
    later(time_machine, gate.SECONDS)
    an.hits("button", "Versturen")
    an.reads("Bedankt voor je melding", "OCMW Kortrijk heeft ze nu")
    an.looks()
    with an.page.expect_download() as receipt:
        an.hits("button", "Bewaren als pdf")
    reference, code = (an.page.locator("#receipt dd").nth(n).inner_text() for n in (0, 1))
    assert receipt.value.suggested_filename == f"{reference}.pdf"
    return reference, code


def follows(an, reference, code):
    """Look how far the report is."""
    an.goes_to("/meldpunt/opvolgen/")
    an.fills("Referentienummer", reference)
    an.fills("Code", code)
    an.hits("button", "Mijn melding tonen")


def test_from_the_reporting_point_to_a_case(app, settings, region, reported, somebody, time_machine):
    an = somebody()
    reference, code = reports(an, region, time_machine)
    an.hits("link", "Opvolgen of aanvullen")
    an.looks()
    follows(an, reference, "AAAA-BBBB")
    an.reads("kennen geen melding")
    follows(an, reference, code)
    an.reads("Ontvangen")
    an.fills("Wat wil je toevoegen?", "Hij betaalde 200 euro.")
    an.hits("button", "Toevoegen")
    an.reads("aan je melding toegevoegd")
    an.looks()

    later(time_machine, 60)
    lac = {"kind": ReporterKind.DEBTS, "reporter_last": "Claes", "reporter_organisation": "LAC", "may_tell": True}
    again = reported(track=Track.OTHER, **lac)
    reported(last_name="Haddad", first_name="Samira", street="Markt", house_number="3")
    elsewhere = reported(postcode="9000", municipality="Gent", last_name="Peeters")
    coordinates(somebody(region.kortrijk.users[Role.REGIONAL_COORDINATOR]), elsewhere.reference)

    marie = somebody(region.kortrijk.users[Role.SOCIAL_WORKER])
    marie.chooses("Meldingen")
    marie.reads("4 meldingen wachten op een beslissing", "aangevuld", "al eerder gemeld", "ligt elders")
    marie.looks()
    opens_a_case(marie)
    links_the_second(marie, again.reference)
    closes_the_third(marie)

    run_worker_aside(app, settings)
    follows(an, reference, code)
    an.reads("We nemen het op")
    expect(an.page.locator("main")).not_to_contain_text("Vermeulen")  # how far it is, and nothing of the household


def run_worker_aside(app, settings):
    """The worker in a thread of its own: the browser's driver has an event loop in this one."""
    worker = threading.Thread(target=run_worker, args=(app, settings.database_url), kwargs={"wait": False})
    worker.start()
    worker.join()


def coordinates(els, reference):
    """A report from outside the region is read, and given to an OCMW of it all the same."""
    els.goes_to("/meldingen/netwerk/")
    els.reads("Eén melding heeft nog geen OCMW", reference)
    els.looks()
    els.hits("link", "Lezen en doorgeven")
    els.looks()
    els.hits("button", "Doorgeven")  # without a choice
    expect(els.page.get_by_role("alert")).to_be_focused()
    els.selects("Naar welk OCMW?", "OCMW Kortrijk")
    els.hits("button", "Doorgeven")
    els.reads("OCMW Kortrijk heeft de melding nu", "Elke melding heeft haar OCMW")


def opens_a_case(marie):
    """The landlord's report: nobody knows the household, so a case is opened."""
    marie.hits("link", "Vermeulen, Dirk", last=True)  # the older of the two
    marie.reads("Hij betaalde 200 euro.", "De melder wil niet genoemd worden", "Geen enkel dossier lijkt erop")
    marie.looks()
    marie.hits("button", "Dossier openen")
    marie.reads("Het dossier is open en staat op jouw naam", "Melding op het meldpunt", "Twee keer gebeld")
    expect(marie.page.locator("h1")).to_contain_text("Dirk Vermeulen")
    expect(marie.page.locator("main")).not_to_contain_text("Feys, An")
    marie.looks()


def links_the_second(marie, reference):
    """The same household once more: the portal says so and why, and the report goes into the case."""
    marie.chooses("Meldingen")
    marie.hits("link", "Vermeulen, Dirk")
    marie.reads(reference, "zelfde adres", "zelfde naam")
    marie.hits("button", "Koppelen aan dit dossier")
    marie.reads("De melding staat nu in dit dossier")
    expect(marie.page.get_by_text("Melding op het meldpunt")).to_have_count(2)


def closes_the_third(marie):
    """A report that leads to nothing is closed, and only with a reason."""
    marie.chooses("Meldingen")
    marie.hits("link", "Haddad, Samira")
    marie.hits("button", "Melding afsluiten")
    expect(marie.page.get_by_role("alert")).to_be_focused()
    marie.hits("link", "Waarom komt er geen dossier")
    marie.selects("Waarom komt er geen dossier?", "Al opgelost")
    marie.hits("button", "Melding afsluiten")
    marie.reads("De melding is afgesloten, en de melder weet het")
