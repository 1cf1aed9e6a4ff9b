"""The forms of the playbook's editors."""

import uuid
from dataclasses import replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.ui.fields import WholeNumberField
from playbook.handbook import steps
from playbook.handbook.models import Autosave, Page, PageDraft
from playbook.handbook.rules import Problem
from playbook.handbook.service import ChapterContents, Draft


class ProblemForm(FlaskForm):
    """A form on which the service's problems come back, each at its field."""

    def show(self, problems: tuple[Problem, ...]) -> None:
        """Put every problem at its field; one without a field there stands above the form."""
        for problem in problems:
            message = _(problem.message, **problem.params)
            if problem.field in self:
                self[problem.field].errors = [*self[problem.field].errors, message]
            else:
                self.form_errors.append(message)


class TextForm(ProblemForm):
    """A title and a text, written in the editor."""

    title = StringField(
        _l("Title"),
        [InputRequired(_l("Give it a title.")), Length(max=120, message=_l("Use at most 120 characters."))],
    )
    body = TextAreaField(_l("Text"))

    def offer_steps(self) -> None:
        """Offer the scenarios whose steps the text can show."""
        self.scenarios = steps.titles()

    def restore(self, typed: Autosave) -> None:
        """Show what was typed before a crash."""
        self.title.data, self.body.data = typed.title, typed.body


class PageForm(TextForm):
    """A page: its text, its place in the tree, and what the editor says about the change."""

    place = SelectField(_l("Where it stands"), description=_l("Directly in a chapter, or under another page."))
    position = WholeNumberField(
        _l("Place in the list"),
        [Optional(), NumberRange(1, 999, _l("Use a number from 1 to 999."))],
        description=_l("1 is on top. Empty: at the end."),
    )
    comment = StringField(
        _l("What did you change?"),
        [Optional(), Length(max=200, message=_l("Use at most 200 characters."))],
        description=_l("One sentence for your colleagues, such as: 'hours of the registry added'."),
    )
    published_to_all = BooleanField(_l("Other networks may read this page too"))
    for_guests = BooleanField(
        _l("Guests of the network may read this page too"),
        description=_l("Such as a justice of the peace or a housing company. They see no drafts, comments or history."),
    )
    confirm = SelectField(
        _l("Read and understood"),
        choices=[
            ("no", _l("Nobody is asked to confirm")),
            ("once", _l("Ask everybody to confirm once")),
            ("again", _l("Ask everybody again, from this version on")),
        ],
        description=_l("Readers see a button 'read and understood'; you see who pressed it."),
        default="no",
    )
    base = HiddenField()
    revision = HiddenField()

    def offer(self, contents: list[ChapterContents], page: Page | None = None) -> None:
        """Offer every chapter and every page as a place, save `page` itself; and the scenarios for their steps."""
        self.offer_steps()
        self.place.choices = [
            choice
            for part in contents
            for choice in [
                (f"chapter:{part.chapter.id}", f"{part.chapter.position}. {part.chapter.title}"),
                *(
                    (f"page:{each.id}", "\N{EN SPACE}" * (depth + 1) + "– " + each.title)
                    for depth, each in part.pages
                    if page is None or each.id != page.id
                ),
            ]
        ]

    def fill(self, page: Page) -> None:
        """Show `page` as it is now."""
        self.title.data, self.body.data = page.title, page.body
        self.place.data = f"page:{page.parent_id}" if page.parent_id else f"chapter:{page.chapter_id}"
        self.position.data, self.published_to_all.data = page.position, page.published_to_all
        self.base.data = str(page.version)
        self.for_guests.data = page.for_guests
        self.confirm.data = "once" if page.confirm_from else "no"

    def fill_draft(self, draft: PageDraft) -> None:
        """Show `draft` as it is now."""
        self.title.data, self.body.data, self.comment.data = draft.title, draft.body, draft.comment
        self.place.data = f"page:{draft.parent_id}" if draft.parent_id else f"chapter:{draft.chapter_id}"
        self.position.data, self.published_to_all.data = draft.position, draft.published_to_all
        self.for_guests.data = draft.for_guests
        self.base.data, self.revision.data = str(draft.base_version), str(draft.revision)

    def restore(self, typed: Autosave) -> None:
        """Show what was typed before a crash, with the version it began from, so that a conflict is noticed."""
        super().restore(typed)
        counted = self.revision if self.revision.data else self.base
        counted.data = typed.base or counted.data

    @property
    def base_version(self) -> int:
        """The version the editor began with; 0, which no page has, when the form does not say."""
        return int(self.base.data) if (self.base.data or "").isdecimal() else 0

    @property
    def revision_number(self) -> int:
        """The revision of the draft that the editor began with; 0 when the form does not say."""
        return int(self.revision.data) if (self.revision.data or "").isdecimal() else 0

    def draft(self, contents: list[ChapterContents]) -> Draft:
        """The valid form as what the service takes."""
        kind, _colon, identifier = self.place.data.partition(":")
        chosen = uuid.UUID(identifier)
        parent_id = chosen if kind == "page" else None
        chapters = {page.id: part.chapter.id for part in contents for _depth, page in part.pages}
        return Draft(
            title=self.title.data or "",
            body=self.body.data or "",
            chapter_id=chapters[chosen] if parent_id else chosen,
            parent_id=parent_id,
            position=self.position.data,
            comment=self.comment.data or "",
            published_to_all=self.published_to_all.data,
            for_guests=self.for_guests.data,
            confirm=self.confirm.data or "keep",
        )


class ProposalForm(TextForm):
    """A page that a member would add."""

    chapter = SelectField(_l("Chapter"), description=_l("An editor may choose another place later."))
    why = StringField(
        _l("Why is this page needed?"), [Optional(), Length(max=200, message=_l("Use at most 200 characters."))]
    )

    def offer(self, contents: list[ChapterContents]) -> None:
        """Offer every chapter; and the scenarios for their steps."""
        self.offer_steps()
        self.chapter.choices = [
            (str(part.chapter.id), f"{part.chapter.position}. {part.chapter.title}") for part in contents
        ]

    def draft(self) -> Draft:
        """The valid form as what the service takes."""
        chapter_id = uuid.UUID(self.chapter.data)
        return Draft(self.title.data or "", self.body.data or "", chapter_id, comment=self.why.data or "")

    def show(self, problems: tuple[Problem, ...]) -> None:
        """The service says 'place' where this form has a chapter."""
        super().show(tuple(replace(each, field="chapter") if each.field == "place" else each for each in problems))


class ChapterForm(ProblemForm):
    """A chapter: what it is called and what one finds in it."""

    title = StringField(
        _l("Title"),
        [InputRequired(_l("Give it a title.")), Length(max=120, message=_l("Use at most 120 characters."))],
    )
    summary = StringField(
        _l("In one sentence"),
        [Optional(), Length(max=300, message=_l("Use at most 300 characters."))],
        description=_l("What one finds in this chapter."),
    )
    position = WholeNumberField(
        _l("Place in the list"),
        [Optional(), NumberRange(1, 999, _l("Use a number from 1 to 999."))],
        description=_l("1 is on top. Empty: at the end."),
    )


def place_in(contents: list[ChapterContents], chapter_slug: str | None, page_slug: str | None) -> Any:
    """The place a new page is offered: under a page or in a chapter that the address names."""
    for part in contents:
        for _depth, page in part.pages:
            if page.slug == page_slug:
                return f"page:{page.id}"
        if part.chapter.slug == chapter_slug:
            return f"chapter:{part.chapter.id}"
    return None
