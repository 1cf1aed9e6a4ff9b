"""The pistes of a case: answering them, and what is left when the case is closed."""

import uuid
from collections.abc import Collection

from sqlalchemy import select

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.security.models import utc_now
from tenants.cases.closing import LeftOpen
from tenants.cases.service import ChangedMeanwhileError
from tenants.guidance.codes import Means, Piste, PisteState, ProcedureKind
from tenants.guidance.models import GuidanceProcedure, PisteAnswer
from tenants.guidance.rules.checklist import problem, untouched
from tenants.guidance.rules.procedures import OPEN
from tenants.guidance.service import GuidanceError, locked_open_case
from tenants.petitions.service import recompute


def pistes_of(case_id: uuid.UUID) -> dict[Piste, PisteAnswer]:
    """The answered pistes of a case."""
    rows = db.session.scalars(select(PisteAnswer).where(PisteAnswer.case_id == case_id))
    return {Piste(row.piste): row for row in rows}


def answer_piste(
    case_id: uuid.UUID,
    piste: Piste,
    state: PisteState,
    means: Collection[Means] = (),
    note: str = "",
    version: int | None = None,
) -> None:
    """Say how a piste was explored. version: of the answer that was seen, 0 for none.

    Raises GuidanceError (field 'note' or 'means'), and ChangedMeanwhileError when a colleague was first.
    """
    wrong = problem(state, means, note, piste)
    if wrong:
        field, message = wrong
        raise GuidanceError(message, field)
    with transaction() as session:
        locked_open_case(session, case_id)
        row = session.scalar(select(PisteAnswer).where(PisteAnswer.case_id == case_id, PisteAnswer.piste == piste))
        if version is not None and version != (row.version if row else 0):
            raise ChangedMeanwhileError(row.by if row else None)
        if row is None:
            row = PisteAnswer(case_id=case_id, piste=piste)
            session.add(row)
        row.state, row.means, row.note = state, [str(m) for m in Means if m in means], note.strip() or None
        row.at, row.by = utc_now(), tenancy.current().user_id
        session.flush()
        recompute([case_id])


def left_open(case_id: uuid.UUID) -> list[LeftOpen]:
    """What closing the case would leave behind: procedures that are open, pistes that nobody touched."""
    query = select(GuidanceProcedure.kind).where(
        GuidanceProcedure.case_id == case_id, GuidanceProcedure.state.in_(OPEN)
    )
    kinds = sorted(db.session.scalars(query))
    found = [LeftOpen(N_("%(name)s has not ended."), {"name": ProcedureKind(kind).label}) for kind in kinds]
    pistes = untouched(pistes_of(case_id))
    return found + [LeftOpen(N_("Piste not looked at: %(name)s."), {"name": piste.label}) for piste in pistes]
