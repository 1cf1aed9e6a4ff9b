"""The `woonvast` command: a thin frame, to which every capability adds its own commands.

A capability's `cli.py` has `register(cli)`. It is found by its file name; it imports nothing heavy at its top, so
that `woonvast --help` answers at once (the web framework alone takes three seconds).

Exit codes: 0 done, 1 the input was bad, 2 wrong use. With `--json` one object is printed on standard output,
nothing else; whatever is logged goes to standard error.
"""

import importlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings

ROOT = Path(__file__).resolve().parent.parent
LAYERS = ("app", "playbook", "tenants")
REQUIRED = ("WOONVAST_DATABASE_URL", "WOONVAST_SECRET_KEY", "WOONVAST_MASTER_KEY")
_JSON = "woonvast.json"


class Failure(click.ClickException):
    """The input was bad (exit code 1) or the set-up is (2): a sentence that says what is wrong and what to do."""

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc] # click reads it from the instance
        context = click.get_current_context(silent=True)
        self.as_json = bool(context and context.meta.get(_JSON))

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=True)
        if self.as_json:
            click.echo(json.dumps({"error": self.message}, ensure_ascii=False))


class Commands(click.Group):
    """A group that gathers the commands of all capabilities when the first is asked for."""

    _gathered = False

    def _gather(self) -> None:
        if not self._gathered:
            self._gathered = True
            for module in command_modules():
                importlib.import_module(module).register(self)

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._gather()
        return super().list_commands(ctx)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        self._gather()
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was asked for; who asked for JSON hears of wrong use in JSON too."""
        asked_for_json = "--json" in ctx.args
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            if asked_for_json:
                click.echo(json.dumps({"error": error.format_message()}, ensure_ascii=False))
            raise


def command_modules() -> list[str]:
    """The names of all capabilities' `cli` modules, in the order of the layers."""
    found = []
    for layer in LAYERS:
        found += [f"{layer}.{path.parent.name}.cli" for path in sorted((ROOT / layer).glob("*/cli.py"))]
    return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Woonvast: the portal of OCMWs that prevent evictions.

    In a checkout without WOONVAST_ variables every command works on the demo.
    """


def main() -> None:
    """The entry point."""
    cli.main(prog_name="woonvast")


# ---------------------------------------------------------------- what commands are made of


def _remember_json(context: click.Context, _parameter: click.Parameter, value: bool) -> bool:
    context.meta[_JSON] = value
    return value


json_option = click.option(
    "--json", "as_json", is_flag=True, is_eager=True, callback=_remember_json, help="Print one JSON object."
)
tenant_option = click.option(
    "--tenant", required=True, metavar="SLUG", help="The organisation: its municipality in lower case."
)


def answer(result: dict[str, Any], text: str, *, as_json: bool) -> None:
    """Print what the command found: `result` as one JSON object, or `text` for a person."""
    click.echo(json.dumps(result, ensure_ascii=False, default=str) if as_json else text)


def settings() -> "Settings":
    """The settings of the environment; of the demo when there are none in a checkout. Raises Failure."""
    from app.config import SettingsError, read_settings

    try:
        if not any(os.environ.get(name) for name in REQUIRED) and (ROOT / "pyproject.toml").exists():
            from app.operation import embedded

            return embedded.demo_settings(data_dir())
        return read_settings()
    except SettingsError as error:
        raise Failure("\n".join(error.problems), exit_code=2) from error


def data_dir() -> Path:
    """Where the demo keeps its data: WOONVAST_DATA_DIR or `var` in the checkout."""
    return Path(os.environ.get("WOONVAST_DATA_DIR") or ROOT / "var").resolve()


@contextmanager
def portal(tenant: str | None = None) -> "Iterator[Flask]":
    """The portal, ready for services: an app context in Dutch, acting for `tenant` (a slug) or for nobody.

    An error that carries a `message` for people ends the command with that sentence. Raises Failure.
    """
    chosen = settings()
    from flask_babel import force_locale
    from sqlalchemy.exc import OperationalError

    from app import tenancy
    from app.factory import create_app
    from app.operation import schema

    try:
        schema.require_current(chosen)
        flask_app = create_app(chosen)
        with flask_app.test_request_context(), force_locale("nl"), tenancy.acting(tenancy.NOBODY):
            try:
                with tenancy.acting(_context_of(tenant)):
                    yield flask_app
            except Exception as error:
                sentence = _said(error)
                if sentence is None:
                    raise
                raise Failure(sentence) from error
    except OperationalError as error:
        raise Failure(no_answer(error)) from error


def _context_of(slug: str | None) -> Any:
    from sqlalchemy import select

    from app import tenancy
    from app.database import db
    from app.security.models import Tenant

    if slug is None:
        return tenancy.NOBODY
    found = db.session.execute(select(Tenant.id, Tenant.network_id).where(Tenant.slug == slug)).one_or_none()
    db.session.rollback()  # what follows acts for the organisation, so in a transaction of its own
    if found is None:
        from flask_babel import gettext as _

        raise Failure(_("There is no organisation called %(slug)s. Give the municipality in lower case.", slug=slug))
    return tenancy.Context(tenant_id=found.id, network_id=found.network_id)


def _said(error: Exception) -> str | None:
    """The sentence of an error that was made for people."""
    from flask_babel import gettext

    message = getattr(error, "message", None)
    if isinstance(error, click.ClickException) or not isinstance(message, str):
        return None
    return str(gettext(message, **getattr(error, "params", {})))


def in_dutch(message: str, params: dict[str, object]) -> str:
    """The sentence of an error in a command that runs without the portal (backup, restore)."""
    import gettext

    words = gettext.translation("messages", ROOT / "translations", languages=["nl"], fallback=True)
    return words.gettext(message) % params


def no_answer(error: Exception) -> str:
    """What to say when the database can't be reached."""
    reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
    return f"The database does not answer: {reason}. Try: woonvast doctor"


if __name__ == "__main__":
    main()
