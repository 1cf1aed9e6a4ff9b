"""Finding pages by their words and by those of the PDFs they link to, as Dutch is stemmed."""

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

    network: of a page that another network published to all, else None. file: the PDF in which the words stand, when
    the page itself has them not, and on which of its pages.
    """

    slug: str
    title: str
    chapter: str | None
    network: Network | None
    snippet: Sequence[tuple[str, bool]]
    file: str | None = None
    file_page: int = 0


# The snippet is cut only from the pages that are shown. Ranks count a title (A) above the text (B), and a page's own
# words before those of its files: these come after, each page of the playbook once, with the best page of the file.
_SEARCH = text("""
WITH asked AS (SELECT websearch_to_tsquery('dutch', :words) AS query),
own AS (
  SELECT p.id, ts_rank_cd(p.search, asked.query) AS rank FROM playbook_page p, asked
  WHERE p.search @@ asked.query ORDER BY rank DESC, p.id LIMIT :most),
sheets AS (
  SELECT f.network_id, f.file_id, f.id, ts_rank_cd(f.search, asked.query) AS rank FROM playbook_file_page f, asked
  WHERE f.search @@ asked.query ORDER BY rank DESC, f.id LIMIT :most),
attached AS (
  SELECT DISTINCT ON (p.id) p.id, s.id AS sheet, s.rank
  FROM sheets s JOIN playbook_file f ON f.network_id = s.network_id AND f.id = s.file_id
  JOIN playbook_page p ON p.network_id = f.network_id AND f.name = ANY (p.files)
  WHERE NOT EXISTS (SELECT FROM own WHERE own.id = p.id) ORDER BY p.id, s.rank DESC, s.id),
found AS (
  SELECT id, NULL::uuid AS sheet, 1 AS part, rank FROM own UNION ALL SELECT id, sheet, 2, rank FROM attached
  ORDER BY part, rank DESC, id LIMIT :most)
SELECT p.slug, p.title, p.network_id, c.title AS chapter, f.title AS file, s.number AS file_page,
  ts_headline('dutch', coalesce(s.plain, p.plain), asked.query, :options) AS snippet
FROM found JOIN playbook_page p USING (id) CROSS JOIN asked
LEFT JOIN playbook_chapter c ON c.network_id = p.network_id AND c.id = p.chapter_id
LEFT JOIN playbook_file_page s ON s.network_id = p.network_id AND s.id = found.sheet
LEFT JOIN playbook_file f ON f.network_id = s.network_id AND f.id = s.file_id
ORDER BY found.part, found.rank DESC, p.id
""")
_OPTIONS = (
    f'StartSel="{MARK_OPENS}", StopSel="{MARK_ENDS}", MaxFragments=2, MinWords=8, MaxWords=24, FragmentDelimiter=" … "'
)


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
    return [
        Hit(r.slug, r.title, r.chapter, networks.get(r.network_id), _pieces(r.snippet), r.file, r.file_page or 0)
        for r in rows
    ]


def _pieces(snippet: str) -> list[tuple[str, bool]]:
    """A snippet of the database cut at its marks."""
    pieces: list[tuple[str, bool]] = []
    for part in snippet.split(MARK_OPENS):
        marked, ended, rest = part.partition(MARK_ENDS)
        pieces += [(marked, True), (rest, False)] if ended else [(part, False)]
    return _as_cut([piece for piece in pieces if piece[0]])


def _as_cut(pieces: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """A snippet that starts or ends within a sentence says so, as it does between its two parts."""
    if pieces and pieces[0][0][0].islower():
        pieces.insert(0, ("… ", False))
    if pieces and pieces[-1][0].rstrip()[-1:] not in (*".!?", ""):
        pieces.append((" …", False))
    return pieces
