"""Agreements of invented people, one of each kind."""

from datetime import date
from decimal import Decimal

from tenants.letters.rules import (
    Address,
    Agreement,
    AgreementKind,
    ContactEvery,
    Landlord,
    Lease,
    Organisation,
    Tenant,
    Terms,
)

OCMW = Organisation(
    name="OCMW Oostende",
    address=Address("Edith Cavellstraat 15", "8400", "Oostende"),
    kbo="0123.456.749",
    phone="059 00 00 00",
    email="wonen@oostende.voorbeeld.be",
    dpo="gegevensbescherming@oostende.voorbeeld.be",
    representatives=(
        "An Verbeke, voorzitter van het bijzonder comité voor de sociale dienst",
        "Tom Claeys, algemeen directeur",
    ),
)
CAW = Organisation(
    name="CAW Zuid-West-Vlaanderen",
    is_ocmw=False,
    address=Address("Beheerstraat 46", "8500", "Kortrijk"),
    kbo="0987.654.394",
    phone="056 00 00 00",
    email="onthaal@caw.voorbeeld.be",
    dpo="privacy@caw.voorbeeld.be",
    representatives=("Mieke Dhondt, directeur",),
)
LANDLORD = Landlord("Immo Zeezicht bv", True, "0456.789.059", "Karel Maes, zaakvoerder", "Kerkstraat 3, 8400 Oostende")
LEASE = Lease(Address("Torhoutsesteenweg 212 bus 3", "8400", "Oostende"), date(2019, 9, 1), Decimal("680.00"), False)
FBU = Agreement(
    file_number="OOS-2021-0042",
    organisation=OCMW,
    tenants=(Tenant("Łucja Nowak", date(1987, 5, 12)), Tenant("Bart Desmet", date(1984, 11, 30))),
    landlord=LANDLORD,
    lease=LEASE,
    terms=Terms(
        kind=AgreementKind.FBU,
        charges=Decimal("45.00"),
        arrears=Decimal("2720.00"),
        arrears_on=date(2021, 3, 1),
        arrears_note="de huur van november 2020 tot en met februari 2021",
        reason="Bart Desmet was sinds oktober tijdelijk werkloos; daardoor viel een deel van het inkomen weg.",
        ocmw_payment=Decimal("1272.00"),
        decision_on=date(2021, 3, 11),
        instalment_count=12,
        first_due=date(2021, 4, 30),
        pay_to="BE71096123456769",
        communication="+++010/8068/17183+++",
        start=date(2021, 3, 15),
        months=12,
        contact_name="Sofie Wouters",
        contact_phone="059 00 00 01",
        contact_email="sofie.wouters@oostende.voorbeeld.be",
        contact_every=ContactEvery.TWO_WEEKS,
        goals=("een huursubsidie aanvragen", "het energiecontract vergelijken", "een spaarpot voor de lasten"),
        place="Oostende",
        signed_on=date(2021, 3, 15),
    ),
)
GUIDANCE = Agreement(
    file_number="OOS-2021-0057",
    organisation=OCMW,
    tenants=(Tenant("Jan Peeters", date(1959, 2, 3)),),
    landlord=Landlord("Georges Lams"),
    lease=Lease(Address("Nieuwpoortsesteenweg 9", "8400", "Oostende"), date(2014, 6, 1), Decimal("520.00")),
    terms=Terms(
        kind=AgreementKind.GUIDANCE,
        arrears=Decimal("1000.00"),
        arrears_on=date(2021, 4, 6),
        instalment_amount=Decimal("150.00"),
        first_due=date(2021, 5, 5),
        pay_to="BE71096123456769",
        start=date(2021, 4, 12),
        months=6,
        contact_name="Sofie Wouters",
        contact_phone="059 00 00 01",
        place="Oostende",
    ),
)
NUISANCE = Agreement(
    file_number="CAW-2021-0003",
    organisation=CAW,
    tenants=(Tenant("Fatima El Idrissi", date(1992, 8, 21)),),
    landlord=Landlord("De Leie, woonmaatschappij", True),
    lease=Lease(Address("Gentsestraat 80", "8530", "Harelbeke"), None, None, True),
    terms=Terms(
        kind=AgreementKind.GUIDANCE,
        reason="De woonmaatschappij kreeg klachten over geluid en over de gemeenschappelijke gang.",
        start=date(2021, 5, 1),
        months=3,
        contact_name="Ruben Baert",
        contact_email="ruben.baert@caw.voorbeeld.be",
        contact_every=ContactEvery.WEEK,
        goals=("de gang vrijhouden", "rust na tien uur 's avonds"),
        extra="De contactpersoon en de huurder spreken elke eerste maandag ook met de wijkwerker.",
        place="Harelbeke",
    ),
)
EMPTY_DRAFT = Agreement("OOS-2021-0099", Organisation(), (), Landlord(), Lease(), Terms(kind=AgreementKind.FBU))
SAMPLES = {"fbu": FBU, "guidance": GUIDANCE, "nuisance": NUISANCE, "empty_draft": EMPTY_DRAFT}
