"""The page for strangers to follow their report and to add to it. No account; no cookie but the form's own."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

from flask import make_response, render_template
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.answers import address, locked
from app.security.attempts import LockedError
from app.security.guard import public
from app.ui.views import PortalView
from tenants.intake import service
from tenants.intake.codes import ReportState
from tenants.intake.forms import FollowForm, WordsForm
from tenants.intake.receipt import receipt_pdf


class FollowView(PortalView):
    """`/meldpunt/opvolgen/`: with the reference number and the code, how far a report is, and adding to it."""

    route_base = "/meldpunt/opvolgen"

    @expose("/", methods=["GET", "POST"])
    @public
    def index(self) -> ResponseReturnValue:
        found, form, refused = _found()
        if found is None:
            return refused
        return _followed(found, form, WordsForm(formdata=None))

    @expose("/aanvullen", methods=["POST"])
    @public
    def add(self) -> ResponseReturnValue:
        """Add words to the report of this reference and code."""
        found, form, refused = _found()
        if found is None:
            return refused
        added = WordsForm()
        if not added.validate():
            return _followed(found, form, added, 422)
        try:
            service.add_words(found, added.words.data)
        except service.NobodyHasItError:
            added.form_errors.append(
                _("This report is closed and nobody reads it any more. Make a new report, or call the OCMW.")
            )
            return _followed(found, form, added, 422)
        return _followed(found, form, WordsForm(formdata=None), added=True)

    @expose("/bewijs", methods=["POST"])
    @public
    def receipt(self) -> ResponseReturnValue:
        """The receipt as PDF."""
        found, _form, refused = _found()
        if found is None:
            return refused
        answer = make_response(receipt_pdf(found.receipt, found.slip_id))
        answer.headers["Content-Type"] = "application/pdf"
        answer.headers["Content-Disposition"] = f'attachment; filename="{found.receipt.reference}.pdf"'
        return answer


def _found():
    """(feedback, form, None), or (None, form, the page that asks again)."""
    form = FollowForm()

    def page(form) -> str:
        return render_template("intake/follow.html", form=form)

    if not form.validate_on_submit():
        return None, form, (page(form), 422 if form.is_submitted() else 200)
    try:
        return service.follow(form.reference.data, form.code.data, address()), form, None
    except LockedError as error:
        return None, form, locked(error, form, page)
    except service.WrongCodeError:
        form.form_errors.append(
            _("We know no report with this number and this code. Compare both with your receipt, sign by sign.")
        )
        return None, form, (page(form), 422)


def _followed(found, form, added_form, status: int = 200, added: bool = False) -> ResponseReturnValue:
    page = render_template(
        "intake/followed.html",
        receipt=found.receipt,
        state=found.state,
        states=list(ReportState),
        given=[("reference", found.receipt.reference), ("code", found.receipt.code)],
        form=added_form,
        added=added,
    )
    return page, status
