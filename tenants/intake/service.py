"""From a stranger's form to one row of one organisation; and what the stranger may do with it afterwards.

A stranger acts for nobody. The municipality decides which organisation the report is for; for this one insert the
transaction acts for that organisation. Nothing of an organisation is ever read for a stranger: what they may see
stands on the network's slip.
"""

import hmac
import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.orm import Session

from app import tenancy
from app.crypto import blind_index, keyed_hash, keyring, seal_for_portal, unseal_for_portal
from app.database import db, transaction
from app.identifiers import uuid7
from app.jobs import enqueue
from app.security.attempts import one_try
from app.security.models import Network, Tenant, utc_now
from app.security.rules import Kind
from tenants.intake import rules
from tenants.intake.codes import ReportState, Track
from tenants.intake.models import Report, ReportAddition, ReportingPoint, ReportSlip
from tenants.intake.places import municipality_of
from tenants.intake.rules import Told, from_json, to_json

HELD = "report held for dispatch"  # the purposes for which the portal's keys are derived
CODE = "report code"


class NoSuchPageError(Exception):
    """No network and no OCMW has this reporting point."""


class WrongCodeError(Exception):
    """The reference and the code don't belong together, or there is no such report."""


class NobodyHasItError(Exception):
    """The coordinator closed the report without an organisation: nobody would read an addition."""


@dataclass(frozen=True)
class Page:
    """A reporting point: its network, and the OCMW whose it is when it is not the whole network's.

    When a network and an OCMW have the same slug, the page is the network's and that OCMW gets what can't be placed.
    """

    slug: str
    name: str
    network: Network
    home: Tenant | None


@dataclass(frozen=True)
class Destination:
    """Where a report goes. organisation None: to the coordinator. outside: the address is unknown or elsewhere."""

    organisation: Tenant | None
    outside: bool = False


@dataclass(frozen=True)
class Receipt:
    """What the reporter gets in return."""

    reference: str
    code: str
    track: Track
    received_at: datetime
    receiver: str | None  # the OCMW's name; None: the coordinator of the network
    network: str


@dataclass(frozen=True)
class Feedback:
    """What a reporter may know afterwards: never anything of a case."""

    receipt: Receipt
    state: ReportState
    slip_id: uuid.UUID
    network_id: uuid.UUID
    organisation_id: uuid.UUID | None


@contextmanager
def acting_for(context: tenancy.Context) -> Iterator[Session]:
    """One transaction as `context`, apart from what this request did before.

    An open transaction was told another context: it ends first. Not to be used within a transaction().
    """
    session = cast(Session, db.session())
    assert session.info.get("transaction_depth", 0) == 0  # noqa: S101 - it would commit half of the caller's work
    session.commit()
    with tenancy.acting(context), transaction() as inner:
        yield inner


# ---------------------------------------------------------------- where a report goes


def find_page(slug: str) -> Page:
    """The reporting point of a slug; raises NoSuchPageError."""
    network = db.session.scalar(select(Network).where(Network.slug == slug))
    home = db.session.scalar(select(Tenant).where(Tenant.slug == slug, Tenant.kind == "ocmw"))
    if network is not None:
        return Page(slug, network.name, network, home if home and home.network_id == network.id else None)
    if home is None:
        raise NoSuchPageError(slug)
    return Page(slug, home.name, home.network, home)


def destination(page: Page, told: Told) -> Destination:
    """The OCMW of the municipality; else the page's own OCMW; else the coordinator.

    On the page of a network that wants its coordinator to see every report first, all go there.
    """
    with acting_for(tenancy.Context(network_id=page.network.id)) as session:
        place = municipality_of(told.postcode)
        its = select(Tenant).where(Tenant.network_id == page.network.id, Tenant.kind == "ocmw")
        local = session.scalar(its.where(Tenant.nis == place.nis)) if place else None
        if page.home is None and _coordinator_first(session):
            return Destination(None, outside=local is None)
        if local is not None:
            return Destination(local)
        return Destination(page.home, outside=True)


def _coordinator_first(session: Session) -> bool:
    return bool(session.scalar(select(ReportingPoint.coordinator_first)))


def other_page(told: Told, page: Page) -> Tenant | None:
    """The OCMW of another network whose municipality this is, so that the reporter can be sent to its own page."""
    place = municipality_of(told.postcode)
    if place is None:
        return None
    theirs = select(Tenant).where(Tenant.nis == place.nis, Tenant.kind == "ocmw", Tenant.network_id != page.network.id)
    found: Tenant | None = db.session.scalar(theirs.order_by(Tenant.slug).limit(1))
    return found


# ---------------------------------------------------------------- sending


def submit(page: Page, track: Track, told: Told, token: str) -> Receipt:
    """Keep a report: one slip of the network, and one row of the organisation (or sealed on the slip, for dispatch).

    token: of the form. A form that is sent twice is one report: both times the same receipt comes back.
    """
    to = destination(page, told)
    reference = _reference(page, token)
    organisation_id = to.organisation.id if to.organisation else None
    with acting_for(tenancy.Context(tenant_id=organisation_id, network_id=page.network.id)) as session:
        slip: dict[str, Any] = {
            "network_id": page.network.id,
            "id": uuid7(),
            "reference": reference,
            "track": str(track),
            "received_at": utc_now(),
            "organisation_id": organisation_id,
            "held": None if organisation_id else hold(told, []),
        }
        unseen = pg_insert(ReportSlip).values(slip).on_conflict_do_nothing().returning(ReportSlip.id)
        if session.execute(unseen).one_or_none() is not None:
            if organisation_id:
                session.add(new_report(slip, told, outside=to.outside))
            tell_of_new(slip["id"], with_receipt=True)
        kept = session.scalar(select(ReportSlip).where(ReportSlip.reference == reference))
        assert kept is not None  # noqa: S101 - it was there or was just made
        return receipt_of(kept, page.network)


def receipt_again(page: Page, token: str) -> Receipt | None:
    """The receipt of what was sent with this form's token; None when nothing was."""
    with acting_for(tenancy.Context(network_id=page.network.id)) as session:
        kept = session.scalar(select(ReportSlip).where(ReportSlip.reference == _reference(page, token)))
        return receipt_of(kept, page.network) if kept is not None else None


def _reference(page: Page, token: str) -> str:
    return rules.reference_of(page.network.slug, int(keyed_hash(token, "report reference"), 16))


def new_report(slip: dict[str, Any], told: Told, *, outside: bool) -> Report:
    """The organisation's row of a slip; the acting organisation's."""
    return Report(
        id=slip["id"],
        reference=slip["reference"],
        track=slip["track"],
        state=ReportState.RECEIVED,
        received_at=slip["received_at"],
        outside=outside,
        content=to_json(told),
        address_mark=blind_index(rules.address_key(told), "report address"),
        name_mark=blind_index(rules.name_key(told), "report name"),
    )


def tell_of_new(slip_id: uuid.UUID, *, with_receipt: bool) -> None:
    """Mail whoever has to act (without a word about anybody), and the reporter their receipt."""
    from tenants.intake.jobs import send_receipt, tell_receiver

    enqueue(tell_receiver, slip_id=str(slip_id))
    if with_receipt:
        enqueue(send_receipt, slip_id=str(slip_id))


def hold(told: Told, additions: list[dict[str, str]]) -> bytes:
    """A report sealed with the portal's key, while it belongs to no organisation yet."""
    content = {"told": to_json(told), "additions": additions}
    return seal_for_portal(json.dumps(content, ensure_ascii=False).encode(), HELD)


def held(sealed: bytes) -> tuple[Told, list[dict[str, str]]]:
    """What `hold` sealed: the report, and additions as {"at": ISO, "body": text}."""
    content = json.loads(unseal_for_portal(sealed, HELD))
    return from_json(content["told"]), content["additions"]


# ---------------------------------------------------------------- following


def receipt_of(slip: ReportSlip, network: Network) -> Receipt:
    receiver = db.session.get(Tenant, slip.organisation_id) if slip.organisation_id else None
    return Receipt(
        reference=slip.reference,
        code=_codes(slip.reference)[0],
        track=Track(slip.track),
        received_at=slip.received_at,
        receiver=receiver.name if receiver else None,
        network=network.name,
    )


def _codes(reference: str) -> list[str]:
    """The code of a reference; with older master keys the ones that were given out then."""
    return [
        rules.readable(int.from_bytes(hmac.digest(key, reference.encode(), "sha256"), "big"))
        for key in keyring.portal_keys(CODE)
    ]


def follow(reference: str, code: str, address: str) -> Feedback:
    """How far a report is, for who has its code. Raises WrongCodeError, and LockedError after too many tries."""
    reference, code = rules.normal(reference), rules.normal(code)
    with one_try(Kind.FOLLOW_UP, reference, address) as attempt:
        is_right = any(hmac.compare_digest(code.encode(), known.encode()) for known in _codes(reference))
        attempt.succeeded = is_right
    network = db.session.scalar(select(Network).where(Network.slug == rules.network_of(reference)))
    if not is_right or network is None:
        raise WrongCodeError
    with acting_for(tenancy.Context(network_id=network.id)) as session:
        slip = session.scalar(select(ReportSlip).where(ReportSlip.reference == reference))
        if slip is None:
            raise WrongCodeError
        receipt = receipt_of(slip, network)
        return Feedback(receipt, ReportState(slip.state), slip.id, network.id, slip.organisation_id)


def add_words(found: Feedback, words: str) -> None:
    """Add the reporter's words to their report. Raises NobodyHasItError."""
    with acting_for(tenancy.Context(tenant_id=found.organisation_id, network_id=found.network_id)) as session:
        slip = session.scalar(select(ReportSlip).where(ReportSlip.id == found.slip_id).with_for_update())
        if slip is None or slip.organisation_id != found.organisation_id:
            raise WrongCodeError  # dispatched at this very moment: the next try finds it
        if slip.organisation_id is not None:
            session.add(ReportAddition(report_id=slip.id, body=words))
        elif slip.held is not None:
            told, additions = held(slip.held)
            slip.held = hold(told, [*additions, {"at": utc_now().isoformat(), "body": words}])
        else:
            raise NobodyHasItError
        tell_of_new(slip.id, with_receipt=False)
