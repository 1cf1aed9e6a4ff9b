"""Settings, read once from the environment into a typed value; every problem is reported at once."""

import base64
import binascii
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

DEMO_MARK = "demo-only-"  # every secret of the demo starts with it, so that production can refuse it


class SettingsError(Exception):
    """The environment can't be used; `problems` holds one sentence for each thing to mend."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class OidcProvider:
    """An OpenID Connect provider to sign in with, such as ACM/IDM of the Flemish government.

    second_step: the provider itself asks everybody for a second step, so that we need not ask again.
    """

    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str = "ACM/IDM"
    scope: str = "openid profile email"
    second_step: bool = False


@dataclass(frozen=True)
class Settings:
    """All that the portal takes from outside.

    database_url: the login of the web and worker processes (may own nothing).
    owner_database_url: the login that migrates, backs up and restores.
    master_key: 32 bytes that wrap the tenants' keys; previous_master_keys still unwrap.
    data_dir: stored files, outbox of mails and the embedded database.
    idle_minutes: a session ends after so many minutes without a request (a shared desk).
    max_upload_bytes: a scanned agreement of 40 pages at 300 dpi fits in 25 MiB.
    """

    database_url: str = field(repr=False)
    owner_database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    master_key: bytes = field(repr=False)
    previous_master_keys: tuple[bytes, ...] = field(default=(), repr=False)
    data_dir: Path = Path("var")
    demo: bool = False
    base_url: str = "http://127.0.0.1:8080"
    secure_cookies: bool = True
    trusted_proxies: int = 0
    idle_minutes: int = 30
    max_upload_bytes: int = 25 * 1024 * 1024
    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str = "Woonvast <noreply@localhost>"
    oidc: OidcProvider | None = None

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"

    @property
    def outbox_dir(self) -> Path:
        """Where mails land when no mail server is set."""
        return self.data_dir / "outbox"


def read_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Settings from `env` (default: the process's environment).

    Raises SettingsError with a sentence for each missing or unusable variable.
    """
    env = os.environ if env is None else env
    problems: list[str] = []

    def required(name: str, why: str) -> str:
        value = env.get(name, "").strip()
        if not value:
            problems.append(f"{name} is missing: {why}.")
        return value

    def number(name: str, default: int) -> int:
        value = env.get(name, "").strip() or str(default)
        if not value.isdecimal():
            problems.append(f"{name} must be a whole number, not {value!r}.")
            return default
        return int(value)

    database_url = required(
        "WOONVAST_DATABASE_URL", "give the PostgreSQL login of the portal, as postgresql://user@host/name"
    )
    owner_database_url = env.get("WOONVAST_OWNER_DATABASE_URL", "").strip()
    problems += [
        # Without its value: that holds a password.
        f"{name} is unusable: write it as postgresql://user:password@host:5432/name, and / @ : % of a password as"
        " %2F %40 %3A %25."
        for name, url in {
            "WOONVAST_DATABASE_URL": database_url,
            "WOONVAST_OWNER_DATABASE_URL": owner_database_url,
        }.items()
        if url and not _is_postgresql(url)
    ]
    secret_key = required("WOONVAST_SECRET_KEY", "give at least 32 random characters; they sign the cookies")
    if secret_key and len(secret_key) < 32:
        problems.append("WOONVAST_SECRET_KEY is too short: give at least 32 random characters.")
    keys = _master_keys(
        required("WOONVAST_MASTER_KEY", "give 32 random bytes in base64; they protect the tenants' keys"),
        problems,
    )
    data_dir = Path(env.get("WOONVAST_DATA_DIR", "var")).resolve()
    trusted_proxies, idle_minutes = number("WOONVAST_TRUSTED_PROXIES", 0), number("WOONVAST_IDLE_MINUTES", 30)
    if problems:
        raise SettingsError(problems)
    return Settings(
        database_url=database_url,
        owner_database_url=owner_database_url or database_url,
        secret_key=secret_key,
        master_key=keys[0],
        previous_master_keys=tuple(keys[1:]),
        data_dir=data_dir,
        demo=env.get("WOONVAST_DEMO") == "1",
        base_url=env.get("WOONVAST_BASE_URL", "http://127.0.0.1:8080").rstrip("/"),
        secure_cookies=env.get("WOONVAST_INSECURE_COOKIES") != "1",
        trusted_proxies=trusted_proxies,
        idle_minutes=idle_minutes,
        smtp_url=env.get("WOONVAST_SMTP_URL") or None,
        mail_from=env.get("WOONVAST_MAIL_FROM") or "Woonvast <noreply@localhost>",
        oidc=_oidc(env),
    )


def _is_postgresql(url: str) -> bool:
    try:
        return make_url(url).get_backend_name() == "postgresql"
    except (ArgumentError, ValueError):
        return False


def _master_keys(text: str, problems: list[str]) -> list[bytes]:
    """The keys in `text`: base64, separated by commas, the newest first (the others only unwrap)."""
    keys = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            key = base64.b64decode(part.removeprefix(DEMO_MARK), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != 32:
            problems.append("WOONVAST_MASTER_KEY is unusable: each key must be 32 bytes in base64.")
            return []
        keys.append(key)
    return keys


def _oidc(env: Mapping[str, str]) -> OidcProvider | None:
    if not env.get("WOONVAST_OIDC_ISSUER"):
        return None
    return OidcProvider(
        name="oidc",
        issuer=env["WOONVAST_OIDC_ISSUER"].rstrip("/"),
        client_id=env.get("WOONVAST_OIDC_CLIENT_ID", ""),
        client_secret=env.get("WOONVAST_OIDC_CLIENT_SECRET", ""),
        label=env.get("WOONVAST_OIDC_LABEL", "ACM/IDM"),
        second_step=env.get("WOONVAST_OIDC_SECOND_STEP") == "1",
    )


def refuse_demo_secrets(env: Mapping[str, str] | None = None) -> None:
    """Raise SettingsError when production is started with a secret made for the demo."""
    env = os.environ if env is None else env
    names = ("WOONVAST_SECRET_KEY", "WOONVAST_MASTER_KEY")
    problems = [
        f"{name} comes from the demo, and the demo's secrets lie readable on a disk: make a new one."
        for name in names
        if DEMO_MARK in env.get(name, "")
    ]
    if env.get("WOONVAST_DEMO") == "1":
        problems.append("WOONVAST_DEMO is set: production runs without it.")
    if problems:
        raise SettingsError(problems)


def demo_secrets(data_dir: Path) -> dict[str, str]:
    """The demo's own secrets, made once under `data_dir` and kept, so that its data stay readable."""
    path = data_dir / "demo-secrets.json"
    if path.exists():
        stored: dict[str, str] = json.loads(path.read_text())
        return stored
    made = {
        "WOONVAST_SECRET_KEY": DEMO_MARK + secrets.token_urlsafe(48),
        "WOONVAST_MASTER_KEY": DEMO_MARK + base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    data_dir.mkdir(parents=True, exist_ok=True)
    # Whole or not there: half a file, after a kill, would shut the demo for good.
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(made))
    new.replace(path)
    return made
