"""The command as people and scripts use it: exit codes, one JSON object, sentences instead of tracebacks."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import ROOT, cli, command_modules
from app.config import DEMO_MARK, Settings

EXPECTED = {
    "demo", "serve", "worker", "upgrade", "doctor", "tenant", "user", "import", "facts", "audit", "backup", "restore",
}  # fmt: skip


@pytest.fixture(scope="module")
def environment(settings: Settings) -> dict[str, str]:
    """The tests' own database, as an operator would name it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("WOONVAST_")}
    return inherited | {
        "WOONVAST_DATABASE_URL": settings.database_url,
        "WOONVAST_OWNER_DATABASE_URL": settings.owner_database_url,
        "WOONVAST_SECRET_KEY": settings.secret_key,
        "WOONVAST_MASTER_KEY": base64.b64encode(settings.master_key).decode(),
        "WOONVAST_DATA_DIR": str(settings.data_dir),
    }


@pytest.fixture(scope="module")
def woonvast(environment):
    """Run the command in a process of its own; whatever it says, it must not be a traceback."""

    def run(*arguments: str, given: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "app.cli", *arguments],
            cwd=ROOT, env=environment | extra, input=given, capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        return done

    return run


def test_every_command_of_the_manual_exists():
    assert set(cli.list_commands(cli.make_context("woonvast", [], resilient_parsing=True))) >= EXPECTED


def test_the_list_of_commands_loads_neither_the_web_framework_nor_the_database():
    code = (
        "import sys; from app.cli import cli; from click.testing import CliRunner;"
        "assert CliRunner().invoke(cli, ['--help']).exit_code == 0;"
        "print([m for m in ('flask', 'flask_appbuilder', 'sqlalchemy', 'weasyprint') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_each_capability_joins_by_its_cli_module():
    assert "tenants.organisations.cli" in command_modules()
    assert all((ROOT / Path(*name.split("."))).with_suffix(".py").exists() for name in command_modules())


@pytest.mark.parametrize(
    "arguments",
    [
        ["nothing-like-this"],
        ["tenant", "create"],
        ["tenant", "create", "gent", "OCMW Gent"],
        ["serve", "--port", "99999"],
        ["user", "create", "a", "--first-name", "A", "--last-name", "B", "--email", "a@b.test", "--role", "baas"],
        ["user", "create", "a", "--first-name", "A", "--last-name", "B", "--email", "a@b.test",
         "--role", "social_worker", "--network", "w13"],
    ],
)  # fmt: skip
def test_wrong_use_exits_with_2_and_says_how_it_goes(arguments):
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert "Usage:" in done.stderr


def test_production_names_all_that_is_missing():
    done = CliRunner().invoke(cli, ["serve"], env=dict.fromkeys(_ALL, ""))
    assert done.exit_code == 2
    assert all(name in done.stderr for name in _ALL)


def test_production_refuses_the_demo_s_secrets():
    key = DEMO_MARK + base64.b64encode(b"k" * 32).decode()
    env = {"WOONVAST_DATABASE_URL": "postgresql://x/y", "WOONVAST_SECRET_KEY": "s" * 40, "WOONVAST_MASTER_KEY": key}
    done = CliRunner().invoke(cli, ["serve"], env=env)
    assert done.exit_code == 2
    assert "WOONVAST_MASTER_KEY comes from the demo" in done.stderr


_ALL = ("WOONVAST_DATABASE_URL", "WOONVAST_SECRET_KEY", "WOONVAST_MASTER_KEY")


def test_an_organisation_and_its_first_person(woonvast):
    make = ("tenant", "create", "cli-proef", "OCMW Proef", "--network", "cli-net", "--network-name", "Net", "--json")
    made = woonvast(*make)
    assert (made.returncode, json.loads(made.stdout)["slug"]) == (0, "cli-proef")
    again = woonvast(*make)
    assert again.returncode == 1
    assert "cli-proef" in json.loads(again.stdout)["error"]
    person = ("user", "create", "cli.persoon", "--first-name", "Ann", "--last-name", "Proef",
              "--email", "ann@proef.test", "--role", "social_worker", "--json")  # fmt: skip
    nowhere = woonvast(*person, "--tenant", "nergens")
    assert (nowhere.returncode, "nergens" in nowhere.stderr) == (1, True)
    somewhere = woonvast(*person, "--tenant", "cli-proef")
    assert (somewhere.returncode, "/wachtwoord/nieuw/" in json.loads(somewhere.stdout)["link"]) == (0, True)


def test_facts_and_trail_are_whole(woonvast):
    facts = woonvast("facts", "rebuild", "--json")
    assert (facts.returncode, json.loads(facts.stdout)["differences"]) == (0, 0)
    trail = woonvast("audit", "verify", "--json")
    assert (trail.returncode, json.loads(trail.stdout)["ok"]) == (0, True)


def test_upgrading_twice_is_no_harm(woonvast):
    done = woonvast("upgrade", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, report["from"]) == (0, report["to"])


def test_the_doctor_finds_the_tests_database_sound(woonvast):
    done = woonvast("doctor", "--json")
    report = json.loads(done.stdout)
    assert report["ok"], [c for c in report["checks"] if c["state"] == "fail"]
    assert done.returncode == 0
    assert len(report["checks"]) > 10


def test_the_doctor_says_what_to_do_about_a_database_that_is_away(woonvast):
    done = woonvast("doctor", "--json", WOONVAST_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    failing = [check for check in json.loads(done.stdout)["checks"] if check["state"] == "fail"]
    assert done.returncode == 1
    assert "does not answer" in failing[0]["what"]
    assert failing[0]["advice"]


def test_the_doctor_notices_a_master_key_that_opens_nothing(woonvast):
    woonvast("tenant", "create", "cli-sleutel", "OCMW Sleutel", "--network", "cli-s", "--network-name", "Net")
    other = base64.b64encode(b"o" * 32).decode()
    done = woonvast("doctor", "--json", WOONVAST_MASTER_KEY=other)
    failing = [check["what"] for check in json.loads(done.stdout)["checks"] if check["state"] == "fail"]
    assert done.returncode == 1
    assert any("cli-sleutel" in what for what in failing)


def test_a_database_that_is_away_is_one_sentence(woonvast):
    away = "postgresql://nobody@127.0.0.1:1/none"
    done = woonvast("facts", "rebuild", WOONVAST_DATABASE_URL=away, WOONVAST_OWNER_DATABASE_URL=away)
    assert done.returncode == 1
    assert "The database does not answer" in done.stderr
    assert done.stdout == ""
