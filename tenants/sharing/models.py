"""Which case is shared with which partner: the row that opens a case to a guest (app/guests.py)."""

import uuid
from datetime import date, datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Uuid,
    event,
    text,
)
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from app.crypto import Sealed
from app.security.models import utc_now
from app.tenancy import APP, TenantOwned, index, points_to


class CaseGrant(TenantOwned, Model):
    """A case of this tenant shared with `partner_id` under an agreement.

    parts: see playbook.agreements.rules.Part, the base goes without saying. starts_on, ends_on: both days included.
    their_contact: whom to call at the partner. consent, consent_on, consent_by: how the household agreed, when, and
    who of ours asked. One that ended stays as it is; end_reason is sealed, so the partner reads all but that.
    """

    __tablename__ = "case_grant"
    case_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    partner_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("tenant.id"))
    network_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    agreement_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    parts: Mapped[list[str]] = mapped_column(ARRAY(String(20)), default=list)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    their_contact: Mapped[str] = mapped_column(String(120), default="")
    consent: Mapped[str] = mapped_column(String(10))
    consent_on: Mapped[date] = mapped_column(Date)
    consent_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    granted_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=utc_now)
    granted_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_user.id"))
    end_reason: Mapped[str | None] = mapped_column(Sealed, deferred=True)
    __table_args__ = (
        points_to("case_file", "case_id"),
        ForeignKeyConstraint(
            ["network_id", "agreement_id"],
            ["sharing_agreement.network_id", "sharing_agreement.id"],
            name="fk_agreement_id_sharing_agreement",
        ),
        CheckConstraint("starts_on <= ends_on", name="ck_case_grant_days"),
        CheckConstraint("partner_id <> tenant_id", name="ck_case_grant_partner"),
        index("ix_case_grant_case", "case_id"),
        index("uq_case_grant_open", "case_id", "partner_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("ix_case_grant_partner", "partner_id", "ended_at"),  # not by tenant: what others share with us
    )


_DDL = [
    """
CREATE OR REPLACE FUNCTION guest_check_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.ended_at IS NOT NULL THEN
    RAISE EXCEPTION 'a grant that ended stays ended';
  END IF;
  IF NEW.ended_at IS NULL AND NOT EXISTS (
    SELECT FROM sharing_agreement a WHERE a.network_id = NEW.network_id AND a.id = NEW.agreement_id
      AND a.state = 'in_force' AND guest_today() BETWEEN a.starts_on AND coalesce(a.ends_on, 'infinity')
      AND NEW.parts <@ a.parts
      AND (SELECT count(DISTINCT p.organisation_id) FROM sharing_party p WHERE p.network_id = a.network_id
        AND p.agreement_id = a.id AND p.organisation_id IN (NEW.tenant_id, NEW.partner_id)) = 2
  ) THEN
    RAISE EXCEPTION 'no agreement in force covers this grant';
  END IF;
  RETURN NEW;
END $$""",
    "CREATE TRIGGER covered BEFORE INSERT OR UPDATE ON case_grant FOR EACH ROW EXECUTE FUNCTION guest_check_grant()",
    # The partner learns that a case is shared with it from its own place; of the case itself this tells nothing.
    f"CREATE POLICY partner ON case_grant FOR SELECT TO {APP}"
    " USING (partner_id = (SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid))",
]


@event.listens_for(CaseGrant.__table__, "after_create")
def _guard(table: Table, connection: Connection, **_: Any) -> None:
    for statement in _DDL:
        connection.execute(text(statement))
