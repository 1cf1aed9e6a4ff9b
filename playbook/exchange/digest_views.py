"""/netwerk/nieuws/: this week's news, and whether somebody wants it by mail."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _

from app import tenancy
from app.security.guard import act, public
from app.ui.views import PortalView
from playbook.exchange import digest, refusing


class DigestView(PortalView):
    """The weekly mail."""

    route_base = "/netwerk/nieuws"
    class_permission_name = "exchange"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self):
        """What the mail of this moment would say."""
        wants = digest.wants_mail(tenancy.current().user_id)
        return self.render_template("exchange/digest.html", news=digest.digest(), wants=wants)

    @expose("/", methods=["POST"])
    @act("read")
    def choose(self):
        """Turn the mail on or off."""
        wants = request.form.get("wants") == "yes"
        digest.choose(tenancy.current().user_id, wants=wants)
        flash(_("You get the weekly mail from now on.") if wants else _("You get no weekly mail any more."), "success")
        return redirect(url_for(".index"))

    @expose("/afmelden/<token>/", methods=["GET", "POST"])
    @public
    def refuse(self, token):
        """Turn the mail off from the mail itself; POST, by the button or by a mail program, does it."""
        try:
            network = refusing.network_of(token)
            if request.method == "POST":
                refusing.refuse(token)
        except refusing.NoSuchMailError:
            abort(404)
        return self.render_template("exchange/refuse.html", network=network, done=request.method == "POST")
