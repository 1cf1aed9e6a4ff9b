"""What an organisation sets itself: points of the caseload, conditions of guidance; by team lead or administrator."""

from decimal import Decimal

import pytest

from app.database import db
from app.security.roles import Role
from tenants.caseload.rules import STANDARD
from tenants.caseload.service import loads, weights
from tenants.cases.models import Case
from tenants.guidance import own as guidance
from tenants.guidance import service
from tenants.guidance.codes import Condition, ProcedureKind

pytestmark = pytest.mark.usefixtures("on_tuesday")
POINTS, CONDITIONS = "/eigen-regels/gewichten/", "/eigen-regels/"
FILLED = {f"stage_{stage}": str(points) for stage, points in STANDARD.by_stage.items()} | {
    f"procedure_{kind}": str(points) for kind, points in STANDARD.by_procedure.items()
}
OWN = {"least": "3", "most": "5", "rent_share": "33,3", "accepts_budget_help": "y", "source": "BCSD van 12 maart 2026"}


@pytest.fixture
def team(organisation):
    return organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD, Role.TENANT_ADMIN)


def test_the_team_lead_sets_points_and_goes_back(team, proceeding, sign_in, send, reading, read):
    proceeding(team)
    lead = sign_in(team, Role.TEAM_LEAD)
    assert "Standaard: 1" in read(lead.get(POINTS))
    assert send(lead, POINTS, **FILLED | {"stage_petition": "7"}, seen="0").status_code == 302
    with reading(team):
        assert loads()[team.users[Role.SOCIAL_WORKER].id].points == 7
    board = read(lead.get("/team/"))
    assert "Verzoekschrift 7" in board
    late = send(sign_in(team, Role.TENANT_ADMIN), POINTS, **FILLED | {"stage_petition": "9"}, seen="0")
    assert late.status_code == 409  # the administrator looked before the team lead saved
    assert 'value="9"' in late.get_data(as_text=True)
    page = read(lead.get(POINTS))
    assert "Terug naar de standaard" in page
    assert send(lead, f"{POINTS}standaard", seen="1").status_code == 302
    with reading(team):
        assert weights()[0].by_stage == STANDARD.by_stage


@pytest.mark.parametrize("points", ["", "-1", "21", "veel", "99999999999999999999"])
def test_points_that_can_not_be(team, sign_in, send, reading, points):
    answer = send(sign_in(team, Role.TEAM_LEAD), POINTS, **FILLED | {"procedure_fbu": points}, seen="0")
    assert answer.status_code == 422
    assert "procedure_fbu-error" in answer.get_data(as_text=True)
    with reading(team):
        assert weights()[1].version == 0


def test_conditions_count_for_the_next_case(team, proceeding, sign_in, send, reading, read):
    case_id = proceeding(team, arrears_months=Decimal("2.5"), arrears=None).case_id
    admin = sign_in(team, Role.TENANT_ADMIN)
    assert send(admin, CONDITIONS, **OWN, seen="0").status_code == 302
    with reading(team):
        found = {c.condition: c for c in service.checks_now(db.session.get(Case, case_id))[ProcedureKind.FBU]}
        assert Condition.POSITIVE_BUDGET not in found
        assert found[Condition.TWO_TO_SIX_MONTHS].may_depart
    page = read(sign_in(team).get(f"/begeleiding/dossier/{case_id}/"))
    assert "2,5 keer de huur: minder dan 3" in page
    assert "eigen regel: BCSD van 12 maart 2026" in page
    assert "33,3 % van het inkomen" in page
    assert send(admin, f"{CONDITIONS}standaard", seen="1").status_code == 302
    with reading(team):
        assert guidance.own_rules() == guidance.STANDARD


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [({"source": ""}, "source-error"), ({"most": "2"}, "most-error"), ({"least": "twee"}, "least-error"),
     ({"rent_share": "3"}, "rent_share-error"), ({"least": ""}, "least-error")],
)  # fmt: skip
def test_conditions_that_can_not_be(team, sign_in, send, reading, fields, wrong):
    answer = send(sign_in(team, Role.TEAM_LEAD), CONDITIONS, **OWN | fields, seen="0")
    assert answer.status_code == 422
    assert wrong in answer.get_data(as_text=True)
    assert "BCSD van 12 maart" in answer.get_data(as_text=True) or fields == {"source": ""}
    with reading(team):
        assert guidance.kept().version == 0


def test_a_social_worker_sets_nothing(team, sign_in, send):
    for address in (POINTS, CONDITIONS):
        assert sign_in(team).get(address).status_code == 403
        assert send(sign_in(team), address, **FILLED, **OWN, seen="0").status_code == 403


def test_one_organisation_s_rules_are_its_own(team, organisation, sign_in, send, reading):
    other = organisation(Role.TEAM_LEAD)
    send(sign_in(team, Role.TEAM_LEAD), POINTS, **FILLED | {"stage_petition": "7"}, seen="0")
    with reading(other, Role.TEAM_LEAD):
        assert weights()[0].by_stage == STANDARD.by_stage
