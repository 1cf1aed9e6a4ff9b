"""A playbook of 2,000 pages with their versions, and one that prints on 200 pages; searching, showing, printing.

The texts are the blocks of the pages with which a network starts, in another order on every page.
"""

import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from random import Random
from typing import Any

import pikepdf
import psycopg
from flask import Flask
from sqlalchemy import select

from app import tenancy
from app.config import Settings
from app.database import db
from app.identifiers import uuid7
from app.jobs import run_worker
from app.security.models import Network, Tenant
from bench import statements
from bench.measuring import Result, compare, medians
from bench.region import copy_rows
from playbook.handbook import printing
from playbook.handbook.demo import START
from playbook.handbook.markdown import render
from playbook.handbook.models import Chapter, Page, PageVersion
from playbook.handbook.search import search
from tenants.organisations import service

PAGES, VERSIONS, CHAPTERS = 2_000, 5, 20
BLOCKS = (6, 22)  # of a page: from a short note to a chapter's core
PRINTED, PRINTED_PAGES = "proef-boek", 200  # the slug of the network whose playbook is printed; pages of its PDF
PRINTED_CHAPTERS, PRINTED_LEAVES = 8, 134
SEARCH_MS, PRINT_MS = 50, 30_000
WORDS = ("uithuiszetting", "huurder vrederechter", "afbetalingsplan OCMW", '"de zitting"', "nachtopvang -vonnis")


# ---------------------------------------------------------------- filling


def fill(app: Flask, settings: Settings, network: str, author: int) -> str:
    """Fill the network's playbook, and that of one that has nothing else; the address of a page in the middle."""
    with app.app_context():
        service.create_network(PRINTED, "Proefboek")
        ids = dict(db.session.execute(select(Network.slug, Network.id)).all())
        db.session.remove()
    texts = _texts()
    with psycopg.connect(settings.owner_database_url) as connection:
        connection.execute("SET session_replication_role = replica")
        _write(connection, ids[network], author, texts, CHAPTERS, PAGES)
        _write(connection, ids[PRINTED], author, texts, PRINTED_CHAPTERS, PRINTED_LEAVES)
        connection.commit()
    return f"/draaiboek/blad-{PAGES // 2 + PAGES // CHAPTERS // 2}/"  # in the middle of a chapter in the middle


def _texts() -> list[tuple[str, str]]:
    """(Markdown, plain) of every block of the start pages but their headings, and those apart."""
    files = [path for path in sorted(START.rglob("*.md")) if path.name != "hoofdstuk.md"]
    blocks = [block for path in files for block in render(path.read_text().partition("\n")[2]).blocks]
    return [(block.source, render(block.source).plain) for block in blocks if block.source.strip()]


def _write(
    connection: psycopg.Connection[Any],
    network: uuid.UUID,
    author: int,
    texts: list[tuple[str, str]],
    chapters: int,
    pages: int,
) -> None:
    random, now = Random(pages), datetime.now(UTC)
    chapter_ids = [uuid7() for _ in range(chapters)]
    copy_rows(
        connection,
        Chapter,
        [
            {"network_id": network, "id": each, "slug": f"deel-{number}", "title": f"Hoofdstuk {number}",
             "summary": "Wat wij doen, en met wie.", "position": number}
            for number, each in enumerate(chapter_ids, start=1)
        ],
    )  # fmt: skip
    leaves: list[dict[str, Any]] = []
    versions: list[dict[str, Any]] = []
    top: dict[uuid.UUID, uuid.UUID] = {}  # of each chapter the page under which others stand
    for number in range(pages):
        chosen = random.sample(texts, random.randint(*BLOCKS))
        chapter, page_id = chapter_ids[number * chapters // pages], uuid7()
        title = " ".join(chosen[0][1].split()[:6])[:100].strip(" .,:;") or "Blad"
        parent = top.get(chapter) if number % 3 else None
        top[chapter] = page_id if parent is None else top[chapter]
        at = now - timedelta(days=random.uniform(1, 900))
        leaves.append(
            {
                "network_id": network, "id": page_id, "chapter_id": chapter, "parent_id": parent,
                "position": number + 1, "slug": f"blad-{number}", "title": f"{title} ({number})",
                "body": "\n\n".join(source for source, _plain in chosen),
                "plain": "\n".join(plain for _source, plain in chosen),
                "version": VERSIONS, "changed_at": at, "changed_by": author, "published_to_all": False,
            }
        )  # fmt: skip
        for version in range(1, VERSIONS + 1):
            kept = chosen[: len(chosen) - VERSIONS + version]
            versions.append(
                {
                    "network_id": network, "id": uuid7(), "page_id": page_id, "number": version,
                    "title": leaves[-1]["title"], "body": "\n\n".join(source for source, _plain in kept),
                    "at": at - timedelta(days=VERSIONS - version), "author_id": author, "comment": "aangevuld",
                }
            )  # fmt: skip
    copy_rows(connection, Page, leaves)
    copy_rows(connection, PageVersion, versions)


# ---------------------------------------------------------------- measuring


def measure_search(app: Flask, warm: psycopg.Connection[Any], tenant: uuid.UUID, user: int, rounds: int) -> Result:
    """The statements of a search among PAGES pages, at the database: the slowest of some searches."""
    with app.app_context():
        network_id = db.session.get_one(Tenant, tenant).network_id
        db.session.remove()
    context = tenancy.Context(tenant, user, network_id)
    asked: dict[str, Callable[[], object]] = {
        words: partial(statements.replay, warm, statements.record_call(app, context, partial(search, words)))
        for words in WORDS
    }
    times = medians(asked, rounds, seconds=4)
    slowest = max(times, key=times.__getitem__)
    name = f"playbook, search in {PAGES:,} pages"
    return compare(name, times[slowest], f"the {SEARCH_MS} ms it may take ({slowest})", SEARCH_MS, 1.0)


def measure_print(app: Flask, settings: Settings, user: int) -> list[Result]:
    """The whole playbook of PRINTED as a PDF: the job, by a worker in this process."""
    with app.app_context():
        network_id = db.session.scalars(select(Network.id).where(Network.slug == PRINTED)).one()
        db.session.remove()
    context = tenancy.Context(None, user, network_id)
    with app.app_context(), tenancy.acting(context):
        row_id = printing.ask(None).id
        db.session.remove()
    start = time.perf_counter()
    run_worker(app, settings.database_url, wait=False)
    took = (time.perf_counter() - start) * 1000
    with app.app_context(), tenancy.acting(context):
        row = printing.find(row_id)
        with pikepdf.open(BytesIO(printing.content(row))) as pdf:
            pages = len(pdf.pages)
        progress = row.done
        db.session.remove()
    if pages < PRINTED_PAGES or progress < pages // 2:
        raise RuntimeError(f"{pages} pages printed, {progress} of them told of: too few to mean anything")
    return [compare(f"playbook, PDF of {pages} pages", took, f"the {PRINT_MS // 1000} s it may take", PRINT_MS, 1.0)]
