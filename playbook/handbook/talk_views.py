"""Talking about a text: remarks at its blocks, suggestions, and drafts that colleagues read along with."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.guard import act
from app.ui.viewer import viewer
from app.ui.views import PortalView
from playbook.handbook import drafts, proposals, remarks, service, typing_views
from playbook.handbook.edit_views import conflict_page
from playbook.handbook.forms import PageForm
from playbook.handbook.models import Remark
from playbook.handbook.remarks import AlreadyDecidedError, Subject, SuggestionConflictError
from playbook.handbook.review import DraftState, Verdict, is_new_text
from playbook.handbook.service import ConflictError, HandbookError, NotThereError
from playbook.handbook.showing import differing, draft_of_request, page_of_request
from playbook.handbook.talk_showing import forget_sent, is_place, seen, talk_of


def _say(subject: Subject) -> str | None:
    """Add the remark or the suggestion that was posted, or drop what was kept of one.

    Returns what is wrong with it, or none when it is done.
    """
    told = request.form
    if told.get("do") == "drop":
        forget_sent()
        return None
    if str(seen(subject)) != told.get("seen"):
        return _("The text was changed while you were writing. Check whether your words still fit, then send again.")
    block = int(told["block"]) if told.get("block", "").isdecimal() else 0
    try:
        if told.get("do") == "suggest":
            remarks.suggest(subject, block, told.get("proposal", ""), told.get("text", ""))
            flash(_("Your suggestion is there. An editor decides about it."), "success")
        else:
            remarks.comment(subject, block, told.get("text", ""))
            flash(_("Your comment is there."), "success")
    except HandbookError as error:
        return " ".join(_(each.message, **each.params) for each in error.problems)
    except NotThereError:
        abort(404)
    forget_sent()
    return None


def _words(*names: str) -> dict[str, str]:
    return {name: request.form.get(name, "").replace("\r\n", "\n") for name in names}


def _refused(subject: Subject, wrong: str) -> tuple[dict[str, Any], int]:
    """The talk page with what was typed, and its status."""
    typed = {"block": request.form.get("block", ""), "wrong": wrong, **_words("text", "proposal")}
    return {**talk_of(subject), "typed": typed}, 422 if str(seen(subject)) == request.form.get("seen") else 409


class TalkView(PortalView):
    """Remarks about a page, and what becomes of them."""

    route_base = "/draaiboek"
    class_permission_name = "playbook"

    @expose("/<slug>/opmerkingen/", methods=["GET", "POST"])
    @act("read")
    def page(self, slug: str) -> ResponseReturnValue:
        """A page block by block, with what colleagues say; POST adds to it."""
        page = page_of_request(slug)
        if request.method == "GET":
            return self.render_template("handbook/talk.html", page=page, **talk_of(page))
        wrong = _say(page)
        if wrong is None:
            return redirect(url_for("TalkView.page", slug=slug, _anchor=f"blok-{request.form['block']}"))
        told, status = _refused(page, wrong)
        return self.render_template("handbook/talk.html", page=page, **told), status

    @expose("/opmerking/tussentijds/", methods=["POST"])
    @act("read")
    def autosave(self) -> ResponseReturnValue:
        """Keep what is being typed at a part of a text (the page's script asks this every few seconds)."""
        if not is_place(request.form.get("place", "")):
            abort(400)
        return typing_views.keep(request.form["place"])

    @expose("/opmerking/<uuid:remark_id>/antwoord", methods=["POST"])
    @act("read")
    def reply(self, remark_id: uuid.UUID) -> ResponseReturnValue:
        """Answer a remark."""
        return self._act_on(remark_id, lambda: remarks.reply(remark_id, request.form.get("text", "")))

    @expose("/opmerking/<uuid:remark_id>/klaar", methods=["POST"])
    @act("read")
    def settle(self, remark_id: uuid.UUID) -> ResponseReturnValue:
        """A comment was dealt with: its author may say so, and every editor."""
        remark = _remark(remark_id)
        if not (viewer.can("playbook.write") or remarks.is_mine(remark)):
            abort(403)
        return self._act_on(remark_id, lambda: remarks.settle(remark_id))

    @expose("/opmerking/<uuid:remark_id>/weigeren", methods=["POST"])
    @act("write")
    def decline(self, remark_id: uuid.UUID) -> ResponseReturnValue:
        """Turn a suggestion down, with the reason."""
        return self._act_on(remark_id, lambda: remarks.decline(remark_id, request.form.get("text", "")))

    @expose("/opmerking/<uuid:remark_id>/aanvaarden", methods=["POST"])
    @act("write")
    def accept(self, remark_id: uuid.UUID) -> ResponseReturnValue:
        """Put a suggestion in the text; both readings when the block was rewritten since (409)."""
        author = service.names([_remark(remark_id).author_id])
        who = next(iter(author.values()), _("a colleague"))
        try:
            return self._act_on(
                remark_id, lambda: remarks.accept(remark_id, _("Suggestion of %(name)s", name=who)), done=True
            )
        except SuggestionConflictError as conflict:
            return _both_readings(self, conflict), 409

    def _act_on(self, remark_id: uuid.UUID, do: Callable[[], Any], *, done: bool = False) -> ResponseReturnValue:
        """Do something with a remark and go back to where it stands."""
        remark = _remark(remark_id)
        try:
            do()
        except HandbookError as error:
            flash(" ".join(_(each.message, **each.params) for each in error.problems), "danger")
            return self._back(remark, 422)
        except AlreadyDecidedError:
            flash(_("A colleague dealt with this in the meantime; see 'Dealt with' below."), "warning")
            return self._back(remark, 409)
        if done:
            flash(_("The suggestion is in the text now."), "success")
        if remark.page_id:
            return redirect(url_for("TalkView.page", slug=remarks.page_of(remark).slug))
        return redirect(url_for("DraftView.show", draft_id=remark.draft_id))

    def _back(self, remark: Remark, status: int) -> ResponseReturnValue:
        typed = {"remark": remark.id, "text": request.form.get("text", "")}
        if remark.page_id:
            page = page_of_request(remarks.page_of(remark).slug)
            return self.render_template("handbook/talk.html", page=page, **talk_of(page), typed=typed), status
        return self.render_template("handbook/draft.html", **_draft_page(remark.draft_id), typed=typed), status


def _remark(remark_id: uuid.UUID) -> Remark:
    try:
        return remarks.find(remark_id)
    except NotThereError:
        abort(404)


def _both_readings(view: PortalView, conflict: SuggestionConflictError) -> str:
    """The editor with the page's text and the suggestion's, to make one of them."""
    form = PageForm(formdata=None)
    form.offer(service.contents(), conflict.page)
    form.fill(conflict.page)
    form.body.data = conflict.wanted
    return conflict_page(view, form, conflict.page, conflict)


def _draft_page(draft_id: uuid.UUID) -> dict[str, Any]:
    draft = draft_of_request(draft_id)
    if draft.state != DraftState.IN_REVIEW and not viewer.can("playbook.write"):
        abort(404)  # a text in the making is its editors'
    page = drafts.page_of(draft)
    opinions = drafts.opinions(draft)
    asked = {each.user_id for each in opinions}
    return {
        "draft": draft,
        "page": page,
        "proposer": proposals.proposer_of(draft.id),
        "author": service.names([draft.changed_by]).get(draft.changed_by),
        "changed": differing(page.body, draft.body) if page else None,
        "opinions": opinions,
        "mine": next((each for each in opinions if each.is_mine), None),
        "is_new_text": is_new_text(draft.state, draft.revision, draft.handed_in_revision),
        "waits_for": drafts.still_waits_for(draft, opinions),
        "candidates": [user for user in drafts.candidates() if user.id not in asked],
        **talk_of(draft),
    }


def _credit(draft_id: uuid.UUID) -> str:
    """What the history says of a page that somebody proposed."""
    proposer = proposals.proposer_of(draft_id)
    return _("Proposal of %(name)s", name=proposer) if proposer else ""


class DraftView(PortalView):
    """Drafts: what they say, who reads along, publishing them."""

    route_base = "/draaiboek/ontwerp"
    class_permission_name = "playbook"

    @expose("/<uuid:draft_id>/", methods=["GET", "POST"])
    @act("read")
    def show(self, draft_id: uuid.UUID) -> ResponseReturnValue:
        """A draft with what changed and what is said about it; POST adds a remark."""
        late = self._late(draft_id)
        if late:
            return late
        told = _draft_page(draft_id)
        if request.method == "GET":
            return self.render_template("handbook/draft.html", **told)
        wrong = _say(told["draft"])
        if wrong is None:
            return redirect(url_for("DraftView.show", draft_id=draft_id, _anchor=f"blok-{request.form['block']}"))
        again, status = _refused(told["draft"], wrong)
        return self.render_template("handbook/draft.html", **{**told, **again}), status

    @expose("/<uuid:draft_id>/nalezen", methods=["POST"])
    @act("write")
    def ask(self, draft_id: uuid.UUID) -> ResponseReturnValue:
        """Send a draft into review and ask colleagues to read along."""
        ids = [int(each) for each in request.form.getlist("reviewer") if each.isdecimal()]
        return self._done(
            draft_id,
            lambda: drafts.ask(draft_id, ids),
            _("Everybody in the network can read along now, and comment."),
        )

    @expose("/<uuid:draft_id>/nieuwe-tekst", methods=["POST"])
    @act("write")
    def hand_in(self, draft_id: uuid.UUID) -> ResponseReturnValue:
        """Ask those who read along to read the changed text."""
        return self._done(
            draft_id, lambda: drafts.hand_in(draft_id), _("Whoever reads along gets a mail about the new text.")
        )

    @expose("/<uuid:draft_id>/terugnemen", methods=["POST"])
    @act("write")
    def take_back(self, draft_id: uuid.UUID) -> ResponseReturnValue:
        """Back from review to draft."""
        return self._done(
            draft_id, lambda: drafts.step(draft_id, DraftState.DRAFT), _("Only editors see the draft again.")
        )

    @expose("/<uuid:draft_id>/laten-vallen", methods=["POST"])
    @act("write")
    def drop(self, draft_id: uuid.UUID) -> ResponseReturnValue:
        """Give a draft up; its text stays readable for editors."""
        return self._done(draft_id, lambda: drafts.step(draft_id, DraftState.DROPPED), _("The draft is dropped."))

    @expose("/<uuid:draft_id>/oordeel", methods=["POST"])
    @act("read")
    def judge(self, draft_id: uuid.UUID) -> ResponseReturnValue:
        """Agree with a draft, or say what should change first."""
        late = self._late(draft_id)
        if late:
            return late
        _draft_page(draft_id)
        verdict = Verdict.AGREED if request.form.get("verdict") == Verdict.AGREED else Verdict.NOT_YET
        return self._done(
            draft_id,
            lambda: drafts.judge(draft_id, verdict, request.form.get("note", "")),
            _("Thank you. The editors see what you think."),
        )

    @expose("/<uuid:draft_id>/publiceren", methods=["POST"])
    @act("write")
    def publish(self, draft_id: uuid.UUID) -> ResponseReturnValue:
        """Make the draft the page's text; both texts when the page changed since (409)."""
        draft = draft_of_request(draft_id)
        try:
            page = drafts.publish(draft_id, _credit(draft_id))
        except HandbookError as error:
            return self._said(draft_id, error)
        except ConflictError as conflict:
            form = PageForm(formdata=None)
            page = drafts.page_of(draft_of_request(draft_id))
            form.offer(service.contents(), page)
            form.fill_draft(draft_of_request(draft_id))
            return conflict_page(self, form, page, conflict, draft, of_page=True), 409
        flash(_("The page is published."), "success")
        return redirect(url_for("HandbookView.show_page", slug=page.slug))

    def _late(self, draft_id: uuid.UUID) -> ResponseReturnValue | None:
        """Who comes to a draft that is published meanwhile goes on at its page, with what they typed.

        None while it is under way, and for an editor, who reads on what became of it.
        """
        draft = draft_of_request(draft_id)
        page = drafts.page_of(draft) if draft.state == DraftState.PUBLISHED else None
        if page is None or (request.method == "GET" and viewer.can("playbook.write")):
            return None
        typed = _words("text", "proposal")
        typed["text"] = typed["text"] or request.form.get("note", "")
        if request.form.get("do") == "drop" or not any(typed.values()):
            forget_sent()
            flash(_("This text is in the playbook now."), "info")
            return redirect(url_for("HandbookView.show_page", slug=page.slug))
        told = talk_of(page)
        number = min(request.form.get("block", 1, type=int), len(told["shown"].blocks))
        wrong = _("This text is in the playbook now. Check whether your words still fit, then send them here.")
        again = {**typed, "block": str(max(number, 1)), "wrong": wrong}
        return self.render_template("handbook/talk.html", page=page, **told, typed=again), 409

    def _done(self, draft_id: uuid.UUID, do: Callable[[], Any], sentence: str) -> ResponseReturnValue:
        draft_of_request(draft_id)
        try:
            do()
        except HandbookError as error:
            return self._said(draft_id, error)
        flash(sentence, "success")
        return redirect(url_for("DraftView.show", draft_id=draft_id))

    def _said(self, draft_id: uuid.UUID, error: HandbookError) -> ResponseReturnValue:
        """The draft with what is wrong above it, and the note that was typed."""
        flash(" ".join(_(each.message, **each.params) for each in error.problems), "danger")
        typed = {"note": request.form.get("note", "")}
        is_late = any(not each.field for each in error.problems)  # somebody else took the step first
        answer = self.render_template("handbook/draft.html", **_draft_page(draft_id), typed=typed)
        return answer, 409 if is_late else 422
