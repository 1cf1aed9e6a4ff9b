"""Text as the detector reads it: without capitals and accents, every sign still knowing where it stood. Pure."""

import unicodedata
from dataclasses import dataclass

# Letters that Unicode does not take apart, and signs that people type in several ways.
_SAME = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "’": "'", "‘": "'", "`": "'", "´": "'"}
    | dict.fromkeys("‐‑‒–—−", "-")
)


@dataclass(frozen=True)
class Folded:
    """`text` in small letters; `places`: for each of its signs where it stands in the `source`."""

    source: str
    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of `text` stands in the source, with the accents that are signs of their own."""
        first, last = self.places[start], self.places[end - 1] + 1
        while last < len(self.source) and _is_silent(self.source[last]):
            last += 1
        return first, last


def folded(source: str) -> Folded:
    """`source` for comparing: case, accents and invisible signs don't count."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(source):
        for part in unicodedata.normalize("NFKD", sign.casefold().translate(_SAME)).translate(_SAME):
            if not _is_silent(part):
                signs.append(part)
                places.append(place)
    return Folded(source, "".join(signs), tuple(places))


def _is_silent(sign: str) -> bool:
    """Accents, soft hyphens, signs without width."""
    return unicodedata.combining(sign) != 0 or unicodedata.category(sign) == "Cf"


def plain(text: str) -> str:
    """`text` folded, in single spaces."""
    return " ".join(folded(text).text.split())
