"""Pure rules of signing in: when an account is locked, when an address tries too often, what a password must be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.i18n import N_

# Five wrong passwords is more than a typing error and too few to guess with: at 5 per 15 minutes a list of the
# 10,000 commonest passwords takes three weeks, and the team has seen the lock long before.
ACCOUNT_FAILURES = 5
WINDOW = timedelta(minutes=15)
# A whole OCMW may share one address to the outside: 40 people who mistype once each morning must get in.
ADDRESS_FAILURES = 60
# A link by mail is read within the hour or asked again.
RESET_VALID = timedelta(hours=1)
# Long enough for the app on the phone, short enough for a desk that is left.
SECOND_STEP_VALID = timedelta(minutes=5)

COMMON = ("wachtwoord", "password", "welkom", "123456", "azerty", "qwerty", "motdepasse")


@dataclass(frozen=True)
class Standing:
    """Whether another try is allowed; `until` is when it will be."""

    allowed: bool
    until: datetime | None = None


def standing(failures: Sequence[datetime], limit: int, now: datetime) -> Standing:
    """Allowed unless `limit` failures lie within the window before `now`; then until the oldest of those leaves it."""
    recent = sorted(moment for moment in failures if now - moment < WINDOW)
    if len(recent) < limit:
        return Standing(True)
    return Standing(False, recent[-limit] + WINDOW)


def password_problems(password: str, about: Sequence[str] = ()) -> list[str]:
    """Msgids of all that is wrong with a new password; `about` are words that others know of the person.

    Length counts most (NIST SP 800-63B): no rule about signs, but none that can be guessed from the name.
    """
    problems = []
    if len(password) < 12:
        problems.append(N_("Choose at least 12 characters. A short sentence is easy to remember."))
    if len(password) > 200:
        problems.append(N_("Choose at most 200 characters."))
    small = password.casefold()
    if any(len(word) > 3 and word.casefold() in small for word in about):
        problems.append(N_("Leave your own name out of your password."))
    if len(set(small)) < 5 or any(small.startswith(word) and len(small) < len(word) + 6 for word in COMMON):
        problems.append(N_("This password is easy to guess. Choose something only you would think of."))
    return problems


def own_path(target: str | None) -> str | None:
    """`target` when it is a path on this server to return to, else None."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\", "/login", "/logout")):
        return None
    return None if set(target) & set("\\\t\r\n") else target
