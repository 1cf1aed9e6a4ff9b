"""What the procedure puts on the page of a case: the notice on top, the path, the deadlines, the timeline."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Flask, g, url_for
from flask_babel import gettext as _
from sqlalchemy import or_, select

from app.database import db
from app.security.models import utc_now
from app.ui.formats import datum_kort, datum_lang, today, uur
from tenants.cases.closing import StillRuns, Watcher, register_watcher
from tenants.cases.codes import About, CaseState, Channel, JudgmentKind, PetitionKind
from tenants.cases.models import Case
from tenants.cases.panels import Entry, Panel, Slot, register_panel, register_timeline
from tenants.outreach.plan import next_channel_of
from tenants.outreach.rules import next_channel
from tenants.outreach.service import attempts_of
from tenants.petitions import wording
from tenants.petitions.attention import Attention, Matter, what_matters
from tenants.petitions.codes import DeadlineKind, Nature, StageKey, StageState
from tenants.petitions.course import judgments_of
from tenants.petitions.law import Deadline
from tenants.petitions.models import DeadlineRow, Eviction, Hearing, Judgment, Petition
from tenants.petitions.rules import ProcedureEvents, Stage, current_stage, deadlines, explain
from tenants.petitions.service import chosen_settings, day_to_utc, events_of, petitions_of

FACTS = frozenset({DeadlineKind.HEARING, DeadlineKind.PLANNED_EVICTION})  # days that somebody set, not computed
SOON = 7  # days; a week ahead one still plans a visit


def register(app: Flask) -> None:
    """Add the parts to the page."""
    register_panel(app, Panel(Slot.NOTICE, 10, "petitions/panel_notice.html", notice, right="petitions.read"))
    register_panel(app, Panel(Slot.MAIN, 10, "petitions/panel_path.html", path, right="petitions.read"))
    register_panel(app, Panel(Slot.COLUMN, 10, "petitions/panel_deadlines.html", terms, right="petitions.read"))
    register_timeline(app, timeline, About.PROCEDURE)
    register_watcher(app, Watcher("petitions", warns=to_come))


@dataclass(frozen=True)
class Procedure:
    """The newest petition of a case with what follows from its events."""

    petition: Petition | None
    events: ProcedureEvents
    stages: tuple[Stage, ...]
    deadlines: tuple[Deadline, ...]


def _procedure(case: Case) -> Procedure:
    """Read once per page, since three panels show it."""
    known: dict[uuid.UUID, Procedure] = g.setdefault("procedures", {})
    if case.id not in known:
        events = events_of(db.session(), [case.id])[case.id]
        settings = chosen_settings()
        petitions = petitions_of(case.id)
        running = deadlines(events, settings) if case.state == CaseState.OPEN else ()
        newest = petitions[0] if petitions else None
        known[case.id] = Procedure(newest, events, current_stage(events, settings), running)
    return known[case.id]


# ---------------------------------------------------------------- what matters now


def notice(case: Case) -> dict[str, Any] | None:
    """The one thing that presses, why, and the button of the next step."""
    known = _procedure(case)
    attention = what_matters(known.events, known.deadlines, today())
    if attention is None:
        return None
    reached = known.events.first_contact_on is not None
    return _SAYS[attention.matter](case, known, attention, reached)


def _name(case: Case) -> str:
    person = case.persons[0] if case.persons else None
    return (person.first_name or person.last_name) if person else case.display_name


def _attempt(case: Case, known: Procedure, day: date | None = None) -> dict[str, Any]:
    """The next attempt: what the plan wants, and without one what the ladder of outreach suggests."""
    tried = [Channel(attempt.channel) for attempt in attempts_of(case.id)]
    channel = next_channel_of(case.id) or next_channel(tried, (day - today()).days if day else None)
    says = {
        Channel.PHONE: (_("Call first."), _("Note a phone call")),
        Channel.LETTER: (_("A letter is the next step."), _("Note a letter")),
        Channel.HOME_VISIT: (
            _("A home visit is the next step, with the coloured postcard if nobody opens."),
            _("Note a home visit"),
        ),
        Channel.POSTCARD: (_("Leave the coloured postcard."), _("Note the postcard")),
        Channel.INQUIRY: (_("Ask other services whether they know the household."), _("Note an inquiry")),
    }
    other = (_("The plan's next step: %(channel)s.", channel=_(channel.label)), _("Note an attempt"))
    advice, button = says.get(channel, other)
    return {
        "text": f"{wording.attempts_so_far(len(tried))} {advice}",
        "href": url_for("OutreachView.add", case_id=case.id, kanaal=channel),
        "button": button,
        "right": "cases.write",
    }


def _hearing_words(known: Procedure) -> str:
    """'dinsdag 1 december 2026 om 9.30 u'."""
    local = known.events.hearing_local
    if local is None:
        return ""
    if not known.events.hearing_hour_known:
        return datum_lang(local.date())
    return _("%(day)s at %(hour)s", day=datum_lang(local.date()), hour=uur(local.time()))


def _hearing_not_reached(case: Case, known: Procedure, attention: Attention, _reached: bool) -> dict[str, Any]:
    title = _("Hearing on %(when)s. %(name)s is not reached yet.", when=_hearing_words(known), name=_name(case))
    return {"kind": "soon", "title": title, **_attempt(case, known, attention.day)}


def _hearing_soon(case: Case, known: Procedure, attention: Attention, _reached: bool) -> dict[str, Any]:
    return {
        "kind": "info",
        "title": _("Hearing on %(when)s.", when=_hearing_words(known)),
        "text": _("%(name)s was reached. Go along, or agree who does.", name=_name(case)),
    }


def _hearing_unrecorded(case: Case, known: Procedure, attention: Attention, _reached: bool) -> dict[str, Any]:
    hearings = select(Hearing.id).where(Hearing.case_id == case.id, Hearing.recorded_at.is_(None))
    hearing_id = db.session.scalar(hearings.order_by(Hearing.at.desc()).limit(1))
    return {
        "kind": "soon",
        "title": _("The hearing was on %(day)s.", day=datum_lang(attention.day)),
        "text": _("Record who was there and what the judge decided: the deadlines follow from it."),
        "href": url_for("HearingView.record", hearing_id=hearing_id) if hearing_id else None,
        "button": _("Record the hearing"),
        "right": "petitions.write",
    }


def _contact_late(case: Case, known: Procedure, attention: Attention, _reached: bool) -> dict[str, Any]:
    title = _("%(name)s should have been reached by %(day)s.", name=_name(case), day=datum_lang(attention.day))
    return {"kind": "late", "title": title, **_attempt(case, known)}


def _eviction(case: Case, known: Procedure, attention: Attention, reached: bool) -> dict[str, Any]:
    day = datum_lang(attention.day)
    planned = attention.matter is Matter.EVICTION_PLANNED
    title = _("Eviction planned for %(day)s.", day=day) if planned else _("Eviction is possible from %(day)s.", day=day)
    if not reached:
        title += " " + _("%(name)s is not reached yet.", name=_name(case))
        return {"kind": "late", "title": title, **_attempt(case, known)}
    return {
        "kind": "late",
        "title": title,
        "text": _("Is there somewhere to go? Is there still an agreement to be made with the landlord or the bailiff?"),
    }


_SAYS = {
    Matter.EVICTION_PLANNED: _eviction,
    Matter.EVICTION_POSSIBLE: _eviction,
    Matter.HEARING_UNRECORDED: _hearing_unrecorded,
    Matter.HEARING_NOT_REACHED: _hearing_not_reached,
    Matter.CONTACT_LATE: _contact_late,
    Matter.HEARING_SOON: _hearing_soon,
}


# ---------------------------------------------------------------- the path and the deadlines


def path(case: Case) -> dict[str, Any]:
    """The six stages: what happened with its day, what is to come with its computed day or the rule in words."""
    known = _procedure(case)
    links = _links(case, known)
    return {
        "petition": known.petition,
        "stages": [_shown(stage) for stage in known.stages],
        "links": [(text, href) for text, href, is_next in links if not is_next],
        "next": next(((text, href) for text, href, is_next in links if is_next), None),
    }


def _shown(stage: Stage) -> dict[str, Any]:
    states = {StageState.DONE: "done", StageState.NOW: "now"}
    fact = wording.stage_when(stage)
    computed = stage.deadline.due_on if stage.deadline and not fact else None
    return {
        "label": _(stage.label),
        "state": states.get(stage.state, "next"),
        "fact": fact,
        "computed": computed,
        "not_before": computed is not None and stage.key is StageKey.EVICTION,
        "hint": wording.sentence(stage.hint) if stage.hint and not fact else "",
        "why": wording.sentence(explain(stage.deadline)) if computed and stage.deadline else "",
    }


def _links(case: Case, known: Procedure) -> list[tuple[str, str, bool]]:
    """(text, address, whether it is the next step) of what can be filled in."""
    petition = known.petition
    if petition is None:
        return []
    now = next((stage.key for stage in known.stages if stage.state is StageState.NOW), None)
    session = db.session()
    open_hearing = session.scalars(
        select(Hearing).where(Hearing.petition_id == petition.id, Hearing.recorded_at.is_(None)).order_by(Hearing.at)
    ).first()
    decided = [j for j in judgments_of(session, petition.id) if j.kind != JudgmentKind.POSTPONED]
    judgment = decided[0] if decided else None
    links = [(_("Change the petition"), url_for("PetitionView.edit", petition_id=petition.id), False)]
    if open_hearing is None or known.events.is_decided:
        address = url_for("PetitionView.add_hearing", petition_id=petition.id)
        links.append((_("Set a hearing"), address, now is StageKey.HEARING))
    elif open_hearing.at <= utc_now():
        links.append((_("Record the hearing"), url_for("HearingView.record", hearing_id=open_hearing.id), True))
    else:
        links.append((_("Move the hearing"), url_for("HearingView.edit", hearing_id=open_hearing.id), False))
    if judgment is None:
        address = url_for("PetitionView.add_judgment", petition_id=petition.id)
        links.append((_("Note the judgment"), address, now is StageKey.JUDGMENT))
    else:
        address = url_for("PetitionView.edit_judgment", judgment_id=judgment.id)
        links.append((_("Judgment and service"), address, now is StageKey.SERVICE))
    address = url_for("PetitionView.eviction", petition_id=petition.id)
    links.append((_("Notice and eviction"), address, now in (StageKey.NOTICE, StageKey.EVICTION)))
    return links


def terms(case: Case) -> dict[str, Any] | None:
    """The deadlines that run, each with its reasoning; None when there is none."""
    known = _procedure(case)
    if not known.deadlines:
        return None
    return {"rows": [_term(deadline) for deadline in known.deadlines]}


def _term(deadline: Deadline) -> dict[str, Any]:
    left = (deadline.due_on - today()).days
    # What the OCMW itself can still do stays late; another term that is over is history.
    late = left < 0 and deadline.kind is DeadlineKind.FIRST_CONTACT
    return {
        "day": deadline.due_on,
        "hour": deadline.at,
        "computed": deadline.kind not in FACTS,
        "label": _(deadline.label),
        "why": wording.sentence(explain(deadline)),
        "note": _(deadline.note) if deadline.note else "",
        "article": _(deadline.article),
        "how_sure": wording.how_sure(deadline.confidence),
        "confidence": deadline.confidence,
        "left": wording.days_left(deadline.due_on, today()),
        "kind": "late" if late else "soon" if 0 <= left <= SOON else None,
    }


# ---------------------------------------------------------------- what falls away when the case is closed

# What the OCMW does by a day, is in court for, or knows to happen; what it only waits for is no loss.
_MISSED = (Nature.ACT_BEFORE, Nature.COURT_DATE)


def to_come(case_id: uuid.UUID) -> Iterator[StillRuns]:
    """The hearing, the eviction and the terms that are still to come: nothing reminds of them any more."""
    query = select(DeadlineRow).where(
        DeadlineRow.case_id == case_id,
        DeadlineRow.due_on >= today(),
        or_(DeadlineRow.nature.in_(_MISSED), DeadlineRow.kind == DeadlineKind.PLANNED_EVICTION),
    )
    for row in db.session.scalars(query.order_by(DeadlineRow.due_on, DeadlineRow.kind)):
        day = datum_lang(row.due_on)
        if row.kind == DeadlineKind.HEARING:
            text = _(
                "A hearing is still to come, on %(day)s. It leaves the hearing list, Today and the calendar.", day=day
            )
        elif row.kind == DeadlineKind.PLANNED_EVICTION:
            text = _("An eviction is planned on %(day)s. It leaves Today and the calendar.", day=day)
        else:
            label = _(DeadlineKind(row.kind).label)
            text = _("%(term)s: until %(day)s. This term leaves Today and the calendar.", term=label, day=day)
        yield StillRuns(text)


# ---------------------------------------------------------------- the timeline


def timeline(case_id: uuid.UUID) -> list[Entry]:
    """What happened in the procedures of a case; what is only planned stands in the path."""
    return [*_petition_entries(case_id), *_hearing_entries(case_id), *_judgment_entries(case_id), *_evictions(case_id)]


def _day(day: date, title: str, detail: str = "", **more: Any) -> Entry:
    return Entry(day_to_utc(day), title, detail, hour_known=False, **more)


def _petition_entries(case_id: uuid.UUID) -> Iterator[Entry]:
    for petition in petitions_of(case_id):
        writ = petition.kind == PetitionKind.WRIT
        place = " · ".join(filter(None, [petition.court, petition.roll_number]))
        links = ((_("change"), url_for("PetitionView.edit", petition_id=petition.id)),)
        title = _("Writ received from the bailiff") if writ else _("Petition received from the registry")
        claimed = wording.claim(petition)
        detail, also = " · ".join(filter(None, [claimed, place])), About.MONEY if claimed else None
        if petition.received_on:
            yield _day(petition.received_on, title, detail, links=links, also=also)
        elif petition.registered_on:
            yield _day(petition.registered_on, _("Petition registered"), detail, links=links, also=also)


def _hearing_entries(case_id: uuid.UUID) -> Iterator[Entry]:
    over = select(Hearing).where(Hearing.case_id == case_id, Hearing.at <= utc_now())
    for hearing in db.session.scalars(over):
        recorded = hearing.recorded_at is not None
        yield Entry(
            hearing.at,
            _("Hearing"),
            wording.presence(hearing.present) if recorded else "",
            hour_known=hearing.hour_known,
            by=hearing.recorded_by,
            label=None if recorded else _("not recorded yet"),
            kind=None if recorded else "soon",
            note=hearing.note or "",
            links=((_("change") if recorded else _("record"), url_for("HearingView.record", hearing_id=hearing.id)),),
        )
        if hearing.referred_on:
            yield _day(hearing.referred_on, _("Referred to Rechtenverkenning"), _("At the hearing"))


def _judgment_entries(case_id: uuid.UUID) -> Iterator[Entry]:
    for judgment in db.session.scalars(select(Judgment).where(Judgment.case_id == case_id)):
        what = _(JudgmentKind(judgment.kind).label)
        title = what if judgment.kind == JudgmentKind.POSTPONED else _("Judgment: %(what)s", what=what)
        links = ((_("change"), url_for("PetitionView.edit_judgment", judgment_id=judgment.id)),)
        if judgment.pronounced_on:
            yield _day(judgment.pronounced_on, title, note=judgment.terms or "", links=links)
        if judgment.served_on:
            detail = "" if judgment.pronounced_on else what
            yield _day(judgment.served_on, _("Judgment served by the bailiff"), detail, links=links)


def _evictions(case_id: uuid.UUID) -> Iterator[Entry]:
    for row in db.session.scalars(select(Eviction).where(Eviction.case_id == case_id)):
        links = ((_("change"), url_for("PetitionView.eviction", petition_id=row.petition_id)),)
        if row.notice_on:
            planned = _("Planned for %(day)s", day=datum_kort(row.planned_on)) if row.planned_on else ""
            yield _day(row.notice_on, _("The bailiff announced the eviction"), planned, links=links)
        if row.carried_out_on:
            yield _day(row.carried_out_on, _("Eviction carried out"), kind="late", links=links)
