"""What is ticked on the team board, and the day to which tasks move."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count its silence.

import uuid

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import InputRequired, ValidationError

from app.ui.fields import DayField
from app.ui.formats import today
from tenants.cases.assigning import Seen
from tenants.cases.forms import Part
from tenants.cases.tasks import SeenTask


class MoveForm(Part):
    day = DayField(_l("Move to"), [InputRequired(_l("Fill in the day."))])

    def validate_day(self, field):
        if field.data and field.data < today():
            raise ValidationError(_("That day is over. Choose today or later."))


def tick_of_task(row):
    """The value of a task's tick box: which task, and how it was seen."""
    return f"task:{row.id}:{row.version}"


def tick_of_case(row):
    """The value of the tick box of a deadline: its case, and who carried it."""
    return f"case:{row.case_id}:{row.assigned_to or ''}"


def ticked(values):
    """(tasks, cases) out of the ticked values; a case that is ticked twice is one. Raises ValueError for nonsense."""
    tasks, cases = {}, {}
    for value in values:
        kind, identifier, seen = value.split(":")
        key = uuid.UUID(identifier)
        if kind == "task":
            tasks[key] = SeenTask(key, int(seen))
        elif kind == "case":
            cases[key] = Seen(key, int(seen) if seen else None)
        else:
            raise ValueError(value)
    return list(tasks.values()), list(cases.values())
