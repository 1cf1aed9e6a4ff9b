"""Reads one value of a register: a date, an amount, a number, a word of a list. Pure.

Each function takes a cell and answers the value, or raises `Unreadable` with what is wrong and what is expected.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from stdnum.be import ssn
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError

from app.i18n import N_
from tenants.imports.cells import Cell, is_formula, shown, tidy


class Unreadable(ValueError):
    """A cell holds something else than expected; `msgid` with `params` says what and what is expected."""

    def __init__(self, msgid: str, **params: object) -> None:
        self.msgid, self.params = msgid, params
        super().__init__(msgid % params)


MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan janvier january",
            "februari feb februarie fevrier fév février february",
            "maart mrt mars march",
            "april apr avril avr",
            "mei mai may",
            "juni jun juin june",
            "juli jul juillet july",
            "augustus aug aout août august",
            "september sep sept septembre",
            "oktober okt octobre october oct",
            "november nov novembre",
            "december dec décembre decembre",
        ),
        start=1,
    )
    for name in names.split()
}

_DATE = re.compile(
    r"(?<!\d)(?:"
    r"(?P<iso_year>\d{4})[-/.](?P<iso_month>\d{1,2})[-/.](?P<iso_day>\d{1,2})(?!\d)"
    r"|(?P<day>\d{1,2})\s?[/.\-]\s?(?P<month>\d{1,2})\s?[/.\-]\s?(?P<year>\d{4}|\d{2})(?![\d])"
    r"|(?P<day_2>\d{1,2})(?:e|er|ste|de|°)?[\s.\-]+(?P<word>[^\W\d_]{3,10})\.?[\s\-]+(?P<year_2>\d{4}|\d{2})(?!\d)"
    r"|(?P<packed>(?:19|20)\d{2}[01]\d[0-3]\d)(?!\d)"
    r")"
)
_TIME = re.compile(
    r"(?P<hour>\d{1,2})\s?(?:[uh]|uur|[:.])\s?(?P<minute>[0-5]\d)?(?::[0-5]\d)?(?:\s?(?:uur|u|h))?(?!\d)", re.IGNORECASE
)
# As programs write a moment: with seconds, their parts, and the distance from UTC.
_ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?")
_DECORATION = re.compile(
    r"\b(om|at|te|à|a|op|le|uur|heures?|ma|di|wo|do|vr|za|zo|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag"
    r"|zondag|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|00)\b|[.,;:()\-T]",
    re.IGNORECASE,
)
BRUSSELS = ZoneInfo("Europe/Brussels")
SERIAL_ZERO = date(1899, 12, 30)
# A bare number is a day count of Excel only between these: 1930 to 2079. Others are mistyped.
SERIALS = range(10_959, 65_745)


@dataclass(frozen=True)
class Span:
    """The years in which a date of some kind can lie, both included; tells 1920 from 2020 in '20'."""

    first: int
    last: int

    @classmethod
    def of_events(cls, today: date) -> "Span":
        """Petitions, hearings, judgments: from 1990 (no register is older) to five years ahead."""
        return cls(1990, today.year + 5)

    @classmethod
    def of_births(cls, today: date) -> "Span":
        """Someone summoned is at least 15 and at most 110; '03-08-80' is 1980 and '05-05-20' is 1920."""
        return cls(today.year - 110, today.year - 15)

    def year(self, written: str) -> int:
        """The year meant by two or four digits: the latest that fits."""
        if len(written) == 4:
            return int(written)
        century = self.last // 100 * 100
        year = century + int(written)
        return year if year <= self.last else year - 100


def read_date(cell: Cell, span: Span) -> date:
    """The day in `cell`; an hour or a weekday beside it is passed over."""
    return read_moment(cell, span)[0]


def read_moment(cell: Cell, span: Span) -> tuple[date, time | None]:
    """The day and, where it is written, the hour: '15/02/2020 om 9u30', a date cell, an Excel day count."""
    if isinstance(cell, datetime):
        return _within(cell.date(), span, cell), cell.time() if cell.time() != time() else None
    if isinstance(cell, date):
        return _within(cell, span, cell), None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(cell, span)
    text = _text(cell)
    if _ISO_MOMENT.fullmatch(text) and (moment := _iso_moment(text)):
        return read_moment(moment, span)
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", text):
        return _serial(float(text.replace(",", ".")), span)
    found = list(_DATE.finditer(text))
    if not found:
        raise Unreadable(N_("“%(value)s” is not a date. Write it as day/month/year, like 31/12/2020."), value=text)
    if len(found) > 1:
        raise Unreadable(
            N_("“%(value)s” holds more than one date. Keep one here and put the rest in the remarks."), value=text
        )
    day = _within(_day(found[0], span, text), span, text)
    return day, _hour(text[: found[0].start()] + " " + text[found[0].end() :], text)


def _text(cell: Cell) -> str:
    text = tidy(shown(cell))
    if is_formula(text):
        raise Unreadable(
            N_(
                "This cell holds a formula (%(value)s), and formulas are not calculated here. Copy the column in "
                "your spreadsheet program, paste it as values, and read the file again."
            ),
            value=text[:80],
        )
    return text


def _iso_moment(text: str) -> datetime | None:
    """The moment as a Belgian clock shows it; None when there is no such day or hour."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None or moment.time() == time():  # midnight is a day without an hour, wherever it was written
        return moment.replace(tzinfo=None)
    return moment.astimezone(BRUSSELS).replace(tzinfo=None)


def _serial(number: float, span: Span) -> tuple[date, time | None]:
    if int(number) in SERIALS:
        minutes = round(number % 1 * 1440)
        day = SERIAL_ZERO + timedelta(days=int(number))
        return _within(day, span, shown(number)), time(minutes // 60, minutes % 60) if 0 < minutes < 1440 else None
    packed = _DATE.fullmatch(str(int(number)))
    if packed:
        return _within(_day(packed, span, shown(number)), span, shown(number)), None
    raise Unreadable(N_("“%(value)s” is not a date. Write it as day/month/year, like 31/12/2020."), value=shown(number))


def _day(found: re.Match[str], span: Span, text: str) -> date:
    part = found.groupdict()
    if part["packed"]:
        year, month, day = int(part["packed"][:4]), int(part["packed"][4:6]), int(part["packed"][6:])
    elif part["iso_year"]:
        year, month, day = int(part["iso_year"]), int(part["iso_month"]), int(part["iso_day"])
    elif part["word"]:
        word = part["word"].lower()
        if word not in MONTHS:
            raise Unreadable(N_("“%(word)s” in “%(value)s” is not a month."), word=part["word"], value=text)
        year, month, day = span.year(part["year_2"]), MONTHS[word], int(part["day_2"])
    else:
        year, month, day = span.year(part["year"]), int(part["month"]), int(part["day"])
    try:
        return date(year, month, day)
    except ValueError:
        if month > 12:
            raise Unreadable(
                N_("“%(value)s” is no date: there is no month %(month)d. Write the day first, like 31/12/2020."),
                value=text,
                month=month,
            ) from None
        raise Unreadable(
            N_("“%(value)s” does not exist: that month has no day %(day)d. Write a day that is on the calendar."),
            value=text,
            day=day,
        ) from None


def _within(day: date, span: Span, written: object) -> date:
    if span.first <= day.year <= span.last:
        return day
    text = written if isinstance(written, str) else f"{day:%d/%m/%Y}"
    raise Unreadable(
        N_("“%(value)s” can't be right: a year from %(first)d to %(last)d is expected."),
        value=text,
        first=span.first,
        last=span.last,
    )


def _hour(rest: str, text: str) -> time | None:
    found = _TIME.search(rest)
    if found:
        rest = rest[: found.start()] + rest[found.end() :]
    if _DECORATION.sub("", rest).strip():
        raise Unreadable(
            N_("“%(value)s” holds more than a date. Keep the date (and hour) and put the rest in the remarks."),
            value=text,
        )
    return _clock(found, text) if found else None


def _clock(found: re.Match[str], text: str) -> time | None:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if hour > 23:
        raise Unreadable(N_("“%(value)s” is not an hour of the day. Write it like 9u30."), value=text)
    return time(hour, minute) if hour or minute else None


def read_time(cell: Cell) -> time | None:
    """An hour in a column of its own: '9u30', '9.30', '14u', 9, a time cell."""
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    if isinstance(cell, float) and 0 < cell < 1:
        minutes = round(cell * 1440)
        return time(minutes // 60, minutes % 60)
    text = _text(cell)
    found = _TIME.fullmatch(text) or re.fullmatch(r"(?P<hour>\d{1,2})(?P<minute>)", text)
    if not found:
        raise Unreadable(N_("“%(value)s” is not an hour of the day. Write it like 9u30."), value=text)
    return _clock(found, text)


# More rent is never claimed before the justice of the peace; a larger number is a typing error or another column.
LARGEST_AMOUNT = Decimal(1_000_000)


def read_amount(cell: Cell) -> Decimal:
    """Euro in cents: '€ 1.234,56', '2159,89', '1,234.56', 866.8. A lone comma before three digits is refused."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _amount(repr(cell), shown(cell))
    text = _text(cell)
    bare = re.sub(r"€|euro?s?\b|\s|'", "", text, flags=re.IGNORECASE)
    if bare == "-" != text:
        bare = "0"  # Excel's bookkeeping format shows nothing as '€ -'
    bare = re.sub(r"[,.][-–]{1,2}$|[,.]$", "", bare)
    if re.fullmatch(r"-?\d{1,3},\d{3}", bare):
        raise Unreadable(
            N_("“%(value)s” can be read in two ways. Write %(thousand)s or %(small)s."),
            value=text,
            thousand=bare.replace(",", "") + ",00",
            small=bare[:-1],
        )
    if re.fullmatch(r"-?\d{1,3}(\.\d{3})+(,\d{1,2})?", bare) or re.fullmatch(r"-?\d+,\d{1,2}", bare):
        bare = bare.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d{1,2})?", bare):
        bare = bare.replace(",", "")
    elif not re.fullmatch(r"-?\d+(\.\d{1,2})?", bare):
        raise Unreadable(N_("“%(value)s” is not an amount. Write only the number in euro, like 1234,56."), value=text)
    return _amount(bare, text)


def _amount(number: str, written: str) -> Decimal:
    try:
        amount = Decimal(number)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0 or amount > LARGEST_AMOUNT:
        raise Unreadable(
            N_("“%(value)s” can't be right: an amount from 0 to %(largest)d euro is expected."),
            value=written,
            largest=int(LARGEST_AMOUNT),
        )
    return amount.quantize(Decimal("0.01"))


def read_months(cell: Cell) -> Decimal:
    """A number of months: 5, '3,5', '4 maanden'."""
    text = re.sub(r"\s*(maanden|maand|mnd\.?|mois|m)$", "", _text(cell), flags=re.IGNORECASE)
    try:
        months = Decimal(text.replace(",", "."))
    except InvalidOperation:
        months = Decimal(-1)
    # Thirty years of rent: beyond that it is an amount in the wrong column.
    if not months.is_finite() or not 0 <= months <= 360:
        raise Unreadable(N_("“%(value)s” is not a number of months."), value=text)
    return months.quantize(Decimal("0.1"))


def read_national_numbers(cell: Cell) -> list[str]:
    """The national register numbers (INSZ) in a cell, each as 11 digits that passed the check."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        # A number cell loses the zero with which births of 2000 to 2009 begin.
        return [_national_number(f"{int(cell):011d}")]
    parts = re.split(r"[;&\n/]|\s+en\s+|\s+et\s+", shown(cell))
    return [_national_number(_text(part)) for part in parts if tidy(part)]


def _national_number(text: str) -> str:
    try:
        return ssn.validate(text)
    except InvalidLength:
        digits = sum(character.isdigit() for character in text)
        raise Unreadable(
            N_("“%(value)s” is no national register number: it has %(digits)d digits and must have 11."),
            value=text,
            digits=digits,
        ) from None
    except InvalidChecksum:
        raise Unreadable(
            N_(
                "“%(value)s” is no national register number: the last two digits don't fit the others. Check it on "
                "the petition, or leave the cell empty."
            ),
            value=text,
        ) from None
    except ValidationError:
        raise Unreadable(
            N_("“%(value)s” is no national register number. It looks like 85.07.30-033.28."), value=text
        ) from None


def birth_of(national_number: str) -> date | None:
    """The day of birth written in a valid number, if it is a real day (a bis number may have none)."""
    try:
        return ssn.get_birth_date(national_number)
    except ValidationError:
        return None


_ROLL = re.compile(r"(?:19|20)?(?P<year>\d{2})(?P<letters>[A-Z]{1,3})(?P<number>\d{1,7})")
LONGEST_ROLL = 20


def read_roll(cell: Cell) -> str:
    """The roll number without spaces and strokes: '20/A/1234' and '2020 a 1234' are '20A1234'.

    Another form than year, letter, number is kept as written (`is_usual_roll` tells): courts differ.
    """
    text = _text(cell)
    found = _ROLL.fullmatch(re.sub(r"[\s/.\-]", "", text).upper())
    if found:
        return found["year"] + found["letters"] + found["number"]
    if not any(character.isdigit() for character in text) or len(text) > LONGEST_ROLL:
        raise Unreadable(
            N_("“%(value)s” is no roll number. It is made of the year, a letter and a number, like 20A1234."),
            value=text[:80],
        )
    return text.upper()


def is_usual_roll(roll: str) -> bool:
    return _ROLL.fullmatch(roll) is not None


YES = {"x", "ja", "j", "oui", "o", "yes", "y", "1", "ok", "v", "✓", "waar", "true", "gelukt"}
NO = {"n", "nee", "neen", "non", "no", "0", "onwaar", "false", "niet", "niet gelukt"}
UNKNOWN = {"", "?", "??", "-", "/", "onbekend", "niet gekend", "nvt", "n.v.t.", "inconnu", "unknown"}


def read_answer(cell: Cell) -> bool | None:
    """Yes, no, or None for not known ('?', '-', empty)."""
    if isinstance(cell, bool):
        return cell
    text = tidy(shown(cell)).casefold()
    if text in UNKNOWN:
        return None
    if text in YES or text in NO:
        return text in YES
    raise Unreadable(N_("“%(value)s” is not clear: write ja, nee or ?."), value=tidy(shown(cell)))
