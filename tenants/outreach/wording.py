"""What a plan says about itself on a page."""

import uuid
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.ui.formats import datum, datum_lang, today
from tenants.cases.codes import Channel, ContactResult, Moment
from tenants.outreach.codes import PlanState, StepState
from tenants.outreach.models import OutreachAttempt, OutreachStep
from tenants.outreach.plan import Plan

KINDS = {PlanState.REACHED: "good", PlanState.EXHAUSTED: "late", PlanState.RUNNING: "acc"}
SHOWN_REMAINS = 4  # ways that could still be tried; more is a list nobody reads


@dataclass(frozen=True)
class StepLine:
    """A step as a line: its day, what, what came of it. kind colours the day of an open one."""

    id: uuid.UUID
    when: str
    title: str
    detail: str
    channel: str
    is_open: bool
    is_next: bool
    kind: str | None
    state: str


def state_tag(plan: Plan) -> tuple[str, str | None]:
    """(text, colour) of the tag beside the plan's title."""
    return _(plan.state.label), KINDS.get(plan.state)


def moment(plan: Plan) -> str:
    """'Na het verzoekschrift'."""
    return _(Moment(plan.row.moment).label)


def sentence(plan: Plan) -> str:
    """'Na het verzoekschrift. Gestart op di 24 nov.', with how it ended."""
    said = [_("%(moment)s, started on %(day)s.", moment=moment(plan), day=datum(plan.row.started_on))]
    if plan.row.ended_on and plan.state is not PlanState.RUNNING:
        said.append(_("Ended on %(day)s.", day=datum(plan.row.ended_on)))
    if plan.state is PlanState.STOPPED and plan.row.stop_reason:
        said.append(_("Reason: %(reason)s", reason=plan.row.stop_reason))
    return " ".join(said)


def remains(plan: Plan) -> str:
    """'Huisbezoek, Via de verhuurder, …': what nobody tried yet."""
    return ", ".join(_(channel.label) for channel in plan.remains[:SHOWN_REMAINS])


def lines(plan: Plan) -> list[StepLine]:
    """The steps of a plan; of a plan that ended those that were not taken are left out."""
    shown = [step for step in plan.steps if plan.is_alive or step.state != StepState.OPEN]
    return [_line(plan, step) for step in shown]


def _line(plan: Plan, step: OutreachStep) -> StepLine:
    attempt = plan.attempts.get(step.attempt_id) if step.attempt_id else None
    is_open = step.state == StepState.OPEN
    day = attempt.at if attempt else step.due_on
    return StepLine(
        step.id,
        _("today") if is_open and step.due_on == today() else datum(day),
        _(Channel(step.channel).label),
        _detail(step, attempt),
        step.channel,
        is_open,
        step.id == plan.row.next_step_id,
        urgency(step.due_on) if is_open else None,
        _(StepState(step.state).label).lower(),
    )


def urgency(day: date) -> str | None:
    """late, soon, or nothing."""
    return "late" if day < today() else "soon" if day == today() else None


def _detail(step: OutreachStep, attempt: OutreachAttempt | None) -> str:
    if attempt is not None:
        result = _(ContactResult(attempt.result).label) if attempt.result else _("sent")
        following = _("next step: %(step)s", step=attempt.next_step) if attempt.next_step else ""
        return " · ".join(filter(None, [result, following]))
    if step.state == StepState.SKIPPED:
        return _("Skipped: %(reason)s", reason=step.skip_reason or "")
    if step.print_id is not None:
        return _("In a print that nobody confirmed yet")
    if step.carried_on is not None and step.carried_on >= today():
        return _("On the route of %(day)s", day=datum_lang(step.carried_on))
    return ""
