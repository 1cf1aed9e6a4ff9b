"""The trail: who did or read what, when and why; append-only, chained per tenant.

`audit_event` is written at once, by a trigger for changes and by `service.record_read` for openings.
`audit_link` joins the chain at commit: it holds the tenant's sequence number and
hash = sha256(previous hash || event as text). Chaining at commit keeps the tenant's lock for a moment only.
"""

import uuid
from datetime import datetime
from typing import Any

from flask_appbuilder import Model
from sqlalchemy import BigInteger, DateTime, Integer, LargeBinary, String, Table, Uuid, event, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Mapped, mapped_column

from app.guests import shared
from app.tenancy import APP, TenantOwned, index, unique


class AuditEvent(TenantOwned, Model):
    """One thing that happened. `subject` is the table, `subject_id` the row, `case_id` the file it is part of."""

    __tablename__ = "audit_event"
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    actor_id: Mapped[int | None] = mapped_column(Integer)  # ab_user.id; none for a command of the operator
    act: Mapped[str] = mapped_column(String(20))  # insert, update, delete, read, export, …
    subject: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    case_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    changes: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    why: Mapped[str | None] = mapped_column(String(200))
    xact: Mapped[int] = mapped_column(BigInteger)  # the transaction it was written in
    leads: Mapped[bool]  # the first of its transaction: at commit it brings all of them into the chain
    __table_args__ = (
        index("ix_audit_event_case", "case_id", "at"),
        index("ix_audit_event_at", "at"),
        index("ix_audit_event_xact", "xact"),
        shared("guidance", reads=False, adds=True),  # a guest's reading stands in the owner's trail
    )


class AuditLink(TenantOwned, Model):
    """An event's place in its tenant's chain.

    No foreign key: only `audit_chain` adds links, each of an event it has just read, and `service.verify` finds a link
    whose event is gone. A check for every event of a large import would read all events of the tenant each time, as
    long as PostgreSQL hasn't counted the table (a new portal's first import: minutes instead of seconds).
    """

    __tablename__ = "audit_link"
    sequence: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    __table_args__ = (
        unique("sequence", name="uq_audit_link_sequence"),
        unique("event_id", name="uq_audit_link_event"),
    )


class AuditHead(TenantOwned, Model):
    """The end of a tenant's chain: the row that commits lock in turn."""

    __tablename__ = "audit_head"
    sequence: Mapped[int] = mapped_column(BigInteger, default=0)
    hash: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    __table_args__ = (unique(name="uq_audit_head"),)


# Tables whose changes need no trail: the trail itself, drafts, what is computed again from audited rows,
# and what a person keeps for convenience. Every other tenant table has one by construction.
NOT_AUDITED = frozenset(
    {
        "audit_event",
        "audit_link",
        "audit_head",
        "case_fact",
        "deadline",
        "import_row",
        "import_mapping",
        "saved_filter",
        "scenario_fact",
        "serial",
    }
)

# The text that is hashed: every field, in UTC, in a fixed order. (A function with a setting of its own, such as the
# time zone, is never made part of the query: hence the zone in words.)
_TEXT = """
CREATE OR REPLACE FUNCTION audit_text(e audit_event) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT concat_ws('|', e.tenant_id, e.id, (e.at AT TIME ZONE 'UTC')::text || '+00',
    coalesce(e.actor_id::text, '-'), e.act, e.subject,
    coalesce(e.subject_id::text, '-'), coalesce(e.case_id::text, '-'), coalesce(e.changes::text, '-'),
    coalesce(e.why, '-'))
$$"""

# The trail's functions; the first migration makes them before any table.
FUNCTIONS = [
    # The events of a transaction that are in no chain yet, in order, each with its hash. `link`: the one before them.
    # (An array that grows would be copied for every event.)
    """
CREATE OR REPLACE FUNCTION audit_links(tenant uuid, written_in bigint, link bytea)
  RETURNS TABLE (event_id uuid, hash bytea) LANGUAGE plpgsql STABLE
  SET search_path = public, pg_temp AS $$
DECLARE event record;
BEGIN
  hash := link;
  FOR event IN EXECUTE 'SELECT e.id, audit_text(e) AS body FROM audit_event e
      WHERE e.tenant_id = $1 AND e.xact = $2 AND NOT EXISTS
        (SELECT FROM audit_link l WHERE l.tenant_id = e.tenant_id AND l.event_id = e.id)
      ORDER BY e.at, e.id' USING tenant, written_in LOOP
    event_id := event.id;
    hash := sha256(hash || convert_to(event.body, 'UTF8'));
    RETURN NEXT;
  END LOOP;
END $$""",
    # Runs once at commit, for the first event of the transaction, and links all of them with one statement: an import
    # makes a hundred thousand. (Row by row the head would be updated as often, in quadratic time.)
    """
CREATE OR REPLACE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
DECLARE place bigint; link bytea;
BEGIN
  INSERT INTO audit_head (tenant_id, id, sequence, hash) VALUES (NEW.tenant_id, NEW.tenant_id, 0, ''::bytea)
    ON CONFLICT DO NOTHING;
  SELECT sequence, hash INTO place, link FROM audit_head WHERE tenant_id = NEW.tenant_id FOR UPDATE;
  WITH added AS (
    INSERT INTO audit_link (tenant_id, id, sequence, event_id, hash)
      SELECT NEW.tenant_id, l.event_id, place + l.number, l.event_id, l.hash
      FROM audit_links(NEW.tenant_id, NEW.xact, link) WITH ORDINALITY AS l (event_id, hash, number)
      RETURNING sequence, hash)
  UPDATE audit_head h SET sequence = last.sequence, hash = last.hash
    FROM (SELECT * FROM added ORDER BY sequence DESC LIMIT 1) AS last WHERE h.tenant_id = NEW.tenant_id;
  PERFORM set_config('app.audit_chain', '', true);
  RETURN NULL;
END $$""",
    # Whoever inserts: the time and the actor are the database's word, not the caller's.
    """
CREATE OR REPLACE FUNCTION audit_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE this text;
BEGIN
  NEW.at := clock_timestamp();
  NEW.actor_id := NULLIF(current_setting('app.user_id', true), '')::integer;
  NEW.xact := pg_current_xact_id()::text::bigint;
  this := NEW.xact || ':' || NEW.tenant_id;
  NEW.leads := current_setting('app.audit_chain', true) IS DISTINCT FROM this;
  IF NEW.leads THEN PERFORM set_config('app.audit_chain', this, true); END IF;
  RETURN NEW;
END $$""",
    """
CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is append-only';
END $$""",
    # New rows of a tenant, all of a statement at once. Sealed columns (bytea) only by name, the rest with its value.
    # (OFFSET 0: the row is made JSON once, not at every mention.)
    """
CREATE OR REPLACE FUNCTION audit_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO audit_event (tenant_id, id, at, act, subject, subject_id, case_id, changes)
    SELECT (known ->> 'tenant_id')::uuid, gen_random_uuid(), clock_timestamp(), 'insert', TG_TABLE_NAME,
      (known ->> 'id')::uuid, (known ->> CASE WHEN TG_TABLE_NAME = 'case_file' THEN 'id' ELSE 'case_id' END)::uuid,
      (SELECT jsonb_object_agg(k, CASE WHEN jsonb_typeof(v) = 'string' AND starts_with(v #>> '{}', '\\x01')
          THEN '"…"'::jsonb ELSE jsonb_build_array(NULL, v) END)
        FROM jsonb_each(known) AS part (k, v)
        WHERE v <> 'null' AND k NOT IN ('tenant_id', 'id', 'wrapped'))
    FROM (SELECT to_jsonb(a) AS known FROM added AS a OFFSET 0) AS each;
  RETURN NULL;
END $$""",
    # A row of a tenant that changes or goes: the same, with the old and the new value.
    """
CREATE OR REPLACE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = public, pg_temp AS $$
DECLARE was jsonb; now jsonb; diff jsonb;
BEGIN
  was := to_jsonb(OLD);
  now := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(NEW) END;
  SELECT jsonb_object_agg(k, CASE WHEN left(coalesce(now ->> k, was ->> k), 4) = '\\x01' THEN '"…"'::jsonb
      ELSE jsonb_build_array(v, now -> k) END)
    INTO diff FROM jsonb_each(was) AS part (k, v)
    WHERE v IS DISTINCT FROM (now -> k) AND k NOT IN ('tenant_id', 'id', 'wrapped')
      AND NOT (TG_OP = 'DELETE' AND v = 'null'::jsonb);
  IF TG_OP = 'UPDATE' AND diff IS NULL THEN RETURN NULL; END IF;
  INSERT INTO audit_event (tenant_id, id, at, act, subject, subject_id, case_id, changes)
    VALUES ((was ->> 'tenant_id')::uuid, gen_random_uuid(), clock_timestamp(), lower(TG_OP), TG_TABLE_NAME,
      (was ->> 'id')::uuid, (was ->> CASE WHEN TG_TABLE_NAME = 'case_file' THEN 'id' ELSE 'case_id' END)::uuid, diff);
  RETURN NULL;
END $$""",
]

_TRIGGERS = {
    "audit_event": [
        "CREATE TRIGGER stamp BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_stamp()",
        "CREATE CONSTRAINT TRIGGER chain AFTER INSERT ON audit_event DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW WHEN (NEW.leads) EXECUTE FUNCTION audit_chain()",
        "CREATE TRIGGER refuse BEFORE UPDATE OR DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
        f"REVOKE UPDATE, DELETE ON audit_event FROM {APP}",
    ],
    "audit_link": [
        "CREATE TRIGGER refuse BEFORE UPDATE OR DELETE ON audit_link FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
        f"REVOKE INSERT, UPDATE, DELETE ON audit_link FROM {APP}",
    ],
    "audit_head": [f"REVOKE INSERT, UPDATE, DELETE ON audit_head FROM {APP}"],
}


_WATCHING = (
    'CREATE TRIGGER audit_insert AFTER INSERT ON "{0}" REFERENCING NEW TABLE AS added'
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_added()",
    'CREATE TRIGGER audit AFTER UPDATE OR DELETE ON "{0}" FOR EACH ROW EXECUTE FUNCTION audit_change()',
)


@event.listens_for(Table, "after_create")
def _watch(table: Table, connection: Connection, **_: Any) -> None:
    """By construction: a new tenant table is watched unless it stands in NOT_AUDITED."""
    if table.name == "audit_event":
        connection.execute(text(_TEXT))
    for statement in _TRIGGERS.get(table.name, ()):
        connection.execute(text(statement))
    if "tenant_id" in table.c and table.name not in NOT_AUDITED:
        for statement in _WATCHING:
            connection.execute(text(statement.format(table.name)))
