"""The editor: new pages, changed pages, drafts, chapters; what was typed is kept while typing."""

import uuid

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.guard import act
from app.ui.formats import uur
from app.ui.views import PortalView
from playbook.handbook import drafts, pictures, rules, service, typing_views
from playbook.handbook.differences import merge
from playbook.handbook.forms import ChapterForm, PageForm, place_in
from playbook.handbook.models import Page, PageDraft
from playbook.handbook.review import DraftState
from playbook.handbook.service import ChapterContents, ConflictError, HandbookError
from playbook.handbook.showing import chapter_of_request, differing, draft_of_request, page_of_request, shown_text


class EditorView(PortalView):
    """Writing in the playbook."""

    route_base = "/draaiboek"
    class_permission_name = "playbook"

    @expose("/nieuw/", methods=["GET", "POST"])
    @act("write")
    def new(self) -> ResponseReturnValue:
        """A new page; ?hoofdstuk= or ?onder= offers its place."""
        contents = service.contents()
        form = PageForm()
        form.offer(contents)
        if request.method == "GET":
            form.place.data = place_in(contents, request.args.get("hoofdstuk"), request.args.get("onder"))
            return self._editor(form, contents, "nieuw")
        if request.form.get("do") == "preview":
            return self._editor(form, contents, "nieuw")
        if form.validate():
            try:
                if request.form.get("do") == "draft":
                    return _kept(drafts.keep(form.draft(contents), None, 0), "nieuw")
                page = service.create_page(form.draft(contents))
            except HandbookError as error:
                form.show(error.problems)
            else:
                drafts.forget_autosave("nieuw")
                flash(_("The page is in the playbook."), "success")
                return redirect(url_for("HandbookView.show_page", slug=page.slug))
        return self._editor(form, contents, "nieuw"), 422

    @expose("/<slug>/bewerken/", methods=["GET", "POST"])
    @act("write")
    def edit_page(self, slug: str) -> ResponseReturnValue:
        """Change a page; who was overtaken by a colleague gets both texts (409)."""
        page = page_of_request(slug)
        contents = service.contents()
        form, place = PageForm(), f"pagina/{slug}"
        form.offer(contents, page)
        if request.method == "GET":
            form.fill(page)
            return self._editor(form, contents, place, page)
        if request.form.get("do") == "preview":
            return self._editor(form, contents, place, page)
        if form.validate():
            try:
                if request.form.get("do") == "draft":
                    return _kept(drafts.keep(form.draft(contents), page, form.base_version), place)
                service.save_page(slug, form.draft(contents), form.base_version)
            except HandbookError as error:
                form.show(error.problems)
            except ConflictError as conflict:
                return conflict_page(self, form, page, conflict), 409
            else:
                drafts.forget_autosave(place)
                flash(_("The page is published."), "success")
                return redirect(url_for("HandbookView.show_page", slug=slug))
        return self._editor(form, contents, place, page), 422

    @expose("/ontwerp/<uuid:draft_id>/bewerken/", methods=["GET", "POST"])
    @act("write")
    def edit_draft(self, draft_id: uuid.UUID) -> ResponseReturnValue:
        """Change a draft; here too a colleague's words are never overwritten."""
        draft = draft_of_request(draft_id)
        page = drafts.page_of(draft)
        contents = service.contents()
        form, place = PageForm(), f"ontwerp/{draft_id}"
        form.offer(contents, page)
        if request.method == "GET":
            form.fill_draft(draft)
            return self._editor(form, contents, place, page, draft=draft)
        if request.form.get("do") == "preview":
            return self._editor(form, contents, place, page, draft=draft)
        if form.validate():
            try:
                drafts.change(draft_id, form.draft(contents), form.revision_number, form.base_version)
            except HandbookError as error:
                form.show(error.problems)
            except ConflictError as conflict:
                return conflict_page(self, form, page, conflict, draft), 409
            else:
                return _kept(draft, place)
        return self._editor(form, contents, place, page, draft=draft), 422

    @expose("/tussentijds/", methods=["POST"])
    @act("write")
    def autosave(self) -> ResponseReturnValue:
        """Keep what is being typed (the editor's script asks this every few seconds)."""
        if not request.form.get("place"):
            abort(400)
        return typing_views.keep(request.form["place"])

    @expose("/tussentijds/weg/", methods=["POST"])
    @act("write")
    def drop_autosave(self) -> ResponseReturnValue:
        """Drop what was typed and not saved; back to the editor."""
        place = request.form.get("place", "")
        drafts.forget_autosave(place)
        return redirect(_address_of(place))

    def _editor(
        self,
        form: PageForm,
        contents: list[ChapterContents],
        place: str,
        page: Page | None = None,
        *,
        draft: PageDraft | None = None,
    ) -> str:
        """The editor; with the preview when that was asked, and on GET with what was typed before a crash."""
        page_html: str = self.render_template(
            "handbook/edit.html",
            form=form,
            page=page,
            draft=draft,
            place=place,
            typed=typing_views.typed_before(form, place),
            preview=typing_views.previewed(form),
            no_chapters=not contents,
            most=pictures.LARGEST,
        )
        return page_html

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
                return redirect(url_for("EditorView.new", hoofdstuk=chapter.slug))
        return self.render_template("handbook/chapter.html", form=form, chapter=None), 422

    @expose("/hoofdstuk/<slug>/", methods=["GET", "POST"])
    @act("write")
    def edit_chapter(self, slug: str) -> ResponseReturnValue:
        """Change a chapter's title, sentence and place."""
        chapter = chapter_of_request(slug)
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


def conflict_page(
    view: PortalView,
    form: PageForm,
    page: Page | None,
    conflict: ConflictError,
    draft: PageDraft | None = None,
    *,
    of_page: bool = False,
) -> str:
    """Both texts, and one made of them to go on with; the next save starts from the colleague's version.

    draft: the draft that is being edited; of_page: its page changed, not the draft itself.
    """
    current, mine = conflict.current, rules.tidy(form.body.data or "")
    author = service.names([current.author_id]).get(current.author_id) or _("a colleague")
    labels = (_("text of %(name)s, %(hour)s", name=author, hour=uur(current.at)), _("your text"))
    merged = merge(conflict.base.body if conflict.base else "", current.body, mine, labels)
    counted = form.base if draft is None or of_page else form.revision
    form.body.data, counted.data = merged.text, str(current.number)
    # A field shows what was posted before what it was given.
    form.body.raw_data = counted.raw_data = None
    html: str = view.render_template(
        "handbook/conflict.html",
        form=form,
        page=page,
        draft=draft,
        place=f"ontwerp/{draft.id}" if draft else f"pagina/{page.slug}",
        current=current,
        author=author,
        theirs=shown_text(current.body),
        mine=shown_text(mine),
        clashes=merged.clashes,
        most=pictures.LARGEST,
        changed=differing(current.body, mine),
    )
    return html


def _kept(draft: PageDraft, place: str) -> ResponseReturnValue:
    drafts.forget_autosave(place)
    if draft.state == DraftState.IN_REVIEW:
        flash(_("The draft is kept. Is it ready? Hand in the new text, so that who reads along knows."), "success")
    else:
        flash(_("The draft is kept. Only editors see it until you send it into review."), "success")
    return redirect(url_for("DraftView.show", draft_id=draft.id))


def _address_of(place: str) -> str:
    """The editor's screen that an autosave is of."""
    kind, _slash, name = place.partition("/")
    if kind == "pagina":
        return url_for("EditorView.edit_page", slug=name)
    try:
        return url_for("EditorView.edit_draft", draft_id=uuid.UUID(name))
    except ValueError:
        return url_for("EditorView.new")
