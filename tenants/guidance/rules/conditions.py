"""Entry conditions of the procedures: what the case itself says about each, with the reason and the source.

Each rule looks at `CaseFacts` and gives a `Finding`. What the case can't tell (does the landlord sign?) is not
known until a worker answers it. Sources: the decision (BVR) of 3 May 2019 on the fund; Ger.W. art. 1344ter; and
the conditions that Brugge's Team Wonen presented. Those of Brugge's own are `local`: another organisation may
depart from them, and so may its committee. What an organisation measures in its own way stands in `own.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from app.i18n import N_
from tenants.cases.codes import LandlordKind, Market, Reason
from tenants.guidance.codes import Condition, Verdict
from tenants.guidance.rules.own import STANDARD, OwnRules
from tenants.petitions.codes import Confidence


@dataclass(frozen=True)
class CaseFacts:
    """What a case says of itself. Amounts in euro, rent and income a month; None: not known.

    months: the arrears in months as the petition tells them, used when they can't be computed.
    petition_on: a day of the newest petition or writ, has_petition also without one.
    claim_over: it was withdrawn or rejected. evicted_on: the eviction was carried out.
    signed_with_landlord: a final FBU agreement of which the signed copy is in the case.
    """

    market: Market = Market.UNKNOWN
    landlord: LandlordKind | None = None
    reasons: frozenset[Reason] = frozenset()
    arrears: Decimal | None = None
    rent: Decimal | None = None
    months: Decimal | None = None
    net_income: Decimal | None = None
    has_petition: bool = False
    petition_on: date | None = None
    claim_over: bool = False
    evicted_on: date | None = None
    has_address: bool = False
    signed_with_landlord: bool = False


@dataclass(frozen=True)
class Finding:
    """met, not met or not known, and why: a msgid with parameters.

    Decimals are euro, except months, least and most (times the rent) and share and limit (percent of the income).
    """

    verdict: Verdict
    why: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """An entry condition. question: what a worker answers with yes or no while the case can't tell (msgid)."""

    condition: Condition
    look: Callable[[CaseFacts, OwnRules], Finding]
    question: str
    source: str
    confidence: Confidence = Confidence.A
    local: bool = False


def met(why: str, **params: Any) -> Finding:
    return Finding(Verdict.MET, why, params)


def not_met(why: str, **params: Any) -> Finding:
    return Finding(Verdict.NOT_MET, why, params)


def unknown(why: str, **params: Any) -> Finding:
    return Finding(Verdict.UNKNOWN, why, params)


# ---------------------------------------------------------------- what the case says


def is_social(facts: CaseFacts) -> bool | None:
    """Social rental or not: what the case says of the market, else what the kind of landlord tells; None: unknown."""
    if facts.market is not Market.UNKNOWN:
        return facts.market is Market.SOCIAL
    if facts.landlord is LandlordKind.WOONMAATSCHAPPIJ:
        return True
    if facts.landlord in (LandlordKind.PRIVATE_PERSON, LandlordKind.PRIVATE_COMPANY):
        return False
    return None


def months_of_arrears(facts: CaseFacts) -> Decimal | None:
    """The arrears in monthly rents, exact; without both amounts what the petition says."""
    if facts.arrears is not None and facts.rent:
        return facts.arrears / facts.rent
    return facts.months


def threatened(facts: CaseFacts) -> Finding:
    if facts.evicted_on is not None:
        return not_met(N_("The eviction was carried out on %(day)s."), day=facts.evicted_on)
    if facts.claim_over:
        return unknown(N_("The claim was withdrawn or rejected. Ask whether a new one threatens."))
    if facts.has_petition and facts.petition_on is not None:
        return met(N_("There is a petition or a writ of %(day)s."), day=facts.petition_on)
    if facts.has_petition:
        return met(N_("There is a petition or a writ."))
    return unknown(N_("No petition or writ is known in this case."))


def arrears_or_nuisance(facts: CaseFacts) -> Finding:
    if facts.reasons & {Reason.RENT_ARREARS, Reason.NUISANCE}:
        return met(N_("That is why the case was opened."))
    if facts.reasons:
        return not_met(N_("The case names other reasons. Change them there if this is not right."))
    return unknown(N_("The case names no reason."))


def private_market(facts: CaseFacts) -> Finding:
    """Social rental is not refused out of hand: a former social rental agency (SVK) counts, and few cases say so."""
    social = is_social(facts)
    if social is False:
        return met(N_("This is private rental."))
    if social:
        return unknown(N_("This is social rental: it counts only when a former social rental agency (SVK) lets it."))
    return unknown(N_("The case does not say which rental market this is."))


def social_market(facts: CaseFacts) -> Finding:
    social = is_social(facts)
    if social:
        return met(N_("This is social rental."))
    if social is False:
        return not_met(N_("This is private rental."))
    return unknown(N_("The case does not say which rental market this is."))


def two_to_six_months(facts: CaseFacts, own: OwnRules = STANDARD) -> Finding:
    """Two to six by the decree; an organisation may set limits of its own."""
    months, limits = months_of_arrears(facts), {"least": own.least, "most": own.most}
    if months is None:
        if facts.arrears is None:
            return unknown(
                N_("The case does not say how high the arrears are. From %(least)s to %(most)s times the rent counts."),
                **limits,
            )
        return unknown(
            N_("Arrears of %(arrears)s, but the rent is not known. From %(least)s to %(most)s times the rent counts."),
            arrears=facts.arrears,
            **limits,
        )
    shown = {"months": months.quantize(Decimal("0.1"), ROUND_HALF_UP)}
    if months < own.least:
        return not_met(N_("Arrears of %(months)s times the rent: less than %(least)s."), least=own.least, **shown)
    if months > own.most:
        return not_met(N_("Arrears of %(months)s times the rent: more than %(most)s."), most=own.most, **shown)
    return met(N_("Arrears of %(months)s times the rent; from %(least)s to %(most)s times counts."), **shown, **limits)


def rent_share(facts: CaseFacts, own: OwnRules = STANDARD) -> Finding:
    """The rent against the income, where an organisation sets such a limit."""
    if own.rent_share is None:
        return met(N_("The organisation sets no limit to the rent."))
    limit = own.rent_share
    if not facts.net_income or facts.rent is None:
        return unknown(N_("Income or rent is not known. The rent may be %(limit)s %% of the income."), limit=limit)
    share = 100 * facts.rent / facts.net_income
    shown = {"share": share.quantize(Decimal("0.1"), ROUND_HALF_UP), "limit": limit}
    if share > limit:
        return not_met(N_("The rent is %(share)s %% of the income; at most %(limit)s %% counts."), **shown)
    return met(N_("The rent is %(share)s %% of the income; up to %(limit)s %% counts."), **shown)


def landlord_signs(facts: CaseFacts) -> Finding:
    if facts.signed_with_landlord:
        return met(N_("The signed agreement is in the case."))
    return unknown(N_("Ask the landlord: without their signature there is no FBU."))


def accepts_guidance(facts: CaseFacts) -> Finding:
    if facts.signed_with_landlord:
        return met(N_("The signed agreement is in the case."))
    return unknown(N_("Ask the household."))


def asked(_facts: CaseFacts) -> Finding:
    """What only the people themselves can tell."""
    return unknown(N_("Ask the household."))


def positive_budget(facts: CaseFacts) -> Finding:
    """Income and rent can show that a budget can't be positive, never that it is: other costs count too."""
    if facts.net_income is None or facts.rent is None:
        return unknown(N_("Income or rent is not known: make the budget plan first."))
    left = facts.net_income - facts.rent
    if left <= 0:
        return not_met(
            N_("The rent (%(rent)s) takes the whole income (%(income)s)."), rent=facts.rent, income=facts.net_income
        )
    return unknown(
        N_("After the rent %(left)s a month is left: the budget plan tells whether that is enough."), left=left
    )


def nuisance(facts: CaseFacts) -> Finding:
    if Reason.NUISANCE in facts.reasons:
        return met(N_("The case names nuisance as a reason."))
    if facts.reasons == {Reason.RENT_ARREARS}:
        return not_met(N_("The case names arrears only. With nuisance too, add that to the reasons of the case."))
    if facts.reasons:
        return not_met(N_("The case does not name nuisance. If there is, add it to the reasons of the case."))
    return unknown(N_("The case names no reason."))


def last_chance(_facts: CaseFacts) -> Finding:
    return unknown(N_("Ask the social housing company."))


def has_dwelling(facts: CaseFacts) -> Finding:
    if facts.evicted_on is not None:
        return not_met(N_("The eviction was carried out on %(day)s."), day=facts.evicted_on)
    if facts.has_address:
        return met(N_("The address stands in the case and no eviction was carried out."))
    return unknown(N_("The case has no address."))


# ---------------------------------------------------------------- the rules


def _plain(look: Callable[[CaseFacts], Finding]) -> Callable[[CaseFacts, OwnRules], Finding]:
    """A rule that no organisation measures in its own way."""
    return lambda facts, _own: look(facts)


_FUND = N_("BVR of 3 May 2019 (fund against evictions)")
_FUND_OR_BRUGGE = N_("BVR of 3 May 2019 (FBU); Brugge, Team Wonen (its other procedures)")
_BRUGGE = N_("Brugge, Team Wonen: own condition")
_TARGET = N_("Brugge, Team Wonen: target group")

RULES: dict[Condition, Rule] = {
    rule.condition: rule
    for rule in (
        Rule(
            Condition.THREATENED, _plain(threatened), N_("Is the household about to be summoned or evicted?"),
            N_("Ger.W. art. 1344ter; Brugge, Team Wonen: target group"),
        ),
        Rule(
            Condition.ARREARS_OR_NUISANCE, _plain(arrears_or_nuisance), N_("Is it about arrears or nuisance?"), _TARGET,
        ),
        Rule(
            Condition.PRIVATE_MARKET, _plain(private_market),
            N_("Is this private rental, or a dwelling of a former social rental agency (SVK)?"), _FUND,
        ),
        Rule(Condition.SOCIAL_MARKET, _plain(social_market), N_("Is this social rental?"), _TARGET),
        Rule(
            Condition.TWO_TO_SIX_MONTHS, two_to_six_months,
            N_("Do the arrears lie within the limits for this procedure?"), _FUND_OR_BRUGGE,
        ),
        Rule(
            Condition.RENT_SHARE, rent_share, N_("Is the rent at most the part of the income that your rules allow?"),
            N_("Local rule beside the BVR of 3 May 2019"), local=True,
        ),
        Rule(
            Condition.LANDLORD_SIGNS, _plain(landlord_signs),
            N_("Will the landlord sign the guidance agreement?"), _FUND,
        ),
        Rule(
            Condition.ACCEPTS_GUIDANCE, _plain(accepts_guidance),
            N_("Does the household accept guidance?"), _FUND_OR_BRUGGE,
        ),
        Rule(
            Condition.ACCEPTS_BUDGET_HELP, _plain(asked),
            N_("Does the household accept budget and debt help?"), _BRUGGE,
            local=True,
        ),
        Rule(
            Condition.POSITIVE_BUDGET, _plain(positive_budget),
            N_("Does the budget plan end above zero?"), _BRUGGE, local=True,
        ),
        Rule(
            Condition.PAYS_ALL_BACK, _plain(asked),
            N_("Will the household pay the whole arrears back by a plan?"), _BRUGGE,
        ),
        Rule(Condition.NUISANCE, _plain(nuisance), N_("Is there nuisance?"), _TARGET),
        Rule(
            Condition.LAST_CHANCE, _plain(last_chance),
            N_("Does the social housing company give a last chance?"), _TARGET,
        ),
        Rule(
            Condition.HAS_DWELLING, _plain(has_dwelling), N_("Does the household still have this dwelling?"),
            N_("Follows from the goal: keeping the dwelling"), Confidence.B,
        ),
    )
}  # fmt: skip
