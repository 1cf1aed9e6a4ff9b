"""What an organisation may set itself in the entry conditions, within and beside the decree. Pure.

Source: BVR of 3 May 2019: the fund asks arrears of two to six times the rent; local rules widen or narrow that, such as
'the rent is at most a third of the income'. Help with the budget and a positive budget plan are conditions of Brugge's
Team Wonen, from which another organisation may depart.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.i18n import N_
from tenants.guidance.codes import Condition

LEAST, MOST = Decimal(2), Decimal(6)  # times the monthly rent, both included (BVR 3 May 2019)
HIGHEST = Decimal(36)  # times the rent: beyond three years of arrears a number is a slip of the hand
SHARES = (Decimal(10), Decimal(100))  # of the income, in percent
OPTIONAL = (Condition.ACCEPTS_BUDGET_HELP, Condition.POSITIVE_BUDGET)  # the conditions that may be left out


@dataclass(frozen=True)
class OwnRules:
    """The measures of one organisation.

    least, most: arrears in monthly rents, both included. rent_share: the rent is at most this percentage of the net
    income, None: no such condition. without: conditions that are not asked here. source: where it was decided.
    """

    least: Decimal = LEAST
    most: Decimal = MOST
    rent_share: Decimal | None = None
    without: frozenset[Condition] = frozenset()
    source: str = ""

    @property
    def is_standard(self) -> bool:
        """Whether nothing departs from what the portal begins with."""
        return not self.touched and not self.without

    @property
    def touched(self) -> frozenset[Condition]:
        """The conditions that these rules measure in their own way."""
        own = set()
        if (self.least, self.most) != (LEAST, MOST):
            own.add(Condition.TWO_TO_SIX_MONTHS)
        if self.rent_share is not None:
            own.add(Condition.RENT_SHARE)
        return frozenset(own)

    @property
    def is_wider_than_the_fund(self) -> bool:
        """Whether cases are let in for which the fund pays nothing back."""
        return self.least < LEAST or self.most > MOST


STANDARD = OwnRules()


def problems(own: OwnRules) -> dict[str, str]:
    """What is wrong per field (msgids)."""
    found = {}
    if not 0 <= own.least <= HIGHEST:
        found["least"] = N_("Fill in a number from 0 to 36.")
    if not 0 < own.most <= HIGHEST:
        found["most"] = N_("Fill in a number from 0 to 36.")
    elif "least" not in found and own.most < own.least:
        found["most"] = N_("This is less than the minimum. Check both numbers.")
    if own.rent_share is not None and not SHARES[0] <= own.rent_share <= SHARES[1]:
        found["rent_share"] = N_("Fill in a percentage from 10 to 100, or leave it empty.")
    if not own.is_standard and not own.source.strip():
        found["source"] = N_("Say where this was decided, such as the committee's decision with its date.")
    return found


def stored(own: OwnRules) -> dict[str, Any]:
    """As JSON, to be kept; {} for the standard."""
    if own.is_standard:
        return {}
    return {
        "least": str(own.least),
        "most": str(own.most),
        "rent_share": None if own.rent_share is None else str(own.rent_share),
        "without": sorted(str(condition) for condition in own.without),
        "source": own.source,
    }


def restored(kept: Mapping[str, Any]) -> OwnRules:
    """The rules out of what was kept; {} is the standard."""
    if not kept:
        return STANDARD
    share = kept["rent_share"]
    return OwnRules(
        Decimal(kept["least"]),
        Decimal(kept["most"]),
        None if share is None else Decimal(share),
        frozenset(Condition(each) for each in kept["without"]),
        kept["source"],
    )
