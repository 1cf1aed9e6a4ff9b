"""Dates, hours and euro as people here write them: template filters with the names that people here use.

Moments are UTC and shown in the reader's time zone (BABEL_DEFAULT_TIMEZONE: Europe/Brussels).
An empty value shows as an empty text, so that a template need not ask.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from babel.dates import format_date, get_day_names, get_month_names
from babel.numbers import format_currency, format_decimal
from flask import Flask
from flask_babel import get_locale, get_timezone, gettext, ngettext

from app.i18n import N_


def init_app(app: Flask) -> None:
    """Register every function below as a template filter of the same name, and `today` as a global."""
    for use in (datum, datum_kort, datum_lang, uur, moment, euro, sinds, dagvak, waarde, voluit):
        app.add_template_filter(use)
    app.add_template_global(today)


def today() -> date:
    """The date on the reader's wall."""
    return datetime.now(get_timezone()).date()


def _local(value: datetime) -> datetime:
    """`value` in the reader's time zone; without a zone of its own it is UTC."""
    return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(get_timezone())


def _local_date(value: date | datetime) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


def _format(value: date | datetime, pattern: str) -> str:
    return _written(_local_date(value), pattern, str(get_locale() or "nl"))


@lru_cache(maxsize=20_000)
def _written(day: date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)  # Babel reads the pattern anew each time, and pages repeat days


def datum(value: date | datetime | None) -> str:
    """'di 24 nov'; with the year when it is not the current one: 'di 25 nov 2025'."""
    if value is None:
        return ""
    return _format(value, "EEE d MMM" if _local_date(value).year == today().year else "EEE d MMM y")


def datum_kort(value: date | datetime | None) -> str:
    """'24 nov'; with the year when it is not the current one."""
    if value is None:
        return ""
    return _format(value, "d MMM" if _local_date(value).year == today().year else "d MMM y")


def datum_lang(value: date | datetime | None) -> str:
    """'dinsdag 24 november 2026': for a sentence, a letter, a title."""
    return "" if value is None else _format(value, "EEEE d MMMM y")


def uur(value: datetime | time | None) -> str:
    """'9.30 u', kept on one line. A `time` is taken as it is, a moment is first brought to the reader's time zone."""
    if value is None:
        return ""
    local = _local(value) if isinstance(value, datetime) else value
    return gettext("%(hour)s:%(minute)s h", hour=str(local.hour), minute=f"{local.minute:02d}")


def moment(value: datetime | None) -> str:
    """'20 nov, 17.40 u'."""
    return "" if value is None else f"{datum_kort(value)}, {uur(value)}"


def euro(value: Decimal | int | None) -> str:
    """'€ 2.610,00'."""
    return "" if value is None else format_currency(value, "EUR", locale=get_locale())


def voluit(name: str) -> str:
    """'Vermeulen, Dirk', as lists have it, the way one says it in a sentence: 'Dirk Vermeulen'."""
    return " ".join(reversed(name.split(", ", 1)))


_NEAR = {0: N_("today"), -1: N_("yesterday"), 1: N_("tomorrow")}


def sinds(value: date | datetime | None) -> str:
    """How far away a day is, in words: 'vandaag', 'gisteren', '3 dagen geleden', 'over 5 dagen'."""
    if value is None:
        return ""
    days = (_local_date(value) - today()).days
    if days in _NEAR:
        return gettext(_NEAR[days])
    if days < 0:
        return ngettext("%(num)d day ago", "%(num)d days ago", -days)
    return ngettext("in %(num)d day", "in %(num)d days", days)


def dagvak(value: date | datetime) -> tuple[str, int, str]:
    """Month, day of the month and weekday for the day box: ('nov', 24, 'di')."""
    day, locale = _local_date(value), get_locale()
    month = get_month_names("abbreviated", locale=locale)[day.month]
    return month, day.day, get_day_names("abbreviated", locale=locale)[day.weekday()]


def _plain_number(value: Decimal) -> str:
    """With the decimals that the column keeps: 2,50 stays 2,50."""
    decimals = max(0, -int(value.as_tuple().exponent)) if value.is_finite() else 0
    return format_decimal(value, "#,##0" + ("." + "0" * decimals if decimals else ""), locale=get_locale())


def waarde(value: Any) -> str:
    """Any value of a column as text: yes or no, a date, a moment, an amount, a code's label, a list."""
    match value:
        case None:
            return ""
        case bool():
            return gettext("yes") if value else gettext("no")
        case datetime():
            return moment(value)
        case date():
            return datum_kort(value)
        case Decimal():
            return _plain_number(value)
        case list() | tuple() | set():
            return ", ".join(waarde(each) for each in value)
        case StrEnum():
            return gettext(str(getattr(value, "label", value)))
    return str(value)
