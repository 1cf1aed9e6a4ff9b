"""What the pages of reports say: a report in words, its state, how long something took."""

from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.ui.formats import datum_lang, euro
from tenants.cases import words
from tenants.intake.codes import ReporterKind, ReportState
from tenants.intake.rules import Told

# (step of the form, heading, short facts, longer texts); facts and texts are pairs of label and value.
Part = tuple[str, str, list[tuple[str, str]], list[tuple[str, str]]]


def summary(told: Told) -> list[Part]:
    """All that was told, in the order of the form."""
    return [_of_reporter(told), _of_household(told), _of_trouble(told)]


def _of_reporter(told: Told) -> Part:
    contact = ", ".join(filter(None, [told.reporter_email, told.reporter_phone]))
    pairs = [
        (_("Name"), told.reporter),
        (_("As"), words.label(ReporterKind, told.kind)),
        (_("To be reached at"), contact),
    ]
    return "reporter", _("Who reports"), pairs, []


def address_line(told: Told) -> str:
    """'Kerkstraat 12 bus 3, 8400 Oostende'."""
    box = _("box %(number)s", number=told.box) if told.box else ""
    street = " ".join(filter(None, [told.street, told.house_number, box]))
    return f"{street}, {told.postcode} {told.municipality}"


def _of_household(told: Told) -> Part:
    last, first = told.household
    pairs = [
        (_("Name"), " ".join(filter(None, [first, last]))),
        (_("Address"), address_line(told)),
    ]
    if told.born:
        pairs.append((_("Date of birth"), datum_lang(told.born)))
    return "household", _("Which household"), pairs, []


def _of_trouble(told: Told) -> Part:
    owed = [euro(told.arrears)] if told.arrears is not None else []
    if told.months is not None:
        owed.append(ngettext("%(num)d month", "%(num)d months", told.months))
    pairs = [
        (_("Reason"), ", ".join(_(reason.label) for reason in told.reasons)),
        (_("Arrears"), " · ".join(owed)),
        (_("Since"), told.since),
    ]
    if not told.in_person:
        may = "" if told.may_tell is None else _("Yes") if told.may_tell else _("No")
        pairs.append((_("Name the reporter"), may))
    texts = [(_("What happened"), told.explanation), (_("What was tried"), told.tried)]
    return "trouble", _("What is the matter"), pairs, [(label, text) for label, text in texts if text]


def state_label(value: str) -> str:
    """A state as the people who handle reports call it; the reporter reads `ReportState.label`."""
    names = {
        ReportState.RECEIVED: _("New report"),
        ReportState.TAKEN_UP: _("Taken up"),
        ReportState.CLOSED: _("Closed without case"),
    }
    return names[ReportState(value)]


def duration(took: timedelta | None) -> str:
    """'40 minutes', '5 hours', '3 days'; '' when there is none."""
    if took is None:
        return ""
    minutes = max(1, round(took.total_seconds() / 60))
    if minutes < 60:
        return ngettext("%(num)d minute", "%(num)d minutes", minutes)
    if minutes < 48 * 60:
        return ngettext("%(num)d hour", "%(num)d hours", round(minutes / 60))
    return ngettext("%(num)d day", "%(num)d days", round(minutes / 60 / 24))
