"""Letters and postcards: which wait, in one PDF, and 'I printed them'."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

import io
import uuid
from collections.abc import Collection

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from app.security.guard import act
from app.ui.views import PortalView
from tenants.cases.codes import Channel, Moment
from tenants.cases.service import NoSuchCaseError
from tenants.outreach import printing
from tenants.outreach.plan import GoneError, PlanError

KINDS = {"brieven": Channel.LETTER, "kaarten": Channel.POSTCARD}


class PrintView(PortalView):
    route_base = "/pogingen/drukwerk"
    class_permission_name = "cases"

    @expose("/", methods=["GET", "POST"])
    @act("write")
    def index(self) -> ResponseReturnValue:
        """What waits to be printed (`soort`: brieven or kaarten); POST puts the chosen ones in one PDF."""
        if request.method == "GET":
            return _index()
        chosen = _chosen()
        try:
            print_id = printing.make(chosen)
        except NoSuchCaseError:
            abort(404)
        except printing.UnprintableError as error:
            return _index(_(error.message, name=error.name, signs=error.signs), 422, chosen)
        except GoneError as error:
            return _index(_(error.message), 409, chosen)
        except PlanError as error:
            return _index(_(error.message), 422, chosen)
        return redirect(url_for("PrintView.show", print_id=print_id))

    @expose("/<uuid:print_id>/", methods=["GET", "POST"])
    @act("write")
    def show(self, print_id: uuid.UUID) -> ResponseReturnValue:
        """One print: open it, and say what came out of the printer."""
        try:
            batch = printing.batch(print_id)
            if request.method == "GET":
                return _batch(batch)
            number = printing.confirm(print_id, _chosen())
        except NoSuchCaseError:
            abort(404)
        except GoneError as error:
            return _batch(batch, _(error.message)), 409
        if number:
            told = ngettext("%(num)d piece is noted as sent.", "%(num)d pieces are noted as sent.", number)
            flash(told, "success")
        else:
            flash(_("Nothing is noted as sent. All of it waits for the next print."), "warning")
        return redirect(url_for("PrintView.index"))

    @expose("/<uuid:print_id>/drukwerk.pdf", methods=["GET"])
    @act("write")
    def pdf(self, print_id: uuid.UUID) -> ResponseReturnValue:
        try:
            content = printing.pdf(print_id)
        except NoSuchCaseError:
            abort(404)
        return send_file(io.BytesIO(content), mimetype="application/pdf", download_name="drukwerk.pdf")


def _chosen() -> list[uuid.UUID]:
    try:
        return [uuid.UUID(value) for value in request.form.getlist("step")]
    except ValueError:
        abort(400)


def _index(wrong: str = "", status: int = 200, chosen: Collection[uuid.UUID] | None = None) -> ResponseReturnValue:
    kind = request.args.get("soort", "")
    counts = printing.counts()
    page = render_template(
        "outreach/print.html",
        rows=printing.waiting(KINDS.get(kind)),
        kind=kind,
        counts=counts,
        total=sum(counts.values()),
        most=printing.MOST,
        chosen=chosen,
        wrong=wrong,
        prints=printing.unconfirmed(),
        channels=Channel,
        moments=Moment,
    )
    return page, status


def _batch(batch: printing.Batch, wrong: str = "") -> str:
    return render_template("outreach/printed.html", batch=batch, wrong=wrong, channels=Channel, moments=Moment)
