"""The command as people and scripts use it: exit codes, one JSON object, sentences instead of tracebacks."""

import base64
import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli import ROOT, cli, command_modules
from app.config import DEMO_MARK, Settings, demo_secrets
from app.documents.engine import ROOTS
from app.operation import doctor

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


# Every command loads the whole portal, which takes seconds: they run one after the other in one process.
PERSON = ("user", "create", "cli.persoon", "--first-name", "Ann", "--last-name", "Proef",
          "--email", "ann@proef.test", "--role", "social_worker", "--json")  # fmt: skip
MAKE = ("tenant", "create", "cli-proef", "OCMW Proef", "--network", "cli-net", "--network-name", "Net", "--json")
AWAY = "postgresql://nobody@127.0.0.1:1/none"
OTHER_KEY = base64.b64encode(b"o" * 32).decode()
RUNS: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "upgrade": (("upgrade", "--json"), {}),
    "make": (MAKE, {}),
    "make again": (MAKE, {}),
    "person nowhere": ((*PERSON, "--tenant", "nergens"), {}),
    "person": ((*PERSON, "--tenant", "cli-proef"), {}),
    "place of no kind": ((*MAKE[:2], "cli-fout", *MAKE[3:6], "--nis", "1", "--json"), {}),
    "person without address": ((*PERSON, "--email", "geen-adres", "--tenant", "cli-proef"), {}),
    "restore, database away": (
        ("restore", __file__, "--json"), {"WOONVAST_DATABASE_URL": AWAY, "WOONVAST_OWNER_DATABASE_URL": AWAY}
    ),
    "facts": (("facts", "rebuild", "--tenant", "cli-proef", "--check", "--json"), {}),
    "trail": (("audit", "verify", "--tenant", "cli-proef", "--json"), {}),
    "doctor": (("doctor", "--json"), {}),
    "doctor, database away": (("doctor", "--json"), {"WOONVAST_DATABASE_URL": AWAY}),
    "doctor, other key": (("doctor", "--json"), {"WOONVAST_MASTER_KEY": OTHER_KEY}),
    "database away": (
        ("facts", "rebuild"), {"WOONVAST_DATABASE_URL": AWAY, "WOONVAST_OWNER_DATABASE_URL": AWAY}
    ),
}  # fmt: skip
RUNNER = """
import json, sys
from click.testing import CliRunner
from app.cli import cli
told = {}
for name, (arguments, env) in json.load(sys.stdin).items():
    done = CliRunner().invoke(cli, arguments, env=env)
    assert done.exception is None or isinstance(done.exception, SystemExit), (name, done.exc_info)
    told[name] = {"code": done.exit_code, "out": done.stdout, "err": done.stderr}
json.dump(told, sys.stdout)
"""


@dataclasses.dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        """The one object on standard output."""
        return json.loads(self.out)


@pytest.fixture(scope="module")
def ran(environment) -> dict[str, Ran]:
    done = subprocess.run(
        [sys.executable, "-c", RUNNER],
        cwd=ROOT, env=environment, input=json.dumps(RUNS), capture_output=True, text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {name: Ran(**each) for name, each in json.loads(done.stdout).items()}


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


def test_wrong_use_is_an_object_too_for_who_asked_json():
    for arguments in (["tenant", "create", "--json"], ["audit", "verify", "--json", "--nothing"]):
        done = CliRunner().invoke(cli, arguments)
        assert done.exit_code == 2
        assert json.loads(done.stdout)["error"]
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


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WOONVAST_DATABASE_URL", "geheim"),
        ("WOONVAST_DATABASE_URL", "mysql://portal:geheim@host/woonvast"),
        ("WOONVAST_OWNER_DATABASE_URL", "postgresql://portal:geheim@host:poort/woonvast"),
        ("WOONVAST_IDLE_MINUTES", "²"),
    ],
)
def test_a_setting_that_can_t_be_used_is_named_and_its_password_isn_t(name, value):
    key = base64.b64encode(b"k" * 32).decode()
    env = {"WOONVAST_DATABASE_URL": "postgresql://x/y", "WOONVAST_SECRET_KEY": "s" * 40, "WOONVAST_MASTER_KEY": key}
    done = CliRunner().invoke(cli, ["serve"], env=env | {name: value})
    assert done.exit_code == 2
    assert done.stderr.startswith(f"{name} ")
    assert "geheim" not in done.stderr


def test_a_folder_that_can_t_be_written_is_one_sentence():
    key = base64.b64encode(b"k" * 32).decode()
    env = {"WOONVAST_DATABASE_URL": AWAY, "WOONVAST_SECRET_KEY": "s" * 40, "WOONVAST_MASTER_KEY": key}
    nowhere = {"WOONVAST_DATA_DIR": "/dev/null/var"}
    for arguments, given in ((["serve", "--port", "8987"], env), (["facts", "rebuild"], dict.fromkeys(_ALL, ""))):
        done = CliRunner().invoke(cli, arguments, env=given | nowhere)
        assert (done.exit_code, "/dev/null/var" in done.stderr) == (2, True), done.output


def test_a_demo_that_was_killed_at_its_first_moment_starts_again(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "replace", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        demo_secrets(tmp_path)
    monkeypatch.undo()
    made = demo_secrets(tmp_path)
    assert demo_secrets(tmp_path) == made
    assert (tmp_path / "demo-secrets.json").stat().st_mode & 0o777 == 0o600


_ALL = ("WOONVAST_DATABASE_URL", "WOONVAST_SECRET_KEY", "WOONVAST_MASTER_KEY")


def test_an_organisation_and_its_first_person(ran):
    assert (ran["make"].code, ran["make"].answer["slug"]) == (0, "cli-proef")
    assert (ran["make again"].code, "cli-proef" in ran["make again"].answer["error"]) == (1, True)
    assert (ran["person nowhere"].code, "nergens" in ran["person nowhere"].err) == (1, True)
    assert (ran["person"].code, "/wachtwoord/nieuw/" in ran["person"].answer["link"]) == (0, True)


def test_what_is_no_organisation_or_person_is_refused_in_a_sentence(ran):
    assert (ran["place of no kind"].code, ran["place of no kind"].answer["error"]) == (
        1,
        "Een NIS-code heeft vijf cijfers.",
    )
    refused = ran["person without address"]
    assert (refused.code, refused.answer["error"]) == (1, "Dit is geen e-mailadres. Kijk na of er een @ in staat.")


def test_a_restore_without_a_database_is_one_sentence(ran):
    done = ran["restore, database away"]
    assert (done.code, "does not answer" in done.answer["error"]) == (1, True)


def test_facts_and_trail_are_whole(ran):
    assert (ran["facts"].code, ran["facts"].answer["differences"]) == (0, 0)
    assert (ran["trail"].code, ran["trail"].answer["ok"]) == (0, True)
    assert ran["trail"].answer["tenants"][0]["events"] > 0


def test_upgrading_twice_is_no_harm(ran):
    report = ran["upgrade"].answer
    assert (ran["upgrade"].code, report["from"]) == (0, report["to"])


def failing(done: Ran) -> list[dict[str, str]]:
    return [check for check in done.answer["checks"] if check["state"] == "fail"]


def test_the_doctor_finds_the_tests_database_sound(ran):
    assert failing(ran["doctor"]) == []
    assert ran["doctor"].code == 0
    assert len(ran["doctor"].answer["checks"]) > 10


def test_the_doctor_says_what_to_do_about_a_database_that_is_away(ran):
    (found,) = failing(ran["doctor, database away"])
    assert ran["doctor, database away"].code == 1
    assert "does not answer" in found["what"]
    assert found["advice"]


def test_the_doctor_notices_a_master_key_that_opens_nothing(ran):
    (found,) = failing(ran["doctor, other key"])
    assert ran["doctor, other key"].code == 1
    assert "cli-proef" in found["what"]


def test_the_doctor_stops_at_what_is_not_installed(monkeypatch):
    monkeypatch.setattr(doctor, "LIBRARIES", ("typst", "nothing_of_this_name"))
    found = doctor.examine(None, "no settings")[-1]
    assert (found.state, found.advice) == (doctor.State.FAIL, "Run: make setup")
    assert "nothing_of_this_name" in found.what


def test_the_doctor_says_that_documents_miss_a_style(monkeypatch, tmp_path):
    monkeypatch.setitem(ROOTS, "styles", tmp_path)
    found = doctor.printing()
    assert (found.state, "not whole" in (found.advice or "")) == (doctor.State.FAIL, True)


def test_a_database_that_is_away_is_one_sentence(ran):
    assert ran["database away"].code == 1
    assert "The database does not answer" in ran["database away"].err
    assert ran["database away"].out == ""


def test_a_process_of_its_own_says_nothing_but_the_object(environment):
    done = subprocess.run(
        [sys.executable, "-m", "app.cli", "audit", "verify", "--tenant", "nergens", "--json"],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 1
    assert "nergens" in json.loads(done.stdout)["error"]
    assert "Traceback" not in done.stderr
