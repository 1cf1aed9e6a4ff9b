"""Opening cases, one or ten thousand at once, with one statement per table."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Text, func, insert, select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from app import tenancy
from app.crypto import blind_index
from app.database import insert_rows, transaction
from app.identifiers import uuid7
from app.security.models import Tenant
from tenants.cases.intake import NewCase, NewLandlord, NewPerson
from tenants.cases.models import Case, Dwelling, Household, Landlord, Note, Person, Serial
from tenants.cases.rules import address_line, display_name, file_number, search_text, sort_key

INSZ = "insz"  # the purpose of its blind index


def open_case(new: NewCase) -> uuid.UUID:
    """Open one case; its id."""
    return open_cases([new])[0]


def open_cases(new: Sequence[NewCase]) -> list[uuid.UUID]:
    """Open the cases in the order given; their ids. Each gets the next number of its year.

    Landlords are recognised by their name and kept once. Deadlines and facts follow from
    `tenants.petitions.service.recompute`, which the caller runs when the procedure's events are in too.
    """
    with transaction() as session:
        numbers = _numbers(session, [case.opened_on.year for case in new])
        landlords = landlord_ids(session, [case.landlord for case in new if case.landlord])
        rows: dict[type, list[dict[str, Any]]] = {t: [] for t in (Case, Household, Person, Dwelling, Note)}
        ids = []
        for case, number in zip(new, numbers, strict=True):
            case_id = uuid7()
            ids.append(case_id)
            _rows_of(case_id, number, case, landlords, rows)
        for table, values in rows.items():
            insert_rows(session, table, values)
        return ids


def _rows_of(
    case_id: uuid.UUID,
    number: str,
    case: NewCase,
    landlords: dict[str, uuid.UUID],
    rows: dict[type, list[dict[str, Any]]],
) -> None:
    dwelling = case.dwelling
    address = address_line(
        dwelling.street, dwelling.house_number, dwelling.box, dwelling.postcode, dwelling.municipality
    )
    first = case.persons[0]
    names = [display_name(p.last_name, p.first_name) for p in case.persons]
    user_id = tenancy.current().user_id
    rows[Case].append(
        {
            "id": case_id,
            "number": number,
            "source": case.source,
            "reason": case.reason,
            "other_reasons": [str(r) for r in case.other_reasons],
            "market": case.market,
            "opened_on": case.opened_on,
            "assigned_to": case.assigned_to,
            "import_batch_id": case.import_batch_id,
            "created_by": user_id,
            "version": 1,
            "display_name": names[0],
            "sort_key": sort_key(first.last_name, first.first_name),
            "address_line": address,
            "search_text": search_text([*names, address, number]),
        }
    )
    rows[Household].append(
        {
            "case_id": case_id,
            "composition": case.composition,
            "children": case.children,
            "net_income": case.net_income,
            "language": case.language,
        }
    )
    rows[Person].extend(
        {"case_id": case_id, "position": place, **person_values(person)} for place, person in enumerate(case.persons)
    )
    rows[Dwelling].append(
        {
            "case_id": case_id,
            "street": dwelling.street,
            "house_number": dwelling.house_number,
            "box": dwelling.box,
            "postcode": dwelling.postcode,
            "municipality": dwelling.municipality,
            "rent": dwelling.rent,
            "lease_start": dwelling.lease_start,
            "landlord_id": landlords.get(sort_key(case.landlord.name)) if case.landlord else None,
        }
    )
    if case.note:
        rows[Note].append({"case_id": case_id, "body": case.note, "by": user_id})


def person_values(person: NewPerson) -> dict[str, Any]:
    """The columns of a person, with those that are computed from others."""
    return {
        "role": person.role,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "sort_key": sort_key(person.last_name, person.first_name),
        "birth_date": person.birth_date,
        "insz": person.insz,
        "insz_hash": blind_index(person.insz, INSZ) if person.insz else None,
        "phone": person.phone,
        "email": person.email,
    }


def _numbers(session: Session, years: Sequence[int]) -> list[str]:
    """The next file numbers, in order; whoever asks at the same time waits, so that none is given twice."""
    prefix = session.scalar(select(Tenant.prefix).where(Tenant.id == tenancy.current_tenant_id())) or ""
    next_of: dict[int, int] = {}
    for year in sorted(set(years)):
        last = take_numbers(session, "case", year, years.count(year))
        next_of[year] = last - years.count(year) + 1
    numbers = []
    for year in years:
        numbers.append(file_number(prefix, year, next_of[year]))
        next_of[year] += 1
    return numbers


def take_numbers(session: Session, kind: str, year: int, how_many: int = 1) -> int:
    """Take the next `how_many` numbers of a kind and year for the acting tenant; the last of them."""
    start = {
        "tenant_id": tenancy.current_tenant_id(),
        "id": uuid7(),
        "kind": kind,
        "year": year,
        "last": how_many,
    }
    statement = (
        pg_insert(Serial)
        .values(start)
        .on_conflict_do_update(constraint="uq_serial", set_={"last": Serial.last + how_many})
        .returning(Serial.last)
    )
    return int(session.execute(statement).scalar_one())


def landlord_ids(session: Session, landlords: Sequence[NewLandlord]) -> dict[str, uuid.UUID]:
    """Sort key -> id of these landlords; a name that is known already is that landlord, the others are made."""
    wanted = {sort_key(landlord.name): landlord for landlord in landlords if landlord.name.strip()}
    if not wanted:
        return {}
    found = session.execute(
        select(Landlord.sort_key, func.min(Landlord.id.cast(Text)))
        .where(Landlord.sort_key.in_(wanted))
        .group_by(Landlord.sort_key)
    )
    ids: dict[str, uuid.UUID] = {key: uuid.UUID(value) for key, value in found}
    missing: list[dict[str, Any]] = [
        {"id": uuid7(), "name": landlord.name, "sort_key": key, "kind": landlord.kind, "version": 1}
        for key, landlord in wanted.items()
        if key not in ids
    ]
    if missing:
        session.execute(insert(Landlord), missing)
    return ids | {row["sort_key"]: row["id"] for row in missing}
