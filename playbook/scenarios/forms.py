"""The forms of a scenario: what it says of itself, and one step."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.calendar.rules import Unit
from app.ui.fields import WholeNumberField
from playbook.scenarios.rules import AVENUES, EVENTS, LONGEST, UNITS, WHO, Avenue, Definition, Event, Step, Who

OPTIONAL = Optional()


def _tidy(text: str | None) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text or "").split())


def _most(number: int) -> Length:
    return Length(max=number, message=_l("Use at most %(max)d characters."))


class Showing(FlaskForm):
    """A form on which the problems of a service come back at their fields."""

    def show(self, problems: Iterable[tuple[str, str]]) -> None:
        """Put every problem at its field, and what concerns the whole on top."""
        for name, message in problems:
            if name in self:
                self[name].errors = [*self[name].errors, _(message)]
            else:
                self.form_errors.append(_(message))


class ScenarioForm(Showing):
    title = StringField(_l("Name of the scenario"), [_most(120)], filters=[_tidy])
    trigger = StringField(
        _l("When does it start?"), [_most(200)], filters=[_tidy], description=_l("Such as: a petition comes in.")
    )
    summary = TextAreaField(_l("What is it for?"), [OPTIONAL, _most(600)], filters=[_tidy], render_kw={"rows": 3})

    def fill(self, draft: Definition) -> None:
        self.title.data, self.trigger.data, self.summary.data = draft.title, draft.trigger, draft.summary

    def text(self) -> Definition:
        return Definition(self.title.data, self.summary.data, self.trigger.data)


class StepForm(Showing):
    who = SelectField(_l("Whose turn is it?"))
    what = StringField(_l("What has to be done?"), [_most(LONGEST["what"])], filters=[_tidy])
    number = WholeNumberField(
        _l("How many days?"),
        [InputRequired(_l("Fill in a number of days from 0 to 365."))],
        description=_l("0 is the day itself."),
        render_kw={"min": 0, "max": 365},
    )
    unit = SelectField(_l("Which days?"))
    before = RadioField(_l("Before or after?"), default="after")
    event = SelectField(_l("From what do you count?"))
    document = StringField(
        _l("Which document?"),
        [OPTIONAL, _most(LONGEST["document"])],
        filters=[_tidy],
        description=_l("Such as: letter, repayment plan, guidance agreement."),
    )
    piste = SelectField(_l("Which piste?"), [OPTIONAL])
    if_not = TextAreaField(
        _l("And if it does not come off?"),
        [OPTIONAL, _most(LONGEST["if_not"])],
        filters=[_tidy],
        render_kw={"rows": 2},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.who.choices = [(value.value, _(label)) for value, label in WHO.items()]
        self.unit.choices = [(value.value, _(label)) for value, label in UNITS.items()]
        self.event.choices = [(value.value, _(label)) for value, label in EVENTS.items()]
        self.before.choices = [("after", _("at the latest so many days after it")), ("before", _("before it"))]
        self.piste.choices = [("", _("None")), *((value.value, _(label)) for value, label in AVENUES.items())]

    def fill(self, step: Step) -> None:
        for name in ("what", "number", "document", "if_not"):
            self[name].data = getattr(step, name)
        self.who.data, self.unit.data, self.event.data = step.who.value, step.unit.value, step.event.value
        self.before.data = "before" if step.before else "after"
        self.piste.data = step.piste.value if step.piste else ""

    def step(self, key: str = "") -> Step:
        """The valid form as a step; an empty key is a new one."""
        return Step(
            key,
            Who(self.who.data),
            self.what.data or "",
            Event(self.event.data),
            self.number.data,
            Unit(self.unit.data),
            self.before.data == "before",
            self.document.data or "",
            Avenue(self.piste.data) if self.piste.data else None,
            self.if_not.data or "",
        )
