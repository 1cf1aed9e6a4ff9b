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
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
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
from bench import django_site, papers, region, registers, servers, statements
from bench.browser import Browser
from bench.measuring import Result, compare, medians, table
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


SIZES = {"full": Size(300, 3334, 101, 60), "small": Size(30, 2000, 61, 12), "tiny": Size(11, 150, 3, 5)}
DATABASE, FEW_DATABASE = "bench", "bench_few"
LIST, SEARCH, CASE, TODAY = "case list", "search", "case page", "Vandaag"


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
    home = fill(app, settings, server, size)
    person, case_id, family = examples(settings, home)
    ours = {
        LIST: "/dossiers/",
        SEARCH: f"/zoeken/?q={quote(family)}",
        CASE: f"/dossiers/{case_id}/",
        TODAY: "/vandaag/",
    }
    theirs = {
        LIST: "/admin/bench/casefile/?state__exact=open",
        SEARCH: f"/admin/bench/foundcase/?q={quote(family)}",
        CASE: f"/admin/bench/casefile/{case_id}/change/",
        TODAY: "/admin/bench/deadline/",
    }
    few = make_url(settings.database_url).set(database=FEW_DATABASE).render_as_string(hide_password=False)
    grant_django(settings)
    with ExitStack() as running:
        port = running.enter_context(servers.portal(environment, OUT / "portal.log"))
        few_environment = {**environment, "WOONVAST_DATABASE_URL": few, "WOONVAST_OWNER_DATABASE_URL": ""}
        few_port = running.enter_context(servers.portal(few_environment, OUT / "portal-few.log"))
        django_environment = {"BENCH_DJANGO_URL": settings.owner_database_url, "BENCH_TENANT": str(home.tenant)}
        django_port = running.enter_context(servers.django_admin(django_environment, OUT / "django.log"))
        browser, few_browser, django_browser = Browser(port), Browser(few_port), Browser(django_port)
        browser.sign_in("/login/", person, region.PASSWORD)
        few_browser.sign_in("/login/", person, region.PASSWORD)
        django_browser.sign_in("/admin/login/", django_site.USERNAME, django_site.PASSWORD)
        warm = running.enter_context(psycopg.connect(settings.database_url, prepare_threshold=None))
        cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
        say("the servers answer")
        check_same_rows(browser.get(ours[LIST]), django_browser.get(theirs[LIST]), settings, home)
        found = []
        for name, path in ours.items():
            recorded = statements.record(app, cookies, path)
            say(f"measuring {name} ({len(recorded)} statements) …")
            contenders: dict[str, Callable[[], object]] = {
                "ours": partial(browser.get, path),
                "sql": partial(statements.replay, warm, recorded),
                "django": partial(django_browser.get, theirs[name]),
            }
            if name == LIST:
                contenders["few"] = partial(few_browser.get, path)
            times = medians(contenders, size.rounds, seconds=size.seconds)
            found.append(compare(name, times["ours"], "its bare SQL", times["sql"]))
            what = "Django admin, " + {CASE: "change page", TODAY: "list of deadlines"}.get(name, "changelist")
            found.append(compare(name, times["ours"], what, times["django"], 0.7 if name == LIST else None))
            if name == LIST:
                growth = f"itself among {FEW} organisations, not {size.homes}"
                found.append(compare(name, times["ours"], growth, times["few"], 1.2))
    say("reading in a register …")
    return found + registers.measure(app, home)


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


def fill(app: Flask, settings: Settings, server: Any, size: Size) -> region.Home:
    """Fill FEW organisations, keep a copy of that database, and fill the others; one of the first is measured."""
    from tenants.organisations import service

    with app.app_context():
        network = service.create_network("proef", "Proefnetwerk").slug
    homes = region.make_homes(app, FEW, 0, network)
    region.tell_stories(app, datetime.now(BRUSSELS).date())
    patterns = region.read_patterns(app, settings, homes[0])
    region.fill(app, settings, homes, patterns, size.cases)
    with app.app_context():
        db.engine.dispose()
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {FEW_DATABASE} TEMPLATE {DATABASE}")
    rest = region.make_homes(app, size.homes - FEW, FEW, network)
    region.fill(app, settings, rest, patterns, size.cases)
    for name in (DATABASE, FEW_DATABASE):
        with psycopg.connect(server.get_uri(name), autocommit=True) as connection:
            connection.execute("VACUUM (ANALYZE)")
    configure(server, fsync=None, full_page_writes=None)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("CHECKPOINT")  # so that it does not come while pages are measured
    rows = region.count_rows(settings, patterns.tables)
    say(f"{size.homes} organisations, {size.homes * size.cases:,} cases, {rows:,} rows")
    return homes[1]


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


def check_same_rows(ours: str, theirs: str, settings: Settings, home: region.Home) -> None:
    """Both lists show the same cases: otherwise the comparison would compare nothing."""
    with psycopg.connect(settings.owner_database_url) as connection:
        rows = connection.execute(
            "SELECT number FROM case_file WHERE tenant_id = %s AND state = 'open' ORDER BY next_due_on, id LIMIT %s",
            [home.tenant, django_site.PAGE_SIZE],
        ).fetchall()
    for (number,) in rows:
        if number not in ours or number not in theirs:
            raise RuntimeError(f"case {number} is not in both lists")


if __name__ == "__main__":
    main()
