"""What a capability is given when it fills the demo: the invented region, and a way to act for its people.

A capability's `demo.py` has `load(demo: DemoRegion) -> None`; it may run again on a region that has its content.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from random import Random

from flask_appbuilder.security.sqla.models import User

from app import tenancy
from app.database import db
from app.security.models import Network, Tenant

PASSWORD = "woonvast-demo"  # noqa: S105 - everybody's in the demo, and printed when it starts
SEED = 20261116


@dataclass(frozen=True)
class DemoRegion:
    """The demo's organisations by slug and people by user name.

    today: the day around which everything happens.
    home_of: user name -> slug of the organisation (or the network) a person works for first.
    agreement_cases: organisation's slug -> cases that deserve a final begeleidingsovereenkomst.
    scale: what share of the past to invent; a test needs little.
    """

    today: date
    networks: Mapping[str, Network]
    tenants: Mapping[str, Tenant]
    users: Mapping[str, User]
    home_of: Mapping[str, str]
    agreement_cases: Mapping[str, Sequence[uuid.UUID]] = field(default_factory=dict)
    scale: float = 1.0
    random: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - invents, protects nothing

    @contextmanager
    def acting(self, username: str, tenant: str | None = None) -> Iterator[tenancy.Context]:
        """Act as a person, at `tenant` or where they work first."""
        place = tenant or self.home_of[username]
        if place in self.tenants:
            home = self.tenants[place]
            context = tenancy.Context(home.id, self.users[username].id, home.network_id)
        else:
            context = tenancy.Context(None, self.users[username].id, self.networks[place].id)
        with acting_alone(context):
            yield context


@contextmanager
def acting_alone(context: tenancy.Context) -> Iterator[None]:
    """Act as `context`, in transactions of its own: what was open ends here, and what is done ends with the block."""
    db.session.commit()
    with tenancy.acting(context):
        yield
        db.session.commit()
