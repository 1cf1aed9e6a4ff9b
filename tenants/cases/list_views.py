"""The list of cases, its kept filters and its export; and the search on top of every page."""

import io
import uuid
from collections.abc import Sequence
from urllib.parse import parse_qsl

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.i18n import N_
from app.security.guard import act
from app.ui.formats import today
from app.ui.views import PortalView
from tenants.cases import export, listing, search, words
from tenants.cases.codes import CaseState, Market, Reason
from tenants.cases.export import Cell
from tenants.cases.fields import one_line
from tenants.cases.filters import CaseFilter, Reached, Shown, Sort, Whose, read_filter
from tenants.cases.listing import CaseRow
from tenants.cases.rules import InvalidInszError, Match, looks_like_insz, normal_insz
from tenants.organisations.service import colleagues, names
from tenants.petitions.codes import StageKey

GROUPS = {
    Match.NUMBER: N_("By number"),
    Match.NAME: N_("By name"),
    Match.ADDRESS: N_("By address"),
    Match.OTHER: N_("Elsewhere in the case"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOT_IN_ADDRESS = N_(
    "A national register number must not end up in the address of a page. Type it in the search box at the top."
)


class CaseListView(PortalView):
    route_base = "/dossiers"
    class_permission_name = "cases"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        wanted = read_filter(request.args)
        if looks_like_insz(request.args.get("q", "")):
            flash(_(NOT_IN_ADDRESS), "warning")
            return redirect(address_of(wanted), 303)
        found = listing.list_cases(wanted, request.args.get("page", 1, type=int))
        people = colleagues()
        known = {user.id: user.get_full_name() for user in people}
        missing = {row.assigned_to for row in found.rows if row.assigned_to} - set(known)
        kept = listing.kept_filters()
        return render_template(
            "cases/list.html",
            wanted=wanted,
            found=found,
            size=listing.PAGE_SIZE,
            names=known | names(missing),
            kept=kept,
            present=next((each for each in kept if each.query == wanted.query()), None),
            tabs=_tabs(wanted),
            page_address=lambda page: address_of(wanted, page),
            words=words,
            choices=_choices(),
            people_choices=[(str(user.id), user.get_full_name()) for user in people],
        )

    @expose("/uitvoeren", methods=["POST"])
    @act("read")
    def take_out(self) -> ResponseReturnValue:
        """The filtered list as a spreadsheet; the trail tells who took which cases out."""
        wanted = _filter_of_form()
        rows = export.take_out(wanted)
        header, table = _table(rows)
        name = _("cases") + f"-{today():%Y-%m-%d}"
        if request.form.get("format") == "csv":
            content, kind, name = export.to_csv(header, table), "text/csv", f"{name}.csv"
        else:
            content, kind, name = export.to_xlsx(_("Cases"), header, table), XLSX, f"{name}.xlsx"
        return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name, max_age=0)

    @expose("/filters", methods=["POST"])
    @act("read")
    def keep_filter(self) -> ResponseReturnValue:
        wanted, name = _filter_of_form(), one_line(request.form.get("name", ""))
        if not 1 <= len(name) <= 60:
            flash(_("Give the filter a name of at most 60 characters."), "danger")
        else:
            listing.keep_filter(name, wanted)
            flash(_("The filter is kept under ‘%(name)s’.", name=name), "success")
        return redirect(address_of(wanted))

    @expose("/filters/<uuid:filter_id>/verwijderen", methods=["POST"])
    @act("read")
    def forget_filter(self, filter_id: uuid.UUID) -> ResponseReturnValue:
        if not listing.forget_filter(filter_id):
            abort(404)
        flash(_("The filter is gone. The cases are all still there."), "success")
        return redirect(url_for("CaseListView.index"))


class SearchView(PortalView):
    """The search. Words go by GET, so that one can come back to what was found; a national register number goes by
    POST alone, and its answer leads to the case: so the number stands in no address, history or log."""

    route_base = "/zoeken"
    class_permission_name = "cases"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        query = one_line(request.args.get("q", ""))[:100]
        if looks_like_insz(query):
            flash(_(NOT_IN_ADDRESS), "warning")
            return redirect(url_for("SearchView.index"), 303)
        return _search_page(search.search_cases(query), query)

    @expose("/", methods=["POST"])
    @act("read")
    def find(self) -> ResponseReturnValue:
        query = one_line(request.form.get("q", ""))[:100]
        if not looks_like_insz(query):
            return redirect(url_for("SearchView.index", q=query), 303)
        try:
            rows = search.cases_with_insz(normal_insz(query))
        except InvalidInszError:
            return _search_page(search.Found(), "", by_insz="wrong", status=422)
        if len(rows) == 1:
            return redirect(url_for("CaseView.show_case", case_id=rows[0].id), 303)
        return _search_page(search.Found({Match.NUMBER: rows} if rows else {}), "", by_insz="right")


def _search_page(found: search.Found, query: str, by_insz: str = "", status: int = 200) -> ResponseReturnValue:
    rows = [row for group in found.groups.values() for row in group]
    page = render_template(
        "cases/search.html",
        found=found,
        query=query,
        by_insz=by_insz,
        titles=GROUPS,
        names=names(row.assigned_to for row in rows),
        words=words,
    )
    return page, status


def address_of(wanted: CaseFilter, page: int = 1) -> str:
    """The address of the list with this filter."""
    query = "&".join(filter(None, [wanted.query(), f"page={page}" if page > 1 else ""]))
    return url_for("CaseListView.index") + (f"?{query}" if query else "")


def _filter_of_form() -> CaseFilter:
    """The filter in the form's `query`, which is an address's query string."""
    return read_filter(dict(parse_qsl(request.form.get("query", "")[:1000])))


def _tabs(wanted: CaseFilter) -> list[tuple[str, str, bool]]:
    filters = [
        (_("The whole team"), CaseFilter()),
        (_("Mine"), CaseFilter(whose=Whose.MINE)),
        (_("Not handed out yet"), CaseFilter(whose=Whose.NOBODY)),
        (_("Not reached yet"), CaseFilter(reached=Reached.NO)),
    ]
    return [(text, address_of(each), wanted.query() == each.query()) for text, each in filters]


def _choices() -> dict[str, list[tuple[str, str]]]:
    lists = {"stage": StageKey, "reached": Reached, "reason": Reason, "market": Market, "state": Shown, "sort": Sort}
    return {name: [(value, _(text)) for value, text in codes.choices()] for name, codes in lists.items()}


def _table(rows: Sequence[CaseRow]) -> tuple[list[str], list[list[Cell]]]:
    """The header and the rows of an export; only what the list itself shows."""
    header = [
        _("Case number"), _("Name"), _("Address"), _("State"), _("Stage"), _("Next day"), _("What"), _("Hearing"),
        _("Reached on"), _("Attempts"), _("Main reason"), _("Rental market"), _("Carried by"), _("Opened on"),
        _("Closed on"),
    ]  # fmt: skip
    called = names(row.assigned_to for row in rows)
    table: list[list[Cell]] = [
        [
            row.number, row.display_name, row.address_line, words.label(CaseState, row.state),
            words.stage_label(row.stage), row.next_due_on, words.due_label(row.next_due_kind),
            words.local_day(row.hearing_at), row.reached_on, row.attempts, words.label(Reason, row.reason),
            words.label(Market, row.market), called.get(row.assigned_to, ""), row.opened_on, row.closed_on,
        ]
        for row in rows
    ]  # fmt: skip
    return header, table
