"""The code lists of guidance: procedures, their conditions and steps, pistes, and the questions after closing."""

from app.i18n import N_
from tenants.cases.codes import Code


class ProcedureKind(Code):
    """What a team can do for a household (the procedures of Brugge's Team Wonen)."""

    CRISIS_MEDIATION = "crisis_mediation", N_("Crisis mediation (art. 1344ter)")
    FBU = "fbu", N_("FBU")
    FBU_SOCIAL = "fbu_social", N_("FBU Sociaal")
    SOCIAL_PREVENTION = "social_prevention", N_("Prevention in social housing")
    HOUSING_GUIDANCE = "housing_guidance", N_("Housing guidance")
    HOUSING_DESK = "housing_desk", N_("Question for the housing desk")


class ProcedureState(Code):
    CONSIDERED = "considered", N_("Considered")
    RUNNING = "running", N_("Running")
    REFUSED = "refused", N_("Refused")
    ENDED = "ended", N_("Ended")


class ProcedureOutcome(Code):
    """What a procedure came to."""

    REACHED = "reached", N_("Goal reached")
    PARTLY = "partly", N_("Goal reached in part")
    NOT_REACHED = "not_reached", N_("Goal not reached")
    BREACHED = "breached", N_("Agreement not kept")
    STOPPED = "stopped", N_("Stopped by the household")
    PASSED_ON = "passed_on", N_("Passed on to another service")
    ANSWERED = "answered", N_("Question answered")


class Verdict(Code):
    """Whether a condition is met."""

    MET = "met", N_("Met")
    NOT_MET = "not_met", N_("Not met")
    UNKNOWN = "unknown", N_("Not known")


class Condition(Code):
    """The entry conditions of the procedures."""

    THREATENED = "threatened", N_("An eviction threatens")
    ARREARS_OR_NUISANCE = "arrears_or_nuisance", N_("It is about arrears or nuisance")
    PRIVATE_MARKET = "private_market", N_("Private rental, or a former social rental agency")
    SOCIAL_MARKET = "social_market", N_("Social rental")
    TWO_TO_SIX_MONTHS = "two_to_six_months", N_("Arrears within the limits")
    RENT_SHARE = "rent_share", N_("The rent is not too high for the income")
    LANDLORD_SIGNS = "landlord_signs", N_("The landlord signs the agreement too")
    ACCEPTS_GUIDANCE = "accepts_guidance", N_("The household accepts guidance")
    ACCEPTS_BUDGET_HELP = "accepts_budget_help", N_("The household accepts budget and debt help")
    POSITIVE_BUDGET = "positive_budget", N_("The budget plan is positive")
    PAYS_ALL_BACK = "pays_all_back", N_("The household pays the whole arrears back by a plan")
    NUISANCE = "nuisance", N_("There is nuisance, not only arrears")
    LAST_CHANCE = "last_chance", N_("The social housing company gives a last chance")
    HAS_DWELLING = "has_dwelling", N_("The household still has this dwelling")


class Step(Code):
    """What is done in a procedure, in its usual order."""

    SPEAK = "speak", N_("Speak with the household: what happened, what do they want")
    PROPOSAL = "proposal", N_("Prepare the contact with the justice of the peace: a proposal on paper")
    LIVING_AGREEMENTS = "living_agreements", N_("Repayment plan or agreements on living there")
    AT_HEARING = "at_hearing", N_("At the hearing, or represented there")
    AFTER_JUDGMENT = (
        "after_judgment",
        N_("After the judgment: keep the agreement, or find a place and arrange the move"),
    )
    BUDGET_PLAN = "budget_plan", N_("Make the budget plan")
    COMMITTEE = "committee", N_("Decision of the special committee (BCSD)")
    AGREEMENT = "agreement", N_("Guidance agreement signed by the three parties")
    PAY_LANDLORD = "pay_landlord", N_("Pay the landlord")
    FIRST_COMPENSATION = "first_compensation", N_("Ask the fund for the first compensation")
    FOLLOW_PLAN = "follow_plan", N_("Follow the repayment plan closely")
    STABLE = "stable", N_("Stable housing: written confirmation of the landlord")
    SECOND_COMPENSATION = "second_compensation", N_("Ask the fund for the second compensation")
    NEGOTIATE = "negotiate", N_("Negotiate a repayment plan for the whole arrears")
    DEBTS = "debts", N_("Tackle the debts")
    TALK_COMPANY = "talk_company", N_("Talk with the social housing company: what has to change, by when")
    SKILLS = "skills", N_("Practise living skills and keep them up")
    NETWORK = "network", N_("Strengthen the network around the household")
    REVIEW = "review", N_("Look back together: does the dwelling hold")
    GOALS = "goals", N_("Agree on goals")
    VISITS = "visits", N_("Visit at home")
    LISTEN = "listen", N_("Note the question")
    INFORM = "inform", N_("Inform or help with the form")
    PASS_ON = "pass_on", N_("Pass on where needed")


class Piste(Code):
    """The avenues of the 'maximale verkenning' (W13), each to be looked at before a case is closed."""

    RIGHTS = "rights", N_("Rights and income")
    MONEY = "money", N_("FBU, aid or repayment proposal")
    MEDIATION = "mediation", N_("Mediation or conciliation")
    INFORMATION = "information", N_("Objective and legal information")
    COOPERATION = "cooperation", N_("Cooperation with other services")


class PisteState(Code):
    """How far a piste was explored; one that nobody touched has no row."""

    EXPLORED = "explored", N_("Explored")
    RESULT = "result", N_("Led to a result")
    NOT_APPLICABLE = "not_applicable", N_("Not applicable")


class Means(Code):
    """What was tried within a piste: the code list of the region."""

    INCOME = "income", N_("Rights and allowances checked")
    FUND = "fund", N_("FBU")
    AID = "aid", N_("Additional aid")
    REPAYMENT = "repayment", N_("Repayment proposal")
    BUDGET = "budget", N_("Budget guidance or management")
    DEBT_MEDIATION = "debt_mediation", N_("Debt mediation")
    LANDLORD = "landlord", N_("Mediation with the landlord")
    CONCILIATION = "conciliation", N_("Conciliation before the justice of the peace")
    LEGAL_HELP = "legal_help", N_("Legal help")
    LEGAL_INFORMATION = "legal_information", N_("Legal information")
    OTHER_DWELLING = "other_dwelling", N_("Another dwelling")
    SHELTER = "shelter", N_("Shelter")
    CARE = "care", N_("Cooperation with care")


class StillThere(Code):
    """Whether the household lives where it lived when the case was closed."""

    YES = "yes", N_("Yes, still there")
    NO = "no", N_("No, they moved")
    UNKNOWN = "unknown", N_("We don't know")


class ContactAfter(Code):
    """How somebody found out, some months later."""

    HOUSEHOLD = "household", N_("Spoke with the household")
    OTHERS = "others", N_("Through the landlord or another service")
    NONE = "none", N_("Nobody could be reached")
    UNWANTED = "unwanted", N_("The household wants no more questions")
