"""What changed, in the words of the data protection officer: the columns of a record by their plain names."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.i18n import N_

# What the portal writes itself beside every change; the export keeps them.
OWN = frozenset(
    {
        "changed_at", "changed_by", "version", "search_text", "sort_key", "recorded_at", "sha256", "engine",
        "snapshot", "checks", "released_id", "case_id",
    }
)  # fmt: skip

FIELDS = {
    "state": N_("state"),
    "attempts": N_("number of attempts"),
    "housing_outcome": N_("where they live now"),
    "closed_on": N_("day of closing"),
    "eviction_outcome": N_("what came of the eviction"),
    "hearing_at": N_("day of the hearing"),
    "hearing_id": N_("hearing"),
    "present": N_("who was present"),
    "stage": N_("stage"),
    "reached_on": N_("day on which they were reached"),
    "recorded_by": N_("who recorded it"),
    "helped": N_("what helped"),
    "next_due_on": N_("next day"),
    "next_due_kind": N_("what is due next"),
    "due_on": N_("day"),
    "due_at": N_("hour"),
    "basis_on": N_("day from which it counts"),
    "attempt_id": N_("attempt"),
    "task_id": N_("task"),
    "next_step_id": N_("next step"),
    "next_channel": N_("next channel"),
    "ended_on": N_("day of ending"),
    "ended_at": N_("moment of ending"),
    "ended_by": N_("who ended it"),
    "end_reason": N_("reason for ending"),
    "done_at": N_("done"),
    "done_by": N_("who did it"),
    "done_by_tenant": N_("which organisation did it"),
    "received_at": N_("moment of receipt"),
    "received_on": N_("day of receipt"),
    "skipped_at": N_("skipped"),
    "skipped_by": N_("who skipped it"),
    "skip_reason": N_("reason for skipping"),
    "next_talk_on": N_("next talk"),
    "started_on": N_("day of starting"),
    "file_id": N_("file"),
    "handed_in_at": N_("handed in"),
    "finalised_at": N_("made final"),
    "finalised_by": N_("who made it final"),
    "iban": N_("account number"),
    "enterprise_number": N_("enterprise number"),
    "contact_name": N_("contact person"),
    "address": N_("address"),
    "terms": N_("terms of the judgment"),
    "replaced_by": N_("replaced by"),
    "first_act_at": N_("first decision"),
    "first_act_by": N_("who decided first"),
    "released_at": N_("released"),
    "released_by": N_("who released it"),
    "title": N_("title"),
    "tried": N_("what was tried"),
    "arrival": N_("how they came to us"),
    "assigned_to": N_("who carries it"),
    "question": N_("question"),
    "household": N_("household"),
    "decided_on": N_("day of the decision"),
    "decided_by": N_("who decided"),
    "signed_attachment_id": N_("signed copy"),
    "left_at": N_("left"),
    "closing_reason": N_("reason for closing"),
    "refused_for": N_("reason of the refusal"),
    "reason": N_("reason"),
    "left_out": N_("what was left out"),
    "rent": N_("rent"),
    "landlord_id": N_("landlord"),
    "email": N_("e-mail"),
    "phone": N_("phone"),
    "last_name": N_("last name"),
    "first_name": N_("first name"),
    "street": N_("street"),
    "kind": N_("kind"),
    "roles": N_("roles"),
    "settings": N_("settings"),
    "notice_on": N_("day of the notice"),
    "planned_on": N_("planned day"),
    "carried_out_on": N_("day of the eviction"),
    "served_on": N_("day of service"),
    "pronounced_on": N_("day of the judgment"),
    "court": N_("court"),
    "roll_number": N_("roll number"),
}


def fields_in_words(columns: Iterable[str]) -> tuple[str, ...]:
    """The msgids of what changed, each once; a column without words of its own keeps its name, without its signs."""
    told = (FIELDS.get(column, column.replace("_", " ")) for column in sorted(columns) if column not in OWN)
    return tuple(dict.fromkeys(told))


def changes_in_words(changes: Mapping[str, Any], translate: Callable[[str], str]) -> str:
    """A line for each column, also those the portal writes itself: 'rent: 650 → 700'; of a sealed one only that it
    changed ('…')."""
    return "\n".join(
        translate(N_("%(label)s: %(text)s"))
        % {"label": translate(FIELDS[column]) if column in FIELDS else column.replace("_", " "), "text": _told(change)}
        for column, change in sorted(changes.items())
    )


def _told(change: Any) -> str:
    if not isinstance(change, list) or len(change) != 2:  # a sealed column's '…'
        return _value(change)
    old, new = change
    return _value(new) if old is None else f"{_value(old)} → {_value(new)}"


def _value(value: Any) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
