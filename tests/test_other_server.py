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
from sqlalchemy import text

from app import database, tenancy
from app.audit.service import verify
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
