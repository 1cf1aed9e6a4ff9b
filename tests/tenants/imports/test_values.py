"""Dates, amounts, numbers and words as people in Belgium write them."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.cases.codes import JudgmentKind, LandlordKind, Market, Reason
from tenants.imports.values import (
    Span,
    Unreadable,
    is_usual_roll,
    read_amount,
    read_answer,
    read_date,
    read_moment,
    read_months,
    read_national_numbers,
    read_roll,
    read_time,
)
from tenants.imports.words import (
    landlord_kind,
    read_address,
    read_court,
    read_judgment,
    read_market,
    read_place,
    read_reasons,
)

TODAY = date(2026, 11, 25)
EVENTS, BIRTHS = Span.of_events(TODAY), Span.of_births(TODAY)
LAST_OF_2020 = date(2020, 12, 31)


@pytest.mark.parametrize(
    "written",
    [
        LAST_OF_2020,
        datetime(2020, 12, 31),
        44196,
        44196.0,
        "44196",
        "31/12/2020",
        "31-12-20",
        "31.12.2020 ",
        " 31 / 12 / 2020",
        "31/12/20",
        "2020-12-31",
        "2020/12/31",
        "2020-12-31 00:00:00",
        "2020-12-31T00:00:00Z",
        "2020-12-30T23:00:00.000Z",  # midnight in Brussels
        "2020-12-31 00:00:00.000",
        "20201231",
        20201231,
        "31 december 2020",
        "31 dec. 2020",
        "31 décembre 2020",
        "donderdag 31/12/2020",
        "do 31.12.20",
        "31/12/2020 (do)",
        "31\u00a0december\u00a02020",
    ],
)
def test_one_day_in_many_writings(written: Any) -> None:
    assert read_date(written, EVENTS) == LAST_OF_2020


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("15/02/2020 om 10.00", time(10)),
        ("15/02/2020 om 14u", time(14)),
        ("15/02/2020 om 9u", time(9)),
        ("15/02/2020 om 9u30", time(9, 30)),
        ("15/02/2020 9:30", time(9, 30)),
        ("15/02/2020, 9u30", time(9, 30)),
        ("15-02-20 à 9h30", time(9, 30)),
        ("zaterdag 15 februari 2020 om 9.30 uur", time(9, 30)),
        (datetime(2020, 2, 15, 9, 30), time(9, 30)),
        (43876.395833333336, time(9, 30)),
        ("15/02/2020", None),
        ("2020-02-15T09:30", time(9, 30)),
        ("2020-02-15T09:30:00+01:00", time(9, 30)),
        ("2020-02-15T08:30:00Z", time(9, 30)),
        ("15/02/2020 09:30:00", time(9, 30)),
    ],
)
def test_a_day_with_its_hour(written: Any, hour: time | None) -> None:
    assert read_moment(written, EVENTS) == (date(2020, 2, 15), hour)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("31/02/2020", "no day 31"),
        ("29/02/2021", "no day 29"),
        ("12/31/2020", "no month 31"),
        ("zie dossier", "is not a date"),
        ("12/01/2020 en 15/02/2020", "more than one date"),
        ("uitgesteld naar 12/01/2020", "more than a date"),
        ("12/01/2020 om 25u", "hour of the day"),
        ("12 brumaire 2020", "not a month"),
        ("12/01/1920", "1990 to 2031"),
        (12, "is not a date"),
        ("=TODAY()", "formula"),
        (True, "is not a date"),
    ],
)
def test_what_is_no_day_is_explained(written: Any, said: str) -> None:
    with pytest.raises(Unreadable) as error:
        read_date(written, EVENTS)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("written", "span", "year"),
    [
        ("03-08-80", BIRTHS, 1980),
        ("22-07-54", BIRTHS, 1954),
        ("05-05-20", BIRTHS, 1920),
        ("05-05-08", BIRTHS, 2008),
        ("05-05-20", EVENTS, 2020),
        ("05-05-99", EVENTS, 1999),
        ("05-05-31", EVENTS, 2031),
    ],
)
def test_two_digits_of_a_year_mean_what_the_column_allows(written: str, span: Span, year: int) -> None:
    assert read_date(written, span).year == year


FORMS = ["{0:%d/%m/%Y}", "{0:%d-%m-%y}", "{0:%d.%m.%Y} ", "{0.day}/{0.month}/{0.year}", "{0:%Y-%m-%d}", "{0:%Y%m%d}"]


@given(st.dates(date(1990, 1, 1), date(2031, 12, 31)), st.sampled_from(FORMS))
def test_every_day_comes_back_from_every_writing(day: date, form: str) -> None:
    assert read_date(form.format(day), EVENTS) == day


@given(st.dates(date(1990, 1, 1), date(2031, 12, 31)))
def test_every_day_comes_back_from_its_serial(day: date) -> None:
    assert read_date((day - date(1899, 12, 30)).days, EVENTS) == day


@given(st.text(max_size=40))
def test_any_text_is_a_value_or_an_explained_refusal(text: str) -> None:
    for read in (
        lambda cell: read_date(cell, EVENTS),
        read_amount,
        read_months,
        read_national_numbers,
        read_roll,
        read_answer,
        read_time,
        read_market,
        read_judgment,
        read_court,
        read_reasons,
        read_address,
        read_place,
    ):
        try:
            read(text)
        except Unreadable as error:
            assert str(error)  # noqa: PT017 - both outcomes are right, a third is not


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("€ 1.234,56", "1234.56"),
        ("€ 1.069,23", "1069.23"),
        ("2159,89", "2159.89"),
        ("866,8", "866.80"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u202f234,56 €", "1234.56"),
        ("1'234,56", "1234.56"),
        ("1.234", "1234.00"),
        ("1.234.567,00", None),
        ("12.345,-", "12345.00"),
        ("EUR 725", "725.00"),
        ("725 euro", "725.00"),
        ("725.5", "725.50"),
        ("€ 0,00", "0.00"),
        ("€ -   ", "0.00"),
        (0.0, "0.00"),
        (3476.58, "3476.58"),
        (0.1 + 0.2, "0.30"),
        (690, "690.00"),
    ],
)
def test_amounts(written: Any, amount: str | None) -> None:
    if amount is None:
        with pytest.raises(Unreadable):
            read_amount(written)
    else:
        assert str(read_amount(written)) == amount


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1,234", "two ways. Write 1234,00 or 1,23"),
        ("zie dossier", "not an amount"),
        ("-50", "can't be right"),
        (float("nan"), "can't be right"),
        ("1.23.4", "not an amount"),
        ("=SUM(J4:J257)", "formula"),
        (20010112345, "can't be right"),
    ],
)
def test_what_is_no_amount_is_explained(written: Any, said: str) -> None:
    with pytest.raises(Unreadable) as error:
        read_amount(written)
    assert said in str(error.value)


@given(st.decimals(0, 1_000_000, places=2))
def test_every_amount_comes_back_from_the_belgian_writing(amount: Decimal) -> None:
    written = f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    assert read_amount(f"€ {written}") == amount
    assert read_amount(float(amount)) == amount


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ("76.08.27-050.16", ["76082705016"]),
        ("78112366470", ["78112366470"]),
        (78112366470, ["78112366470"]),
        (2122246203.0, ["02122246203"]),  # Excel dropped the zero
        ("76.08.27-050.16; 78112366470", ["76082705016", "78112366470"]),
        ("76082705016 en 78112366470", ["76082705016", "78112366470"]),
        ("98.47.28-997.65", ["98472899765"]),  # a bis number
    ],
)
def test_national_numbers(written: Any, numbers: list[str]) -> None:
    assert read_national_numbers(written) == numbers


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("80.01.01-001.00", "last two digits"),
        ("7608270501", "10 digits"),
        ("volgt", "looks like"),
        ("760827050161", "12 digits"),
    ],
)
def test_what_is_no_national_number_is_explained(written: str, said: str) -> None:
    with pytest.raises(Unreadable) as error:
        read_national_numbers(written)
    assert said in str(error.value)


def test_roll_numbers_are_one_whatever_stands_between() -> None:
    assert {read_roll(text) for text in ("20A1234", "20/A/1234", "2020 a 1234", "20.A.1234", " 20A1234 ")} == {
        "20A1234"
    }
    assert is_usual_roll("20A1234")
    assert not is_usual_roll(read_roll("AR 2020/1234"))
    with pytest.raises(Unreadable):
        read_roll("te bezorgen")


def test_answers() -> None:
    assert {read_answer(text) for text in ("x", "ja", "J", "JA", "oui", True)} == {True}
    assert {read_answer(text) for text in ("n", "nee", "Neen", "non", False)} == {False}
    assert {read_answer(text) for text in ("", "?", "-", None)} == {None}


def test_months_and_hours_of_their_own() -> None:
    assert [read_months(text) for text in (5.0, "3,5", "4 maanden")] == [Decimal("5.0"), Decimal("3.5"), Decimal("4.0")]
    hours = ("9u30", "9.30", "9:30", "09:30:00", "9.30u", time(9, 30), 0.395833)
    assert {read_time(hour) for hour in hours} == {time(9, 30)}
    assert read_time("14u") == read_time(14) == time(14)


@pytest.mark.parametrize(
    ("written", "codes", "left"),
    [
        ("huurachterstal", [Reason.RENT_ARREARS], []),
        ("huurachterstal + overlast", [Reason.RENT_ARREARS, Reason.NUISANCE], []),
        ("Overlast en huurachterstand", [Reason.NUISANCE, Reason.RENT_ARREARS], []),
        ("einde contract", [Reason.END_OF_TERM], []),
        ("onderhoud woning", [Reason.NEGLECT], []),
        ("arriérés de loyer", [Reason.RENT_ARREARS], []),
        ("huurachterstal, ruzie om de hond", [Reason.RENT_ARREARS, Reason.OTHER], ["ruzie om de hond"]),
        ("?", [], []),
        (None, [], []),
    ],
)
def test_reasons(written: str, codes: list[Reason], left: list[str]) -> None:
    found = read_reasons(written)
    assert (list(found.codes), list(found.left)) == (codes, left)


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("op tegenspraak", JudgmentKind.CONTESTED),
        ("verstek", JudgmentKind.DEFAULT),
        ("Vonnis bij verstek", JudgmentKind.DEFAULT),
        ("akkoordvonnis", JudgmentKind.AGREEMENT),
        ("PV van verzoening", JudgmentKind.AGREEMENT),
        ("doorgehaald", JudgmentKind.WITHDRAWN),
        ("uitgesteld naar maart", JudgmentKind.POSTPONED),
        ("voorwaardelijke ontbinding", JudgmentKind.CONDITIONAL),
        ("ongegrond", JudgmentKind.REJECTED),
        ("par défaut", JudgmentKind.DEFAULT),
        ("?", None),
    ],
)
def test_judgments(written: str, kind: JudgmentKind | None) -> None:
    assert read_judgment(written) is kind


def test_markets() -> None:
    assert [read_market(text) for text in ("privé", "Sociaal", "SVK", "?")] == [
        Market.PRIVATE,
        Market.SOCIAL,
        Market.SOCIAL,
        Market.UNKNOWN,
    ]
    with pytest.raises(Unreadable):
        read_market("groot")


@pytest.mark.parametrize(
    "written",
    [
        "Oostende 1",
        "vredegerecht Oostende I",
        "VG OOSTENDE-1",
        "Vredegerecht van het eerste kanton Oostende",
        "1e kanton Oostende",
        "Oostende (I)",
    ],
)
def test_one_canton_in_many_writings(written: str) -> None:
    assert read_court(written) == "Oostende 1"


def test_other_courts_keep_their_name() -> None:
    assert read_court("vredegerecht Veurne-Nieuwpoort") == "Veurne-Nieuwpoort"
    assert read_court("Kortrijk 2") == "Kortrijk 2"
    assert read_court("TORHOUT") == "Torhout"


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Eliaslei 42 bus 7", ("Eliaslei", "42", "7", "", "")),
        ("Marie-Thérèselaan 14", ("Marie-Thérèselaan", "14", "", "", "")),
        ("Torhoutsesteenweg 41/3, 8400 OOSTENDE", ("Torhoutsesteenweg", "41/3", "", "8400", "Oostende")),
        ("Rue du Marché 12 bte 4 - 7700 Mouscron", ("Rue du Marché", "12", "4", "7700", "Mouscron")),
        ("19 Meistraat 5A", ("19 Meistraat", "5A", "", "", "")),
        ("Zeedijk", ("Zeedijk", "", "", "", "")),
        ("Kaaistraat 7 B-8450 Bredene", ("Kaaistraat", "7", "", "8450", "Bredene")),
    ],
)
def test_addresses(written: str, parts: tuple[str, ...]) -> None:
    address = read_address(written)
    assert (address.street, address.number, address.box, address.postcode, address.municipality) == parts


def test_places() -> None:
    assert read_place("8400 OOSTENDE") == read_place("8400 Oostende") == ("8400", "Oostende")
    assert read_place("Oostende") == ("", "Oostende")
    assert read_place("DE HAAN") == ("", "De Haan")
    assert read_place("SPIERE-HELKIJN") == ("", "Spiere-Helkijn")


@pytest.mark.parametrize(
    ("name", "market", "kind"),
    [
        ("Bauwens VOF", Market.PRIVATE, LandlordKind.PRIVATE_COMPANY),
        ("De Bruyne NV", Market.SOCIAL, LandlordKind.WOONMAATSCHAPPIJ),
        ("De Oostendse Haard", Market.UNKNOWN, LandlordKind.WOONMAATSCHAPPIJ),
        ("OCMW Oostende", Market.SOCIAL, LandlordKind.OCMW),
        ("Van Dyck Nicole", Market.PRIVATE, LandlordKind.PRIVATE_PERSON),
        ("Sa Silva Maria", Market.PRIVATE, LandlordKind.PRIVATE_PERSON),
    ],
)
def test_landlords(name: str, market: Market, kind: LandlordKind) -> None:
    assert landlord_kind(name, market) is kind
