"""The documentation is complete: every command, setting, role and right that the code knows is explained."""

import re
from collections.abc import Iterator

import click
import pytest
import yaml

from app.cli import ROOT, cli
from app.security.roles import RIGHTS, Role
from tenants.demo.region import PEOPLE

RUNNING = (ROOT / "docs" / "running.md").read_text()
ROLES = (ROOT / "docs" / "roles.md").read_text()
README = (ROOT / "README.md").read_text()
FIXED_LOGINS = {
    "medewerker.oostende", "hoofd.oostende", "beheer.oostende", "medewerker.bredene", "medewerker.kortrijk",
    "medewerker.menen", "medewerker.caw", "redacteur.w13", "coordinator.w13", "dpo.kortrijk", "platform",
}  # fmt: skip


def commands(group: click.Group, path: str = "woonvast") -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        elif command is not None and not command.hidden:
            yield f"{path} {name}"


def settings() -> set[str]:
    sources = [*(ROOT / "app").rglob("*.py"), *(ROOT / "tenants").rglob("*.py"), *(ROOT / "playbook").rglob("*.py")]
    found = re.findall(r"\bWOONVAST_[A-Z_]*[A-Z]\b", "".join(path.read_text() for path in sources))
    return set(found)


@pytest.mark.parametrize("command", sorted(commands(cli)))
def test_the_command_is_explained(command):
    assert f"`{command}`" in RUNNING


@pytest.mark.parametrize("setting", sorted(settings()))
def test_the_setting_is_explained(setting):
    assert f"`{setting}`" in RUNNING


@pytest.mark.parametrize("role", list(Role))
def test_the_role_is_explained(role):
    assert f"`{role}`" in ROLES


@pytest.mark.parametrize("area", sorted({area for rights in RIGHTS.values() for area in rights}))
def test_the_area_is_explained(area):
    assert f"`{area}`" in ROLES


def test_the_demo_has_the_logins_that_scripts_count_on():
    logins = {person.username for person in PEOPLE}
    assert logins >= FIXED_LOGINS
    assert all(f"`{name}`" in README for name in logins)


def test_links_in_the_documents_lead_somewhere():
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
            if "://" not in target:
                assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_the_containers_get_settings_that_exist():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    portal = {name: s["environment"] for name, s in services.items() if "woonvast" in str(s.get("image"))}
    assert set(portal) == {"upgrade", "web", "web-2", "worker"}
    given = {name for environment in portal.values() for name in environment if name.startswith("WOONVAST_")}
    assert given <= settings()
    for environment in portal.values():
        assert {"WOONVAST_DATABASE_URL", "WOONVAST_SECRET_KEY", "WOONVAST_MASTER_KEY"} <= set(environment)
    assert services["database"]["image"].split(":")[1].startswith("17")
    assert services["pgbouncer"]["environment"]["POOL_MODE"] == "transaction"
    assert "pgbouncer" in portal["web"]["WOONVAST_DATABASE_URL"]
    assert "OWNER_PASSWORD" not in str(portal["web"])


def test_secrets_are_neither_committed_nor_copied_into_the_image():
    for name in (".gitignore", ".dockerignore"):  # Docker knows no .containerignore, podman knows both
        left_out = {line.strip("/") for line in (ROOT / name).read_text().splitlines()}
        assert {".env", "var"} <= left_out, name


def test_make_knows_what_the_readme_names():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z0-9-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"`make ([a-z0-9-]+)", README)) | set(
        re.findall(r"^make ([a-z0-9-]+)", README, re.MULTILINE)
    )
    assert named <= targets
    assert "make test" in (ROOT / ".ci" / "run").read_text()
