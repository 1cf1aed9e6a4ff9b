"""Base classes of the portal's views: they set once what every view would repeat.

A CRUD view declares its area, columns, labels and titles; a page of its own derives from PortalView and renders
templates from the folder `templates` beside its module.
"""

# mypy: ignore-errors
# Flask-AppBuilder and WTForms carry no types: strictness would only count their silence.

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from flask import abort, flash, g, has_request_context, request
from flask_appbuilder import BaseView, ModelView
from flask_appbuilder.exceptions import DatabaseException
from flask_appbuilder.models.filters import Filters
from flask_appbuilder.urltools import get_filter_args, get_order_args, get_page_args, get_page_size_args
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from wtforms import Form

from app.ui.fields import made_ours, use_native_fields
from app.ui.widgets import PortalSearch

use_native_fields()


class PortalView(BaseView):
    """Pages of our own. Set `route_base` and `class_permission_name` (the area of the rights)."""

    default_view = "index"

    def __init__(self, **kwargs: Any) -> None:
        self.template_folder = str(_folder_of(type(self)) / "templates")
        super().__init__(**kwargs)

    def update_redirect(self) -> None:
        """Keep no history of addresses in the cookie: they may hold what somebody searched for."""

    def get_redirect(self) -> str:
        """Where a view goes when it is done."""
        return str(self.get_default_url())


def _folder_of(view: type) -> Path:
    return Path(str(sys.modules[view.__module__].__file__)).parent


class PortalModelView(PortalView, ModelView):
    """List, show, add, edit and delete the rows of a table.

    Declare: datamodel, route_base, class_permission_name, list_title, add_title, list_columns, label_columns,
    search_columns, add_columns, edit_columns, and where they differ show_columns, order_columns, base_order.
    `list_sub` is the sentence under the list's title, `empty_text` what to do while it is empty, `delete_text` what
    deleting means. Override `create`, `change` and `remove` to call the capability's service; the errors named
    in `refusals` come back on the form, in the reader's language.
    """

    default_view = "list"
    page_size = 25  # a screen and a half: one scrolls, one does not search
    method_permission_name: ClassVar[dict[str, str]] = {
        "list": "read",
        "show": "read",
        "download": "read",
        "add": "write",
        "edit": "write",
        "delete": "write",
        "action": "write",
        "action_post": "write",
    }
    search_widget = PortalSearch
    add_row_message = _l("Added.")
    edit_row_message = _l("Saved.")
    delete_row_message = _l("Deleted.")
    exclude_route_methods: ClassVar[set[str]] = {"download", "action", "action_post"}

    list_sub: Any = None
    empty_text: Any = _l("What you add appears here.")
    delete_text: Any = _l("You cannot undo this.")
    refusals: ClassVar[tuple[type[Exception], ...]] = ()

    # -- what a capability overrides to call its service

    def create(self, form: Form) -> None:
        """Store a new row out of a valid form."""
        item = self.datamodel.obj()
        form.populate_obj(item)
        self.datamodel.add(item)

    def change(self, item: Any, form: Form) -> None:
        """Store what a valid form says about `item`."""
        form.populate_obj(item)
        self.datamodel.edit(item)

    def remove(self, item: Any) -> None:
        """Delete `item`."""
        self.datamodel.delete(item)

    # -- how Flask-AppBuilder's five pages use them

    def render_template(self, template: str, **kwargs: Any) -> Any:
        """The page; a form that comes back after a POST was refused, and says so with 422."""
        page = super().render_template(template, view=self, **kwargs)
        refused = request.method == "POST" and template in (self.add_template, self.edit_template)
        return (page, 422) if refused else page

    def _init_forms(self) -> None:
        super()._init_forms()
        for form in (self.search_form, self.add_form, self.edit_form):
            made_ours(form)

    def _get_list_widget(self, filters: Filters, **kwargs: Any) -> dict[str, Any]:
        """A search form sends its empty boxes too: they filter nothing."""
        used = [(each, _search_value(self.datamodel, each.column_name, value)) for each, value in _pairs(filters)]
        used = [(each, value) for each, value in used if value not in ("", [], [""], None)]
        filters.filters, filters.values = [each for each, _ in used], [value for _, value in used]
        widgets: dict[str, Any] = super()._get_list_widget(filters=filters, **kwargs)
        return widgets

    def _get_show_widget(self, pk: Any, item: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super()._get_show_widget(pk, item, **kwargs), "item": item}

    def _add(self) -> dict[str, Any] | None:
        get_filter_args(self._filters, disallow_if_not_in_search=False)
        given = self._filters.get_relation_cols()  # 'add' inside the list of a related row
        form = self.add_form.refresh()
        if request.method == "POST":
            self._fill_form_exclude_cols(given, form)
            if self._accepted(form, lambda: self.create(form)):
                flash(self.add_row_message, "success")
                return None
        widgets: dict[str, Any] = self._get_add_widget(form=form, exclude_cols=given)
        return widgets

    def _edit(self, pk: Any) -> dict[str, Any] | None:
        item = self._item(pk)
        form = self.edit_form.refresh(obj=item)
        form._id = self.datamodel.get_pk_value(item)  # the validator of unique columns leaves this row out
        if request.method == "POST" and self._accepted(form, lambda: self.change(item, form)):
            flash(self.edit_row_message, "success")
            return None
        widgets = self._get_edit_widget(form=form) | {"item": item}
        related: dict[str, Any] = self._get_related_views_widgets(
            item,
            orders=get_order_args(),
            pages=get_page_args(),
            page_sizes=get_page_size_args(),
            widgets=widgets,
        )
        return related

    def _delete(self, pk: Any) -> None:
        item = self._item(pk)
        try:
            self.remove(item)
        except Exception as error:
            flash(self._reason(error), "danger")
        else:
            flash(self.delete_row_message, "success")

    def _item(self, pk: Any) -> Any:
        return self.datamodel.get(pk, self._base_filters) or abort(404)

    def _accepted(self, form: Form, store: Callable[[], None]) -> bool:
        """Validate, then store; what is refused stands on the form."""
        if not form.validate():
            return False
        try:
            store()
        except Exception as error:
            form.form_errors.append(self._reason(error))
            return False
        return True

    def _reason(self, error: Exception) -> str:
        """Why `error` refused the change, for the reader; an error that nobody foresaw is raised again."""
        if isinstance(error, self.refusals):
            return gettext(str(error))
        cause = error.__cause__ if isinstance(error, DatabaseException) else error
        if isinstance(cause, IntegrityError):
            if getattr(cause.orig, "sqlstate", None) == "23503":  # foreign_key_violation
                return gettext("Something else in the portal still uses this. Change that first.")
            return gettext("This exists already. Open the existing one, or choose another name or number.")
        raise error

    # Flask-AppBuilder keeps the filters of a request on the view, which all threads share: two people who search at
    # the same moment would see each other's filter. Each request gets its own.

    @property
    def _filters(self) -> Filters:
        if not has_request_context():
            return self._filters_of_class
        own: dict[int, Filters] = g.setdefault("list_filters", {})
        if id(self) not in own:
            fresh = self.datamodel.get_filters(self.search_columns)
            own[id(self)] = fresh
        return own[id(self)]

    @_filters.setter
    def _filters(self, filters: Filters) -> None:
        self._filters_of_class = filters


def _pairs(filters: Filters) -> list[tuple[Any, Any]]:
    return list(filters.get_filters_values())


def _search_value(datamodel: Any, column: str, value: Any) -> Any:
    """'n' of a yes/no select as False; Flask-AppBuilder itself understands only 'y'."""
    return False if value == ["n"] and datamodel.is_boolean(column) else value
