"""The fund's maxima: confirmed by the platform's administrator, in force from their day, the same for everybody."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dated.rules import Dated, dated
from app.security.roles import Role
from tenants.letters import fund_amounts, service
from tenants.letters.fund import FUND_SINCE, PaymentRule, ocmw_payment, payment_rules, with_amendments
from tests.tenants.letters.worlds import case_ready_for_the_fund, draft_ready


def amended(day, maximum):
    return Dated(PaymentRule(Decimal("0.5"), Decimal(maximum), 10, "A"), "een bron", day)


def test_an_amendment_holds_from_its_day_until_the_next_row():
    rules = with_amendments(payment_rules(), [amended(date(2025, 1, 1), 1500), amended(date(2026, 4, 1), 1600)])
    in_force = {day: dated(rules, day).value.maximum for day in (date(2024, 12, 31), date(2025, 1, 1))}
    assert in_force == {date(2024, 12, 31): Decimal(1482), date(2025, 1, 1): Decimal(1500)}
    assert dated(rules, date(2026, 3, 31)).value.maximum == 1500
    assert dated(rules, date(2026, 4, 1)).value.maximum == 1600


@given(st.lists(st.dates(FUND_SINCE, date(2040, 1, 1)), max_size=5, unique=True))
def test_every_day_keeps_exactly_one_rule(days):
    rules = with_amendments(payment_rules(), [amended(day, 1000 + at) for at, day in enumerate(days)])
    for day in (*days, FUND_SINCE, date(2050, 1, 1), *(day - timedelta(days=1) for day in days if day > FUND_SINCE)):
        assert sum(rule.holds_on(day) for rule in rules) == 1
    assert all(dated(rules, day).value.maximum == 1000 + at for at, day in enumerate(days))


@pytest.fixture
def platform(organisation, sign_in):
    made = organisation(Role.PLATFORM_ADMIN, Role.SOCIAL_WORKER)
    return made, sign_in(made, Role.PLATFORM_ADMIN)


@pytest.fixture
def taken_back(app):
    """The amounts are the whole platform's: what a test confirms, it takes back."""
    yield
    with app.app_context():
        for day in fund_amounts.confirmed_days():
            fund_amounts.take_back(day)


@pytest.mark.usefixtures("taken_back")
def test_the_platform_confirms_an_amount_and_drafts_follow(app, platform, csrf):
    made, client = platform
    form = {"valid_from": "2025-01-01", "maximum": "1.390,00", "within_working_days": "10", "source": "BVR, 2025"}
    assert "nog niet bevestigd" in client.get("/bedragen/").text
    assert client.post("/bedragen/", data={**form, "csrf_token": csrf(client)}).status_code == 302
    page = client.get("/bedragen/").text
    assert "1.390,00" in page
    assert "nog niet bevestigd" not in page
    with app.app_context(), made.acting():
        case_id = case_ready_for_the_fund()
        document_id = draft_ready(case_id)
        draft = service.draft(case_id, document_id)
        later = draft.terms.__class__(**{**vars(draft.terms), "start": date(2025, 2, 1)})
        service.save_draft(case_id, document_id, later, draft.signers, None)
        said = [remark.values.get("maximum") for remark in service.draft(case_id, document_id).review.remarks]
        assert "1390.00" in said
    taken = client.post("/bedragen/2025-01-01/terugnemen", data={"csrf_token": csrf(client)})
    assert taken.status_code == 302
    assert "nog niet bevestigd" in client.get("/bedragen/").text


@pytest.mark.parametrize(
    ("field", "value"), [("valid_from", ""), ("maximum", "veel"), ("within_working_days", "0"), ("source", " ")]
)
def test_a_wrong_field_is_told_and_nothing_is_saved(app, platform, csrf, field, value):
    _, client = platform
    form = {"valid_from": "2025-01-01", "maximum": "1390", "within_working_days": "10", "source": "BVR", field: value}
    page = client.post("/bedragen/", data={**form, "csrf_token": csrf(client)})
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.text
    with app.app_context():
        assert fund_amounts.confirmed_days() == set()


@pytest.mark.parametrize(("day", "maximum"), [("2020-05-31", "1000"), ("2025-01-01", "0")])
def test_an_impossible_amount_is_refused(platform, csrf, day, maximum):
    _, client = platform
    form = {"valid_from": day, "maximum": maximum, "within_working_days": "10", "source": "BVR"}
    assert client.post("/bedragen/", data={**form, "csrf_token": csrf(client)}).status_code == 422


def test_only_the_platform_decides(platform, sign_in, csrf):
    made, _ = platform
    worker = sign_in(made, Role.SOCIAL_WORKER)
    assert worker.get("/bedragen/").status_code == 403
    assert worker.post("/bedragen/2025-01-01/terugnemen", data={"csrf_token": csrf(worker)}).status_code == 403


def test_no_day_no_amount(platform, csrf):
    _, client = platform
    assert client.post("/bedragen/gisteren/terugnemen", data={"csrf_token": csrf(client)}).status_code == 404


def test_without_rules_given_the_programs_own_hold():
    assert ocmw_payment(Decimal(9000), date(2024, 5, 1)).rule.source.endswith("2024")
