"""The organisation's letterhead: what every document says about the one who sends it."""

from dataclasses import dataclass

from sqlalchemy import select

from app import tenancy
from app.database import db, transaction
from app.security.models import Tenant
from tenants.letters.models import Letterhead
from tenants.letters.rules import Address, Organisation


@dataclass(frozen=True)
class NewLetterhead:
    """enterprise_number: ten digits, checked by whoever fills this in."""

    street: str
    postcode: str
    city: str
    enterprise_number: str
    phone: str
    email: str
    dpo: str
    representatives: tuple[str, ...]
    retention_years: int = 10


def letterhead() -> Letterhead | None:
    """The acting organisation's letterhead, if it has one yet."""
    return db.session.scalar(select(Letterhead))


def save_letterhead(new: NewLetterhead) -> None:
    """Write the letterhead. Final documents keep the one of their day."""
    with transaction() as session:
        row = session.scalar(select(Letterhead).with_for_update())
        if row is None:
            row = Letterhead()
            session.add(row)
        for name, value in vars(new).items():
            setattr(row, name, list(value) if isinstance(value, tuple) else value)


def organisation() -> Organisation:
    """The acting organisation as a party; what its letterhead doesn't say stays empty."""
    tenant = db.session.get(Tenant, tenancy.current_tenant_id())
    assert tenant is not None  # noqa: S101 - somebody acts for it
    row = letterhead()
    is_ocmw = tenant.kind == "ocmw"
    if row is None:
        return Organisation(name=tenant.name, is_ocmw=is_ocmw)
    return Organisation(
        name=tenant.name,
        is_ocmw=is_ocmw,
        address=Address(row.street, row.postcode, row.city),
        kbo=shown_kbo(row.enterprise_number),
        phone=row.phone,
        email=row.email,
        dpo=row.dpo,
        representatives=tuple(row.representatives),
        retention_years=row.retention_years,
    )


def shown_kbo(number: str) -> str:
    """'0123.456.749'; an empty text stays empty."""
    return f"{number[:4]}.{number[4:7]}.{number[7:]}" if number else ""
