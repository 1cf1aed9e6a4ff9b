"""Pages asked from the portal, in turn with the SQL behind them and with the same in Django's admin."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import psycopg
from flask import Flask

from app.config import Settings
from bench import django_site, statements
from bench.browser import Browser
from bench.measuring import Result, compare, medians
from bench.region import Home

LIST = "case list"
DJANGO_GOAL, SQL_GOAL = 0.7, 3.0
WITH_TEMPLATE = 2.0  # a page of the playbook: times its bare SQL plus its template


@dataclass(frozen=True)
class Compared:
    """A page: where we have it, where Django's admin has the same, and what that is called.

    goal: the issue asks for DJANGO_GOAL; either: or else for SQL_GOAL.
    """

    name: str
    ours: str
    theirs: str
    what: str
    goal: bool = False
    either: bool = False


@dataclass(frozen=True)
class Seats:
    """Who asks: signed in at the portal, at Django's admin, at the portal with few organisations; a bare connection."""

    app: Flask
    ours: Browser
    django: Browser
    few: Browser
    warm: psycopg.Connection

    @property
    def cookies(self) -> dict[str, str]:
        return {name: morsel.value for name, morsel in self.ours.cookies.items()}


def measure(seats: Seats, page: Compared, few: str, rounds: int, seconds: float) -> list[Result]:
    """The page's time beside its bare SQL's and Django's; `few` says with which smaller database the list grew."""
    recorded = statements.record(seats.app, seats.cookies, page.ours)
    contenders: dict[str, Callable[[], object]] = {
        "ours": partial(seats.ours.get, page.ours),
        "sql": partial(statements.replay, seats.warm, recorded),
        "django": partial(seats.django.get, page.theirs),
    }
    if page.name == LIST:
        contenders["few"] = partial(seats.few.get, page.ours)
    times = medians(contenders, rounds, seconds=seconds)
    ours = times["ours"]
    bare = compare(page.name, ours, "its bare SQL", times["sql"], SQL_GOAL if page.either else None)
    django = compare(page.name, ours, f"Django admin, {page.what}", times["django"], DJANGO_GOAL if page.goal else None)
    if page.either and (bare.ok or django.ok):  # one of the two is enough
        bare, django = replace(bare, ok=True), replace(django, ok=True)
    growth = [compare(page.name, ours, few, times["few"], 1.2)] if page.name == LIST else []
    return [bare, django, *growth]


def measure_with_template(seats: Seats, name: str, path: str, rounds: int, seconds: float) -> Result:
    """The page's time beside that of its bare SQL and of rendering its template, added up."""
    with statements.apart(seats.app, seats.cookies, path) as (recorded, render):
        contenders: dict[str, Callable[[], object]] = {
            "ours": partial(seats.ours.get, path),
            "sql": partial(statements.replay, seats.warm, recorded),
            "template": render,
        }
        times = medians(contenders, rounds, seconds=seconds)
    told = f"its bare SQL ({times['sql']:.1f}) + template ({times['template']:.1f})"
    return compare(name, times["ours"], told, times["sql"] + times["template"], WITH_TEMPLATE)


def check_same_rows(ours: str, theirs: str, settings: Settings, home: Home) -> None:
    """Both lists show the same cases: otherwise the comparison would compare nothing."""
    with psycopg.connect(settings.owner_database_url) as connection:
        rows = connection.execute(
            "SELECT number FROM case_file WHERE tenant_id = %s AND state = 'open' ORDER BY next_due_on, id LIMIT %s",
            [home.tenant, django_site.PAGE_SIZE],
        ).fetchall()
    for (number,) in rows:
        if number not in ours or number not in theirs:
            raise RuntimeError(f"case {number} is not in both lists")
