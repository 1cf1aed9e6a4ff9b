"""Reports of the demo: invented, one of each kind, some waiting, some taken up; and two for the coordinator."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select, update

from app.database import db, transaction
from app.demo import DemoRegion
from app.security.models import utc_now
from tenants.cases.codes import Reason
from tenants.cases.models import Case, Dwelling, Person
from tenants.intake import triage
from tenants.intake.codes import ClosingReason, ReporterKind, Track
from tenants.intake.models import Report, ReportSlip
from tenants.intake.rules import Told
from tenants.intake.service import find_page, submit

# Where the demo's reports are made, and who of the OCMW decides about them.
PLACES = {
    "oostende": ("8400", "Oostende", "Nieuwpoortsesteenweg", "medewerker.oostende"),
    "kortrijk": ("8500", "Kortrijk", "Doorniksewijk", "medewerker.kortrijk"),
    "menen": ("8930", "Menen", "Bruggestraat", "medewerker.menen"),
}
LANDLORD = Told(
    kind=ReporterKind.LANDLORD,
    reporter_first="Rik",
    reporter_last="Verbeke",
    reporter_email="rik.verbeke@voorbeeld.example",
    reasons=(Reason.RENT_ARREARS,),
    arrears=Decimal("2550.00"),
    months=3,
    since="sinds september",
    explanation="De huur komt niet meer binnen. Vroeger was er nooit een probleem.",
    tried="Twee keer gebeld en een brief gestuurd.",
    may_tell=True,
)
SERVICE = Told(
    kind=ReporterKind.DEBTS,
    reporter_first="Leen",
    reporter_last="Dujardin",
    reporter_organisation="Lokale Adviescommissie",
    reporter_phone="0000 11 22 33",
    reasons=(Reason.RENT_ARREARS, Reason.OTHER),
    months=2,
    explanation="Op de zitting van de LAC bleek dat er ook huurschuld is. De budgetmeter is leeg.",
    may_tell=True,
)
TENANT = Told(
    kind=ReporterKind.TENANT,
    reporter_first="Samira",
    reporter_last="Haddad",
    reporter_phone="0470 12 34 56",
    reasons=(Reason.END_OF_TERM,),
    explanation="Ik heb een opzeg gekregen en vind niets anders.",
    may_tell=True,
)
NEIGHBOUR = Told(
    kind=ReporterKind.PROFESSIONAL,
    reporter_first="Tom",
    reporter_last="Goethals",
    reporter_organisation="Thuisverpleging",
    reporter_email="tom.goethals@voorbeeld.example",
    reasons=(Reason.NEGLECT, Reason.NUISANCE),
    explanation="De woning raakt vol spullen, de verhuurder dreigt met de vrederechter.",
    may_tell=False,
)


def load(demo: DemoRegion) -> None:
    """Some reports for three OCMWs and their networks; what is there already stays."""
    for slug, place in PLACES.items():
        if slug in demo.tenants:
            _load_organisation(demo, slug, *place)
    if "coordinator.w13" in demo.users:
        _load_coordinator()


def _load_organisation(demo: DemoRegion, slug: str, postcode: str, town: str, street: str, worker: str) -> None:
    home = {"postcode": postcode, "municipality": town, "street": street}
    wanted = [
        (Track.LANDLORD, LANDLORD, home | {"last_name": "Casteleyn", "first_name": "Luc", "house_number": "18"}),
        (
            Track.OTHER,
            SERVICE,
            home | {"last_name": "Maertens", "first_name": "Ann", "house_number": "201", "box": "4"},
        ),
        (Track.OTHER, TENANT, home | {"house_number": "77"}),
        (Track.OTHER, NEIGHBOUR, home | {"last_name": "Samyn", "first_name": "Gerda", "house_number": "5"}),
        (Track.LANDLORD, LANDLORD, _known_household(demo, worker) or home | {"last_name": "Nys", "house_number": "9"}),
    ]
    sent = [
        submit(find_page(slug), track, _with(told, values), f"demo {slug} {number}").reference
        for number, (track, told, values) in enumerate(wanted)
    ]
    with demo.acting(worker):
        _grow_old(sent)
        first, second, *_rest = list(db.session.scalars(_of(sent).order_by(Report.received_at)))
        if first.first_act_at is None:
            triage.open_case(first.id)
        if second.first_act_at is None:
            triage.close(second.id, ClosingReason.SETTLED)


def _load_coordinator() -> None:
    """One from outside the region, which waits for the coordinator."""
    outside = {"postcode": "8800", "municipality": "Roeselare", "street": "Ooststraat", "house_number": "31"}
    submit(find_page("w13"), Track.LANDLORD, _with(LANDLORD, outside | {"last_name": "Vanneste"}), "demo w13 outside")


def _with(told: Told, values: dict[str, str]) -> Told:
    return Told(**vars(told) | values)


def _known_household(demo: DemoRegion, worker: str) -> dict[str, str] | None:
    """A household that has a case already, so that the triage page has something to recognise."""
    with demo.acting(worker):
        row = db.session.execute(
            select(Person.last_name, Person.first_name, Dwelling)
            .join(Case, Case.id == Person.case_id)
            .join(Dwelling, Dwelling.case_id == Case.id)
            .where(Person.position == 0, Case.state == "open", Dwelling.street != "")
            .order_by(Case.number)
            .limit(1)
        ).first()
    if row is None:
        return None
    home = {name: getattr(row.Dwelling, name) for name in ("street", "house_number", "box", "postcode", "municipality")}
    return {"last_name": row.last_name, "first_name": row.first_name, **home}


def _of(references: list[str]) -> Select[Any]:
    return select(Report).where(Report.reference.in_(references))


def _grow_old(references: list[str]) -> None:
    """Let untouched reports have come in over the last days, each some hours before the next."""
    with transaction() as session:
        for number, report in enumerate(session.scalars(_of(references).order_by(Report.id))):
            if report.first_act_at is not None or utc_now() - report.received_at > timedelta(minutes=30):
                continue
            report.received_at -= timedelta(hours=70 - 15 * number)
            session.execute(update(ReportSlip).where(ReportSlip.id == report.id).values(received_at=report.received_at))
