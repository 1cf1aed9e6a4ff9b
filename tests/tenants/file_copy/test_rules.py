"""What is left out of a copy is gone, whatever it is; what stays is as it was."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.file_copy.rules import (
    Choice,
    Line,
    Part,
    Third,
    digest,
    first_choice,
    left_out,
    numbered,
    passages_in,
    printed,
    too_short,
    without,
)


@pytest.mark.parametrize(
    ("text", "passages", "left"),
    [
        ("Bel An Peeters op", ["An Peeters"], ["Bel ", None, " op"]),
        ("bel AN\n peeters op", ["an  peeters"], ["bel ", None, " op"]),
        ("Hij kan dan gaan", ["an"], ["Hij kan dan gaan"]),
        ("tel. 059/12.34-56!", ["059 12 34 56"], ["tel. ", None, "!"]),
        ("INSZ 85.07.30-033.28", ["85073003328"], ["INSZ ", None]),
        ("rekening 1059123456", ["059123456"], ["rekening 1059123456"]),
        ("a.b@c.test schreef", ["a.b@c.test"], [None, " schreef"]),
        ("Jan Jan Jan", ["jan"], [None, " ", None, " ", None]),
        ("Jan Peeters Maes", ["Jan Peeters", "Peeters Maes"], [None]),
        ("(vertrouwelijk)", ["(vertrouwelijk)"], [None]),
        ("niets", [], ["niets"]),
        ("", ["iets"], []),
    ],
)
def test_a_passage_is_taken_out_as_people_write_it(text, passages, left):
    assert without(text, passages) == left


WORDS = st.text("abé1 23-.(\n", min_size=1, max_size=8)


@settings(max_examples=60)
@given(st.text("abé1 23-.(\n", max_size=40), st.lists(WORDS, max_size=4))
def test_nothing_that_was_to_go_stays(text, passages):
    left = without(text, passages)
    for piece in left:
        assert piece is None or without(piece, passages) == [piece]
    kept = iter(text)
    assert all(sign in kept for piece in left if piece for sign in piece), "what stays stands in its order"


PARTS = (
    Part("Verhuurder", (Line("n", "Naam", "Immo Kust"), Line("phone", "Tel.", "059 12 34 56", third=Third.LANDLORD))),
    Part("Verloop", (Line("e1", "10/11/2026", "Gebeld naar 059/123456 met An Smet", "An Smet"),)),
)  # fmt: skip


def test_the_data_of_others_is_left_out_by_itself_and_wherever_it_is_repeated():
    choice = first_choice(PARTS)
    assert choice.hidden == {"phone"}
    made = printed(PARTS, choice)
    assert "12" not in str([line["text"] for line in made[0]["lines"]])
    assert made[1]["lines"][0]["text"] == ["Gebeld naar ", None, " met An Smet"]
    assert made[1]["lines"][0]["who"] == ["An Smet"]
    assert left_out(made) == 2


def test_colleagues_go_by_choice_out_of_the_text_too():
    made = printed(PARTS, Choice(without_colleagues=True), ["An Smet"])
    assert "Smet" not in str(made)
    assert "059 12 34 56" in str(made)


def test_a_file_that_changed_has_another_digest_and_equal_lines_keys_of_their_own():
    assert digest(PARTS) == digest(PARTS)
    assert digest(PARTS) != digest(PARTS[:1])
    same = Line("k", "a", "b", third=Third.REPORTER)
    assert [line.key for line in numbered([same, same, same])] == ["k", "k-2", "k-3"]
    assert numbered([same, same])[1].third is Third.REPORTER


def test_passages_are_written_one_a_line():
    assert passages_in("  Jan  Maes \n\nx\nJan Maes\n") == ("Jan Maes", "x")
    assert too_short(("Jan Maes", "x")) == ["x"]
