"""Changing a case: what is repeated stays in step, and nobody overwrites a colleague unseen."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.database import db, transaction
from app.security.roles import Role
from tenants.cases import service
from tenants.cases.codes import EvictionOutcome, HousingOutcome, LandlordKind, Market, PersonRole, Reason, Source
from tenants.cases.intake import NewDwelling, NewHousehold, NewLandlord, NewPerson
from tenants.cases.models import Case, Household, Landlord, Person
from tenants.cases.service import Closing, Grounds

GROUNDS = Grounds(Source.PETITION, Reason.NUISANCE, (Reason.RENT_ARREARS,), Market.SOCIAL, date(2026, 10, 1))
WHY = "Verhuisd voor er iets bekeken was"
CLOSING = Closing(date(2026, 12, 20), HousingOutcome.STAYED, EvictionOutcome.AVOIDED, left_open=WHY)
ELSEWHERE = NewDwelling("Kaai", "7", "", "8620", "Nieuwpoort")
RENAMED = NewPerson("De Smet", "Dirk", birth_date=date(1969, 1, 1))
PARTNER = NewPerson("Maes", "An", PersonRole.PARTNER)
CHANGES = {
    "rename the reference person": lambda m: service.save_person(m.case_id, m.person_id, RENAMED, None),
    "add a partner": lambda m: service.save_person(m.case_id, None, PARTNER, None),
    "another reference person": lambda m: service.save_person(m.case_id, None, NewPerson("Özdemir", "Ayşe"), None),
    "remove the reference person": lambda m: service.remove_person(m.case_id, m.person_id, None),
    "change the household": lambda m: service.save_household(m.case_id, NewHousehold(children=0), None),
    "move": lambda m: service.save_dwelling(m.case_id, ELSEWHERE, None, None),
    "change the grounds": lambda m: service.save_grounds(m.case_id, GROUNDS, None),
    "close": lambda m: service.close(m.case_id, CLOSING, None),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_columns_and_facts_stay_in_step(organisation, make_case, inside, in_step, change):
    ocmw = organisation()
    made = make_case(ocmw)
    before = in_step(ocmw, made.case_id)
    with inside(ocmw):
        change(made)
    after = in_step(ocmw, made.case_id)
    assert after.version > before.version
    assert after.changed_by == ocmw.users[Role.SOCIAL_WORKER].id


def test_a_reopened_case_has_no_outcome(organisation, make_case, inside, in_step):
    ocmw = organisation()
    made = make_case(ocmw)
    with inside(ocmw):
        service.close(made.case_id, CLOSING, None)
        with pytest.raises(service.CaseError):
            service.close(made.case_id, CLOSING, None)
        service.reopen(made.case_id, None)
        with pytest.raises(service.CaseError):
            service.reopen(made.case_id, None)
    case = in_step(ocmw, made.case_id)
    assert (case.state, case.closed_on, case.housing_outcome, case.eviction_outcome) == ("open", None, None, None)
    assert (case.helped, case.left_open_reason) == ([], None)


@pytest.mark.parametrize(
    "closing",
    [
        Closing(date(2026, 11, 1), HousingOutcome.STAYED, EvictionOutcome.AVOIDED),  # before it was opened
        Closing(date(2026, 12, 1), HousingOutcome.UNKNOWN, EvictionOutcome.AVOIDED),  # unknown without a reason
        Closing(date(2026, 12, 1), HousingOutcome.STAYED, EvictionOutcome.UNKNOWN, "  "),
    ],
)
def test_an_end_that_cannot_be_is_refused(organisation, make_case, inside, in_step, closing):
    ocmw = organisation()
    made = make_case(ocmw)
    with inside(ocmw), pytest.raises(service.CaseError):
        service.close(made.case_id, closing, None)
    assert in_step(ocmw, made.case_id).state == "open"


def test_the_last_person_stays(organisation, make_case, inside):
    ocmw = organisation()
    made = make_case(ocmw)
    with inside(ocmw):
        service.remove_person(made.case_id, made.person_id, None)
        last = db.session.scalar(select(Person.id).where(Person.case_id == made.case_id))
        with pytest.raises(service.CaseError):
            service.remove_person(made.case_id, last, None)


def test_a_case_goes_to_a_colleague_only_and_keeps_its_version(organisation, make_case, inside):
    ocmw, other = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD, Role.DPO), organisation()
    made = make_case(ocmw)
    with inside(ocmw):
        before = db.session.get(Case, made.case_id).version
        service.assign(made.case_id, ocmw.users[Role.TEAM_LEAD].id)
        for outsider in (ocmw.users[Role.DPO].id, other.users[Role.SOCIAL_WORKER].id):
            with pytest.raises(service.CaseError):
                service.assign(made.case_id, outsider)
        db.session.expire_all()
        case = db.session.get(Case, made.case_id)
        assert (case.assigned_to, case.version) == (ocmw.users[Role.TEAM_LEAD].id, before)


def test_a_failed_change_leaves_nothing_behind(organisation, make_case, inside, in_step):
    ocmw = organisation()
    made = make_case(ocmw)
    with inside(ocmw), pytest.raises(service.ChangedMeanwhileError):
        service.save_dwelling(made.case_id, NewDwelling("Elders"), NewLandlord("Nieuw"), version=99)
    assert "Torhoutsesteenweg" in in_step(ocmw, made.case_id).address_line
    with inside(ocmw):
        assert db.session.scalars(select(Landlord.name)).all() == ["Immo Kust"]


# ---------------------------------------------------------------- through the pages

DWELLING = {
    "street": "Torhoutsesteenweg", "house_number": "43", "box": "3", "postcode": "8400", "municipality": "Oostende",
    "rent": "780,00", "landlord_name": "Immo Kust", "landlord_kind": "private_company",
}  # fmt: skip


def version_of(inside, ocmw, case_id):
    with inside(ocmw) as session:
        return str(session.get(Case, case_id).version)


def test_who_saves_second_is_told_what_the_first_saved_and_loses_nothing(
    organisation, sign_in, send, make_case, inside, in_step
):
    ocmw = organisation(Role.SOCIAL_WORKER, Role.TEAM_LEAD)
    made = make_case(ocmw)
    seen = version_of(inside, ocmw, made.case_id)
    first, second = sign_in(ocmw, Role.TEAM_LEAD), sign_in(ocmw)
    address = f"{made.page}woning"
    assert send(first, address, **DWELLING, version=seen).status_code == 302
    mine = {**DWELLING, "house_number": "45", "rent": "800"}
    answer = send(second, address, **mine, version=seen)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert f"{ocmw.users[Role.TEAM_LEAD].get_full_name()} heeft dit intussen gewijzigd" in page
    assert "nu bewaard is ‘43’, jij hebt ‘45’" in page
    assert 'value="45"' in page
    assert 'value="800"' in page
    assert "43" in in_step(ocmw, made.case_id).address_line
    now = version_of(inside, ocmw, made.case_id)
    assert f'name="version" value="{now}"' in page
    assert send(second, address, **mine, version=now).status_code == 302
    assert "45" in in_step(ocmw, made.case_id).address_line


def test_a_form_without_its_version_is_not_taken(organisation, sign_in, send, make_case):
    ocmw = organisation()
    made = make_case(ocmw)
    assert send(sign_in(ocmw), f"{made.page}woning", **DWELLING).status_code == 400


def test_every_part_can_be_changed_in_its_page(organisation, sign_in, send, make_case, inside, in_step):
    ocmw = organisation()
    made = make_case(ocmw)
    client = sign_in(ocmw)

    def save(part, **fields):
        version = version_of(inside, ocmw, made.case_id)
        assert client.get(made.page + part).status_code == 200
        answer = send(client, made.page + part, **fields, version=version)
        assert answer.status_code == 302, (part, answer.get_data(as_text=True))
        return in_step(ocmw, made.case_id)

    save("gezin", composition="couple", children="2", net_income="1.850,00", language="Pools")
    case = save("woning", **{**DWELLING, "landlord_name": "Verhuur BV", "landlord_kind": "private_company"})
    assert case.address_line.startswith("Torhoutsesteenweg 43")
    case = save("aanleiding", source="writ", reason="neglect", market="social", opened_on="16/11/2026")
    assert (case.reason, case.source, case.market) == ("neglect", "writ", "social")
    save("personen/nieuw", last_name="Maes", first_name="An", role="partner", insz="85.07.30-033.28", known="y")
    case = save(f"personen/{made.person_id}", last_name="Vermeulen", first_name="Dirk-Jan", role="reference")
    assert case.display_name == "Vermeulen, Dirk-Jan"
    answer = send(
        client, f"{made.page}personen/{made.person_id}/verwijderen", version=version_of(inside, ocmw, made.case_id)
    )
    assert answer.status_code == 302
    assert in_step(ocmw, made.case_id).display_name == "Vermeulen, Lotte"
    end = {"closed_on": "2026-11-20", "housing": "unknown", "eviction": "avoided", "reason": "Antwoordt niet meer"}
    case = save("sluiten", **end, helped=["repayment", "reached"], left_open=WHY)
    assert (case.state, case.housing_outcome) == ("closed", "unknown")
    assert (case.helped, case.left_open_reason) == (["reached", "repayment"], WHY)
    with inside(ocmw) as session:
        household = session.scalar(select(Household))
        assert (household.children, household.net_income, household.language) == (2, Decimal("1850.00"), "Pools")
        assert set(session.scalars(select(Landlord.name))) == {"Immo Kust", "Verhuur BV"}


def test_closing_tells_all_that_is_missing_at_once(organisation, sign_in, send, make_case):
    ocmw = organisation()
    made = make_case(ocmw)
    client = sign_in(ocmw)
    page = send(client, f"{made.page}sluiten", closed_on="", version="1")
    assert page.status_code == 422
    for field in ("closed_on", "housing", "eviction", "left_open"):
        assert f'id="{field}-error"' in page.get_data(as_text=True)
    page = send(
        client, f"{made.page}sluiten", closed_on="2026-11-20", housing="unknown", eviction="avoided", version="1"
    )
    assert page.status_code == 422
    assert 'id="reason-error"' in page.get_data(as_text=True)


def test_a_person_who_stands_in_another_case_is_told_once(organisation, sign_in, send, make_case, inside):
    ocmw = organisation()
    made, other = make_case(ocmw), make_case(ocmw, roll="26A1188")
    with inside(ocmw):
        service.save_person(other.case_id, other.person_id, NewPerson("Vermeulen", "Dirk"), None)
    version = version_of(inside, ocmw, other.case_id)
    person = {"last_name": "Vermeulen", "role": "reference", "insz": "85073003328", "version": version}
    answer = send(sign_in(ocmw), f"{other.page}personen/{other.person_id}", **person)
    assert answer.status_code == 422
    assert made.page in answer.get_data(as_text=True)
    assert send(sign_in(ocmw), f"{other.page}personen/{other.person_id}", **person, known="y").status_code == 302


def test_a_landlords_data_are_checked_and_kept_sealed(organisation, sign_in, send, make_case, inside):
    ocmw = organisation()
    made = make_case(ocmw)
    client = sign_in(ocmw)
    address = f"/verhuurders/{made.landlord_id}/"
    wrong = {
        "name": "Immo Kust",
        "kind": "private_company",
        "enterprise_number": "0630835638",
        "iban": "BE00 1",
        "version": "1",
    }
    page = send(client, address, **wrong)
    assert page.status_code == 422
    for field in ("enterprise_number", "iban"):
        assert f'id="{field}-error"' in page.get_data(as_text=True)
    right = {**wrong, "enterprise_number": "0630.835.639", "iban": "BE68 5390 0754 7034", "phone": "059 12 34 56"}
    assert send(client, address, **right).status_code == 302
    with inside(ocmw) as session:
        landlord = session.scalar(select(Landlord))
        assert (landlord.enterprise_number, landlord.iban) == ("0630835639", "BE68539007547034")
    assert send(client, address, **right).status_code == 409  # the version that was seen is gone


def test_changes_within_one_transaction_are_one(organisation, make_case, inside, in_step):
    ocmw = organisation()
    made = make_case(ocmw)

    def two_changes():
        with transaction():
            service.save_person(made.case_id, None, PARTNER, None)
            service.save_dwelling(made.case_id, ELSEWHERE, NewLandlord("X", LandlordKind.OTHER), version=0)

    with inside(ocmw), pytest.raises(service.ChangedMeanwhileError):
        two_changes()
    assert "maes" not in in_step(ocmw, made.case_id).search_text
