"""Proposing a page, and what an editor makes of it."""

import uuid
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.guard import act
from app.ui.viewer import viewer
from app.ui.views import PortalView
from playbook.handbook import drafts, pictures, proposals, service, typing_views
from playbook.handbook.forms import ProposalForm
from playbook.handbook.models import Proposal
from playbook.handbook.proposals import AlreadyDecidedError
from playbook.handbook.service import ChapterContents, HandbookError, NotThereError
from playbook.handbook.showing import shown_text

PLACE = "voorstel"  # where what is being typed is kept: one proposal in the making for each person


class ProposalView(PortalView):
    """What members would add to the playbook."""

    route_base = "/draaiboek/voorstel"
    class_permission_name = "playbook"

    @expose("/nieuw/", methods=["GET", "POST"])
    @act("read")
    def new(self) -> ResponseReturnValue:
        """Propose a page; ?hoofdstuk= offers its chapter."""
        contents = service.contents()
        form = ProposalForm()
        form.offer(contents)
        if request.method == "GET":
            slug = request.args.get("hoofdstuk")
            form.chapter.data = next((str(each.chapter.id) for each in contents if each.chapter.slug == slug), None)
            return self._editor(form, contents)
        if request.form.get("do") == "preview":
            return self._editor(form, contents)
        if form.validate():
            try:
                row = proposals.propose(form.draft())
            except HandbookError as error:
                form.show(error.problems)
            else:
                drafts.forget_autosave(PLACE)
                flash(
                    _("Your proposal is with the editors. You read here what they decide, and get a mail about it."),
                    "success",
                )
                return redirect(url_for("ProposalView.show", proposal_id=row.id))
        return self._editor(form, contents), 422

    def _editor(self, form: ProposalForm, contents: list[ChapterContents]) -> str:
        html: str = self.render_template(
            "handbook/propose.html",
            form=form,
            place=PLACE,
            typed=typing_views.typed_before(form, PLACE),
            preview=typing_views.previewed(form),
            no_chapters=not contents,
            most=pictures.LARGEST,
        )
        return html

    @expose("/tussentijds/", methods=["POST"])
    @act("read")
    def autosave(self) -> ResponseReturnValue:
        """Keep what is being typed (the editor's script asks this every few seconds)."""
        return typing_views.keep(PLACE)

    @expose("/tussentijds/weg/", methods=["POST"])
    @act("read")
    def drop_autosave(self) -> ResponseReturnValue:
        """Drop what was typed and not sent; back to the form."""
        drafts.forget_autosave(PLACE)
        return redirect(url_for("ProposalView.new"))

    @expose("/<uuid:proposal_id>/", methods=["GET"])
    @act("read")
    def show(self, proposal_id: uuid.UUID) -> ResponseReturnValue:
        """A proposal and what became of it, for who made it and for the editors."""
        return self.render_template("handbook/proposal.html", **_told(proposal_id))

    @expose("/<uuid:proposal_id>/aanvaarden", methods=["POST"])
    @act("write")
    def accept(self, proposal_id: uuid.UUID) -> ResponseReturnValue:
        """Make a draft of it, by the colleague who proposed it."""
        _proposal(proposal_id)
        try:
            draft = proposals.accept(proposal_id)
        except AlreadyDecidedError:
            return self._late(proposal_id)
        flash(
            _("The proposal is a draft now. Its history will say who proposed it, and your colleague gets a mail."),
            "success",
        )
        return redirect(url_for("DraftView.show", draft_id=draft.id))

    @expose("/<uuid:proposal_id>/weigeren", methods=["POST"])
    @act("write")
    def refuse(self, proposal_id: uuid.UUID) -> ResponseReturnValue:
        """Turn it down, with the reason."""
        _proposal(proposal_id)
        answer = request.form.get("answer", "")
        try:
            proposals.refuse(proposal_id, answer)
        except HandbookError as error:
            wrong = " ".join(_(each.message, **each.params) for each in error.problems)
            told = _told(proposal_id)
            return self.render_template("handbook/proposal.html", **told, wrong=wrong, typed=answer), 422
        except AlreadyDecidedError:
            return self._late(proposal_id, answer)
        flash(_("Your colleague reads here, and in a mail, why it does not become a page."), "success")
        return redirect(url_for("ProposalView.show", proposal_id=proposal_id))

    def _late(self, proposal_id: uuid.UUID, typed: str = "") -> ResponseReturnValue:
        flash(_("A colleague decided about this proposal in the meantime."), "warning")
        return self.render_template("handbook/proposal.html", **_told(proposal_id), typed=typed), 409


def _proposal(proposal_id: uuid.UUID) -> Proposal:
    try:
        return proposals.find(proposal_id, of_anybody=viewer.can("playbook.write"))
    except NotThereError:
        abort(404)


def _told(proposal_id: uuid.UUID) -> dict[str, Any]:
    proposal = _proposal(proposal_id)
    known = service.names([proposal.proposer_id, proposal.decided_by])
    draft = drafts.find(proposal.draft_id) if proposal.draft_id else None
    return {
        "proposal": proposal,
        "shown": shown_text(proposal.body),
        "chapter": proposals.chapter_of(proposal).title,
        "proposer": known.get(proposal.proposer_id),
        "decider": known.get(proposal.decided_by),
        "draft": draft,
        "page": drafts.page_of(draft) if draft else None,
    }
