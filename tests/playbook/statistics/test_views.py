"""The region's figures as an OCMW, a coordinator and another network see them."""

import csv
import io
import re
from collections import Counter
from datetime import date

import pytest

from app import tenancy
from app.database import transaction
from app.identifiers import uuid7
from app.security.roles import Role
from playbook.statistics import words
from playbook.statistics.service import write_facts
from tenants.cases.codes import JudgmentKind
from tenants.organisations.service import create_tenant

COORDINATOR = Role.REGIONAL_COORDINATOR


def fact(month, **more):
    known = {
        "id": uuid7(), "opened_month": month, "closed_month": None, "petition_month": month, "source": "petition",
        "reason": "rent_arrears", "market": "private", "composition": "single", "has_children": False,
        "birth_decade": 1980, "stage": "petition", "reached": True, "reached_before_hearing": True, "attempts": 1,
        "judgment": None, "tenant_present": None, "evicted": False, "housing_outcome": None, "eviction_outcome": None,
    }  # fmt: skip
    return {**known, **more}


def publish(tenant, facts):
    with tenancy.acting(tenancy.Context(tenant_id=tenant.id)), transaction() as session:
        write_facts(session, [{"tenant_id": tenant.id, **each} for each in facts])


@pytest.fixture
def region(organisation):
    """Four OCMWs: petitions in the first quarter of 2025: 20, 9, 6 and 3; in the second each of them 10."""
    first = organisation(Role.SOCIAL_WORKER, COORDINATOR, name="OCMW Aalbeke")
    with first.app.app_context():
        others = [
            create_tenant(f"{first.tenant.slug}-{name.lower()}", f"OCMW {name}", network=first.network.slug)
            for name in ("Bissegem", "Heule", "Marke")
        ]
        for tenant, number in zip([first.tenant, *others], (20, 9, 6, 3), strict=True):
            publish(tenant, [fact(date(2025, 2, 1), judgment="default") for _ in range(number)])
            publish(tenant, [fact(date(2025, 5, 1), reached_before_hearing=False) for _ in range(5)])
            publish(tenant, [fact(date(2025, 5, 1), reached_before_hearing=None) for _ in range(3)])
            publish(tenant, [fact(date(2025, 5, 1), judgment="agreement", reached_before_hearing=None) for _ in "ab"])
    return first


def table(answer):
    """{row: [what its cells say]} of the table on the page."""
    rows = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', answer.text, re.S)
    cleaned = {}
    for name, cells in rows:
        found = re.findall(r"<td[^>]*>(.*?)</td>", cells, re.S)
        cleaned[re.sub(r"<.*", "", name).strip()] = [re.sub(r"<[^>]*>", "", cell).strip() for cell in found]
    return cleaned


def test_another_network_sees_none_of_it(region, organisation, sign_in):
    stranger = sign_in(organisation(COORDINATOR), COORDINATOR)
    answer = stranger.get("/cijfers/")
    assert answer.status_code == 200
    assert "Aalbeke" not in answer.text
    assert stranger.get("/cijfers/?jaar=2025").status_code == 404
    assert "Aalbeke" not in stranger.get("/cijfers/verzoekschriften.csv").text


def test_who_is_not_signed_in_or_not_of_a_network_sees_nothing(app, organisation, sign_in):
    assert app.test_client().get("/cijfers/").status_code == 302
    platform = sign_in(organisation(Role.PLATFORM_ADMIN), Role.PLATFORM_ADMIN)
    assert platform.get("/cijfers/").status_code == 403


def test_the_coordinator_sees_the_region_and_no_count_under_five(region, sign_in):
    answer = sign_in(region, COORDINATOR).get("/cijfers/")
    rows = table(answer)
    assert rows["Hele regio"][1] == "40"
    assert rows["OCMW Marke"][0] == "verborgen"
    assert rows["Hele regio"][4] == "78"
    assert "78 verzoekschriften" in answer.text
    numbers = [int(cell) for row in rows.values() for cell in row if cell != "verborgen"]
    assert min(numbers) >= 5


def test_an_ocmw_sees_its_own_row_whole_and_the_others_as_everybody(region, sign_in):
    own = table(sign_in(region).get("/cijfers/?jaar=2025"))
    everybody = table(sign_in(region, COORDINATOR).get("/cijfers/?jaar=2025"))
    assert own["OCMW Aalbeke"] == ["20", "10", "0", "0", "30"]
    assert own["OCMW Marke"] == everybody["OCMW Marke"]
    assert own["Hele regio"] == everybody["Hele regio"]
    assert re.search(r"38</b>.*?waarvan jullie OCMW: 20", sign_in(region).get("/cijfers/?jaar=2025").text, re.S)


def test_the_file_is_what_everybody_sees(region, sign_in):
    files = {sign_in(region, role).get("/cijfers/verzoekschriften.csv?jaar=2025").text for role in region.users}
    assert len(files) == 1
    rows = list(csv.reader(io.StringIO(files.pop().lstrip("\ufeff")), delimiter=";"))
    assert len({len(row) for row in rows}) == 1
    assert Counter(row[0] for row in rows)["Hele regio"] == 1
    assert rows[1][3:5] == ["verborgen", "verborgen"]


def test_what_became_of_them_is_told_for_the_region(region, sign_in):
    text = sign_in(region, COORDINATOR).get("/cijfers/").text
    assert text.count('<b class="num">38</b>') == 2  # judgments by default, and those reached in time
    assert re.search(r'Bereikt vóór de zitting</span> <b class="num">38</b>', text)
    assert 'width="48.7"' in text


def test_one_ocmw_of_two_sees_its_own_and_why_the_sum_is_hidden(organisation, sign_in):
    first = organisation(Role.SOCIAL_WORKER, COORDINATOR, name="OCMW Aalbeke")
    second = organisation(Role.SOCIAL_WORKER, network=first.network, name="OCMW Bissegem")
    with first.app.app_context():
        publish(first.tenant, [fact(date(2025, 2, 1), judgment="default") for _ in range(41)])
        publish(first.tenant, [fact(date(2024, 2, 1), judgment="agreement") for _ in range(12)])
        publish(second.tenant, [fact(date(2025, 2, 1), judgment="default") for _ in range(17)])
    seen = {
        who: sign_in(home, role).get("/cijfers/?jaar=2025").text
        for who, home, role in (
            ("first", first, Role.SOCIAL_WORKER), ("second", second, Role.SOCIAL_WORKER), ("all", first, COORDINATOR),
        )
    }  # fmt: skip
    for who, own in (("first", 41), ("second", 17), ("all", None)):
        assert "hoogstens twee OCMW" in seen[who], who
        told = set(re.findall(r'<b class="num">(\d+)</b>', seen[who]))
        assert told == ({str(own), "0"} if own else set()), who
    every_year = sign_in(first, Role.SOCIAL_WORKER).get("/cijfers/?jaar=alle").text
    assert set(re.findall(r'<b class="num">(\d+)</b>', every_year)) == {"53", "41", "12", "0"}
    assert 'class="parts"' not in sign_in(first, COORDINATOR).get("/cijfers/?jaar=alle").text


def test_year_by_year(region, sign_in):
    with region.app.app_context():
        publish(region.tenant, [fact(date(2024, 3, 1)) for _ in range(7)])
    rows = table(sign_in(region, COORDINATOR).get("/cijfers/?jaar=alle"))
    assert rows["Hele regio"] == ["verborgen", "78"]  # in 2024 only one had any: it would tell that the others had none


def test_a_year_that_is_none_answers_404(region, sign_in):
    for year in ("2019", "morgen", "-1", "20250"):
        assert sign_in(region).get(f"/cijfers/?jaar={year}").status_code == 404


def test_every_kind_of_judgment_has_its_words():
    assert set(words.JUDGMENTS) - {None} == {kind.value for kind in JudgmentKind}
    assert all(words.JUDGMENTS[kind.value] == kind.label for kind in JudgmentKind)
