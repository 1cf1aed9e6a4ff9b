"""The demo's documents: a letterhead for every organisation, and final agreements of its cases. All invented."""

import uuid
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from app.database import db
from app.demo import DemoRegion
from app.documents.engine import render_pdf
from app.security.models import utc_now
from tenants.cases import service as cases
from tenants.cases.codes import LandlordKind, Market
from tenants.cases.intake import NewDwelling, NewLandlord, NewPerson
from tenants.cases.models import Case
from tenants.letters import letterhead, service
from tenants.letters.fund import ocmw_payment
from tenants.letters.rules import AgreementKind, ContactEvery
from tenants.money.rules import months_later

# slug -> postcode, telephone zone
PLACES = {
    "oostende": ("8400", "059"),
    "bredene": ("8450", "059"),
    "caw-nwvl": ("8400", "059"),
    "brugge": ("8000", "050"),
    "kortrijk": ("8500", "056"),
    "menen": ("8930", "056"),
    "caw-zwvl": ("8500", "056"),
}
CITIES = {"caw-nwvl": "Oostende", "caw-zwvl": "Kortrijk"}
SIGNERS = (
    ("Hilde Vandamme, voorzitter van het bijzonder comité voor de sociale dienst", "Koen Deprez, algemeen directeur"),
    ("Leen Baert, directeur",),
)
BORN_IN = (1961, 1974, 1983, 1990, 1996)
GOALS = (
    ("een Vlaamse huurpremie aanvragen", "het energiecontract vergelijken"),
    ("een vast budget per week afspreken", "de achterstallige gasfactuur spreiden"),
    ("het sociaal tarief voor energie nakijken",),
)


def load(demo: DemoRegion) -> None:
    """Fill in the letterheads that lack, and make a final agreement of each case in `demo.agreement_cases`.

    A case that has a document already keeps it as it is. The first agreement of an organisation is signed, too.
    """
    for slug in demo.tenants:
        worker = next((name for name, home in demo.home_of.items() if home == slug), None)
        if worker is None:
            continue
        with demo.acting(worker, slug):
            if letterhead.letterhead() is None:
                letterhead.save_letterhead(_letterhead(demo, slug))
            cases_here = demo.agreement_cases.get(slug, ())
            for place, case_id in enumerate(cases_here if demo.scale == 1 else cases_here[:1]):  # each takes a second
                if not service.documents_of(case_id):
                    _make_agreement(demo, slug, case_id, place)


def _letterhead(demo: DemoRegion, slug: str) -> letterhead.NewLetterhead:
    tenant = demo.tenants[slug]
    postcode, zone = PLACES.get(slug, ("8500", "056"))
    is_ocmw = tenant.kind == "ocmw"
    city = CITIES.get(slug) or tenant.name.removeprefix("OCMW ")
    return letterhead.NewLetterhead(
        street="Stationsstraat 1",
        postcode=postcode,
        city=city,
        enterprise_number=_enterprise_number(9_990_000 + sum(map(ord, slug))),
        phone=f"{zone} 00 00 00",
        email=f"wonen@{slug}.example",
        dpo=f"gegevensbescherming@{slug}.example",
        representatives=SIGNERS[0] if is_ocmw else SIGNERS[1],
    )


def _enterprise_number(serial: int) -> str:
    """A number with a right check that no real enterprise has (they start with 0 or 1 and aren't this high)."""
    return f"0{serial:07}{97 - serial % 97:02}"


def _make_agreement(demo: DemoRegion, slug: str, case_id: uuid.UUID, place: int) -> None:
    _complete(case_id, place)
    case = cases.find(case_id)
    with_fund = demo.tenants[slug].kind == "ocmw" and case.market == Market.PRIVATE
    document_id = service.start_agreement(case_id, AgreementKind.FBU if with_fund else AgreementKind.GUIDANCE)
    draft = service.draft(case_id, document_id)
    start = demo.today - timedelta(days=7 + 5 * place)
    rent = (case.dwelling and case.dwelling.rent) or Decimal(650)
    arrears = draft.terms.arrears or 3 * rent
    paid = ocmw_payment(arrears, start).amount
    terms = replace(
        draft.terms,
        arrears=arrears,
        arrears_on=draft.terms.arrears_on or start,
        ocmw_payment=paid if with_fund else None,
        decision_on=start - timedelta(days=4) if with_fund else None,
        instalment_count=(12, 10, 8)[place % 3],
        first_due=months_later(start.replace(day=1), 1),
        pay_to=draft.terms.pay_to or "BE71096123456769",
        start=start,
        months=12,
        contact_every=(ContactEvery.TWO_WEEKS, ContactEvery.MONTH)[place % 2],
        goals=GOALS[place % len(GOALS)],
    )
    service.save_draft(case_id, document_id, terms, draft.signers, None)
    service.finalise(case_id, document_id)
    if place == 0:
        service.attach_signed(case_id, document_id, "getekend-exemplaar.pdf", _scan(case.number))


def _complete(case_id: uuid.UUID, place: int) -> None:
    """Give the case what an agreement needs and a register doesn't tell."""
    case = cases.find(case_id)
    for person in case.persons:
        if person.birth_date is None:
            born = utc_now().date().replace(year=BORN_IN[place % len(BORN_IN)], month=5, day=12)
            known = ("last_name", "first_name", "role", "insz", "phone", "email")
            new = NewPerson(birth_date=born, **{name: getattr(person, name) for name in known})
            cases.save_person(case_id, person.id, new, None)
    home = case.dwelling
    of_home = ("street", "house_number", "box", "postcode", "municipality", "rent", "lease_start")
    has = {name: getattr(home, name) for name in of_home} if home else {}
    landlord = home.landlord if home else None
    postcode = has.get("postcode") or "8400"
    cases.save_dwelling(
        case_id,
        NewDwelling(
            street=has.get("street") or "Nieuwstraat",
            house_number=has.get("house_number") or str(11 + place),
            box=has.get("box") or "",
            postcode=postcode,
            municipality=has.get("municipality") or "Oostende",
            rent=has.get("rent") or Decimal(650 + 20 * place),
            lease_start=has.get("lease_start") or case.opened_on.replace(year=case.opened_on.year - 2, day=1),
        ),
        NewLandlord(landlord.name, LandlordKind(landlord.kind)) if landlord else NewLandlord("Immo Duinzicht"),
        None,
    )
    db.session.expire_all()  # the session still holds the dwelling and the landlord as they were
    _complete_landlord(cases.find(case_id))
    db.session.expire_all()


def _complete_landlord(case: Case) -> None:
    assert case.dwelling is not None  # noqa: S101 - it was just saved
    landlord = case.dwelling.landlord
    assert landlord is not None  # noqa: S101
    cases.save_landlord(
        landlord.id,
        cases.LandlordDetails(
            name=landlord.name,
            kind=landlord.kind,
            enterprise_number=landlord.enterprise_number or _enterprise_number(9_980_000 + len(landlord.name)),
            contact_name=landlord.contact_name or "Karel Maes, zaakvoerder",
            address=landlord.address or "Kerkstraat 3, 8400 Oostende",
            phone=landlord.phone,
            email=landlord.email,
            iban=landlord.iban or "BE71096123456769",
        ),
        None,
    )


def _scan(number: str) -> bytes:
    """What stands for the scan of a signed copy."""
    return render_pdf(
        "<!doctype html><html lang='nl-BE'><head><title>Getekend exemplaar</title>"
        "<link rel='stylesheet' href='packaged:styles/paper-1.css'></head><body><h1>Getekend exemplaar</h1>"
        f"<p>Scan van de overeenkomst in dossier {number}, getekend door alle partijen (voorbeeld).</p></body></html>",
        title=f"Getekend exemplaar {number}",
        lang="nl-BE",
        identifier=uuid.uuid5(uuid.NAMESPACE_URL, number),
        created=utc_now(),
    )
