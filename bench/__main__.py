"""`make bench`: fill many organisations, then measure pages and papers in one run. See README.md beside this."""

import argparse
import atexit
import base64
import json
import os
import platform
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())

import django
import psycopg
from flask import Flask
from sqlalchemy import make_url

from app.config import Settings, read_settings
from app.database import db, embedded_urls, upgrade
from app.factory import create_app
from app.operation import embedded
from bench import additions, django_site, duplicates, pages, papers, playbooks, region, registers, servers
from bench.browser import Browser
from bench.measuring import Result, table
from bench.pages import LIST, Compared
from tenants.petitions.rules import BRUSSELS

STARTED = time.monotonic()
OUT = Path(__file__).parent / "out"  # not committed
FEW = 10  # organisations of the smaller database


@dataclass(frozen=True)
class Size:
    homes: int
    cases: int  # of each organisation
    rounds: int
    seconds: float  # at most for each comparison
    imported: int  # rows of the register that is imported, and not only previewed


SIZES = {
    "full": Size(300, 3334, 101, 60, registers.ROWS),
    "small": Size(30, 2000, 61, 5, 2_000),
    "tiny": Size(11, 150, 3, 5, 500),
}
DATABASE, FEW_DATABASE = "bench", "bench_few"


@dataclass(frozen=True)
class Filled:
    """The filled database: the organisation that is measured and the large one, who signs in, what is asked.

    playbook: the address of a page of it.
    """

    home: region.Home
    large: region.Home
    person: str
    pages: list[Compared]
    playbook: str


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="full")
    size = SIZES[parser.parse_args().size]
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    atexit.register(shutil.rmtree, OUT / "pg", ignore_errors=True)  # after the server's own clean-up, hence before it
    say(f"{machine()}; Django {django.get_version()}")
    try:
        with postgres() as server:
            found = measure(server, size)
        found += papers.measure(OUT / "papers", size.rounds, size.seconds)
    finally:
        shutil.rmtree(OUT / "pg", ignore_errors=True)
        shutil.rmtree(OUT / "papers", ignore_errors=True)
    (OUT / "latest.json").write_text(json.dumps([asdict(each) for each in found], indent=1) + "\n")
    print(table(found))
    if any(each.name == papers.NAME and each.reference_ms is None for each in found):
        print("LibreOffice is not installed (apt-get install libreoffice-writer-nogui): nothing to compare with.")
    say(f"written to {OUT / 'latest.json'}")


def say(text: str) -> None:
    print(f"{time.monotonic() - STARTED:4.0f} s  {text}", file=sys.stderr, flush=True)


def machine() -> str:
    load = os.getloadavg()[0]
    return f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}"


@contextmanager
def postgres() -> Iterator[Any]:
    server = embedded.start(OUT / "pg")
    try:
        # Millions of rows in a row, that would be made again after a crash.
        configure(server, max_wal_size="4GB", fsync="off", full_page_writes="off")
        yield server
    finally:
        server.cleanup()


def configure(server: Any, **values: str | None) -> None:
    """Set the server's settings from now on; None: as they come."""
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for name, value in values.items():
            connection.execute(f"ALTER SYSTEM SET {name} = '{value}'" if value else f"ALTER SYSTEM RESET {name}")
        connection.execute("SELECT pg_reload_conf()")


def measure(server: Any, size: Size) -> list[Result]:
    """Fill both databases, then let everybody make the same pages."""
    settings, environment = settings_of(server)
    upgrade(settings)
    app = create_app(settings)
    say("the database is there; filling it")
    filled = fill(app, settings, server, size)
    home = filled.home
    grant_django(settings)
    few = f"itself among {FEW} organisations, not {size.homes}"
    with seats_of(settings, environment, app, filled) as seats:
        say("the servers answer")
        listed = next(page for page in filled.pages if page.name == LIST)
        pages.check_same_rows(seats.ours.get(listed.ours), seats.django.get(listed.theirs), settings, home)
        found = []
        for page in filled.pages:
            say(f"measuring {page.name} …")
            found += pages.measure(seats, page, few, size.rounds, size.seconds)
        say("measuring the playbook, and finding households again …")
        found.append(
            pages.measure_with_template(seats, "playbook, page", filled.playbook, size.rounds, size.seconds / 2)
        )
        found.append(playbooks.measure_search(app, seats.warm, home.tenant, home.users[0], size.rounds))
        found += duplicates.measure(app, filled.large, size.rounds)
    say("printing a playbook …")
    found += playbooks.measure_print(app, settings, home.users[0])
    say("reading in a register …")
    return found + registers.measure(app, home, size.imported)


@contextmanager
def seats_of(settings: Settings, environment: dict[str, str], app: Flask, filled: Filled) -> Iterator[pages.Seats]:
    """The servers, and somebody signed in at each."""
    few = make_url(settings.database_url).set(database=FEW_DATABASE).render_as_string(hide_password=False)
    with ExitStack() as running:
        few_environment = {**environment, "WOONVAST_DATABASE_URL": few, "WOONVAST_OWNER_DATABASE_URL": ""}
        django_environment = {"BENCH_DJANGO_URL": settings.owner_database_url, "BENCH_TENANT": str(filled.home.tenant)}
        starting = [
            servers.portal(environment, OUT / "portal.log"),
            servers.portal(few_environment, OUT / "portal-few.log"),
            servers.django_admin(django_environment, OUT / "django.log"),
        ]
        with ThreadPoolExecutor() as pool:  # each takes some seconds
            port, few_port, django_port = pool.map(running.enter_context, starting)
        ours, few_browser, theirs = Browser(port), Browser(few_port), Browser(django_port)
        ours.sign_in("/login/", filled.person, region.PASSWORD)
        few_browser.sign_in("/login/", filled.person, region.PASSWORD)
        theirs.sign_in("/admin/login/", django_site.USERNAME, django_site.PASSWORD)
        warm = running.enter_context(psycopg.connect(settings.database_url, prepare_threshold=None))
        yield pages.Seats(app, ours, theirs, few_browser, warm)


# ---------------------------------------------------------------- databases


def settings_of(server: Any) -> tuple[Settings, dict[str, str]]:
    portal, owner = embedded_urls(server, DATABASE)
    environment = {
        "WOONVAST_DATABASE_URL": portal,
        "WOONVAST_OWNER_DATABASE_URL": owner,
        "WOONVAST_SECRET_KEY": secrets.token_urlsafe(48),
        "WOONVAST_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "WOONVAST_DATA_DIR": str(OUT / "pg" / "var"),
        "WOONVAST_INSECURE_COOKIES": "1",
    }
    return read_settings(environment), environment


def fill(app: Flask, settings: Settings, server: Any, size: Size) -> Filled:
    """Fill FEW organisations, keep a copy of that database, and fill the others; one of the first is measured."""
    from tenants.organisations import service

    with app.app_context():
        network = service.create_network("proef", "Proefnetwerk").slug
    homes = region.make_homes(app, FEW, 0, network)
    region.tell_stories(app, datetime.now(BRUSSELS).date())
    patterns = region.read_patterns(app, settings, homes[0])
    region.copy_cases(app, settings, homes, patterns, size.cases)
    additions.add_reports(app, settings, homes)
    with app.app_context():
        db.engine.dispose()
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {FEW_DATABASE} TEMPLATE {DATABASE}")
    rest = region.make_homes(app, size.homes - FEW, FEW, network)
    region.copy_cases(app, settings, rest, patterns, size.cases)
    additions.add_reports(app, settings, rest)
    home, large = homes[1], rest[-1]
    additions.enlarge(app, settings, large, patterns)
    person, case_id, family = examples(settings, home)
    busy_id = additions.busy_case(app, home, case_id)
    playbook = playbooks.fill(app, settings, network, home.users[0])
    for name in (DATABASE, FEW_DATABASE):
        with psycopg.connect(server.get_uri(name), autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
    configure(server, fsync=None, full_page_writes=None)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("CHECKPOINT")  # so that it does not come while pages are measured
    rows = region.count_rows(settings, patterns.tables)
    say(f"{size.homes} organisations, {size.homes * size.cases:,} cases, {rows:,} rows")
    return Filled(home, large, person, pages_of(case_id, busy_id, family), playbook)


def pages_of(case_id: str, busy_id: str, family: str) -> list[pages.Compared]:
    """The pages that are compared, each with what Django's admin has for it."""
    admin, named = "/admin/bench", quote(family)
    change, changelist = "change page", "changelist"
    return [
        Compared(LIST, "/dossiers/", f"{admin}/casefile/?state__exact=open", changelist, goal=True),
        Compared("search", f"/zoeken/?q={named}", f"{admin}/foundcase/?q={named}", changelist),
        Compared("case page", f"/dossiers/{case_id}/", f"{admin}/casefile/{case_id}/change/", change),
        Compared("Vandaag", "/vandaag/", f"{admin}/deadline/", "list of deadlines"),
        Compared("inbox", "/meldingen/", f"{admin}/report/", "reports", goal=True, either=True),
        Compared("team board", "/team/", f"{admin}/boardline/", "list of deadlines", goal=True, either=True),
        Compared("hearings", "/zittingen/", f"{admin}/heard/", "hearings to come", goal=True, either=True),
        Compared(
            f"timeline, {additions.EVENTS} events", f"/dossiers/{busy_id}/verloop?alles=1",
            f"{admin}/casefile/{busy_id}/change/", change, goal=True, either=True,
        ),
    ]  # fmt: skip


def examples(settings: Settings, home: region.Home) -> tuple[str, str, str]:
    """(user name, id of a running case on which much happened, a family name that many have) of an organisation."""
    with psycopg.connect(settings.owner_database_url) as connection:
        person = connection.execute("SELECT username FROM ab_user WHERE id = %s", [home.users[0]]).fetchone()
        case = connection.execute(
            "SELECT c.id FROM case_file c WHERE tenant_id = %(tenant)s AND state = 'open' ORDER BY attempts DESC,"
            " (SELECT count(*) FROM deadline d WHERE d.tenant_id = c.tenant_id AND d.case_id = c.id) DESC, id LIMIT 1",
            {"tenant": home.tenant},
        ).fetchone()
        family = connection.execute(
            "SELECT last_name FROM person WHERE tenant_id = %s GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
            [home.tenant],
        ).fetchone()
    assert person is not None
    assert case is not None
    assert family is not None
    return person[0], str(case[0]), family[0]


def grant_django(settings: Settings) -> None:
    """A login for Django: its own schema, the portal's tables to read, and past the row-level security."""
    role = django_site.ROLE
    with psycopg.connect(settings.owner_database_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN BYPASSRLS")
        connection.execute(f"CREATE SCHEMA {django_site.SCHEMA} AUTHORIZATION {role}")
        connection.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        connection.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}")


if __name__ == "__main__":
    main()
