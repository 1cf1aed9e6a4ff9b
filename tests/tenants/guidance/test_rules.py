"""Pistes and aftercare: which answers are complete, and when people are asked again."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendar.rules import is_working_day
from tenants.cases.codes import HousingOutcome
from tenants.guidance.codes import ContactAfter, Means, Piste, PisteState, StillThere
from tenants.guidance.rules.aftercare import AFTER, Answer, plan, problems
from tenants.guidance.rules.checklist import EXAMPLES, MEANS, problem, untouched
from tenants.money.rules import months_later


def test_every_means_belongs_to_one_piste():
    assert sorted(m for means in MEANS.values() for m in means) == sorted(Means)
    assert set(MEANS) == set(EXAMPLES) == set(Piste)


@pytest.mark.parametrize(("state", "note"), list(product(PisteState, ["", "  ", "Geen recht op huursubsidie"])))
def test_a_result_and_a_no_say_more(state, note):
    wrong = problem(state, [], note, Piste.RIGHTS)
    needed = state is not PisteState.EXPLORED and not note.strip()
    assert (wrong is not None and wrong[0] == "note") == needed


def test_means_of_another_piste_are_refused():
    for piste, means in product(Piste, Means):
        wrong = problem(PisteState.EXPLORED, [means], "", piste)
        assert (wrong is None) == (means in MEANS[piste])


def test_what_is_untouched():
    assert untouched([]) == tuple(Piste)
    assert untouched([Piste.MONEY]) == tuple(p for p in Piste if p is not Piste.MONEY)
    assert untouched(list(Piste)) == ()


@pytest.mark.parametrize(
    ("closed", "today", "expected"),
    [
        (date(2026, 11, 24), date(2026, 11, 24), [(3, date(2027, 2, 24)), (6, date(2027, 5, 24)),
                                                  (12, date(2027, 11, 24))]),
        # 1 November is a holiday, 2 November 2026 the first working day after it; 30 November has no 31st
        (date(2026, 8, 1), date(2026, 8, 1), [(3, date(2026, 11, 2)), (6, date(2027, 2, 1)), (12, date(2027, 8, 2))]),
        (date(2026, 8, 31), date(2026, 8, 31), [(3, date(2026, 11, 30)), (6, date(2027, 3, 1)),
                                                (12, date(2027, 8, 31))]),
        # closed afterwards: what is over is not asked any more
        (date(2026, 5, 4), date(2026, 11, 24), [(12, date(2027, 5, 4))]),
        (date(2026, 8, 24), date(2026, 11, 24), [(3, date(2026, 11, 24)), (6, date(2027, 2, 24)),
                                                 (12, date(2027, 8, 24))]),
        (date(2020, 1, 1), date(2026, 11, 24), []),
    ],
)  # fmt: skip
def test_when_people_are_asked(closed, today, expected):
    assert [(each.months, each.due_on) for each in plan(closed, today)] == expected


@settings(max_examples=60)
@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(0, 500))
def test_a_question_comes_on_a_working_day_not_before_its_month(closed, later):
    today = date.fromordinal(closed.toordinal() + later)
    for each in plan(closed, today):
        assert is_working_day(each.due_on)
        assert 0 <= (each.due_on - months_later(closed, each.months)).days <= 5
        assert each.due_on >= today
    assert len(plan(closed, closed)) == len(AFTER)


def test_which_answers_fit_together():
    places = [None, *HousingOutcome]
    for contact, there, housing in product(ContactAfter, StillThere, places):
        wrong = problems(Answer(contact, there, housing))
        silent = contact in (ContactAfter.NONE, ContactAfter.UNWANTED)
        assert ("still_there" in wrong) == (silent and there is not StillThere.UNKNOWN)
        nowhere = housing in (None, HousingOutcome.STAYED)
        assert ("housing" in wrong) == (there is StillThere.NO and nowhere)
