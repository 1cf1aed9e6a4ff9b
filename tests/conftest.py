"""The ground tests stand on: a real PostgreSQL, the whole application, organisations made for one test each.

Tests keep out of each other's way as tenants do: each makes organisations of its own.
"""

import itertools
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as property_settings

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
sys.path.insert(0, str(Path(__file__).parent.parent))

from app import database, tenancy
from app.config import Settings
from app.factory import create_app, load_rooms
from app.security.roles import NETWORK_ROLES, Role
from tests import browsing
from tests.browsing import browser, open_page, server  # noqa: F401 (fixtures)

load_rooms("models")  # all tables, whichever tests are chosen: they point at each other

# A busy machine is no failure: property tests are not timed.
property_settings.register_profile("portal", deadline=None, suppress_health_check=[HealthCheck.too_slow])
property_settings.load_profile("portal")

PASSWORD = "een-lang-wachtwoord"
_serial = itertools.count(1)


# Modules that go through all organisations come first, while the other tests have made few of them; then those that
# take long though they hold few tests, so that no process works alone at the end.
FIRST = (
    "test_mailing", "test_sharing.py", "test_daily_mail",
    "test_isolation_routes", "tests/journeys/", "test_journey", "test_in_browser", "test_loading", "test_tenancy",
    "test_backup",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: next((at for at, name in enumerate(FIRST) if name in item.nodeid), len(FIRST)))


def pytest_runtest_setup(item: pytest.Item) -> None:
    if "browser" not in getattr(item, "fixturenames", ()):
        browsing.shared.end()


def pytest_sessionfinish() -> None:
    browsing.shared.end()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Any]:
    """An embedded PostgreSQL of this test process's own."""
    directory = Path(tempfile.mkdtemp(prefix="woonvast-pg-"))
    directory.chmod(0o755)
    postmaster = database.embedded_server(directory / "data")
    with psycopg.connect(postmaster.get_uri(), autocommit=True) as connection:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):  # nothing here outlives the tests
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield postmaster
    postmaster.cleanup()
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def settings(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of a database with the whole schema."""
    portal, owner = database.embedded_urls(postgres, "woonvast_test")
    made = Settings(
        database_url=portal,
        owner_database_url=owner,
        secret_key="for-tests-only-" + "x" * 32,
        master_key=b"t" * 32,
        data_dir=tmp_path_factory.mktemp("var"),
        secure_cookies=False,
    )
    database.upgrade(made)
    return made


@pytest.fixture(scope="session")
def app(settings: Settings) -> Flask:
    application = create_app(settings)
    application.config.update(TESTING=True, PASSWORD_COST=(1, 8, 1), WTF_CSRF_ENABLED=True)
    application.config["PROPAGATE_EXCEPTIONS"] = False
    return application


@pytest.fixture
def app_context(app: Flask) -> Iterator[Flask]:
    """An application context in which nobody acts; services may be called within `tenancy.acting(...)`."""
    with app.app_context(), tenancy.acting(tenancy.NOBODY):
        yield app
        database.db.session.remove()


@dataclass
class Organisation:
    """An organisation made for a test, with one person per role it was asked for."""

    app: Flask
    tenant: Any
    network: Any
    users: dict[str, Any] = field(default_factory=dict)

    def context(self, role: str = Role.SOCIAL_WORKER) -> tenancy.Context:
        """The context in which its person with `role` acts."""
        user = self.users.get(role)
        return tenancy.Context(self.tenant.id, user.id if user else None, self.network.id)

    def acting(self, role: str = Role.SOCIAL_WORKER) -> Any:
        return tenancy.acting(self.context(role))


def make_organisation(
    app: Flask, *roles: Role, network: Any = None, name: str | None = None, kind: str = "ocmw"
) -> Organisation:
    """An organisation of its own, in a network of its own unless one is given, with a person for each role."""
    from tenants.organisations import service

    number = next(_serial)
    with app.app_context():
        home = network or service.create_network(f"netwerk-{number}", f"Netwerk {number}")
        tenant = service.create_tenant(
            f"proef-{number}", name or f"OCMW Proef {number}", network=home.slug, kind=kind, prefix=f"P{number}"
        )
        made = Organisation(app, tenant, home)
        for role in roles or (Role.SOCIAL_WORKER,):
            username = f"{role}.{number}"
            user = service.create_user(
                username,
                PASSWORD,
                first_name="Marie",
                last_name=f"Declerck{number}",
                email=f"{username}@voorbeeld.test",
            )
            if role is Role.PLATFORM_ADMIN:
                service.add_network_member(None, user, role)
            elif role in NETWORK_ROLES and role is not Role.NETWORK_MEMBER:
                service.add_network_member(home, user, role)
            else:
                service.add_member(tenant, user, [role])
            made.users[role] = user
        database.db.session.remove()
    return made


@pytest.fixture
def organisation(app: Flask) -> Callable[..., Organisation]:
    """Make an organisation: organisation(Role.SOCIAL_WORKER, Role.DPO, network=other.network)."""
    return partial(make_organisation, app)


@pytest.fixture
def sign_in(app: Flask) -> Callable[..., FlaskClient]:
    """A client that is signed in as an organisation's person: sign_in(organisation, Role.SOCIAL_WORKER).

    It sets the session that /login/ would set; the tests of signing in go through /login/ themselves.
    """

    def make(organisation: Organisation, role: str = Role.SOCIAL_WORKER) -> FlaskClient:
        from app.security import identity

        client = app.test_client()
        with app.test_request_context(), tenancy.acting(tenancy.NOBODY):
            from flask import session

            identity.sign_in(organisation.users[role], second_factor=True)
            token = session["token"]
        with client.session_transaction() as stored:
            stored["token"] = token
        return client

    return make


@pytest.fixture
def csrf(app: Flask) -> Callable[[FlaskClient], str]:
    """A CSRF token that `client`'s forms carry: client.post(url, data={..., "csrf_token": csrf(client)})."""

    def token(client: FlaskClient) -> str:
        from flask import session
        from flask_wtf.csrf import generate_csrf

        with client.session_transaction() as stored:
            known = dict(stored)
        with app.test_request_context():
            session.update(known)
            made: str = generate_csrf()
            raw = session["csrf_token"]
        with client.session_transaction() as stored:
            stored["csrf_token"] = raw
        return made

    return token
