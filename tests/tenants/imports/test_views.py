"""The pages of an import, as a social worker goes through them; and closed to everybody else."""

import io
import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from app import jobs
from app.database import db
from app.security.roles import Role
from tenants.cases.models import Case
from tenants.imports import staging
from tenants.imports.models import ImportBatch, ImportRow

Make = Callable[..., Any]
HOME = "/verzoekschriften/inlezen/"


class Desk:
    """A social worker's browser on the pages of an import."""

    def __init__(self, app: Any, settings: Any, organisation: Any, client: Any, csrf: Make) -> None:
        self.app, self.settings, self.organisation, self.client, self.csrf = app, settings, organisation, client, csrf

    def get(self, address: str, status: int = 200, **options: Any) -> str:
        answer = self.client.get(address, **options)
        assert answer.status_code == status, answer.text
        return answer.text

    def post(self, address: str, status: int = 302, **fields: Any) -> Any:
        answer = self.client.post(address, data={"csrf_token": self.csrf(self.client), **fields})
        assert answer.status_code == status, answer.text
        return answer

    def upload(self, content: bytes, name: str = "register.xlsx") -> str:
        """Upload a file and have the worker read it; the address of its import."""
        answer = self.post(HOME, file=(io.BytesIO(content), name))
        self.work()
        return answer.location

    def work(self) -> None:
        jobs.run_worker(self.app, self.settings.database_url, wait=False)

    def rows(self, address: str) -> dict[int, uuid.UUID]:
        batch_id = uuid.UUID(address.rstrip("/").rpartition("/")[2])
        with self.app.app_context(), self.organisation.acting():
            found = db.session.query(ImportRow.sheet_row, ImportRow.id).filter_by(batch_id=batch_id)
            return dict(found.all())


@pytest.fixture
def desk(app: Any, settings: Any, organisation: Make, sign_in: Make, csrf: Make) -> Desk:
    made = organisation(Role.SOCIAL_WORKER)
    return Desk(app, settings, made, sign_in(made), csrf)


def test_from_spreadsheet_to_cases_and_back(desk: Desk, sample: bytes) -> None:
    assert "Register inlezen" in desk.get(HOME)
    address = desk.upload(sample)
    page = desk.get(address)
    assert "244 verzoekschriften kunnen mee, 8 rijen gaan niet mee." in page
    assert "31/02/2020" in page  # the rows that are not right stand first
    assert "244 verzoekschriften inlezen" in page
    row = desk.rows(address)[21]
    assert "rij 21" in desk.get(f"{address}?toon=error").lower()
    repaired = desk.post(f"{address}rij/{row}", **{"cell-0": "27/01/2020", "toon": "error"})
    page = desk.get(repaired.location)  # the keyboard goes on at the next row
    assert re.findall(r'id="(cell-[^"]*)"[^>]* data-focus', page) == ["cell-47-5"]
    assert "245 verzoekschriften kunnen mee" in desk.get(address)
    desk.post(f"{address}bevestigen")
    page = desk.get(address)
    assert "245 verzoekschriften zijn nu dossiers" in page
    assert "7 rijen gingen niet mee" in page
    link = re.search(r'href="(/dossiers/[0-9a-f-]+/)"', page)
    assert link is not None
    desk.get(link[1])
    desk.post(f"{address}ongedaan")
    assert "Dit is ongedaan gemaakt" in desk.get(address)
    desk.get(link[1], status=404)


def test_a_group_of_rows_can_be_chosen(desk: Desk, sample: bytes) -> None:
    address = desk.upload(sample)
    assert "staat al in rij 29" in desk.get(f"{address}?toon=duplicate")
    assert "HYPERLINK" in desk.get(f"{address}?toon=warning")
    assert "Verhelst, Marie" in desk.get(f"{address}?toon=all")
    assert "226–243 van 243" in desk.get(f"{address}?toon=new&page=10")
    assert "Hier staan geen rijen" in desk.get(f"{address}?toon=skipped")


def test_a_row_can_be_left_out(desk: Desk, sample: bytes) -> None:
    address = desk.upload(sample)
    row = desk.rows(address)[4]
    desk.post(f"{address}rij/{row}/overslaan", skipped="1", toon="new", page="1")
    assert "243 verzoekschriften kunnen mee" in desk.get(address)
    assert "Toch meenemen" in desk.get(f"{address}?toon=skipped")


def test_a_row_shows_each_problem_at_its_cell(desk: Desk, sample: bytes) -> None:
    address = desk.upload(sample)
    page = desk.get(f"{address}rij/{desk.rows(address)[72]}")
    field = re.search(r'<input[^>]*name="cell-9"[^>]*>', page)
    assert field is not None
    assert 'value="zie dossier"' in field[0]
    assert 'aria-invalid="true"' in field[0]


def test_what_is_no_spreadsheet_is_refused_in_words(desk: Desk) -> None:
    answer = desk.post(HOME, status=422, file=(io.BytesIO(b"<html><table></table></html>"), "register.xls"))
    assert "Dit is geen rekenblad" in answer.text
    assert "Kies eerst een bestand" in desk.post(HOME, status=422).text
    with desk.app.app_context(), desk.organisation.acting():
        assert db.session.query(ImportBatch).count() == 0


def test_a_file_without_a_register_says_so(desk: Desk) -> None:
    page = desk.get(desk.upload(b"a;b\n1;2\n", "iets.csv"))
    assert "geen register van verzoekschriften" in page


def test_headings_without_rows_say_so(desk: Desk, text: Make, register: Make) -> None:
    page = desk.get(desk.upload(text(register()), "register.csv"))
    assert "Onder de titels staat geen enkele rij" in page


def test_columns_are_pointed_out_when_they_are_not_found(desk: Desk, text: Make) -> None:
    content = text(
        [
            ["Datum ontvangst", "Rolnr", "Wie", "Zitting", "Vonnis"],
            ["14/02/2020", "20A1", "Peeters, Jan", None, None],
        ]
    )
    address = desk.upload(content, "register.csv")
    assert "Naam van de huurder" in desk.get(address)
    page = desk.get(f"{address}kolommen")
    assert "Peeters, Jan" in page
    chosen = {"column-0": "received", "column-1": "roll", "column-3": "hearing", "column-4": "judgment"}
    assert "Naam van de huurder" in desk.post(f"{address}kolommen", status=422, **chosen).text
    desk.post(f"{address}kolommen", **chosen, **{"column-2": "defendants"})
    desk.work()
    assert "1 verzoekschrift kan mee" in desk.get(address)


def test_progress_is_shown_with_and_without_script(desk: Desk, sample: bytes) -> None:
    answer = desk.post(HOME, file=(io.BytesIO(sample), "register.xlsx"))
    page = desk.get(answer.location)
    assert "Het bestand wordt gelezen" in page
    assert 'http-equiv="refresh"' in page
    part = desk.client.get(f"{answer.location}voortgang", headers={"HX-Request": "true"})
    assert "<progress" in part.text
    desk.work()
    part = desk.client.get(f"{answer.location}voortgang", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == answer.location


def test_what_cannot_be_done_now_is_said_on_the_page(desk: Desk, sample: bytes) -> None:
    address = desk.upload(sample)
    answer = desk.post(f"{address}ongedaan", status=409)
    assert "alleen ongedaan maken wat al ingelezen is" in answer.text


def test_rejected_rows_download_as_a_spreadsheet(desk: Desk, sample: bytes) -> None:
    address = desk.upload(sample)
    answer = desk.client.get(f"{address}afgewezen.xlsx")
    assert answer.status_code == 200
    assert answer.data.startswith(b"PK")
    assert "attachment" in answer.headers["Content-Disposition"]


PAGES = ("", "kolommen", "voortgang", "afgewezen.xlsx")
ACTIONS = ("bevestigen", "ongedaan", "opnieuw", "kolommen")


def test_another_organisation_finds_no_page(
    desk: Desk, app: Any, settings: Any, organisation: Make, sign_in: Make, csrf: Make, sample: bytes
) -> None:
    address = desk.upload(sample)
    row = desk.rows(address)[21]
    other = organisation(Role.SOCIAL_WORKER)
    stranger = Desk(app, settings, other, sign_in(other), csrf)
    for page in (*PAGES, f"rij/{row}"):
        stranger.get(address + page, status=404)
    for action in (*ACTIONS, f"rij/{row}", f"rij/{row}/overslaan"):
        stranger.post(address + action, status=404)
    assert "register.xlsx" not in stranger.get(HOME)
    with app.app_context(), desk.organisation.acting():
        assert db.session.query(Case).count() == 0


@pytest.mark.parametrize("role", [Role.DPO, Role.TENANT_ADMIN, Role.NETWORK_MEMBER])
def test_roles_without_case_work_get_nowhere(
    role: Role, app: Any, settings: Any, organisation: Make, sign_in: Make, csrf: Make
) -> None:
    other = organisation(role)
    Desk(app, settings, other, sign_in(other, role), csrf).get(HOME, status=403)


def test_a_row_of_another_import_is_not_found(desk: Desk, sample: bytes) -> None:
    one, two = desk.upload(sample), desk.upload(sample)
    desk.get(f"{one}rij/{desk.rows(two)[21]}", status=404)


def test_a_post_without_its_token_changes_nothing(desk: Desk, sample: bytes) -> None:
    address = desk.upload(sample)
    assert desk.client.post(f"{address}bevestigen").status_code == 400
    with desk.app.app_context(), desk.organisation.acting():
        assert staging.find(uuid.UUID(address.rstrip("/").rpartition("/")[2])).state == "ready"
