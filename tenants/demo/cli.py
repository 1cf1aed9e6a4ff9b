"""demo: everything set up and served in one command; demo-reset is `demo --reset`."""

import multiprocessing
import os
from collections.abc import Callable
from typing import Any

import click

from app.cli import Failure, data_dir


def register(cli: click.Group) -> None:
    cli.add_command(demo)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, envvar="HOST", help="Address to listen on.")
@click.option("--port", default=8080, envvar="PORT", show_default=True, type=click.IntRange(1, 65535))
@click.option("--reset", is_flag=True, help="Throw the demo's data away and fill it anew; don't serve.")
def demo(host: str, port: int, reset: bool) -> None:
    """Serve the demo: an invented region on an embedded PostgreSQL under var/.

    Nothing is lost between two runs. Ends with ctrl-C or SIGTERM.
    """
    from app.operation import embedded
    from app.operation.serve import Server, end_on_sigterm, require_free_port

    end_on_sigterm()
    if not reset:
        require_free_port(host, port)
    folder = data_dir()
    os.environ.update(embedded.demo_environment(folder))
    os.environ.setdefault("WOONVAST_BASE_URL", f"http://{host}:{port}")
    app = prepare(reset=reset)
    if reset:
        click.echo("The demo starts over with fresh data. Serve it: make demo")
        return
    Server(app, host=host, port=port, workers=2, jobs=True, ready=lambda: welcome(host, port)).serve()


def prepare(*, reset: bool, scale: float = 1.0) -> Any:
    """The demo's application, on a database that is up to date and filled. scale: see `tenants.demo.service.load`."""
    from app.config import read_settings
    from app.database import upgrade
    from app.factory import create_app
    from app.operation import embedded, schema

    settings = read_settings()
    with embedded.alone(settings.data_dir):
        if reset:
            embedded.clear(settings)
        if schema.present(settings) != schema.newest():
            click.echo("Making the database …")
            upgrade(settings)
    app = create_app(settings)
    if missing := schema.lacking(settings):
        raise Failure(
            f"This demo was made by an earlier version: its database lacks {missing[0]} ({len(missing)} in all). "
            "Start over: make demo-reset"
        )
    with embedded.alone(settings.data_dir), app.app_context():
        from tenants.demo import service

        if not service.is_loaded():
            click.echo("Inventing a region with organisations, people and cases …")
            _in_a_process_of_its_own(lambda: _fill(app, scale))
    return app


def _fill(app: Any, scale: float) -> None:
    from app import planner
    from app.operation.serve import own_connections
    from tenants.demo import service

    own_connections(app)
    with app.app_context():
        service.load(scale=scale)
        planner.count_again()


def _in_a_process_of_its_own(work: Callable[[], None]) -> None:
    """Do it in a fork, so that this process can be forked into a server's: what has used Typst can't (`typeset_pdf`).

    Raises Failure when it fails; the fork has told why.
    """
    process = multiprocessing.get_context("fork").Process(target=work, daemon=True)
    process.start()
    try:
        process.join()
    finally:  # when this one is ended meanwhile
        process.terminate()
        process.join()
    if process.exitcode:
        raise Failure("The demo couldn't be filled, see above. Start over: make demo-reset")


def welcome(host: str, port: int) -> None:
    """Say where it is and who can sign in."""
    from app.demo import PASSWORD
    from tenants.demo.region import PEOPLE

    click.echo(f"\nWoonvast: http://{host}:{port}/login/   password for everybody: {PASSWORD}\n")
    for person in PEOPLE:
        roles = ", ".join(f"{role.value.replace('_', ' ')} {home}".strip() for home, role in person.homes)
        click.echo(f"  {person.username:<22} {person.first_name + ' ' + person.last_name:<20} {roles}")
    click.echo("\nStop with ctrl-C. Start over with: make demo-reset\n")
