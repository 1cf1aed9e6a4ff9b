"""The same portal on an ordinary PostgreSQL server (15 or later) beside the embedded one: schema, isolation, trail."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from app import database, tenancy
from app.audit.service import verify
from app.backup import service as backup
from app.crypto import keyring
from app.database import db
from app.factory import create_app
from app.security.roles import Role
from tenants.cases.facts import rebuild
from tenants.organisations import service
from tests.conftest import PASSWORD
from tests.tenants.cases.test_opening import opened


@pytest.fixture(scope="module")
def server_url():
    """A cluster of the newest server that apt installed, on a free port of this machine."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    assert programs, "make test installs PostgreSQL's server"
    bin_dir = programs[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="woonvast-server-"))
    prefix = []
    if os.geteuid() == 0:  # PostgreSQL does not run as root
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        prefix = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder}
    subprocess.run([*prefix, bin_dir / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8"], **run)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    subprocess.run([*prefix, bin_dir / "pg_ctl", "-D", data, "-o", options, "-w", "-l", folder / "log", "start"], **run)
    yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    subprocess.run([*prefix, bin_dir / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **run)
    shutil.rmtree(folder, ignore_errors=True)


def test_the_portal_works_on_an_ordinary_server_even_with_a_privileged_login(server_url, settings, tmp_path):
    own = replace(settings, database_url=server_url, owner_database_url=server_url, data_dir=tmp_path)
    database.upgrade(own)
    portal = create_app(own)
    try:
        with portal.app_context():
            service.create_network("proef", "Proef")
            tenants = [service.create_tenant(s, s.title(), network="proef") for s in ("eerste", "tweede")]
            user = service.create_user("an", PASSWORD, first_name="An", last_name="Maes", email="an@voorbeeld.test")
            for tenant in tenants:
                service.add_member(tenant, user, [Role.SOCIAL_WORKER])
                with tenancy.acting(tenancy.Context(tenant.id, user.id)):
                    opened()
                    assert db.session.scalar(text("SELECT count(*) FROM case_file")) == 1
                    assert db.session.scalar(text("SELECT current_user")) == tenancy.APP
                    db.session.remove()
                assert rebuild(tenant.id) == (1, [])
                assert verify(tenant.id).fault is None
                db.session.remove()
            assert db.session.scalar(text("SELECT count(*) FROM case_file")) == 0
            db.session.remove()
    finally:
        keyring.configure(settings)


def test_a_backup_comes_back_on_an_ordinary_server(server_url, settings, tmp_path):
    """Which may be older than the program that reads the backup, and refuse settings of its day."""
    was, back = (replace(settings, data_dir=tmp_path / name, **_logins(server_url, name)) for name in ("was", "back"))
    database.upgrade(was)
    portal = create_app(was)
    try:
        with portal.app_context():
            service.create_network("net", "Net")
            tenant = service.create_tenant("derde", "Derde", network="net")
            with tenancy.acting(tenancy.Context(tenant.id)):
                opened()
                db.session.remove()
    finally:
        keyring.configure(settings)
    backup.backup(was, tmp_path / "was.tar")
    assert backup.restore(back, tmp_path / "was.tar").rows > 0
    engine = database.owner_engine(back)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM case_file")) == 1
    engine.dispose()


def _logins(server_url, name):
    """The addresses of a new database of the server."""
    engine = create_engine(database.psycopg_url(server_url), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    url = server_url.removesuffix("/postgres") + f"/{name}"
    return {"database_url": url, "owner_database_url": url}
