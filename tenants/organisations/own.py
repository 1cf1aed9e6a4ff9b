"""What an organisation sets itself in place of a standard, kept in `Tenant.settings` with who set it and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app import tenancy
from app.database import db, transaction
from app.security.models import Tenant
from app.ui.formats import today


class SetMeanwhileError(Exception):
    """Somebody else set it since it was looked at; `by` is who (a user id), or None."""

    def __init__(self, by: int | None) -> None:
        super().__init__("set meanwhile")
        self.by = by


@dataclass(frozen=True)
class Own:
    """values: what differs from the standard, {} for nothing. version: 0 while nobody ever set anything."""

    values: Mapping[str, Any]
    version: int = 0
    by: int | None = None
    on: date | None = None


def own(key: str) -> Own:
    """What the acting organisation set under this key."""
    return _read(db.session.get(Tenant, tenancy.current_tenant_id()), key)


def set_own(key: str, values: Mapping[str, Any], seen: int) -> None:
    """Keep what the organisation set ({}: back to the standard). seen: the version that was looked at.

    Raises SetMeanwhileError; then nothing is changed.
    """
    with transaction() as session:
        tenant = session.get_one(Tenant, tenancy.current_tenant_id(), with_for_update=True, populate_existing=True)
        known = _read(tenant, key)
        if known.version != seen:
            raise SetMeanwhileError(known.by)
        kept = {
            "values": dict(values),
            "version": seen + 1,
            "by": tenancy.current().user_id,
            "on": today().isoformat(),
        }
        tenant.settings = {**(tenant.settings or {}), key: kept}


def _read(tenant: Tenant | None, key: str) -> Own:
    kept = (tenant.settings or {}).get(key) if tenant else None
    if not kept:
        return Own({})
    return Own(kept["values"], kept["version"], kept["by"], date.fromisoformat(kept["on"]))
