"""The words of scenarios in the reader's language: the term of a step, the picture, a step in a sentence."""

from collections.abc import Callable, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from app.calendar.rules import Unit
from playbook.scenarios.picture import Box, swim_lanes
from playbook.scenarios.rules import AVENUES, EVENTS, WHO, Definition, Step


def who(step: Step) -> str:
    """Whose turn it is."""
    return _(WHO[step.who])


def event(step: Step) -> str:
    """The event it runs from: 'the hearing'."""
    return _(EVENTS[step.event])


def piste(step: Step) -> str:
    """The piste it belongs to, or nothing."""
    return _(AVENUES[step.piste]) if step.piste else ""


def term(step: Step) -> str:
    """'within 3 working days after the petition'."""
    what = event(step)
    if step.number == 0:
        return _("at the latest on the day of %(event)s", event=what)
    if step.unit is Unit.WORKING_DAYS:
        if step.before:
            return ngettext(
                "at the latest %(num)d working day before %(event)s",
                "at the latest %(num)d working days before %(event)s",
                step.number,
                event=what,
            )
        return ngettext(
            "within %(num)d working day after %(event)s",
            "within %(num)d working days after %(event)s",
            step.number,
            event=what,
        )
    if step.before:
        return ngettext(
            "at the latest %(num)d day before %(event)s",
            "at the latest %(num)d days before %(event)s",
            step.number,
            event=what,
        )
    return ngettext(
        "within %(num)d day after %(event)s", "within %(num)d days after %(event)s", step.number, event=what
    )


def median(days: float, step: Step) -> str:
    """'3 days after the petition': half of the cases were sooner. Less than 0: before it."""
    number = abs(round(days))
    if days < 0 and number:
        return ngettext("%(num)d day before %(event)s", "%(num)d days before %(event)s", number, event=event(step))
    return ngettext("%(num)d day after %(event)s", "%(num)d days after %(event)s", number, event=event(step))


def sentence(number: int, step: Step) -> str:
    """A step as one line of text, as the picture is read aloud."""
    return _(
        "Step %(number)s, %(who)s: %(what)s, %(term)s.",
        number=number,
        who=who(step),
        what=step.what.rstrip("."),
        term=term(step),
    )


def picture(definition: Definition) -> Markup:
    """The swim lanes of a scenario, in the order in which its lanes get a turn."""
    lanes = list(dict.fromkeys(step.who for step in definition.steps))
    events = list(dict.fromkeys(step.event for step in definition.steps))
    letters = {each: chr(ord("A") + place) for place, each in enumerate(events)}
    boxes = [
        Box(number, lanes.index(step.who), letters[step.event], sentence(number, step))
        for number, step in enumerate(definition.steps, 1)
    ]
    legend = [(letters[each], _("runs from %(event)s", event=_(EVENTS[each]))) for each in events]
    name = _("Who has a turn when: %(title)s", title=definition.title)
    return Markup(swim_lanes(name, [_(WHO[each]) for each in lanes], boxes, legend))  # noqa: S704 - escaped there


FIELDS: dict[str, Callable[[Step], str]] = {
    "who": who,
    "what": lambda step: step.what,
    "event": term,
    "number": term,
    "unit": term,
    "before": term,
    "document": lambda step: step.document,
    "piste": piste,
    "if_not": lambda step: step.if_not,
}


def compared(old: Step, new: Step, changed: Sequence[str]) -> list[tuple[str, str]]:
    """What a step said and says, for each field that changed; the term once, whatever of it changed."""
    found = [(FIELDS[name](old), FIELDS[name](new)) for name in changed if name in FIELDS]
    return list(dict.fromkeys(pair for pair in found if pair[0] != pair[1]))
