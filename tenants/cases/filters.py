"""The filter of the list of cases: read from an address, written back to one. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from app.i18n import N_
from tenants.cases.codes import Code, Market, Reason
from tenants.cases.rules import looks_like_insz
from tenants.petitions.codes import StageKey


class Shown(Code):
    """Which cases by their state; open ones unless something else is asked for."""

    OPEN = "open", N_("Open")
    CLOSED = "closed", N_("Closed")
    ALL = "all", N_("Open and closed")


class Reached(Code):
    YES = "yes", N_("Reached")
    NO = "no", N_("Not reached yet")


class Sort(Code):
    DUE = "due", N_("Next day first")
    NAME = "name", N_("By name")
    NEWEST = "newest", N_("Newest first")


class Whose(StrEnum):
    """Of the whole team, of the person who looks, or of nobody yet; else the id of a colleague."""

    TEAM = "team"
    MINE = "mine"
    NOBODY = "nobody"


@dataclass(frozen=True)
class CaseFilter:
    """What to show. whose: a `Whose` or the id of a user as digits; None means: any."""

    q: str = ""
    whose: str = Whose.TEAM
    state: Shown = Shown.OPEN
    stage: StageKey | None = None
    reached: Reached | None = None
    reason: Reason | None = None
    market: Market | None = None
    opened_from: date | None = None
    opened_to: date | None = None
    sort: Sort = Sort.DUE

    def query(self, **changes: Any) -> str:
        """The query string that gives this filter (with `changes`) again; what is as usual is left out."""
        wanted, usual = replace(self, **changes), CaseFilter()
        chosen = {f.name: getattr(wanted, f.name) for f in fields(self)}
        return urlencode({k: str(v) for k, v in chosen.items() if v != getattr(usual, k) and v is not None})

    @property
    def is_narrowed(self) -> bool:
        """Whether less than all open cases of the team is asked for (the order apart)."""
        return bool(self.query(sort=Sort.DUE))

    @property
    def has_details(self) -> bool:
        """Whether more than words, an order, or one of the ready-made filters is set."""
        usual = CaseFilter(q=self.q, sort=self.sort)
        ready_made = [replace(usual, whose=str(whose)) for whose in Whose] + [replace(usual, reached=Reached.NO)]
        return self.query() not in {each.query() for each in ready_made}


def read_filter(args: Mapping[str, str]) -> CaseFilter:
    """The filter in an address's parameters. What is not understood is left out; a national number is never kept."""
    words = " ".join(args.get("q", "").split())[:100]
    whose = args.get("whose", Whose.TEAM)
    known = whose in set(Whose) or (whose.isascii() and whose.isdigit() and len(whose) < 10)
    return CaseFilter(
        q="" if looks_like_insz(words) else words,
        whose=whose if known else Whose.TEAM,
        state=_code(Shown, args.get("state")) or Shown.OPEN,
        stage=_code(StageKey, args.get("stage")),
        reached=_code(Reached, args.get("reached")),
        reason=_code(Reason, args.get("reason")),
        market=_code(Market, args.get("market")),
        opened_from=_day(args.get("opened_from")),
        opened_to=_day(args.get("opened_to")),
        sort=_code(Sort, args.get("sort")) or Sort.DUE,
    )


def _code(codes: type[Any], value: str | None) -> Any:
    return codes(value) if value in {str(c) for c in codes} else None


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None
