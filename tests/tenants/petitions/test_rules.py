"""What runs from the events of a procedure: situations with their article, and properties of all of them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.rules import is_working_day
from tenants.cases.codes import JudgmentKind
from tenants.petitions import sentences
from tenants.petitions.rules import (
    Deadline,
    DeadlineKind,
    Nature,
    PetitionSettings,
    ProcedureEvents,
    StageKey,
    StageState,
    current_stage,
    deadlines,
    explain,
    is_to_act,
)

CASES = Path(__file__).parent / "cases"
MAY_MOVE = {
    DeadlineKind.COPY_EXPECTED,
    DeadlineKind.HEARING_EXPECTED,
    DeadlineKind.JUDGMENT_COPY,
    DeadlineKind.OPPOSITION,
    DeadlineKind.APPEAL,
}


def cases(name: str) -> list[Any]:
    rows = yaml.safe_load((CASES / name).read_text())
    return [pytest.param(row, id=row["situation"]) for row in rows]


def events_of(known: dict[str, Any]) -> ProcedureEvents:
    kind = known.get("judgment_kind")
    return ProcedureEvents(**{**known, "judgment_kind": JudgmentKind(kind) if kind else None})


def as_written(deadline: Deadline, keys: set[str]) -> dict[str, Any]:
    """A deadline in the words of the situations; what they leave out counts as none, a note as not looked at."""
    words: dict[str, Any] = {
        "day": deadline.due_on,
        "article": deadline.article,
        "sure": deadline.confidence.value,
        "moved_from": deadline.moved_from,
        "at": deadline.at.strftime("%H:%M") if deadline.at else None,
        "note": deadline.note if "note" in keys else None,
    }
    return {key: value for key, value in words.items() if value is not None}


def test_every_article_can_be_said_in_french() -> None:
    with (Path(__file__).parents[3] / "translations/fr/LC_MESSAGES/messages.po").open("rb") as file:
        french = read_po(file)
    for case in cases("deadlines.yaml"):
        for deadline in case.values[0]["expect"].values():
            said = french.get(deadline["article"])
            assert said is not None, deadline["article"]
            assert said.string != said.id


@pytest.mark.parametrize("case", cases("deadlines.yaml"))
def test_the_deadlines_of_a_situation(case: dict[str, Any]) -> None:
    found = deadlines(events_of(case["events"]), PetitionSettings(**case.get("settings", {})))
    expected = case["expect"]
    words = {d.kind.value: as_written(d, set(expected.get(d.kind.value, ()))) for d in found}
    assert words == expected


@pytest.mark.parametrize("case", cases("stages.yaml"))
def test_the_stages_of_a_situation(case: dict[str, Any]) -> None:
    stages = current_stage(events_of(case["events"]))
    assert [stage.key for stage in stages] == list(StageKey)
    assert [stage.state.value for stage in stages] == case["states"]
    assert {s.key.value: s.when for s in stages if s.when} == case.get("when", {})
    assert {s.key.value: s.deadline.kind.value for s in stages if s.deadline} == case.get("deadlines", {})


def test_every_kind_of_deadline_has_a_situation() -> None:
    rows = yaml.safe_load((CASES / "deadlines.yaml").read_text())
    assert {kind for row in rows for kind in row["expect"]} == {kind.value for kind in DeadlineKind}


@pytest.mark.parametrize(
    ("kind", "nature"),
    [
        (DeadlineKind.COPY_EXPECTED, Nature.INFORMATION),
        (DeadlineKind.HEARING_EXPECTED, Nature.INFORMATION),
        (DeadlineKind.FIRST_CONTACT, Nature.ACT_BEFORE),
        (DeadlineKind.HEARING, Nature.COURT_DATE),
        (DeadlineKind.OPPOSITION, Nature.ACT_BEFORE),
        (DeadlineKind.APPEAL, Nature.ACT_BEFORE),
        (DeadlineKind.JUDGMENT_COPY, Nature.INFORMATION),
        (DeadlineKind.EARLIEST_EVICTION, Nature.NOT_BEFORE),
        (DeadlineKind.EARLIEST_AFTER_NOTICE, Nature.NOT_BEFORE),
        (DeadlineKind.NOTICE_LATEST, Nature.INFORMATION),
        (DeadlineKind.PLANNED_EVICTION, Nature.INFORMATION),
        (DeadlineKind.GOODS_KEPT, Nature.ACT_BEFORE),
        (DeadlineKind.GOODS_STORED, Nature.ACT_BEFORE),
    ],
)
def test_a_kind_always_asks_the_same_of_its_reader(kind: DeadlineKind, nature: Nature) -> None:
    rows = yaml.safe_load((CASES / "deadlines.yaml").read_text())
    found = [d for row in rows for d in deadlines(events_of(row["events"])) if d.kind is kind]
    assert {d.nature for d in found} == {nature}


@pytest.mark.parametrize(
    ("events", "sentence"),
    [
        (
            {"judgment_kind": "default", "served_on": date(2026, 12, 1)},
            "Served on 2026-12-01: one month has to pass, so this is the first possible day.",
        ),
        (
            {"writ_served_on": date(2026, 11, 12)},
            "Writ served on 2026-11-12: the bailiff sends the copy after 4 days.",
        ),
        (
            {"received_on": date(2026, 11, 17)},
            "Copy received on 2026-11-17: 3 working days, as your OCMW has set.",
        ),
        (
            {"evicted_on": date(2026, 8, 30)},
            "Taken away on 2026-08-30: the municipality keeps the goods for 6 months.",
        ),
    ],
)
def test_the_reasoning_is_one_sentence(events: dict[str, Any], sentence: str) -> None:
    text = [msgid % params for msgid, params in map(explain, deadlines(events_of(events)))]
    assert sentence in text


def test_the_reasoning_names_the_day_off() -> None:
    events = ProcedureEvents(judgment_kind=JudgmentKind.CONTESTED, served_on=date(2026, 12, 1))
    appeal = next(d for d in deadlines(events) if d.kind is DeadlineKind.APPEAL)
    msgid, params = explain(appeal)
    assert msgid % params == (
        "Served on 2026-12-01: one month, moved to the next working day because 2027-01-01 is not one."
    )


def test_one_working_day_reads_as_one() -> None:
    found = deadlines(ProcedureEvents(received_on=date(2026, 11, 17)), PetitionSettings(1))
    msgid, params = explain(found[0])
    assert msgid % params == "Copy received on 2026-11-17: one working day, as your OCMW has set."


def test_a_setting_of_no_days_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        deadlines(ProcedureEvents(received_on=date(2026, 11, 17)), PetitionSettings(0))


def test_a_writ_is_called_a_writ() -> None:
    assert current_stage(ProcedureEvents(writ_served_on=date(2026, 11, 12)))[0].label == "Writ of summons"


def test_what_follows_an_agreement_is_said_to_depend_on_it() -> None:
    stages = current_stage(ProcedureEvents(judgment_kind=JudgmentKind.AGREEMENT, pronounced_on=date(2026, 12, 1)))
    assert stages[3].hint == ("only if the terms are not kept", {})
    assert stages[4].hint == ("%(number)d working days ahead", {"number": 5})
    assert stages[5].hint == ("one month after service at the earliest", {"number": 1})


DAYS = st.dates(date(2010, 1, 1), date(2080, 12, 31))
MAYBE = st.none() | DAYS
PROCEDURES = st.builds(
    ProcedureEvents,
    registered_on=MAYBE,
    received_on=MAYBE,
    writ_served_on=MAYBE,
    first_contact_on=MAYBE,
    hearing_at=st.none() | st.datetimes(datetime(2010, 1, 1), datetime(2080, 12, 31)),
    hearing_hour_known=st.booleans(),
    hearing_held_on=MAYBE,
    pronounced_on=MAYBE,
    judgment_kind=st.none() | st.sampled_from(JudgmentKind),
    served_on=MAYBE,
    notice_on=MAYBE,
    planned_eviction_on=MAYBE,
    evicted_on=MAYBE,
)
EVICTING = st.sampled_from([JudgmentKind.DEFAULT, JudgmentKind.CONTESTED, JudgmentKind.CONDITIONAL])


@given(PROCEDURES)
def test_computing_again_gives_the_same(events: ProcedureEvents) -> None:
    assert deadlines(events) == deadlines(replace(events))
    assert current_stage(events) == current_stage(replace(events))


@given(PROCEDURES)
def test_each_kind_runs_once_soonest_first_and_never_before_its_event(events: ProcedureEvents) -> None:
    found = deadlines(events)
    assert len({d.kind for d in found}) == len(found)
    assert [d.due_on for d in found] == sorted(d.due_on for d in found)
    # The notice comes before the eviction it announces: the one term that is counted back.
    assert all(d.due_on >= d.basis_on for d in found if d.kind is not DeadlineKind.NOTICE_LATEST)


@given(PROCEDURES)
def test_moving_is_forward_to_a_working_day_and_only_where_the_law_moves(events: ProcedureEvents) -> None:
    for deadline in deadlines(events):
        if deadline.moved_from is not None:
            assert deadline.kind in MAY_MOVE
            assert deadline.moved_from < deadline.due_on
            assert not is_working_day(deadline.moved_from)
        if deadline.kind in MAY_MOVE:
            assert is_working_day(deadline.due_on)


@given(PROCEDURES)
def test_every_explanation_can_be_filled_in(events: ProcedureEvents) -> None:
    for deadline in deadlines(events):
        msgid, params = explain(deadline)
        assert "%(" not in msgid % params
        assert ("%(moved_from)s" in msgid) == (deadline.moved_from is not None)


@given(PROCEDURES)
def test_at_most_one_stage_is_now_and_nothing_is_done_after_it(events: ProcedureEvents) -> None:
    states = [stage.state for stage in current_stage(events)]
    assert states.count(StageState.NOW) <= 1
    if StageState.NOW in states:
        assert set(states[states.index(StageState.NOW) + 1 :]) <= {StageState.NEXT}


@given(PROCEDURES)
def test_a_stage_shows_its_day_or_says_why_not(events: ProcedureEvents) -> None:
    for stage in current_stage(events):
        judged_on_unknown_day = stage.key is StageKey.JUDGMENT and stage.state is StageState.DONE
        assert stage.when or stage.deadline or stage.hint or judged_on_unknown_day


@given(DAYS, EVICTING)
def test_no_eviction_in_the_month_after_service(served_on: date, kind: JudgmentKind) -> None:
    events = ProcedureEvents(judgment_kind=kind, served_on=served_on)
    earliest = next(d for d in deadlines(events) if d.kind is DeadlineKind.EARLIEST_EVICTION)
    assert served_on + timedelta(days=28) < earliest.due_on <= served_on + timedelta(days=32)


@given(DAYS, st.integers(0, 60), EVICTING)
def test_the_first_possible_eviction_respects_month_and_notice(served_on: date, days: int, kind: JudgmentKind) -> None:
    served = ProcedureEvents(judgment_kind=kind, served_on=served_on)
    noticed = replace(served, notice_on=served_on + timedelta(days=days))
    before, after = (
        next(d.due_on for d in deadlines(events) if d.nature is Nature.NOT_BEFORE) for events in (served, noticed)
    )
    assert after >= before
    assert noticed.notice_on is not None
    assert after >= noticed.notice_on + timedelta(days=6)


@given(DAYS, EVICTING)
def test_later_service_never_gives_an_earlier_day(served_on: date, kind: JudgmentKind) -> None:
    first, second = (
        {d.kind: d.due_on for d in deadlines(ProcedureEvents(judgment_kind=kind, served_on=day))}
        for day in (served_on, served_on + timedelta(days=1))
    )
    assert all(first[kind] <= second[kind] for kind in first)


@given(PROCEDURES)
def test_after_the_end_only_the_goods_count(events: ProcedureEvents) -> None:
    ended = replace(events, judgment_kind=JudgmentKind.REJECTED)
    assert {d.kind for d in deadlines(ended)} <= {DeadlineKind.GOODS_KEPT, DeadlineKind.GOODS_STORED}
    evicted = replace(events, evicted_on=date(2026, 8, 30))
    assert [d.kind for d in deadlines(evicted)] == [DeadlineKind.GOODS_KEPT]


@given(st.datetimes(datetime(2010, 1, 1), datetime(2080, 12, 31), timezones=st.timezones()))
def test_a_hearing_is_on_its_belgian_day_whatever_the_zone(at: datetime) -> None:
    local = ProcedureEvents(hearing_at=at).hearing_local
    assert local is not None
    assert deadlines(ProcedureEvents(hearing_at=at)) == deadlines(ProcedureEvents(hearing_at=local))


def test_no_sentence_is_left_without_a_kind() -> None:
    assert set(sentences.SENTENCES) == set(DeadlineKind)


@pytest.mark.parametrize(
    ("notice_on", "first"),
    [
        (None, DeadlineKind.OPPOSITION),
        (date(2026, 11, 5), DeadlineKind.OPPOSITION),
        (date(2026, 11, 24), DeadlineKind.PLANNED_EVICTION),
    ],
)
def test_a_planned_eviction_is_a_day_to_act_on_and_a_remedy_lapsed_before_the_notice_is_none(
    notice_on: date | None, first: DeadlineKind
) -> None:
    events = ProcedureEvents(
        judgment_kind=JudgmentKind.DEFAULT,
        served_on=date(2026, 10, 7),
        notice_on=notice_on,
        planned_eviction_on=date(2026, 12, 2),
    )
    to_act = [d.kind for d in deadlines(events) if is_to_act(d.kind, d.nature, d.due_on, events)]
    assert to_act[0] is first
    assert DeadlineKind.PLANNED_EVICTION in to_act
