"""The list of cases: what it shows, in which order, and what leaves it as a spreadsheet."""

import csv
import io
from datetime import date

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.audit.service import verify
from app.security.roles import Role
from tenants.cases import service
from tenants.cases.codes import EvictionOutcome, HousingOutcome, Market, Reason
from tenants.cases.filters import CaseFilter, Reached, Shown, Sort
from tenants.cases.intake import NewCase, NewDwelling, NewPerson
from tenants.cases.listing import list_cases
from tenants.cases.models import SavedFilter
from tenants.cases.opening import open_cases
from tenants.cases.service import Closing
from tenants.petitions.codes import StageKey
from tenants.petitions.service import recompute

SEALED = ("85073003328", "85.07.30-033.28", "0470 99 88 77", "dirk@voorbeeld.test", "Beloofd om", "geheime notitie")


def some_cases(ocmw, inside):
    """Four cases: two carried by the acting person, one of a colleague, one of nobody; one is closed."""
    me, colleague = ocmw.users[Role.SOCIAL_WORKER].id, ocmw.users[Role.TEAM_LEAD].id
    new = [
        NewCase((NewPerson("Van Damme", "Koen"),), date(2026, 1, 10), assigned_to=me, market=Market.SOCIAL),
        NewCase((NewPerson("Vandamme", "An"),), date(2026, 3, 1), assigned_to=colleague, reason=Reason.NUISANCE),
        NewCase((NewPerson("100%_man", "=1+1"),), date(2026, 2, 1), dwelling=NewDwelling("Kaai", "7")),
        NewCase((NewPerson("Zeger", "Ann"),), date(2025, 12, 1), assigned_to=me),
    ]
    with inside(ocmw):
        ids = open_cases(new)
        recompute(ids)
        closing = Closing(date(2026, 5, 1), HousingOutcome.STAYED, EvictionOutcome.AVOIDED, left_open="verhuisd")
        service.close(ids[3], closing, None)
    return ids


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (CaseFilter(sort=Sort.NAME), ["100%_man", "Vandamme", "Van Damme"]),
        (CaseFilter(sort=Sort.NEWEST), ["Vandamme", "100%_man", "Van Damme"]),
        (CaseFilter(whose="mine"), ["Van Damme"]),
        (CaseFilter(whose="nobody"), ["100%_man"]),
        (CaseFilter(whose="mine", state=Shown.ALL, sort=Sort.NAME), ["Van Damme", "Zeger"]),
        (CaseFilter(state=Shown.CLOSED), ["Zeger"]),
        (CaseFilter(reason=Reason.NUISANCE), ["Vandamme"]),
        (CaseFilter(market=Market.SOCIAL), ["Van Damme"]),
        (CaseFilter(reached=Reached.YES), []),
        (CaseFilter(stage=StageKey.EVICTION), []),
        (CaseFilter(opened_from=date(2026, 2, 1), opened_to=date(2026, 2, 28)), ["100%_man"]),
        (CaseFilter(q="an vandamme"), ["Vandamme"]),
        (CaseFilter(q="%"), ["100%_man"]),
        (CaseFilter(q="_"), ["100%_man"]),
        (CaseFilter(q="KAAI 7"), ["100%_man"]),
        (CaseFilter(q="dam", sort=Sort.NAME), ["Vandamme", "Van Damme"]),
    ],
)
def test_a_filter_shows_what_it_says(organisation, inside, wanted, names):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    some_cases(ocmw, inside)
    with inside(ocmw):
        found = list_cases(wanted)
    assert [row.display_name.split(",")[0] for row in found.rows] == names
    assert found.count == len(names)


def test_the_next_day_comes_first_and_no_day_last(organisation, make_case, inside):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    some_cases(ocmw, inside)
    made = make_case(ocmw)
    with inside(ocmw):
        rows = list_cases(CaseFilter()).rows
    assert rows[0].id == made.case_id
    assert [row.next_due_on for row in rows[1:]] == [None, None, None]


def test_pages_follow_each_other_without_gap_or_repetition(organisation, inside, sign_in):
    ocmw = organisation()
    with inside(ocmw):
        open_cases([NewCase((NewPerson(f"Naam{n}"),), date(2026, 1, 1)) for n in range(60)])
        pages = [list_cases(CaseFilter(sort=Sort.NAME), page) for page in (1, 2, 3, 99, -1)]
    ids = [row.id for page in pages[:3] for row in page.rows]
    assert (len(ids), len(set(ids))) == (60, 60)
    assert (pages[3].page, pages[4].page) == (3, 1)
    client = sign_in(ocmw)
    assert "60 dossiers" in client.get("/dossiers/?page=3&sort=name").get_data(as_text=True)
    assert client.get("/dossiers/?page=x&whose=99999999999&opened_from=2026-13-40&sort=niets").status_code == 200


def test_a_list_opens_no_sealed_field(organisation, make_case, sign_in):
    ocmw = organisation()
    make_case(ocmw)
    client = sign_in(ocmw)
    for address in ("/dossiers/", "/zoeken/?q=vermeulen"):
        page = client.get(address).get_data(as_text=True)
        assert "Vermeulen, Dirk" in page
        assert not [secret for secret in SEALED if secret in page]


def test_an_empty_list_says_what_to_do(organisation, sign_in):
    client = sign_in(organisation())
    assert "/dossiers/nieuw/" in client.get("/dossiers/").get_data(as_text=True)
    assert "Geen dossier past bij deze filter" in client.get("/dossiers/?q=zzz").get_data(as_text=True)


def test_a_national_number_does_not_stay_in_the_address(organisation, make_case, sign_in):
    ocmw = organisation()
    make_case(ocmw)
    answer = sign_in(ocmw).get("/dossiers/?q=85.07.30-033.28&sort=name")
    assert (answer.status_code, answer.location) == (303, "/dossiers/?sort=name")


# ---------------------------------------------------------------- kept filters


def test_a_filter_is_kept_replaced_and_forgotten_by_its_owner_alone(organisation, sign_in, send, inside):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    mine, other = sign_in(ocmw), sign_in(ocmw, Role.TEAM_LEAD)
    send(mine, "/dossiers/filters", name="  Mijn  sociale ", query="market=social&page=3&x=y&q=85073003328")
    send(mine, "/dossiers/filters", name="Mijn sociale", query="market=social&whose=mine")
    with inside(ocmw) as session:
        kept = session.scalars(select(SavedFilter)).all()
    assert [(k.name, k.query) for k in kept] == [("Mijn sociale", "whose=mine&market=social")]
    assert "Mijn sociale" in mine.get("/dossiers/").get_data(as_text=True)
    assert "Mijn sociale" not in other.get("/dossiers/").get_data(as_text=True)
    forget = f"/dossiers/filters/{kept[0].id}/verwijderen"
    assert send(other, forget).status_code == 404
    assert send(mine, forget).status_code == 302
    assert "Mijn sociale" not in mine.get("/dossiers/").get_data(as_text=True)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_filter_needs_a_name_of_a_reasonable_length(organisation, sign_in, send, inside, name):
    ocmw = organisation()
    assert send(sign_in(ocmw), "/dossiers/filters", name=name, query="market=social").status_code == 302
    with inside(ocmw) as session:
        assert session.scalars(select(SavedFilter)).all() == []


# ---------------------------------------------------------------- export

HOSTILE = ("=1+1", "+32", "-x", "@SUM(A1)")


def hostile_cases(ocmw, inside):
    with inside(ocmw):
        open_cases([NewCase((NewPerson(name),), date(2026, 1, 1)) for name in HOSTILE])


def test_a_csv_holds_text_where_people_typed_a_formula(organisation, inside, sign_in, send):
    ocmw = organisation()
    hostile_cases(ocmw, inside)
    answer = send(sign_in(ocmw), "/dossiers/uitvoeren", format="csv", query="sort=name")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    header, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";")
    assert header[:2] == ["Dossiernummer", "Naam"]
    assert sorted(row[1] for row in rows) == sorted(f"'{name}" for name in HOSTILE)
    assert {row[13] for row in rows} == {"01/01/2026"}


def test_a_workbook_holds_no_formula_at_all(organisation, inside, sign_in, send):
    import zipfile

    ocmw = organisation()
    hostile_cases(ocmw, inside)
    answer = send(sign_in(ocmw), "/dossiers/uitvoeren", format="xlsx", query="")
    sheet = zipfile.ZipFile(io.BytesIO(answer.data)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert sorted(row[1] for row in rows[1:]) == sorted(HOSTILE)
    assert rows[1][13] == date(2026, 1, 1)


def test_an_export_holds_the_filtered_cases_and_is_in_the_trail(organisation, inside, make_case, sign_in, send):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    some_cases(ocmw, inside)
    made = make_case(ocmw)
    answer = send(sign_in(ocmw), "/dossiers/uitvoeren", format="csv", query="q=vermeulen")
    assert answer.data.decode("utf-8-sig").count("\r\n") == 2
    assert not [secret for secret in SEALED if secret in answer.get_data(as_text=True)]
    with inside(ocmw) as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.act == "export")).all()
        assert [event.case_id for event in events] == [made.case_id]
        assert events[0].actor_id == ocmw.users[Role.SOCIAL_WORKER].id
        assert verify(ocmw.tenant.id).fault is None
