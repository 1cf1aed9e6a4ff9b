"""The pages under /vorming/ that everybody of the network has: what there is to learn, and a place in a session."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

from flask import Response, abort, flash, redirect, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _

from app import tenancy
from app.i18n import N_
from app.security.guard import act
from app.security.identity import identity
from app.ui import navigation
from app.ui.navigation import NavItem, Section
from app.ui.viewer import viewer
from app.ui.views import PortalView
from playbook.handbook.showing import shown_text, without_closed_doors
from playbook.training import calendar, certificates, enrolling, learning, materials, service, sessions
from playbook.training.enrolling import PlaceState
from playbook.training.service import NotThereError, TrainingError
from playbook.training.showing import course_of_request, reason, session_of_request


class TrainingView(PortalView):
    """Courses and sessions."""

    route_base = "/vorming"
    class_permission_name = "training"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self):
        """The next sessions, the tracks with their courses, and how far the reader is."""
        if not tenancy.current().network_id:
            return self.render_template(
                "training/index.html", tracks=[], loose=[], coming=[], mine={}, takes_part=False, far={}, done={}
            )
        tracks, courses = service.tracks(), service.courses()
        in_track = {course.id for each in tracks for course in each.courses}
        takes_part = learning.acts_for_organisation()
        return self.render_template(
            "training/index.html",
            tracks=tracks,
            loose=[course for course in courses if course.id not in in_track],
            coming=sessions.held(upcoming=True),
            mine=enrolling.sessions_with(enrolling.all_mine()),
            takes_part=takes_part,
            far=learning.progress(courses) if takes_part else {},
            done=certificates.mine() if takes_part else {},
        )

    @expose("/cursus/<slug>/", methods=["GET"])
    @act("read")
    def course(self, slug):
        """A course: what it is about, when, its materials, and how far the reader is."""
        course = course_of_request(slug)
        held = sessions.held(course_id=course.id)
        takes_part = learning.acts_for_organisation()
        return self.render_template(
            "training/course.html",
            course=course,
            text=without_closed_doors(shown_text(course.body)),
            coming=[each for each in reversed(held) if not each.is_over],
            past=[each for each in held if each.is_over],
            mine=enrolling.sessions_with(enrolling.all_mine()),
            shown=materials.of_course(course.id),
            far=learning.progress([course])[course.id] if takes_part else None,
            done=certificates.mine().get(course.id) if takes_part else None,
            questions=len(service.questions(course.id)),
        )

    @expose("/sessie/<uuid:session_id>/", methods=["GET"])
    @act("read")
    def session(self, session_id):
        """A session: when, where, how many places are left, and one's own."""
        return self._session_page(session_of_request(session_id))

    def _session_page(self, held, wrong=None):
        mine = enrolling.mine(held.session.id)
        ours, offered = [], []
        if tenancy.current().tenant_id and viewer.can("training.enrol"):
            ours = enrolling.of_organisation(held.session.id)
            listed = {user.id for user, _place in ours}
            listed.add(tenancy.current().user_id)  # who has a button of their own
            offered = [user for user in enrolling.colleagues() if user.id not in listed]
        answers, opinion = learning.opinion(held.session.id) if viewer.can("training.write") else (0, None)
        return self.render_template(
            "training/session.html",
            held=held,
            mine=mine,
            rank=enrolling.rank(mine.place) if mine and mine.place.state == PlaceState.WAITING else 0,
            takes_part=learning.acts_for_organisation(),
            may_evaluate=learning.may_evaluate(held.session.id),
            ours=ours,
            offered=offered,
            answers=answers,
            opinion=opinion,
            me=tenancy.current().user_id,
            wrong=wrong,
        )

    def _after(self, session_id, do):
        """Do something with a place, and show the session again; what was refused stands on it, with 409."""
        session_of_request(session_id)
        try:
            told = do()
        except NotThereError:
            abort(404)
        except TrainingError as error:
            return self._session_page(session_of_request(session_id), reason(error)), 409
        flash(told, "success")
        return redirect(url_for("TrainingView.session", session_id=session_id))

    @expose("/sessie/<uuid:session_id>/inschrijven", methods=["POST"])
    @act("follow")
    def enrol(self, session_id):
        """A place for oneself, or one on the waiting list."""
        return self._after(session_id, lambda: _told(enrolling.enrol(session_id)))

    @expose("/sessie/<uuid:session_id>/uitschrijven", methods=["POST"])
    @act("follow")
    def leave(self, session_id):
        """Give the place back."""

        def do():
            enrolling.leave(session_id)
            return _("You are off the list. Thank you for saying so: somebody else can come now.")

        return self._after(session_id, do)

    @expose("/sessie/<uuid:session_id>/collega/<int:person_id>/inschrijven", methods=["POST"])
    @act("enrol")
    def enrol_colleague(self, session_id, person_id):
        """A place for a colleague, who hears of it by mail."""
        return self._after(session_id, lambda: _told_of_colleague(enrolling.enrol(session_id, person_id)))

    @expose("/sessie/<uuid:session_id>/collega/<int:person_id>/uitschrijven", methods=["POST"])
    @act("enrol")
    def leave_colleague(self, session_id, person_id):
        """Give a colleague's place back, who hears of it by mail."""

        def do():
            if person_id not in {user.id for user, _place in enrolling.of_organisation(session_id)}:
                raise NotThereError
            enrolling.leave(session_id, person_id)
            return _("Your colleague is off the list and hears of it by mail.")

        return self._after(session_id, do)

    @expose("/sessie/<uuid:session_id>/agenda.ics", methods=["GET"])
    @act("read")
    def ics(self, session_id):
        """The session for one's own calendar."""
        held = session_of_request(session_id)
        address, mine = (
            url_for("TrainingView.session", session_id=session_id, _external=True),
            enrolling.mine(session_id),
        )
        has_place = mine is not None and mine.place.state == PlaceState.TAKEN
        return Response(
            calendar.event_of(held, address, has_place=has_place),
            mimetype="text/calendar",
            headers={"Content-Disposition": f'attachment; filename="{held.course.slug}.ics"'},
        )


def _told(given):
    if given.state is PlaceState.TAKEN:
        return _("You have a place. You get a mail to remind you.")
    if given.rank == 1:
        return _("All places are taken. You are the first on the waiting list and get a mail when a place comes free.")
    return _(
        "All places are taken. You are number %(rank)s on the waiting list and get a mail when a place comes free.",
        rank=given.rank,
    )


def _told_of_colleague(given):
    if given.state is PlaceState.TAKEN:
        return _("Your colleague has a place and hears of it by mail.")
    return _("All places are taken. Your colleague is number %(rank)s on the waiting list.", rank=given.rank)


def my_roles():
    """The roles of the person at the place where they work now."""
    who = identity()
    return [role.value for role in who.roles] if who else []


def register(app, appbuilder):
    from playbook.training.arrange_views import ArrangeView, ContentView
    from playbook.training.learner_views import CertificateView, LearnerView

    for view in (TrainingView, LearnerView, CertificateView, ArrangeView, ContentView):
        appbuilder.add_view_no_menu(view())
    navigation.register(
        app, NavItem(Section.NETWORK, "/vorming/", N_("Training"), order=15, permission="training.read")
    )
