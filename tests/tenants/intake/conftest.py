"""What the tests of the reporting point share: a region with municipalities, and a stranger with a browser."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.database import db, owner_engine, transaction
from app.security.models import Tenant
from app.security.roles import Role
from tenants.intake import gate
from tenants.intake.codes import Track
from tenants.intake.service import find_page, submit
from tests.tenants.intake.samples import TOLD

KORTRIJK, MENEN = "34022", "34027"
MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_addresses = (f"10.{n // 65536 % 256}.{n // 256 % 256}.{n % 256}" for n in itertools.count(1))

ANSWERS = {
    "reporter_first": "An",
    "reporter_last": "Feys",
    "reporter_email": "an.feys@voorbeeld.test",
    "first_name": "Dirk",
    "last_name": "Vermeulen",
    "street": "Budastraat",
    "house_number": "12",
    "postcode": "8500",
    "municipality": "Kortrijk",
    "reasons": ["rent_arrears", "nuisance"],
    "arrears": "2.340,00",
    "explanation": "Sinds juni geen huur meer.",
    "may_tell": "no",
}


@dataclass(frozen=True)
class Region:
    """A network with an OCMW in Kortrijk and one in Menen."""

    slug: str
    kortrijk: Any
    menen: Any


@pytest.fixture
def region(app: Flask, organisation: Callable[..., Any]) -> Region:
    kortrijk = organisation(Role.SOCIAL_WORKER, Role.REGIONAL_COORDINATOR, name="OCMW Kortrijk")
    menen = organisation(Role.SOCIAL_WORKER, network=kortrijk.network, name="OCMW Menen")
    with app.app_context(), transaction() as session:
        for made, nis in ((kortrijk, KORTRIJK), (menen, MENEN)):
            session.get_one(Tenant, made.tenant.id).nis = nis
    with app.app_context():
        db.session.remove()
    return Region(kortrijk.network.slug, kortrijk, menen)


@dataclass
class Stranger:
    """Somebody without an account, with an internet address of their own."""

    client: FlaskClient
    csrf: Callable[[FlaskClient], str]
    address: str
    at: str = ""

    def get(self, path: str) -> Any:
        return self.client.get(path, environ_base={"REMOTE_ADDR": self.address})

    def post(self, path: str, **fields: Any) -> Any:
        """The page to which sending leads, as a browser follows it."""
        data = {**fields, "csrf_token": self.csrf(self.client)}
        return self.client.post(path, data=data, environ_base={"REMOTE_ADDR": self.address}, follow_redirects=True)

    def start(self, path: str) -> str:
        """The token of a form that is opened in the morning; `at` is its first step from then on."""
        with time_machine.travel(MORNING, tick=False):
            self.at = self.get(path).location
            found = re.search(r'name="start" value="([^"]+)"', self.get(self.at).get_data(as_text=True))
        assert found is not None
        return found[1]

    def place(self, name: str) -> str:
        """The address of another step of the report that was started last."""
        return self.at.removesuffix("melder/") + f"{name}/"

    def tells(self, place: str, go: str = "next", **fields: Any) -> Any:
        """Send a step, and open the page to which it leads."""
        return self.post(self.place(place), go=go, **fields)

    def send(self, path: str, *, after: float = 60, **changes: Any) -> Any:
        """Fill in and send the form of a reporting point, `after` so many seconds; without a script, by the sum."""
        token = changes.pop("start", None) or self.start(path)
        fields = {**ANSWERS, "start": token, "answer": str(sum(gate.question(token))), "go": "send", **changes}
        with time_machine.travel(MORNING + timedelta(seconds=after), tick=False):
            return self.post(self.place("overzicht"), **fields)


@pytest.fixture
def stranger(app: Flask, csrf: Callable[[FlaskClient], str]) -> Callable[[], Stranger]:
    return lambda: Stranger(app.test_client(), csrf, next(_addresses))


@pytest.fixture
def reported(app: Flask, region: Region) -> Callable[..., Any]:
    """A report as the service keeps it: reported(postcode="8930", municipality="Menen"); its receipt."""

    def make(slug: str | None = None, track: Track = Track.LANDLORD, **changes: Any) -> Any:
        with app.app_context():
            token = gate.new_token()
            receipt = submit(find_page(slug or region.slug), track, TOLD.but(**changes), token)
            db.session.remove()
        return receipt

    return make


@pytest.fixture
def stored(settings: Any) -> Callable[..., list[Any]]:
    """What really stands in the database, whoever owns it: stored("SELECT …", n=network.id)."""

    def look(query: str, **values: Any) -> list[Any]:
        engine = owner_engine(settings)
        with engine.connect() as admin:
            rows = admin.execute(text(query), values).all()
        engine.dispose()
        return list(rows)

    return look
