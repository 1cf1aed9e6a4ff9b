"""What Vandaag says: the greeting, the one sentence, and each line of the lists."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import url_for
from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from app.i18n import N_
from app.ui.formats import datum, uur
from tenants.cases import words
from tenants.cases.codes import Channel, Moment, TaskKind
from tenants.cases.panels import task_form
from tenants.outreach.codes import PlanState
from tenants.petitions.codes import DeadlineKind
from tenants.petitions.rules import BRUSSELS
from tenants.petitions.wording import stored_sentence
from tenants.scenarios.origin import origin
from tenants.sharing.work import SharedTask
from tenants.today.rules import Group, Horizon, PartOfDay, part_of_day
from tenants.today.service import Line, Session

GREETINGS = {
    PartOfDay.MORNING: N_("Good morning, %(name)s"),
    PartOfDay.AFTERNOON: N_("Good afternoon, %(name)s"),
    PartOfDay.EVENING: N_("Good evening, %(name)s"),
}
# People count in words up to twelve; above that a figure reads more easily.
NUMBERS = (
    N_("Nobody"), N_("One"), N_("Two"), N_("Three"), N_("Four"), N_("Five"), N_("Six"), N_("Seven"), N_("Eight"),
    N_("Nine"), N_("Ten"), N_("Eleven"), N_("Twelve"),
)  # fmt: skip
NAMES_SHOWN = 6  # of a session; more don't fit on two lines


@dataclass(frozen=True)
class Action:
    """The button of a line: a link, or (done) the address that marks a task as done."""

    label: str
    href: str = ""
    done: str = ""


@dataclass(frozen=True)
class Item:
    """A line of a list: what, and about whom (with the address of the case); `hour` orders it within its day."""

    group: Group
    day: date
    hour: str
    title: str
    who: str
    href: str | None
    detail: str
    action: Action

    def when(self) -> str:
        """What stands left: the hour for today, else the day."""
        if self.group is Group.TODAY:
            return self.hour or _("today")
        return datum(self.day)


def greeting(name: str) -> str:
    """'Goedemorgen, Marie'."""
    return _(GREETINGS[part_of_day(datetime.now(BRUSSELS).hour)], name=name)


def spelled(number: int) -> str:
    """'Vier'; from thirteen on '13'."""
    return _(NUMBERS[number]) if number < len(NUMBERS) else str(number)


def sentence(seen: Horizon, sessions: Sequence[Session]) -> str:
    """'Dinsdag 24 november. Vier mensen moeten deze week voor de vrederechter komen. Twee zijn nog niet bereikt.'"""
    near = [s for s in sessions if s.at.astimezone(BRUSSELS).date() <= seen.last]
    summoned, missed = sum(s.cases for s in near), sum(s.not_reached for s in near)
    day = format_date(seen.today, "EEEE d MMMM")  # type: ignore[no-untyped-call]
    return " ".join([f"{day[:1].upper()}{day[1:]}.", _summoned(summoned, seen), *_missed(summoned, missed)])


def _summoned(number: int, seen: Horizon) -> str:
    count = spelled(number)
    if number == 0:
        if seen.with_next_week:
            return _("Nobody has to appear before the justice of the peace until the end of next week.")
        return _("Nobody has to appear before the justice of the peace any more this week.")
    if seen.with_next_week:
        return ngettext(
            "%(count)s person has to appear before the justice of the peace by the end of next week.",
            "%(count)s people have to appear before the justice of the peace by the end of next week.",
            number,
            count=count,
        )
    return ngettext(
        "%(count)s person has to appear before the justice of the peace this week.",
        "%(count)s people have to appear before the justice of the peace this week.",
        number,
        count=count,
    )


def _missed(summoned: int, missed: int) -> list[str]:
    if summoned == 0:
        return []
    if missed == 0:
        return [ngettext("That person has been reached.", "All of them have been reached.", summoned)]
    if missed == summoned:
        return [ngettext("That person has not been reached yet.", "None of them has been reached yet.", summoned)]
    said = ngettext(
        "%(count)s has not been reached yet.", "%(count)s have not been reached yet.", missed, count=spelled(missed)
    )
    return [said]


# ---------------------------------------------------------------- lines


def items(
    seen: Horizon,
    deadlines: Sequence[Line],
    tasks: Sequence[Line],
    sessions: Sequence[Session],
    plan_steps: Sequence[Line] = (),
    shared: Sequence[SharedTask] = (),
) -> dict[Group, list[Item]]:
    """All lines per group, by day and hour."""
    coming = [s for s in sessions if s.at.astimezone(BRUSSELS).date() <= seen.last]
    lines = [_deadline(seen, row) for row in deadlines]
    lines += [_task(seen, row) for row in tasks]
    lines += [_plan_step(seen, row) for row in plan_steps]
    lines += [_session(seen, session) for session in coming]
    lines += [_shared_task(seen, task) for task in shared]
    grouped: dict[Group, list[Item]] = {group: [] for group in Group}
    for item in sorted(lines, key=lambda line: (line.day, line.hour == "", line.hour.zfill(7))):
        grouped[item.group].append(item)
    return grouped


def _street(row: Line) -> str:
    return str(row.address_line or "").split(",")[0]


def _deadline(seen: Horizon, row: Line) -> Item:
    kind = DeadlineKind(row.kind)
    group = seen.group(row.due_on)
    title = _(kind.label)
    if kind is DeadlineKind.HEARING:
        detail = [_street(row), row.roll_number]
        address = url_for("HearingView.index", dag=row.due_on.isoformat())
        return _line(group, row, _("Hearing not recorded yet"), detail, Action(_("Record"), address))
    if kind is DeadlineKind.FIRST_CONTACT:
        detail = [_street(row), row.roll_number, words.reached_sentence(row)]
        address = url_for("OutreachView.add", case_id=row.case_id, van="vandaag")
        return _line(group, row, title, detail, Action(_("Note an attempt"), address))
    address = url_for("CaseView.show_case", case_id=row.case_id)
    return _line(group, row, title, [stored_sentence(row.explanation)], Action(_("Open"), address))


def _line(group: Group, row: Line, title: str, detail: Sequence[str | None], action: Action, hour: str = "") -> Item:
    href = url_for("CaseView.show_case", case_id=row.case_id) if row.case_id else None
    told = " · ".join(filter(None, detail))
    return Item(group, row.due_on, hour, title, row.display_name or "", href, told, action)


def _task(seen: Horizon, row: Line) -> Item:
    kind = TaskKind(row.kind)
    title = _("%(kind)s: %(title)s", kind=_(kind.label), title=row.title)
    action = Action(_("Mark as done"), done=url_for("TaskView.done", task_id=row.id))
    if kind is TaskKind.FOLLOW_UP and row.case_id:
        address = url_for("OutreachView.add", case_id=row.case_id, taak=row.id, van="vandaag")
        action = Action(_("Note an attempt"), address)
    if form := task_form(kind, row.id):
        action = Action(_("Fill in"), form)
    return _dated_task(seen, row, title, [_street(row), *origin(row)], action)


def _dated_task(seen: Horizon, row: Line, title: str, detail: Sequence[str | None], action: Action) -> Item:
    """The line of a task on its day; one that reminds of itself before that stands under today."""
    group = seen.group_of_task(row.due_on, row.remind_on)
    if group is not seen.group(row.due_on):
        due = _("by %(day)s", day=datum(row.due_on))
        return _line(group, row, title, [_("reminder"), due, *detail], action)
    return _line(group, row, title, detail, action, uur(row.due_at) if row.due_at else "")


def _shared_task(seen: Horizon, task: SharedTask) -> Item:
    """A task of ours in a case that another organisation shares with us: its links go to the page for guests."""
    row, kind = task.row, TaskKind(task.row.kind)
    case = url_for("SharedCaseView.case", grant_id=task.grant_id)
    action = Action(_("Mark as done"), done=url_for("SharedCaseView.done", grant_id=task.grant_id, task_id=row.id))
    if task_form(kind, row.id):  # its form is the owner's
        action = Action(_("Open"), case)
    title = _("%(kind)s: %(title)s", kind=_(kind.label), title=row.title)
    together = _("together with %(owner)s", owner=task.owner)
    return replace(_dated_task(seen, row, title, [together, _street(row)], action), href=case)


def _plan_step(seen: Horizon, row: Line) -> Item:
    """'Huisbezoek na het verzoekschrift', with the button to note it; of a plan that is used up, what to decide."""
    group, moment = seen.group(row.due_on), _(Moment(row.moment).label)
    page = url_for("CaseView.show_case", case_id=row.case_id, _anchor="plan")
    if row.state == PlanState.EXHAUSTED:
        detail = [_street(row), _("every step was taken, nobody was reached")]
        return _line(group, row, _("Outreach: choose what can still be tried"), detail, Action(_("Open"), page))
    channel = Channel(row.next_channel)
    more = row.waiting - 1
    also = ngettext("and %(num)d more step", "and %(num)d more steps", more) if more > 0 else ""
    address = url_for("OutreachView.add", case_id=row.case_id, kanaal=channel, van="vandaag")
    detail = [_street(row), moment, also]
    title = _("Outreach: %(channel)s", channel=_(channel.label))
    return _line(group, row, title, detail, Action(_("Note an attempt"), address))


def _session(seen: Horizon, session: Session) -> Item:
    day = session.at.astimezone(BRUSSELS).date()
    shown = [name.split(",")[0] for name in session.names[:NAMES_SHOWN]]
    more = len(session.names) - len(shown)
    who = ", ".join(shown) + (f" +{more}" if more else "")
    detail = [
        ngettext("%(num)d case", "%(num)d cases", session.cases),
        who,
        "" if not session.not_reached else not_reached(session.not_reached),
    ]
    title = _("Hearing, court %(name)s", name=session.court) if session.court else _("Hearing")
    address = session_address(session)
    hour = uur(session.at) if session.hour_known else ""
    told = " · ".join(filter(None, detail))
    return Item(seen.group(day), day, hour, title, "", None, told, Action(_("Hearing list"), address))


def session_address(session: Session) -> str:
    """Where its list stands."""
    day = session.at.astimezone(BRUSSELS).date()
    return url_for("HearingView.session", day=day.isoformat(), vredegerecht=session.court)


def not_reached(number: int) -> str:
    """'2 niet bereikt'."""
    return ngettext("%(num)d not reached", "%(num)d not reached", number)


def session_lines(session: Session) -> tuple[str, str]:
    """('4 dossiers om 9.30 u', '2 bereikt, 2 niet bereikt · Oostende 1') beside the day box."""
    count = ngettext("%(num)d case", "%(num)d cases", session.cases)
    first = _("%(cases)s at %(hour)s", cases=count, hour=uur(session.at)) if session.hour_known else count
    reached = session.cases - session.not_reached
    parts = [ngettext("%(num)d reached", "%(num)d reached", reached)] if reached else []
    parts += [not_reached(session.not_reached)] if session.not_reached else []
    return first, " · ".join(filter(None, [", ".join(parts), session.court]))
