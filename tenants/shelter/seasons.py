"""How many beds and places an organisation has: seasons as rows with a first night, places as settings."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.security.models import Tenant
from tenants.organisations.service import setting
from tenants.petitions.rules import BRUSSELS
from tenants.shelter import rules
from tenants.shelter.codes import ResidenceKind
from tenants.shelter.errors import NotFoundError, ShelterError
from tenants.shelter.models import ShelterSeason, Stay
from tenants.shelter.rules import Season

PLACES = "shelter_places_"  # the settings' names: shelter_places_housing_first, shelter_places_group


def tonight() -> date:
    """The night that runs now, by the clock in Belgium."""
    return rules.night_of(datetime.now(BRUSSELS))


def season_rows() -> list[ShelterSeason]:
    """The organisation's seasons, the newest first."""
    return list(db.session.scalars(select(ShelterSeason).order_by(ShelterSeason.first_night.desc())))


def seasons() -> list[Season]:
    """The same as values for the rules."""
    return [Season(row.name, row.first_night, row.beds) for row in season_rows()]


def save_season(season_id: uuid.UUID | None, new: Season) -> int:
    """Add a season or change one. Answers how many people lie tonight in a bed that there is no more.

    Raises NotFoundError, and ShelterError when another season starts on that night.
    """
    try:
        with transaction() as session:
            row = session.get(ShelterSeason, season_id) if season_id else ShelterSeason()
            if row is None:
                raise NotFoundError
            row.name, row.first_night, row.beds = new.name, new.first_night, new.beds
            session.add(row)
            session.flush()
            return _people_above(tonight())
    except IntegrityError as error:
        raise ShelterError(
            N_("Another season starts on that night already. Change that one, or choose another night.")
        ) from error


def remove_season(season_id: uuid.UUID) -> int:
    """Take a season away: the one before runs on. Answers as `save_season`. Raises NotFoundError."""
    with transaction() as session:
        row = session.get(ShelterSeason, season_id)
        if row is None:
            raise NotFoundError
        session.delete(row)
        session.flush()
        return _people_above(tonight())


def _people_above(night: date) -> int:
    beds = rules.beds_on(seasons(), night)
    query = select(func.count()).where(Stay.night == night, Stay.left_at.is_(None), Stay.bed > beds)
    return db.session.scalar(query) or 0


def places() -> dict[ResidenceKind, int]:
    """How many residential places there are of each kind."""
    tenant_id = tenancy.current_tenant_id()
    return {kind: setting(tenant_id, PLACES + kind, 0) for kind in ResidenceKind}


def save_places(wanted: Mapping[ResidenceKind, int]) -> None:
    """Keep how many residential places there are of each kind."""
    with transaction() as session:
        tenant = session.get_one(Tenant, tenancy.current_tenant_id())
        tenant.settings = {**(tenant.settings or {}), **{PLACES + kind: number for kind, number in wanted.items()}}
