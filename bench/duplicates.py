"""Finding a reported household again in an organisation that knows fifty thousand persons."""

from flask import Flask

from app import tenancy
from app.database import db
from bench.additions import PERSONS
from bench.measuring import Result, compare, medians
from bench.region import Home
from tenants.cases.models import Case, Dwelling, Person
from tenants.intake.codes import ReporterKind
from tenants.intake.rules import Told
from tenants.intake.triage import likely_cases

CHECK_MS = 50
HOUSEHOLDS = 12  # of whom a report comes in, one after the other


def measure(app: Flask, home: Home, rounds: int) -> list[Result]:
    """The median check, and the one of the household that takes longest (the commonest names)."""
    with app.app_context(), tenancy.acting(tenancy.Context(home.tenant, home.users[0])):
        known = db.session.query(Person).count()
        if known < PERSONS * 0.98:
            raise RuntimeError(f"the large organisation knows {known} persons only")
        reports = _reports()
        db.session.rollback()
        asked = {str(number): lambda told=told: _check(told) for number, told in enumerate(reports)}
        times = sorted(medians(asked, rounds, seconds=4).values())
        db.session.remove()
    limit = f"the {CHECK_MS} ms it may take"
    name = f"duplicate check, {known:,} persons"
    return [
        compare(name, times[len(times) // 2], f"{limit}, median household", CHECK_MS, 1.0),
        compare(name, times[-1], f"{limit}, slowest household", CHECK_MS, 1.0),
    ]


def _check(told: Told) -> None:
    if not likely_cases(told):
        raise RuntimeError("a household that is known was not found")
    db.session.rollback()  # each in a transaction of its own, as a page has it


def _reports() -> list[Told]:
    """A report about every so many-th household, half of them with the date of birth."""
    query = (
        db.session.query(Person, Dwelling)
        .join(Case, Case.id == Person.case_id)
        .join(Dwelling, Dwelling.case_id == Case.id)
        .filter(Person.position == 0)
        .order_by(Case.id)
    )
    step = query.count() // HOUSEHOLDS
    told = []
    for number in range(HOUSEHOLDS):
        person, home = query.offset(number * step).limit(1).one()
        address = {name: getattr(home, name) for name in ("street", "house_number", "box", "postcode", "municipality")}
        told.append(
            Told(
                kind=ReporterKind.LANDLORD,
                last_name=person.last_name,
                first_name=person.first_name,
                born=person.birth_date if number % 2 else None,
                **address,
            )
        )
    return told
