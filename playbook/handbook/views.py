"""The pages under /draaiboek/ that people read; register() joins those to write and to talk."""

from flask import Blueprint, Flask, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _

from app.i18n import N_
from app.security.guard import act
from app.ui import navigation
from app.ui.navigation import NavItem, Section
from app.ui.viewer import viewer
from app.ui.views import PortalView
from playbook.handbook import adopting, drafts, guests, history, printing, proposals, reading, remarks, service
from playbook.handbook.adopt_views import AdoptView
from playbook.handbook.edit_views import EditorView
from playbook.handbook.file_views import FileView
from playbook.handbook.models import Page
from playbook.handbook.opening import opened
from playbook.handbook.print_views import PaperView
from playbook.handbook.proposal_views import ProposalView
from playbook.handbook.reader_views import ReaderView
from playbook.handbook.search import search
from playbook.handbook.service import NotThereError
from playbook.handbook.showing import (
    around,
    differing,
    page_of_request,
    shown_page,
    shown_text,
    version_of_request,
    without_closed_doors,
)
from playbook.handbook.talk_views import DraftView, TalkView


class HandbookView(PortalView):
    """Reading and writing the playbook."""

    route_base = "/draaiboek"
    class_permission_name = "playbook"

    @expose("/", methods=["GET"])
    @act("visit")
    def index(self) -> ResponseReturnValue:
        """Chapters and pages, what changed lately, the search box."""
        if guests.is_here():
            return self.render_template("handbook/guest_index.html", contents=guests.contents())
        contents = service.contents()
        before = reading.visit()
        return self.render_template(
            "handbook/index.html",
            before=before,
            news=reading.news_since(before) if before else [],
            to_confirm=reading.to_confirm(),
            contents=contents,
            count=sum(len(part.pages) for part in contents),
            changes=history.latest(),
            elsewhere=service.published_elsewhere(),
            drafts=drafts.waiting(in_review_only=not viewer.can("playbook.write")),
            prints=printing.latest(),
            proposed=proposals.waiting() if viewer.can("playbook.write") else [],
            my_proposals=proposals.mine(),
            open_pages=remarks.open_pages() if viewer.can("playbook.write") else [],
        )

    @expose("/zoeken", methods=["GET"])
    @expose("/zoeken/", methods=["GET"])
    @act("visit")
    def find(self) -> ResponseReturnValue:
        """Pages with the words of ?q=."""
        words = request.args.get("q", "")
        return self.render_template("handbook/search.html", words=words, hits=search(words))

    @expose("/<slug>/", methods=["GET"])
    @act("visit")
    def show_page(self, slug: str) -> ResponseReturnValue:
        """A page as it reads now, between its neighbours."""
        if guests.is_here():
            return self._for_guests(page_of_request(slug))
        try:
            found = opened(slug)
        except NotThereError:
            abort(404)
        page = found.page
        if found.is_unseen:
            reading.see(page)
        adopted = adopting.of(page) if found.is_adopted else None
        shown = shown_page(page, adopted)
        return self.render_template(
            "handbook/page.html",
            page=page,
            shown=shown,
            mine=found.mine,
            is_news=found.is_news,
            confirmed=reading.confirmations(page),
            talk=remarks.of(page, shown.blocks) if found.has_remarks else None,
            drafts=drafts.waiting(page, in_review_only=not viewer.can("playbook.write")) if found.has_drafts else [],
            author=found.author,
            adopted=adopted,
            **around(service.contents_around(page), page),
        )

    def _for_guests(self, page: Page) -> str:
        """The text and nothing around it: no names, no remarks, no history."""
        contents = guests.contents()
        shown = shown_text(page.body)
        html: str = self.render_template(
            "handbook/guest_page.html",
            page=page,
            shown=shown,
            text=guests.without_dead_ends(shown.html, contents),
            **around(contents, page),
        )
        guests.note(page.id)
        return html

    @expose("/<slug>/geschiedenis/", methods=["GET"])
    @act("read")
    def history(self, slug: str) -> ResponseReturnValue:
        """All versions of a page."""
        page = page_of_request(slug)
        return self.render_template("handbook/history.html", page=page, changes=history.of(page))

    @expose("/<slug>/geschiedenis/<int:number>/", methods=["GET"])
    @act("read")
    def show_version(self, slug: str, number: int) -> ResponseReturnValue:
        """What a version changed, word by word, and its text."""
        page = page_of_request(slug)
        version = version_of_request(page, number)
        before = version_of_request(page, number - 1) if number > 1 else None
        return self.render_template(
            "handbook/version.html",
            page=page,
            version=version,
            before=before,
            author=service.names([version.author_id]).get(version.author_id),
            changed=differing(before.body if before else "", version.body),
            shown=without_closed_doors(shown_text(version.body)),
        )

    @expose("/<slug>/geschiedenis/<int:number>/terugzetten", methods=["POST"])
    @act("write")
    def restore(self, slug: str, number: int) -> ResponseReturnValue:
        """Bring an old version back, as the newest."""
        try:
            service.restore(slug, number)
        except NotThereError:
            abort(404)
        flash(_("Version %(number)s is back. What stood there is kept in the history.", number=number), "success")
        return redirect(url_for("HandbookView.show_page", slug=slug))


def _for_editors() -> int | None:
    """How many proposals wait for an editor, to an editor."""
    return proposals.waiting_count() if viewer.can("playbook.write") else None


def register(app: Flask, appbuilder: AppBuilder) -> None:
    app.register_blueprint(Blueprint("handbook", __name__, static_folder="static", static_url_path="/static/handbook"))
    for view in (
        HandbookView,
        EditorView,
        AdoptView,
        TalkView,
        DraftView,
        ProposalView,
        FileView,
        PaperView,
        ReaderView,
    ):
        appbuilder.add_view_no_menu(view())
    item = NavItem(Section.NETWORK, "/draaiboek/", N_("Playbook"), 10, "playbook.visit", badge=_for_editors)
    navigation.register(app, item)
