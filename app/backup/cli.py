"""`woonvast backup FILE` and `woonvast restore FILE`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from app.cli import Failure, answer, in_dutch, json_option, no_answer, settings
from app.i18n import N_


def register(cli: click.Group) -> None:
    cli.add_command(backup)
    cli.add_command(restore)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def backup(file: Path, as_json: bool) -> None:
    """Write database and stored files to FILE (tar), while people go on working.

    The master key is not in it: keep that elsewhere, without it a backup is unreadable.
    """
    from app.backup import service

    with _in_a_sentence():
        report = service.backup(settings(), file.resolve())
    answer(report.as_dict(), f"{file}: {report.tables} tables, {report.files} files.", as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def restore(file: Path, as_json: bool) -> None:
    """Put the backup FILE back into an empty database and an empty data folder."""
    from app.backup import service

    with _in_a_sentence():
        report = service.restore(settings(), file)
    answer(
        report.as_dict(),
        f"{report.tables} tables with {report.rows} rows and {report.files} files are back.",
        as_json=as_json,
    )


@contextmanager
def _in_a_sentence() -> Iterator[None]:
    """What stops a backup becomes one sentence: the backup itself, the database or the disk."""
    from sqlalchemy.exc import OperationalError

    from app.backup import service

    try:
        yield
    except service.BackupError as error:
        raise Failure(in_dutch(error.message, error.params)) from error
    except OperationalError as error:
        raise Failure(no_answer(error)) from error
    except OSError as error:
        params = {"file": error.filename or "", "why": error.strerror or ""}
        raise Failure(in_dutch(N_("%(file)s can't be written or read: %(why)s"), params)) from error
