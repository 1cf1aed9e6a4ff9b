"""Finding pages by their words, as Dutch is stemmed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, text

from app import tenancy
from app.database import db
from app.security.models import Network
from playbook.handbook import rules

FOUND_AT_MOST = 20  # two screens; whoever needs more types another word, and cutting snippets is what costs time
MARK_OPENS, MARK_ENDS = "\x02", "\x03"  # a stored text holds no control signs (rules.tidy)


@dataclass(frozen=True)
class Hit:
    """A page that was found. `snippet`: pieces of its text, with True for the words that were sought.

    network: of a page that another network published to all, else None.
    """

    slug: str
    title: str
    chapter: str | None
    network: Network | None
    snippet: Sequence[tuple[str, bool]]


# The snippet is cut only from the pages that are shown. Ranks count a title (A) above the text (B).
_SEARCH = text("""
WITH asked AS (SELECT websearch_to_tsquery('dutch', :words) AS query),
found AS (
  SELECT p.id, ts_rank_cd(p.search, asked.query) AS rank FROM playbook_page p, asked
  WHERE p.search @@ asked.query ORDER BY rank DESC, p.id LIMIT :most)
SELECT p.slug, p.title, p.network_id, c.title AS chapter,
  ts_headline('dutch', p.plain, asked.query, :options) AS snippet
FROM found JOIN playbook_page p USING (id) CROSS JOIN asked
LEFT JOIN playbook_chapter c ON c.network_id = p.network_id AND c.id = p.chapter_id
ORDER BY found.rank DESC, p.id
""")
_OPTIONS = f'StartSel="{MARK_OPENS}", StopSel="{MARK_ENDS}", MaxFragments=2, MinWords=8, MaxWords=24'


def search(words: str) -> list[Hit]:
    """Pages with these words (stemmed as Dutch; "…" for a phrase, - for without), the best first."""
    tidied = rules.tidy(words)[:200]
    if not tidied:
        return []
    parameters = {"words": tidied, "most": FOUND_AT_MOST, "options": _OPTIONS}
    rows = db.session.execute(_SEARCH, parameters).all()
    own = tenancy.current_network_id()
    others = {row.network_id for row in rows} - {own}
    networks = {n.id: n for n in db.session.scalars(select(Network).where(Network.id.in_(others)))} if others else {}
    return [Hit(r.slug, r.title, r.chapter, networks.get(r.network_id), _pieces(r.snippet)) for r in rows]


def _pieces(snippet: str) -> list[tuple[str, bool]]:
    """A snippet of the database cut at its marks."""
    pieces: list[tuple[str, bool]] = []
    for part in snippet.split(MARK_OPENS):
        marked, ended, rest = part.partition(MARK_ENDS)
        pieces += [(marked, True), (rest, False)] if ended else [(part, False)]
    return [piece for piece in pieces if piece[0]]
