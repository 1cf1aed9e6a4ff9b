"""What was typed, and what is made of it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.be import nn

from tenants.cases.codes import Market, Reason
from tenants.cases.filters import CaseFilter, Reached, Shown, Sort, read_filter
from tenants.cases.rules import (
    FORMULA_SIGNS,
    InvalidInszError,
    Match,
    birth_date_of,
    looks_like_insz,
    match_of,
    normal_insz,
    safe_cell,
    search_words,
    shown_insz,
)
from tenants.petitions.codes import StageKey


@pytest.mark.parametrize("text", ["85073003328", "85.07.30-033.28", " 850730 033 28", "85/07/30 033.28", "85073003329"])
def test_an_insz_is_recognised_in_any_writing(text):
    assert looks_like_insz(text)


@pytest.mark.parametrize("text", ["26A1187", "OOS-2026-0412", "8507300332", "850730033281", "Jan 85073003328", ""])
def test_other_searches_are_no_insz(text):
    assert not looks_like_insz(text)


@given(st.dates(date(1930, 1, 1), date(1999, 12, 31)), st.integers(1, 997))
def test_an_insz_tells_the_date_of_birth_in_any_writing(born, serial):
    nine = f"{born:%y%m%d}{serial:03d}"
    digits = f"{nine}{97 - int(nine) % 97:02d}"
    assert nn.is_valid(digits)
    assert normal_insz(shown_insz(digits)) == digits
    assert birth_date_of(digits) == born


def test_a_bis_number_without_a_known_day_has_no_date_of_birth():
    nine = "852700033"
    digits = f"{nine}{97 - int(nine) % 97:02d}"
    assert birth_date_of(normal_insz(digits)) is None


@given(st.text(alphabet="0123456789", min_size=11, max_size=11))
def test_a_wrong_check_is_refused(digits):
    right = int(digits[9:]) in (97 - int(digits[:9]) % 97, 97 - int("2" + digits[:9]) % 97)
    if not right:
        with pytest.raises(InvalidInszError):
            normal_insz(digits)


@given(st.text())
def test_no_cell_begins_as_a_formula(text):
    cell = safe_cell(text)
    assert not cell.startswith(FORMULA_SIGNS)
    assert cell.removeprefix("'") == text.removeprefix("'") or cell == text


@pytest.mark.parametrize(
    ("query", "match"),
    [
        ("0412", Match.NUMBER),
        ("verm", Match.NAME),
        ("dirk vermeulen", Match.NAME),
        ("torhoutse 41", Match.ADDRESS),
        ("lotte", Match.OTHER),
        ("dirk torhoutse", Match.OTHER),
    ],
)
def test_where_the_words_stand(query, match):
    words = search_words(query)
    found = match_of(
        words, name="Vermeulen, Dirk", address="Torhoutsesteenweg 41, 8400 Oostende", number="OOS-2026-0412"
    )
    assert found is match


FILTERS = st.builds(
    CaseFilter,
    q=st.text(alphabet="abc é&=+%?#", max_size=20).map(lambda t: " ".join(t.split())),
    whose=st.sampled_from(["team", "mine", "nobody", "17"]),
    state=st.sampled_from(Shown),
    stage=st.none() | st.sampled_from(StageKey),
    reached=st.none() | st.sampled_from(Reached),
    reason=st.none() | st.sampled_from(Reason),
    market=st.none() | st.sampled_from(Market),
    opened_from=st.none() | st.dates(date(2000, 1, 1)),
    opened_to=st.none() | st.dates(date(2000, 1, 1)),
    sort=st.sampled_from(Sort),
)


@given(FILTERS)
def test_a_filter_survives_its_address(wanted):
    from urllib.parse import parse_qsl

    assert read_filter(dict(parse_qsl(wanted.query()))) == wanted


@given(st.dictionaries(st.sampled_from(["q", "whose", "state", "stage", "reached", "opened_from", "sort"]), st.text()))
def test_any_address_gives_a_filter(args):
    assert isinstance(read_filter(args), CaseFilter)


def test_a_filter_keeps_no_national_number():
    assert read_filter({"q": "85.07.30-033.28"}).q == ""
