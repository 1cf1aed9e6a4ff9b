"""The pure rules of training."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.training import rules
from playbook.training.rules import PlaceState, Question, TrackNeeds

NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
QUIZ = [
    Question("Een", ("a", "b", "c"), frozenset({0})),
    Question("Twee", ("a", "b", "c"), frozenset({1, 2})),
    Question("Drie", ("a", "b"), frozenset({1})),
]


@pytest.mark.parametrize(
    ("given_answers", "percent", "passed"),
    [
        ([[0], [1, 2], [1]], 100, True),
        ([[0], [2, 1], [0]], 66, False),
        ([[0], [1], [1]], 66, False),  # of two right answers one alone is not right
        ([[0], [0, 1, 2], [1]], 66, False),  # ticking all is no answer
        ([[0]], 33, False),
        ([], 0, False),
    ],
)
def test_a_quiz_is_marked_per_question(given_answers, percent, passed):
    marked = rules.mark(QUIZ, given_answers, 67)
    assert (marked.percent, marked.passed) == (percent, passed)
    assert len(marked.per_question) == len(QUIZ)


def test_the_pass_mark_itself_passes_and_a_fraction_below_does_not():
    assert rules.mark(QUIZ, [[0], [1, 2], [0]], 66).passed
    assert not rules.mark(QUIZ, [[0], [1, 2], [0]], 67).passed  # 66.7 percent is not 67


@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 60))
@settings(max_examples=60)
def test_moving_up_fills_the_session_and_never_more(waiting, taken, capacity):
    moved = rules.to_move_up(waiting, taken, capacity)
    assert 0 <= moved <= waiting
    assert taken + moved <= max(taken, capacity)
    if moved < waiting:
        assert taken + moved >= capacity
        assert rules.state_for(taken + moved, capacity) is PlaceState.WAITING


@pytest.mark.parametrize(
    ("hours", "is_open"),
    [(-61, False), (-60, True), (0, True), (180, True), (300, True), (301, False)],
)
def test_a_code_counts_around_the_session_only(hours, is_open):
    now = NOON + timedelta(minutes=hours)
    assert rules.is_open_for_presence(now, NOON, NOON + timedelta(hours=3)) is is_open


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"ends_at": NOON}, ["ends"]),
        ({"place": ""}, ["place"]),
        ({"place": "", "online_url": "https://vergadering.example/a"}, []),
        ({"online_url": "http://vergadering.example"}, ["online_url"]),
        ({"online_url": "javascript:alert(1)"}, ["online_url"]),
        ({"online_url": "https://naam:wachtwoord@vergadering.example"}, ["online_url"]),
        ({"capacity": 0}, ["capacity"]),
        ({"capacity": 501}, ["capacity"]),
        ({"ends_at": NOON, "place": "", "capacity": 0}, ["ends", "place", "capacity"]),
    ],
)
def test_all_that_is_wrong_with_a_session_is_said_at_once(changes, fields):
    known = {
        "starts_at": NOON, "ends_at": NOON + timedelta(hours=3), "place": "Kortrijk", "online_url": "", "capacity": 12
    }  # fmt: skip
    assert [field for field, _message in rules.problems_of_session(**{**known, **changes})] == fields


@pytest.mark.parametrize(
    ("text", "choices", "right", "wrong"),
    [
        ("* ja\nnee", ("ja", "nee"), {0}, False),
        ("ja\n\n *nee \n* misschien", ("ja", "nee", "misschien"), {1, 2}, False),
        ("ja\nnee", ("ja", "nee"), set(), True),
        ("* ja", ("ja",), {0}, True),
        ("* ja\nja", ("ja", "ja"), {0}, True),
        ("*\nnee", ("", "nee"), {0}, True),
    ],
)
def test_choices_are_typed_one_per_line_with_a_star(text, choices, right, wrong):
    assert rules.parse_choices(text) == (choices, right)
    assert bool(rules.problems_of_question("Wat nu?", choices, right)) is wrong
    if not wrong:
        assert rules.parse_choices(rules.write_choices(choices, right)) == (choices, right)


def test_an_evaluation_is_shown_from_five_answers_and_in_no_order_of_time():
    answers = [(5, 4, 3, "zeker doen"), (4, 4, 3, ""), (3, 4, 3, "meer pauze"), (5, 4, 3, "beter zaal")]
    assert rules.opinion_of(answers) is None
    found = rules.opinion_of([*answers, (2, 4, 3, "")])
    assert (found.count, found.useful, found.clear) == (5, 3.8, 4)
    assert found.remarks == ("beter zaal", "meer pauze", "zeker doen")


@given(st.lists(st.integers(0, 10**6), min_size=12, max_size=12), st.sampled_from(["w13", "zuid-west", "brugge"]))
@settings(max_examples=40)
def test_a_number_is_read_back_however_it_is_typed(draws, network):
    number = rules.certificate_number(network, 2026, draws)
    assert rules.read_number(number) == (network, number)
    assert rules.read_number(f" {number.lower()} ") == (network, number)


@pytest.mark.parametrize(
    "text", ["", "W13", "W13-2026-0000-0000-0000", "W13-2026-7KMA-Q4RD", "'; drop--2026-7KMA-Q4RD-9XTE"]
)
def test_what_is_no_number_is_none(text):
    assert rules.read_number(text) is None


def test_a_name_is_compared_as_people_write_it():
    assert rules.comparable_name("El Khatib, Nadia") == rules.comparable_name("Nadia El-Khatib".replace("-", " "))
    assert rules.comparable_name("André Nève") == rules.comparable_name("andre neve")
    assert rules.comparable_name("Jan Peeters") != rules.comparable_name("Jan Peters")


def test_gaps_count_per_role_what_its_tracks_ask():
    tracks = [
        TrackNeeds("basis", frozenset({"social_worker", "team_lead"}), ("zitting", "fbu")),
        TrackNeeds("leiden", frozenset({"team_lead"}), ("fbu", "team")),
        TrackNeeds("iedereen", frozenset(), ("privacy",)),
    ]
    assert rules.needed_by(tracks, ["team_lead"]) == ("zitting", "fbu", "team", "privacy")
    assert rules.needed_by(tracks, ["dpo"]) == ("privacy",)
    roles = {1: ["social_worker"], 2: ["social_worker"], 3: ["team_lead", "social_worker"]}
    done = {1: ["zitting"], 3: ["zitting", "fbu", "team", "privacy"]}
    found = {(gap.role, gap.course): (gap.needed, gap.done, gap.missing) for gap in rules.gaps(tracks, roles, done)}
    assert found["social_worker", "zitting"] == (3, 2, 1)
    assert found["social_worker", "privacy"] == (3, 1, 2)
    assert found["team_lead", "team"] == (1, 1, 0)
    assert ("social_worker", "team") not in found


def test_slides_and_videos_are_known_by_their_bytes():
    assert rules.training_file(b"PK\x03\x04....ppt/slides")[1] == "pptx"
    assert rules.training_file(b"\x00\x00\x00\x18ftypmp42")[1] == "mp4"
    assert rules.training_file(b"<html>") is None
    assert rules.training_file(b"%PDF-1.7") is None


@pytest.mark.parametrize(
    ("followed", "is_busy"),
    [
        ("", True),
        ("welcome", True),
        ("welcome petition", True),
        ("petition", False),
        ("fund", False),
        ("welcome data petition", False),
    ],
)
def test_who_has_just_begun_is_led_through_the_track_for_that(followed, is_busy):
    track, elsewhere = ("welcome", "data", "petition"), ("petition", "fund", "data")
    assert rules.is_beginning(track, elsewhere, followed.split()) == is_busy
