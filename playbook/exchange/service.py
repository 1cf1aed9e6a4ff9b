"""The contact persons of the network in which somebody acts."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.security.models import Tenant, utc_now
from playbook.exchange import rules
from playbook.exchange.models import Contact
from playbook.exchange.rules import ContactKind


class ContactError(Exception):
    """A contact can't be saved as asked; `problems` are pairs (field, msgid)."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(message for _field, message in problems))
        self.problems = problems


class NoSuchContactError(Exception):
    """There is no such contact in the network, or it is not one that this person may change."""


@dataclass(frozen=True)
class Entry:
    """What a contact says; see models.Contact. The days of an absence are both included."""

    organisation_id: uuid.UUID
    kind: ContactKind
    name: str
    job: str = ""
    phone: str = ""
    email: str = ""
    absent_from: date | None = None
    absent_to: date | None = None
    replacement_id: uuid.UUID | None = None


@dataclass(frozen=True)
class OrganisationContacts:
    """An organisation of the network with its contacts, the central one first."""

    organisation: Tenant
    contacts: Sequence[Contact]

    @property
    def has_central(self) -> bool:
        return any(contact.kind == ContactKind.CENTRAL for contact in self.contacts)


def organisations() -> Sequence[Tenant]:
    """The organisations of the network, by name."""
    query = select(Tenant).where(Tenant.network_id == tenancy.current_network_id()).order_by(Tenant.name)
    found: Sequence[Tenant] = db.session.scalars(query).all()
    return found


def contacts() -> Sequence[Contact]:
    """Every contact of the network, by name."""
    query = select(Contact).where(Contact.network_id == tenancy.current_network_id()).order_by(Contact.name)
    found: Sequence[Contact] = db.session.scalars(query).all()
    return found


def directory() -> list[OrganisationContacts]:
    """All organisations of the network, those without a contact too."""
    known = sorted(contacts(), key=lambda contact: (rules.ORDER[ContactKind(contact.kind)], contact.name))
    return [
        OrganisationContacts(each, [contact for contact in known if contact.organisation_id == each.id])
        for each in organisations()
    ]


def contact_by_id(contact_id: uuid.UUID, only: uuid.UUID | None = None) -> Contact:
    """A contact of the network, and of organisation `only` when given; raises NoSuchContactError."""
    contact: Contact | None = db.session.get(Contact, contact_id)
    if contact is None or (only is not None and contact.organisation_id != only):
        raise NoSuchContactError(str(contact_id))
    return contact


def add(entry: Entry, only: uuid.UUID | None = None) -> Contact:
    """A new contact; `only`: the one organisation for which this person may. Raises ContactError."""
    with transaction() as session:
        _check(entry, only)
        contact = Contact()
        _fill(contact, entry)
        session.add(contact)
    return contact


def change(contact_id: uuid.UUID, entry: Entry, only: uuid.UUID | None = None) -> Contact:
    """Change a contact. Raises NoSuchContactError and ContactError."""
    with transaction():
        contact = contact_by_id(contact_id, only)
        _check(entry, only, contact)
        _fill(contact, entry)
    return contact


def remove(contact_id: uuid.UUID, only: uuid.UUID | None = None) -> None:
    """Delete a contact; who had it as a replacement has none then. Raises NoSuchContactError."""
    with transaction() as session:
        contact = contact_by_id(contact_id, only)
        _replaces_nobody(session, contact)
        session.delete(contact)


def _replaces_nobody(session: Session, contact: Contact) -> None:
    session.execute(update(Contact).where(Contact.replacement_id == contact.id).values(replacement_id=None))


def _check(entry: Entry, only: uuid.UUID | None, contact: Contact | None = None) -> None:
    problems = rules.problems_of(entry.name, entry.phone, entry.email, entry.absent_from, entry.absent_to)
    known = {each.id for each in organisations()}
    if entry.organisation_id not in known or (only is not None and entry.organisation_id != only):
        problems.append(("organisation", N_("Choose an organisation of your network.")))
    if entry.replacement_id is not None:
        if contact is not None and entry.replacement_id == contact.id:
            problems.append(("replacement", N_("Somebody can't replace themselves. Choose a colleague.")))
        elif entry.replacement_id not in {each.id for each in contacts()}:
            problems.append(("replacement", N_("This contact does not exist any more. Choose another one.")))
    if problems:
        raise ContactError(problems)


def _fill(contact: Contact, entry: Entry) -> None:
    contact.organisation_id, contact.kind, contact.name = entry.organisation_id, entry.kind, entry.name
    contact.job, contact.phone, contact.email = entry.job, entry.phone, entry.email
    contact.absent_from, contact.absent_to = entry.absent_from, entry.absent_to
    contact.replacement_id = entry.replacement_id
    contact.changed_at, contact.changed_by = utc_now(), tenancy.current().user_id
