"""The pages under /draaiboek/."""

from typing import Any

from flask import Blueprint, Flask, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import AppBuilder, expose
from flask_babel import gettext as _

from app.i18n import N_
from app.security.guard import act
from app.ui import navigation
from app.ui.formats import uur
from app.ui.navigation import NavItem, Section
from app.ui.views import PortalView
from playbook.handbook import rules, service
from playbook.handbook.differences import compare, merge, stretches
from playbook.handbook.forms import ChapterForm, PageForm, place_in
from playbook.handbook.markdown import CALLOUTS, Rendered, Words, render
from playbook.handbook.models import Chapter, Page, PageVersion
from playbook.handbook.search import search
from playbook.handbook.service import ChapterContents, ConflictError, HandbookError, NotThereError


def _shown(body: str) -> Rendered:
    """A text as it is shown, with the few words that rendering adds in the reader's language."""
    words = tuple((kind, _(title)) for kind, (_class, title) in CALLOUTS.items())
    return render(body, Words(words, _("Table"), _("picture")))


def _page(slug: str) -> Page:
    try:
        return service.page_by_slug(slug)
    except NotThereError:
        abort(404)


def _chapter(slug: str) -> Chapter:
    try:
        return service.chapter_by_slug(slug)
    except NotThereError:
        abort(404)


def _version(page: Page, number: int) -> PageVersion:
    try:
        return service.version_of(page, number)
    except NotThereError:
        abort(404)


class HandbookView(PortalView):
    """Reading and writing the playbook."""

    route_base = "/draaiboek"
    class_permission_name = "playbook"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """Chapters and pages, what changed lately, the search box."""
        contents = service.contents()
        return self.render_template(
            "handbook/index.html",
            contents=contents,
            count=sum(len(part.pages) for part in contents),
            changes=service.latest_changes(),
            elsewhere=service.published_elsewhere(),
        )

    @expose("/zoeken", methods=["GET"])
    @expose("/zoeken/", methods=["GET"])
    @act("read")
    def find(self) -> ResponseReturnValue:
        """Pages with the words of ?q=."""
        words = request.args.get("q", "")
        return self.render_template("handbook/search.html", words=words, hits=search(words))

    @expose("/<slug>/", methods=["GET"])
    @act("read")
    def show_page(self, slug: str) -> ResponseReturnValue:
        """A page as it reads now, between its neighbours."""
        page = _page(slug)
        contents = service.contents()
        return self.render_template(
            "handbook/page.html",
            page=page,
            shown=_shown(page.body),
            author=service.names([page.changed_by]).get(page.changed_by),
            **_around(contents, page),
        )

    @expose("/van/<network>/<slug>/", methods=["GET"])
    @act("read")
    def show_of_network(self, network: str, slug: str) -> ResponseReturnValue:
        """A page that another network published to all."""
        try:
            home, page = service.page_of_network(network, slug)
        except NotThereError:
            abort(404)
        return self.render_template("handbook/foreign.html", page=page, network=home, shown=_shown(page.body))

    @expose("/<slug>/geschiedenis/", methods=["GET"])
    @act("read")
    def history(self, slug: str) -> ResponseReturnValue:
        """All versions of a page."""
        page = _page(slug)
        return self.render_template("handbook/history.html", page=page, changes=service.history(page))

    @expose("/<slug>/geschiedenis/<int:number>/", methods=["GET"])
    @act("read")
    def show_version(self, slug: str, number: int) -> ResponseReturnValue:
        """What a version changed, word by word, and its text."""
        page = _page(slug)
        version = _version(page, number)
        before = _version(page, number - 1) if number > 1 else None
        return self.render_template(
            "handbook/version.html",
            page=page,
            version=version,
            before=before,
            author=service.names([version.author_id]).get(version.author_id),
            changed=stretches(compare(before.body if before else "", version.body)),
            shown=_shown(version.body),
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

    @expose("/nieuw/", methods=["GET", "POST"])
    @act("write")
    def new(self) -> ResponseReturnValue:
        """A new page; ?hoofdstuk= or ?onder= offers its place."""
        contents = service.contents()
        form = PageForm()
        form.offer(contents)
        if request.method == "GET":
            form.place.data = place_in(contents, request.args.get("hoofdstuk"), request.args.get("onder"))
            return self._editor(form, contents)
        if request.form.get("do") == "preview":
            return self._editor(form, contents, preview=form.body.data or "")
        if form.validate():
            try:
                page = service.create_page(form.draft(contents))
            except HandbookError as error:
                form.show(error.problems)
            else:
                flash(_("The page is in the playbook."), "success")
                return redirect(url_for("HandbookView.show_page", slug=page.slug))
        return self._editor(form, contents), 422

    @expose("/<slug>/bewerken/", methods=["GET", "POST"])
    @act("write")
    def edit_page(self, slug: str) -> ResponseReturnValue:
        """Change a page; who was overtaken by a colleague gets both texts (409)."""
        page = _page(slug)
        contents = service.contents()
        form = PageForm()
        form.offer(contents, page)
        if request.method == "GET":
            form.fill(page)
            return self._editor(form, contents, page)
        if request.form.get("do") == "preview":
            return self._editor(form, contents, page, preview=form.body.data or "")
        if form.validate():
            try:
                service.save_page(slug, form.draft(contents), form.base_version)
            except HandbookError as error:
                form.show(error.problems)
            except ConflictError as conflict:
                return self._conflict(form, page, conflict), 409
            else:
                flash(_("Saved."), "success")
                return redirect(url_for("HandbookView.show_page", slug=slug))
        return self._editor(form, contents, page), 422

    def _editor(
        self, form: PageForm, contents: list[ChapterContents], page: Page | None = None, preview: str | None = None
    ) -> str:
        """The editor; with the preview of a text that can be shown."""
        shown = None
        if preview is not None:
            tidied = rules.tidy(preview)
            problems = rules.problems_of(tidied)
            form.show(tuple(problems))
            shown = None if problems else _shown(tidied)
        page_html: str = self.render_template(
            "handbook/edit.html", form=form, page=page, preview=shown, no_chapters=not contents
        )
        return page_html

    def _conflict(self, form: PageForm, page: Page, conflict: ConflictError) -> str:
        """Both texts, and one made of them to go on with; the next save starts from the colleague's version."""
        current, mine = conflict.current, rules.tidy(form.body.data or "")
        author = service.names([current.author_id]).get(current.author_id) or _("a colleague")
        labels = (_("text of %(name)s, %(hour)s", name=author, hour=uur(current.at)), _("your text"))
        merged = merge(conflict.base.body if conflict.base else "", current.body, mine, labels)
        form.body.data, form.base.data = merged.text, str(current.number)
        # A field shows what was posted before what it was given.
        form.body.raw_data = form.base.raw_data = None
        html: str = self.render_template(
            "handbook/conflict.html",
            form=form,
            page=page,
            current=current,
            author=author,
            mine=mine,
            clashes=merged.clashes,
            changed=stretches(compare(current.body, mine)),
        )
        return html

    @expose("/hoofdstuk/nieuw/", methods=["GET", "POST"])
    @act("write")
    def new_chapter(self) -> ResponseReturnValue:
        """A new chapter."""
        form = ChapterForm()
        if request.method == "GET":
            return self.render_template("handbook/chapter.html", form=form, chapter=None)
        if form.validate():
            try:
                chapter = service.create_chapter(form.title.data or "", form.summary.data or "", form.position.data)
            except HandbookError as error:
                form.show(error.problems)
            else:
                flash(_("The chapter is there. Now write its first page."), "success")
                return redirect(url_for("HandbookView.new", hoofdstuk=chapter.slug))
        return self.render_template("handbook/chapter.html", form=form, chapter=None), 422

    @expose("/hoofdstuk/<slug>/", methods=["GET", "POST"])
    @act("write")
    def edit_chapter(self, slug: str) -> ResponseReturnValue:
        """Change a chapter's title, sentence and place."""
        chapter = _chapter(slug)
        form = ChapterForm(obj=chapter)
        if request.method == "GET":
            return self.render_template("handbook/chapter.html", form=form, chapter=chapter)
        if form.validate():
            try:
                service.change_chapter(slug, form.title.data or "", form.summary.data or "", form.position.data)
            except HandbookError as error:
                form.show(error.problems)
            else:
                flash(_("Saved."), "success")
                return redirect(url_for("HandbookView.index"))
        return self.render_template("handbook/chapter.html", form=form, chapter=chapter), 422


def _around(contents: list[ChapterContents], page: Page) -> dict[str, Any]:
    """What stands around a page: its chapter, the page above, those below, and the ones before and after."""
    order = [each for part in contents for _depth, each in part.pages]
    place = next(number for number, each in enumerate(order) if each.id == page.id)
    return {
        "chapter": next(part.chapter for part in contents if part.chapter.id == page.chapter_id),
        "parent": next((each for each in order if each.id == page.parent_id), None),
        "children": [each for each in order if each.parent_id == page.id],
        "before": order[place - 1] if place else None,
        "after": order[place + 1] if place + 1 < len(order) else None,
    }


def register(app: Flask, appbuilder: AppBuilder) -> None:
    app.register_blueprint(Blueprint("handbook", __name__, static_folder="static", static_url_path="/static/handbook"))
    appbuilder.add_view_no_menu(HandbookView())
    navigation.register(
        app, NavItem(Section.NETWORK, "/draaiboek/", N_("Playbook"), order=10, permission="playbook.read")
    )
