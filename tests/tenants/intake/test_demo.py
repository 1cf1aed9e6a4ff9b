"""The demo's reports: made once, some decided, one with a known household, one for the coordinator."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.database import db
from app.demo import DemoRegion
from app.security.models import Network
from app.security.roles import Role
from tenants.cases.facts import rebuild
from tenants.intake import demo, triage
from tenants.intake.codes import ReportState
from tenants.intake.models import Report, ReportSlip
from tenants.organisations import service as organisations
from tests.tenants.intake.test_triage import known_case

WORKER = "medewerker.kortrijk"


@pytest.fixture
def home(app, organisation, reading, monkeypatch):
    made = organisation(Role.SOCIAL_WORKER, Role.REGIONAL_COORDINATOR, name="OCMW Kortrijk")
    known_case(made, reading, "Lambert", "Nele", street="Markt", number="3")
    monkeypatch.setattr(demo, "PLACES", {made.tenant.slug: demo.PLACES["kortrijk"]})
    return made


@pytest.fixture
def loaded(app, home):
    """Load the demo into one OCMW, twice."""
    with app.app_context():
        if db.session.scalar(select(Network).where(Network.slug == "w13")) is None:
            organisations.create_network("w13", "W13")
        region = DemoRegion(
            datetime.now(UTC).date(),
            {"w13": home.network},
            {home.tenant.slug: home.tenant},
            {WORKER: home.users[Role.SOCIAL_WORKER], "coordinator.w13": home.users[Role.REGIONAL_COORDINATOR]},
            {WORKER: home.tenant.slug},
        )
        for _ in range(2):
            demo.load(region)
        db.session.remove()
    return home


def test_it_is_made_once_and_whole(loaded, reading):
    with reading(loaded):
        reports = db.session.scalars(select(Report).order_by(Report.received_at)).all()
        assert len(reports) == 5
        assert triage.counts() == {ReportState.RECEIVED: 3, ReportState.TAKEN_UP: 1, ReportState.CLOSED: 1}
        assert rebuild(loaded.tenant.id, write=False)[1] == []
        slips = {slip.id: slip.state for slip in db.session.scalars(select(ReportSlip))}
        assert {report.id: report.state for report in reports} == slips
        known = next(report for report in reports if report.told.last_name == "Lambert")
        assert [len(each.because) for each in triage.likely_cases(known.told)] == [2]


def test_one_waits_for_the_coordinator(loaded, stored):
    query = (
        "SELECT count(*) FROM report_slip s JOIN network n ON n.id = s.network_id"
        " WHERE n.slug = 'w13' AND held IS NOT NULL"
    )
    assert stored(query) == [(1,)]
