"""Whether a case may be shared so, and where a grant stands on a day. Pure."""

from collections.abc import Collection
from datetime import date

from app.i18n import N_
from tenants.sharing.codes import GrantState


def state_on(
    starts_on: date, ends_on: date | None, *, is_ended: bool, is_agreement_in_force: bool, day: date
) -> GrantState:
    """The state of a grant on `day`; both its days count. Without its agreement it opens nothing, as if over."""
    if is_ended:
        return GrantState.ENDED
    if not is_agreement_in_force or (ends_on is not None and ends_on < day):
        return GrantState.OVER
    return GrantState.TO_COME if day < starts_on else GrantState.IN_FORCE


def kept_until(starts_on: date, ends_on: date | None, follow_up: date) -> date | None:
    """The last day of a grant that goes on after the case was closed, to the follow-up at most; None: it ends now."""
    last = follow_up if ends_on is None else min(ends_on, follow_up)
    return last if starts_on <= last else None


def problems_of(
    parts: Collection[str],
    allowed: Collection[str],
    starts_on: date,
    ends_on: date | None,
    agreement_ends_on: date | None,
    consent_on: date,
    day: date,
) -> list[tuple[str, str]]:
    """(field, msgid) for everything that is wrong with a grant that is asked on `day`."""
    found = []
    if set(parts) - set(allowed):
        found.append(("parts", N_("The agreement with this partner does not allow all of this. Choose less.")))
    if starts_on < day:
        found.append(("starts_on", N_("Sharing starts today or later: what was seen can't be given afterwards.")))
    if ends_on is not None and ends_on < starts_on:
        found.append(("ends_on", N_("This ends before it starts. Check both days.")))
    elif ends_on is not None and agreement_ends_on is not None and agreement_ends_on < ends_on:
        found.append(("ends_on", N_("The agreement itself ends earlier. Choose a day before that.")))
    if consent_on > day:
        found.append(("consent_on", N_("Ask the household first: this day is still to come.")))
    return found
