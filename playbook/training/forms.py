"""The forms of training: a course, a track, a session, a material, a question, an evaluation."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count their silence.

import uuid
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DecimalField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from app.security.roles import LABELS, TENANT_ROLES
from app.ui.fields import DayField, WholeNumberField
from playbook.training.learning import NewEvaluation
from playbook.training.materials import NewContent
from playbook.training.rules import SCALE, write_choices
from playbook.training.service import NewCourse, NewQuestion, NewTrack
from playbook.training.sessions import NewSession
from playbook.training.wording import OPINIONS

BRUSSELS = ZoneInfo("Europe/Brussels")
OPTIONAL = Optional()


def _most(number):
    return Length(max=number, message=_l("Use at most %(max)d characters."))


def _text(field):
    return (field.data or "").strip()


class TrainingForm(FlaskForm):
    def show(self, error):
        """Put every problem at its field, or above the form."""
        for name, message in error.problems:
            told = _(message, **error.params)
            if name in self._fields:
                self[name].errors = [*self[name].errors, told]
            else:
                self.form_errors.append(told)


HOURS = _l("Give the length in hours, such as 3 or 2,5.")
PERCENTAGE = _l("Give a percentage between 1 and 100.")


class HoursField(DecimalField):
    """Hours as people write them: 2,5 or 2.5. As text: a browser's number box shows a comma as nothing at all."""

    widget = TextInput()

    def process_formdata(self, valuelist):
        try:
            super().process_formdata([value.replace(",", ".") for value in valuelist])
        except ValueError:
            raise ValueError(HOURS) from None

    def _value(self):
        return super()._value().replace(".", ",") if not self.raw_data else super()._value()


class TicksField(SelectMultipleField):
    """Several out of a list, as tick boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class CourseForm(TrainingForm):
    title = StringField(_l("Title"), [InputRequired(_l("Give the course a title.")), _most(120)])
    summary = TextAreaField(
        _l("In one or two sentences"), [OPTIONAL, _most(400)], description=_l("What can people do afterwards?"),
        render_kw={"rows": 2},
    )  # fmt: skip
    body = TextAreaField(
        _l("About this course"), [OPTIONAL, _most(20_000)],
        description=_l("In the same way as the playbook: ## for a heading, - for a list."), render_kw={"rows": 10},
    )  # fmt: skip
    hours = HoursField(
        _l("Length in hours"), [InputRequired(HOURS)], places=1,
        description=_l("It stands on the certificate."),
    )  # fmt: skip
    has_sessions = BooleanField(
        _l("One must come to a session"),
        description=_l("If not, people follow the course by themselves with the materials and the quiz."),
    )
    pass_mark = WholeNumberField(
        _l("Pass mark of the quiz, in percent"), [InputRequired(PERCENTAGE), NumberRange(1, 100, PERCENTAGE)]
    )

    def entry(self):
        """The valid form as what the service takes."""
        return NewCourse(
            _text(self.title), _text(self.summary), _text(self.body), self.hours.data, self.pass_mark.data,
            self.has_sessions.data,
        )  # fmt: skip


class TrackForm(TrainingForm):
    title = StringField(_l("Title"), [_most(120)])
    summary = TextAreaField(_l("In one or two sentences"), [OPTIONAL, _most(400)], render_kw={"rows": 2})
    is_onboarding = BooleanField(_l("This is for people who have just begun"))
    roles = TicksField(
        _l("For whom?"), [OPTIONAL], description=_l("Nothing ticked: for everybody. It counts for what is missing.")
    )
    courses = TicksField(_l("Which courses?"), [OPTIONAL], description=_l("They are shown in this order."))

    def offer(self, courses, chosen=()):
        """Offer these courses, those of the track first and in its order."""
        self.roles.choices = [(role.value, _(LABELS[role])) for role in TENANT_ROLES]
        place = {course_id: number for number, course_id in enumerate(chosen)}
        ordered = sorted(courses, key=lambda course: place.get(course.id, len(place)))
        self.courses.choices = [(str(course.id), course.title) for course in ordered]

    def fill(self, found):
        """Show a track as it is."""
        for name in ("title", "summary", "is_onboarding", "roles"):
            self[name].data = getattr(found.track, name)
        self.courses.data = [str(course.id) for course in found.courses]

    def entry(self):
        """The valid form as what the service takes; courses in the order in which they are offered."""
        ticked = set(self.courses.data or ())
        return NewTrack(
            _text(self.title), _text(self.summary), tuple(self.roles.data or ()), self.is_onboarding.data,
            tuple(uuid.UUID(value) for value, _label in self.courses.choices if value in ticked),
        )  # fmt: skip


class SessionForm(TrainingForm):
    day = DayField(_l("Day"), [InputRequired(_l("Choose a day."))])
    starts = TimeField(_l("Starts at"), [InputRequired(_l("Give the hour at which it starts."))])
    ends = TimeField(_l("Ends at"), [InputRequired(_l("Give the hour at which it ends."))])
    place = StringField(_l("Place"), [OPTIONAL, _most(200)], description=_l("Name, street and municipality."))
    online_url = StringField(
        _l("Link for online"), [OPTIONAL, _most(300)], description=_l("Only who has a place sees it."),
        render_kw={"type": "url"},
    )  # fmt: skip
    capacity = WholeNumberField(
        _l("Number of places"), [InputRequired(_l("Give a number of places between 1 and 500."))]
    )
    trainer = StringField(_l("Trainer"), [OPTIONAL, _most(120)])
    note = TextAreaField(
        _l("Good to know"), [OPTIONAL, _most(600)], description=_l("What to bring, parking, lunch."),
        render_kw={"rows": 3},
    )  # fmt: skip

    def fill(self, row):
        """Show a session as it is, in Belgian time."""
        start, end = row.starts_at.astimezone(BRUSSELS), row.ends_at.astimezone(BRUSSELS)
        self.day.data, self.starts.data, self.ends.data = start.date(), start.time(), end.time()
        for name in ("place", "online_url", "capacity", "trainer", "note"):
            self[name].data = getattr(row, name)

    def entry(self):
        """The valid form as what the service takes, in UTC."""
        return NewSession(
            self._moment(self.starts.data), self._moment(self.ends.data), _text(self.place), _text(self.online_url),
            self.capacity.data, _text(self.trainer), _text(self.note),
        )  # fmt: skip

    def _moment(self, hour):
        return datetime.combine(self.day.data, hour, BRUSSELS).astimezone(UTC)


class MaterialForm(TrainingForm):
    title = StringField(_l("Title"), [_most(150)])
    url = StringField(_l("Link"), [OPTIONAL, _most(600)], description=_l("To a page or a video elsewhere."))
    comment = StringField(_l("What is new in this version?"), [OPTIONAL, _most(200)])

    def entry(self, sent):
        """The valid form as what the service takes; sent: the uploaded file, if any."""
        name = sent.filename if sent and sent.filename else ""
        return NewContent(_text(self.url), name, sent.read() if name else b"", _text(self.comment))


class QuestionForm(TrainingForm):
    text = TextAreaField(_l("Question"), [_most(500)], render_kw={"rows": 2})
    choices = TextAreaField(
        _l("Answers"), [_most(2_000)],
        description=_l("One per line. Put a star (*) before each right one."), render_kw={"rows": 5},
    )  # fmt: skip
    explanation = TextAreaField(
        _l("Why"), [OPTIONAL, _most(600)], description=_l("Shown once the quiz is handed in."), render_kw={"rows": 2}
    )

    def fill(self, row):
        self.text.data, self.explanation.data = row.text, row.explanation
        self.choices.data = write_choices(row.choices, row.right)

    def entry(self):
        return NewQuestion(_text(self.text), self.choices.data or "", _text(self.explanation))


def _scale(name):
    question, low, high = OPINIONS[name]
    return RadioField(
        _l(question),
        [InputRequired(_l("Choose a number from 1 to 5."))],
        choices=[(str(n), str(n)) for n in SCALE],
        description=_l("1 is %(low)s, 5 is %(high)s.", low=_l(low), high=_l(high)),
    )


class EvaluationForm(TrainingForm):
    useful, clear, pace = _scale("useful"), _scale("clear"), _scale("pace")
    remark = TextAreaField(
        _l("What should the trainer keep or change?"), [OPTIONAL, _most(600)],
        description=_l("Write nothing that tells who you are."), render_kw={"rows": 4},
    )  # fmt: skip

    def entry(self):
        return NewEvaluation(int(self.useful.data), int(self.clear.data), int(self.pace.data), _text(self.remark))
