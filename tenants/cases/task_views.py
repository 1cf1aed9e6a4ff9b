"""The list of tasks, and changing, doing, moving and deleting one."""

import uuid
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.audit.service import record_read
from app.database import transaction
from app.security.guard import act
from app.tenancy import current
from app.ui.formats import today
from app.ui.language import own_path
from app.ui.views import PortalView
from tenants.cases import service, tasks, words
from tenants.cases.codes import TaskKind
from tenants.cases.editing import differences, version_given
from tenants.cases.fields import lines
from tenants.cases.forms import TaskForm
from tenants.cases.models import Task
from tenants.cases.page import task_line
from tenants.organisations.service import colleagues, names

MOST_REASON = 1000  # characters


class TaskView(PortalView):
    route_base = "/taken"
    class_permission_name = "tasks"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        return self._page(TaskForm(data={"assigned_to": current().user_id}, people=colleagues(), required=True))

    @expose("/nieuw", methods=["POST"])
    @act("write")
    def add(self) -> ResponseReturnValue:
        """Add a task that belongs to no case; those of a case are noted in the case."""
        form = TaskForm(people=colleagues(), required=True)
        if not form.validate():
            return self._page(form, 422)
        try:
            tasks.add_task(form.values())
        except service.CaseError as error:
            form.form_errors.append(_(error.message))
            return self._page(form, 422)
        flash(_("Noted."), "success")
        return redirect(url_for("TaskView.index"))

    @expose("/<uuid:task_id>/gedaan", methods=["POST"])
    @act("write")
    def done(self, task_id: uuid.UUID) -> ResponseReturnValue:
        return self._mark(task_id, tasks.finish, _("Done. You can take that back under Tasks."))

    @expose("/<uuid:task_id>/terug", methods=["POST"])
    @act("write")
    def undo(self, task_id: uuid.UUID) -> ResponseReturnValue:
        return self._mark(task_id, tasks.unfinish, _("The task is open again."))

    @expose("/<uuid:task_id>/", methods=["GET", "POST"])
    @act("write")
    def edit(self, task_id: uuid.UUID) -> ResponseReturnValue:
        """Change a task: what, when, for whom."""
        task = _task_or_404(task_id)
        form = _form(task)
        if request.method == "GET":
            if task.case_id is not None:
                with transaction():
                    record_read("task", task.id, task.case_id, "case work")
            return _edit_page(task, form)
        if not form.validate():
            return _edit_page(task, form, 422)
        try:
            tasks.change_task(task_id, form.values(task.case_id), version_given())
        except service.CaseError as error:
            return _refused(task_id, form, error)
        flash(_("Saved."), "success")
        return redirect(_back())

    @expose("/<uuid:task_id>/schrappen", methods=["POST"])
    @act("write")
    def drop(self, task_id: uuid.UUID) -> ResponseReturnValue:
        """Delete a task, with the reason why."""
        task = _task_or_404(task_id)
        in_case = task.case_id is not None
        reason = lines(request.form.get("reason", ""))
        form = _form(task, formdata=None)
        if len(reason) > MOST_REASON:
            return _edit_page(
                task, form, 422, reason=reason, wrong=_("At most %(max)d characters fit here.", max=MOST_REASON)
            )
        try:
            tasks.drop_task(task_id, reason, version_given())
        except service.ChangedMeanwhileError as error:
            return _refused(task_id, form, error, reason=reason)
        except service.CaseError as error:
            return _edit_page(task, form, 422, reason=reason, wrong=_(error.message))
        kept = _("The task is deleted. Why stands in the course of the case.")
        flash(kept if in_case else _("The task is deleted."), "success")
        return redirect(_back())

    def _mark(self, task_id: uuid.UUID, mark: Any, message: str) -> ResponseReturnValue:
        try:
            mark(task_id)
        except service.NoSuchCaseError:
            abort(404)
        flash(message, "success")
        target = request.form.get("next")
        return redirect(own_path(target) if target else url_for("TaskView.index"))

    def _page(self, form: TaskForm, status: int = 200) -> ResponseReturnValue:
        team = request.args.get("van") == "team"
        whose = None if team else current().user_id
        number = min(max(request.args.get("pagina", 1, type=int), 1), 10_000)
        found, done = tasks.open_tasks(today(), whose, number), tasks.recently_done(whose)
        page = render_template(
            "cases/tasks.html",
            form=form,
            team=team,
            found=found,
            size=tasks.PAGE,
            href=lambda page: url_for("TaskView.index", van="team" if team else None, pagina=page),
            to_do=[task_line(task) for task in found.rows],
            done=done,
            names=names([*(t.assigned_to for t in found.rows), *(t.done_by for t in done)]),
        )
        return page, status


def _task_or_404(task_id: uuid.UUID) -> Task:
    """The task; 409 with the reason when a colleague deleted it while somebody had it open."""
    try:
        return tasks.find_task(task_id)
    except service.NoSuchCaseError:
        if tasks.was_dropped(task_id):
            title = _("A colleague deleted this task in the meantime")
            advice = _("Nothing of yours is saved. Is it still needed? Note it again in the case, or under Tasks.")
            abort(make_response(render_template("errors/page.html", title=title, advice=advice), 409))
        abort(404)


def _form(task: Task, **given: Any) -> TaskForm:
    """The form of a task; a kind that nobody chooses by hand stays what it is."""
    form = TaskForm(data=_stored(task), people=colleagues(), required=True, **given)
    if task.kind not in dict(form.kind.choices):
        form.kind.choices = [(task.kind, words.label(TaskKind, task.kind))]
    return form


def _stored(task: Task) -> dict[str, Any]:
    """The fields of the form as they are stored."""
    names_of = ("kind", "due_on", "due_at", "remind_on", "assigned_to")
    return {"task": task.title, **{name: getattr(task, name) for name in names_of}}


def _refused(task_id: uuid.UUID, form: TaskForm, error: service.CaseError, **more: Any) -> ResponseReturnValue:
    """The form again: 409 beside what a colleague made of the task meanwhile, or 422 with the reason."""
    task = _task_or_404(task_id)
    if isinstance(error, service.ChangedMeanwhileError):
        return _edit_page(task, form, 409, differences=list(differences(form, _stored(task))), **more)
    form.form_errors.append(_(error.message, **error.params))
    return _edit_page(task, form, 422, **more)


def _edit_page(task: Task, form: TaskForm, status: int = 200, **shown: Any) -> ResponseReturnValue:
    page = render_template(
        "cases/task.html", task=task, form=form, back=_back(), conflict=status == 409, **{"differences": (), **shown}
    )
    return page, status


def _back() -> str:
    """Where somebody came from: a page of this portal, else the list of tasks."""
    target = request.values.get("next")
    return own_path(target) if target else url_for("TaskView.index")
