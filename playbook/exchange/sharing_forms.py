"""The forms of questions, initiatives and meetings."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count their silence.

import uuid
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from app.ui.fields import DayField
from playbook.exchange.initiatives import NewInitiative
from playbook.exchange.meetings import NewMeeting

BRUSSELS = ZoneInfo("Europe/Brussels")
OPTIONAL = Optional()


def _most(number):
    return Length(max=number, message=_l("Use at most %(max)d characters."))


def _text(field):
    return (field.data or "").strip()


class SharingForm(FlaskForm):
    """A form on which what the service refuses comes back at its field."""

    def show(self, problems):
        """Put every problem at its field, or above the form."""
        for name, message in problems:
            if name in self._fields:
                self[name].errors = [*self[name].errors, _(message)]
            else:
                self.form_errors.append(_(message))


class WithPage(SharingForm):
    """Something that may point to a page of the playbook."""

    page = SelectField(_l("Page of the playbook"), [OPTIONAL])

    def offer(self, contents):
        """Offer the pages, by chapter (see handbook.service.contents)."""
        chapters = {part.chapter.title: [(str(p.id), p.title) for _d, p in part.pages] for part in contents}
        self.page.choices = {"": [("", _("No page"))], **{name: pages for name, pages in chapters.items() if pages}}

    def page_id(self):
        """The chosen page, or none."""
        return uuid.UUID(self.page.data) if self.page.data else None


class QuestionForm(WithPage):
    """A question to the network."""

    title = StringField(_l("Your question in one sentence"), [_most(150)])
    body = TextAreaField(
        _l("What should colleagues know about it?"), [OPTIONAL, _most(4000)], render_kw={"rows": 6},
        description=_l("No name, address or number of a client: the whole network reads this."),
    )  # fmt: skip


class AnswerForm(WithPage):
    """An answer."""

    body = TextAreaField(
        _l("Your answer"), [_most(4000)], render_kw={"rows": 5},
        description=_l("No name, address or number of a client: the whole network reads this."),
    )  # fmt: skip


class InitiativeForm(SharingForm):
    """An initiative elsewhere."""

    title = StringField(_l("Name of the initiative"), [_most(120)])
    place = StringField(_l("Who does it, and where"), [OPTIONAL, _most(120)])
    summary = TextAreaField(_l("What do they do?"), [_most(800)], render_kw={"rows": 4})
    learned = TextAreaField(_l("What can we take over?"), [OPTIONAL, _most(800)], render_kw={"rows": 3})
    url = StringField(_l("Website"), [OPTIONAL, _most(300)])
    tags = StringField(
        _l("Tags"), [OPTIONAL, _most(220)], description=_l("With commas between them, such as: outreach, private rent.")
    )

    def fill(self, row):
        """Show an initiative as it is."""
        for name in ("title", "place", "summary", "learned", "url"):
            self[name].data = getattr(row, name)
        self.tags.data = ", ".join(row.tags)

    def entry(self):
        """The valid form as what the service takes."""
        texts = {name: _text(self[name]) for name in ("title", "place", "summary", "learned", "url", "tags")}
        return NewInitiative(**texts)


class WithRevision(SharingForm):
    """A form about a meeting as somebody saw it."""

    revision = IntegerField("", [InputRequired()], widget=HiddenInput(), default=0)


class MeetingForm(WithRevision):
    """A meeting; days and hours as in Belgium."""

    title = StringField(_l("Title"), [InputRequired(_l("Give it a title.")), _most(120)])
    day = DayField(_l("Day"), [InputRequired(_l("Give the day."))])
    starts = TimeField(_l("Starts at"), [InputRequired(_l("Give the hour."))])
    ends = TimeField(_l("Ends at"), [InputRequired(_l("Give the hour."))])
    place = StringField(_l("Place"), [OPTIONAL, _most(200)])
    online_url = StringField(_l("Link for online"), [OPTIONAL, _most(300)])
    agenda = TextAreaField(
        _l("Agenda"), [OPTIONAL, _most(10_000)], render_kw={"rows": 8},
        description=_l("In the same way as the playbook: ## for a heading, - for a list."),
    )  # fmt: skip

    def fill(self, row):
        """Show a meeting as it is."""
        for name in ("title", "place", "online_url", "agenda", "revision"):
            self[name].data = getattr(row, name)
        starts, ends = row.starts_at.astimezone(BRUSSELS), row.ends_at.astimezone(BRUSSELS)
        self.day.data, self.starts.data, self.ends.data = starts.date(), starts.time(), ends.time()

    def entry(self):
        """The valid form as what the service takes."""
        starts, ends = (
            datetime.combine(self.day.data, hour.data, BRUSSELS).astimezone(UTC) for hour in (self.starts, self.ends)
        )
        texts = {name: _text(self[name]) for name in ("title", "place", "online_url", "agenda")}
        return NewMeeting(starts_at=starts, ends_at=ends, **texts)


class MinutesForm(WithRevision):
    """The minutes."""

    minutes = TextAreaField(
        _l("Minutes"), [OPTIONAL, _most(50_000)], render_kw={"rows": 18},
        description=_l("In the same way as the playbook: ## for a heading, - for a list."),
    )  # fmt: skip


class DecisionForm(SharingForm):
    """A decision and who follows it up."""

    text = TextAreaField(_l("What was decided?"), [_most(500)], render_kw={"rows": 2})
    who = StringField(
        _l("Who follows it up"), [OPTIONAL, _most(120)], description=_l("An organisation or a colleague.")
    )
    by_when = DayField(_l("By when"), [OPTIONAL])
