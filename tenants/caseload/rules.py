"""How heavy a case weighs in somebody's caseload. Pure.

Source: no law and no norm says it; this is the team's own measure, shown on the team board beside the numbers. It
follows two things that practitioners said (OCMW Brugge and Oostende, 'Hoe voorkomen OCMW's uithuiszettingen?'):
the crucial moments ask for active outreach, more as the eviction comes nearer; and FBU guidance is 'zware en
intensieve begeleiding' at multi-problem households. One point is a case in which nothing presses.
"""

from collections.abc import Iterable, Mapping

from tenants.guidance.codes import ProcedureKind
from tenants.petitions.codes import StageKey

# Points for how near the eviction is.
BY_STAGE: Mapping[StageKey, int] = {
    StageKey.PETITION: 1,  # to be found and informed before the hearing
    StageKey.HEARING: 2,  # a proposal to be made, and kept
    StageKey.JUDGMENT: 2,
    StageKey.SERVICE: 3,  # a month until the eviction
    StageKey.NOTICE: 4,  # days until the eviction
    StageKey.EVICTION: 3,  # somewhere to go, goods, relocation
}
# Points more for a procedure that runs.
BY_PROCEDURE: Mapping[ProcedureKind, int] = {
    ProcedureKind.FBU: 3,
    ProcedureKind.FBU_SOCIAL: 3,
    ProcedureKind.SOCIAL_PREVENTION: 3,
    ProcedureKind.CRISIS_MEDIATION: 2,
    ProcedureKind.HOUSING_GUIDANCE: 2,
    ProcedureKind.HOUSING_DESK: 0,
}


def weight(stage: StageKey, running: Iterable[ProcedureKind] = ()) -> int:
    """The points of an open case: those of its stage, and of the heaviest of its running procedures.

    The heaviest, not the sum: two procedures in one household share their visits.
    """
    return BY_STAGE[stage] + max((BY_PROCEDURE[kind] for kind in running), default=0)
