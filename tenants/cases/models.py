"""A case (dossier) and who and what it is about: household, persons, dwelling, landlord; its notes and tasks."""

import uuid
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import (
    JSON,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Text,
    Time,
    Uuid,
)
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from app.crypto import Sealed
from app.guests import shared
from app.security.models import utc_now
from app.tenancy import TenantOwned, acting_organisation, index, points_to, unique

Euro = Numeric(12, 2)


class Serial(TenantOwned, Model):
    """The last number given out, per kind of number and year."""

    __tablename__ = "serial"
    kind: Mapped[str] = mapped_column(String(20))
    year: Mapped[int] = mapped_column(Integer)
    last: Mapped[int] = mapped_column(Integer, default=0)
    __table_args__ = (unique("kind", "year", name="uq_serial"),)


class Case(TenantOwned, Model):
    """A household that may lose its home.

    number: tenant prefix, year, serial ('OOS-2026-0412').
    display_name, sort_key, address_line and search_text repeat what the persons and the dwelling say; stage,
    hearing_at, next_due_on and next_due_kind what the deadlines say; reached_on what the attempts say: so that a
    list of cases is one query on one table. The services of this capability and of `petitions` keep them.
    """

    __tablename__ = "case_file"
    number: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default="open")
    source: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str] = mapped_column(String(20), default="rent_arrears")
    other_reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    market: Mapped[str] = mapped_column(String(10), default="unknown")
    assigned_to: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    opened_on: Mapped[date] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    housing_outcome: Mapped[str | None] = mapped_column(String(20))
    eviction_outcome: Mapped[str | None] = mapped_column(String(20))
    closing_reason: Mapped[str | None] = mapped_column(Sealed)  # how it came to this outcome, or why it is not known
    helped: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")  # codes of Helped, at closing
    left_open_reason: Mapped[str | None] = mapped_column(Sealed)  # why something was left undone at closing
    import_batch_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    created_by: Mapped[int | None] = mapped_column(Integer)
    changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))  # with `version`: the last edit
    changed_by: Mapped[int | None] = mapped_column(Integer)

    display_name: Mapped[str] = mapped_column(String(200), default="")
    sort_key: Mapped[str] = mapped_column(String(200), default="")
    address_line: Mapped[str] = mapped_column(String(250), default="")
    search_text: Mapped[str] = mapped_column(Text, default="")
    stage: Mapped[str] = mapped_column(String(12), default="petition")
    hearing_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    next_due_on: Mapped[date | None] = mapped_column(Date)
    next_due_kind: Mapped[str | None] = mapped_column(String(40))
    reached_on: Mapped[date | None] = mapped_column(Date)
    attempts: Mapped[int] = mapped_column(Integer, default=0)

    household: Mapped["Household | None"] = relationship(
        primaryjoin=lambda: Case.id == foreign(Household.case_id), uselist=False, viewonly=True
    )
    persons: Mapped[list["Person"]] = relationship(
        primaryjoin=lambda: Case.id == foreign(Person.case_id),
        order_by=lambda: (Person.position, Person.id),
        viewonly=True,
    )
    dwelling: Mapped["Dwelling | None"] = relationship(
        primaryjoin=lambda: Case.id == foreign(Dwelling.case_id), uselist=False, viewonly=True
    )
    __table_args__ = (
        unique("number", name="uq_case_number"),
        index("ix_case_list", "state", "next_due_on", "id"),
        index("ix_case_hearing", "hearing_at"),
        index("ix_case_sort_key", "sort_key"),
        index("ix_case_assigned", "assigned_to", "state"),
        index("ix_case_opened", "opened_on"),
        index("ix_case_batch", "import_batch_id"),
        shared("guidance", by="id"),
    )
    __mapper_args__ = {"primary_key": ["id"], "version_id_col": version}

    def __repr__(self) -> str:
        return self.number


class Household(TenantOwned, Model):
    """The household (gezin) of a case."""

    __tablename__ = "household"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    composition: Mapped[str] = mapped_column(String(30), default="unknown")
    children: Mapped[int | None] = mapped_column(Integer)  # under 18; None: not known
    net_income: Mapped[Decimal | None] = mapped_column(Euro)  # euro a month
    language: Mapped[str | None] = mapped_column(String(40))
    __table_args__ = (
        points_to("case_file", "case_id"),
        unique("case_id", name="uq_household_case"),
        shared("household"),
    )


class Person(TenantOwned, Model):
    """A member of the household. INSZ, phone and e-mail are sealed; insz_hash finds an exact INSZ."""

    __tablename__ = "person"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    role: Mapped[str] = mapped_column(String(20), default="reference")
    position: Mapped[int] = mapped_column(Integer, default=0)
    first_name: Mapped[str] = mapped_column(String(100), default="")
    last_name: Mapped[str] = mapped_column(String(100))
    sort_key: Mapped[str] = mapped_column(String(200))
    birth_date: Mapped[date | None] = mapped_column(Date)
    insz: Mapped[str | None] = mapped_column(Sealed)
    insz_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    phone: Mapped[str | None] = mapped_column(Sealed)
    email: Mapped[str | None] = mapped_column(Sealed)
    __table_args__ = (
        points_to("case_file", "case_id"),
        index("ix_person_case", "case_id"),
        index("ix_person_sort_key", "sort_key"),
        index("ix_person_insz", "insz_hash"),
        index("ix_person_birth_date", "birth_date"),
        shared("household", hides=("insz", "insz_hash")),  # two services talk about somebody without it
    )


class Dwelling(TenantOwned, Model):
    """The home that is at stake. Rent in euro a month."""

    __tablename__ = "dwelling"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    street: Mapped[str] = mapped_column(String(150), default="")
    house_number: Mapped[str] = mapped_column(String(20), default="")
    box: Mapped[str] = mapped_column(String(20), default="")
    postcode: Mapped[str] = mapped_column(String(10), default="")
    municipality: Mapped[str] = mapped_column(String(80), default="")
    rent: Mapped[Decimal | None] = mapped_column(Euro)
    lease_start: Mapped[date | None] = mapped_column(Date)
    landlord_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    landlord: Mapped["Landlord | None"] = relationship(
        primaryjoin=lambda: foreign(Dwelling.landlord_id) == Landlord.id, viewonly=True
    )
    __table_args__ = (
        points_to("case_file", "case_id"),
        points_to("landlord", "landlord_id", on_delete="RESTRICT"),
        unique("case_id", name="uq_dwelling_case"),
        index("ix_dwelling_landlord", "landlord_id"),
        index("ix_dwelling_address", "postcode", "house_number"),
        shared("dwelling", reaches={"landlord": "landlord_id"}),
    )


class Landlord(TenantOwned, Model):
    """A landlord as this OCMW knows it. Contact details are sealed."""

    __tablename__ = "landlord"
    name: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(30), default="other")
    enterprise_number: Mapped[str | None] = mapped_column(String(10))  # KBO, ten digits
    contact_name: Mapped[str | None] = mapped_column(String(150))
    address: Mapped[str | None] = mapped_column(Sealed)
    phone: Mapped[str | None] = mapped_column(Sealed)
    email: Mapped[str | None] = mapped_column(Sealed)
    iban: Mapped[str | None] = mapped_column(Sealed)
    version: Mapped[int] = mapped_column(Integer, default=1)
    __table_args__ = (index("ix_landlord_sort_key", "sort_key"),)
    __mapper_args__ = {"primary_key": ["id"], "version_id_col": version}

    def __repr__(self) -> str:
        return self.name


class Note(TenantOwned, Model):
    """A note in a case; its text is sealed. by_tenant: the organisation of who wrote it (a partner's, if shared)."""

    __tablename__ = "note"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    body: Mapped[str] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    by_tenant: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("tenant.id"), default=acting_organisation)
    __table_args__ = (
        points_to("case_file", "case_id"),
        index("ix_note_case", "case_id", "at"),
        shared("guidance", adds=True),
    )


class Task(TenantOwned, Model):
    """Something promised or to be done, for a person or for the team; its title is sealed.

    remind_on: the day before `due_on` from which it shows among the work of today. by_tenant, done_by_tenant: the
    organisations of who added and of who did it.
    """

    __tablename__ = "task"
    case_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(20), default="todo")
    title: Mapped[str] = mapped_column(Sealed)
    due_on: Mapped[date] = mapped_column(Date)
    due_at: Mapped[time | None] = mapped_column(Time)  # local time in Belgium
    assigned_to: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    done_by: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    created_by: Mapped[int | None] = mapped_column(Integer)
    remind_on: Mapped[date | None] = mapped_column(Date)
    by_tenant: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("tenant.id"), default=acting_organisation)
    done_by_tenant: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("tenant.id"))
    version: Mapped[int] = mapped_column(Integer, default=1)
    case: Mapped[Case | None] = relationship(primaryjoin=lambda: foreign(Task.case_id) == Case.id, viewonly=True)
    __table_args__ = (
        points_to("case_file", "case_id"),
        index("ix_task_due", "done_at", "due_on"),
        index("ix_task_reminder", "done_at", "remind_on"),
        index("ix_task_case", "case_id"),
        shared("guidance", adds=True, changes=("done_at", "done_by", "done_by_tenant")),
    )


class DroppedTask(TenantOwned, Model):
    """A task that was deleted: what it said and why it went. Title and reason are sealed."""

    __tablename__ = "dropped_task"
    case_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(Sealed)
    due_on: Mapped[date] = mapped_column(Date)
    assigned_to: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    by: Mapped[int | None] = mapped_column(Integer)
    __table_args__ = (points_to("case_file", "case_id"), index("ix_dropped_task_case", "case_id"))


class Attachment(TenantOwned, Model):
    """A stored file that belongs to a case."""

    __tablename__ = "attachment"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    file_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(30), default="other")
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    added_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    file: Mapped[Any] = relationship(
        "StoredFile", primaryjoin="foreign(Attachment.file_id) == StoredFile.id", viewonly=True
    )
    __table_args__ = (
        points_to("case_file", "case_id"),
        points_to("stored_file", "file_id", on_delete="RESTRICT"),
        index("ix_attachment_case", "case_id"),
        index("ix_attachment_file", "file_id"),
        shared("documents"),
    )


class SavedFilter(TenantOwned, Model):
    """A list's filter that a person keeps under a name; `query` is the address's query string."""

    __tablename__ = "saved_filter"
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    list_name: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(String(1000))
    __table_args__ = (unique("user_id", "list_name", "name", name="uq_saved_filter"),)
