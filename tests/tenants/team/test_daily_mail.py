"""The daily mail: on working days, to who has something to do and wants it, with counts and nobody's name."""

from datetime import UTC, date, datetime
from email import message_from_bytes, policy

import pytest
import time_machine

from app.database import db
from app.jobs import run_worker
from app.security.roles import Role
from tenants.cases.tasks import NewTask, add_task
from tenants.team.jobs import remind, remind_people_of


@pytest.fixture
def ocmw(organisation, reading):
    made = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD, Role.DPO)
    with reading(made):
        worker = made.users[Role.SOCIAL_WORKER].id
        add_task(NewTask("Vermeulen bellen", date(2026, 11, 20), assigned_to=worker))
        add_task(NewTask("brief Peeters", date(2026, 11, 24), assigned_to=worker))
        add_task(NewTask("Maes volgende week", date(2026, 11, 27), assigned_to=worker))
    return made


def mails_of(app, settings, ocmw, moment, *, everybody=True):
    """What the periodic job (or its part for this organisation) and then the worker send at that moment, by address;
    other tests' people left out."""
    before = set(settings.outbox_dir.glob("*.eml"))
    with time_machine.travel(moment, tick=True):
        with app.app_context():
            if everybody:
                remind.func(timestamp=0)
            else:
                remind_people_of(ocmw.tenant.id, ocmw.network.id)
            db.session.remove()
        run_worker(app, settings.database_url, wait=False)
    sent = [
        message_from_bytes(p.read_bytes(), policy=policy.default)
        for p in set(settings.outbox_dir.glob("*.eml")) - before
    ]
    own = {user.email for user in ocmw.users.values()}
    return {mail["To"]: mail for mail in sent if mail["To"] in own}


TUESDAY = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)


def test_counts_and_nobodys_name(app, settings, ocmw):
    worker = ocmw.users[Role.SOCIAL_WORKER]
    mails = mails_of(app, settings, ocmw, TUESDAY)
    assert list(mails) == [worker.email]  # the lead has nothing to do, the DPO carries no cases
    body = mails[worker.email].get_content()
    assert "- te laat: 1\n" in body
    assert "- vandaag: 1\n" in body
    assert "- later deze week: 1\n" in body
    assert "/vandaag/" in body
    for word in ("Vermeulen", "Peeters", "Maes", worker.first_name, worker.last_name):
        assert word not in body


@pytest.mark.parametrize("day", [date(2026, 11, 28), date(2026, 12, 25)])  # a Saturday; Christmas, a Friday
def test_nothing_on_a_day_off(app, settings, ocmw, day):
    assert mails_of(app, settings, ocmw, datetime(day.year, day.month, day.day, 6, tzinfo=UTC)) == {}


def test_who_wants_none_gets_none(app, settings, ocmw, sign_in, send):
    client = sign_in(ocmw)
    assert "Mail uitzetten" in client.get("/herinneringen/").get_data(as_text=True)
    for _twice in range(2):
        assert send(client, "/herinneringen/", wants="no").status_code == 302
    assert "Mail aanzetten" in client.get("/herinneringen/").get_data(as_text=True)
    assert mails_of(app, settings, ocmw, TUESDAY, everybody=False) == {}
    send(client, "/herinneringen/", wants="yes")
    assert len(mails_of(app, settings, ocmw, TUESDAY, everybody=False)) == 1
