"""Many organisations with as many cases each: what the portal's services make of a few stories, copied in bulk.

The first organisation is told by the demo's stories, through the services. Every other row is a copy of one of its
rows, with fresh identifiers, names and numbers, by COPY. So the rows are what real ones are, whatever columns come.
"""

import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from random import Random
from typing import Any

import psycopg
from flask import Flask
from flask_appbuilder import Model
from psycopg import sql
from sqlalchemy import Table, select

from app import tenancy
from app.config import Settings
from app.crypto import Sealed, SealedJson, seal, unseal
from app.database import db
from app.demo import DemoRegion
from app.identifiers import uuid7
from app.security.roles import Role
from tenants.cases.codes import CaseState
from tenants.cases.facts import fact_id
from tenants.cases.models import Case
from tenants.cases.rules import display_name, file_number, plain, sort_key
from tenants.demo import cases as stories
from tenants.demo.invention import material
from tenants.organisations import service

PASSWORD = "een-lang-wachtwoord"
COLLEAGUES = 3
# Of ten years of cases one in ten runs still: an OCMW with 330 petitions a year has some 300 open cases.
OPEN_SHARE = 0.1
FIRST_SERIAL = 1001  # the numbers before it are the stories' own
FIRST = "oostende"  # whose stories the demo knows to tell
USER_COLUMNS = frozenset({"assigned_to", "by", "created_by", "changed_by", "recorded_by", "done_by"})
NULL = r"\N"


@dataclass(frozen=True)
class Home:
    """An organisation to fill: its id and its people (the first can sign in)."""

    tenant: uuid.UUID
    prefix: str
    users: tuple[int, ...]


@dataclass
class Pattern:
    """A case to copy: per table its rows as text for COPY, with a slot wherever a copy differs."""

    rows: dict[str, str]
    ids: int  # how many fresh identifiers a copy needs
    address: str
    year: int


@dataclass
class Patterns:
    """All that is copied: cases that run, cases that ended, landlords; and the texts to seal for each organisation."""

    running: list[Pattern] = field(default_factory=list)
    ended: list[Pattern] = field(default_factory=list)
    landlords: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)  # table -> its columns, for COPY

    @property
    def tables(self) -> list[str]:
        return list(self.columns)


# ---------------------------------------------------------------- organisations and people


def make_homes(app: Flask, number: int, start: int, network: str) -> list[Home]:
    """Make organisations with their keys and people, by the services; the first has the slug of the stories."""
    made = []
    with app.app_context(), tenancy.acting(tenancy.NOBODY):
        for place in range(start, start + number):
            slug = FIRST if place == 0 else f"proef-{place}"
            prefix = f"P{place}"
            tenant = service.create_tenant(slug, f"OCMW {slug}", network=network, prefix=prefix)
            users = [_make_user(f"iemand.{place}.{k}", tenant, PASSWORD if k == 0 else None) for k in range(COLLEAGUES)]
            made.append(Home(tenant.id, prefix, tuple(users)))
            db.session.remove()
    return made


def _make_user(name: str, tenant: Any, password: str | None) -> int:
    user = service.create_user(name, password, first_name="An", last_name=name, email=f"{name}@proef.test")
    service.add_member(tenant, user, [Role.SOCIAL_WORKER])
    return int(user.id)


def tell_stories(app: Flask, today: date) -> None:
    """The demo's stories in the first organisation, through the services."""
    with app.app_context(), tenancy.acting(tenancy.NOBODY):
        tenant = service.tenant_by_slug(FIRST)
        region = DemoRegion(today=today, networks={}, tenants={FIRST: tenant}, users={}, home_of={})
        db.session.commit()  # the stories act for the organisation, so in a transaction of their own
        stories.load(region)
        db.session.remove()


# ---------------------------------------------------------------- patterns


def read_patterns(app: Flask, settings: Settings, home: Home) -> Patterns:
    """Take the first organisation's rows apart into patterns."""
    found = Patterns()
    tables = [t for t in Model.metadata.sorted_tables if _is_of_case(t)]
    found.columns = {t.name: ", ".join(f'"{c.name}"' for c in t.columns) for t in tables}
    with (
        app.app_context(),
        tenancy.acting(tenancy.Context(tenant_id=home.tenant)),
        psycopg.connect(settings.owner_database_url) as connection,
    ):
        facts = {str(fact_id(case_id)): str(case_id) for case_id in db.session.scalars(select(Case.id))}
        rows = {t.name: [_named(t, line) for line in _dump(connection, t, home)] for t in tables}
        own_landlords = rows.pop("landlord")
        landlords = {row["id"]: f"l{place}" for place, row in enumerate(own_landlords)}
        of_case: dict[str, list[tuple[Table, dict[str, str]]]] = {}
        for table in tables:
            for row in rows.get(table.name, ()):
                case_id = facts[row["id"]] if table.name == "case_fact" else row.get("case_id", row["id"])
                if case_id != NULL:
                    of_case.setdefault(case_id, []).append((table, row))
        writer = _Writer(found, landlords, {str(user): f"u{place}" for place, user in enumerate(home.users)})
        for own in of_case.values():
            writer.add_case(own)
        found.landlords = [writer.line(Model.metadata.tables["landlord"], row, {}) for row in own_landlords]
        db.session.remove()
    return found


def _is_of_case(table: Table) -> bool:
    """The tables that hold a case's rows; the trail has its own way in."""
    own = "case_id" in table.c or table.name in ("case_file", "landlord", "case_fact")
    return "tenant_id" in table.c and own and table.name != "audit_event"


def _dump(connection: psycopg.Connection[Any], table: Table, home: Home) -> Iterator[str]:
    columns = sql.SQL(", ").join(sql.Identifier(c.name) for c in table.columns)
    query = sql.SQL("COPY (SELECT {} FROM {} WHERE tenant_id = {}) TO STDOUT").format(
        columns, sql.Identifier(table.name), sql.Literal(home.tenant)
    )
    with connection.cursor().copy(query) as copy:
        text = b"".join(bytes(block) for block in copy).decode()
    yield from text.splitlines()


def _named(table: Table, line: str) -> dict[str, str]:
    return dict(zip([c.name for c in table.columns], line.split("\t"), strict=True))


class _Writer:
    """Turns rows into lines for COPY with slots such as %(tenant)s."""

    def __init__(self, found: Patterns, landlords: dict[str, str], users: dict[str, str]) -> None:
        self.found, self.landlords, self.users = found, landlords, users
        self.texts: dict[str, str] = {}

    def add_case(self, own: Sequence[tuple[Table, dict[str, str]]]) -> None:
        ids = {row["id"]: f"i{place}" for place, (_, row) in enumerate(own)}
        case = next(row for table, row in own if table.name == "case_file")
        rows: dict[str, str] = {}
        for table, row in own:
            rows[table.name] = rows.get(table.name, "") + self.line(table, row, ids)
        pattern = Pattern(rows, len(ids), case["address_line"], int(case["opened_on"][:4]))
        (self.found.running if case["state"] == CaseState.OPEN else self.found.ended).append(pattern)

    def line(self, table: Table, row: dict[str, str], ids: dict[str, str]) -> str:
        return "\t".join(self._part(table, row, name, ids) for name in row) + "\n"

    def _part(self, table: Table, row: dict[str, str], name: str, ids: dict[str, str]) -> str:
        value = row[name]
        slot = self._slot(table, row, name)
        if name == "insz_hash":  # would find all copies of a person
            return NULL
        if value == NULL:
            return NULL
        if name in USER_COLUMNS and value in self.users:
            slot = self.users[value]
        elif value in ids or value in self.landlords:
            slot = ids.get(value) or self.landlords[value]
        elif isinstance(table.c[name].type, Sealed | SealedJson):
            slot = self._text(unseal(bytes.fromhex(value.removeprefix(r"\\x"))).decode())
        return f"%({slot})s" if slot else value.replace("%", "%%")

    def _slot(self, table: Table, row: dict[str, str], name: str) -> str | None:
        """The slots that hang on the column's name alone."""
        if name == "tenant_id":
            return "tenant"
        if table.name == "case_file" and name in ("number", "display_name", "sort_key", "search_text"):
            return name
        if table.name == "person" and row["position"] == "0" and name in ("first_name", "last_name", "sort_key"):
            return name
        return "roll" if name == "roll_number" else None

    def _text(self, plain: str) -> str:
        if plain not in self.texts:
            self.texts[plain] = f"s{len(self.texts)}"
            self.found.texts.append(plain)
        return self.texts[plain]


# ---------------------------------------------------------------- copies


def copy_cases(
    app: Flask, settings: Settings, homes: Sequence[Home], patterns: Patterns, cases: int, first: int = FIRST_SERIAL
) -> None:
    """Give each organisation so many cases, numbered from `first`. As superuser and without triggers: nobody's work,
    so no trail."""
    with psycopg.connect(settings.owner_database_url) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        for home in homes:
            for table, lines in _copies(app, home, patterns, range(first, first + cases)).items():
                with connection.cursor().copy(f'COPY "{table}" ({patterns.columns[table]}) FROM STDIN') as copy:
                    copy.write("".join(lines))
            connection.commit()


def _copies(app: Flask, home: Home, patterns: Patterns, serials: range) -> dict[str, list[str]]:
    random = Random(home.prefix)
    words = material()
    names, families = [*words["women"], *words["men"]], words["families"]
    of_home = _of_home(app, home, patterns)
    key_of, plain_of = cache(sort_key), cache(plain)  # the same names and addresses come again
    began = time.time_ns() // 1_000_000
    lines: dict[str, list[str]] = {table: [] for table in patterns.tables}
    lines["landlord"] = [line % of_home for line in patterns.landlords]
    for serial in serials:
        pattern = random.choice(patterns.running if random.random() < OPEN_SHARE else patterns.ended)
        first, last = random.choice(names), random.choice(families)
        number, roll = file_number(home.prefix, pattern.year, serial), f"{pattern.year % 100}A{10000 + serial}"
        values = of_home | {f"i{k}": _fresh_id(random, began + serial) for k in range(pattern.ids)}
        values["first_name"], values["last_name"], values["sort_key"] = first, last, key_of(last, first)
        values["number"], values["roll"], values["display_name"] = number, roll, display_name(last, first)
        values["search_text"] = " ".join(
            [plain_of(values["display_name"]), plain_of(pattern.address), number.lower(), roll.lower()]
        )
        for table, text in pattern.rows.items():
            lines[table].append(text % values)
    return lines


def _fresh_id(random: Random, milliseconds: int) -> str:
    """A UUID version 7 as text, as `uuid7` makes them but ten times as fast: millions are needed."""
    bits = random.getrandbits(72)
    return f"{milliseconds:012x}7{bits >> 60:03x}8{bits & (1 << 60) - 1:015x}"


def _of_home(app: Flask, home: Home, patterns: Patterns) -> dict[str, str]:
    """What is the same in all of an organisation's rows: itself, its people, landlords and sealed texts."""
    with app.app_context(), tenancy.acting(tenancy.Context(tenant_id=home.tenant)):
        sealed = {f"s{k}": r"\\x" + seal(plain.encode()).hex() for k, plain in enumerate(patterns.texts)}
        db.session.remove()
    ids = {f"l{k}": str(uuid7()) for k in range(len(patterns.landlords))}
    return {"tenant": str(home.tenant), **ids, **{f"u{k}": str(user) for k, user in enumerate(home.users)}, **sealed}


def copy_rows(connection: psycopg.Connection[Any], model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """COPY rows of one form into a table; a column that they leave out gets the model's own default."""
    defaults = {
        column.name: column.default.arg
        for column in model.__table__.columns
        if column.default is not None and column.default.is_scalar and column.name not in rows[0]
    }
    columns = ", ".join(f'"{name}"' for name in [*rows[0], *defaults])
    with connection.cursor().copy(f"COPY {model.__tablename__} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([*row.values(), *defaults.values()])


def count_rows(settings: Settings, tables: Sequence[str]) -> int:
    with psycopg.connect(settings.owner_database_url) as connection:
        query = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)) for table in tables
        )
        return sum(row[0] for row in connection.execute(query))
