"""The search on top of every page: name, file or roll number, address, or exactly a national register number."""

import uuid
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy import select

from app.crypto import blind_index
from app.database import db
from tenants.cases.codes import CaseState
from tenants.cases.listing import COLUMNS, CaseRow
from tenants.cases.models import Case, Person
from tenants.cases.opening import INSZ
from tenants.cases.rules import Match, match_of, plain, search_words
from tenants.petitions.models import Petition

LIMIT = 50  # who finds more than that types another word


@dataclass
class Found:
    """What was found: rows per kind of match, roll numbers (with court) that match per case, whether there is more."""

    groups: dict[Match, list[CaseRow]] = field(default_factory=dict)
    rolls: dict[uuid.UUID, str] = field(default_factory=dict)
    more: bool = False

    @property
    def count(self) -> int:
        return sum(len(rows) for rows in self.groups.values())


def search_cases(query: str) -> Found:
    """The cases in which every word of `query` occurs, open ones first, by where the words stand."""
    words = search_words(query)
    if not words:
        return Found()
    matches = [Case.search_text.contains(word, autoescape=True) for word in words]
    order = (Case.state == CaseState.CLOSED, Case.sort_key, Case.id)
    rows = list(db.session.execute(select(*COLUMNS).where(*matches).order_by(*order).limit(LIMIT + 1)))
    found = Found(rolls=_rolls([row.id for row in rows], words), more=len(rows) > LIMIT)
    for row in rows[:LIMIT]:
        kind = match_of(words, name=row.display_name, address=row.address_line, number=row.number)
        if row.id in found.rolls:
            kind = Match.NUMBER
        found.groups.setdefault(kind, []).append(row)
    order_of_row = partial(_after, words)
    found.groups = {kind: sorted(found.groups[kind], key=order_of_row) for kind in Match if kind in found.groups}
    return found


def _after(words: list[str], row: CaseRow) -> tuple[bool, bool]:
    """Sorts open cases first, and among them those in which all words stand whole: number 41 before 141."""
    whole = set(plain(f"{row.display_name} {row.address_line} {row.number}").replace(",", " ").split())
    return row.state == CaseState.CLOSED, not whole.issuperset(words)


def _rolls(case_ids: list[uuid.UUID], words: list[str]) -> dict[uuid.UUID, str]:
    query = select(Petition.case_id, Petition.roll_number, Petition.court).where(
        Petition.case_id.in_(case_ids), Petition.roll_number.is_not(None)
    )
    return {
        row.case_id: " · ".join(filter(None, [row.roll_number, row.court]))
        for row in db.session.execute(query)
        if all(word in plain(row.roll_number) for word in words)
    }


def cases_with_insz(insz: str) -> list[CaseRow]:
    """The cases in which a person has this (checked) national register number."""
    people = select(Person.case_id).where(Person.insz_hash == blind_index(insz, INSZ))
    query = select(*COLUMNS).where(Case.id.in_(people)).order_by(Case.state == CaseState.CLOSED, Case.number)
    return list(db.session.execute(query))
