"""The page on which an organisation fills in its letterhead."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.guard import act
from app.ui.views import PortalView
from tenants.letters.forms import LetterheadForm, letterhead_data
from tenants.letters.letterhead import letterhead, save_letterhead


class LetterheadView(PortalView):
    route_base = "/briefhoofd"
    class_permission_name = "organisation"

    @expose("/", methods=["GET", "POST"])
    @act("write")
    def index(self) -> ResponseReturnValue:
        form = LetterheadForm(data=letterhead_data(letterhead()))
        if request.method == "GET":
            return render_template("letters/letterhead.html", form=form)
        if not form.validate():
            return render_template("letters/letterhead.html", form=form), 422
        save_letterhead(form.values())
        flash(_("The letterhead is saved. New documents carry it; final ones keep theirs."), "success")
        return redirect(url_for("LetterheadView.index"))
