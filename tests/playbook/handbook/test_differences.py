"""Comparing and merging texts: nothing that somebody wrote gets lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playbook.handbook.differences import Kind, merge
from playbook.handbook.differences import compare as compare_blocks
from playbook.handbook.markdown import render
from playbook.handbook.rules import CLASH_OPENS, problems_of

paragraph = st.sampled_from(["Bel eerst.", "Ga langs.", "Schrijf een brief\nin klare taal.", "- een\n- twee", "# Kop"])
texts = st.lists(paragraph, max_size=6).map("\n\n".join)
any_text = st.text(st.sampled_from("ab \n.#*é"), max_size=40)


def compare(old, new):
    return compare_blocks(render(old).blocks, render(new).blocks)


def words_of(text):
    return "".join("".join(block.words.split()) for block in render(text).blocks)


@given(any_text, any_text)
def test_what_stayed_and_went_is_the_old_text_and_what_stayed_and_came_the_new(old, new):
    parts = [part for passage in compare(old, new) for part in passage.parts]
    for gone, text in ((Kind.NEW, old), (Kind.GONE, new)):
        assert "".join("".join(part.text.split()) for part in parts if part.kind is not gone) == words_of(text)


SIGNS = """# Vooraf

- **Bel** eerst
  1. de *griffie*
- Ga [langs](/draaiboek/langsgaan/)

| Wat | Dagen |
|---|---|
| Brief |  |

::: let-op
Bel vóór je schrijft.

> Echt.
:::

::: stappen naar-de-zitting
:::

![Kaart](/draaiboek/bestand/0123456789abcdef01234567.png)"""
READ = [
    "Vooraf", "• Bel eerst\n   • de griffie\n• Ga langs", "Wat · Dagen\nBrief · –",
    "Mind:\nBel vóór je schrijft.\nEcht.",
    "Steps of a scenario: naar-de-zitting", "[picture: Kaart]",
]  # fmt: skip


def test_what_one_reads_has_no_signs():
    assert [block.words for block in render(SIGNS).blocks] == READ


@pytest.mark.parametrize(("old", "new"), [("**Bel** eerst.", "Bel eerst."), ("# Vooraf", "## Vooraf"), ("- a", "* a")])
def test_another_layout_is_a_change_without_words(old, new):
    passages = compare(f"{old}\n\nSlot.", f"{new}\n\nSlot.")
    assert [(each.is_changed, each.is_layout) for each in passages] == [(True, True), (False, False)]


def test_a_link_that_leads_elsewhere_shows_where():
    (passage,) = compare("Ga [langs](/a/), [hier](/h/).", "Ga [langs](/b/) nu, [hier](/h/).")
    changed = [part.text for part in passage.parts if part.kind is not Kind.SAME]
    assert changed == [" nu", "a", "b"]


@pytest.mark.parametrize(
    ("old", "new", "led"),
    [
        ("Ga langs.", "Ga [langs](https://elders.example).", [(Kind.NEW, "langs → https://elders.example")]),
        ("[Hier](/a/) en [Hier](/b/).", "[Hier](/c/) en [Hier](/b/).", [(Kind.GONE, "a"), (Kind.NEW, "c")]),
        ("Bel [ons](/a/).", "Bel ons.", [(Kind.GONE, "ons → /a/")]),
    ],
)
def test_a_link_that_came_or_went_is_no_mere_layout(old, new, led):
    (passage,) = compare(old, new)
    assert not passage.is_layout
    assert [(part.kind, part.text.strip()) for part in passage.parts if part.kind is not Kind.SAME] == led


def test_one_changed_word_is_one_word():
    (passage,) = compare("Bel binnen drie dagen.", "Bel binnen vijf dagen.")
    changed = [(part.kind, part.text) for part in passage.parts if part.kind is not Kind.SAME]
    assert changed == [(Kind.GONE, "drie"), (Kind.NEW, "vijf")]


def test_an_untouched_paragraph_is_not_changed():
    passages = compare("Een.\n\nTwee.\n\nDrie.", "Een.\n\nTwee!\n\nDrie.")
    assert [passage.is_changed for passage in passages] == [False, True, False]


@given(texts, texts)
def test_a_merge_with_one_who_changed_nothing_is_the_others_text(base, other):
    assert merge(base, base, other).text == other
    assert merge(base, other, base).text == other
    assert merge(base, other, other).text == other


@given(texts, texts, texts)
def test_no_paragraph_that_somebody_wrote_gets_lost(base, theirs, mine):
    merged = merge(base, theirs, mine).text.split("\n\n")
    for text in (theirs, mine):
        assert all(part in merged for part in text.split("\n\n") if part and part not in base.split("\n\n"))


def test_changes_in_different_paragraphs_come_together():
    merged = merge("Een.\n\nTwee.\n\nDrie.", "Een!\n\nTwee.\n\nDrie.", "Een.\n\nTwee.\n\nDrie!")
    assert (merged.text, merged.clashes) == ("Een!\n\nTwee.\n\nDrie!", 0)


def test_a_clash_holds_both_and_cannot_be_saved_unseen():
    merged = merge("Een.\n\nTwee.", "Een.\n\nTwee van Els.", "Een.\n\nTwee van mij.", ("Els", "ik"))
    assert merged.clashes == 1
    assert "Twee van Els." in merged.text
    assert "Twee van mij." in merged.text
    assert f"{CLASH_OPENS} Els" in merged.text
    assert problems_of(merged.text)


def test_changes_of_neighbouring_paragraphs_do_not_clash():
    merged = merge("Een.\n\nTwee.\n\nDrie.", "Een.\n\nTwee.\n\nDrie!", "Een!\n\nTwee!\n\nDrie.")
    assert (merged.text, merged.clashes) == ("Een!\n\nTwee!\n\nDrie!", 0)


def test_two_new_paragraphs_at_one_place_are_both_kept():
    merged = merge("Een.", "Een.\n\nVan Els.", "Een.\n\nVan mij.")
    assert merged.clashes == 1
    assert merged.text.split("\n\n")[0] == "Een."


def test_a_moved_word_within_rewritten_paragraphs_is_found():
    passages = compare("# Vooraf\n\nBel vóór tien uur.\n\nGa mee.", "Bel vóór negen uur.")
    parts = [(part.kind, part.text) for part in passages[0].parts]
    assert (Kind.GONE, "tien") in parts
    assert (Kind.NEW, "negen") in parts


@pytest.mark.parametrize("line", ["▼▼▼ tekst van Els", "◆◆◆ jouw tekst", "▲▲▲", "<<<<<<< HEAD", ">>>>>>> tak"])
def test_no_line_of_a_clash_stays_behind(line):
    assert [problem.field for problem in problems_of(f"Een.\n\n{line}\n\nTwee.")] == ["body"]


def test_an_underlined_heading_is_no_clash():
    assert problems_of("Kop\n=======\n\nTekst.") == []
