"""A case of which enough is known for the conditions, and organisations that serve a whole module."""

import itertools
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from app import tenancy
from app.database import db, transaction
from app.security.roles import Role
from tenants.cases.codes import LandlordKind, Market, Reason
from tenants.cases.intake import NewCase, NewDwelling, NewLandlord, NewPerson
from tenants.cases.opening import open_case
from tenants.organisations import service as organisations
from tenants.petitions.service import NewPetition, add_petitions, recompute
from tests.conftest import PASSWORD, Organisation

_numbers = itertools.count(1)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # a Tuesday, ten o'clock in Belgium


@pytest.fixture(autouse=True)
def on_tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture(scope="module")
def ocmw(app: Any, request: pytest.FixtureRequest) -> Organisation:
    """One organisation for a module: a social worker and a team lead."""
    name = request.module.__name__.rsplit(".", 1)[-1].replace("_", "-")
    with app.app_context(), tenancy.acting(tenancy.NOBODY):
        network = organisations.create_network(f"net-{name}", name)
        tenant = organisations.create_tenant(name, f"OCMW {name}", network=network.slug, prefix="GU")
        made = Organisation(app, tenant, network)
        for role in (Role.SOCIAL_WORKER, Role.TEAM_LEAD):
            user = organisations.create_user(
                f"{role}.{name}", PASSWORD, first_name="Marie", last_name=f"Van {role.value.title()}",
                email=f"{role}.{name}@voorbeeld.test",
            )  # fmt: skip
            organisations.add_member(tenant, user, [role])
            made.users[role] = user
        db.session.remove()
    return made


@pytest.fixture
def inside(app: Any, ocmw: Organisation) -> Callable[..., Any]:
    """with inside(): services and queries as the social worker; never around a request."""

    @contextmanager
    def enter(role: str = Role.SOCIAL_WORKER) -> Iterator[Any]:
        with app.app_context(), ocmw.acting(role):
            yield db.session
            db.session.remove()

    return enter


@pytest.fixture
def make_case(inside: Any, ocmw: Organisation) -> Callable[..., uuid.UUID]:
    """make_case(market=…, arrears=…): a private tenant with three months of arrears and a petition."""

    def make(
        *,
        market: Market = Market.PRIVATE,
        landlord: LandlordKind = LandlordKind.PRIVATE_COMPANY,
        arrears: Decimal | None = Decimal(2340),
        petition: bool = True,
        reason: Reason = Reason.RENT_ARREARS,
        income: Decimal | None = None,
    ) -> uuid.UUID:
        number = next(_numbers)
        with inside(), transaction():
            case_id = open_case(
                NewCase(
                    persons=(NewPerson(f"Vermeulen{number}", "Dirk"),),
                    opened_on=date(2026, 11, 2),
                    reason=reason,
                    market=market,
                    dwelling=NewDwelling("Torhoutsesteenweg", str(number), "", "8400", "Oostende", Decimal(780)),
                    landlord=NewLandlord(f"Verhuurder {landlord}", landlord),
                    net_income=income,
                    assigned_to=ocmw.users[Role.SOCIAL_WORKER].id,
                )
            )
            if petition:
                add_petitions([NewPetition(case_id, received_on=date(2026, 11, 16), arrears=arrears)])
            recompute([case_id])
        return case_id

    return make


@pytest.fixture
def send(csrf: Any) -> Callable[..., Any]:
    """send(client, address, field=value, …): a form sent by POST, with its token."""

    def post(client: Any, address: str, htmx: bool = False, **data: Any) -> Any:
        headers = {"HX-Request": "true"} if htmx else {}
        return client.post(address, data={"csrf_token": csrf(client), **data}, headers=headers)

    return post
