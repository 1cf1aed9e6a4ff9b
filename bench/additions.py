"""What the stories don't hold in such numbers: reports, one case on which much happened, one large organisation."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import insert, select

from app import tenancy
from app.config import Settings
from app.crypto import blind_index
from app.database import db
from app.identifiers import uuid7
from bench.region import Home, Pattern, Patterns, copy_cases, copy_rows
from tenants.cases.codes import Channel, ContactResult, TaskKind
from tenants.cases.models import Case, Note, Person, Task
from tenants.demo.invention import material
from tenants.intake import demo as reporters
from tenants.intake.codes import ClosingReason, ReportState, Track
from tenants.intake.models import Report
from tenants.intake.rules import Told, address_key, name_key, to_json
from tenants.outreach.service import NewAttempt, add_attempts

NEW, CLOSED = 60, 2_000  # reports of an organisation: some that wait, and those of the years before
HOUSEHOLDS = 1_500  # of whom they tell: some are reported more than once
EVENTS = 500  # of the case on which much happened
PERSONS = 50_000  # of the large organisation
SLIM = ("landlord", "case_file", "household", "person", "dwelling")  # what finding somebody again needs of a case
FIRST_SLIM = 500_001  # their numbers, past those of the other cases
WHO = (reporters.LANDLORD, reporters.SERVICE, reporters.TENANT, reporters.NEIGHBOUR)


# ---------------------------------------------------------------- reports


def add_reports(app: Flask, settings: Settings, homes: Sequence[Home]) -> None:
    """Give each organisation the reports of some years, by COPY and without a trail."""
    with psycopg.connect(settings.owner_database_url) as connection:
        connection.execute("SET session_replication_role = replica")
        for home in homes:
            with app.app_context(), tenancy.acting(tenancy.Context(tenant_id=home.tenant)):
                rows = _reports(home)
                db.session.remove()
            copy_rows(connection, Report, rows)
        connection.commit()


def _reports(home: Home) -> list[dict[str, Any]]:
    random, now = Random(home.prefix), datetime.now(UTC)
    told = [_told(random) for _ in range(HOUSEHOLDS)]
    seal: Any = Report.__table__.c.content.type
    kept = [
        (
            each,
            seal.process_bind_param(to_json(each), None),
            blind_index(address_key(each), "report address"),
            blind_index(name_key(each), "report name"),
        )
        for each in told
    ]
    rows = []
    for number in range(NEW + CLOSED):
        each, content, address, name = random.choice(kept)
        days = random.uniform(0, 20 if number < NEW else 1_100)
        received = now - timedelta(days=days)
        is_new = number < NEW
        rows.append(
            {
                "tenant_id": home.tenant,
                "id": uuid7(),
                "reference": f"PROEF-{home.prefix}-{number:05d}",
                "track": Track.LANDLORD if each.kind == reporters.LANDLORD.kind else Track.OTHER,
                "state": ReportState.RECEIVED if is_new else ReportState.CLOSED,
                "received_at": received,
                "outside": random.random() < 0.03,
                "content": content,
                "address_mark": address,
                "name_mark": name,
                "closing_reason": None if is_new else random.choice(list(ClosingReason)),
                "first_act_at": None if is_new else received + timedelta(hours=random.expovariate(1 / 30)),
                "first_act_by": None if is_new else random.choice(home.users),
            }
        )
    return rows


def _told(random: Random) -> Told:
    words = material()
    names, who = [*words["women"], *words["men"]], random.choice(WHO)
    place, *_ = random.choice(list(reporters.PLACES.values()))
    household = {
        "first_name": random.choice(names),
        "last_name": random.choice(words["families"]),
        "street": random.choice([street for _code, _town, street, _worker in reporters.PLACES.values()]),
        "house_number": str(random.randint(1, 250)),
        "postcode": place,
        "municipality": next(town for code, town, *_rest in reporters.PLACES.values() if code == place),
    }
    return Told(**vars(who) | household)


# ---------------------------------------------------------------- a case on which much happened


def busy_case(app: Flask, home: Home, other_than: str) -> str:
    """Let EVENTS things have happened in a running case of the organisation; its id."""
    with app.app_context(), tenancy.acting(tenancy.Context(home.tenant, home.users[0])):
        query = select(Case.id).where(Case.state == "open", Case.id != other_than).order_by(Case.id).limit(1)
        case_id = db.session.scalars(query).one()
        random, now = Random(EVENTS), datetime.now(UTC)

        def moment() -> datetime:
            return now - timedelta(days=random.uniform(1, 700))

        attempts = [
            NewAttempt(
                case_id,
                moment(),
                random.choice(list(Channel)),
                random.choice(list(ContactResult)),
                note=random.choice(TEXTS) if number % 3 == 0 else None,
            )
            for number in range(EVENTS * 6 // 10)
        ]
        add_attempts(attempts)
        own = {"case_id": case_id}
        notes = [
            {**own, "body": random.choice(TEXTS), "at": moment(), "by": random.choice(home.users)}
            for _ in range(EVENTS * 2 // 10)
        ]
        db.session.execute(insert(Note), notes)
        tasks = [
            {**own, "kind": random.choice(list(TaskKind)[:2]), "title": random.choice(TEXTS)[:60], "due_on": at.date(),
             "done_at": at, "done_by": random.choice(home.users), "created_by": home.users[0]}
            for at in (moment() for _ in range(EVENTS * 2 // 10))
        ]  # fmt: skip
        db.session.execute(insert(Task), tasks)
        db.session.commit()
        db.session.remove()
    return str(case_id)


TEXTS = (
    "Gebeld, geen antwoord. Boodschap ingesproken met het nummer van het team.",
    "Aan de deur gesproken. De huur van september en oktober is niet betaald door het wegvallen van een loon; afspraak "
    "op het OCMW voor woensdag, met de loonfiches en de brief van de vrederechter.",
    "De verhuurder wil wachten als er voor het einde van de maand een voorstel ligt.",
    "Voorstel van afbetaling overlopen: 75 euro per maand boven op de huur. Mevrouw denkt dat het lukt.\n"
    "Budgetbeheer besproken, ze wil er nog over nadenken.",
)


# ---------------------------------------------------------------- a large organisation


def enlarge(app: Flask, settings: Settings, home: Home, patterns: Patterns) -> None:
    """Give the organisation ended cases with little in them, until it knows PERSONS persons."""
    slim = Patterns(landlords=patterns.landlords, texts=patterns.texts)
    slim.columns = {table: columns for table, columns in patterns.columns.items() if table in SLIM}
    slim.ended = slim.running = [_slim(pattern) for pattern in patterns.ended]
    with app.app_context(), tenancy.acting(tenancy.Context(home.tenant)):
        there = db.session.query(Person).count()
        db.session.remove()
    persons = sum(pattern.rows.get("person", "").count("\n") for pattern in slim.ended) / len(slim.ended)
    copy_cases(app, settings, [home], slim, int((PERSONS - there) / persons) + 1, FIRST_SLIM)


def _slim(pattern: Pattern) -> Pattern:
    rows = {table: text for table, text in pattern.rows.items() if table in SLIM}
    return Pattern(rows, pattern.ids, pattern.address, pattern.year)
