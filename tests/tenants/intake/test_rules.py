"""Places, references and what is asked, without a database."""

import csv
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.cases.codes import Reason
from tenants.demo.region import ORGANISATIONS
from tenants.intake import rules
from tenants.intake.codes import ReporterKind, Track
from tenants.intake.likeness import same_street
from tenants.intake.places import DATA, contradiction, municipalities, municipality_of, named
from tests.tenants.intake.samples import TOLD


def test_every_ocmw_of_the_region_is_reached_by_its_postcodes():
    known = {m.nis: m for m in municipalities()}
    for organisation in (o for o in ORGANISATIONS if o.kind == "ocmw"):
        place = known[organisation.nis]
        assert place.postcodes
        assert all(municipality_of(postcode) == place for postcode in place.postcodes)


def test_every_row_has_a_source_and_a_postcode_lies_in_one_municipality():
    with DATA.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert all(row["source"] and row["confidence"] in {"A", "B"} for row in rows)
    assert len({(row["postcode"], row["municipality"]) for row in rows}) == len({row["postcode"] for row in rows})


@pytest.mark.parametrize(
    ("postcode", "municipality", "meant"),
    [
        ("8500", "Kortrijk", None),
        ("8511", "Aalbeke", None),
        ("8501", "kortrijk", None),
        ("8500", "Menen", "Menen"),
        ("8555", "Kortrijk", "Kortrijk"),
        ("8980", "Zandvoorde", None),  # the one of Zonnebeke, not of Oostende
        ("9000", "Gent", None),
        ("8587", "Spiere Helkijn", None),
    ],
)
def test_postcode_and_name_have_to_agree(postcode, municipality, meant):
    found = contradiction(postcode, municipality)
    assert (found[0].name if found else None) == meant


def test_part_of_a_municipality_is_no_municipality():
    assert named("Heule") is None
    assert municipality_of("9000") is None


def test_a_complete_report_has_no_problems():
    assert rules.problems(TOLD.but(), Track.LANDLORD) == []


def test_everything_that_is_missing_is_named_once():
    missing = [problem.field for problem in rules.problems(rules.Told(), Track.OTHER)]
    assert missing == [
        "kind", "reporter_last", "reporter_email", "last_name", "street", "house_number", "postcode", "municipality",
        "reasons", "may_tell",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reporter_email": "an(at)feys"}, "reporter_email"),
        ({"reporter_phone": "bel me"}, "reporter_phone"),
        ({"postcode": "85000"}, "postcode"),
        ({"arrears": None}, "arrears"),
        ({"arrears": Decimal(-1)}, "arrears"),
        ({"months": 500}, "months"),
        ({"reasons": (Reason.UNFIT,)}, "reasons"),
        ({"kind": ReporterKind.DEBTS}, "kind"),
        ({"may_tell": None}, "may_tell"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(changes, field):
    assert [problem.field for problem in rules.problems(TOLD.but(**changes), Track.LANDLORD)] == [field]


def test_a_report_comes_out_of_the_seal_as_it_went_in():
    told = TOLD.but(born=date(1980, 2, 29), months=0, arrears=Decimal("0.00"), reasons=(Reason.OTHER, Reason.NUISANCE))
    assert rules.from_json(rules.to_json(told)) == told


@given(st.integers(min_value=0, max_value=2**256), st.sampled_from(["w13", "oostende", "netwerk-12"]))
def test_a_reference_is_recognised_however_it_is_typed(number, network):
    reference = rules.reference_of(network, number)
    for typed in (reference, reference.lower(), f"  {reference.replace('-', ' ')} ", reference[:-5] + reference[-4:]):
        assert rules.normal(typed) == reference
    assert rules.network_of(reference) == network


@given(st.text(max_size=60))
def test_anything_may_be_typed_as_a_reference(typed):
    assert isinstance(rules.network_of(typed), str)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Torhoutsesteenweg", "Torhoutse Stwg.", True),
        ("Budastraat", "budastr.", True),
        ("Sint-Jansstraat", "St Jansstraat", True),
        ("Kerkstraat", "Kerklaan", False),
        ("Kerkstraat", "Marktstraat", False),
        ("", "", False),
    ],
)
def test_ways_of_writing_a_street(one, other, same):
    assert same_street(one, other) is same


def test_an_address_has_one_key():
    assert rules.address_key(TOLD.but(box="bus 3")) == rules.address_key(TOLD.but(street="BUDA straat", box="3"))
    assert rules.address_key(TOLD.but(house_number="1", box="2")) != rules.address_key(TOLD.but(house_number="12"))
