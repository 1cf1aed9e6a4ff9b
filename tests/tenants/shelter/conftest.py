"""A shelter with its seasons, and people in it."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.database import db, transaction
from app.security.models import Tenant
from app.security.roles import Role
from tenants.shelter import seasons, service
from tenants.shelter.guests import NewGuest
from tenants.shelter.models import Stay
from tenants.shelter.rules import Season

# Tuesday 24 November 2026, ten in the morning (see `on_tuesday`): the night of Monday still runs.
MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def shelter(app: Any, organisation: Callable[..., Any]) -> Callable[..., Any]:
    """An organisation that runs a shelter: shelter(beds=3); beds=None: no season yet."""

    def make(beds: int | None = 3, *roles: Role) -> Any:
        made = organisation(*(roles or (Role.SOCIAL_WORKER, Role.TEAM_LEAD)))
        with app.app_context(), made.acting():
            with transaction() as session:
                session.get_one(Tenant, made.tenant.id).settings = {"has_shelter": True}
            if beds is not None:
                seasons.save_season(None, Season("Winter", date(2026, 11, 1), beds))
            db.session.remove()
        return made

    return make


@pytest.fixture
def sleeping(app: Any) -> Callable[..., Stay]:
    """Give somebody new a bed: sleeping(ocmw, "Lena Maes", 2)."""

    def make(ocmw: Any, name: str, bed: int, night: date = MONDAY, **values: Any) -> Stay:
        first, _space, last = name.partition(" ")
        with app.app_context(), ocmw.acting():
            stay = service.register_new(NewGuest(last, first, **values), bed, night)
            db.session.remove()
        return stay

    return make
