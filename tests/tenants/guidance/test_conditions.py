"""The entry conditions: one table a lawyer or a worker can read, and what holds for any case."""

from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.cases.codes import LandlordKind, Market, Reason
from tenants.guidance.codes import Condition, ProcedureKind, ProcedureOutcome, ProcedureState, Verdict
from tenants.guidance.rules.conditions import RULES, CaseFacts, is_social, months_of_arrears
from tenants.guidance.rules.own import STANDARD, OwnRules, problems, restored, stored
from tenants.guidance.rules.procedures import (
    DESIGNS,
    NEXT,
    check,
    checks,
    frozen,
    may_become,
    standing,
    thawed,
)

C, M, N, U = Condition, Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
DAY = date(2026, 11, 16)


def owing(arrears: str, rent: str = "700") -> CaseFacts:
    return CaseFacts(arrears=Decimal(arrears), rent=Decimal(rent))


def reasons(*named: Reason) -> CaseFacts:
    return CaseFacts(reasons=frozenset(named))


TABLE = [
    # an eviction threatens (1344ter: petition or writ; Brugge: summoned or about to be)
    (C.THREATENED, CaseFacts(), U),
    (C.THREATENED, CaseFacts(has_petition=True), M),
    (C.THREATENED, CaseFacts(has_petition=True, petition_on=DAY), M),
    (C.THREATENED, CaseFacts(has_petition=True, petition_on=DAY, claim_over=True), U),
    (C.THREATENED, CaseFacts(has_petition=True, evicted_on=DAY), N),
    (C.THREATENED, CaseFacts(has_petition=True, claim_over=True, evicted_on=DAY), N),
    # arrears or nuisance
    (C.ARREARS_OR_NUISANCE, reasons(), U),
    *((C.ARREARS_OR_NUISANCE, reasons(r), M if r in ("rent_arrears", "nuisance") else N) for r in Reason),
    (C.ARREARS_OR_NUISANCE, reasons(Reason.UNFIT, Reason.NUISANCE), M),
    # the fund is for private rental; social rental counts through a former SVK only, which the case can't tell
    (C.PRIVATE_MARKET, CaseFacts(market=Market.PRIVATE), M),
    (C.PRIVATE_MARKET, CaseFacts(market=Market.PRIVATE, landlord=LandlordKind.WOONMAATSCHAPPIJ), M),
    (C.PRIVATE_MARKET, CaseFacts(market=Market.SOCIAL), U),
    (C.PRIVATE_MARKET, CaseFacts(), U),
    (C.PRIVATE_MARKET, CaseFacts(landlord=LandlordKind.PRIVATE_PERSON), M),
    (C.PRIVATE_MARKET, CaseFacts(landlord=LandlordKind.PRIVATE_COMPANY), M),
    (C.PRIVATE_MARKET, CaseFacts(landlord=LandlordKind.WOONMAATSCHAPPIJ), U),
    (C.PRIVATE_MARKET, CaseFacts(landlord=LandlordKind.OCMW), U),
    (C.PRIVATE_MARKET, CaseFacts(landlord=LandlordKind.OTHER), U),
    # FBU Sociaal and prevention are for social rental
    (C.SOCIAL_MARKET, CaseFacts(market=Market.SOCIAL), M),
    (C.SOCIAL_MARKET, CaseFacts(market=Market.PRIVATE), N),
    (C.SOCIAL_MARKET, CaseFacts(market=Market.PRIVATE, landlord=LandlordKind.WOONMAATSCHAPPIJ), N),
    (C.SOCIAL_MARKET, CaseFacts(landlord=LandlordKind.WOONMAATSCHAPPIJ), M),
    (C.SOCIAL_MARKET, CaseFacts(landlord=LandlordKind.PRIVATE_PERSON), N),
    (C.SOCIAL_MARKET, CaseFacts(landlord=LandlordKind.OCMW), U),
    (C.SOCIAL_MARKET, CaseFacts(), U),
    # two to six times the rent, both ends included
    (C.TWO_TO_SIX_MONTHS, owing("1399.99"), N),
    (C.TWO_TO_SIX_MONTHS, owing("1400.00"), M),
    (C.TWO_TO_SIX_MONTHS, owing("4200.00"), M),
    (C.TWO_TO_SIX_MONTHS, owing("4200.01"), N),
    (C.TWO_TO_SIX_MONTHS, owing("0"), N),
    (C.TWO_TO_SIX_MONTHS, owing("1400", rent="0"), U),
    (C.TWO_TO_SIX_MONTHS, CaseFacts(arrears=Decimal(1400)), U),
    (C.TWO_TO_SIX_MONTHS, CaseFacts(rent=Decimal(700)), U),
    (C.TWO_TO_SIX_MONTHS, CaseFacts(months=Decimal("1.9")), N),
    (C.TWO_TO_SIX_MONTHS, CaseFacts(months=Decimal(2)), M),
    (C.TWO_TO_SIX_MONTHS, CaseFacts(arrears=Decimal(700), rent=Decimal(700), months=Decimal(3)), N),
    # who signs, who accepts: known once the signed agreement is in the case
    (C.LANDLORD_SIGNS, CaseFacts(), U),
    (C.LANDLORD_SIGNS, CaseFacts(signed_with_landlord=True), M),
    (C.ACCEPTS_GUIDANCE, CaseFacts(), U),
    (C.ACCEPTS_GUIDANCE, CaseFacts(signed_with_landlord=True), M),
    (C.ACCEPTS_BUDGET_HELP, CaseFacts(signed_with_landlord=True), U),
    (C.PAYS_ALL_BACK, CaseFacts(), U),
    (C.LAST_CHANCE, CaseFacts(market=Market.SOCIAL), U),
    # income and rent can only tell that a budget is not positive
    (C.POSITIVE_BUDGET, CaseFacts(), U),
    (C.POSITIVE_BUDGET, CaseFacts(rent=Decimal(700)), U),
    (C.POSITIVE_BUDGET, CaseFacts(net_income=Decimal(1500)), U),
    (C.POSITIVE_BUDGET, CaseFacts(net_income=Decimal(700), rent=Decimal(700)), N),
    (C.POSITIVE_BUDGET, CaseFacts(net_income=Decimal("700.01"), rent=Decimal(700)), U),
    # prevention: there must be nuisance, arrears alone don't qualify
    (C.NUISANCE, reasons(Reason.RENT_ARREARS), N),
    (C.NUISANCE, reasons(Reason.NUISANCE), M),
    (C.NUISANCE, reasons(Reason.RENT_ARREARS, Reason.NUISANCE), M),
    (C.NUISANCE, reasons(Reason.UNFIT), N),
    (C.NUISANCE, reasons(), U),
    # guidance at home needs the home
    (C.HAS_DWELLING, CaseFacts(has_address=True), M),
    (C.HAS_DWELLING, CaseFacts(), U),
    (C.HAS_DWELLING, CaseFacts(has_address=True, evicted_on=DAY), N),
]


@pytest.mark.parametrize(("condition", "facts", "verdict"), TABLE, ids=[f"{t[0]}-{i}" for i, t in enumerate(TABLE)])
def test_what_the_case_says(condition, facts, verdict):
    finding = RULES[condition].look(facts, STANDARD)
    assert finding.verdict is verdict
    assert finding.why % dict.fromkeys(finding.params, "x")  # every parameter of the sentence is given


def test_the_table_reaches_every_rule_and_every_verdict_it_can_give():
    assert set(RULES) == {row[0] for row in TABLE} | {C.RENT_SHARE} == set(Condition)
    only_unknown = {C.ACCEPTS_BUDGET_HELP, C.PAYS_ALL_BACK, C.LAST_CHANCE}
    for condition in set(Condition) - only_unknown - {C.RENT_SHARE}:
        assert {row[2] for row in TABLE if row[0] is condition} >= {U}, condition
    assert all(rule.source and rule.question for rule in RULES.values())


@pytest.mark.parametrize("condition", Condition)
@pytest.mark.parametrize("answer", [None, True, False])
def test_an_answer_counts_only_while_the_case_can_not_tell(condition, answer):
    answers = {} if answer is None else {condition: answer}
    for asked, facts, verdict in TABLE:
        if asked is not condition:
            continue
        found = check(condition, facts, answers)
        if verdict is not U:
            assert (found.verdict, found.answered, found.answerable) == (verdict, False, False)
        else:
            told = {None: U, True: M, False: N}[answer]
            assert (found.verdict, found.answered, found.answerable) == (told, answer is not None, True)


EXPECTED = {
    ProcedureKind.CRISIS_MEDIATION: {C.THREATENED, C.ARREARS_OR_NUISANCE},
    ProcedureKind.FBU: {C.PRIVATE_MARKET, C.TWO_TO_SIX_MONTHS, C.LANDLORD_SIGNS, C.ACCEPTS_GUIDANCE,
                        C.ACCEPTS_BUDGET_HELP, C.POSITIVE_BUDGET},
    ProcedureKind.FBU_SOCIAL: {C.SOCIAL_MARKET, C.TWO_TO_SIX_MONTHS, C.PAYS_ALL_BACK, C.ACCEPTS_GUIDANCE},
    ProcedureKind.SOCIAL_PREVENTION: {C.SOCIAL_MARKET, C.NUISANCE, C.LAST_CHANCE},
    ProcedureKind.HOUSING_GUIDANCE: {C.HAS_DWELLING, C.ACCEPTS_GUIDANCE},
    ProcedureKind.HOUSING_DESK: set(),
}  # fmt: skip


def test_every_procedure_asks_what_it_should():
    assert {kind: set(design.conditions) for kind, design in DESIGNS.items()} == EXPECTED
    for design in DESIGNS.values():
        assert design.steps
        assert len(set(design.steps)) == len(design.steps)
        assert set(design.outcomes) <= set(ProcedureOutcome)


def test_only_what_is_local_may_be_explained_away():
    private = CaseFacts(market=Market.PRIVATE, arrears=Decimal(2100), rent=Decimal(700), net_income=Decimal(600),
                        signed_with_landlord=True)  # fmt: skip
    found = standing(checks(ProcedureKind.FBU, private, {}))
    assert found.blocked_by == ()
    assert found.unmet == (C.POSITIVE_BUDGET,)
    assert found.to_explain == (C.ACCEPTS_BUDGET_HELP, C.POSITIVE_BUDGET)
    assert standing(checks(ProcedureKind.HOUSING_DESK, CaseFacts(), {})).is_clear
    social = CaseFacts(market=Market.SOCIAL, reasons=frozenset({Reason.RENT_ARREARS}))
    refused = standing(checks(ProcedureKind.SOCIAL_PREVENTION, social, {C.LAST_CHANCE: True}))
    assert refused.blocked_by == refused.unmet == (C.NUISANCE,)


@pytest.mark.parametrize(("kind", "answers"), list(product(ProcedureKind, [True, False])))
def test_a_decision_keeps_what_it_was_taken_on(kind, answers):
    facts = CaseFacts(market=Market.SOCIAL, arrears=Decimal("1500.50"), rent=Decimal(700), has_petition=True,
                      petition_on=DAY, net_income=Decimal(650), reasons=frozenset({Reason.NUISANCE}))  # fmt: skip
    found = checks(kind, facts, dict.fromkeys(Condition, answers))
    again = thawed(frozen(found))
    assert [(c.condition, c.finding) for c in again] == [(c.condition, c.finding) for c in found]
    assert not any(c.answerable for c in again)


def test_the_states_follow_on_each_other():
    allowed = {(a, b) for a, b in product(ProcedureState, repeat=2) if may_become(a, b)}
    S = ProcedureState  # noqa: N806
    assert allowed == {
        (S.CONSIDERED, S.RUNNING), (S.CONSIDERED, S.REFUSED), (S.REFUSED, S.CONSIDERED), (S.RUNNING, S.ENDED),
    }  # fmt: skip
    assert set(NEXT) == set(ProcedureState)


amounts = st.one_of(st.none(), st.decimals(0, 20_000, places=2))
facts_of_any_case = st.builds(
    CaseFacts,
    market=st.sampled_from(Market),
    landlord=st.one_of(st.none(), st.sampled_from(LandlordKind)),
    reasons=st.frozensets(st.sampled_from(Reason)),
    arrears=amounts,
    rent=amounts,
    months=st.one_of(st.none(), st.decimals(0, 60, places=1)),
    net_income=amounts,
    has_petition=st.booleans(),
    petition_on=st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2030, 1, 1))),
    claim_over=st.booleans(),
    evicted_on=st.one_of(st.none(), st.dates(date(2020, 1, 1), date(2030, 1, 1))),
    has_address=st.booleans(),
    signed_with_landlord=st.booleans(),
)


@settings(max_examples=60)
@given(facts_of_any_case, st.dictionaries(st.sampled_from(Condition), st.booleans()))
def test_for_any_case(facts, answers):
    for kind in ProcedureKind:
        found = checks(kind, facts, answers)
        stands = standing(found)
        assert [c.condition for c in found] == list(DESIGNS[kind].conditions)
        assert set(stands.blocked_by) <= set(stands.unmet)
        assert stands.is_clear == all(c.verdict is M for c in found)
        for each in found:
            assert each.finding.why % dict.fromkeys(each.finding.params, "x")
            assert each.verdict is not U or each.condition not in answers  # an answer settles what is not known
    both = [RULES[c].look(facts, STANDARD).verdict for c in (C.PRIVATE_MARKET, C.SOCIAL_MARKET)]
    assert both.count(M) < 2
    assert (is_social(facts) is None) == (both == [U, U])
    months = months_of_arrears(facts)
    assert (RULES[C.TWO_TO_SIX_MONTHS].look(facts, STANDARD).verdict is M) == (months is not None and 2 <= months <= 6)


NARROW = OwnRules(Decimal(3), Decimal(5), Decimal("33.3"), frozenset({C.POSITIVE_BUDGET}), "BCSD 12/03/2026")
WIDE = OwnRules(Decimal(1), Decimal(8), source="BCSD 12/03/2026")


@pytest.mark.parametrize(
    ("own", "months", "verdict", "may_depart"),
    [
        (STANDARD, "2.5", M, False),
        (NARROW, "2.5", N, True),  # the decree lets it in, so the committee may
        (NARROW, "3", M, False),
        (NARROW, "5.01", N, True),
        (NARROW, "6.5", N, False),
        (WIDE, "7", M, True),
        (WIDE, "0.5", N, False),
        (WIDE, "8.5", N, False),
    ],
)
def test_limits_of_one_s_own(own, months, verdict, may_depart):
    found = check(C.TWO_TO_SIX_MONTHS, CaseFacts(months=Decimal(months)), {}, own)
    assert (found.verdict, found.may_depart, found.own_source) == (verdict, may_depart, own.source)


@pytest.mark.parametrize(
    ("rent", "income", "verdict"), [("500", "1500", N), ("499", "1500", M), (None, "1500", U), ("500", "0", U)]
)
def test_the_rent_against_the_income(rent, income, verdict):
    facts = CaseFacts(rent=Decimal(rent) if rent else None, net_income=Decimal(income))
    found = check(C.RENT_SHARE, facts, {}, NARROW)
    assert found.verdict is verdict
    assert found.finding.why % dict.fromkeys(found.finding.params, "x")


def test_what_is_asked_with_rules_of_one_s_own():
    asked = {check.condition for check in checks(ProcedureKind.FBU, CaseFacts(), {}, NARROW)}
    assert asked == EXPECTED[ProcedureKind.FBU] - {C.POSITIVE_BUDGET} | {C.RENT_SHARE}
    for kind in set(ProcedureKind) - {ProcedureKind.FBU}:
        assert {check.condition for check in checks(kind, CaseFacts(), {}, NARROW)} == EXPECTED[kind]
    facts = CaseFacts(market=Market.PRIVATE, arrears=Decimal(1750), rent=Decimal(700), net_income=Decimal(1200))
    found = checks(ProcedureKind.FBU, facts, dict.fromkeys(C, True), NARROW)
    stands = standing(found)
    assert (stands.blocked_by, set(stands.unmet)) == ((), {C.TWO_TO_SIX_MONTHS, C.RENT_SHARE})
    again = thawed(frozen(found))
    assert standing(again) == stands
    assert {each.own_source for each in again} == {"", NARROW.source}


@pytest.mark.parametrize(
    ("own", "fields"),
    [
        (STANDARD, set()),
        (NARROW, set()),
        (OwnRules(Decimal(3)), {"source"}),
        (OwnRules(without=frozenset({C.POSITIVE_BUDGET}), source=" "), {"source"}),
        (OwnRules(Decimal(5), Decimal(4), source="x"), {"most"}),
        (OwnRules(Decimal(-1), source="x"), {"least"}),
        (OwnRules(most=Decimal(37), source="x"), {"most"}),
        (OwnRules(rent_share=Decimal(5), source="x"), {"rent_share"}),
    ],
)
def test_which_rules_can_not_be(own, fields):
    assert set(problems(own)) == fields


@pytest.mark.parametrize("own", [STANDARD, NARROW, WIDE])
def test_rules_are_kept_whole(own):
    assert restored(stored(own)) == own
    assert (stored(own) == {}) == own.is_standard
