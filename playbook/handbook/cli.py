"""handbook export and import: the playbook of a network as a folder of Markdown files, such as one kept in git."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from app.cli import Failure, answer, json_option, portal

network_option = click.option("--network", required=True, metavar="SLUG", help="The network, such as w13.")


def register(cli: click.Group) -> None:
    cli.add_command(handbook)


@click.group()
def handbook() -> None:
    """Write the playbook to a folder of Markdown files, or read it from one."""


@handbook.command("export")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@network_option
@json_option
def export(folder: Path, network: str, as_json: bool) -> None:
    """Write every page to DIR, which is empty or an earlier export."""
    with _network(network):
        from flask_babel import gettext as _

        from playbook.handbook import mirroring

        try:
            counts = mirroring.export(folder)
        except mirroring.FolderNotOursError as error:
            raise Failure(
                _("%(folder)s holds other files. Choose an empty folder, or one of an earlier export.", folder=folder)
            ) from error
        except OSError as error:
            raise Failure(f"{folder}: {error.strerror}") from error
        sentence = _("%(pages)d pages in %(chapters)d chapters and %(files)d files written.", **counts)
        answer({"folder": str(folder), **counts}, sentence, as_json=as_json)


@handbook.command("import")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@network_option
@click.option("--dry-run", is_flag=True, help="Only say what would change; write nothing.")
@json_option
def import_(folder: Path, network: str, dry_run: bool, as_json: bool) -> None:
    """Bring the playbook to what DIR says. Pages that DIR does not have stay; one wrong file and nothing is written."""
    with _network(network):
        from playbook.handbook import mirroring

        report = mirroring.import_(folder, dry_run=dry_run)
        told, text = _told(report, dry_run)
        answer(told, text, as_json=as_json)
    if report.problems:
        raise click.exceptions.Exit(1)


def _told(report: Any, dry_run: bool) -> tuple[dict[str, Any], str]:
    """(for a program, for a person)."""
    from flask_babel import gettext as _

    problems = [{"path": each.path, "message": _(each.message, **each.params)} for each in report.problems]
    told = {
        "dry_run": dry_run,
        "added": report.added,
        "changed": report.changed,
        "left": report.left,
        "same": report.same,
        "files": report.files,
        "problems": problems,
    }
    if problems:
        lines = [f"{each['path']}: {each['message']}" for each in problems]
        return told, "\n".join([*lines, _("Nothing was written.")])
    text = _(
        "%(added)d new, %(changed)d changed, %(same)d the same, %(left)d not in the folder and left as they are.",
        added=len(report.added),
        changed=len(report.changed),
        same=report.same,
        left=len(report.left),
    )
    return told, text + (" " + _("Nothing was written: this was a trial.") if dry_run else "")


@contextmanager
def _network(slug: str) -> Iterator[None]:
    """Act within a network. Raises Failure when there is none of that name."""
    with portal():
        from flask_babel import gettext as _
        from sqlalchemy import select

        from app import tenancy
        from app.database import db
        from app.security.models import Network

        network_id = db.session.scalar(select(Network.id).where(Network.slug == slug))
        db.session.rollback()  # what follows acts for the network, so in a transaction of its own
        if network_id is None:
            raise Failure(_("There is no network called %(slug)s.", slug=slug))
        with tenancy.acting(tenancy.Context(network_id=network_id)):
            yield
