"""The route of home visits: chosen, printed, taken along on a phone, handed in."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count their silence.

import io
import uuid
from pathlib import Path
from typing import Any

from flask import abort, flash, jsonify, make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf.csrf import generate_csrf

from app.documents.engine import UnprintableTextError, render_pdf
from app.security.guard import act, public
from app.security.models import utc_now
from app.tenancy import current
from app.ui.formats import datum, datum_lang, today, uur
from app.ui.language import language_code
from app.ui.views import PortalView
from tenants.cases.codes import ContactResult, Moment
from tenants.cases.service import NoSuchCaseError
from tenants.organisations.service import names
from tenants.outreach import route
from tenants.outreach.codes import StepState
from tenants.outreach.plan import GoneError, PlanError

STATIC = Path(__file__).parent / "static"
MOST_AT_ONCE = 100  # visits in one hand-in: more than a week of doors


class RouteView(PortalView):
    route_base = "/pogingen/route"
    class_permission_name = "cases"

    def create_blueprint(self, appbuilder, endpoint=None, static_folder=None):
        """With a folder of static files of its own: the script and style of the page on the phone."""
        return super().create_blueprint(appbuilder, endpoint, static_folder=str(STATIC))

    @expose("/", methods=["GET", "POST"])
    @act("write")
    def index(self) -> ResponseReturnValue:
        """The visits that are due, by street; POST makes the ticked ones the route of today."""
        if request.method == "GET":
            return _index()
        try:
            chosen = [uuid.UUID(value) for value in request.form.getlist("step")]
            number = route.carry(chosen)
        except ValueError:
            abort(400)
        except NoSuchCaseError:
            abort(404)
        except GoneError as error:
            return _index(_(error.message)), 409
        if number:
            told = ngettext("%(num)d visit is on your route.", "%(num)d visits are on your route.", number)
            flash(told, "success")
        else:
            flash(_("Your route of today is empty."), "success")
        return redirect(url_for("RouteView.index"))

    @expose("/lijst.pdf", methods=["GET"])
    @act("write")
    def paper(self) -> ResponseReturnValue:
        """The acting person's route of today on paper."""
        title = _("Home visits on %(day)s", day=datum_lang(today()))
        html = render_template(
            "outreach/route-1.html", rows=_shown(route.carried()), title=title, language=language_code()
        )
        lang = f"{language_code()}-BE"
        try:
            content = render_pdf(html, title=title, lang=lang, identifier=uuid.uuid4(), created=utc_now())
        except UnprintableTextError as error:
            abort(422, _("A name or address on the route has signs that can't be printed: %(s)s", s=error.characters))
        return send_file(io.BytesIO(content), mimetype="application/pdf", download_name="route.pdf")

    @expose("/onderweg/", methods=["GET"])
    @act("write")
    def away(self) -> ResponseReturnValue:
        """The page for the phone. It holds no person itself, so that the phone may keep it."""
        results = [(value, _(text)) for value, text in ContactResult.choices()]
        return render_template("outreach/away.html", results=results)

    @expose("/werker.js", methods=["GET"])
    @public
    def worker(self) -> ResponseReturnValue:
        """The script that serves the page for the phone without a network; its address sets what it may serve."""
        answer = make_response((STATIC / "worker.js").read_text())
        answer.headers["Content-Type"] = "text/javascript; charset=utf-8"
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    @expose("/gegevens", methods=["GET"])
    @act("write")
    def data(self) -> ResponseReturnValue:
        """What the phone needs today: the visits, the key to keep them under, a token to hand in with."""
        shown = _shown(route.carried())
        return jsonify(
            owner=route.owner(),
            day=today().isoformat(),
            keys=route.keys(today()),
            csrf=generate_csrf(),
            visits=shown,
        )

    @expose("/inleveren", methods=["POST"])
    @act("write")
    def hand_in(self) -> ResponseReturnValue:
        """Visits that a phone logged (JSON: {"visits": [...]}); for each what became of it, in the same order."""
        sent = request.get_json(silent=True)
        visits = sent.get("visits") if isinstance(sent, dict) else None
        if not isinstance(visits, list) or len(visits) > MOST_AT_ONCE:
            return jsonify(message=_("This is no list of visits.")), 422
        return jsonify(results=[_keep(visit) for visit in visits])


def _keep(sent: Any) -> dict[str, str]:
    """One visit that can't be kept doesn't hold up the others."""
    told = {"id": str(sent.get("id", "")) if isinstance(sent, dict) else ""}
    try:
        outcome = route.keep(route.read_visit(sent))
    except PlanError as error:
        return told | {"state": route.Outcome.REFUSED, "message": _(error.message)}
    return told | {"state": outcome, "message": _(route.TOLD[outcome])}


def _shown(rows: Any) -> list[dict[str, Any]]:
    """What a visitor needs at the door, and no more."""
    return [
        {
            "step_id": str(row.id),
            "case_id": str(row.case_id),
            "name": row.display_name,
            "address": row.address_line,
            "why": _why(row),
            "attempts": ngettext("%(num)d attempt so far", "%(num)d attempts so far", row.attempts),
            "done": row.state != StepState.OPEN,
        }
        for row in rows
    ]


def _why(row: Any) -> str:
    """'Na het verzoekschrift · zitting di 1 dec, 9.30 u'."""
    said = [_(Moment(row.moment).label)]
    if row.moment == Moment.PETITION and row.hearing_at and row.hearing_at > utc_now():
        said.append(_("hearing %(day)s, %(hour)s", day=datum(row.hearing_at), hour=uur(row.hearing_at)))
    return " · ".join(said)


def _index(wrong: str = "") -> str:
    rows = route.visits()
    return render_template(
        "outreach/route.html",
        rows=rows,
        why=_why,
        wrong=wrong,
        me=current().user_id,
        names=names(row.carried_by for row in rows),
        carried=[row for row in route.carried() if row.state == StepState.OPEN],
    )
