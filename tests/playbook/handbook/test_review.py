"""Where a remark stands in a changed text, taking a suggestion over, and what is refused as a text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.handbook.markdown import render
from playbook.handbook.review import DraftState, Reading, accept, common, may_step, waits_for, where_now, with_block
from playbook.handbook.rules import LONGEST_PARAGRAPH, confirm_from, problems_of

WORDS = st.sampled_from(["bel", "de griffie", "huur", "zitting", "fonds", "ga mee", "noteer"])
PARAGRAPHS = st.lists(st.lists(WORDS, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("quote", "block", "sources", "place"),
    [
        ("Bel.", 1, ["Bel."], 1),
        ("Bel.", 3, ["Bel.", "Ga.", "Bel."], 3),  # the nearest of the same words
        ("Bel.", 9, ["Ga.", "Bel."], 2),
        ("Bel de griffie voor tien uur.", 1, ["Nieuw.", "Bel de griffie vóór negen uur."], 2),
        ("Bel de griffie voor tien uur.", 1, ["Iets heel anders staat hier nu."], None),
        ("Bel.", 1, [], None),
    ],
)
def test_a_remark_finds_its_paragraph_again(quote, block, sources, place):
    assert where_now(quote, block, sources) == place


@settings(max_examples=60)
@given(PARAGRAPHS, PARAGRAPHS, st.data())
def test_taking_a_suggestion_over_loses_no_word_that_a_colleague_wrote(old, added, data):
    number = data.draw(st.integers(1, len(old)))
    place = data.draw(st.integers(0, len(old)))
    theirs = [*old[:place], *(f"nieuw {text}" for text in added), *old[place:]]
    merged = accept(old, number, "voorgesteld", "\n\n".join(theirs))
    assert "voorgesteld" in merged.text.split("\n\n")
    for text in added:
        assert f"nieuw {text}" in merged.text.split("\n\n")


def test_a_suggestion_for_a_paragraph_that_was_rewritten_shows_both():
    merged = accept(["a", "b", "c"], 2, "b van mij", "a\n\nb van jou\n\nc")
    assert merged.clashes == 1
    assert "b van mij" in merged.text
    assert "b van jou" in merged.text


def test_an_empty_suggestion_takes_the_block_out():
    assert with_block(["a", "b", "c"], 2, "") == "a\n\nc"
    assert accept(["a", "b", "c"], 2, "", "a\n\nb\n\nc\n\nd").text == "a\n\nc\n\nd"


@settings(max_examples=60)
@given(PARAGRAPHS, PARAGRAPHS)
def test_what_two_texts_have_in_common_stands_in_both_in_order(one, other):
    shared = [part for part in common("\n\n".join(one), "\n\n".join(other)).split("\n\n") if part]
    for text in (one, other):
        rest = iter(text)
        assert all(part in rest for part in shared)


@settings(max_examples=80)
@given(st.lists(st.sampled_from(["# k", "tekst", "- a\n- b", "::: tip\nx\n\ny\n:::", "|a|\n|-|\n|1|", "> q", "---"])))
def test_blocks_together_are_the_text(parts):
    body = "\n\n".join(parts)
    shown = render(body)
    assert "".join("".join(block.source.split()) for block in shown.blocks) == "".join(body.split())
    assert "".join(block.html for block in shown.blocks) == shown.html


@pytest.mark.parametrize("state", list(DraftState))
def test_what_is_published_or_dropped_stays_so(state):
    ends = state in (DraftState.PUBLISHED, DraftState.DROPPED)
    assert may_step(state, DraftState.PUBLISHED) != ends
    assert not (ends and any(may_step(state, to) for to in DraftState))


def test_who_agreed_with_an_earlier_text_is_waited_for_again():
    assert waits_for([Reading("agreed", 2), Reading("agreed", 1), Reading("asked", 0), Reading("not_yet", 2)], 2) == 3


@pytest.mark.parametrize(
    ("now", "choice", "version", "then"),
    [(None, "once", 3, 3), (2, "once", 3, 2), (2, "again", 3, 3), (2, "no", 3, None), (2, "keep", 3, 2)],
)
def test_from_which_version_readers_confirm(now, choice, version, then):
    assert confirm_from(now, choice, version) == then


@pytest.mark.parametrize(
    "body",
    [
        "Tekst <script>alert(1)</script>",
        "< SCRIPT src=x>",
        '<img src="x" onerror="alert(1)">',
        "[klik](javascript:alert(1))",
        "[klik]( <JaVaScript:alert(1)>)",
        "[x]: data:text/html,x\n\n[x]",
        "<iframe src=//a.example>",
        "`a` <script> `b`",
        "x" * 1_000_000,
        "x" * (LONGEST_PARAGRAPH + 1),
    ],
)
def test_script_and_endless_paragraphs_are_refused(body):
    assert len(problems_of(body)) == 1


@pytest.mark.parametrize("body", ["a < b en c > d", "Zo: `<script>`.", "```\n<script>\n```", "online=ja", "[a](/b)"])
def test_what_only_looks_like_it_is_not(body):
    assert problems_of(body) == []
