"""Pure rules of signing in: when one must wait, what a password must be, where one may return to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import IPv6Address, ip_address

from app.i18n import N_


class Kind(StrEnum):
    """What can be guessed or asked too often."""

    PASSWORD = "password"  # noqa: S105 - the name of a kind
    SECOND_STEP = "second step"
    LINK = "link"
    REPORT = "report"
    DRAFT = "draft"
    FOLLOW_UP = "follow-up"
    CERTIFICATE = "certificate"
    NAME_ON_CERTIFICATE = "name on certificate"


@dataclass(frozen=True)
class Limit:
    """How many failures within `window` are allowed, for one account and from one address."""

    by_account: int
    by_address: int
    window: timedelta


# Five wrong passwords is more than a typing error and too few to guess with: at 5 per 15 minutes a list of the
# 10,000 commonest passwords takes three weeks, and the team has seen the lock long before.
# A whole OCMW may share one address to the outside: 40 people who mistype once each morning must get in.
# A code of six digits: 5 per 15 minutes have one chance in 700 of a hit on a whole day, with the password known.
# A link is asked once, and again when the mail is slow; more would fill somebody's mailbox.
# Ten reports an hour is a busy morning of a service that reports for others; a flood needs hundreds.
# The code of a report: five tries at one of half a million million, and a whole service may mistype now and then.
# A certificate's number has 54 bits; the name on one could be tried from a list of colleagues, so ten wrong ones of
# one certificate are enough for whoever has the paper and can't spell.
LIMITS = {
    Kind.PASSWORD: Limit(5, 60, timedelta(minutes=15)),
    Kind.SECOND_STEP: Limit(5, 60, timedelta(minutes=15)),
    Kind.LINK: Limit(3, 20, timedelta(hours=1)),
    Kind.REPORT: Limit(10, 10, timedelta(hours=1)),
    Kind.DRAFT: Limit(60, 60, timedelta(hours=1)),
    Kind.FOLLOW_UP: Limit(5, 20, timedelta(minutes=15)),
    Kind.CERTIFICATE: Limit(20, 20, timedelta(minutes=15)),
    Kind.NAME_ON_CERTIFICATE: Limit(10, 20, timedelta(minutes=15)),
}

# A link by mail is read within the hour or asked again; a new colleague may begin after the weekend.
RESET_VALID = timedelta(hours=1)
INVITATION_VALID = timedelta(days=4)
# Long enough for the app on the phone, short enough for a desk that is left.
SECOND_STEP_VALID = timedelta(minutes=5)

MIN_PASSWORD, MAX_PASSWORD = 12, 200
COMMON = ("wachtwoord", "password", "welkom", "123456", "azerty", "qwerty", "motdepasse", "woonvast", "bienvenue")


def standing(failures: Sequence[datetime], most: int, window: timedelta, now: datetime) -> datetime | None:
    """None while another try is allowed; with `most` failures in the window: when the oldest of those leaves it."""
    recent = sorted(moment for moment in failures if now - moment < window)
    return recent[-most] + window if len(recent) >= most else None


def neighbourhood(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 of an IPv6 one, which a single line has whole."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)


def password_problems(password: str, about: Sequence[str] = ()) -> list[str]:
    """Msgids of all that is wrong with a new password; `about` are words that others know of the person.

    Length counts most (NIST SP 800-63B): no rule about signs, but none that can be guessed from the name.
    """
    problems = []
    if len(password) < MIN_PASSWORD:
        problems.append(N_("Choose at least 12 characters. A short sentence is easy to remember."))
    if len(password) > MAX_PASSWORD:
        problems.append(N_("Choose at most 200 characters."))
    small = password.casefold()
    if any(len(word) > 3 and word.casefold() in small for word in about):
        problems.append(N_("Leave your own name out of your password."))
    if len(set(small)) < 5 or _is_common(small):
        problems.append(N_("This password is easy to guess. Choose something only you would think of."))
    return problems


def _is_common(small: str) -> bool:
    """A word that everybody uses, with too little beside it: 'wachtwoord2026!', 'azerty-qwerty'."""
    rest = small
    for word in COMMON:
        rest = rest.replace(word, "")
    return rest != small and sum(letter.isalpha() for letter in rest) < 6


def own_path(target: str | None) -> str | None:
    """`target` when it is a path on this server to return to, else None."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\", "/login", "/logout")):
        return None
    return None if set(target) & set("\\\t\r\n") else target
