"""What a reader does with a page: follow it, confirm it, see what changed since they last read it."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app import tenancy
from app.security.guard import act
from app.ui.views import PortalView
from playbook.handbook import mailing, reading
from playbook.handbook.showing import differing, page_of_request, version_of_request


class ReaderView(PortalView):
    """A reader and a page."""

    route_base = "/draaiboek"
    class_permission_name = "playbook"

    @expose("/berichten/", methods=["GET"])
    @act("read")
    def mail(self) -> ResponseReturnValue:
        """Whether the person gets mail about what they follow and are asked to read."""
        wants = mailing.wants_mail(tenancy.current().user_id)
        return self.render_template("handbook/news_mail.html", wants=wants)

    @expose("/berichten/", methods=["POST"])
    @act("read")
    def choose_mail(self) -> ResponseReturnValue:
        """Turn that mail on or off."""
        wants = request.form.get("wants") == "yes"
        mailing.choose(tenancy.current().user_id, wants=wants)
        on, off = _("You get mail about the playbook from now on."), _("You get no mail about the playbook any more.")
        flash(on if wants else off, "success")
        return redirect(url_for("ReaderView.mail"))

    @expose("/<slug>/sinds/<int:number>/", methods=["GET"])
    @act("read")
    def since(self, slug: str, number: int) -> ResponseReturnValue:
        """What changed since version `number`, word by word."""
        page = page_of_request(slug)
        old = version_of_request(page, number)
        reading.see(page)
        return self.render_template("handbook/since.html", page=page, old=old, changed=differing(old.body, page.body))

    @expose("/<slug>/volgen", methods=["POST"])
    @act("read")
    def follow(self, slug: str) -> ResponseReturnValue:
        """Follow a page, or stop."""
        wanted = request.form.get("follow") == "1"
        reading.follow(page_of_request(slug), wanted)
        flash(_("You follow this page.") if wanted else _("You no longer follow this page."), "success")
        return redirect(url_for("HandbookView.show_page", slug=slug))

    @expose("/<slug>/gelezen", methods=["POST"])
    @act("read")
    def confirm(self, slug: str) -> ResponseReturnValue:
        """Read and understood, of the version that was on the screen."""
        page = page_of_request(slug)
        if page.confirm_from is None:
            abort(404)
        if not reading.confirm(page, request.form.get("version", 0, type=int)):
            flash(_("This page was changed while you were reading. Read it once more, then confirm."), "warning")
            return redirect(url_for("HandbookView.show_page", slug=slug))
        flash(_("Noted: you read and understood this page."), "success")
        return redirect(url_for("HandbookView.show_page", slug=slug))
