"""serve, worker, upgrade, doctor."""

import os

import click

from app.cli import Failure, answer, json_option, settings

NEW_KEY = 'python3 -c "import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())"'


def register(group: click.Group) -> None:
    for command in (serve, worker, upgrade, doctor):
        group.add_command(command)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, envvar="PORT", show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--jobs/--no-jobs", default=True, show_default=True, help="Run background jobs beside them.")
def serve(host: str, port: int, workers: int, jobs: bool) -> None:
    """Serve the portal (production). Needs three variables and refuses the demo's secrets.

    Set WOONVAST_DATABASE_URL, WOONVAST_SECRET_KEY and WOONVAST_MASTER_KEY. The database must be up to date: run
    `woonvast upgrade` first, or set WOONVAST_UPGRADE=1 to let this command do it.
    """
    from app.config import SettingsError, read_settings, refuse_demo_secrets

    try:
        refuse_demo_secrets()
        chosen = read_settings()
    except SettingsError as error:
        hint = f"Make a key with: {NEW_KEY}"
        raise Failure("\n".join([*error.problems, hint]), exit_code=2) from error
    from app.factory import create_app
    from app.operation import schema
    from app.operation.doctor import State, storage
    from app.operation.serve import Server, end_on_sigterm, require_free_port

    end_on_sigterm()
    require_free_port(host, port)
    files = storage(chosen)
    if files.state is State.FAIL:
        raise Failure(f"{files.what} {files.advice}", exit_code=2)
    if os.environ.get("WOONVAST_UPGRADE") == "1":
        _upgrade()
    schema.require_current(chosen)
    if chosen.secure_cookies and not chosen.base_url.startswith("https://"):
        click.echo(
            "Signing in needs https: put a proxy in front and set WOONVAST_BASE_URL to its https address"
            " (or, to try it on this machine alone, set WOONVAST_INSECURE_COOKIES=1).",
            err=True,
        )

    def ready() -> None:
        click.echo(f"Woonvast is served at http://{host}:{port}", err=True)

    Server(create_app(chosen), host=host, port=port, workers=workers, jobs=jobs, ready=ready).serve()


@click.command()
@click.option("--until-empty", is_flag=True, help="Stop when no job is left.")
@click.option("--with-parent", is_flag=True, hidden=True, help="End when the process that started this one does.")
def worker(until_empty: bool, with_parent: bool) -> None:
    """Run background jobs until stopped."""
    chosen = settings()
    from app.factory import create_app
    from app.operation import schema
    from app.operation.serve import end_with_parent
    from app.operation.worker import work

    if with_parent:
        end_with_parent()
    schema.require_current(chosen)
    work(create_app(chosen), chosen, wait=not until_empty)


@click.command()
@click.option("--portal-password-from", metavar="VARIABLE", help="Let woonvast_app sign in with the password in it.")
@json_option
def upgrade(portal_password_from: str | None, as_json: bool) -> None:
    """Make the database or bring it up to date; safe to repeat.

    Uses WOONVAST_OWNER_DATABASE_URL, a login that may create roles, where it is set.
    """
    password = os.environ.get(portal_password_from, "") if portal_password_from else None
    if password == "":
        raise Failure(f"{portal_password_from} is empty: put the portal's password in it.", exit_code=2)
    before, after = _upgrade()
    if password:
        from app.operation import schema

        schema.let_portal_sign_in(settings(), password)
    text = f"The database is up to date ({after})."
    answer({"from": before, "to": after}, text if before == after else f"Upgraded. {text}", as_json=as_json)


def _upgrade() -> tuple[str | None, str]:
    """(revision before, revision now)."""
    chosen = settings()
    import psycopg
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from app.database import upgrade as bring_up_to_date
    from app.operation import schema

    try:
        before = schema.present(chosen)
        bring_up_to_date(chosen)
    except (psycopg.OperationalError, OperationalError) as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise Failure(f"The database does not answer: {reason}") from error
    except ProgrammingError as error:
        if not isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            raise
        reason = str(error.orig).strip().splitlines()[0]
        raise Failure(
            f"The login may not do this ({reason}). Set WOONVAST_OWNER_DATABASE_URL to one that may create roles"
            " and tables, such as the superuser of the server."
        ) from error
    return before, schema.newest()


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Check the set-up and say what to do. Exit code 1 when something fails."""
    from app.operation.doctor import State, examine

    chosen, trouble = None, None
    try:
        chosen = settings()
    except Failure as failure:
        trouble = failure.message
    findings = examine(chosen, trouble)
    failed = any(f.state is State.FAIL for f in findings)
    lines = [f"{f.state.value:<5} {f.what}" + (f"\n      {f.advice}" if f.advice else "") for f in findings]
    rows = [{"state": f.state.value, "what": f.what, "advice": f.advice} for f in findings]
    answer({"ok": not failed, "checks": rows}, "\n".join(lines), as_json=as_json)
    if failed:
        click.get_current_context().exit(1)
