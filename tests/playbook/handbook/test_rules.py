"""Addresses, the tree and what a text may be."""

import uuid
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.handbook.rules import (
    LONGEST_BODY,
    LONGEST_PARAGRAPH,
    RESERVED,
    in_reading_order,
    lies_under,
    placed,
    problems_of,
    slug_of,
    tidy,
)


@dataclass(frozen=True)
class Leaf:
    id: uuid.UUID
    parent_id: uuid.UUID | None
    position: int = 1


def ids(count):
    return [uuid.UUID(int=number + 1) for number in range(count)]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Wie is er aanwezig op de zitting?", "wie-is-er-aanwezig-op-de-zitting"),
        ("Financiële hulp: één dossier", "financiele-hulp-een-dossier"),
        ("Zoeken", "zoeken-2"),
        ("???", "pagina"),
        ("Nieuw!", "nieuw-2"),
    ],
)
def test_slug(title, slug):
    assert slug_of(title) == slug


@given(st.text(max_size=200), st.sets(st.sampled_from(["pagina", "a", "a-2"])))
def test_a_slug_is_free_and_fits_an_address(title, taken):
    slug = slug_of(title, taken)
    assert slug not in taken | RESERVED
    assert 0 < len(slug) <= 80
    assert all(c.isascii() and (c.isalnum() or c == "-") for c in slug)


def test_text_is_tidied():
    assert tidy("\r\nBel\x00 nu.\r\n\tof e\u0301\u00e9n dag later\n\n") == "Bel nu.\n\tof \u00e9\u00e9n dag later"


@given(st.text(max_size=200))
def test_tidying_twice_changes_nothing(text):
    assert tidy(tidy(text)) == tidy(text)


def test_a_megabyte_is_refused_with_what_to_do():
    (problem,) = problems_of("a" * 1_000_000)
    assert problem.params == {"length": 1_000_000, "limit": LONGEST_BODY}


def test_an_endless_paragraph_is_refused_by_its_first_words():
    (problem,) = problems_of("Kort.\n\nDit is te lang " + "x" * LONGEST_PARAGRAPH)
    assert problem.params["start"].startswith("Dit is te lang")


def test_an_ordinary_text_is_fine():
    assert problems_of("# Kop\n\nTekst.") == []


def test_an_empty_text_is_refused():
    assert [p.field for p in problems_of("")] == ["body"]


def test_reading_order_goes_down_before_it_goes_on():
    a, b, c, d = ids(4)
    pages = [Leaf(d, None, 2), Leaf(a, None, 1), Leaf(c, a, 2), Leaf(b, a, 1)]
    assert [(depth, page.id) for depth, page in in_reading_order(pages)] == [(0, a), (1, b), (1, c), (0, d)]


@given(st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_no_page_is_left_out_even_of_a_circle(parents):
    known = ids(6)
    pages = [Leaf(known[i], None if parents[i] == i else known[parents[i]]) for i in range(6)]
    assert sorted(page.id for _depth, page in in_reading_order(pages)) == known


def test_a_page_cannot_lie_under_its_own_child():
    a, b, c = ids(3)
    parents = {a: None, b: a, c: b}
    assert lies_under(a, c, parents)
    assert lies_under(a, a, parents)
    assert not lies_under(c, a, parents)
    assert not lies_under(b, None, parents)


def test_placing():
    assert placed(["a", "b", "c"], "c", 1) == ["c", "a", "b"]
    assert placed(["a", "b"], "x", 99) == ["a", "b", "x"]
    assert placed(["a", "b"], "b", 0) == ["b", "a"]
