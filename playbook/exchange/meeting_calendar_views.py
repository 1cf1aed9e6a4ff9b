"""The network's meetings in one's own calendar: a file per meeting, and a secret address for all of them."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.guard import act, public
from app.security.identity import identity
from app.security.models import utc_now
from app.ui.views import PortalView
from playbook.exchange import calendar, meetings
from playbook.exchange.errors import NotThereError


class MeetingCalendarView(PortalView):
    """Meetings for calendar programs."""

    route_base = "/netwerk/bijeenkomsten"
    class_permission_name = "exchange"

    @expose("/<uuid:meeting_id>/agenda.ics", methods=["GET"])
    @act("read")
    def ics(self, meeting_id):
        """One meeting for one's own calendar."""
        try:
            meeting = meetings.one(meeting_id)
        except NotThereError:
            abort(404)
        return Response(
            calendar.of_one(meeting, _address(meeting_id)),
            mimetype="text/calendar",
            headers={"Content-Disposition": f'attachment; filename="overleg-{meeting.starts_at:%Y-%m-%d}.ics"'},
        )

    @expose("/adres/", methods=["GET"])
    @act("read")
    def own(self):
        """The secret address for somebody's own calendar program."""
        return _page()

    @expose("/adres/vernieuwen", methods=["POST"])
    @act("read")
    def renew(self):
        """Make an address, shown in this answer and never again: only its hash is kept."""
        token, slug = calendar.renew(), identity().place.network.slug
        return _page(url_for("MeetingCalendarView.feed", slug=slug, token=token, _external=True))

    @expose("/adres/intrekken", methods=["POST"])
    @act("read")
    def revoke(self):
        """Make the address worthless."""
        calendar.revoke()
        flash(_("Your calendar address no longer works."), "success")
        return redirect(url_for("MeetingCalendarView.own"))

    @expose("/agenda/<slug>/<token>.ics", methods=["GET"])
    @public
    def feed(self, slug, token):
        """For calendar programs, which cannot sign in: whoever knows the address may read it."""
        try:
            calendar.act_as(slug, token)
        except calendar.NoFeedError:
            abort(404)
        response = Response(calendar.feed(utc_now(), _address), mimetype="text/calendar")
        response.headers["Cache-Control"] = "private, max-age=300"
        response.headers["Content-Disposition"] = 'inline; filename="woonvast-netwerk.ics"'
        return response


def _address(meeting_id):
    return url_for("MeetingsView.show", meeting_id=meeting_id, _external=True)


def _page(address=None):
    page = Response(
        render_template(
            "exchange/meeting_calendar.html", address=address, made_at=calendar.made_at(), host=request.host
        )
    )
    page.headers["Cache-Control"] = "no-store"
    return page
