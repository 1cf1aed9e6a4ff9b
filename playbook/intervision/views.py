"""The pages under /netwerk/intervisie/: anonymous cases, what colleagues say, what it changes in the playbook."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count their silence.

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _

from app.security.guard import act
from app.ui.viewer import viewer
from app.ui.views import PortalView
from playbook.exchange.question_views import page_of_request as number_of_request
from playbook.handbook import service as handbook
from playbook.handbook.origins import register_origins
from playbook.handbook.review import RemarkState
from playbook.handbook.service import HandbookError
from playbook.handbook.showing import page_of_request
from playbook.handbook.talk_showing import forget_sent, talk_of
from playbook.intervision import rules, service
from playbook.intervision.guarding import Passage
from playbook.intervision.models import DiscussionCase
from playbook.intervision.service import FoundError, NotThereError, NotYoursError, RefusedError, TextChangedError
from playbook.intervision.showing import links

STATES = {RemarkState.ACCEPTED: "good", RemarkState.OPEN: "soon"}


class DiscussionView(PortalView):
    """Cases to discuss."""

    route_base = "/netwerk/intervisie"
    class_permission_name = "exchange"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """The released cases, the newest first."""
        page = number_of_request()
        rows, count = service.listed(page)
        return self.render_template(
            "discussions/index.html",
            rows=rows,
            count=count,
            page=page,
            size=service.PAGE_SIZE,
            facts=_facts,
            links=[(_(label), href) for label, href in links()],
            href=lambda number: url_for(".index", pagina=number),
        )

    @expose("/<uuid:discussion_id>/", methods=["GET", "POST"])
    @act("read")
    def show(self, discussion_id: uuid.UUID) -> ResponseReturnValue:
        """A case with its discussion; POST adds a remark."""
        case = _case(discussion_id)
        if request.method == "GET":
            return self._page(case)
        text, unnamed = request.form.get("text", ""), "unnamed" in request.form
        confirmed = request.form.getlist("confirm")[:100]
        try:
            service.say(discussion_id, text, unnamed=unnamed, confirmed=confirmed)
        except FoundError as error:
            told = {"found": error.passages, "confirmed": confirmed}
            return self._page(case, typed=text, unnamed=unnamed, **told), 422
        except RefusedError as error:
            return self._page(case, typed=text, unnamed=unnamed, wrong=_(str(error))), 422
        except NotThereError:
            return self.render_template("discussions/gone.html", typed=text), 409
        flash(_("Your remark is there."), "success")
        return redirect(url_for(".show", discussion_id=discussion_id, _anchor="gesprek"))

    @expose("/<uuid:discussion_id>/opmerking/<uuid:remark_id>/verwijderen", methods=["POST"])
    @act("read")
    def remove(self, discussion_id: uuid.UUID, remark_id: uuid.UUID) -> ResponseReturnValue:
        """Take a remark away."""
        try:
            service.unsay(discussion_id, remark_id, arranges=viewer.can("exchange.write"))
        except NotThereError:
            abort(404)
        except NotYoursError:
            abort(403)
        flash(_("Deleted."), "success")
        return redirect(url_for(".show", discussion_id=discussion_id, _anchor="gesprek"))

    @expose("/<uuid:discussion_id>/voorstel/", methods=["GET"])
    @act("read")
    def choose(self, discussion_id: uuid.UUID) -> ResponseReturnValue:
        """Choose the page of the playbook that should change; ?blad= goes on to it."""
        case, slug = _case(discussion_id), request.args.get("blad", "")
        contents = handbook.contents()
        if any(leaf.slug == slug for part in contents for _depth, leaf in part.pages):
            return redirect(url_for(".propose", discussion_id=discussion_id, slug=slug))
        return self.render_template("discussions/choose.html", case=case, contents=contents)

    @expose("/<uuid:discussion_id>/voorstel/<slug>/", methods=["GET", "POST"])
    @act("read")
    def propose(self, discussion_id: uuid.UUID, slug: str) -> ResponseReturnValue:
        """The page part by part; POST proposes something for one of them."""
        case, page = _case(discussion_id), page_of_request(slug)
        if request.method == "GET":
            return self._proposing(case, page)
        told = request.form
        if told.get("do") == "drop":
            forget_sent()
            return redirect(request.path)
        block = int(told["block"]) if told.get("block", "").isdecimal() else 0
        try:
            service.propose(
                discussion_id,
                page,
                block,
                seen=int(told["seen"]) if told.get("seen", "").isdecimal() else 0,
                text=told.get("text", ""),
                proposal=told.get("proposal", "") if told.get("do") == "suggest" else None,
            )
        except HandbookError as error:
            wrong = " ".join(_(each.message, **each.params) for each in error.problems)
            return self._proposing(case, page, _typed(wrong)), 422
        except TextChangedError:
            wrong = _(
                "The text was changed while you were writing. Check whether your words still fit, then send again."
            )
            return self._proposing(case, page, _typed(wrong)), 409
        except (NotThereError, handbook.NotThereError):
            abort(404)
        forget_sent()
        flash(_("Your proposal stands at the page of the playbook. An editor decides about it."), "success")
        return redirect(url_for(".show", discussion_id=discussion_id, _anchor="voorstellen"))

    def _page(
        self,
        case: DiscussionCase,
        typed: str = "",
        *,
        unnamed: bool = False,
        wrong: str = "",
        found: Sequence[Passage] = (),
        confirmed: Sequence[str] = (),
    ) -> str:
        return self.render_template(
            "discussions/show.html",
            case=case,
            facts=_facts(case),
            said=service.discussion(case.id),
            proposals=service.proposals(case.id),
            arranges=viewer.can("exchange.write"),
            states=STATES,
            labels=_labels(),
            typed=typed,
            unnamed=unnamed,
            wrong=wrong,
            found=[(each, _(each.why), _(each.instead)) for each in found],
            confirmed=confirmed,
        )

    def _proposing(self, case: DiscussionCase, page: Any, typed: dict[str, str] | None = None) -> str:
        return self.render_template("discussions/propose.html", case=case, page=page, typed=typed, **talk_of(page))


def _typed(wrong: str) -> dict[str, str]:
    return {"wrong": wrong} | {
        name: request.form.get(name, "").replace("\r\n", "\n") for name in ("block", "text", "proposal")
    }


def _labels() -> dict[str, str]:
    """How a proposal stands, in the words that the playbook uses for it."""
    return {
        RemarkState.OPEN: _("Waits for an editor"),
        RemarkState.DONE: _("Dealt with"),
        RemarkState.ACCEPTED: _("In the text"),
        RemarkState.DECLINED: _("Not taken over"),
    }


def _facts(case: DiscussionCase) -> list[tuple[str, str]]:
    return [(_(label), _(value)) for label, value in rules.worded(case.facts)]


def _case(discussion_id: uuid.UUID) -> DiscussionCase:
    try:
        return service.find(discussion_id)
    except NotThereError:
        abort(404)


def _origins(ids: Any) -> dict[uuid.UUID, tuple[str, str]]:
    """Where the remarks of the playbook came from, for its own pages."""
    return {
        key: (origin.title, url_for("DiscussionView.show", discussion_id=origin.discussion_id))
        for key, origin in service.origins(ids).items()
    }


def register(app: Flask, appbuilder: AppBuilder) -> None:
    app.register_blueprint(
        Blueprint("discussions", __name__, static_folder="static", static_url_path="/static/discussions")
    )
    appbuilder.add_view_no_menu(DiscussionView())
    register_origins(app, _origins)
