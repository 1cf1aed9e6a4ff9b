"""A share with its uncertainty. Pure."""

from dataclasses import dataclass
from math import sqrt

Z = 1.96  # 95 in 100


@dataclass(frozen=True)
class Share:
    """`part` of `whole`, and between which shares (0 to 1) the true one lies, 95 times in 100."""

    part: int
    whole: int
    low: float
    high: float

    @property
    def percent(self) -> int:
        return round(100 * self.part / self.whole)

    @property
    def low_percent(self) -> int:
        return round(100 * self.low)

    @property
    def high_percent(self) -> int:
        return round(100 * self.high)


def share(part: int, whole: int) -> Share | None:
    """Wilson's interval (E.B. Wilson, 1927), which holds for small counts too; None of nothing."""
    if whole <= 0:
        return None
    p, n = part / whole, whole
    middle = (p + Z * Z / (2 * n)) / (1 + Z * Z / n)
    half = Z * sqrt(p * (1 - p) / n + Z * Z / (4 * n * n)) / (1 + Z * Z / n)
    return Share(part, whole, max(0.0, middle - half), min(1.0, middle + half))
