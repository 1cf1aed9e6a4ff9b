"""What an OCMW does with a report, and what nobody else sees of it."""

import re
import uuid
from datetime import date

import pytest
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.database import db
from app.jobs import run_worker
from app.security.roles import Role
from tenants.cases.facts import rebuild
from tenants.cases.intake import NewCase, NewDwelling, NewPerson
from tenants.cases.models import Case
from tenants.cases.service import open_new
from tenants.intake import triage
from tenants.intake.codes import ClosingReason, ReporterKind, Track
from tenants.intake.likeness import Because
from tenants.intake.models import Report, ReportSlip
from tests.tenants.intake.samples import TOLD
from tests.tenants.intake.test_report import mails


@pytest.fixture
def report_id(reported, region, reading):
    reported()
    with reading(region.kortrijk):
        return db.session.scalar(select(Report.id))


def known_case(organisation, reading, last="Vermeulen", first="Dirk", *, born=None, street="Markt", number="1"):
    with reading(organisation):
        return open_new(
            NewCase(
                persons=(NewPerson(last, first, birth_date=born),),
                opened_on=date(2026, 11, 2),
                dwelling=NewDwelling(street, number, "", "8500", "Kortrijk"),
            )
        )


def test_the_neighbour_in_the_network_finds_nothing(region, report_id, sign_in, send):
    neighbour = sign_in(region.menen)
    assert neighbour.get(f"/meldingen/{report_id}/").status_code == 404
    assert "Vermeulen" not in neighbour.get("/meldingen/").get_data(as_text=True)
    for act, fields in (
        ("koppelen", {"case_id": str(uuid.uuid4())}),
        ("openen", {}),
        ("sluiten", {"reason": "settled"}),
    ):
        assert send(neighbour, f"/meldingen/{report_id}/{act}", **fields).status_code == 404


@pytest.mark.parametrize("role", [Role.TENANT_ADMIN, Role.DPO, Role.NETWORK_MEMBER])
def test_other_roles_of_the_house_are_refused(organisation, sign_in, role):
    client = sign_in(organisation(role), role)
    assert client.get("/meldingen/").status_code == 403
    assert client.get("/meldingen/netwerk/").status_code == 403


def test_the_inbox_shows_it_as_new_and_the_menu_counts_it(region, report_id, sign_in, read):
    client = sign_in(region.kortrijk)
    page = client.get("/meldingen/")
    assert "Vermeulen, Dirk" in read(page)
    assert "Eén melding wacht op een beslissing." in read(page)
    menu = re.search(r'href="/meldingen/"[^>]*>(.*?)</a>', page.get_data(as_text=True), re.S)
    assert re.sub(r"<[^>]+>|\s", "", menu[1]) == "Meldingen1"


def test_opening_it_is_recorded(region, report_id, sign_in, reading):
    sign_in(region.kortrijk).get(f"/meldingen/{report_id}/")
    with reading(region.kortrijk):
        seen = db.session.scalars(select(AuditEvent).where(AuditEvent.act == "read")).all()
        assert [(e.subject, e.subject_id) for e in seen] == [("report", report_id)]


def test_a_case_is_opened_out_of_it_with_its_facts(region, report_id, sign_in, send, reading):
    client = sign_in(region.kortrijk)
    answer = send(client, f"/meldingen/{report_id}/openen")
    assert answer.status_code == 302
    with reading(region.kortrijk):
        (case,) = db.session.scalars(select(Case)).all()
        assert answer.headers["Location"].endswith(f"/dossiers/{case.id}/")
        assert (case.source, case.reason, case.market) == ("meldpunt_landlord", "rent_arrears", "private")
        assert case.display_name == "Vermeulen, Dirk"
        assert case.dwelling.landlord.name == "An Feys"
        report = triage.find(report_id)
        assert (report.state, report.case_id) == ("taken_up", case.id)
        assert report.first_act_by == region.kortrijk.users[Role.SOCIAL_WORKER].id
        assert db.session.scalar(select(ReportSlip.state)) == "taken_up"
        assert rebuild(region.kortrijk.tenant.id, write=False) == (1, [])
    page = client.get(answer.headers["Location"]).get_data(as_text=True)
    assert "Melding op het meldpunt" in page
    assert "Sinds juni geen huur meer." in page
    assert "an.feys@" not in page, "who reported is not named in the file"


def test_the_second_colleague_is_told_and_no_second_case_comes(region, report_id, sign_in, send, reading):
    client = sign_in(region.kortrijk)
    send(client, f"/meldingen/{report_id}/openen")
    answer = send(client, f"/meldingen/{report_id}/openen")
    assert answer.status_code == 302
    assert "heeft deze melding al opgenomen" in client.get(answer.headers["Location"]).get_data(as_text=True)
    with reading(region.kortrijk):
        assert len(db.session.scalars(select(Case)).all()) == 1


def test_linking_by_number_and_by_proposal(region, report_id, sign_in, send, reading, read):
    case_id = known_case(region.kortrijk, reading)
    with reading(region.kortrijk):
        number = db.session.get(Case, case_id).number
    client = sign_in(region.kortrijk)
    page = client.get(f"/meldingen/{report_id}/")
    assert "zelfde naam" in read(page)
    assert send(client, f"/meldingen/{report_id}/koppelen", number="XX-1").status_code == 422
    assert send(client, f"/meldingen/{report_id}/koppelen", number="").status_code == 422
    assert send(client, f"/meldingen/{report_id}/koppelen", number=number.lower()).status_code == 302
    with reading(region.kortrijk):
        assert triage.find(report_id).case_id == case_id


def test_a_case_of_the_neighbour_can_not_be_linked(region, report_id, sign_in, send, reading):
    theirs = known_case(region.menen, reading)
    answer = send(sign_in(region.kortrijk), f"/meldingen/{report_id}/koppelen", case_id=str(theirs))
    assert answer.status_code == 422
    with reading(region.kortrijk):
        assert triage.find(report_id).state == "received"


def test_closing_needs_a_reason_and_the_reporter_hears_no_more_than_that(
    app, settings, region, report_id, sign_in, send, reading
):
    client = sign_in(region.kortrijk)
    assert send(client, f"/meldingen/{report_id}/sluiten").status_code == 422
    assert send(client, f"/meldingen/{report_id}/sluiten", reason="settled").status_code == 302
    with reading(region.kortrijk):
        report = triage.find(report_id)
        assert (report.state, report.closing_reason) == ("closed", ClosingReason.SETTLED)
        with pytest.raises(triage.ReportError):
            triage.close(report_id, ClosingReason.SETTLED)
        reference = report.reference
    run_worker(app, settings.database_url, wait=False)
    told = [m.get_content() for m in mails(settings, reference) if m["To"] == TOLD.reporter_email]
    assert any("Afgesloten" in body for body in told)
    assert not any("Al opgelost" in body or "Vermeulen" in body for body in told)


def test_a_closed_report_can_still_be_taken_up(region, report_id, reading):
    with reading(region.kortrijk):
        triage.close(report_id, ClosingReason.NONSENSE)
        case_id = triage.open_case(report_id)
        report = triage.find(report_id)
        assert (report.state, report.case_id, report.closing_reason) == ("taken_up", case_id, None)


def test_a_case_that_is_taken_back_leaves_the_report(region, report_id, reading):
    with reading(region.kortrijk):
        case_id = triage.open_case(report_id)
        db.session.delete(db.session.get(Case, case_id))
        db.session.commit()
        report = triage.find(report_id)
        db.session.refresh(report)
        assert report.case_id is None
        assert triage.open_case(report_id) != case_id


def test_the_time_to_the_first_decision_is_kept(region, report_id, reading):
    with reading(region.kortrijk):
        assert triage.first_contact() is None
        triage.close(report_id, ClosingReason.SETTLED)
        first = triage.find(report_id).first_act_at
        triage.open_case(report_id)
        assert triage.find(report_id).first_act_at == first, "only the first counts"
        assert triage.first_contact() == first - triage.find(report_id).received_at


def test_the_same_household_twice_is_marked_at_the_second(region, reported, reading, sign_in, read):
    one, other = reported(), reported(last_name="Vermeulen", street="BUDASTRAAT")
    reported(last_name="Peeters", first_name="Jan", street="Markt", house_number="9")
    with reading(region.kortrijk):
        by_reference = {r.reference: r for r in db.session.scalars(select(Report))}
        assert [line.report.reference for line in triage.inbox(None) if line.is_again] == [other.reference]
        assert [r.reference for r in triage.same_reports(by_reference[one.reference])] == [other.reference]
    assert read(sign_in(region.kortrijk).get("/meldingen/")).count("al eerder gemeld") == 1


@pytest.mark.parametrize(
    ("case", "told", "because"),
    [
        ({}, {}, (Because.NAME,)),
        ({"last": "Vermeulen", "first": "Dirck"}, {}, (Because.SIMILAR_NAME,)),
        ({"last": "Dirk", "first": "Vermeulen"}, {}, (Because.NAME,)),
        ({"last": "De Clercq"}, {"last_name": "Declerck"}, (Because.SIMILAR_NAME,)),
        ({"last": "Peeters", "street": "Budastr.", "number": "12"}, {}, (Because.ADDRESS,)),
        ({"street": "Budastraat", "number": "12"}, {}, (Because.ADDRESS, Because.NAME)),
        ({"born": date(1980, 1, 2)}, {"born": date(1980, 1, 2)}, (Because.NAME, Because.BIRTH_DATE)),
        ({"born": date(1980, 1, 2)}, {"born": date(1990, 1, 2)}, None),
        ({"last": "Vermeiren"}, {}, None),
        ({"last": "Vermeulen"}, {"first_name": ""}, (Because.NAME,)),
    ],
)  # fmt: skip
def test_likely_cases_with_their_reasons(region, reading, case, told, because):
    case_id = known_case(region.kortrijk, reading, **case)
    known_case(region.menen, reading, street="Budastraat", number="12")
    known_case(region.kortrijk, reading, "Onbekende", "Iemand", street="Elders", number="3")
    with reading(region.kortrijk):
        found = [(each.case.id, each.because) for each in triage.likely_cases(TOLD.but(**told))]
    assert found == ([(case_id, because)] if because else [])


def test_who_lives_there_themselves_is_the_person_of_the_case(region, reported, reading):
    reported(
        track=Track.OTHER, kind=ReporterKind.TENANT, first_name="", last_name="", reporter_phone="0470 00 00 00",
        may_tell=True,
    )  # fmt: skip
    with reading(region.kortrijk):
        case_id = triage.open_case(db.session.scalar(select(Report.id)))
        case = db.session.get(Case, case_id)
        assert case.source == "meldpunt_other"
        assert (case.persons[0].last_name, case.persons[0].phone) == ("Feys", "0470 00 00 00")
