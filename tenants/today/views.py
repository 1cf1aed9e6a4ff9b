"""The page people land on, and their calendar's secret address."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

from collections import Counter
from typing import Any

from flask import Flask, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose

from app.i18n import N_
from app.security.guard import act
from app.security.identity import identity
from app.ui import navigation
from app.ui.formats import today
from app.ui.navigation import NavItem, Section
from app.ui.viewer import viewer
from app.ui.views import PortalView
from playbook.handbook import reading
from tenants.intake import triage
from tenants.sharing import work
from tenants.today import agenda, service, wording
from tenants.today.calendar_views import CalendarView
from tenants.today.rules import Group, horizon

SESSIONS_BESIDE = 6  # hearings in the column beside the list; the rest stands behind 'all'


def register(app: Flask, appbuilder: Any) -> None:
    """Add the pages and their places in the navigation."""
    appbuilder.add_view_no_menu(TodayView)
    appbuilder.add_view_no_menu(CalendarView)
    item = NavItem(Section.OWN, "/vandaag/", N_("Today"), order=10, permission="cases.read", badge=badge)
    navigation.register(app, item)
    calendar = NavItem(Section.PLANNING, "/agenda/", N_("Calendar"), order=65, permission="petitions.read")
    navigation.register(app, calendar)
    for source in agenda.SOURCES:
        agenda.register_source(app, source)


def badge() -> int | None:
    """What is late or for today, of the person who looks."""
    counted = _counts(identity().user.id)
    return counted.late + counted.today or None


def _counts(user_id: int | None) -> service.Counts:
    """Asked once per request: the page and the navigation show the same numbers."""
    known = g.setdefault("today_counts", {})
    if user_id not in known:
        seen = horizon(today())
        own = service.counts(seen.today, user_id)
        shared = Counter(seen.group_of_task(task.row.due_on, task.row.remind_on) for task in _shared(user_id))
        known[user_id] = service.Counts(own.late + shared[Group.LATE], own.today + shared[Group.TODAY])
    return known[user_id]


def _shared(user_id: int | None) -> list[work.SharedTask]:
    """What is ours to do in cases of others, asked once per request."""
    known = g.setdefault("today_shared", {})
    if user_id not in known:
        seen = horizon(today())
        known[user_id] = work.tasks(seen.today, seen.last, user_id)
    return known[user_id]


class TodayView(PortalView):
    route_base = "/vandaag"
    class_permission_name = "cases"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """What is late, for today and this week; `wie=team` shows that of everybody."""
        who = identity()
        team = request.args.get("wie") == "team"
        whose = None if team else who.user.id
        seen = horizon(today())
        sessions = service.sessions(seen.today, whose)
        steps = service.plan_steps(seen, whose)
        groups = wording.items(
            seen, service.deadlines(seen, whose), service.tasks(seen, whose), sessions, steps, _shared(whose)
        )
        counted = _counts(whose)
        return render_template(
            "today/index.html",
            title=wording.greeting(who.user.first_name),
            sentence=wording.sentence(seen, sessions),
            groups={group.value: lines for group, lines in groups.items()},
            counts={Group.LATE.value: counted.late, Group.TODAY.value: counted.today},
            seen=seen,
            team=team,
            here=url_for("TodayView.index", wie="team") if team else url_for("TodayView.index"),
            sessions=[
                (s.at, wording.session_address(s), *wording.session_lines(s)) for s in sessions[:SESSIONS_BESIDE]
            ],
            new=service.new_cases(),
            reports=triage.new_count() if viewer.can("reports.read") else 0,
            pages=reading.unseen() if viewer.can("playbook.read") and who.place.network else (0, None),
        )
