"""What is needed to open a case: plain values that forms, imports and the meldpunt fill in."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from tenants.cases.codes import Composition, LandlordKind, Market, PersonRole, Reason, Source


@dataclass(frozen=True)
class NewPerson:
    """insz: eleven digits, checked by whoever fills this in."""

    last_name: str
    first_name: str = ""
    role: PersonRole = PersonRole.REFERENCE
    birth_date: date | None = None
    insz: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class NewDwelling:
    """rent: euro a month."""

    street: str = ""
    house_number: str = ""
    box: str = ""
    postcode: str = ""
    municipality: str = ""
    rent: Decimal | None = None
    lease_start: date | None = None


@dataclass(frozen=True)
class NewLandlord:
    name: str
    kind: LandlordKind = LandlordKind.OTHER


@dataclass(frozen=True)
class NewHousehold:
    """children: under 18, None when not known. net_income: euro a month."""

    composition: Composition = Composition.UNKNOWN
    children: int | None = None
    net_income: Decimal | None = None
    language: str | None = None


@dataclass(frozen=True)
class NewCase:
    """A case to open. The first person is the reference person."""

    persons: tuple[NewPerson, ...]
    opened_on: date
    source: Source = Source.PETITION
    reason: Reason = Reason.RENT_ARREARS
    other_reasons: tuple[Reason, ...] = ()
    market: Market = Market.UNKNOWN
    dwelling: NewDwelling = field(default_factory=NewDwelling)
    landlord: NewLandlord | None = None
    composition: Composition = Composition.UNKNOWN
    children: int | None = None
    net_income: Decimal | None = None
    language: str | None = None
    note: str | None = None
    assigned_to: int | None = None
    import_batch_id: uuid.UUID | None = None
