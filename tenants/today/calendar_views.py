"""The page where a person makes their calendar's address, and the address itself."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

from pathlib import Path
from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import format_date
from flask_babel import gettext as _

from app.security.guard import act, public
from app.security.identity import identity
from app.ui.formats import today
from app.ui.views import PortalView
from tenants.today import agenda, calendar
from tenants.today.rules import Zoom, span_of

MOST_SHOWN = {Zoom.WEEK: 40, Zoom.MONTH: 4}  # a month's box holds a few lines; its day leads to the week


class CalendarView(PortalView):
    route_base = "/agenda"
    class_permission_name = "petitions"

    def create_blueprint(self, appbuilder, endpoint=None, static_folder=None):
        """With a folder of static files of its own: the script that walks through the month by keys."""
        return super().create_blueprint(appbuilder, endpoint, static_folder=str(Path(__file__).parent / "static"))

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """The week or the month (`zicht`) around a day (`dag`); `wie=team` shows everybody's."""
        span = span_of(request.args.get("zicht", ""), request.args.get("dag", ""), today())
        team = request.args.get("wie") == "team"

        def address(**other: Any) -> str:
            kept = {"zicht": span.zoom.value, "dag": span.around.isoformat(), "wie": "team" if team else None}
            return url_for("CalendarView.index", **{**kept, **other})

        return render_template(
            "today/agenda.html",
            span=span,
            month_name=format_date(span.around, "MMMM y"),
            days=agenda.days(span, None if team else identity().user.id),
            kinds=agenda.EventKind,
            team=team,
            address=address,
            today=today(),
            most=MOST_SHOWN[span.zoom],
            weekday=lambda day: format_date(day, "EEEE"),
        )

    @expose("/adres/", methods=["GET"])
    @act("read")
    def own(self) -> ResponseReturnValue:
        """The secret address for somebody's own calendar program."""
        return _page()

    @expose("/vernieuwen", methods=["POST"])
    @act("read")
    def renew(self) -> ResponseReturnValue:
        """Make an address, shown in this answer and never again: only its hash is kept."""
        token = calendar.renew()
        slug = identity().place.tenant.slug
        return _page(url_for("CalendarView.feed", slug=slug, token=token, _external=True))

    @expose("/intrekken", methods=["POST"])
    @act("read")
    def revoke(self) -> ResponseReturnValue:
        calendar.revoke()
        flash(_("Your calendar address no longer works."), "success")
        return redirect(url_for("CalendarView.own"))

    @expose("/<slug>/<token>.ics", methods=["GET"])
    @public
    def feed(self, slug: str, token: str) -> ResponseReturnValue:
        """For calendar programs, which cannot sign in: whoever knows the address may read it."""
        try:
            calendar.act_as(slug, token)
        except calendar.NoFeedError:
            abort(404)
        response = Response(calendar.feed(today()), mimetype="text/calendar")
        response.headers["Cache-Control"] = "private, max-age=300"
        response.headers["Content-Disposition"] = 'inline; filename="woonvast.ics"'
        return response


def _page(address: str | None = None) -> ResponseReturnValue:
    page = Response(
        render_template("today/calendar.html", address=address, made_at=calendar.made_at(), host=request.host)
    )
    page.headers["Cache-Control"] = "no-store"
    return page
