"""The demo's dialogue: courts of three cities, two social landlords, agreements and talks. All invented."""

import uuid
from datetime import date, timedelta

from app.calendar.rules import next_working_day
from app.database import transaction
from app.demo import DemoRegion
from tenants.dialogue import agreements, cantons, rules, service
from tenants.dialogue.agreements import NewAgreement, NewDecision, NewMeeting
from tenants.dialogue.codes import ContactRole, Coverage, PartnerKind
from tenants.dialogue.service import NewContact, NewPartner

PLACES = {
    "oostende": ("medewerker.oostende", ("Oostende 1", "Oostende 2"), "059 00 01"),
    "brugge": ("medewerker.brugge", ("Brugge 1", "Brugge 2"), "050 00 01"),
    "kortrijk": ("medewerker.kortrijk", ("Kortrijk 1", "Kortrijk 2"), "056 00 01"),
}
CLERKS = ("Hilde Bultinck", "Geert Lagrou")
TALK = "Jaarlijks gesprek met {}"


def load(demo: DemoRegion) -> None:
    """Fill the dialogue of three OCMWs that have none; what is there already stays."""
    for slug, (worker, followed, phone) in PLACES.items():
        if slug not in demo.tenants or worker not in demo.users:
            continue
        with demo.acting(worker):
            if service.partners(PartnerKind.COURT, "", 1)[1]:
                continue
            with transaction():  # one for all of it: a commit each would slow the demo down
                for place, canton in enumerate(followed):
                    _court(canton, phone, place, demo.today)
                _asked(followed, demo.today)
                for landlord_id, name in service.social_landlords()[:2]:
                    new = NewPartner(PartnerKind.LANDLORD, name, landlord_id=landlord_id)
                    _landlord(service.save_partner(None, new), name, demo.today)


def _asked(followed: tuple[str, ...], today: date) -> None:
    """What the registry confirmed, for the whole network."""
    for canton, nis in (("Kortrijk 2", "34023"), ("Kortrijk 1", "34042")):
        if canton in followed:
            source = f"griffie, telefoon {(today - timedelta(days=33)):%d/%m/%Y} (voorbeeld)"
            cantons.state(cantons.NewStatement(canton, nis, Coverage.WHOLE, source), None)


def _court(canton: str, phone: str, place: int, today: date) -> None:
    name = f"Vredegerecht {canton}"
    partner_id = service.save_partner(None, NewPartner(PartnerKind.COURT, name, canton=canton))
    mail = canton.lower().replace(" ", "")
    clerk = NewContact(ContactRole.REGISTRY, CLERKS[place % 2], f"{phone} 1{place}",
                       f"griffie.{mail}@voorbeeld.example",
                       "Liefst in de voormiddag.")  # fmt: skip
    service.save_contact(partner_id, None, clerk)
    judge = NewContact(ContactRole.JUSTICE, ("Annelies Schotte", "Wim Baeten")[place % 2], f"{phone} 2{place}")
    service.save_contact(partner_id, None, judge)
    first = agreements.agree(
        partner_id,
        NewAgreement(
            "De griffie stuurt de verzoekschriften per post",
            today - timedelta(days=700),
            "Eén keer per week, op vrijdag.",
        ),
    )
    mailed = NewAgreement(
        "De griffie mailt elke maandag de nieuwe verzoekschriften",
        today - timedelta(days=260),
        "Naar de mailbox van het team.\nZonder bijlagen over de gezondheid.",
    )
    agreements.replace(first, mailed, agreements.find_agreement(first).version)
    agreements.agree(
        partner_id,
        NewAgreement(
            "Het OCMW mag op elke inleidende zitting aanwezig zijn",
            today - timedelta(days=260),
            "De rechter vraagt bij elk dossier of het OCMW contact had met de huurder.",
        ),
    )
    notes = (
        "De rechter ziet te veel vonnissen bij verstek: wie niet komt, krijgt geen uitstel.\n"
        "We leggen uit hoe we mensen opzoeken en wat de gekleurde kaart is."
    )
    decisions = (
        NewDecision("De griffie legt onze folder bij de oproeping", today + timedelta(days=12 + place)),
        NewDecision("Na zes maanden bekijken we samen de cijfers"),
    )
    held = today - timedelta(days=40 + 7 * place)
    agreements.hold(
        partner_id,
        NewMeeting(held, "vrederechter, hoofdgriffier, Team Wonen", notes, True, decisions),
        TALK.format(name),
        name,
    )


def _landlord(partner_id: uuid.UUID, name: str, today: date) -> None:
    service.save_contact(
        partner_id,
        None,
        NewContact(ContactRole.SOCIAL_SERVICE, "Sara Ameloot", "000 11 22 33", "huurders@voorbeeld.example"),
    )
    agreements.agree(
        partner_id,
        NewAgreement(
            "Bij twee maanden achterstal belt de verhuurder eerst ons",
            rules.a_year_later(today - timedelta(days=800)),
            "Pas daarna vertrekt een verzoekschrift.",
        ),
    )
    agreements.hold(
        partner_id,
        NewMeeting(
            today - timedelta(days=355),
            "huurdersbegeleiding, Team Wonen",
            "We overlopen de open dossiers. Overlast komt te laat bij ons.",
            decisions=(NewDecision("Per kwartaal een lijst van huurders met achterstal"),),
        ),
        "",
        name,
    )
    service.plan_talk(partner_id, next_working_day(today + timedelta(days=3)), TALK.format(name))
