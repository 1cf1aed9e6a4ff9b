"""No count under 5 can be worked out of what is published: checked against all tables that would look the same."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from playbook.statistics.rules import THRESHOLD, TOTAL, Counts, could_be_other, leaks, suppress


def tables(height, width, most=12):
    row = st.tuples(*[st.integers(0, most)] * width)
    return st.tuples(*[row] * height).map(Counts)


sizes = st.tuples(st.integers(1, 4), st.integers(1, 4))
any_table = sizes.flatmap(lambda size: tables(*size))


def readers(counts):
    """A stranger, and every organisation with its own row."""
    yield frozenset()
    if len(counts.rows) > 1:
        for number in range(len(counts.rows)):
            yield frozenset(cell for cell in counts.cells if cell[0] == number)


def alike(counts, known, choices):
    """All tables out of `choices` (numbers per place) that agree with `counts` at the known places."""
    height, width = len(counts.rows), counts.width
    for flat in itertools.product(*choices):
        other = Counts(tuple(flat[i * width : (i + 1) * width] for i in range(height)))
        if all(other.cells[cell] == counts.cells[cell] for cell in known):
            yield other


def nearby(counts):
    """One less, as it is, one more: if a count can be other at all, it can by one (each step goes around a circle)."""
    return [[m for m in (n - 1, n, n + 1) if m >= 0] for row in counts.rows for n in row]


def assert_nothing_can_be_worked_out(counts, hidden, choices):
    for known in readers(counts):
        open_question = set(hidden - known)  # those that no other table has answered differently yet
        for other in alike(counts, set(counts.cells) - (hidden - known), choices):
            open_question -= {cell for cell in open_question if other.cells[cell] != counts.cells[cell]}
            if not open_question:
                break
        assert not open_question


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([(2, 3), (3, 2), (2, 2), (4, 2), (1, 3), (3, 1)]).flatmap(lambda size: tables(*size, most=8)))
def test_no_hidden_count_can_be_worked_out(counts):
    assert_nothing_can_be_worked_out(counts, suppress(counts).hidden, nearby(counts))


@settings(max_examples=30, deadline=None)
@given(tables(2, 2, most=6))
def test_no_hidden_count_can_be_worked_out_among_all_tables(counts):
    assert_nothing_can_be_worked_out(counts, suppress(counts).hidden, [range(9)] * 4)


@settings(max_examples=60, deadline=None)
@given(tables(2, 2, most=4), st.sets(st.sampled_from([(i, j) for i in (0, 1, TOTAL) for j in (0, 1, TOTAL)])))
def test_the_check_itself_agrees_with_trying_all_tables(counts, hidden):
    for cell in hidden:
        values = {o.cells[cell] for o in alike(counts, set(counts.cells) - hidden, [range(6)] * 4)}
        assert could_be_other(counts, frozenset(hidden), cell) == (len(values) > 1)


@settings(deadline=None)
@given(any_table)
def test_no_small_count_is_published(counts):
    published = suppress(counts)
    assert all(counts.cells[cell] >= THRESHOLD for cell in counts.cells if cell not in published.hidden)


@settings(deadline=None)
@given(any_table)
def test_what_somebody_does_not_know_of_a_line_is_never_a_small_sum(counts):
    hidden = suppress(counts).hidden
    places = [*range(len(counts.rows)), TOTAL], [*range(counts.width), TOTAL]
    lines = [[(i, j) for j in places[1]] for i in places[0]] + [[(i, j) for i in places[0]] for j in places[1]]
    for known in readers(counts):
        for line in lines:
            dark = [cell for cell in line if cell in hidden and cell not in known]
            if dark and line[-1] not in dark:
                assert len(dark) > 1
                assert sum(counts.cells[cell] for cell in dark) >= THRESHOLD


@settings(deadline=None)
@given(any_table)
def test_nothing_more_is_hidden_than_must_be(counts):
    hidden = suppress(counts).hidden
    for cell in hidden:
        if counts.cells[cell] >= THRESHOLD:
            assert next(leaks(counts, hidden - {cell}), None) is not None


def test_a_table_without_small_counts_is_shown_whole():
    assert suppress(Counts(((5, 6), (7, 8), (9, 5)))).hidden == frozenset()


def test_two_organisations_cannot_work_out_each_other():
    published = suppress(Counts(((20, 30), (3, 9))))
    assert published.get(1, 0) is None
    assert published.get(TOTAL, 0) is None  # 23 less 20, which the first one knows, is 3
    assert published.get(TOTAL, TOTAL) == 62


def test_many_small_ones_keep_the_total():
    counts = Counts(((40, 31), (3, 4), (4, 2), (2, 3), (12, 9)))
    published = suppress(counts)
    assert published.get(TOTAL, TOTAL) == 110
    assert published.get(TOTAL, 0) == 61
    assert [published.get(i, 0) for i in range(1, 4)] == [None] * 3


def test_a_sum_of_parts_that_are_not_published_is_shown_when_nobody_can_subtract_too_much():
    counts = Counts(((4, 3), (5, 4), (6, 2)))
    withheld = frozenset((i, j) for i in range(3) for j in (0, 1, TOTAL))
    published = suppress(counts, withheld=withheld)
    assert published.get(TOTAL, 0) == 15
    assert published.get(TOTAL, 1) == 9
    two = frozenset((i, j) for i in range(2) for j in (0, 1, TOTAL))
    assert suppress(Counts(((9, 9), (4, 9))), withheld=two).get(TOTAL, 0) is None  # 13 less their own 9


def test_no_rows_is_no_table():
    assert suppress(Counts(())).get(TOTAL, TOTAL) is None


@pytest.mark.parametrize("height", [14])
def test_a_whole_region_is_computed(height):
    counts = Counts(tuple((i % 7, (i * 3) % 11, (i * 5) % 9, i) for i in range(height)))
    assert next(leaks(counts, suppress(counts).hidden), None) is None
