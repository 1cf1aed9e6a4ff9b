"""The pages under /netwerk/vragen/: everybody of the network asks and answers."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.guard import act
from app.ui.viewer import viewer
from app.ui.views import PortalView
from playbook.exchange import questions
from playbook.exchange.errors import ConflictError, NotThereError, NotYoursError, RefusedError
from playbook.exchange.rules import STATES, QuestionState
from playbook.exchange.sharing_forms import AnswerForm, QuestionForm
from playbook.handbook import service as handbook


class QuestionsView(PortalView):
    """Questions and answers."""

    route_base = "/netwerk/vragen"
    class_permission_name = "exchange"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self):
        """The questions with the words of ?q=, in the state of ?stand=."""
        words, page = request.args.get("q", ""), page_of_request()
        given = request.args.get("stand", "")
        state = QuestionState(given) if given in set(QuestionState) else None
        rows, count = questions.listed(words, state, page)
        return self.render_template(
            "exchange/questions.html",
            rows=rows,
            count=count,
            page=page,
            size=questions.PAGE_SIZE,
            words=words,
            state=state.value if state else "",
            states=STATES,
            choices=[(each.value, _(label)) for each, label in STATES.items()],
            href=lambda number: url_for(".index", pagina=number, q=words or None, stand=given or None),
        )

    @expose("/nieuw/", methods=["GET", "POST"])
    @act("read")
    def ask(self):
        """Ask the network something; ?blad= is the page of the playbook it is about."""
        form = QuestionForm()
        contents = handbook.contents()
        form.offer(contents)
        if request.method == "GET":
            about = request.args.get("blad", "")
            form.page.data = next((str(p.id) for part in contents for _d, p in part.pages if p.slug == about), "")
            return self.render_template("exchange/question_form.html", form=form)
        if form.validate():
            try:
                asked = questions.ask(form.title.data or "", form.body.data or "", form.page_id())
            except RefusedError as error:
                form.show(error.problems)
            else:
                flash(_("Your question is asked. It stands in the weekly mail to your network too."), "success")
                return redirect(url_for("QuestionsView.show", question_id=asked.id))
        return self.render_template("exchange/question_form.html", form=form), 422

    @expose("/<uuid:question_id>/", methods=["GET", "POST"])
    @act("read")
    def show(self, question_id):
        """A question with its answers; POST answers it."""
        form = AnswerForm()
        try:
            thread = questions.thread(question_id)
        except NotThereError:
            abort(404)
        form.offer(handbook.contents())
        if request.method == "GET":
            return self._page(thread, form)
        status = 422
        if form.validate():
            try:
                questions.answer(question_id, form.body.data or "", form.page_id())
            except RefusedError as error:
                form.show(error.problems)
            except ConflictError as error:
                form.form_errors.append(_(str(error)))
                thread, status = questions.thread(question_id), 409
            else:
                flash(_("Thank you for your answer."), "success")
                return redirect(url_for(".show", question_id=question_id))
        return self._page(thread, form), status

    def _page(self, thread, form):
        arranges = viewer.can("exchange.write")
        return self.render_template(
            "exchange/question.html",
            thread=thread,
            form=form,
            states=STATES,
            arranges=arranges,
            decides=arranges or thread.is_mine,
        )

    @expose("/<uuid:question_id>/antwoord/<uuid:answer_id>/geholpen", methods=["POST"])
    @act("read")
    def accept(self, question_id, answer_id):
        """Say that this answer helped, or (helped=no) that it did not after all."""
        chosen = None if request.form.get("helped") == "no" else answer_id
        return self._after(
            question_id, lambda arranges: questions.accept(question_id, chosen, arranges=arranges), _("Saved.")
        )

    @expose("/<uuid:question_id>/antwoord/<uuid:answer_id>/verwijderen", methods=["POST"])
    @act("read")
    def remove_answer(self, question_id, answer_id):
        """Take an answer away."""
        return self._after(
            question_id,
            lambda arranges: questions.remove_answer(question_id, answer_id, arranges=arranges),
            _("Deleted."),
        )

    @expose("/<uuid:question_id>/sluiten", methods=["POST"])
    @act("read")
    def close(self, question_id):
        """Close the question, or (closed=no) open it again."""
        closed = request.form.get("closed") != "no"
        told = _("The question is closed.") if closed else _("The question is open again.")
        return self._after(
            question_id, lambda arranges: questions.close(question_id, closed=closed, arranges=arranges), told
        )

    @expose("/<uuid:question_id>/verwijderen", methods=["POST"])
    @act("read")
    def remove(self, question_id):
        """Delete the question with its answers."""
        return self._after(None, lambda arranges: questions.remove(question_id, arranges=arranges), _("Deleted."))

    def _after(self, question_id, do, told):
        """Do something as who asked or who arranges, and show the question (none: the list) again."""
        try:
            do(viewer.can("exchange.write"))
        except NotThereError:
            abort(404)
        except NotYoursError:
            abort(403)
        flash(told, "success")
        return redirect(url_for(".show", question_id=question_id) if question_id else url_for(".index"))


def page_of_request():
    """The page of a list, from 1; what is no number is the first."""
    given = request.args.get("pagina", "1")
    return int(given) if given.isdecimal() and 0 < int(given[:6]) == int(given) else 1
