"""The pistes: which means belong to each, and what an answer has to say.

Source: W13, 'maximale verkenning van pistes'; the means are the region's code list.
"""

from collections.abc import Collection

from app.i18n import N_
from tenants.guidance.codes import Means, Piste, PisteState

MEANS: dict[Piste, tuple[Means, ...]] = {
    Piste.RIGHTS: (Means.INCOME,),
    Piste.MONEY: (Means.FUND, Means.AID, Means.REPAYMENT, Means.BUDGET, Means.DEBT_MEDIATION),
    Piste.MEDIATION: (Means.LANDLORD, Means.CONCILIATION),
    Piste.INFORMATION: (Means.LEGAL_INFORMATION, Means.LEGAL_HELP),
    Piste.COOPERATION: (Means.CARE, Means.OTHER_DWELLING, Means.SHELTER),
}
EXAMPLES: dict[Piste, str] = {
    Piste.RIGHTS: N_("Such as: rent allowance, social tariff, increased reimbursement, a benefit not asked for yet."),
    Piste.MONEY: N_("Such as: the fund (FBU), financial aid of the OCMW, a proposal to pay in terms."),
    Piste.MEDIATION: N_("Such as: a talk with tenant and landlord, a request for conciliation."),
    Piste.INFORMATION: N_("Such as: what the petition asks, which terms run, a lawyer or Rechtenverkenning."),
    Piste.COOPERATION: N_("Such as: CAW, mental health care, the family, a social rental agency."),
}


def problem(state: PisteState, means: Collection[Means], note: str, piste: Piste) -> tuple[str, str] | None:
    """What is wrong with an answer: (field, msgid), or None. 'Not applicable' says why, a result says which."""
    if set(means) - set(MEANS[piste]):
        return "means", N_("Choose from the list.")
    if state is PisteState.NOT_APPLICABLE and not note.strip():
        return "note", N_("Say why this piste is not applicable.")
    if state is PisteState.RESULT and not note.strip():
        return "note", N_("Say what came of it.")
    return None


def untouched(answered: Collection[Piste]) -> tuple[Piste, ...]:
    """The pistes that nobody answered, in order."""
    return tuple(piste for piste in Piste if piste not in answered)
