"""`woonvast backup FILE` and `woonvast restore FILE`."""

from pathlib import Path

import click

from app.cli import Failure, answer, in_dutch, json_option, settings


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

    try:
        report = service.backup(settings(), file.resolve())
    except service.BackupError as error:
        raise Failure(in_dutch(error.message, error.params)) from error
    answer(report.as_dict(), f"{file}: {report.tables} tables, {report.files} files.", as_json=as_json)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def restore(file: Path, as_json: bool) -> None:
    """Put the backup FILE back into an empty database and an empty data folder."""
    from app.backup import service

    try:
        report = service.restore(settings(), file)
    except service.BackupError as error:
        raise Failure(in_dutch(error.message, error.params)) from error
    answer(
        report.as_dict(),
        f"{report.tables} tables with {report.rows} rows and {report.files} files are back.",
        as_json=as_json,
    )
