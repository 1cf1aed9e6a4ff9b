"""The pages under /cijfers/: sums only, the same for everybody of the network save the row of one's own OCMW."""

import csv
import io

from flask import Blueprint, Flask, Response, abort, request
from flask.typing import ResponseReturnValue
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _

from app.i18n import N_
from app.security.guard import act
from app.ui import navigation
from app.ui.navigation import NavItem, Section
from app.ui.views import PortalView
from playbook.statistics import figures
from playbook.statistics.figures import Figures

ALL = "alle"  # ?jaar=alle: year by year
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class FiguresView(PortalView):
    """Petitions of the region and what became of them."""

    route_base = "/cijfers"
    class_permission_name = "statistics"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """A year by quarter, or all years; the latest year first."""
        known = figures.years()
        chosen = _chosen(known)
        table = figures.of_years() if chosen is None else figures.of_year(chosen)
        return self.render_template(
            "statistics/index.html",
            years=known,
            chosen=chosen,
            table=table,
            headings=_headings(table),
            short=_short(table),
            course=figures.course_of(chosen) if known else [],
        )

    @expose("/verzoekschriften.csv", methods=["GET"])
    @act("read")
    def export(self) -> ResponseReturnValue:
        """The table as everybody sees it: one's own hidden counts stay hidden too, since a file gets passed on."""
        chosen = _chosen(figures.years())
        table = figures.of_years() if chosen is None else figures.of_year(chosen)
        name = f"verzoekschriften-{chosen or 'per-jaar'}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(_as_csv(table), mimetype="text/csv", headers=headers)


def _chosen(known: list[int]) -> int | None:
    """The year of ?jaar=, the latest when it is left out, None for all; 404 for one without petitions."""
    wanted = request.args.get("jaar", "")
    if wanted == ALL:
        return None
    if not wanted:
        return known[0] if known else 0
    if not wanted.isdecimal() or int(wanted) not in known:
        abort(404)
    return int(wanted)


def _headings(table: Figures) -> list[str]:
    if not table.has_total:
        return [str(year) for year in table.columns]
    return [*(_("Quarter %(number)s", number=number) for number in table.columns), _("Whole year")]


def _short(table: Figures) -> list[str]:
    """The headings as they fit above a number on a phone."""
    if not table.has_total:
        return [str(year) for year in table.columns]
    return [*(_("Q%(number)s", number=number) for number in table.columns), _("Year")]


def _as_csv(table: Figures) -> str:
    """With a mark for Excel that it is UTF-8, and semicolons, as Belgian settings expect."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([_("OCMW"), *_headings(table)])
    for row in table.rows:
        writer.writerow([_as_text(row.name), *map(_number, row.published)])
    writer.writerow([_("Whole region"), *map(_number, table.region)])
    return "\ufeff" + out.getvalue()


def _as_text(name: str) -> str:
    """A name that a spreadsheet won't take for a formula."""
    return f"'{name}" if name.startswith(FORMULA) else name


def _number(count: int | None) -> str:
    return _("hidden") if count is None else str(count)


def register(app: Flask, appbuilder: AppBuilder) -> None:
    app.register_blueprint(
        Blueprint("statistics", __name__, static_folder="static", static_url_path="/static/statistics")
    )
    appbuilder.add_view_no_menu(FiguresView())
    navigation.register(
        app, NavItem(Section.NETWORK, "/cijfers/", N_("Figures"), order=30, permission="statistics.read")
    )
