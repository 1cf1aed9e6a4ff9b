"""A backup taken while people write, put back on an empty machine: nothing missing, nothing half there."""

import threading
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from app import database, tenancy
from app.audit.service import verify
from app.backup import service
from app.crypto import keyring
from app.database import db, transaction
from app.factory import create_app
from app.files import service as files
from app.files.models import StoredFile
from tenants.cases.facts import rebuild
from tenants.cases.models import Case, Person
from tests.tenants.cases.test_opening import opened

PDF = b"%PDF-1.7 een ondertekende overeenkomst "


@pytest.fixture
def empty_machine(postgres, settings, tmp_path, request):
    """Settings of a new database and an empty data folder, with the same master key."""
    portal, owner = database.embedded_urls(postgres, f"restored_{abs(hash(request.node.name)) % 10**8}")
    return replace(settings, database_url=portal, owner_database_url=owner, data_dir=tmp_path / "var")


def write_until(stop, app, ocmw, written):
    """Open cases and keep files, as colleagues do while the backup runs; what returned is acknowledged."""
    with app.app_context():
        number = 0
        while not stop.is_set():
            with ocmw.acting(), transaction():
                number += 1
                case_id = opened(roll_number=f"26B{number:04d}")
                stored = files.store(f"{number}.pdf", PDF + str(number).encode(), case_id)
            written.append((case_id, stored.id))
            db.session.remove()


def privileges(chosen):
    """Who may do what with every table, sequence and function, and with those to come."""
    query = """
      SELECT relname, acl::text FROM pg_class, unnest(relacl) acl WHERE relnamespace = 'public'::regnamespace
      UNION ALL SELECT proname, acl::text FROM pg_proc, unnest(proacl) acl WHERE pronamespace = 'public'::regnamespace
      UNION ALL SELECT defaclobjtype::text, acl::text FROM pg_default_acl, unnest(defaclacl) acl"""
    engine = database.owner_engine(chosen)
    with engine.connect() as connection:
        found = {tuple(row) for row in connection.execute(text(query))}
    engine.dispose()
    return found


def test_a_backup_in_use_comes_back_whole(app, settings, organisation, empty_machine, tmp_path):
    ocmw = organisation()
    with app.app_context(), ocmw.acting():
        before = opened()
        kept = files.store("bewijs.pdf", PDF, before).id
        db.session.commit()
        db.session.remove()
    stop, written = threading.Event(), []
    writer = threading.Thread(target=write_until, args=(stop, app, ocmw, written))
    writer.start()
    while len(written) < 3 and writer.is_alive():
        stop.wait(0.05)
    report = service.backup(settings, tmp_path / "woonvast.tar")
    stop.set()
    writer.join()
    assert report.files >= 4
    assert report.as_dict() == {"tables": report.tables, "files": report.files}  # rows are counted when put back

    back = service.restore(empty_machine, tmp_path / "woonvast.tar")
    assert back.as_dict()["rows"] > 0
    assert privileges(empty_machine) == privileges(settings)  # the trail, for one, stays append-only
    restored = create_app(empty_machine)
    try:
        with restored.app_context(), ocmw.acting():
            assert db.session.get(Case, before) is not None
            assert db.session.scalar(select(Person.insz).limit(1)) == "85073003328"
            for row in db.session.scalars(select(StoredFile)).all():
                found = files.read(row.id)  # every row's file is there, opens, and has its sum
                assert found is not None
            assert files.read(kept)[1] == PDF
            assert {c for c, _f in written[:3]} <= set(db.session.scalars(select(Case.id)))
            db.session.remove()
            assert rebuild(ocmw.tenant.id)[1] == []
            assert verify(ocmw.tenant.id).fault is None
            db.session.remove()
        with restored.app_context(), tenancy.acting(tenancy.NOBODY):
            assert db.session.scalars(select(Case)).all() == []
            db.session.remove()
    finally:
        keyring.configure(settings)


def test_a_restore_needs_an_empty_database(settings, tmp_path):
    service.backup(settings, tmp_path / "a.tar")
    with pytest.raises(service.BackupError, match="not empty"):
        service.restore(settings, tmp_path / "a.tar")


def test_a_backup_is_not_put_back_under_a_key_that_can_t_open_it(settings, empty_machine, tmp_path):
    service.backup(settings, tmp_path / "a.tar")
    other = replace(empty_machine, master_key=b"o" * 32)
    with pytest.raises(service.BackupError, match="another master key"):
        service.restore(other, tmp_path / "a.tar")
    rotated = replace(other, previous_master_keys=(settings.master_key,))
    assert service.restore(rotated, tmp_path / "a.tar").tables > 0  # the refusal left the machine empty


def test_a_password_is_no_argument_of_a_program():
    url, secret = service.apart("postgresql+psycopg://eigenaar:ge%40heim@host:5433/woonvast?sslmode=require")
    assert url == "postgresql://eigenaar@host:5433/woonvast?sslmode=require"
    assert secret == {"PGPASSWORD": "ge@heim"}
    assert service.apart("postgresql:///woonvast?host=/tmp/pg") == ("postgresql:///woonvast?host=%2Ftmp%2Fpg", {})


def test_a_backup_is_never_overwritten(settings, tmp_path):
    (tmp_path / "a.tar").write_bytes(b"van gisteren")
    with pytest.raises(service.BackupError, match="exists already"):
        service.backup(settings, tmp_path / "a.tar")
    assert (tmp_path / "a.tar").read_bytes() == b"van gisteren"


def test_a_damaged_backup_is_refused_before_anything_is_written(settings, empty_machine, tmp_path, app):
    path = tmp_path / "a.tar"
    service.backup(settings, path)
    content = bytearray(path.read_bytes())
    content[3000] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(service.BackupError, match="damaged"):
        service.restore(empty_machine, path)
    engine = database.owner_engine(empty_machine)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")) == 0
    engine.dispose()


@pytest.mark.parametrize("content", [b"", b"geen tar", b"PK\x03\x04"])
def test_something_else_is_not_a_backup(empty_machine, tmp_path, content):
    path = tmp_path / "a.tar"
    path.write_bytes(content)
    with pytest.raises(service.BackupError, match="not a backup"):
        service.restore(empty_machine, path)


def test_a_tar_with_other_names_is_refused(empty_machine, tmp_path):
    import io
    import tarfile

    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as tar:
        for name in ("database.dump", "manifest.json", "files/../../kwaad"):
            tar.addfile(tarfile.TarInfo(name), io.BytesIO())
    with pytest.raises(service.BackupError, match="not a backup"):
        service.restore(empty_machine, path)
