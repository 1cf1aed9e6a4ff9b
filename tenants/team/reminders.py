"""The daily mail: who gets it, and with which counts, also of what they do as a guest in cases of others. No name, no
address, no case number ever stands in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from app import tenancy
from app.database import db, transaction
from app.identifiers import uuid7
from app.security.models import Tenant, utc_now
from app.ui.formats import today
from tenants.organisations.service import colleagues
from tenants.team.models import MailOptOut
from tenants.team.service import Counts, counts
from tenants.today.rules import horizon


@dataclass(frozen=True)
class Reminder:
    """A mail to send: to whom, for which organisation, and how much there is to do."""

    user: User
    organisation: str
    counts: Counts


def wants_mail(user_id: int | None) -> bool:
    """Whether this person gets the daily mail about the acting organisation's work."""
    return db.session.scalar(select(MailOptOut.id).where(MailOptOut.user_id == user_id)) is None


def choose(user_id: int | None, *, wants: bool) -> None:
    """Remember whether this person wants the daily mail; saying the same twice changes nothing."""
    with transaction() as session:
        if wants:
            session.execute(delete(MailOptOut).where(MailOptOut.user_id == user_id))
            return
        row = {"tenant_id": tenancy.current_tenant_id(), "id": uuid7(), "user_id": user_id, "since": utc_now()}
        session.execute(insert(MailOptOut).values(row).on_conflict_do_nothing(constraint="uq_mail_opt_out_user"))


def receivers() -> list[int]:
    """Who of the acting organisation gets a mail today: who carries cases, wants it and has something to do."""
    refused = set(db.session.scalars(select(MailOptOut.user_id)))
    counted = counts(horizon(today())).together()
    return [u.id for u in colleagues() if u.id not in refused and u.email and is_something(of_person(counted, u.id))]


def reminder(user_id: int) -> Reminder | None:
    """The mail of one person as it is now; None when they left, refused it, or have nothing to do any more."""
    if user_id not in receivers():
        return None
    tenant = db.session.get_one(Tenant, tenancy.current_tenant_id())
    mine = of_person(counts(horizon(today())).together(), user_id)
    return Reminder(db.session.get_one(User, user_id), tenant.name, mine)


def of_person(counted: Mapping[int | None, Counts], user_id: int) -> Counts:
    """A person's own work and what nobody carries yet, as Vandaag shows it."""
    return counted.get(user_id, Counts()) + counted.get(None, Counts())


def is_something(found: Counts) -> bool:
    """Whether there is anything late or for today: for the rest of the week nobody needs a mail."""
    return bool(found.late or found.today)
