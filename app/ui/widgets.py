"""The search of a list: one box or select per column, each with the filter that people mean."""

# mypy: ignore-errors
# Flask-AppBuilder and WTForms carry no types: strictness would only count their silence.

from typing import Any

from flask import request
from flask_appbuilder.models.filters import BaseFilter
from flask_appbuilder.widgets import SearchWidget
from flask_babel import gettext

# For a text 'contains' is meant, for a choice 'is'; 'starts with', 'not equal' and the rest are not offered.
MEANT = ("FilterContains", "FilterRelationOneToManyEqual", "FilterRelationManyToManyEqual", "FilterEqual")


class PortalSearch(SearchWidget):
    """Renders `search.html` with `controls`: name, label, choices (None for a text box), value of each."""

    def __call__(self, **kwargs: Any) -> str:
        form = self.template_args["form"]
        offered = self.filters.get_search_filters()
        controls = [
            control
            for column in self.template_args["include_cols"]
            if (control := _control(form[column], column, offered.get(column, [])))
        ]
        # Past SearchWidget's own rendering, which prepares what its script needs.
        page: str = super(SearchWidget, self).__call__(controls=controls, **kwargs)
        return page


def _control(field: Any, column: str, filters: list[BaseFilter]) -> dict[str, Any] | None:
    names = [type(each).__name__ for each in filters]
    index = next((names.index(name) for name in MEANT if name in names), None)
    if index is None:
        return None
    name = f"_flt_{index}_{column}"
    return {
        "name": name,
        "label": field.label.text,
        "choices": _choices(field),
        "type": "date" if field.type == "DateField" else "search",
        "value": request.args.get(name, ""),
    }


def _choices(field: Any) -> list[tuple[str, str]] | None:
    if field.type == "BooleanField":
        return [("y", gettext("yes")), ("n", gettext("no"))]
    if not hasattr(field, "iter_choices"):
        return None
    return [(str(choice[0]), str(choice[1])) for choice in field.iter_choices() if choice[0] not in ("", "__None")]
