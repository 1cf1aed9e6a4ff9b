"""The pages of referrals and of the waiting list, and what they put on the page of a case."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid
from collections.abc import Iterator
from typing import Any

from flask import Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.audit.service import record_read
from app.database import db, transaction
from app.i18n import N_
from app.security.guard import act
from app.tenancy import current
from app.ui import navigation
from app.ui.navigation import NavItem, Section
from app.ui.viewer import viewer
from app.ui.views import PortalView
from tenants.cases import words
from tenants.cases.codes import About, CaseState
from tenants.cases.editing import Several, case_or_404
from tenants.cases.models import Case
from tenants.cases.panels import Entry, Panel, Slot, register_panel, register_timeline
from tenants.cases.service import CaseError, NoSuchCaseError
from tenants.guidance.codes import ProcedureKind
from tenants.organisations.service import colleagues, names
from tenants.petitions.service import day_to_utc
from tenants.referrals import service, waiting, wording
from tenants.referrals.codes import Leaving, Referrer, WaitsFor
from tenants.referrals.forms import NEW, LeaveForm, ListForm, TakeForm, WholeReferral

AS_READ = "case work"  # why a file is opened, for the trail


def register(app: Flask, appbuilder: Any) -> None:
    """Add the pages, their place in the navigation, and their parts of the page of a case."""
    appbuilder.add_view_no_menu(WaitingView)
    appbuilder.add_view_no_menu(ReferralView)
    item = NavItem(Section.OWN, "/wachtlijst/", N_("Waiting list"), order=50, permission="referrals.read")
    navigation.register(app, item)
    register_panel(app, Panel(Slot.ASIDE, 30, "referrals/panel.html", panel, right="referrals.read"))
    register_timeline(app, timeline, About.GUIDANCE)


def page_asked() -> int:
    """The page of a list, counted from 1."""
    return min(max(request.args.get("pagina", 1, type=int), 1), 10_000)


class WaitingView(PortalView):
    """`/wachtlijst/`: who waits for guidance, in order."""

    route_base = "/wachtlijst"
    class_permission_name = "referrals"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        listed = waiting.waiting_list()
        kind = request.args.get("voor", "")
        shown = [place for place in listed if not kind or place.waiting.guidance == kind]
        number = max(1, min(page_asked(), -(-len(shown) // waiting.PAGE)))
        rows = shown[(number - 1) * waiting.PAGE : number * waiting.PAGE]
        return render_template(
            "referrals/waiting.html",
            listed=listed,
            rows=rows,
            count=len(shown),
            page=number,
            size=waiting.PAGE,
            href=lambda n: url_for(".index", voor=kind or None, pagina=n),
            tabs=_tabs(listed, kind),
            overruled=waiting.overrule_count(),
            names=names(place.assigned_to for place in rows),
            **_says(),
        )

    @expose("/afwijkingen/", methods=["GET"])
    @act("read")
    def overrules(self) -> ResponseReturnValue:
        """When the order was left, by whom and why."""
        rows, number, count = waiting.list_overrules(page_asked())
        users = [(row.WaitingOverrule.by, row.WaitingOverrule.given_to) for row in rows]
        return render_template(
            "referrals/overrules.html",
            rows=rows,
            page=number,
            count=count,
            size=waiting.PAGE,
            href=lambda n: url_for(".overrules", pagina=n),
            names=names(user for pair in users for user in pair),
            **_says(),
        )

    @expose("/<uuid:place_id>/", methods=["GET", "POST"])
    @act("write")
    def place(self, place_id: uuid.UUID) -> ResponseReturnValue:
        """Begin guidance for a household: the first, or with a reason another one."""
        form = _take_form(place_id)
        if request.method == "GET":
            return _place_page(place_id, form)
        if not form.validate():
            return _place_page(place_id, form, status=422)
        reason = form.reason.data if form.reason else ""
        user_id = form.user.data
        if user_id != current().user_id and not viewer.can("team.write"):
            form.user.errors = [_("Only the team lead gives a case to somebody else. Take it yourself, or ask them.")]
            return _place_page(place_id, form, status=422)
        try:
            taken = waiting.take(place_id, user_id, reason or "")
        except waiting.NotFirstError as error:
            # The order may have changed after the page was shown: then the reason is asked now.
            form = _take_form(place_id)
            form.reason.errors = [_(error.message)]
            return _place_page(place_id, form, status=422)
        except CaseError as error:
            return _refused(place_id, form, error)
        flash(_("%(name)s begins guidance here.", name=names([user_id]).get(user_id, "")), "success")
        return redirect(url_for("CaseView.show_case", case_id=taken.case_id))

    @expose("/<uuid:place_id>/afhalen", methods=["POST"])
    @act("write")
    def leave(self, place_id: uuid.UUID) -> ResponseReturnValue:
        """Off the list without guidance."""
        _found(place_id)
        form = LeaveForm()
        if not form.validate():
            return _place_page(place_id, _take_form(place_id, fresh=True), form, status=422)
        try:
            waiting.leave(place_id, Leaving(form.why.data), form.note.data or "")
        except waiting.LeftMeanwhileError as error:
            return _refused(place_id, form, error)
        except CaseError as error:
            form.note.errors = [*form.note.errors, _(error.message)]
            return _place_page(place_id, _take_form(place_id, fresh=True), form, status=422)
        flash(_("Off the waiting list."), "success")
        return redirect(url_for(".index"))

    @expose("/dossier/<uuid:case_id>/", methods=["GET", "POST"])
    @act("write")
    def add(self, case_id: uuid.UUID) -> ResponseReturnValue:
        """Put a case on the waiting list."""
        case = case_or_404(case_id)
        form = ListForm()
        whole = Several([form])
        if request.method == "POST" and form.validate():
            try:
                waiting.put_on_list(case_id, ProcedureKind(form.guidance.data), form.since.data)
            except CaseError as error:
                whole.form_errors.append(_(error.message))
            else:
                flash(_("%(name)s stands on the waiting list.", name=case.display_name), "success")
                return redirect(url_for("CaseView.show_case", case_id=case_id))
        status = 422 if request.method == "POST" else 200
        return render_template("referrals/add.html", case=case, form=form, whole=whole, words=words), status


def _tabs(listed: list[waiting.Place], kind: str) -> list[tuple[str, str, bool, int]]:
    counted = [(each, sum(place.waiting.guidance is each for place in listed)) for each in WaitsFor.kinds]
    tabs = [(_("Everybody"), url_for(".index"), not kind, len(listed))]
    return tabs + [(_(each.label), url_for(".index", voor=each.value), kind == each, n) for each, n in counted if n]


def _says(*, with_words: bool = True) -> dict[str, Any]:
    """What the templates of this capability put in words; a panel of a case is given `words` already."""
    return ({"words": words} if with_words else {}) | {
        "wording": wording,
        "kind_label": lambda value: words.label(ProcedureKind, value),
        "referrer_label": lambda value: words.label(Referrer, value),
    }


def _found(place_id: uuid.UUID) -> waiting.WaitingPlace:
    try:
        return waiting.find(place_id)
    except waiting.NoSuchPlaceError:
        abort(404)


def _take_form(place_id: uuid.UUID, *, fresh: bool = False) -> TakeForm:
    """The form, which asks for a reason when another household is in front."""
    _found(place_id)
    listed = waiting.waiting_list()
    behind = bool(listed) and listed[0].id != place_id
    people = colleagues()
    given = {"formdata": None} if fresh else {}
    return TakeForm(people=people, must_explain=behind, data={"user": current().user_id}, **given)


def _place_page(
    place_id: uuid.UUID, form: TakeForm, leaving: LeaveForm | None = None, status: int = 200
) -> ResponseReturnValue:
    row = _found(place_id)
    if row.left_at is not None:
        return _gone(row, status=409 if request.method == "POST" else 200)
    listed = waiting.waiting_list()
    place = next((each for each in listed if each.id == place_id), None)
    if place is None:
        return _gone(row, status=409 if request.method == "POST" else 200)
    if request.method == "GET":
        with transaction():
            record_read("waiting_place", place.id, place.case_id, AS_READ)
    page = render_template(
        "referrals/place.html",
        place=place,
        count=len(listed),
        first=listed[0],
        form=form,
        leaving=leaving or LeaveForm(formdata=None),
        names=names([place.assigned_to]),
        may_give=viewer.can("team.write"),
        me=current().user_id,
        **_says(),
    )
    return page, status


def _refused(place_id: uuid.UUID, form: Any, error: CaseError) -> ResponseReturnValue:
    """409 when a colleague was first, else the form with the reason."""
    if isinstance(error, waiting.LeftMeanwhileError):
        db.session.expire_all()
        return _gone(_found(place_id), 409)
    form.form_errors.append(_(error.message, **error.params))
    return _place_page(place_id, form if isinstance(form, TakeForm) else _take_form(place_id, fresh=True), status=422)


def _gone(row: waiting.WaitingPlace, status: int) -> ResponseReturnValue:
    """The household is not on the list any more: who took it, and where to go now."""
    case = db.session.get(Case, row.case_id)
    page = render_template(
        "referrals/gone.html",
        row=row,
        case=case,
        name=names([row.given_to, row.left_by]),
        leaving=words.label(Leaving, row.leaving) if row.leaving else "",
        closed=row.left_at is None,
    )
    return page, status


class ReferralView(PortalView):
    """`/doorverwijzingen/`: what other services asked."""

    route_base = "/doorverwijzingen"
    class_permission_name = "referrals"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        found = service.list_referrals(page_asked())
        return render_template(
            "referrals/index.html",
            found=found,
            size=service.PAGE,
            href=lambda n: url_for(".index", pagina=n),
            names=names(row.assigned_to for row in found.rows),
            **_says(),
        )

    @expose("/nieuw/", methods=["GET", "POST"])
    @act("write")
    def new(self) -> ResponseReturnValue:
        """A new referral. `dossier`: the case it is about, when one comes from there."""
        case = _linked_case()
        forms = WholeReferral()
        if request.method == "GET":
            return _new_page(forms, case)
        if not forms.validate(linked=case is not None):
            return _new_page(forms, case, status=422)
        try:
            about = _about(forms, case)
            if about is None:
                return _new_page(forms, case, service.likely(forms.new_case(None)), status=422)
            case_id = service.refer(forms.referral.values(), about)
        except NoSuchCaseError:
            abort(404)
        except CaseError as error:
            field = forms.about.number if forms.about.number.data else None
            if field is not None:
                field.errors = [*field.errors, _(error.message)]
            else:
                forms.form_errors.append(_(error.message))
            return _new_page(forms, case, status=422)
        waits = forms.referral.guidance.data
        flash(
            _("The referral is kept, and the household stands on the waiting list.")
            if waits
            else _("The referral is kept with the case."),
            "success",
        )
        return redirect(url_for("CaseView.show_case", case_id=case_id))


def _linked_case() -> Case | None:
    given = request.args.get("dossier")
    if not given:
        return None
    try:
        return case_or_404(uuid.UUID(given))
    except ValueError:
        abort(404)


def _about(forms: WholeReferral, case: Case | None) -> Any:
    """The case's id, or the new case to open; None when somebody still has to choose between likely ones."""
    if case is not None:
        return case.id
    if forms.about.number.data:
        return service.case_numbered(forms.about.number.data)
    chosen = request.form.get("same", "")
    if chosen and chosen != NEW:
        try:
            return uuid.UUID(chosen)
        except ValueError:
            abort(400)
    new = forms.new_case(current().user_id)
    return None if chosen != NEW and service.likely(new) else new


def _new_page(forms: WholeReferral, case: Case | None, likely: Any = (), status: int = 200) -> ResponseReturnValue:
    page = render_template("referrals/new.html", forms=forms, case=case, likely=likely, NEW=NEW, words=words)
    return page, status


# ---------------------------------------------------------------- on the page of a case


def panel(case: Case) -> dict[str, Any] | None:
    """The place on the waiting list, with the way to begin; or the way onto it."""
    if case.state != CaseState.OPEN:
        return None
    found = waiting.place_of(case.id)
    return {"place": found[0] if found else None, "count": found[1] if found else 0, **_says(with_words=False)}


def timeline(case_id: uuid.UUID) -> Iterator[Entry]:
    """The referrals of a case, and its times on the waiting list."""
    for referral in service.referrals_of(case_id):
        service_name = words.label(Referrer, referral.referrer)
        informed = _("the household knows of it") if referral.informed else _("not known whether the household agrees")
        who = " · ".join(filter(None, [referral.referred_by, referral.contact, informed]))
        title = _("Referred by: %(service)s", service=service_name)
        day = day_to_utc(referral.received_on)
        yield Entry(day, title, who, hour_known=False, by=referral.by, note=referral.question)
    places = waiting.places_of(case_id)
    yield from _waiting_entries(places)
    own = {place.id for place in places}
    for overrule in waiting.overrules_about([*own]):
        if overrule.place_id in own:
            title = _("Taken from the waiting list out of order")
            where = _("place %(rank)d of %(count)d", rank=overrule.rank, count=overrule.waiting)
            yield Entry(
                overrule.at, title, where, by=overrule.by, note=overrule.reason, label=_("overruled"), kind="soon"
            )
        if overrule.first_place_id in own:
            # Not why: the reason tells of another household, and this one may read its own file.
            title = _("Passed on the waiting list: another household was taken first")
            links = ((_("the overrules"), url_for("WaitingView.overrules")),) if viewer.can("referrals.read") else ()
            yield Entry(overrule.at, title, by=overrule.by, links=links)


def _waiting_entries(places: Any) -> Iterator[Entry]:
    called = names(place.given_to for place in places)
    for place in places:
        kind = words.label(ProcedureKind, place.guidance)
        since = _("waits since %(day)s", day=wording.datum(place.since))
        yield Entry(place.placed_at, _("On the waiting list for: %(what)s", what=kind), since, by=place.placed_by)
        if place.left_at is None:
            continue
        if place.given_to is not None:
            title = _("Guidance began: %(name)s", name=called.get(place.given_to, ""))
            yield Entry(place.left_at, title, kind, by=place.left_by, kind="good")
        else:
            why = words.label(Leaving, place.leaving) if place.leaving else ""
            title = _("Off the waiting list: %(why)s", why=why)
            yield Entry(place.left_at, title, by=place.left_by, note=place.leaving_note or "")
