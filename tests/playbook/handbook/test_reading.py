"""What a reader missed, follows and confirmed."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from app.database import db, transaction
from app.security.roles import Role
from playbook.handbook import reading, rules, service
from playbook.handbook.models import Visit
from playbook.handbook.service import Draft

EDITOR, WORKER = Role.PLAYBOOK_EDITOR, Role.SOCIAL_WORKER
NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("before", "hours", "then"), [(None, 1, None), (None, 5, NOON), (NOON, 1, NOON), (NOON - timedelta(1), 9, NOON)]
)
def test_a_break_makes_another_visit(before, hours, then):
    now = NOON + timedelta(hours=hours)
    assert rules.visits(before, NOON, now) == (then, now)


@pytest.fixture
def home(organisation):
    made = organisation(EDITOR, WORKER)
    with made.app.app_context(), made.acting(EDITOR):
        made.chapter = service.create_chapter("De zitting")
        service.create_page(Draft("Bellen", "Bel eerst.", made.chapter.id))
        service.create_page(Draft("Noteren", "Noteer.", made.chapter.id))
        db.session.commit()
        db.session.remove()
    return made


def rewrite(home, slug, body, base, **more):
    with home.app.app_context(), home.acting(EDITOR):
        page = service.page_by_slug(slug)
        service.save_page(slug, Draft(page.title, body, page.chapter_id, **more), base)
        db.session.remove()


def a_day_later(home):
    """The worker was here yesterday and comes again."""
    with home.app.app_context(), home.acting(WORKER), transaction() as session:
        session.execute(update(Visit).values(last_at=Visit.last_at - timedelta(days=1)))


def test_what_changed_since_the_last_visit_and_what_one_follows(home, sign_in, csrf):
    worker = sign_in(home)
    assert "Sinds je laatste bezoek" not in worker.get("/draaiboek/").text
    worker.get("/draaiboek/bellen/")
    follow = {"follow": "1", "csrf_token": csrf(worker)}
    assert worker.post("/draaiboek/noteren/volgen", data=follow).status_code == 302
    worker.get("/draaiboek/noteren/")
    rewrite(home, "bellen", "Bel of mail eerst.", 1)
    a_day_later(home)
    start = worker.get("/draaiboek/").text
    assert "/draaiboek/bellen/sinds/1/" in start
    assert "/draaiboek/noteren/sinds/" not in start
    changed = "Gewijzigd sinds je ze las"
    editor = sign_in(home, EDITOR)
    editor.get("/draaiboek/bellen/")
    rewrite(home, "bellen", "Bel, mail of app eerst.", 2)
    assert changed not in editor.get("/draaiboek/bellen/").text, "it was the editor's own change"
    assert "<ins>" in worker.get("/draaiboek/bellen/sinds/1/").text
    rewrite(home, "bellen", "Bel, mail of app eerst eens.", 3)
    assert changed in worker.get("/draaiboek/bellen/").text
    assert changed not in worker.get("/draaiboek/bellen/").text
    assert "/draaiboek/bellen/sinds/" not in worker.get("/draaiboek/").text  # it was seen
    assert worker.get("/draaiboek/bellen/sinds/9/").status_code == 404


def test_read_and_understood_is_asked_again_when_the_editors_say_so(home, sign_in, csrf):
    worker, editor = sign_in(home), sign_in(home, EDITOR)
    confirm = {"version": "1", "csrf_token": csrf(worker)}
    assert worker.post("/draaiboek/bellen/gelezen", data=confirm).status_code == 404  # nobody asked
    rewrite(home, "bellen", "Bel eerst.", 1, confirm="once")
    assert "Ik heb dit gelezen en begrepen" in worker.get("/draaiboek/bellen/").text
    assert "Lezen en bevestigen" in worker.get("/draaiboek/").text
    worker.post("/draaiboek/bellen/gelezen", data=confirm)
    assert "Lezen en bevestigen" not in worker.get("/draaiboek/").text
    assert "1 persoon bevestigde" in editor.get("/draaiboek/bellen/").text
    rewrite(home, "bellen", "Bel altijd eerst.", 1, confirm="again")
    worker.post("/draaiboek/bellen/gelezen", data=confirm)  # of the text before: not noted
    assert "0 mensen bevestigden" in editor.get("/draaiboek/bellen/").text
    assert "Lezen en bevestigen" in worker.get("/draaiboek/").text


def test_another_network_follows_and_confirms_nothing(home, organisation, sign_in, csrf):
    stranger = sign_in(organisation())
    for path in ("volgen", "gelezen"):
        told = {"version": "1", "follow": "1", "csrf_token": csrf(stranger)}
        assert stranger.post(f"/draaiboek/bellen/{path}", data=told).status_code == 404
    assert stranger.get("/draaiboek/bellen/sinds/1/").status_code == 404
    with home.app.app_context(), home.acting(WORKER):
        assert reading.confirmations(service.page_by_slug("bellen")).names == ()
