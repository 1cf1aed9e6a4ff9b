"""Whether a row makes sense, and what becomes of it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tenants.imports.examine import Examination, MissingColumns, NoRegister, examine, find_register
from tenants.imports.reader import Sheet, Workbook
from tenants.imports.rows import Status
from tenants.imports.rules import Known

TODAY = date(2026, 11, 25)
HEADINGS = [
    "Datum ontvangst", "Rolnr.", "Vredegerecht", "Verzoeker", "Verweerder(s)", "Rijksregisternr", "Geb.datum",
    "Zitting", "Vonnis", "Datum vonnis", "Betekend", "Afroep", "Uitdrijving", "Contactpogingen", "Opmerkingen", "Kleur",
]  # fmt: skip
GOOD = {
    "Datum ontvangst": "14/02/2020", "Rolnr.": "20A1", "Vredegerecht": "Oostende 1", "Verzoeker": "Claes NV",
    "Verweerder(s)": "Peeters, Jan", "Zitting": "09/03/2020 om 9u30",
}  # fmt: skip


def look(*rows: dict[str, Any] | list[Any], known: Known | None = None) -> Examination:
    """Examine rows, each the good one with changes, or a list of cells as it stands."""
    body = [row if isinstance(row, list) else [({**GOOD, **row}).get(h) for h in HEADINGS] for row in rows]
    return examine(*find_register(Workbook("xlsx", [Sheet("Register", [HEADINGS, *body])])), known or Known(), TODAY)


def codes(**changes: Any) -> list[str]:
    return [problem.code for problem in look(changes).rows[0].problems]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"Datum ontvangst": None}, ["received"]),
        ({"Datum ontvangst": "01/12/2026", "Zitting": "?"}, ["received"]),
        ({"Rolnr.": " "}, ["roll"]),
        ({"Rolnr.": "=cmd|'/c calc'!A0"}, ["roll", "formula_injection"]),
        ({"Rolnr.": "AR 2020/15"}, ["roll_form"]),
        ({"Verweerder(s)": None}, ["missing_defendant"]),
        ({"Verweerder(s)": "Jan"}, ["name_incomplete"]),
        ({"Verweerder(s)": "Peeters Jan"}, ["name_order"]),
        ({"Rijksregisternr": "76.08.27-050.16", "Geb.datum": "28/08/1976"}, ["birth_date_differs"]),
        ({"Rijksregisternr": "76.08.27-050.16", "Geb.datum": "27/08/1976"}, []),
        ({"Rijksregisternr": "76.08.27-050.16; 78112366470"}, ["national_number_extra"]),
        ({"Geb.datum": "ergens in mei"}, ["birth_date"]),
        ({"Zitting": "13/02/2020"}, ["hearing_before_received"]),
        ({"Zitting": "later"}, ["hearing"]),
        ({"Rijksregisternr": "?", "Zitting": "onbekend", "Vonnis": "-"}, []),
        ({"Vonnis": "verstek", "Datum vonnis": "13/02/2020"}, ["judgment_before_received"]),
        ({"Vonnis": "verstek", "Datum vonnis": "20/02/2020"}, ["judgment_before_hearing"]),
        ({"Vonnis": "verstek", "Datum vonnis": "10/03/2020", "Betekend": "09/03/2020"}, ["served_before_judgment"]),
        ({"Betekend": "12/03/2020"}, ["judgment_missing"]),
        ({"Vonnis": "?", "Datum vonnis": "12/03/2020"}, ["judgment_missing"]),
        ({"Vonnis": "iets nieuws"}, ["judgment"]),
        ({"Vonnis": "verstek", "Betekend": "12/03/2020", "Afroep": "11/03/2020"}, ["notice_before_service"]),
        ({"Afroep": "12/03/2020", "Uitdrijving": "11/03/2020"}, ["eviction_before_notice"]),
        ({"Contactpogingen": "veel geprobeerd"}, ["attempts"]),
        ({"Opmerkingen": "=HYPERLINK(1)"}, ["formula_injection"]),
        ({"Kleur": "@SUM(A1)"}, ["formula_injection"]),
        ({"Opmerkingen": "x" * 40_000}, ["too_long"]),
        ({"Verweerder(s)": "Peeters, " + "x" * 300}, ["too_long"]),
    ],
)
def test_each_fault_is_named(changes: dict[str, Any], found: list[str]) -> None:
    assert codes(**changes) == found


def test_all_faults_of_a_row_are_told_at_once() -> None:
    assert codes(**{"Datum ontvangst": "31/02/2020", "Rolnr.": None, "Verweerder(s)": ""}) == [
        "received",
        "roll",
        "missing_defendant",
    ]


def test_nothing_that_was_written_is_lost() -> None:
    row = look({"Kleur": "rood", "Contactpogingen": "19/02 brief; lastig", "Vonnis": "iets"}).rows[0].row
    assert row.notes == ("Vonnis: iets", "Contactpogingen: lastig", "Kleur: rood")


def statuses(examination: Examination) -> list[str]:
    return [row.status.value for row in examination.rows]


def test_a_duplicate_is_the_later_of_two() -> None:
    assert statuses(look({}, {"Vredegerecht": "VG Oostende I"}, {"Vredegerecht": "Oostende 2"})) == [
        "new",
        "duplicate",
        "new",
    ]


def test_a_person_is_summoned_once_a_day() -> None:
    one = {"Rijksregisternr": "76.08.27-050.16"}
    other = {"Rijksregisternr": "76082705016", "Rolnr.": "20A2"}
    assert statuses(look(one, other)) == ["new", "duplicate"]
    assert statuses(look(one, {**other, "Datum ontvangst": "15/02/2020"})) == ["new", "new"]


def test_what_is_known_already_is_a_duplicate() -> None:
    one = {"Rijksregisternr": "76.08.27-050.16"}
    assert statuses(look(one, known=Known({("Oostende 1", "20A1")}))) == ["duplicate"]
    assert statuses(look(one, known=Known(people={("76082705016", date(2020, 2, 14))}))) == ["duplicate"]
    assert statuses(look(one, known=Known({("Oostende 2", "20A1")}))) == ["new"]


def test_a_row_in_error_makes_no_other_a_duplicate() -> None:
    assert statuses(look({"Datum ontvangst": "31/02/2020"}, {})) == ["error", "new"]


def test_an_error_comes_before_a_duplicate_before_a_warning() -> None:
    found = look({}, {"Zitting": "later"}, {"Kleur": "=1+1"})
    assert statuses(found) == ["new", "error", "duplicate"]
    assert found.counts() == {"error": 1, "duplicate": 1, "warning": 0, "new": 1, "ignored": 0}
    assert look({"Kleur": "=1+1"}).rows[0].status is Status.WARNING


def test_rows_that_are_no_petition_are_ignored_with_their_number() -> None:
    total = ["", None, None, "TOTAAL", None, None, 4500.0]
    found = look({}, [None], ["Maart 2020"], {"Rolnr.": "20A2"}, [None], HEADINGS, {"Rolnr.": "20A3"}, [" "], total)
    assert [row.sheet_row for row in found.rows] == [2, 5, 8]
    assert found.ignored == (3, 4, 6, 7, 10)


@pytest.mark.parametrize("word", ["Totaal", "totaal 2020", "Aantal: 250"])
def test_a_total_may_stand_where_the_day_of_receipt_does(word: str) -> None:
    found = look({}, [word, None, None, None, None, None, "4.500,00"])
    assert statuses(found) == ["new"]
    assert found.ignored == (3,)


def test_a_total_in_a_row_that_is_a_petition_is_no_total() -> None:
    assert statuses(look({"Opmerkingen": "totaal 3 maanden"})) == ["new"]


def test_a_file_without_the_needed_columns_says_which() -> None:
    headings = ["Datum ontvangst", "Verzoeker", "Zitting", "Vonnis"]
    book = Workbook("csv", [Sheet("csv", [headings, ["14/02/2020", "Claes NV", None, None]])])
    with pytest.raises(MissingColumns) as error:
        examine(*find_register(book), Known(), TODAY)
    assert error.value.params["columns"] == "Roll number, Name of the tenant"


def test_a_file_of_something_else_is_told_so() -> None:
    with pytest.raises(NoRegister):
        find_register(Workbook("csv", [Sheet("csv", [["a", "b"], ["1", "2"]])]))


def test_columns_that_say_more_are_used(xlsx: Callable[..., bytes]) -> None:
    headings = ["Datum ontvangst", "Rolnr", "Naam", "Voornaam", "Straat", "Huisnummer", "Bus", "Postcode", "Gemeente",
                "Zitting", "Uur", "GSM"]  # fmt: skip
    row = ["14/02/2020", "20A1", "Peeters", "Jan", "Kaai", 5, "2", 8400, "Oostende", "09/03/2020", "9u30", "0470 12"]
    found = examine(*find_register(Workbook("csv", [Sheet("csv", [headings, row])])), Known(), TODAY).rows[0]
    assert found.problems == ()
    assert str(found.row.defendants[0]) == "Peeters, Jan"
    address = found.row.address
    assert (address.street, address.number, address.box, address.postcode) == ("Kaai", "5", "2", "8400")
    assert found.row.hearing_time is not None
    assert found.row.phone == "0470 12"
