"""What a cell of a spreadsheet is: how it is kept, how it shows, and when it is a formula."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.imports.cells import from_json, is_formula, shown, to_json


@pytest.mark.parametrize("text", ["=1+1", " =HYPERLINK(1)", "@SUM(A1)", "+cmd|' /c calc'!A0", "-cmd|'x'!A0", "\t=A1"])
def test_what_a_spreadsheet_would_execute(text: str) -> None:
    assert is_formula(text)


@pytest.mark.parametrize(
    "text", ["-", "+32 59 12 34 56", "-5", "- brief gestuurd", "=", "a=b", "jan@voorbeeld.be", None, 5]
)
def test_ordinary_writing_is_no_formula(text: Any) -> None:
    assert not is_formula(text)


@given(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        st.text(),
        st.dates(),
        st.datetimes(),
        st.times(),
    )
)
def test_a_cell_comes_back_as_it_was_kept(cell: Any) -> None:
    kept = from_json(to_json(cell))
    assert kept == cell
    assert type(kept) is type(cell)
    assert isinstance(shown(cell), str)


def test_cells_show_as_people_write() -> None:
    cells = [5.0, 2159.89, date(2020, 2, 1), datetime(2020, 2, 1, 9, 30), time(9, 5), None, " x "]
    assert [shown(cell) for cell in cells] == ["5", "2159,89", "01/02/2020", "01/02/2020 09:30", "09:05", "", "x"]
    assert shown(datetime(2020, 2, 1) + timedelta(0)) == "01/02/2020"
