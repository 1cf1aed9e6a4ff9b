"""The procedures: for whom, what for, which conditions and steps, and what may follow on what.

Source: the presentation of Brugge's Team Wonen; for the fund (FBU) the decision (BVR) of 3 May 2019.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from app.i18n import N_
from tenants.guidance.codes import (
    Condition,
    ProcedureKind,
    ProcedureOutcome,
    ProcedureState,
    Step,
    Verdict,
)
from tenants.guidance.rules.conditions import RULES, CaseFacts, Finding, Rule
from tenants.guidance.rules.own import STANDARD, OwnRules

C, O, S = Condition, ProcedureOutcome, Step  # noqa: E741 - short, since the tables below are read as tables


@dataclass(frozen=True)
class Design:
    """How a procedure is meant: `whom` and `goal` are msgids."""

    whom: str
    goal: str
    conditions: tuple[Condition, ...]
    steps: tuple[Step, ...]
    outcomes: tuple[ProcedureOutcome, ...] = (O.REACHED, O.PARTLY, O.NOT_REACHED, O.STOPPED, O.PASSED_ON)


DESIGNS: dict[ProcedureKind, Design] = {
    ProcedureKind.CRISIS_MEDIATION: Design(
        N_("Who is summoned, or about to be, for arrears or nuisance; private or social rental."),
        N_("Prepare the contact with the justice of the peace, so that the household can stay."),
        (C.THREATENED, C.ARREARS_OR_NUISANCE),
        (S.SPEAK, S.PROPOSAL, S.LIVING_AGREEMENTS, S.AT_HEARING, S.AFTER_JUDGMENT),
    ),
    ProcedureKind.FBU: Design(
        N_("Who rents privately and has arrears of two to six times the rent."),
        N_("Pay part of the arrears out of the fund, repay the rest, and keep the dwelling under guidance."),
        (C.PRIVATE_MARKET, C.TWO_TO_SIX_MONTHS, C.LANDLORD_SIGNS, C.ACCEPTS_GUIDANCE, C.ACCEPTS_BUDGET_HELP,
         C.POSITIVE_BUDGET),
        (S.BUDGET_PLAN, S.COMMITTEE, S.AGREEMENT, S.PAY_LANDLORD, S.FIRST_COMPENSATION, S.FOLLOW_PLAN, S.STABLE,
         S.SECOND_COMPENSATION),
        (O.REACHED, O.PARTLY, O.BREACHED, O.NOT_REACHED, O.STOPPED, O.PASSED_ON),
    ),
    ProcedureKind.FBU_SOCIAL: Design(
        N_("Who rents socially and has arrears of two to six times the rent."),
        N_("Negotiate a repayment plan for the whole arrears and follow it closely; support, skills, debts, network."),
        (C.SOCIAL_MARKET, C.TWO_TO_SIX_MONTHS, C.PAYS_ALL_BACK, C.ACCEPTS_GUIDANCE),
        (S.NEGOTIATE, S.FOLLOW_PLAN, S.SKILLS, S.DEBTS, S.NETWORK, S.REVIEW),
        (O.REACHED, O.PARTLY, O.BREACHED, O.NOT_REACHED, O.STOPPED, O.PASSED_ON),
    ),
    ProcedureKind.SOCIAL_PREVENTION: Design(
        N_("Social tenants who face eviction for nuisance and get a last chance from their landlord."),
        N_("Keep the dwelling: support, living skills learned and kept up, the network strengthened."),
        (C.SOCIAL_MARKET, C.NUISANCE, C.LAST_CHANCE),
        (S.TALK_COMPANY, S.SKILLS, S.NETWORK, S.REVIEW),
    ),
    ProcedureKind.HOUSING_GUIDANCE: Design(
        N_("Who wants help at home to keep the dwelling."),
        N_("Keep the dwelling with somebody who comes by."),
        (C.HAS_DWELLING, C.ACCEPTS_GUIDANCE),
        (S.GOALS, S.VISITS, S.SKILLS, S.NETWORK, S.REVIEW),
    ),
    ProcedureKind.HOUSING_DESK: Design(
        N_("Everybody with a question about housing."),
        N_("Answer the question or bring it to the right place."),
        (),
        (S.LISTEN, S.INFORM, S.PASS_ON),
        (O.ANSWERED, O.PASSED_ON, O.STOPPED, O.NOT_REACHED),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Check:
    """A condition with what is found about it; `answered`: it is a worker's answer, not what the case says.

    answerable: the case itself can't tell, so that a worker may answer. may_depart: unmet, the committee may let the
    household in all the same. own_source: where the organisation decided on its own measure, '' for the standard.
    """

    rule: Rule
    finding: Finding
    answered: bool = False
    answerable: bool = False
    may_depart: bool = False
    own_source: str = ""

    @property
    def condition(self) -> Condition:
        return self.rule.condition

    @property
    def verdict(self) -> Verdict:
        return self.finding.verdict


ANSWERED_YES, ANSWERED_NO = N_("Answered with yes."), N_("Answered with no.")


def check(condition: Condition, facts: CaseFacts, answers: Mapping[Condition, bool], own: OwnRules = STANDARD) -> Check:
    """What is found about one condition: what the case says goes before what somebody answered.

    What only the organisation's own measure refuses, and the standard does not, is a local condition.
    """
    rule = RULES[condition]
    finding = rule.look(facts, own)
    source = own.source if condition in own.touched else ""
    if finding.verdict is not Verdict.UNKNOWN:
        depart = rule.local or rule.look(facts, STANDARD).verdict is not finding.verdict
        return Check(rule, finding, may_depart=depart, own_source=source)
    if condition not in answers:
        return Check(rule, finding, answerable=True, may_depart=rule.local, own_source=source)
    yes = answers[condition]
    told = Finding(Verdict.MET if yes else Verdict.NOT_MET, ANSWERED_YES if yes else ANSWERED_NO)
    return Check(rule, told, answered=True, answerable=True, may_depart=rule.local, own_source=source)


def conditions_of(kind: ProcedureKind, own: OwnRules = STANDARD) -> tuple[Condition, ...]:
    """The entry conditions of a procedure: those of its design, less what the organisation does not ask, and for the
    fund with its limit to the rent."""
    asked = tuple(condition for condition in DESIGNS[kind].conditions if condition not in own.without)
    return (*asked, C.RENT_SHARE) if kind is ProcedureKind.FBU and own.rent_share is not None else asked


def checks(
    kind: ProcedureKind, facts: CaseFacts, answers: Mapping[Condition, bool], own: OwnRules = STANDARD
) -> tuple[Check, ...]:
    """All entry conditions of a procedure, in order."""
    return tuple(check(condition, facts, answers, own) for condition in conditions_of(kind, own))


def frozen(found: Sequence[Check]) -> list[dict[str, Any]]:
    """The checks as they are kept with a decision: JSON, so that what was decided on stays to be read."""
    return [
        {
            "condition": str(each.condition),
            "verdict": str(each.verdict),
            "why": each.finding.why,
            "params": {name: str(value) for name, value in each.finding.params.items()},
            "may_depart": each.may_depart,
            "own_source": each.own_source,
        }
        for each in found
    ]


def thawed(kept: Sequence[Mapping[str, Any]]) -> tuple[Check, ...]:
    """The checks of a decision; nothing in them can be answered any more."""
    shown = []
    for each in kept:
        given = {k: date.fromisoformat(v) if k == "day" else Decimal(v) for k, v in each["params"].items()}
        finding = Finding(Verdict(each["verdict"]), each["why"], given)
        rule = RULES[Condition(each["condition"])]
        depart = each.get("may_depart", rule.local)  # what was decided before organisations had rules of their own
        shown.append(Check(rule, finding, may_depart=depart, own_source=each.get("own_source", "")))
    return tuple(shown)


@dataclass(frozen=True)
class Standing:
    """How a procedure stands towards its conditions.

    blocked_by: unmet conditions of the law or of the procedure's very aim. to_explain: unmet local ones and those
    that nobody knows; with a word of explanation one may begin all the same.
    """

    blocked_by: tuple[Condition, ...]
    to_explain: tuple[Condition, ...]
    unmet: tuple[Condition, ...]

    @property
    def is_clear(self) -> bool:
        return not self.blocked_by and not self.to_explain


def standing(found: Sequence[Check]) -> Standing:
    """Whether the procedure may begin. The committee may depart from local conditions (Brugge: uitzonderingen)."""
    unmet = tuple(c.condition for c in found if c.verdict is Verdict.NOT_MET)
    blocked = tuple(c.condition for c in found if c.verdict is Verdict.NOT_MET and not c.may_depart)
    explain = tuple(
        c.condition for c in found if c.verdict is Verdict.UNKNOWN or (c.verdict is Verdict.NOT_MET and c.may_depart)
    )
    return Standing(blocked, explain, unmet)


NEXT: dict[ProcedureState, frozenset[ProcedureState]] = {
    ProcedureState.CONSIDERED: frozenset({ProcedureState.RUNNING, ProcedureState.REFUSED}),
    ProcedureState.RUNNING: frozenset({ProcedureState.ENDED}),
    ProcedureState.REFUSED: frozenset({ProcedureState.CONSIDERED}),
    ProcedureState.ENDED: frozenset(),
}
OPEN = frozenset({ProcedureState.CONSIDERED, ProcedureState.RUNNING})


def may_become(state: ProcedureState, wanted: ProcedureState) -> bool:
    """Whether a procedure in `state` may go to `wanted`; what ended or was refused can be taken up in a new one."""
    return wanted in NEXT[state]
