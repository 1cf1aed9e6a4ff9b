"""What the waiting list says: what threatens, how long somebody waits, and why one comes before another."""

from collections.abc import Sequence
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import N_
from app.ui.formats import datum, datum_lang, sinds, today
from tenants.guidance.codes import ProcedureKind
from tenants.referrals.rules import Criterion, Threat, ThreatKind, days_waited, decisive
from tenants.referrals.waiting import Place

RULE = N_(
    "First who waits for FBU, then whose home is threatened soonest (by an eviction or a hearing), then who waits "
    "longest."
)
SOURCE = N_(
    "That FBU goes first comes from OCMW Brugge, which gives FBU guidance priority on its waiting list "
    "(session ‘Hoe voorkomen OCMW’s uithuiszettingen?’). The two further steps are an agreement of the team."
)


def threat_sentence(threat: Threat | None) -> str:
    """'uitdrijving gepland op do 3 dec, over 9 dagen'; '' when nothing threatens yet."""
    if threat is None:
        return ""
    if threat.kind is ThreatKind.POSSIBLE and threat.on <= today():
        return _("eviction is possible already")
    says = {
        ThreatKind.PLANNED: _("eviction planned for %(day)s, %(away)s", day=datum(threat.on), away=sinds(threat.on)),
        ThreatKind.POSSIBLE: _("eviction possible from %(day)s, %(away)s", day=datum(threat.on), away=sinds(threat.on)),
        ThreatKind.HEARING: _("hearing on %(day)s, %(away)s", day=datum(threat.on), away=sinds(threat.on)),
    }
    return says[threat.kind]


def waited_sentence(since: date) -> str:
    """'wacht 34 dagen'."""
    days = days_waited(since, today())
    if days == 0:
        return _("waits since today")
    return ngettext("waits %(num)d day", "waits %(num)d days", days)


def line(place: Place) -> str:
    """'uitdrijving gepland op do 3 dec, over 9 dagen · wacht 34 dagen'."""
    return " · ".join(filter(None, [threat_sentence(place.waiting.threat), waited_sentence(place.waiting.since)]))


def why_first(listed: Sequence[Place]) -> str:
    """Why the one in front is in front, in words; '' for an empty list."""
    if not listed:
        return ""
    if len(listed) == 1:
        return _("Nobody else waits.")
    first, second = listed[0], listed[1]
    both_fbu = second.waiting.guidance is ProcedureKind.FBU
    criterion = decisive(first.waiting, second.waiting)
    if criterion is Criterion.FBU:
        return _("This household waits for FBU, and FBU goes first. Nobody else on the list waits for FBU.")
    begin = _("Several wait for FBU, which goes first.") if both_fbu else _("Nobody waits for FBU.")
    return f"{begin} {_decided(criterion, first, second)}"


def why_before(first: Place, other: Place) -> str:
    """Why `first` comes before `other`, for who wants to take the other."""
    mine, theirs = first.waiting.threat, other.waiting.threat
    criterion = decisive(first.waiting, other.waiting)
    if criterion is Criterion.FBU:
        return _("That household waits for FBU, which goes first.")
    if criterion is Criterion.THREAT and mine is not None:
        if theirs is None:
            return _("There the home is threatened (%(threat)s), here not yet.", threat=threat_sentence(mine))
        return _(
            "There the home is threatened soonest: %(threat)s. Here: %(other)s.",
            threat=threat_sentence(mine),
            other=threat_sentence(theirs),
        )
    if criterion is Criterion.WAITED:
        return _("That household waits longest, since %(day)s.", day=datum_lang(first.waiting.since))
    return _("All else being equal, that household was put on the list first.")


def _decided(criterion: Criterion, first: Place, other: Place) -> str:
    """Why the one in front comes before the next, by a step after FBU."""
    mine, theirs = first.waiting.threat, other.waiting.threat
    if criterion is Criterion.THREAT and mine is not None:
        if theirs is None:
            return _(
                "Here the home is threatened (%(threat)s), for the next one not yet.", threat=threat_sentence(mine)
            )
        return _(
            "Here the home is threatened soonest: %(threat)s. For the next one: %(other)s.",
            threat=threat_sentence(mine),
            other=threat_sentence(theirs),
        )
    if criterion is Criterion.WAITED:
        return _("This household waits longest, since %(day)s.", day=datum_lang(first.waiting.since))
    return _("All else being equal, this household was put on the list first.")
