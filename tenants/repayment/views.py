"""The repayment on the page of a case and its own page: what was agreed, what came in, what stays out."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid
from collections.abc import Iterator
from typing import Any

from flask import Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from app.audit.service import record_read
from app.database import db, transaction
from app.security.guard import act
from app.ui.formats import datum_lang, euro, today
from app.ui.views import PortalView
from tenants.cases import words
from tenants.cases.closing import StillRuns, Watcher, register_watcher
from tenants.cases.codes import About, CaseState, Reason
from tenants.cases.editing import Conflict, Several, case_or_404, version_given
from tenants.cases.models import Case
from tenants.cases.panels import Entry, Panel, Slot, register_panel, register_timeline
from tenants.cases.service import CaseError, ChangedMeanwhileError
from tenants.money.rules import ScheduleError
from tenants.organisations.service import names
from tenants.petitions.service import day_to_utc, petitions_of
from tenants.repayment import service
from tenants.repayment.codes import PlanState
from tenants.repayment.forms import PlanForm, ReasonForm, ReceiptForm
from tenants.repayment.service import NoSuchPlanError, RepaymentError, Shown
from tenants.repayment.wording import in_words, said

SHOWN = 3  # instalments on the page of the case: what stays out, and what comes next


def register(app: Flask, appbuilder: Any) -> None:
    """Add the page, the panel on the page of a case, and the entries of its timeline."""
    appbuilder.add_view_no_menu(RepaymentView)
    register_panel(app, Panel(Slot.COLUMN, 13, "repayment/panel.html", panel))
    register_timeline(app, entries, About.MONEY)
    register_watcher(app, Watcher("repayment", warns=at_closing))


def panel(case: Case) -> dict[str, Any] | None:
    """The plan with what is open first; without one an offer to enter it, where there are arrears."""
    shown = service.current(case.id)
    if shown is None and not _may_begin(case):
        return None
    still = [line for line in shown.lines if line.left > 0] if shown and shown.is_running else []
    return {"shown": shown, "still": still[:SHOWN], "words": words, **in_words()}


def _may_begin(case: Case) -> bool:
    reasons = {case.reason, *(case.other_reasons or ())}
    owed = Reason.RENT_ARREARS in reasons or any(petition.arrears for petition in petitions_of(case.id))
    return case.state == CaseState.OPEN and owed


def at_closing(case_id: uuid.UUID) -> Iterator[StillRuns]:
    """A plan goes on after its case is closed; only nobody is asked about what stays out (service.watch)."""
    shown = service.current(case_id)
    if shown is None or not shown.is_running:
        return
    told = _(
        "A repayment plan is still running: %(said)s. It goes on: you can still note what comes in, but you get no task"
        " any more when a payment stays out. Does it end too? Stop it first.",
        said=said(shown),
    )
    yield StillRuns(told, url_for("RepaymentView.show", case_id=case_id), _("To the repayment plan"))


def entries(case_id: uuid.UUID) -> Iterator[Entry]:
    """When a plan began and ended, and each payment; one that was struck off says so."""
    for shown in service.plans_of(case_id):
        plan, first = shown.plan, shown.lines[0].due
        told = ngettext(
            "%(total)s in one payment, on %(day)s",
            "%(total)s in %(num)d payments, the first of %(first)s on %(day)s",
            len(shown.lines), total=euro(shown.balance.total), first=euro(first.amount), day=datum_lang(first.due_on),
        )  # fmt: skip
        yield Entry(plan.started_at, _("Repayment plan begun"), told, by=plan.started_by)
        for payment in shown.payments:
            title = _("Repayment received: %(amount)s", amount=euro(payment.amount))
            yield Entry(
                day_to_utc(payment.paid_on), title, hour_known=False, by=payment.by, note=payment.note or "",
                label=_("struck off") if payment.struck_at else None,
            )  # fmt: skip
            if payment.struck_at:
                title = _("Repayment of %(day)s struck off", day=datum_lang(payment.paid_on))
                yield Entry(payment.struck_at, title, by=payment.struck_by, note=payment.struck_reason or "")
        if plan.ended_at is not None:
            title = _("Repayment plan: %(state)s", state=_(PlanState(plan.state).label).lower())
            yield Entry(plan.ended_at, title, said(shown), by=plan.ended_by, note=plan.end_reason or "")


class RepaymentView(PortalView):
    """`/dossiers/<id>/afbetaling/`: the whole plan, its payments, and what can be done with it."""

    route_base = "/dossiers"
    class_permission_name = "cases"
    default_view = "show"

    @expose("/<uuid:case_id>/afbetaling/", methods=["GET"])
    @act("read")
    def show(self, case_id: uuid.UUID) -> ResponseReturnValue:
        case = case_or_404(case_id)
        shown = service.current(case_id)
        if shown is None:
            abort(404)
        with transaction():
            record_read("case_file", case.id, case.id, "case work")
        return _page(case, ReceiptForm(data=_proposed(shown)))

    @expose("/<uuid:case_id>/afbetaling/nieuw", methods=["GET", "POST"])
    @act("write")
    def begin(self, case_id: uuid.UUID) -> ResponseReturnValue:
        """Enter a plan that was agreed elsewhere: with the landlord, or before the court."""
        case_or_404(case_id)
        petition = next((p for p in petitions_of(case_id) if p.arrears is not None), None)
        form = PlanForm(data={"total": petition.arrears if petition else None})
        whole, status = Several([form]), 200
        if request.method == "POST":
            status = 422
            if form.validate():
                try:
                    service.start(case_id, form.values())
                except ScheduleError as error:
                    whole.form_errors += [_(problem) for problem in error.problems]
                except CaseError as error:
                    whole.form_errors.append(_(error.message, **error.params))
                    status = 409
                else:
                    flash(_("The plan is kept. From now on you note here what comes in."), "success")
                    return _back(case_id)
        return render_template(
            "repayment/new.html", case=case_or_404(case_id), form=form, whole=whole, words=words
        ), status

    @expose("/<uuid:case_id>/afbetaling/ontvangen", methods=["POST"])
    @act("write")
    def receive_next(self, case_id: uuid.UUID) -> ResponseReturnValue:
        """One click: the next instalment came in today."""
        case_or_404(case_id)
        return _do(case_id, lambda: service.receive_next(case_id, version_given()))

    @expose("/<uuid:case_id>/afbetaling/betaling", methods=["POST"])
    @act("write")
    def receive(self, case_id: uuid.UUID) -> ResponseReturnValue:
        case, form = case_or_404(case_id), ReceiptForm()
        if not form.validate():
            return _page(case, form, 422)
        return _do(case_id, lambda: service.receive(case_id, form.values(), version_given()), form)

    @expose("/<uuid:case_id>/afbetaling/<uuid:payment_id>/schrappen", methods=["POST"])
    @act("write")
    def strike(self, case_id: uuid.UUID, payment_id: uuid.UUID) -> ResponseReturnValue:
        case_or_404(case_id)
        reason = request.form.get("reason", "")[:300]
        return _do(case_id, lambda: service.strike(case_id, payment_id, reason, version_given()))

    @expose("/<uuid:case_id>/afbetaling/stoppen", methods=["GET", "POST"])
    @act("write")
    def stop(self, case_id: uuid.UUID) -> ResponseReturnValue:
        case, shown, form = case_or_404(case_id), service.current(case_id), ReasonForm()
        if shown is None:
            abort(404)
        if request.method == "POST" and form.validate():
            return _do(case_id, lambda: service.stop(case_id, form.reason.data, version_given()))
        page = render_template(
            "repayment/stop.html", case=case, shown=shown, form=form, whole=Several([form]), said=said
        )
        return page, 422 if request.method == "POST" else 200


def _do(case_id: uuid.UUID, change: Any, form: ReceiptForm | None = None) -> ResponseReturnValue:
    """Change the plan and go back; else its page with what is wrong and everything that was typed."""
    form = form or ReceiptForm(formdata=None)
    try:
        change()
    except NoSuchPlanError:
        abort(404)
    except ChangedMeanwhileError as error:
        db.session.expire_all()
        by = names([error.by]).get(error.by, "") if error.by else ""
        return _page(case_or_404(case_id), form, 409, Conflict(by, ()))
    except RepaymentError as error:
        wrong = []
        for name, message in error.problems:
            if name in form:
                form[name].errors = [*form[name].errors, _(message)]
            else:
                wrong.append(_(message))
        return _page(case_or_404(case_id), form, 422, wrong=wrong)
    flash(_told_after(service.current(case_id)), "success")
    return _back(case_id)


def _told_after(shown: Shown | None) -> str:
    if shown is None or not shown.is_running:
        return _("Kept. All is paid back.") if shown and shown.balance.left == 0 else _("Kept.")
    if shown.balance.behind:
        return _("Kept. %(amount)s stays out still.", amount=euro(shown.balance.behind))
    return _("Kept. The household is up to date.")


def _back(case_id: uuid.UUID) -> ResponseReturnValue:
    """To where it was asked: the plan's own page, or the case."""
    if request.form.get("van") == "plan":
        return redirect(url_for("RepaymentView.show", case_id=case_id))
    return redirect(url_for("CaseView.show_case", case_id=case_id, _anchor="afbetaling"))


def _proposed(shown: Shown) -> dict[str, Any]:
    return {"amount": shown.next.left if shown.next else None, "paid_on": today()}


def _page(
    case: Case, form: ReceiptForm, status: int = 200, conflict: Conflict | None = None, wrong: list[str] | None = None
) -> ResponseReturnValue:
    shown = service.current(case.id)
    if shown is None:
        abort(404)
    whole = Several([form])
    whole.form_errors += wrong or []
    page = render_template(
        "repayment/show.html",
        case=case,
        shown=shown,
        form=form,
        whole=whole,
        conflict=conflict,
        names=names([*(p.by for p in shown.payments), *(p.struck_by for p in shown.payments)]),
        words=words,
        **in_words(),
    )
    return page, status
