"""The data protection officer reads and keeps the trail of their own organisation."""

import ast
import re
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import load_workbook

from app.security.roles import Role
from tenants.file_copy.service import WHY
from tenants.organisations.trail import REASONS
from tenants.referrals.views import AS_READ
from tests.tenants.cases.test_opening import opened

ROOT = Path(__file__).parents[3]


@pytest.fixture
def ocmw(app, organisation):
    made = organisation(Role.SOCIAL_WORKER, Role.DPO)
    with app.app_context(), made.acting():
        opened()
    return made


@pytest.fixture
def dpo(ocmw, sign_in):
    return sign_in(ocmw, Role.DPO)


def number_of_events(client, query=""):
    return int(re.search(r"data-announce>(\d+) regel", client.get(f"/toegangen/{query}").text).group(1))


def test_an_opening_stands_there_at_once_and_only_for_ones_own(ocmw, dpo, organisation, sign_in):
    before = number_of_events(dpo)
    colleague = sign_in(ocmw, Role.SOCIAL_WORKER)
    case = re.search(r'href="(/dossiers/[0-9a-f-]{36}/)"', colleague.get("/dossiers/").text).group(1)
    colleague.get(case)
    assert number_of_events(dpo) == before + 1
    assert number_of_events(dpo, "?wat=read") == 1
    assert number_of_events(sign_in(organisation(Role.DPO), Role.DPO)) < before
    assert colleague.get("/toegangen/").status_code == 403


def test_a_day_that_nobody_means_asks_for_nothing(dpo):
    everything = number_of_events(dpo)
    assert number_of_events(dpo, "?van=2000-01-01&tot=2099-12-31") == everything
    assert number_of_events(dpo, "?van=0001-01-01&tot=9999-12-31") == everything
    assert number_of_events(dpo, "?van=morgen&tot=") == everything


def test_the_export_has_a_line_for_each_event_and_stands_in_the_trail(dpo, csrf):
    before = number_of_events(dpo)
    answer = dpo.post("/toegangen/uitvoer/", data={"csrf_token": csrf(dpo)})
    rows = load_workbook(BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert len(rows) - 1 == before
    assert number_of_events(dpo, "?wat=export") == 1


def test_every_reason_is_told_in_words():
    """What the sources give as the reason of an opening or an export, literally or by the name of a constant."""
    given = set(WHY.values()) | {AS_READ}
    for path in (path for part in ("app", "playbook", "tenants") for path in (ROOT / part).rglob("*.py")):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            place = {"record_read": 3, "record_export": 1}.get(getattr(call.func, "id", ""))
            if place is not None and isinstance(call.args[place], ast.Constant):
                given.add(call.args[place].value)
    assert given == set(REASONS)
