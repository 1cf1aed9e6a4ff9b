"""The demo fills an empty database once, and what it wrote is whole: facts equal cases, the trail verifies."""

import json
import os
import subprocess
import sys
import tempfile

import pytest
from email_validator import validate_email

from app.cli import ROOT

# In a process of its own: the demo brings its own database, keys and portal.
SCRIPT = """
import json, multiprocessing, os, uuid
from datetime import UTC, datetime
from sqlalchemy import func, select, text
from app import tenancy
from app.audit.service import verify
from app.cli import data_dir
from app.database import db
from app.documents.typesetting import typeset_pdf
from app.operation import embedded
os.environ.update(embedded.demo_environment(data_dir()))
from tenants.demo.cli import prepare
app = prepare(reset=True, scale=0.03)
def typeset():
    moment = {"identifier": uuid.UUID(int=7), "created": datetime(2021, 3, 4, tzinfo=UTC)}
    typeset_pdf("<h1>Proef</h1>", style="agreement-1", title="Proef", lang="nl-BE", **moment)
worker = multiprocessing.get_context("fork").Process(target=typeset, daemon=True)
worker.start()
worker.join(20)
with app.app_context():
    from app.security.models import Tenant
    from tenants.cases.facts import rebuild
    from tenants.cases.models import Case, Person
    from tenants.dialogue.models import DialogueContact
    from tenants.demo import service
    def seen(tenant_id):
        with tenancy.acting(tenancy.Context(tenant_id)):
            number = db.session.scalar(select(func.count()).select_from(Case))
            tables = ("petition", "hearing", "judgment", "outreach_attempt", "task", "note", "membership")
            rows = [db.session.scalar(text(f"SELECT count(*) FROM {t}")) for t in tables]
            db.session.commit()
        return [number, rows]
    # Their ids and no more: a rollback on the way would read a tenant again, as somebody else than who looks.
    tenants = dict(db.session.execute(select(Tenant.slug, Tenant.id)).all())
    db.session.commit()
    first = {slug: seen(tenant) for slug, tenant in tenants.items()}
    loaded = service.is_loaded()
    region = service.load()
    again = {slug: seen(tenant) for slug, tenant in tenants.items()}
    with tenancy.acting(tenancy.Context(tenants["oostende"])):
        mail = {user.email for user in region.users.values()}
        mail |= set(filter(None, db.session.scalars(select(Person.email)))) | set(
            filter(None, db.session.scalars(select(DialogueContact.email)))
        )
        db.session.commit()
    print(json.dumps({
        "mail": sorted(mail),
        "loaded": loaded, "first": first, "again": again,
        "agreements": {slug: len(ids) for slug, ids in region.agreement_cases.items()},
        "different": {slug: len(rebuild(t)[1]) for slug, t in tenants.items()},
        "faults": [verify(t).fault for t in tenants.values()],
        "people": len(region.users),
        "worker": worker.exitcode,
    }))
"""


@pytest.fixture(scope="module")
def report():
    # Not pytest's own folder: every pytest that starts closes it to the user under whom the database runs.
    with tempfile.TemporaryDirectory(prefix="woonvast-demo-") as folder:
        yield load_twice(folder)


def load_twice(folder):
    env = {name: value for name, value in os.environ.items() if not name.startswith("WOONVAST_")}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=ROOT, env=env | {"WOONVAST_DATA_DIR": folder},
        capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_every_organisation_has_cases_and_the_big_ones_many(report):
    cases = {slug: number for slug, (number, _rows) in report["first"].items()}
    assert len(cases) == 19
    assert min(cases.values()) > 0
    assert cases["oostende"] > cases["kortrijk"] > cases["menen"] > cases["wielsbeke"]


def test_a_worker_forked_off_the_process_that_filled_the_demo_makes_documents(report):
    assert report["worker"] == 0


def test_loading_again_changes_nothing(report):
    assert report["loaded"]
    assert report["again"] == report["first"]


def test_facts_equal_cases_and_the_trail_is_whole(report):
    assert set(report["different"].values()) == {0}
    assert set(report["faults"]) == {None}


def test_there_are_cases_that_deserve_an_agreement(report):
    assert report["agreements"] == {"oostende": 3, "kortrijk": 2, "menen": 1, "bredene": 1}


def test_the_forms_that_show_a_mail_address_take_it_again(report):
    assert len(report["mail"]) > report["people"]
    for address in report["mail"]:
        validate_email(address, check_deliverability=False)
