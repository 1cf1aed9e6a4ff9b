"""The night shelter (nachtopvang): seasons with their beds, who sleeps there, who was turned away, longer stays."""

import uuid
from datetime import date, datetime

from flask_appbuilder import Model
from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Integer, LargeBinary, String, Text, Uuid, text
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from app.crypto import Sealed
from app.security.models import utc_now
from app.tenancy import TenantOwned, index, points_to, unique


class ShelterSeason(TenantOwned, Model):
    """From `first_night` on there are `beds`, until the next season starts."""

    __tablename__ = "shelter_season"
    name: Mapped[str] = mapped_column(String(60))
    first_night: Mapped[date] = mapped_column(Date)
    beds: Mapped[int] = mapped_column(Integer)
    __table_args__ = (
        unique("first_night", name="uq_shelter_season"),
        CheckConstraint("beds BETWEEN 0 AND 500", name="ck_shelter_season_beds"),
    )


class Guest(TenantOwned, Model):
    """Somebody who slept in the shelter: as little as is needed to know them again. INSZ and note are sealed.

    This register is the shelter's own; a link to a case goes by consent (`EvictionLink`).
    """

    __tablename__ = "shelter_guest"
    last_name: Mapped[str] = mapped_column(String(100), default="")
    first_name: Mapped[str] = mapped_column(String(100), default="")
    sort_key: Mapped[str] = mapped_column(String(200))
    search_text: Mapped[str] = mapped_column(Text)
    birth_date: Mapped[date | None] = mapped_column(Date)
    insz: Mapped[str | None] = mapped_column(Sealed)
    insz_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    note: Mapped[str | None] = mapped_column(Sealed)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    created_by: Mapped[int | None] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer, default=1)
    __table_args__ = (
        unique("insz_hash", name="uq_shelter_guest_insz"),
        index("ix_shelter_guest_sort_key", "sort_key"),
    )
    __mapper_args__ = {"primary_key": ["id"], "version_id_col": version}

    @property
    def name(self) -> str:
        """'Dirk Vermeulen', or the one name that somebody gave."""
        return " ".join(filter(None, [self.first_name, self.last_name]))


class Stay(TenantOwned, Model):
    """A bed given for a night. `night` is the date of its evening; left_at: the person went, the bed is free again.

    The two unique indexes are what makes a bed one person's, and a person one bed's, whoever types at the same time.
    """

    __tablename__ = "shelter_stay"
    guest_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    night: Mapped[date] = mapped_column(Date)
    bed: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    left_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    left_by: Mapped[int | None] = mapped_column(Integer)
    guest: Mapped[Guest] = relationship(primaryjoin=lambda: foreign(Stay.guest_id) == Guest.id, viewonly=True)
    __table_args__ = (
        points_to("shelter_guest", "guest_id"),
        index("uq_shelter_stay_bed", "night", "bed", unique=True, postgresql_where=text("left_at IS NULL")),
        index("uq_shelter_stay_guest", "night", "guest_id", unique=True, postgresql_where=text("left_at IS NULL")),
        index("ix_shelter_stay_guest", "guest_id", "night"),
        index("ix_shelter_stay_night", "night"),
        CheckConstraint("bed >= 1", name="ck_shelter_stay_bed"),
    )


class TurnedAway(TenantOwned, Model):
    """People who got no bed in a night, counted; who they were is not kept. Note is sealed."""

    __tablename__ = "shelter_turned_away"
    night: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(20))
    persons: Mapped[int] = mapped_column(Integer, default=1)
    note: Mapped[str | None] = mapped_column(Sealed)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    __table_args__ = (
        index("ix_shelter_turned_away_night", "night"),
        CheckConstraint("persons >= 1", name="ck_shelter_turned_away_persons"),
    )


class Residence(TenantOwned, Model):
    """A place in Housing First or the group shelter, from `since` to `until` (None: still there)."""

    __tablename__ = "shelter_residence"
    guest_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    kind: Mapped[str] = mapped_column(String(20))
    place: Mapped[int] = mapped_column(Integer)
    since: Mapped[date] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    guest: Mapped[Guest] = relationship(primaryjoin=lambda: foreign(Residence.guest_id) == Guest.id, viewonly=True)
    __table_args__ = (
        points_to("shelter_guest", "guest_id"),
        index("uq_shelter_residence_place", "kind", "place", unique=True, postgresql_where=text("until IS NULL")),
        index("uq_shelter_residence_guest", "guest_id", unique=True, postgresql_where=text("until IS NULL")),
        index("ix_shelter_residence_guest", "guest_id"),
        CheckConstraint("until >= since", name="ck_shelter_residence_days"),
    )


class EvictionLink(TenantOwned, Model):
    """With the person's consent: the case of the eviction that came before. No consent, no row.

    asked_by, asked_on: who asked, and when. Withdrawn: the link to the case is gone, that it was asked remains.
    """

    __tablename__ = "shelter_link"
    guest_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    case_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    asked_by: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id"))
    asked_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[int | None] = mapped_column(Integer)
    __table_args__ = (
        points_to("shelter_guest", "guest_id"),
        points_to("case_file", "case_id"),
        index("uq_shelter_link_guest", "guest_id", unique=True, postgresql_where=text("withdrawn_at IS NULL")),
        index("ix_shelter_link_guest", "guest_id"),
        index("ix_shelter_link_case", "case_id"),
        CheckConstraint("(case_id IS NULL) = (withdrawn_at IS NOT NULL)", name="ck_shelter_link_consent"),
    )
