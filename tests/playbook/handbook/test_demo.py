"""The playbook a network starts with: complete, within the rules, with links that lead somewhere."""

import re
from datetime import date

import pytest

from app import tenancy
from app.database import db
from app.demo import DemoRegion
from app.security.roles import Role
from playbook.exchange import demo as exchange_demo
from playbook.exchange import service as exchange
from playbook.handbook import demo, rules, service
from playbook.handbook.markdown import STEPS, render
from playbook.scenarios.start import SCENARIOS

FILES = sorted(demo.START.rglob("*.md"))
PAGES = [path for path in FILES if path.name != "hoofdstuk.md"]


def region(home):
    """A demo of one network."""
    return DemoRegion(
        today=date(2026, 11, 16),
        networks={home.network.slug: home.network},
        tenants={home.tenant.slug: home.tenant},
        users={},
        home_of={},
    )


def test_there_is_enough_to_start_with():
    assert len(PAGES) >= 28
    assert len(FILES) - len(PAGES) >= 6


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_keeps_the_rules_and_its_links_lead_to_pages(path):
    title, _newline, body = path.read_text(encoding="utf-8").partition("\n")
    assert title.startswith("# ")
    assert rules.problems_of(rules.tidy(body)) == []
    assert ":::" not in render(body).html  # every call-out is a known one, and closed
    slugs = {rules.slug_of(other.read_text(encoding="utf-8").partition("\n")[0][2:]) for other in PAGES}
    assert set(re.findall(r"\(/draaiboek/([^/)]+)/\)", body)) <= slugs
    assert set(re.findall(STEPS, body, re.MULTILINE)) <= {rules.slug_of(each.title) for each in SCENARIOS}


def test_loading_twice_gives_one_playbook_and_one_list(app_context, organisation):
    home = organisation(Role.PLAYBOOK_EDITOR)
    for _time in range(2):
        demo.load(region(home))
        exchange_demo.load(region(home))
    with tenancy.acting(home.context(Role.PLAYBOOK_EDITOR)):
        db.session.expire_all()
        contents = service.contents()
        assert sum(len(part.pages) for part in contents) == len(PAGES)
        assert contents[0].chapter.title == "Waar we voor staan"
        assert any(depth for part in contents for depth, _page in part.pages)
        assert len(exchange.contacts()) == 1
