"""Dates, hours and amounts are written the way the reader's language writes them."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
import time_machine
from flask import render_template_string, session
from flask_babel import gettext
from hypothesis import given
from hypothesis import strategies as st

from app.ui import formats
from app.ui.fields import parse_euro

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
MOMENT = datetime(2026, 11, 20, 16, 40, tzinfo=UTC)  # 17.40 in Brussels


@pytest.fixture
def speaking(ui_app):
    def written(language, use, value):
        with ui_app.test_request_context(), time_machine.travel(NOW, tick=False):
            session["locale"] = language
            return use(value)

    return written


@pytest.mark.parametrize(
    ("use", "value", "nl", "fr"),
    [
        (formats.datum, date(2026, 11, 24), "di 24 nov", "mar. 24 nov."),
        (formats.datum, date(2025, 11, 25), "di 25 nov 2025", "mar. 25 nov. 2025"),
        (formats.datum_kort, date(2027, 1, 5), "5 jan 2027", "5 janv. 2027"),
        (formats.datum_lang, date(2026, 12, 1), "dinsdag 1 december 2026", "mardi 1 décembre 2026"),
        (formats.uur, MOMENT, "17.40\xa0u", "17\xa0h\xa040"),
        (formats.uur, time(9, 5), "9.05\xa0u", "9\xa0h\xa005"),
        (formats.moment, MOMENT, "20 nov, 17.40\xa0u", "20 nov., 17\xa0h\xa040"),
        (formats.datum, datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "di 24 nov", "mar. 24 nov."),
        (formats.euro, Decimal("2610"), "€\xa02.610,00", "2\u202f610,00\xa0€"),
        (formats.sinds, date(2026, 11, 24), "vandaag", "aujourd’hui"),
        (formats.sinds, date(2026, 11, 23), "gisteren", "hier"),
        (formats.sinds, date(2026, 11, 25), "morgen", "demain"),
        (formats.sinds, date(2026, 11, 21), "3 dagen geleden", "il y a 3 jours"),
        (formats.sinds, date(2026, 12, 4), "over 10 dagen", "dans 10 jours"),
        (formats.waarde, True, "ja", "oui"),
        (formats.waarde, Decimal("1234.50"), "1.234,50", "1\u202f234,50"),
        (formats.waarde, [date(2026, 11, 1), 3], "1 nov, 3", "1 nov., 3"),
    ],
)
def test_written_as_people_here_do(speaking, use, value, nl, fr):
    assert speaking("nl", use, value) == nl
    assert speaking("fr", use, value) == fr


@pytest.mark.parametrize(
    "use",
    [formats.datum, formats.datum_kort, formats.datum_lang, formats.uur, formats.moment, formats.euro, formats.sinds],
)
def test_nothing_is_written_as_nothing(speaking, use):
    assert speaking("nl", use, None) == ""


def test_today_is_the_date_in_brussels(ui_app):
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    with ui_app.test_request_context(), time_machine.travel(late, tick=False):
        assert formats.today() == date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("€ 1.234,56", "1234.56"),
        ("1234,5", "1234.50"),
        ("1 234.56", "1234.56"),
        ("1.234", "1234.00"),
        ("12.345.678,90 EUR", "12345678.90"),
        ("1,234.50", "1234.50"),
        ("780", "780.00"),
        ("-15,00", "-15.00"),
    ],
)
def test_amount_is_understood(text, amount):
    assert parse_euro(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", "veel", "1,2,3", "12.34.56", "1234.567", "1,234567", "€", "--5", "1e3", "½", "٣", "NaN"]
)
def test_other_text_is_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        parse_euro(text)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_every_amount_survives_being_written_and_read(amount):
    dutch = f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert parse_euro(f"€ {dutch}") == amount


@given(st.text(max_size=20))
def test_any_text_is_an_amount_or_a_value_error(text):
    try:
        amount = parse_euro(text)
    except ValueError:
        return
    assert amount == amount.quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    ("listed", "said"),
    [("Vermeulen, Dirk", "Dirk Vermeulen"), ("Van Damme, An", "An Van Damme"), ("Peeters", "Peeters"), ("", "")],
)
def test_a_name_of_a_list_is_said_in_a_sentence(listed, said):
    assert formats.voluit(listed) == said


@pytest.mark.parametrize(("day", "told"), [("2 déc.", "Délivrée le 2 déc."), ("2 mars", "Délivrée le 2 mars.")])
def test_a_point_of_an_abbreviation_ends_the_sentence_too(speaking, day, told):
    assert speaking("fr", lambda value: gettext("Given on %(day)s.", day=value), day) == told
    page = "{{ _('Given on %(day)s.', day=value) }}"
    assert speaking("fr", lambda value: render_template_string(page, value=value), day) == told
