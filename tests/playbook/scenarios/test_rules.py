"""When a step is due, what changed between two versions, where own steps come, what the picture says. Pure."""

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendar.rules import ONE_DAY, Term, Unit, earliest_day, is_working_day, next_working_day, previous_working_day
from playbook.scenarios import rules
from playbook.scenarios.picture import Box, swim_lanes
from playbook.scenarios.rules import Avenue, ChangeKind, Definition, Event, Step, Who
from playbook.scenarios.start import LEGAL_HELP, TO_HEARING


def step(key="a", **more):
    return Step(key, **{"who": Who.SOCIAL_WORKER, "what": f"Doe {key}", "event": Event.PETITION, "number": 3} | more)


@pytest.mark.parametrize(
    ("number", "unit", "before", "event_day", "due"),
    [
        (3, Unit.WORKING_DAYS, False, date(2026, 11, 20), date(2026, 11, 25)),  # Friday: Mon, Tue, Wed
        (3, Unit.DAYS, False, date(2026, 11, 20), date(2026, 11, 23)),
        (1, Unit.DAYS, False, date(2026, 11, 20), date(2026, 11, 23)),  # a Saturday moves on
        (2, Unit.WORKING_DAYS, True, date(2026, 11, 24), date(2026, 11, 20)),  # Tuesday: Mon, Fri
        (2, Unit.DAYS, True, date(2026, 11, 24), date(2026, 11, 20)),  # a Sunday moves back
        (0, Unit.DAYS, False, date(2026, 11, 22), date(2026, 11, 23)),
        (0, Unit.WORKING_DAYS, True, date(2026, 11, 22), date(2026, 11, 20)),
        (1, Unit.WORKING_DAYS, False, date(2026, 11, 10), date(2026, 11, 12)),  # Armistice Day in between
    ],
)
def test_the_day_a_step_is_due(number, unit, before, event_day, due):
    wanted = step(number=number, unit=unit, before=before, event=Event.HEARING)
    assert rules.due_on(wanted, {Event.HEARING: event_day}) == due


@pytest.mark.parametrize("registered", [date(2026, 11, 23) + n * ONE_DAY for n in range(5)])
def test_what_a_network_starts_with_fits_between_the_copy_and_the_hearing(registered):
    """A hearing within 15 days, a copy after 4 (Ger.W. art. 1344bis, 1344ter); a household reached the day after."""
    received = earliest_day(registered, Term(4, Unit.DAYS), moves=True).day
    days = {
        Event.PETITION: received,
        Event.FIRST_CONTACT: next_working_day(received + ONE_DAY),
        Event.HEARING: previous_working_day(registered + timedelta(days=15)),
    }
    due = {step.key: rules.due_on(step, days) for step in (*TO_HEARING.steps, LEGAL_HELP)}
    assert all(received <= day <= days[Event.HEARING] for day in due.values())
    assert due["budget"] <= due["voorstel"]
    assert due["voorstel"] < due["verhuurder"] <= due["aanwezig"] <= due["zitting"]
    assert due["verhaal"] <= due["budget"]
    assert days[Event.FIRST_CONTACT] <= due["budget"]


def test_a_step_waits_for_its_event():
    assert rules.due_on(step(event=Event.JUDGMENT), {Event.PETITION: date(2026, 11, 20)}) is None


@settings(max_examples=60)
@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 40), st.sampled_from([*rules.UNITS]), st.booleans())
def test_a_step_is_due_on_a_working_day_at_the_right_side(day, number, unit, before):
    due = rules.due_on(step(number=number, unit=unit, before=before), {Event.PETITION: day})
    assert is_working_day(due)
    least = timedelta(days=number)
    assert due <= day - least if before else due >= day + least


def test_what_is_stored_comes_back():
    full = step(document="Brief", piste=Avenue.MONEY, if_not="Bel de ploeg", before=True, unit=Unit.DAYS)
    definition = Definition("Titel", "Waarvoor", "Wanneer", (full, step("b")))
    assert rules.definition_of(definition.as_json()) == definition


def test_the_difference_of_two_versions():
    old = (step("a"), step("b"), step("c"))
    new = (step("a"), step("c", number=5, who=Who.CAW), step("d"))
    found = rules.difference(old, new)
    assert [(each.kind, (each.new or each.old).key) for each in found] == [
        (ChangeKind.CHANGED, "c"), (ChangeKind.ADDED, "d"), (ChangeKind.REMOVED, "b"),
    ]  # fmt: skip
    assert found[0].changed_fields == ("who", "number")
    assert rules.difference(old, old) == ()


def test_own_steps_come_after_theirs_or_at_the_end():
    own = [("a", step("x")), (None, step("y")), ("gone", step("z"))]
    assert [each.key for each in rules.with_own((step("a"), step("b")), own)] == ["a", "x", "b", "y", "z"]


def test_moving_stops_at_the_ends():
    steps = (step("a"), step("b"), step("c"))
    assert [each.key for each in rules.moved(steps, "c", -1)] == ["a", "c", "b"]
    assert rules.moved(steps, "a", -1) == rules.moved(steps, "c", 1) == steps


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"what": " "}, "what"),
        ({"what": "x" * 201}, "what"),
        ({"number": -1}, "number"),
        ({"number": 366}, "number"),
        ({"before": True, "event": Event.OPENED}, "event"),
        ({"if_not": "x" * 301}, "if_not"),
    ],
)
def test_what_a_step_must_say(wrong, field):
    assert [name for name, _message in rules.problems_of(step(**wrong))] == [field]
    assert rules.problems_of(step()) == []


def test_only_a_changed_scenario_with_steps_is_published():
    empty = Definition("Titel", "", "Wanneer")
    filled = Definition("Titel", "", "Wanneer", (step(),))
    assert rules.problems_of_publishing(empty, None)
    assert rules.problems_of_publishing(filled, filled)
    assert rules.problems_of_publishing(filled, None) is None


def test_the_picture_is_sound_and_says_all_in_words():
    boxes = [Box(1, 0, "A", "Stap 1 <script>"), Box(2, 1, "A", "Stap 2"), Box(3, 0, "B", "Stap 3")]
    drawn = swim_lanes("Wie & wanneer", ["OCMW", "Verhuurder"], boxes, [("A", "de start"), ("B", "de zitting")])
    root = ElementTree.fromstring(drawn)  # noqa: S314 - our own text
    texts = ["".join(each.itertext()) for each in root]
    assert texts[:2] == ["Wie & wanneer", "Stap 1 <script> Stap 2 Stap 3"]
    assert root.get("role") == "img"
    assert "style" not in drawn
    width = int(root.get("width"))
    assert width <= 390
    for circle in root.iter("{http://www.w3.org/2000/svg}circle"):
        assert 0 < float(circle.get("cx")) < width
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) == 2
