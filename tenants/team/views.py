"""The team board, giving work in bulk, and whether somebody wants the daily mail."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

from typing import Any

from flask import Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import N_
from app.security.guard import act
from app.tenancy import current
from app.ui import navigation
from app.ui.formats import datum, datum_lang, today, uur
from app.ui.navigation import NavItem, Section
from app.ui.views import PortalView
from tenants.caseload.service import Load, loads, weights
from tenants.caseload.wording import load_sentence, taken_sentences
from tenants.cases import words
from tenants.cases.assigning import AssignedMeanwhileError
from tenants.cases.codes import Channel, Moment, TaskKind
from tenants.cases.service import CaseError, ChangedMeanwhileError, NoSuchCaseError
from tenants.cases.tasks import move_tasks
from tenants.organisations.service import colleagues, names
from tenants.outreach.codes import PlanState
from tenants.petitions.codes import DeadlineKind
from tenants.scenarios.origin import origin
from tenants.sharing.work import SharedTask
from tenants.team import reminders, service
from tenants.team.forms import MoveForm, tick_of_case, tick_of_task, ticked
from tenants.today.rules import Group, Horizon, horizon

NOBODY = "niemand"  # in the address: what nobody carries
# The groups as addresses name them.
GROUPS = {"laat": Group.LATE, "vandaag": Group.TODAY, "week": Group.WEEK}


def register(app: Flask, appbuilder: Any) -> None:
    """Add the pages and their places in the navigation."""
    appbuilder.add_view_no_menu(TeamView)
    appbuilder.add_view_no_menu(ReminderView)
    navigation.register(app, NavItem(Section.OWN, "/team/", N_("Team"), order=55, permission="team.read"))
    item = NavItem(Section.ACCOUNT, "/herinneringen/", N_("Daily mail"), order=45, permission="tasks.read")
    navigation.register(app, item)


class TeamView(PortalView):
    """`/team/`. `wie`: of whom (a user id, 'niemand', nothing for everybody); `wat`: laat, vandaag or week."""

    route_base = "/team"
    class_permission_name = "team"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        return _board()

    @expose("/geven", methods=["POST"])
    @act("write")
    def give(self) -> ResponseReturnValue:
        """Give what is ticked to a colleague: tasks, and the cases of deadlines."""
        tasks, cases = _ticked()
        if not tasks and not cases:
            return _board(422, _("Tick at least one line."))
        given = request.form.get("user", "")
        if given != NOBODY and not (given.isascii() and given.isdigit() and len(given) < 10):
            return _board(422, _("Choose who gets what you ticked."))
        user_id = None if given == NOBODY else int(given)
        try:
            service.give(tasks, cases, user_id)
        except AssignedMeanwhileError as error:
            sorry = _(
                "A colleague was first. Nothing is changed yet: look again, and give once more if it is still right."
            )
            return _board(409, " ".join([sorry, *taken_sentences(error)]))
        except ChangedMeanwhileError:
            return _board(409, _CHANGED())
        except NoSuchCaseError:
            abort(404)
        except CaseError as error:
            return _board(422, _(error.message, **error.params))
        number = len(tasks) + len(cases)
        name = names([user_id]).get(user_id, "") if user_id else _("the whole team")
        flash(
            ngettext("%(num)d line is now %(name)s's.", "%(num)d lines are now %(name)s's.", number, name=name),
            "success",
        )
        return redirect(_here())

    @expose("/verplaatsen", methods=["POST"])
    @act("write")
    def move(self) -> ResponseReturnValue:
        """Move the ticked tasks to another day."""
        tasks, cases = _ticked()
        form = MoveForm()
        if cases:
            return _board(422, _("Only tasks can be moved: the day of a deadline follows from the procedure."))
        if not tasks:
            return _board(422, _("Tick at least one task."))
        if not form.validate():
            return _board(422, " ".join(map(str, form.day.errors)))
        try:
            move_tasks(tasks, form.day.data)
        except ChangedMeanwhileError:
            return _board(409, _CHANGED())
        except NoSuchCaseError:
            abort(404)
        day = datum_lang(form.day.data)
        flash(
            ngettext("%(num)d task moved to %(day)s.", "%(num)d tasks moved to %(day)s.", len(tasks), day=day),
            "success",
        )
        return redirect(_here())


def _CHANGED() -> str:  # noqa: N802 - a sentence that depends on the reader's language
    return _("A colleague changed, did or deleted one of these tasks in the meantime. Nothing was changed. Look again.")


def _ticked() -> tuple[list[Any], list[Any]]:
    try:
        return ticked(request.form.getlist("line"))
    except ValueError:
        abort(400)


def _whose() -> tuple[service.Whose, str]:
    given = request.values.get("wie", "")
    if given == NOBODY:
        return service.Whose(everybody=False), given
    if given.isascii() and given.isdigit() and len(given) < 10:
        return service.Whose(everybody=False, user_id=int(given)), given
    return service.EVERYBODY, ""


def _here() -> str:
    """The board as it was, after a POST."""
    return url_for("TeamView.index", wie=request.form.get("wie") or None, wat=request.form.get("wat") or None)


def _board(status: int = 200, wrong: str = "") -> ResponseReturnValue:
    seen = horizon(today())
    whose, wie = _whose()
    counts = service.counts(seen)
    own, shared = counts.of(whose)
    counted, total = counts.together(), own + shared
    wat = request.values.get("wat", "")
    group = GROUPS.get(wat) or next((each for each in Group if total.of(each)), Group.TODAY)
    wat = next(name for name, each in GROUPS.items() if each is group)
    number = min(max(request.args.get("pagina", 1, type=int), 1), 10_000)
    found = service.board(seen, group, whose, own.of(group), number)
    elsewhere = service.shared_lines(seen, group, whose) if shared.of(group) and found.page == 1 else []
    people, carried = colleagues(), loads()
    known = {user.id: user.get_full_name() for user in people}
    known |= names(({*counted, *carried, whose.user_id} | _takers(found, elsewhere)) - set(known))
    page = render_template(
        "team/index.html",
        wrong=wrong,
        seen=seen,
        wie=wie,
        wat=wat,
        title_of={name: _group_label(each, seen) for name, each in GROUPS.items()},
        tabs=[
            (
                _group_label(each, seen),
                url_for("TeamView.index", wie=wie or None, wat=name),
                each is group,
                total.of(each),
            )
            for name, each in GROUPS.items()
        ],
        who=known.get(whose.user_id, "") if whose.user_id else _("nobody") if not whose.everybody else "",
        team=sum(counted.values(), service.Counts()),
        lines=[_line(line, group, known) for line in found.lines],
        shared=[_shared_line(task, group, known) for task in elsewhere],
        shared_count=shared.of(group),
        found=found,
        size=service.PAGE,
        href=lambda n: url_for("TeamView.index", wie=wie or None, wat=wat, pagina=n),
        rows=_rows(counted, carried, known),
        choices=[(user.id, f"{known[user.id]} ({load_sentence(carried.get(user.id, Load()))})") for user in people],
        chosen=request.form.get("user", ""),
        day=request.form.get("day", ""),
        kept=set(request.form.getlist("line")),
        weights=_weights(),
        NOBODY=NOBODY,
    )
    return page, status


def _group_label(group: Group, seen: Horizon) -> str:
    week = _("This week and next week") if seen.with_next_week else _("This week")
    return {Group.LATE: _("Late"), Group.TODAY: _("Today"), Group.WEEK: week}[group]


def _rows(counted: Any, carried: Any, known: dict[int, str]) -> list[dict[str, Any]]:
    """A line per person, by name, and one for what nobody carries."""
    users = sorted((set(counted) | set(carried) | set(known)) - {None}, key=lambda user: known.get(user, ""))
    everybody = [*users, None] if None in counted or None in carried else users
    return [
        {
            "wie": user or NOBODY,
            "name": known.get(user, "") if user else _("nobody yet, or the whole team"),
            "load": carried.get(user, Load()),
            "counts": counted.get(user, service.Counts()),
        }
        for user in everybody
    ]


def _line(line: service.Line, group: Group, known: dict[int, str]) -> dict[str, Any]:
    """A line of the board, in words."""
    row, is_task = line.row, line.what is service.What.TASK
    title, told, hour = _SAYS[line.what](line, group)
    nobody = _("the whole team") if is_task else _("nobody yet")
    who = known.get(line.assigned_to, "") if line.assigned_to else nobody
    return {
        "is_task": is_task,
        "id": row.id,
        "case_id": row.case_id,
        "when": (hour or _("today")) if group is Group.TODAY else datum(line.due_on),
        "kind": "late" if group is Group.LATE else None,
        "title": title,
        "name": row.display_name or "",
        "told": " · ".join(filter(None, [hour if group is not Group.TODAY else "", told, row.number, who])),
        "tick": tick_of_task(row) if is_task else tick_of_case(row),
    }


def _takers(found: service.BoardPage, elsewhere: list[SharedTask]) -> set[int | None]:
    return {line.assigned_to for line in found.lines} | {task.row.assigned_to for task in elsewhere}


def _shared_line(task: SharedTask, group: Group, known: dict[int, str]) -> dict[str, Any]:
    """A task in a case that another organisation shares: who took it does it there, nobody gives or moves it here."""
    row = task.row
    hour = uur(row.due_at) if row.due_at else ""
    who = known.get(row.assigned_to, "") if row.assigned_to else _("the whole team")
    reminds = group is Group.TODAY and row.remind_on is not None and row.due_on > today()
    return {
        "when": (hour or _("today")) if group is Group.TODAY else datum(row.due_on),
        "kind": "late" if group is Group.LATE else None,
        "title": _("%(kind)s: %(title)s", kind=words.label(TaskKind, row.kind), title=row.title),
        "name": row.display_name,
        "href": url_for("SharedCaseView.case", grant_id=task.grant_id),
        "told": " · ".join(
            filter(
                None,
                [
                    _("reminder, by %(day)s", day=datum(row.due_on)) if reminds else "",
                    hour if group is not Group.TODAY else "",
                    _("together with %(owner)s", owner=task.owner),
                    who,
                ],
            )
        ),
    }


def _task(line: service.Line, _group: Group) -> tuple[str, str, str]:
    """(title, what more there is to say, hour) of a task."""
    row = line.row
    title = _("%(kind)s: %(title)s", kind=words.label(TaskKind, row.kind), title=row.title)
    told = " · ".join(origin(row))
    if line.due_on < row.due_on:  # it reminds of itself before its day
        reminder = _("reminder, by %(day)s", day=datum(row.due_on))
        return title, " · ".join(filter(None, [reminder, told])), ""
    return title, told, uur(row.due_at) if row.due_at else ""


def _deadline(line: service.Line, group: Group) -> tuple[str, str, str]:
    row = line.row
    if row.kind == DeadlineKind.HEARING and group is Group.LATE:
        return _("Hearing not recorded yet"), "", ""
    return words.due_label(row.kind), words.reached_sentence(row) if row.kind == DeadlineKind.FIRST_CONTACT else "", ""


def _plan(line: service.Line, _group: Group) -> tuple[str, str, str]:
    row = line.row
    if row.state == PlanState.EXHAUSTED:
        return _("Outreach: choose what can still be tried"), _("every step was taken, nobody was reached"), ""
    channel = words.label(Channel, row.next_channel)
    return _("Outreach: %(channel)s", channel=channel), words.label(Moment, row.moment), ""


_SAYS = {service.What.TASK: _task, service.What.DEADLINE: _deadline, service.What.PLAN: _plan}


def _weights() -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """The points of the stages and of the procedures, in words."""
    counting, _own = weights()
    stages = [(_(stage.label), points) for stage, points in counting.by_stage.items()]
    return stages, [(_(kind.label), points) for kind, points in counting.by_procedure.items()]


class ReminderView(PortalView):
    """Whether somebody wants the daily mail."""

    route_base = "/herinneringen"
    class_permission_name = "tasks"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        return render_template("team/reminders.html", wants=reminders.wants_mail(current().user_id))

    @expose("/", methods=["POST"])
    @act("read")
    def choose(self) -> ResponseReturnValue:
        wants = request.form.get("wants") == "yes"
        reminders.choose(current().user_id, wants=wants)
        flash(_("You get the daily mail from now on.") if wants else _("You get no daily mail any more."), "success")
        return redirect(url_for(".index"))
