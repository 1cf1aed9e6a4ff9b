"""import petitions: a register from a spreadsheet, without the pages."""

from pathlib import Path
from typing import Any

import click

from app.cli import Failure, answer, json_option, portal, tenant_option


def register(cli: click.Group) -> None:
    cli.add_command(import_)


@click.group("import")
def import_() -> None:
    """Read in what was kept elsewhere."""


@import_.command("petitions")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@tenant_option
@click.option("--dry-run", is_flag=True, help="Only say what would become of each row; write nothing.")
@json_option
def petitions(file: Path, tenant: str, dry_run: bool, as_json: bool) -> None:
    """Read in a register of petitions: xlsx, xls, ods or csv. Rows with an error are left out and named."""
    content = file.read_bytes()
    with portal(tenant):
        result = _dry_run(content) if dry_run else _import(file.name, content)
        answer(result, _sentences(result), as_json=as_json)


def _dry_run(content: bytes) -> dict[str, Any]:
    from flask_babel import gettext

    from tenants.imports import staging

    return staging.dry_run(content).as_json(gettext)


def _import(name: str, content: bytes) -> dict[str, Any]:
    """Stage and confirm in one go; the result is a dry run's, with the import and what it brought."""
    from flask_babel import gettext

    from tenants.imports import confirming, service, staging
    from tenants.imports.models import BatchState

    staging.dry_run(content)  # a file without a register or its columns is told before anything is kept
    batch_id = staging.keep(name, content)
    staging.stage(batch_id)
    result = service.told(batch_id)
    if service.counts(batch_id).going_in:
        confirming.confirm(batch_id, wait=True)
    batch = staging.find(batch_id)
    if batch.state == BatchState.UNREADABLE and batch.error:
        message, params = batch.error.values()
        raise Failure(gettext(message) % params)
    return {"import": str(batch_id), "imported": (batch.counts or {}).get("petitions", 0), **result}


def _sentences(result: dict[str, Any]) -> str:
    from flask_babel import gettext as _

    lines = [problem["message"] for row in result["rows"] for problem in row["problems"]]
    lines.append(
        _(
            "%(new)d new, %(warning)d to look at, %(duplicate)d there already, %(error)d not right, "
            "%(ignored)d rows ignored.",
            **{key: result[key] for key in ("new", "warning", "duplicate", "error", "ignored")},
        )
    )
    if "imported" in result:
        lines.append(_("%(number)d petitions imported.", number=result["imported"]))
    return "\n".join(lines)
