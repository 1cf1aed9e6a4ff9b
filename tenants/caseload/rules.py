"""How heavy a case weighs in somebody's caseload. Pure.

Source: no law and no norm says it; this is the team's own measure, shown on the team board beside the numbers. It
follows two things that practitioners said (OCMW Brugge and Oostende, 'Hoe voorkomen OCMW's uithuiszettingen?'):
the crucial moments ask for active outreach, more as the eviction comes nearer; and FBU guidance is 'zware en
intensieve begeleiding' at multi-problem households. One point is a case in which nothing presses.

`STANDARD` is what the portal begins with; an organisation may set its own points.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tenants.guidance.codes import ProcedureKind
from tenants.petitions.codes import StageKey

MOST = 20  # points for one stage or procedure: more makes one case the whole of somebody's work


@dataclass(frozen=True)
class Weights:
    """Points for how near the eviction is, and points more for a procedure that runs; each 0 to MOST."""

    by_stage: Mapping[StageKey, int]
    by_procedure: Mapping[ProcedureKind, int]


STANDARD = Weights(
    MappingProxyType({
        StageKey.PETITION: 1,  # to be found and informed before the hearing
        StageKey.HEARING: 2,  # a proposal to be made, and kept
        StageKey.JUDGMENT: 2,
        StageKey.SERVICE: 3,  # a month until the eviction
        StageKey.NOTICE: 4,  # days until the eviction
        StageKey.EVICTION: 3,  # somewhere to go, goods, relocation
    }),
    MappingProxyType({
        ProcedureKind.FBU: 3,
        ProcedureKind.FBU_SOCIAL: 3,
        ProcedureKind.SOCIAL_PREVENTION: 3,
        ProcedureKind.CRISIS_MEDIATION: 2,
        ProcedureKind.HOUSING_GUIDANCE: 2,
        ProcedureKind.HOUSING_DESK: 0,
    }),
)  # fmt: skip


def weight(stage: StageKey, running: Iterable[ProcedureKind] = (), weights: Weights = STANDARD) -> int:
    """The points of an open case: those of its stage, and of the heaviest of its running procedures.

    The heaviest, not the sum: two procedures in one household share their visits.
    """
    return weights.by_stage[stage] + max((weights.by_procedure[kind] for kind in running), default=0)


def departures(weights: Weights) -> dict[str, int]:
    """What differs from the standard, by stage ('stage_petition') and procedure ('procedure_fbu')."""
    told, standard = _flat(weights), _flat(STANDARD)
    return {name: points for name, points in told.items() if points != standard[name]}


def with_departures(own: Mapping[str, int]) -> Weights:
    """The standard with the points that an organisation set itself; a name that is none (any more) is passed over."""
    return Weights(
        {stage: own.get(f"stage_{stage}", points) for stage, points in STANDARD.by_stage.items()},
        {kind: own.get(f"procedure_{kind}", points) for kind, points in STANDARD.by_procedure.items()},
    )


def _flat(weights: Weights) -> dict[str, int]:
    return {f"stage_{stage}": points for stage, points in weights.by_stage.items()} | {
        f"procedure_{kind}": points for kind, points in weights.by_procedure.items()
    }
