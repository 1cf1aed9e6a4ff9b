"""The register as one OCMW really kept it: every row accounted for."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tenants.cases.codes import Channel, JudgmentKind, LandlordKind, Market, Reason
from tenants.imports.examine import Examination, examine, find_register
from tenants.imports.reader import read
from tenants.imports.rows import Status
from tenants.imports.rules import Known
from tenants.imports.words import landlord_kind

EXPECTED = json.loads(
    (Path(__file__).parents[2] / "data" / "verzoekschriften_2020_oostende_stijl.verwacht.json").read_text()
)
TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def examined(sample: bytes) -> Examination:
    return examine(*find_register(read(sample)), Known(), TODAY)


@pytest.fixture(scope="module")
def report(examined: Examination) -> dict[str, Any]:
    return examined.as_json(str)


def test_every_row_is_counted_once(report: dict[str, Any]) -> None:
    counted = {key: report[key] for key in ("new", "duplicate", "error", "warning", "ignored")}
    assert counted == {"new": 243, "duplicate": 2, "error": 6, "warning": 1, "ignored": 3}
    assert sum(counted.values()) - counted["ignored"] - counted["duplicate"] == EXPECTED["rows"]
    assert len({row["sheet_row"] for row in report["rows"]}) == len(report["rows"]) == 252


def test_the_rows_that_are_no_petition_are_ignored(examined: Examination) -> None:
    assert len(examined.ignored) == EXPECTED["blank"] + 1
    assert EXPECTED["total_row"] in examined.ignored


def test_exactly_the_expected_rows_are_rejected_or_flagged(report: dict[str, Any]) -> None:
    flagged = {row["sheet_row"]: [p["code"] for p in row["problems"]] for row in report["rows"] if row["problems"]}
    duplicates = {row["sheet_row"]: ["duplicate"] for row in EXPECTED["duplicates"]}
    assert flagged == duplicates | {error["sheet_row"]: [error["what"]] for error in EXPECTED["errors"]}


def test_a_formula_is_a_warning_and_every_other_fault_keeps_its_row_out(examined: Examination) -> None:
    kinds = {row.sheet_row: row.status for row in examined.rows}
    for error in EXPECTED["errors"]:
        formula = error["what"] == "formula_injection"
        assert kinds[error["sheet_row"]] is (Status.WARNING if formula else Status.ERROR)


def test_each_problem_names_its_cell_and_what_stands_in_it(report: dict[str, Any]) -> None:
    by_row = {row["sheet_row"]: row["problems"] for row in report["rows"]}
    assert [(p["cell"], p["code"]) for p in by_row[72]] == [("J72", "arrears")]
    assert "J72 (Huurachterstal)" in by_row[72][0]["message"]
    assert "zie dossier" in by_row[72][0]["message"]
    assert by_row[128][0]["cell"] == "E128"
    assert "row 29" in by_row[30][0]["message"]


def test_a_row_is_understood_in_all_its_columns(examined: Examination) -> None:
    row = next(row.row for row in examined.rows if row.sheet_row == 11)
    assert (row.received, row.roll, row.court) == (date(2020, 1, 12), "20A1049", "Oostende 2")
    assert str(row.defendants[0]) == "Deckers, Rudolf"
    assert row.national_numbers == ("47042467112",)
    assert (row.address.street, row.address.number, row.address.municipality) == ("Yolandasteeg", "36", "Oostende")
    assert str(row.arrears) == "6513.52"
    assert row.reasons == (Reason.NUISANCE,)
    assert row.market is Market.PRIVATE
    assert (row.hearing_on, row.hearing_time and row.hearing_time.hour) == (date(2020, 2, 15), 10)
    assert (row.judgment, row.judgment_date, row.served) == (
        JudgmentKind.CONTESTED,
        date(2020, 3, 4),
        date(2020, 4, 1),
    )
    assert [(a.day, a.channel) for a in row.attempts] == [
        (date(2020, 2, 7), Channel.LETTER),
        (date(2020, 2, 14), Channel.HOSPITAL),
    ]
    assert row.reached is False
    assert landlord_kind(row.requester, row.market) is LandlordKind.PRIVATE_COMPANY


def test_nothing_of_the_register_is_left_over(examined: Examination) -> None:
    """Every attempt was understood, in the year in which it must have been; a note is only an answer without one."""
    assert {note.partition(":")[0] for row in examined.rows for note in row.row.notes} == {"Contact gelukt?"}
    outside = [
        row.sheet_row
        for row in examined.rows
        for attempt in row.row.attempts
        if row.status is not Status.ERROR
        and row.row.received
        and row.row.hearing_on
        and not row.row.received <= attempt.day <= row.row.hearing_on
    ]
    assert outside == []
    assert sum(len(row.row.attempts) for row in examined.rows) == 381


def test_the_legend_on_the_other_sheet_is_no_register(sample: bytes) -> None:
    sheet, mapping = find_register(read(sample))
    assert sheet.name == "Register"
    assert mapping.header_row == 3
    assert len(mapping.columns) == len(mapping.labels) == 23


def test_a_second_time_every_petition_is_there_already(examined: Examination, sample: bytes) -> None:
    good = [row.row for row in examined.rows if row.status in (Status.NEW, Status.WARNING)]
    known = Known({row.roll_key for row in good if row.roll_key}, {key for row in good for key in row.person_keys})
    again = examine(*find_register(read(sample)), known, TODAY).counts()
    assert again == {"error": 6, "duplicate": 246, "warning": 0, "new": 0, "ignored": 3}
