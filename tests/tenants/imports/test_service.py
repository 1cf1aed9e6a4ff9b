"""From an upload to cases and back, in the database."""

import io
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from app import jobs, tenancy
from app.audit.service import verify
from app.database import db, transaction
from app.files.models import StoredFile
from app.security.roles import Role
from tenants.cases.codes import Channel, ContactResult, LandlordKind, Moment, Reason
from tenants.cases.facts import rebuild
from tenants.cases.models import Case, Landlord, Note, Person
from tenants.cases.notes import add_note
from tenants.imports import confirming, repairing, service, staging
from tenants.imports.examine import find_register
from tenants.imports.fields import Field
from tenants.imports.models import BatchState, ImportBatch, ImportMapping, ImportRow
from tenants.imports.reader import NotASpreadsheet, read
from tenants.imports.rows import Status
from tenants.outreach.models import OutreachAttempt
from tenants.petitions.models import DeadlineRow, Eviction, Hearing, Judgment, Petition

Make = Callable[..., Any]


@pytest.fixture
def ocmw(app_context: Any, organisation: Make) -> Any:
    made = organisation(Role.SOCIAL_WORKER)
    with made.acting():
        yield made


def staged(content: bytes, name: str = "register.xlsx") -> uuid.UUID:
    """An import whose file has been read."""
    with transaction():
        batch_id = staging.keep(name, content)
    staging.stage(batch_id)
    return batch_id


def how_many(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def row_at(batch_id: uuid.UUID, sheet_row: int) -> ImportRow:
    found = select(ImportRow).where(ImportRow.batch_id == batch_id, ImportRow.sheet_row == sheet_row)
    return db.session.scalars(found).one()


def test_reading_a_file_writes_no_case(ocmw: Any, sample: bytes) -> None:
    batch_id = staged(sample)
    batch = staging.find(batch_id)
    assert (batch.state, batch.total, batch.ignored, batch.header_row) == (BatchState.READY, 252, 3, 3)
    assert service.counts(batch_id).by_status == {
        Status.ERROR: 6,
        Status.DUPLICATE: 2,
        Status.WARNING: 1,
        Status.NEW: 243,
    }
    assert how_many(Case) == 0


def test_an_upload_is_read_by_the_worker(app: Any, settings: Any, ocmw: Any, sample: bytes) -> None:
    batch_id = staging.upload("register.xlsx", sample)
    assert staging.find(batch_id).state == BatchState.READING
    jobs.run_worker(app, settings.database_url, wait=False)
    with ocmw.acting():
        db.session.expire_all()
        assert staging.find(batch_id).state == BatchState.READY


def test_what_is_no_spreadsheet_leaves_nothing_behind(ocmw: Any) -> None:
    with pytest.raises(NotASpreadsheet):
        staging.upload("register.xlsx", b"<html><table></table></html>")
    assert how_many(ImportBatch) == how_many(StoredFile) == 0


def test_a_file_of_something_else_says_so_on_its_import(ocmw: Any) -> None:
    batch = staging.find(staged(b"a;b\n1;2\n", "iets.csv"))
    assert batch.state == BatchState.UNREADABLE
    assert batch.error is not None
    assert "no register" in batch.error["message"]


def test_the_sample_becomes_cases(ocmw: Any, sample: bytes) -> None:
    batch_id = staged(sample)
    confirming.confirm(batch_id)
    batch = staging.find(batch_id)
    assert (batch.state, batch.counts) == (BatchState.DONE, {"petitions": 244, "attempts": 367, "left_out": 8})
    assert how_many(Case) == how_many(Petition) == how_many(Hearing) == 244
    assert how_many(OutreachAttempt) == 367
    assert service.staged(batch_id) == 8
    assert how_many(DeadlineRow) > 0
    assert verify(ocmw.tenant.id).fault is None
    assert rebuild(ocmw.tenant.id, write=False)[1] == []


def test_a_petition_keeps_all_that_the_register_told(ocmw: Any, sample: bytes) -> None:
    confirming.confirm(staged(sample))
    petition = db.session.scalars(select(Petition).where(Petition.roll_number == "20A1000")).one()
    case = db.session.get(Case, petition.case_id)
    assert case is not None
    person = case.persons[0]
    assert (case.display_name, person.insz, person.birth_date) == ("Verhelst, Marie", "02122246203", date(2002, 12, 22))
    assert (case.address_line, case.opened_on) == ("Gerardaboulevard 106, 8400 Oostende", date(2020, 1, 2))
    assert (petition.court, str(petition.arrears), str(petition.arrears_months)) == ("Oostende 2", "2159.89", "5.0")
    assert petition.claimant == "Van Dyck Nicole"
    landlord = case.dwelling.landlord
    assert (landlord.name, landlord.kind) == ("Van Dyck Nicole", LandlordKind.PRIVATE_PERSON)
    hearing = db.session.scalars(select(Hearing).where(Hearing.case_id == case.id)).one()
    assert (hearing.at, hearing.hour_known) == (datetime(2020, 1, 24, 11, tzinfo=UTC), False)
    judgment = db.session.scalars(select(Judgment).where(Judgment.case_id == case.id)).one()
    assert (judgment.pronounced_on, judgment.served_on) == (date(2020, 1, 29), date(2020, 2, 4))
    eviction = db.session.scalars(select(Eviction).where(Eviction.case_id == case.id)).one()
    assert (eviction.notice_on, eviction.carried_out_on) == (date(2020, 3, 10), date(2020, 3, 20))
    attempts = db.session.scalars(select(OutreachAttempt).where(OutreachAttempt.case_id == case.id)).all()
    assert {(a.channel, a.result, a.moment, a.note) for a in attempts} == {
        (Channel.HOSPITAL, ContactResult.NO_ANSWER, Moment.PETITION, None),
        (Channel.LETTER, ContactResult.NO_ANSWER, Moment.PETITION, None),
    }


def test_a_formula_is_a_note_like_any_other(ocmw: Any, sample: bytes) -> None:
    confirming.confirm(staged(sample))
    petition = db.session.scalars(select(Petition).where(Petition.roll_number == "20A2260")).one()
    note = db.session.scalars(select(Note).where(Note.case_id == petition.case_id)).one()
    assert note.body == '=HYPERLINK("http://example.org","klik")'


def test_two_tenants_become_two_persons_of_one_case(ocmw: Any, xlsx: Make, register: Make) -> None:
    row = ["14/02/2020", "20A1", "Oostende 1", "Claes NV", "Peeters, Jan en Maes, Els", "76.08.27-050.16", None]
    confirming.confirm(staged(xlsx(register(row))))
    persons = db.session.scalars(select(Person).order_by(Person.position)).all()
    assert [(p.last_name, p.role, p.birth_date) for p in persons] == [
        ("Peeters", "reference", date(1976, 8, 27)),
        ("Maes", "other", None),
    ]
    assert db.session.scalars(select(Case)).one().reason == Reason.OTHER


def test_the_same_file_twice_brings_nothing_new(ocmw: Any, short: bytes) -> None:
    confirming.confirm(staged(short))
    again = staged(short)
    assert service.counts(again).by_status[Status.DUPLICATE] == 35
    with pytest.raises(staging.ImportRefusedError):
        confirming.confirm(again)
    assert how_many(Case) == 34


def test_what_was_imported_meanwhile_is_left_out(ocmw: Any, xlsx: Make, register: Make) -> None:
    one = ["14/02/2020", "20A1", "Oostende 1", "Claes NV", "Peeters, Jan", None, None]
    first, second = staged(xlsx(register(one))), staged(xlsx(register(one, [*one[:1], "20A2", *one[2:]])))
    confirming.confirm(first)
    confirming.confirm(second)
    assert staging.find(second).counts == {"petitions": 1, "attempts": 0, "left_out": 1}
    assert db.session.scalars(select(Petition.roll_number).order_by(Petition.roll_number)).all() == ["20A1", "20A2"]


def test_a_large_import_is_done_by_the_worker(
    app: Any, settings: Any, ocmw: Any, short: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(confirming, "AT_ONCE", 10)
    batch_id = staged(short)
    confirming.confirm(batch_id)
    assert staging.find(batch_id).state == BatchState.IMPORTING
    assert how_many(Case) == 0
    jobs.run_worker(app, settings.database_url, wait=False)
    with ocmw.acting():
        db.session.expire_all()
        assert staging.find(batch_id).state == BatchState.DONE
        assert how_many(Case) == 34


def test_an_import_that_fails_half_way_writes_nothing(ocmw: Any, short: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    batch_id = staged(short)
    monkeypatch.setattr(confirming, "CHUNK", 0)  # the last step fails, after all rows were written
    with pytest.raises(ValueError, match="arg 3"):
        confirming.confirm(batch_id)
    assert how_many(Case) == how_many(Landlord) == 0
    assert staging.find(batch_id).state == BatchState.READY


# ---------------------------------------------------------------- repairing


def repair(batch_id: uuid.UUID, sheet_row: int, member: Field, text: str) -> Status:
    column = staging.mapping_of(staging.find(batch_id)).columns[member]
    return repairing.repair(batch_id, row_at(batch_id, sheet_row).id, {column: text})


def test_a_repaired_row_goes_in(ocmw: Any, sample: bytes) -> None:
    batch_id = staged(sample)
    assert repair(batch_id, 21, Field.RECEIVED, "27/01/2020") is Status.NEW
    assert repair(batch_id, 128, Field.DEFENDANTS, "Peeters Jan") is Status.WARNING
    assert repair(batch_id, 72, Field.ARREARS, "nog niet gekend") is Status.ERROR
    confirming.confirm(batch_id)
    assert how_many(Case) == 246
    assert db.session.scalars(select(Case.display_name).where(Case.display_name == "Peeters, Jan")).one()


def test_a_cell_left_as_it_was_shown_keeps_its_value(ocmw: Any, sample: bytes) -> None:
    batch_id = staged(sample)
    row = service.row_of(batch_id, row_at(batch_id, 72).id)
    repairing.repair(batch_id, row.id, dict(enumerate(row.cells)) | {9: "500"})
    kept = staging.as_record(row_at(batch_id, 72))[1]
    assert kept[0] == date(2020, 4, 6)
    assert kept[9] == "500"


def test_repairing_into_a_duplicate_and_out_of_it(ocmw: Any, xlsx: Make, register: Make) -> None:
    one = ["14/02/2020", "20A1", "Oostende 1", "Claes NV", "Peeters, Jan", None, None]
    batch_id = staged(xlsx(register(one, one, [*one[:1], "20A3", *one[2:]])))
    assert row_at(batch_id, 3).status == Status.DUPLICATE
    assert repair(batch_id, 4, Field.ROLL, "20A1") is Status.DUPLICATE
    assert repair(batch_id, 2, Field.ROLL, "20A2") is Status.NEW
    assert [row_at(batch_id, n).status for n in (2, 3, 4)] == [Status.NEW, Status.NEW, Status.DUPLICATE]


def test_leaving_a_row_out_lets_its_duplicate_in(ocmw: Any, sample: bytes) -> None:
    batch_id = staged(sample)
    repairing.skip(batch_id, row_at(batch_id, 29).id, skipped=True)
    assert row_at(batch_id, 30).status == Status.NEW
    assert service.counts(batch_id).skipped == 1
    repairing.skip(batch_id, row_at(batch_id, 29).id, skipped=False)
    assert (row_at(batch_id, 29).status, row_at(batch_id, 30).status) == (Status.DUPLICATE, Status.NEW)


def test_rows_of_an_import_that_is_done_stay_as_they_are(ocmw: Any, short: bytes) -> None:
    batch_id = staged(short)
    confirming.confirm(batch_id)
    with pytest.raises(staging.ImportRefusedError):
        repair(batch_id, 21, Field.RECEIVED, "27/01/2020")


# ---------------------------------------------------------------- columns


def test_columns_pointed_out_are_remembered(app: Any, settings: Any, ocmw: Any, text: Make) -> None:
    content = text(
        [
            ["Datum ontvangst", "Dossierletters", "Wie", "Zitting", "Vonnis", "Reden"],
            ["14/02/2020", "20/A/1", "Peeters, Jan", None, None, None],
        ]
    )
    batch_id = staged(content, "register.csv")
    batch = staging.find(batch_id)
    assert staging.mapping_of(batch).missing() == [Field.DEFENDANTS]
    assert service.staged(batch_id) == 0
    chosen = {column: field for field, column in staging.mapping_of(batch).columns.items()}
    for wrong in (chosen, chosen | {2: Field.DEFENDANTS, 3: Field.DEFENDANTS}):
        with pytest.raises(staging.ImportRefusedError):
            staging.choose_columns(batch_id, wrong)
    chosen[2] = Field.DEFENDANTS
    staging.choose_columns(batch_id, chosen)
    jobs.run_worker(app, settings.database_url, wait=False)
    with ocmw.acting():
        db.session.expire_all()
        assert service.counts(batch_id).by_status[Status.NEW] == 1
        assert how_many(ImportMapping) == 1
        assert service.counts(staged(content, "nog eens.csv")).by_status[Status.NEW] == 1
        assert staging.dry_run(content).counts()["new"] == 1


def test_what_was_repaired_survives_another_choice_of_columns(
    app: Any, settings: Any, ocmw: Any, sample: bytes
) -> None:
    batch_id = staged(sample)
    repair(batch_id, 21, Field.RECEIVED, "27/01/2020")
    repairing.skip(batch_id, row_at(batch_id, 47).id, skipped=True)
    columns = staging.mapping_of(staging.find(batch_id)).columns
    staging.choose_columns(batch_id, {at: field for field, at in columns.items() if field is not Field.REMARKS})
    jobs.run_worker(app, settings.database_url, wait=False)
    with ocmw.acting():
        db.session.expire_all()
        assert row_at(batch_id, 21).status == Status.NEW
        assert row_at(batch_id, 47).skipped


# ---------------------------------------------------------------- undoing


def test_an_import_can_be_undone_as_a_whole(ocmw: Any, short: bytes) -> None:
    batch_id = staged(short)
    confirming.confirm(batch_id)
    confirming.undo(batch_id)
    assert staging.find(batch_id).state == BatchState.UNDONE
    for model in (Case, Person, Petition, Hearing, OutreachAttempt, Note, DeadlineRow, Landlord, ImportRow):
        assert how_many(model) == 0
    assert rebuild(ocmw.tenant.id, write=False)[1] == []
    assert verify(ocmw.tenant.id).fault is None
    with pytest.raises(staging.ImportRefusedError):
        confirming.undo(batch_id)


def test_an_undone_file_can_be_read_again(app: Any, settings: Any, ocmw: Any, short: bytes) -> None:
    batch_id = staged(short)
    confirming.confirm(batch_id)
    confirming.undo(batch_id)
    staging.read_again(batch_id)
    jobs.run_worker(app, settings.database_url, wait=False)
    with ocmw.acting():
        db.session.expire_all()
        confirming.confirm(batch_id)
        assert how_many(Case) == 34


def test_undoing_leaves_what_was_there_before(ocmw: Any, xlsx: Make, register: Make) -> None:
    one = ["14/02/2020", "20A1", "Oostende 1", "Claes NV", "Peeters, Jan", None, None]
    confirming.confirm(staged(xlsx(register(one))))
    second = staged(xlsx(register([*one[:1], "20A2", *one[2:]])))
    confirming.confirm(second)
    confirming.undo(second)
    assert db.session.scalars(select(Petition.roll_number)).all() == ["20A1"]
    assert db.session.scalars(select(Landlord.name)).all() == ["Claes NV"]


def test_an_import_that_was_worked_on_is_not_undone(ocmw: Any, short: bytes) -> None:
    batch_id = staged(short)
    confirming.confirm(batch_id)
    case = confirming.cases_of(batch_id, 1)[0][0]
    add_note(case.id, "Gebeld, belt terug")
    with pytest.raises(staging.ImportRefusedError) as refused:
        confirming.undo(batch_id)
    assert refused.value.params == {"cases": 1}
    assert how_many(Case) == 34


# ---------------------------------------------------------------- rejected rows


def test_rejected_rows_come_back_as_the_same_spreadsheet(ocmw: Any, sample: bytes) -> None:
    batch_id = staged(sample)
    repairing.skip(batch_id, row_at(batch_id, 188).id, skipped=True)
    sheet, mapping = find_register(read(service.rejected(batch_id)))
    assert mapping.labels[:22] == tuple(staging.find(batch_id).labels)[:22]
    assert len(sheet.rows) == 1 + 9
    by_roll = {row[1]: row for row in sheet.rows[1:]}
    assert "31/02/2020" in str(by_roll["20A1119"][23])
    assert by_roll["20A1462"][0] == date(2020, 4, 6)
    assert by_roll["20A2260"][22] == '=HYPERLINK("http://example.org","klik")'


def test_no_cell_of_the_rejected_rows_is_a_formula(ocmw: Any, xlsx: Make, register: Make) -> None:
    import zipfile

    evil = ["=1+1", "+cmd|' /c calc'!A0", "@SUM(A1)", "-2+3", "=HYPERLINK(1)", "http://x.test", "\t=1"]
    data = service.rejected(staged(xlsx(register(evil))))
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        assert not [name for name in parts.namelist() if "hyperlink" in name]
    assert find_register(read(data))[0].rows[1][:5] == evil[:5]


def test_mended_rejected_rows_are_read_in_again(ocmw: Any, short: bytes, xlsx: Make) -> None:
    batch_id = staged(short)
    confirming.confirm(batch_id)
    rows = find_register(read(service.rejected(batch_id)))[0].rows
    mended = [[("27/01/2020" if cell == "31/02/2020" else cell) for cell in row] for row in rows]
    again = staged(xlsx(mended))
    assert service.counts(again).by_status[Status.NEW] == 1
    confirming.confirm(again)
    assert how_many(Case) == 35


# ---------------------------------------------------------------- others


def test_another_organisation_sees_nothing_of_an_import(ocmw: Any, organisation: Make, sample: bytes) -> None:
    batch_id = staged(sample)
    row_id = row_at(batch_id, 21).id
    other = organisation(Role.SOCIAL_WORKER)
    with other.acting():
        db.session.remove()
        assert service.batches() == []
        for attempt in (
            lambda: staging.find(batch_id),
            lambda: service.row_of(batch_id, row_id),
            lambda: service.rejected(batch_id),
            lambda: confirming.confirm(batch_id),
            lambda: confirming.undo(batch_id),
            lambda: repairing.skip(batch_id, row_id, skipped=True),
        ):
            with pytest.raises(staging.NoSuchImportError):
                attempt()
        assert service.counts(staged(sample)).by_status[Status.DUPLICATE] == 2
    assert tenancy.current().tenant_id == ocmw.tenant.id


def test_nothing_personal_lies_open_in_the_staging(ocmw: Any, sample: bytes) -> None:
    batch_id = staged(sample)
    with transaction() as session:
        from sqlalchemy import text

        raw = session.execute(
            text("SELECT b::text, r::text FROM import_batch b JOIN import_row r ON r.batch_id = b.id")
        )
        everything = " ".join(f"{batch} {row}" for batch, row in raw)
    assert str(batch_id) in everything
    for word in ("Verhelst", "02122246203", "Gerardaboulevard", "register.xlsx", "briefkaart"):
        assert word not in everything
        assert word.encode().hex() not in everything
