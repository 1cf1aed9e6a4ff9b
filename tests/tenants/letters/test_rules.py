"""What the fund pays on a day, what lacks in a draft, what a colleague would remark."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from app.dated.rules import NothingInForceError
from tenants.letters.fund import FUND_SINCE, ocmw_payment, payment_rules
from tenants.letters.rules import (
    Agreement,
    AgreementKind,
    Landlord,
    Lease,
    Organisation,
    Tenant,
    Terms,
    contradictions,
    follow_up_days,
    missing,
    remarks,
)
from tests.tenants.letters.samples import CAW, EMPTY_DRAFT, FBU, GUIDANCE, NUISANCE

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "fbu_payment.yaml").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["situation"])
def test_what_the_ocmw_pays(case):
    payment = ocmw_payment(Decimal(case["arrears"]), case["day"])
    assert payment.amount == Decimal(case["pays"])
    assert payment.rule.value.within_working_days == case["within_working_days"]
    assert payment.rule.value.confidence == case["confidence"]


@given(st.decimals(0, 100_000, places=2), st.dates(date(2020, 6, 1), date(2040, 1, 1)))
def test_never_more_than_half_nor_than_the_maximum(arrears, day):
    payment = ocmw_payment(arrears, day)
    assert 0 <= payment.amount <= payment.rule.value.maximum
    assert payment.amount <= arrears / 2 + Decimal("0.005")


def test_no_fund_before_it_existed():
    with pytest.raises(NothingInForceError):
        ocmw_payment(Decimal(1000), FUND_SINCE - timedelta(days=1))
    assert ocmw_payment(Decimal(1000), FUND_SINCE).amount == 500


def test_every_amount_names_its_source():
    assert all(row.source and row.value.confidence in "AC" for row in payment_rules())


@pytest.mark.parametrize("agreement", [FBU, GUIDANCE, NUISANCE], ids=["fbu", "guidance", "nuisance"])
def test_a_complete_agreement_lacks_nothing(agreement):
    assert missing(agreement) == []
    assert contradictions(agreement) == []


def test_an_empty_draft_lacks_everything_by_name():
    keys = {each.key for each in missing(EMPTY_DRAFT)}
    assert keys == {
        "organisation.name", "organisation.address", "organisation.kbo", "organisation.representatives",
        "organisation.phone", "organisation.dpo", "tenants", "lease.address", "landlord.name", "reason", "start",
        "months", "contact_name", "contact_phone", "place", "landlord.address", "lease.since", "lease.rent",
        "arrears", "ocmw_payment", "pay_to",
    }  # fmt: skip
    assert all(each.label for each in missing(EMPTY_DRAFT))


def without(agreement, **changes):
    """The agreement with some of its terms changed."""
    return replace(agreement, terms=replace(agreement.terms, **changes))


@pytest.mark.parametrize(
    ("agreement", "key"),
    [
        (replace(FBU, tenants=(Tenant("Łucja Nowak"),)), "tenants.born"),
        (replace(FBU, landlord=replace(FBU.landlord, kbo="")), "landlord.kbo"),
        (replace(FBU, landlord=replace(FBU.landlord, representative="")), "landlord.representative"),
        (replace(FBU, landlord=replace(FBU.landlord, address="")), "landlord.address"),
        (replace(FBU, lease=replace(FBU.lease, rent=None)), "lease.rent"),
        (replace(FBU, organisation=replace(FBU.organisation, dpo="")), "organisation.dpo"),
        (without(FBU, arrears_on=None), "arrears_on"),
        (without(FBU, first_due=None), "first_due"),
        (without(FBU, instalment_count=None), "instalment_count"),
        (without(FBU, pay_to=""), "pay_to"),
        (without(GUIDANCE, pay_to=""), "pay_to"),
        (without(NUISANCE, reason=""), "reason"),
    ],
)
def test_one_gap_is_named_and_only_that(agreement, key):
    assert [each.key for each in missing(agreement)] == [key]


def test_the_ordinary_agreement_asks_no_signature_of_the_landlord():
    assert missing(replace(GUIDANCE, landlord=Landlord("Georges Lams", is_company=True))) == []


@pytest.mark.parametrize(
    ("agreement", "says"),
    [
        (without(FBU, ocmw_payment=Decimal(3000)), "more than the arrears"),
        (without(FBU, recovered=Decimal("1272.01")), "reclaimed"),
        (replace(FBU, organisation=CAW), "Only an OCMW"),
        (without(FBU, instalment_count=500), "between 1 and 120"),
        (without(FBU, instalment_amount=Decimal(10)), "not both"),
        (without(FBU, start=date(2020, 5, 31)), "didn't exist"),
    ],
)
def test_what_cannot_be_true_together(agreement, says):
    assert any(says in problem for problem in contradictions(agreement))


@pytest.mark.parametrize(
    ("agreement", "says"),
    [
        (without(FBU, arrears=Decimal("1359.99"), ocmw_payment=Decimal("680.00")), "at least two"),
        (without(FBU, arrears=Decimal("4080.01")), "at least two"),
        (without(FBU, ocmw_payment=Decimal("1300.00")), "at most %(maximum)s"),
        (without(FBU, start=date(2026, 1, 5)), "isn't confirmed"),
        (without(FBU, months=13), "twelve months"),
        (without(FBU, months=6), "runs on after"),
        (without(FBU, first_due=date(2020, 4, 30)), "before the first day"),
        (replace(FBU, lease=replace(FBU.lease, is_social=True)), "private rental"),
    ],
)
def test_what_a_colleague_would_say(agreement, says):
    assert any(says in remark.message for remark in remarks(agreement))


def test_nothing_to_say_of_a_good_one():
    longer = without(FBU, first_due=date(2021, 3, 31))
    assert remarks(longer) == []


@pytest.mark.parametrize("arrears", ["1360.00", "4080.00"])
def test_two_and_six_rents_themselves_are_within(arrears):
    agreement = without(
        FBU, arrears=Decimal(arrears), ocmw_payment=ocmw_payment(Decimal(arrears), date(2021, 3, 15)).amount
    )
    assert not any("at least two" in remark.message for remark in remarks(agreement))


def test_copies_one_for_each_who_signs():
    assert FBU.copies() == 4
    assert GUIDANCE.copies() == 2


def test_the_agreement_ends_the_day_before_the_same_day():
    assert FBU.last_day() == date(2022, 3, 14)
    assert EMPTY_DRAFT.last_day() is None


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)), st.integers(1, 36))
def test_follow_up_days_rise_and_end_on_the_last_day(start, months):
    days = follow_up_days(start, months)
    assert list(days) == sorted(set(days))
    assert all(day > start for day in days[:-1])
    agreement = Agreement(
        "x", Organisation(), (), Landlord(), Lease(), Terms(AgreementKind.GUIDANCE, start=start, months=months)
    )
    assert days[-1] == agreement.last_day()
