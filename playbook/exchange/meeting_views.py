"""The pages under /netwerk/bijeenkomsten/: everybody reads, the coordinator arranges."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.guard import act
from app.ui.formats import today
from app.ui.views import PortalView
from playbook.exchange import meetings, rules
from playbook.exchange.errors import ConflictError, NotThereError, RefusedError
from playbook.exchange.question_views import page_of_request
from playbook.exchange.sharing_forms import DecisionForm, MeetingForm, MinutesForm
from playbook.handbook.showing import shown_text


def is_late(decision):
    """Whether a decision should have been followed up before today."""
    return rules.is_late(decision.by_when, done=decision.done_at is not None, day=today())


class MeetingsView(PortalView):
    """Meetings of the network."""

    route_base = "/netwerk/bijeenkomsten"
    class_permission_name = "exchange"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self):
        """What is planned, what was, and what is still to be done."""
        page = page_of_request()
        past, count = meetings.past(page)
        return self.render_template(
            "exchange/meetings.html",
            coming=meetings.coming(),
            past=past,
            count=count,
            page=page,
            size=meetings.PAGE_SIZE,
            to_do=meetings.to_do(),
            is_late=is_late,
            href=lambda number: url_for(".index", pagina=number),
        )

    @expose("/nieuw/", methods=["GET", "POST"])
    @act("write")
    def add(self):
        """A new meeting."""
        form = MeetingForm()
        if request.method == "GET":
            return self.render_template("exchange/meeting_form.html", form=form, meeting=None)
        if form.validate():
            try:
                made = meetings.plan(form.entry())
            except RefusedError as error:
                form.show(error.problems)
            else:
                flash(_("Added."), "success")
                return redirect(url_for(".show", meeting_id=made.id))
        return self.render_template("exchange/meeting_form.html", form=form, meeting=None), 422

    @expose("/<uuid:meeting_id>/", methods=["GET"])
    @act("read")
    def show(self, meeting_id):
        """A meeting: agenda, minutes, decisions."""
        return self._page(_meeting(meeting_id), DecisionForm())

    def _page(self, meeting, form):
        return self.render_template(
            "exchange/meeting.html",
            meeting=meeting,
            form=form,
            agenda=shown_text(meeting.agenda),
            minutes=shown_text(meeting.minutes),
            decisions=meetings.decisions(meeting.id),
            is_late=is_late,
        )

    @expose("/<uuid:meeting_id>/wijzigen/", methods=["GET", "POST"])
    @act("write")
    def edit(self, meeting_id):
        """Change day, place or agenda."""
        meeting, form = _meeting(meeting_id), MeetingForm()
        if request.method == "GET":
            form.fill(meeting)
        return self._save(
            "exchange/meeting_form.html",
            meeting,
            form,
            lambda: meetings.change(meeting_id, form.entry(), form.revision.data),
        )

    @expose("/<uuid:meeting_id>/verslag/", methods=["GET", "POST"])
    @act("write")
    def minutes(self, meeting_id):
        """Write the minutes."""
        meeting, form = _meeting(meeting_id), MinutesForm()
        if request.method == "GET":
            form.minutes.data = meeting.minutes or meeting.agenda
            form.revision.data = meeting.revision
        return self._save(
            "exchange/minutes_form.html",
            meeting,
            form,
            lambda: meetings.write_minutes(meeting_id, form.minutes.data or "", form.revision.data),
        )

    def _save(self, template, meeting, form, save):
        """Show the form, or save it; after a conflict what is typed stands beside what somebody else saved."""
        status, theirs = 200, None
        if request.method == "POST":
            status = 422
            if form.validate():
                try:
                    save()
                except RefusedError as error:
                    form.show(error.problems)
                except ConflictError as error:
                    theirs, status = _meeting(meeting.id), 409
                    form.form_errors.append(_(str(error)))
                    form.revision.raw_data, form.revision.data = None, theirs.revision
                else:
                    flash(_("Saved."), "success")
                    return redirect(url_for(".show", meeting_id=meeting.id))
        return self.render_template(template, form=form, meeting=meeting, theirs=theirs), status

    @expose("/<uuid:meeting_id>/verwijderen", methods=["POST"])
    @act("write")
    def remove(self, meeting_id):
        """Take a meeting off the agenda."""
        meeting = _meeting(meeting_id)
        try:
            meetings.remove(meeting_id)
        except ConflictError as error:
            flash(_(str(error)), "danger")
            return self._page(meeting, DecisionForm(formdata=None)), 409
        flash(_("Deleted."), "success")
        return redirect(url_for(".index"))

    @expose("/<uuid:meeting_id>/beslissing", methods=["POST"])
    @act("write")
    def decide(self, meeting_id):
        """Write down a decision."""
        meeting, form = _meeting(meeting_id), DecisionForm()
        if form.validate():
            try:
                meetings.decide(
                    meeting_id, (form.text.data or "").strip(), (form.who.data or "").strip(), form.by_when.data
                )
            except RefusedError as error:
                form.show(error.problems)
            else:
                flash(_("Saved."), "success")
                return redirect(url_for(".show", meeting_id=meeting_id, _anchor="beslissingen"))
        return self._page(meeting, form), 422

    @expose("/<uuid:meeting_id>/beslissing/<uuid:decision_id>/gedaan", methods=["POST"])
    @act("write")
    def follow_up(self, meeting_id, decision_id):
        """Say that it is done, or (done=no) that it is not."""
        done = request.form.get("done") != "no"
        return self._after(meeting_id, lambda: meetings.follow_up(meeting_id, decision_id, done=done), _("Saved."))

    @expose("/<uuid:meeting_id>/beslissing/<uuid:decision_id>/verwijderen", methods=["POST"])
    @act("write")
    def remove_decision(self, meeting_id, decision_id):
        """Delete a decision that was written down by mistake."""
        return self._after(meeting_id, lambda: meetings.remove_decision(meeting_id, decision_id), _("Deleted."))

    def _after(self, meeting_id, do, told):
        try:
            do()
        except NotThereError:
            abort(404)
        flash(told, "success")
        return redirect(url_for(".show", meeting_id=meeting_id, _anchor="beslissingen"))


def _meeting(meeting_id):
    try:
        return meetings.one(meeting_id)
    except NotThereError:
        abort(404)
