"""Petitions by hand: a changed event gives other deadlines, a wrong one changes nothing."""

import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.database import db
from app.security.roles import Role
from tenants.petitions.models import Hearing, Judgment, Petition

pytestmark = pytest.mark.usefixtures("on_tuesday")
PETITION = {"kind": "petition", "court": "Oostende 1", "received_on": "2026-11-23"}


def addresses(made):
    return [
        f"/verzoekschriften/dossier/{made.case_id}/nieuw",
        f"/verzoekschriften/{made.petition_id}/",
        f"/verzoekschriften/{made.petition_id}/zitting",
        f"/verzoekschriften/{made.petition_id}/vonnis",
        f"/verzoekschriften/{made.petition_id}/uitdrijving",
        f"/zittingen/{made.hearing_id}/",
        f"/zittingen/{made.hearing_id}/noteren",
        f"/zittingen/{made.hearing_id}/verwijderen",
    ]


def test_another_organisation_finds_nothing_of_it(organisation, proceeding, sign_in, send, deadlines_of):
    ours, theirs = organisation(), organisation()
    made = proceeding(ours, "Vermeulen", roll_number="26A1187", hearing_at=datetime(2026, 12, 1, 9, 30))
    before = deadlines_of(ours, made.case_id)
    client = sign_in(theirs)
    fields = {**PETITION, "hearing_on": "2026-12-15", "present": "tenant", "result": "default", "kind": "petition"}
    for address in addresses(made):
        for answer in (client.get(address), send(client, address, **fields)):
            assert answer.status_code in (404, 405), address
            assert "Vermeulen" not in answer.get_data(as_text=True)
    for address in ("/verzoekschriften/", "/zittingen/", "/verzoekschriften/verdelen/", "/vandaag/?wie=team"):
        page = client.get(address)
        assert page.status_code == 200
        assert "Vermeulen" not in page.get_data(as_text=True)
    found = send(client, "/verzoekschriften/nieuw/", q="Vermeulen")
    assert str(made.case_id) not in found.get_data(as_text=True)
    assert send(client, "/verzoekschriften/verdelen/", case=str(made.case_id), user="").status_code == 422
    given = send(client, "/verzoekschriften/verdelen/", case=str(made.case_id), user=theirs.users["social_worker"].id)
    assert given.status_code == 404
    assert deadlines_of(ours, made.case_id) == before


@pytest.mark.parametrize("role", [Role.DPO, Role.TENANT_ADMIN])
def test_who_does_no_case_work_stays_out(organisation, proceeding, sign_in, role):
    ocmw = organisation(Role.SOCIAL_WORKER, role)
    made = proceeding(ocmw, hearing_at=datetime(2026, 12, 1, 9, 30))
    client = sign_in(ocmw, role)
    for address in [*addresses(made)[:-1], "/verzoekschriften/", "/zittingen/", "/vandaag/", "/agenda/"]:
        assert client.get(address).status_code == 403, address


def test_adding_a_petition_with_its_hearing(organisation, proceeding, sign_in, send, deadlines_of, case_row, read):
    ocmw = organisation()
    made = proceeding(ocmw, roll_number="26A1", received_on=date(2026, 3, 2))
    client = sign_in(ocmw)
    form = client.get(f"/verzoekschriften/dossier/{made.case_id}/nieuw")
    assert "Nieuw verzoekschrift" in read(form)
    answer = send(
        client,
        f"/verzoekschriften/dossier/{made.case_id}/nieuw",
        **PETITION,
        roll_number=" 26/a/1187 ",
        registered_on="2026-11-19",
        arrears="€ 2.610,50",
        arrears_months="2,5",
        hearing_on="2026-12-01",
        hearing_hour="9:30",
    )
    assert answer.status_code == 302
    assert deadlines_of(ocmw, made.case_id) == {
        "first_contact": date(2026, 11, 26),
        "hearing": date(2026, 12, 1),
    }
    case = case_row(ocmw, made.case_id)
    assert case.hearing_at.isoformat() == "2026-12-01T08:30:00+00:00"
    assert "26a1187" in case.search_text
    page = read(client.get(f"/dossiers/{made.case_id}/"))
    assert "Gevorderd: € 2.610,50, 2,5 maanden huur" in page
    assert "Zitting op dinsdag 1 december 2026 om 9.30 u" in page


def test_a_changed_day_moves_the_deadline(organisation, proceeding, sign_in, send, deadlines_of, read):
    ocmw = organisation()
    made = proceeding(ocmw, received_on=date(2026, 11, 16), arrears_months=Decimal(3))
    assert deadlines_of(ocmw, made.case_id) == {"first_contact": date(2026, 11, 19)}
    client = sign_in(ocmw)
    address = f"/verzoekschriften/{made.petition_id}/"
    assert 'value="3"' in client.get(address).get_data(as_text=True)
    answer = send(client, address, **PETITION, roll_number="26A9")
    assert answer.headers["Location"] == f"/dossiers/{made.case_id}/"
    assert deadlines_of(ocmw, made.case_id) == {"first_contact": date(2026, 11, 26)}
    assert send(client, "/verzoekschriften/nieuw/", q="26a9").get_data(as_text=True).count("Vermeulen") >= 1


def test_what_is_wrong_is_told_at_once_and_nothing_is_kept(organisation, proceeding, sign_in, send, deadlines_of, read):
    ocmw = organisation()
    made = proceeding(ocmw)
    before = deadlines_of(ocmw, made.case_id)
    client = sign_in(ocmw)
    address = f"/verzoekschriften/{made.petition_id}/"
    answer = send(
        client, address, kind="petition", court="", received_on="gisteren", arrears="veel", roll_number="geen"
    )
    assert answer.status_code == 422
    told = read(answer)
    assert "Er zijn nog 4 dingen niet in orde" in told
    for sentence in ("Vul het kanton in", "Dit is geen datum", "Dit is geen bedrag"):
        assert sentence in told
    answer = send(client, address, **{**PETITION, "registered_on": "2026-11-24", "received_on": "2026-11-25"})
    assert answer.status_code == 422
    assert "woensdag 25 november 2026 moet nog komen" in read(answer)
    assert deadlines_of(ocmw, made.case_id) == before


def test_the_same_roll_number_leads_to_the_other_case(organisation, proceeding, sign_in, send, reading, read):
    ocmw = organisation()
    first = proceeding(ocmw, "Haddad", roll_number="26A1187")
    second = proceeding(ocmw, "Vermeulen", roll_number="26A1188")
    client = sign_in(ocmw)
    for address in (
        f"/verzoekschriften/{second.petition_id}/",
        f"/verzoekschriften/dossier/{second.case_id}/nieuw",
    ):
        answer = send(client, address, **PETITION, roll_number="26A1187")
        assert answer.status_code == 422
        assert "Haddad" in read(answer)
        assert f"/dossiers/{first.case_id}/" in answer.get_data(as_text=True)
    assert (
        send(client, f"/verzoekschriften/{second.petition_id}/", **PETITION, roll_number="26A1188").status_code == 302
    )
    with reading(ocmw):
        assert db.session.scalar(select(func.count()).select_from(Petition)) == 2


def test_service_starts_the_terms_not_the_judgment(
    organisation, proceeding, sign_in, send, deadlines_of, case_row, reading
):
    ocmw = organisation()
    made = proceeding(ocmw, received_on=date(2026, 10, 5), hearing_at=datetime(2026, 10, 13, 9, 30))
    client = sign_in(ocmw)
    address = f"/verzoekschriften/{made.petition_id}/vonnis"
    assert send(client, address, kind="default", pronounced_on="2026-10-13").status_code == 302
    assert deadlines_of(ocmw, made.case_id) == {}
    assert case_row(ocmw, made.case_id).stage == "judgment"
    with_service = {"kind": "default", "pronounced_on": "2026-10-13", "judgment_served_on": "2026-11-02"}
    with_service["terms"] = "12 × € 150"
    with reading(ocmw):
        judgment_id = db.session.scalar(select(Judgment.id))
    assert send(client, f"/verzoekschriften/vonnis/{judgment_id}/", **with_service).status_code == 302
    assert deadlines_of(ocmw, made.case_id) == {
        "opposition": date(2026, 12, 2),
        "earliest_eviction": date(2026, 12, 3),
        "judgment_copy": date(2026, 11, 9),
    }


def test_service_cannot_precede_the_judgment(organisation, proceeding, sign_in, send, reading, read):
    ocmw = organisation()
    made = proceeding(ocmw, hearing_at=datetime(2026, 11, 17, 9, 30))
    client = sign_in(ocmw)
    answer = send(
        client,
        f"/verzoekschriften/{made.petition_id}/vonnis",
        kind="default",
        pronounced_on="2026-11-10",
        judgment_served_on="2026-11-09",
    )
    assert answer.status_code == 422
    told = read(answer)
    assert "Het vonnis kan niet van dinsdag 10 november 2026 zijn" in told
    assert "kan niet op maandag 9 november 2026 betekend zijn" in told
    with reading(ocmw):
        assert db.session.scalar(select(func.count()).select_from(Judgment)) == 0


def test_a_known_judgment_is_changed_not_doubled(organisation, proceeding, sign_in, send, reading, deadlines_of):
    ocmw = organisation()
    made = proceeding(
        ocmw, judgment_kind="default", pronounced_on=date(2026, 11, 17), judgment_served_on=date(2026, 11, 20)
    )
    with reading(ocmw):
        judgment_id = db.session.scalar(select(Judgment.id))
    client = sign_in(ocmw)
    address = f"/verzoekschriften/vonnis/{judgment_id}/"
    assert 'value="2026-11-20"' in client.get(address).get_data(as_text=True)
    answer = send(client, address, kind="agreement", pronounced_on="2026-11-17", judgment_served_on="2026-11-23")
    assert answer.status_code == 302
    assert deadlines_of(ocmw, made.case_id)["earliest_eviction"] == date(2026, 12, 24)
    with reading(ocmw):
        assert db.session.scalar(select(func.count()).select_from(Judgment)) == 1


def test_notice_and_eviction(organisation, proceeding, sign_in, send, deadlines_of, case_row, read):
    ocmw = organisation()
    made = proceeding(
        ocmw, judgment_kind="default", pronounced_on=date(2026, 9, 1), judgment_served_on=date(2026, 9, 10)
    )
    client = sign_in(ocmw)
    address = f"/verzoekschriften/{made.petition_id}/uitdrijving"
    assert send(client, address, notice_on="2026-11-20", planned_on="2026-12-01").status_code == 302
    assert deadlines_of(ocmw, made.case_id)["planned_eviction"] == date(2026, 12, 1)
    assert case_row(ocmw, made.case_id).stage == "notice"
    assert "Uitdrijving gepland op dinsdag 1 december 2026" in read(client.get(f"/dossiers/{made.case_id}/"))
    wrong = send(client, address, notice_on="2026-11-20", planned_on="2026-11-19")
    assert wrong.status_code == 422
    assert deadlines_of(ocmw, made.case_id)["planned_eviction"] == date(2026, 12, 1)
    emptied = send(client, address, notice_on="", planned_on="", carried_out_on="")
    assert emptied.status_code == 302
    assert case_row(ocmw, made.case_id).stage == "service"


def test_a_hearing_is_set_moved_and_taken_away(organisation, proceeding, sign_in, send, deadlines_of, reading, read):
    ocmw = organisation()
    made = proceeding(ocmw)
    client = sign_in(ocmw)
    address = f"/verzoekschriften/{made.petition_id}/zitting"
    wrong = send(client, address, hearing_on="2026-11-13")
    assert wrong.status_code == 422
    assert "De zitting kan niet op vrijdag 13 november 2026 zijn" in read(wrong)
    assert send(client, address, hearing_on="2026-12-01", hearing_hour="9:30").status_code == 302
    assert deadlines_of(ocmw, made.case_id)["hearing"] == date(2026, 12, 1)
    with reading(ocmw):
        hearing_id = db.session.scalar(select(Hearing.id))
    assert 'value="09:30"' in client.get(f"/zittingen/{hearing_id}/").get_data(as_text=True)
    assert send(client, f"/zittingen/{hearing_id}/", hearing_on="2026-12-08").status_code == 302
    assert deadlines_of(ocmw, made.case_id)["hearing"] == date(2026, 12, 8)
    assert send(client, address, hearing_on="2026-12-08").status_code == 422
    assert send(client, f"/zittingen/{hearing_id}/verwijderen").status_code == 302
    assert "hearing" not in deadlines_of(ocmw, made.case_id)


def test_the_list_and_its_filters(organisation, proceeding, sign_in, read):
    ocmw = organisation()
    client = sign_in(ocmw)
    assert "Nog geen verzoekschriften" in read(client.get("/verzoekschriften/"))
    proceeding(ocmw, "Peeters", court="Oostende 1", reached_on=date(2026, 11, 18))
    proceeding(ocmw, "Maes", court="Oostende 2", received_on=date(2026, 11, 20), assigned_to=None)
    proceeding(ocmw, "Oud", court="Oostende 2", received_on=date(2025, 2, 3), reached_on=date(2025, 2, 4))
    page = read(client.get("/verzoekschriften/"))
    assert page.index("Maes") < page.index("Peeters") < page.index("Oud")

    def shown(query):
        page = read(client.get(f"/verzoekschriften/?{query}"))
        return {name for name in ("Peeters", "Maes", "Oud") if name in page}

    assert shown("court=Oostende+2") == {"Maes", "Oud"}
    assert shown("period=month") == {"Peeters", "Maes"}
    assert shown("period=last_year") == {"Oud"}
    assert shown("which=not_reached") == {"Maes"}
    assert shown("which=unassigned") == {"Maes"}
    assert shown("which=onzin&period=onzin&page=999") == {"Peeters", "Maes", "Oud"}
    assert "Zo'n verzoekschrift is er niet" in read(client.get("/verzoekschriften/?court=Gent+1"))


def test_new_cases_are_distributed(organisation, proceeding, sign_in, send, case_row, read):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    made = proceeding(ocmw, "Maes", assigned_to=None)
    client = sign_in(ocmw, Role.TEAM_LEAD)
    assert "Maes" in read(client.get("/verzoekschriften/verdelen/"))
    user = ocmw.users[Role.SOCIAL_WORKER].id
    assert "Vink minstens één dossier aan" in read(send(client, "/verzoekschriften/verdelen/", user=user))
    assert send(client, "/verzoekschriften/verdelen/", case="geen-id", user=user).status_code == 400
    assert send(client, "/verzoekschriften/verdelen/", case=str(made.case_id), user=10**6).status_code == 422
    assert case_row(ocmw, made.case_id).assigned_to is None
    assert send(client, "/verzoekschriften/verdelen/", case=str(made.case_id), user=user).status_code == 302
    assert case_row(ocmw, made.case_id).assigned_to == user
    assert "Elk dossier heeft iemand" in read(client.get("/verzoekschriften/verdelen/"))


@pytest.mark.parametrize(
    ("form", "first", "later", "told"),
    [
        ("/verzoekschriften/{p}/", {"arrears": "1000"}, {"arrears": "2000"}, "bewaard is ‘1000,00’, jij hebt ‘2000’"),
        ("/zittingen/{h}/", {"hearing_on": "2026-12-15"}, {"hearing_on": "2026-12-16"}, "bewaard is ‘15/12/2026’"),
        ("/verzoekschriften/{p}/vonnis", {"kind": "agreement"}, {"kind": "default"}, "Akkoord"),
        ("/verzoekschriften/{p}/uitdrijving", {"notice_on": "2026-11-20"}, {"notice_on": "2026-11-19"}, "20/11/2026"),
    ],
)
def test_who_saves_later_is_told_what_a_colleague_saved(
    organisation, proceeding, sign_in, send, read, form, first, later, told
):
    ocmw = organisation()
    made = proceeding(ocmw, hearing_at=datetime(2026, 12, 1, 9, 30), received_on=date(2026, 11, 16))
    address = form.format(p=made.petition_id, h=made.hearing_id)
    base = {"court": "Oostende 1", "received_on": "2026-11-16"} if address.endswith(f"{made.petition_id}/") else {}
    client = sign_in(ocmw)

    def mark(page):
        return re.search(r'name="seen" value="(\w+)"', page.get_data(as_text=True))[1]

    opened = mark(client.get(address))
    assert send(client, address, seen=opened, **base, **first).status_code == 302
    clash = send(client, address, seen=opened, **base, **later)
    assert clash.status_code == 409
    assert re.search(r"(?!Een collega)\w.+ heeft dit intussen gewijzigd\. \(\d+ \w+, ", read(clash)), "who and when"
    assert told in read(clash)
    assert send(client, address, seen=mark(clash), **base, **later).status_code == 302
