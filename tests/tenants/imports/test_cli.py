"""The command that reads in a register."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import cli
from app.database import db
from tenants.cases.models import Case
from tenants.imports.models import ImportBatch

Make = Callable[..., Any]
SAMPLE = Path(__file__).parents[2] / "data" / "verzoekschriften_2020_oostende_stijl.xlsx"


@pytest.fixture
def run(app: Any, settings: Any, organisation: Make, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run `woonvast import petitions` for an organisation made for the test, on the test's database."""
    from app import cli as frame

    made = organisation()
    monkeypatch.setattr(frame, "settings", lambda: settings)
    monkeypatch.setattr("app.factory.create_app", lambda _settings: app)

    def start(*arguments: object) -> Any:
        return CliRunner().invoke(cli, ["import", "petitions", *map(str, arguments), "--tenant", made.tenant.slug])

    start.organisation = made  # type: ignore[attr-defined]
    return start


def how_many(run: Any, app: Any, model: Any) -> int:
    with app.app_context(), run.organisation.acting():
        return db.session.query(model).count()


def test_a_dry_run_says_what_would_become_of_each_row_and_writes_nothing(run: Any, app: Any) -> None:
    done = run(SAMPLE, "--dry-run", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert {key: told[key] for key in told if key != "rows"} == {
        "new": 243,
        "duplicate": 2,
        "error": 6,
        "warning": 1,
        "ignored": 3,
    }
    row = next(row for row in told["rows"] if row["sheet_row"] == 21)
    assert row["status"] == "error"
    assert row["problems"][0]["cell"] == "A21"
    assert row["problems"][0]["code"] == "received"
    assert "Cel A21 (Datum ontvangst): ‘31/02/2020’ bestaat niet" in row["problems"][0]["message"]
    assert how_many(run, app, ImportBatch) == 0


def test_the_command_imports_the_good_rows(run: Any, app: Any) -> None:
    done = run(SAMPLE, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["imported"], told["error"], told["duplicate"]) == (244, 6, 2)
    assert how_many(run, app, Case) == 244
    again = json.loads(run(SAMPLE, "--json").stdout)
    assert (again["imported"], again["duplicate"]) == (0, 246)


def test_for_a_person_it_names_the_cells(run: Any) -> None:
    done = run(SAMPLE, "--dry-run")
    assert "Cel J72 (Huurachterstal)" in done.output
    assert "243 nieuw" in done.output


def test_bad_input_is_1_and_wrong_use_is_2(run: Any, tmp_path: Path) -> None:
    page = tmp_path / "register.xlsx"
    page.write_bytes(b"<html></html>")
    done = run(page, "--dry-run", "--json")
    assert done.exit_code == 1
    assert "geen rekenblad" in json.loads(done.stdout)["error"]
    other = tmp_path / "iets.csv"
    other.write_text("a;b\n1;2\n")
    assert run(other).exit_code == 1
    assert run(tmp_path / "nowhere.xlsx").exit_code == 2
    assert CliRunner().invoke(cli, ["import", "petitions", str(SAMPLE)]).exit_code == 2


def test_an_organisation_that_does_not_exist_is_bad_input(run: Any) -> None:
    done = CliRunner().invoke(cli, ["import", "petitions", str(SAMPLE), "--tenant", "nergenshuizen"])
    assert done.exit_code == 1
