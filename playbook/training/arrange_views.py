"""What the coordinator and the editors arrange: courses, tracks, sessions, lists of who was there, and the counts."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

import io
import uuid

from flask import Response, abort, flash, redirect, request, send_file, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.files.rules import UnacceptableFileError
from app.security.guard import act
from app.ui.views import PortalView
from playbook.handbook.service import names
from playbook.training import attending, enrolling, materials, overview, service, sessions
from playbook.training.enrolling import PlaceState
from playbook.training.forms import CourseForm, MaterialForm, QuestionForm, SessionForm, TrackForm
from playbook.training.service import NotThereError, TrainingError
from playbook.training.showing import course_of_request, reason, session_of_request


class ArrangeView(PortalView):
    """Courses, tracks and sessions."""

    route_base = "/vorming/beheer"
    class_permission_name = "training"

    @expose("/", methods=["GET"])
    @act("write")
    def index(self):
        """How many people of which organisation followed what: numbers, no names."""
        counts, courses = overview.per_organisation(), service.courses()
        rows = [
            {"name": each.organisation.name, "course": course, "present": present, "given": given, "is_first": not i}
            for each in counts
            for i, (course, (present, given)) in enumerate(
                (course, each.of_course[course.id]) for course in courses if course.id in each.of_course
            )
        ]
        return self.render_template("training/overview.html", counts=counts, rows=rows)

    @expose("/cursus/nieuw/", methods=["GET", "POST"])
    @act("write")
    def new_course(self):
        form = CourseForm()
        if request.method == "GET":
            form.has_sessions.data, form.pass_mark.data = True, 70
        return self._course_form(form, None)

    @expose("/cursus/<slug>/wijzigen/", methods=["GET", "POST"])
    @act("write")
    def edit_course(self, slug):
        course = course_of_request(slug)
        return self._course_form(CourseForm(obj=course), course)

    def _course_form(self, form, course):
        def save():
            saved = service.save_course(course.slug if course else None, form.entry())
            return url_for("TrainingView.course", slug=saved.slug)

        return self._form("training/course_form.html", form, save, course=course)

    @expose("/traject/nieuw/", methods=["GET", "POST"])
    @act("write")
    def new_track(self):
        form = TrackForm()
        form.offer(service.courses())
        return self._track_form(form, None)

    @expose("/traject/<slug>/", methods=["GET", "POST"])
    @act("write")
    def edit_track(self, slug):
        found, form = _track(slug), TrackForm()
        form.offer(service.courses(), [course.id for course in found.courses])
        if request.method == "GET":
            form.fill(found)
        return self._track_form(form, found.track)

    @expose("/traject/<slug>/verwijderen", methods=["POST"])
    @act("write")
    def remove_track(self, slug):
        service.remove_track(_track(slug).track.slug)
        flash(_("Deleted."), "success")
        return redirect(url_for("TrainingView.index"))

    def _track_form(self, form, track):
        def save():
            service.save_track(track.slug if track else None, form.entry())
            return url_for("TrainingView.index")

        return self._form("training/track_form.html", form, save, track=track)

    @expose("/cursus/<slug>/sessie/nieuw/", methods=["GET", "POST"])
    @act("write")
    def new_session(self, slug):
        course, form = course_of_request(slug), SessionForm()
        if request.method == "GET":
            form.capacity.data = 20

        def save():
            return url_for("TrainingView.session", session_id=sessions.plan(course.id, form.entry()).id)

        return self._form("training/session_form.html", form, save, course=course, held=None)

    @expose("/sessie/<uuid:session_id>/wijzigen/", methods=["GET", "POST"])
    @act("write")
    def edit_session(self, session_id):
        held, form = session_of_request(session_id), SessionForm()
        if request.method == "GET":
            form.fill(held.session)

        def save():
            sessions.change(session_id, form.entry())
            return url_for("TrainingView.session", session_id=session_id)

        return self._form("training/session_form.html", form, save, course=held.course, held=held)

    @expose("/sessie/<uuid:session_id>/annuleren", methods=["POST"])
    @act("write")
    def cancel_session(self, session_id):
        session_of_request(session_id)
        try:
            sessions.cancel(session_id, request.form.get("why", "").strip()[:300])
        except TrainingError as error:
            flash(reason(error), "danger")
        else:
            flash(_("The session is cancelled. Everybody on the list gets a mail."), "success")
        return redirect(url_for("TrainingView.session", session_id=session_id))

    @expose("/sessie/<uuid:session_id>/lijst/", methods=["GET", "POST"])
    @act("write")
    def roll(self, session_id):
        """The attendance list; POST keeps who was there."""
        held, wrong = session_of_request(session_id), None
        if request.method == "POST":
            try:
                attending.tick(session_id, _ids("shown"), _ids("present"))
            except TrainingError as error:
                wrong = reason(error)
            else:
                flash(_("The list is kept."), "success")
                return redirect(url_for("ArrangeView.roll", session_id=session_id))
        listed = enrolling.listed(session_id)
        page = self.render_template(
            "training/roll.html",
            held=held,
            listed=[each for each in listed if each[1].place.state == PlaceState.TAKEN],
            waiting=sorted(
                (each for each in listed if each[1].place.state == PlaceState.WAITING),
                key=lambda each: each[1].place.asked_at,
            ),
            homes={each.organisation.id: each.organisation.name for each in overview.per_organisation()},
            wrong=wrong,
        )
        return (page, 409) if wrong else page

    @expose("/sessie/<uuid:session_id>/lijst/<uuid:enrolment_id>/afvoeren", methods=["POST"])
    @act("write")
    def take_off(self, session_id, enrolment_id):
        session_of_request(session_id)
        try:
            enrolling.take_off(session_id, enrolment_id)
        except NotThereError:
            abort(404)
        except TrainingError as error:
            flash(reason(error), "danger")
        else:
            flash(_("Off the list. They hear of it by mail."), "success")
        return redirect(url_for("ArrangeView.roll", session_id=session_id))

    @expose("/sessie/<uuid:session_id>/code/", methods=["GET"])
    @act("write")
    def code(self, session_id):
        """The code to scan, large enough for a screen in a room; the page fetches a new one in time."""
        held = session_of_request(session_id)
        address = url_for("LearnerView.arrive", code=attending.make_code(session_id), _external=True)
        return self.render_template("training/code.html", held=held, picture=attending.picture(address))

    def _form(self, template, form, save, **known):
        """Show a form, or keep it and go on; what is refused comes back with everything that was typed."""
        if request.method == "GET":
            return self.render_template(template, form=form, **known)
        if form.validate():
            try:
                target = save()
            except TrainingError as error:
                form.show(error)
            else:
                flash(_("Saved."), "success")
                return redirect(target)
        return self.render_template(template, form=form, **known), 422


class ContentView(PortalView):
    """Materials and questions of a course. Materials are read by all."""

    route_base = "/vorming/materiaal"
    class_permission_name = "training"
    default_view = "show"

    @expose("/<uuid:material_id>/", methods=["GET"])
    @act("read")
    def show(self, material_id):
        """The versions of a material."""
        row = _material(material_id)
        known = materials.versions(material_id)
        return self.render_template(
            "training/material.html",
            material=row,
            course=service.course_by_id(row.course_id),
            versions=known,
            authors=names(version.added_by for version in known),
            form=MaterialForm(),
            wrong=None,
        )

    @expose("/<uuid:material_id>/<int:number>/", methods=["GET"])
    @act("read")
    def file(self, material_id, number):
        """A version's bytes, as the type they were found to be; nothing in it can run."""
        row = _material(material_id)
        try:
            version = materials.version(material_id, number)
        except NotThereError:
            abort(404)
        if version.content is None:
            abort(404)
        shown = version.media_type.startswith(("image/", "video/"))
        answer: Response = send_file(
            io.BytesIO(version.content),
            mimetype=version.media_type,
            as_attachment=not shown,
            download_name=f"{row.title}.{version.extension}",
            conditional=True,
        )
        answer.headers["Content-Security-Policy"] = "default-src 'none'; media-src 'self'; sandbox"
        answer.headers["Cache-Control"] = "private, max-age=3600"
        return answer

    @expose("/cursus/<slug>/nieuw/", methods=["GET", "POST"])
    @act("write")
    def add(self, slug):
        """A new material of a course."""
        course, form = course_of_request(slug), MaterialForm()
        if request.method == "GET":
            return self._add_page(course, form, None)
        return self._kept(
            form,
            lambda entry: materials.add(course.id, (form.title.data or "").strip(), entry),
            url_for("TrainingView.course", slug=slug),
            lambda wrong: self._add_page(course, form, wrong),
        )

    def _add_page(self, course, form, wrong):
        return self.render_template("training/material_form.html", course=course, form=form, wrong=wrong)

    @expose("/<uuid:material_id>/versie", methods=["POST"])
    @act("write")
    def renew(self, material_id):
        """The next version."""
        row, form = _material(material_id), MaterialForm()

        def again(wrong):
            known = materials.versions(material_id)
            return self.render_template(
                "training/material.html", material=row, course=service.course_by_id(row.course_id), versions=known,
                authors=names(version.added_by for version in known), form=form, wrong=wrong,
            )  # fmt: skip

        target = url_for("ContentView.show", material_id=material_id)
        return self._kept(form, lambda entry: materials.renew(material_id, entry), target, again)

    def _kept(self, form, keep, target, again):
        """Keep what was sent and go on, or show the form again with what is wrong with the file or a field."""
        wrong = None
        if form.validate():
            try:
                keep(form.entry(request.files.get("file")))
            except UnacceptableFileError as error:
                wrong = _(error.message, **error.params)
            except TrainingError as error:
                form.show(error)
                wrong = " ".join(_(message) for field, message in error.problems if field == "file") or None
            else:
                flash(_("Saved."), "success")
                return redirect(target)
        return again(wrong), 422

    @expose("/<uuid:material_id>/verwijderen", methods=["POST"])
    @act("write")
    def remove(self, material_id):
        course = service.course_by_id(_material(material_id).course_id)
        materials.remove(material_id)
        flash(_("Deleted."), "success")
        return redirect(url_for("TrainingView.course", slug=course.slug))

    @expose("/cursus/<slug>/toets/", methods=["GET", "POST"])
    @act("write")
    def questions(self, slug):
        """The quiz of a course; POST adds a question."""
        course, form = course_of_request(slug), QuestionForm()
        return self._question(course, form, None)

    @expose("/cursus/<slug>/toets/<uuid:question_id>/", methods=["GET", "POST"])
    @act("write")
    def edit_question(self, slug, question_id):
        course, form = course_of_request(slug), QuestionForm()
        row = next((each for each in service.questions(course.id) if each.id == question_id), None)
        if row is None:
            abort(404)
        if request.method == "GET":
            form.fill(row)
        return self._question(course, form, row)

    @expose("/cursus/<slug>/toets/<uuid:question_id>/verwijderen", methods=["POST"])
    @act("write")
    def remove_question(self, slug, question_id):
        course = course_of_request(slug)
        try:
            service.remove_question(course.id, question_id)
        except NotThereError:
            abort(404)
        flash(_("Deleted."), "success")
        return redirect(url_for("ContentView.questions", slug=slug))

    def _question(self, course, form, row):
        status = 200
        if request.method == "POST":
            status = 422
            if form.validate():
                try:
                    service.save_question(course.id, row.id if row else None, form.entry())
                except TrainingError as error:
                    form.show(error)
                else:
                    flash(_("Saved."), "success")
                    return redirect(url_for("ContentView.questions", slug=course.slug))
        asked = service.questions(course.id)
        return self.render_template("training/questions.html", course=course, asked=asked, form=form, row=row), status


def _track(slug):
    try:
        return service.track(slug)
    except NotThereError:
        abort(404)


def _material(material_id):
    try:
        return materials.material(material_id)
    except NotThereError:
        abort(404)


def _ids(name):
    """The identifiers under `name` in the form; what is none is left out."""
    found = set()
    for value in request.form.getlist(name):
        try:
            found.add(uuid.UUID(value))
        except ValueError:
            continue
    return found
