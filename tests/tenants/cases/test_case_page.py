"""The page of a case: its sentence, its parts, and that opening it is recorded."""

import re
from datetime import UTC, datetime

from jinja2 import DictLoader
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.security.roles import Role
from tenants.cases.panels import Action, Entry, Panel, Slot, register_action, register_panel, register_timeline


def test_the_page_says_who_where_which_number_and_whose(organisation, make_case, sign_in, inside):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    made = make_case(ocmw)
    page = sign_in(ocmw).get(made.page).get_data(as_text=True)
    assert "<h1>Dirk Vermeulen</h1>" in page
    parts = (
        "Alleenstaande ouder met 1 kind",
        "Torhoutsesteenweg 41 bus 3, 8400 Oostende",
        f"dossier {ocmw.tenant.prefix}-2026-0001",
        "nog niemand volgt het op",
        "2.610,00",
        "Wie mag dit zien",
        "2 mensen",
        "Een geheime notitie",
        "Beloofd: loonfiche",
        "verzoekschrift.pdf",
    )
    for part in parts:
        assert part in page, part
    with inside(ocmw) as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.act == "read")).all()
        assert [(e.subject, e.case_id, e.actor_id) for e in events] == [
            ("case_file", made.case_id, ocmw.users[Role.SOCIAL_WORKER].id)
        ]


def test_a_closed_case_says_how_it_ended_and_opens_again(organisation, make_case, sign_in, send):
    ocmw = organisation()
    made = make_case(ocmw)
    client = sign_in(ocmw)
    end = {
        "closed_on": "2026-11-20",
        "housing": "stayed",
        "eviction": "avoided",
        "left_open": "verhuisd",
        "version": "1",
    }
    assert send(client, f"{made.page}sluiten", **end).status_code == 302
    page = client.get(made.page).get_data(as_text=True)
    assert "Afgesloten op vrijdag 20 november 2026. In de woning gebleven · Uithuiszetting vermeden" in page
    version = re.search(r'name="version" value="(\d+)"', page).group(1)
    assert send(client, f"{made.page}heropenen", version=version).status_code == 302
    assert "Afgesloten op vrijdag" not in client.get(made.page).get_data(as_text=True)


def test_other_capabilities_put_their_parts_on_it(app, organisation, make_case, sign_in, monkeypatch):
    """What they registered appears in its place, for who has the right, and only where it has something to say."""
    ocmw = organisation()
    made = make_case(ocmw)
    fresh = {k: v for k, v in app.extensions.items() if k != "case_panels"}
    monkeypatch.setattr(app, "extensions", fresh)
    pages = DictLoader(
        {"proef/paneel.html": "<p>Paneel van {{ case.number }}: {{ iets }}</p>", "proef/x.html": "GEHEIM"}
    )
    monkeypatch.setattr(app.jinja_loader, "loaders", [*app.jinja_loader.loaders, pages])
    register_panel(app, Panel(Slot.NOTICE, 1, "proef/paneel.html", lambda case: {"iets": "<i>"}))
    register_panel(app, Panel(Slot.MAIN, 1, "proef/x.html", lambda case: {}, right="audit.read"))
    register_action(app, Action(1, "Save", lambda case: f"/proef/{case.id}"))
    register_action(app, Action(2, "Cancel", lambda case: None))
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    register_timeline(app, lambda case_id: [Entry(early, "Eerst"), Entry(late, "Daarna", by=None, label="nieuw")])
    page = sign_in(ocmw).get(made.page).get_data(as_text=True)
    assert f"Paneel van {ocmw.tenant.prefix}-2026-0001: &lt;i&gt;" in page
    assert "GEHEIM" not in page
    assert f'<a class="btn" href="/proef/{made.case_id}">Bewaren</a>' in page
    assert 'class="btn" href="None"' not in page
    assert page.index("Daarna") < page.index("Eerst")


def test_a_long_course_is_shown_in_part_until_asked(organisation, make_case, sign_in, inside):
    from tenants.cases.notes import add_note

    ocmw = organisation()
    made = make_case(ocmw)
    with inside(ocmw):
        for n in range(40):
            add_note(made.case_id, f"notitie nummer {n}")
    client = sign_in(ocmw)
    assert "Een geheime notitie" not in client.get(made.page).get_data(as_text=True)
    assert "Een geheime notitie" in client.get(f"{made.page}verloop?alles=1").get_data(as_text=True)
