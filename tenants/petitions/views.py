"""Pages of the procedure: the petitions, and what came in about one of them."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid
from typing import Any

from flask import Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from app.database import db
from app.i18n import N_
from app.security.guard import act
from app.ui import navigation
from app.ui.navigation import NavItem, Section
from app.ui.views import PortalView
from tenants.caseload.wording import people_with_load, taken_sentences
from tenants.cases import words
from tenants.cases.assigning import AssignedMeanwhileError, Seen, assign_seen
from tenants.cases.codes import JudgmentKind
from tenants.cases.filters import CaseFilter, Shown
from tenants.cases.listing import list_cases
from tenants.cases.service import CaseError, NoSuchCaseError
from tenants.organisations.service import names
from tenants.petitions import case_page, changes, lists, seen
from tenants.petitions.course import eviction_of, judgments_of
from tenants.petitions.editing import Stands, answer, mark_given, row_or_404
from tenants.petitions.forms import EvictionForm, HearingForm, JudgmentForm, NewPetitionForm, PetitionForm
from tenants.petitions.hearings import set_hearing
from tenants.petitions.models import Judgment, Petition


def register(app: Flask, appbuilder: Any) -> None:
    """Add the pages, their places in the navigation, and the procedure to the page of a case."""
    appbuilder.add_view_no_menu(PetitionView)
    item = NavItem(Section.OWN, "/verzoekschriften/", N_("Petitions"), order=30, permission="petitions.read")
    navigation.register(app, item)
    case_page.register(app)


class PetitionView(PortalView):
    """The register of petitions, and the forms for what a case's procedure brings."""

    route_base = "/verzoekschriften"
    class_permission_name = "petitions"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        wanted = lists.PetitionFilter.read(request.args)
        found = lists.list_petitions(wanted, request.args.get("page", 1, type=int))
        return render_template(
            "petitions/index.html",
            found=found,
            wanted=wanted,
            courts=[(court, court) for court in lists.courts()],
            periods=[(value, _(label)) for value, label in lists.Period.choices()],
            which=[(value, _(label)) for value, label in lists.Which.choices()],
            words=words,
            names=names(row.assigned_to for row in found.rows),
            page_size=lists.PAGE_SIZE,
            page_href=lambda page: url_for("PetitionView.index", page=page, **wanted.query()),
        )

    @expose("/nieuw/", methods=["GET", "POST"])
    @act("write")
    def choose(self) -> ResponseReturnValue:
        """A petition belongs to a case: search for it (by POST: a name has no place in an address), or open one."""
        query = " ".join(request.form.get("q", "").split())[:100]
        found = list_cases(CaseFilter(q=query, state=Shown.ALL)).rows[:10] if query else []
        return render_template("petitions/choose.html", query=query, found=found)

    @expose("/verdelen/", methods=["GET", "POST"])
    @act("write")
    def distribute(self) -> ResponseReturnValue:
        """Give the new cases to colleagues."""
        return _distribute() if request.method == "POST" else _distribute_page()

    @expose("/dossier/<uuid:case_id>/nieuw", methods=["GET", "POST"])
    @act("write")
    def add(self, case_id: uuid.UUID) -> ResponseReturnValue:
        form = NewPetitionForm()

        def save() -> None:
            hearing_at, hour_known = form.hearing()
            changes.add_petition(case_id, form.details(), hearing_at, hour_known=hour_known)

        return answer("petitions/petition.html", case_id, form, save, _("The petition is added."), new=True)

    @expose("/<uuid:petition_id>/", methods=["GET", "POST"])
    @act("write")
    def edit(self, petition_id: uuid.UUID) -> ResponseReturnValue:
        petition = row_or_404(Petition, petition_id)
        form = PetitionForm(obj=petition)
        return answer(
            "petitions/petition.html",
            petition.case_id,
            form,
            lambda: changes.change_petition(petition_id, form.details(), mark_given()),
            _("Saved."),
            stands=lambda: Stands(
                seen.of_petition(petition), {name: getattr(petition, name, None) for name in form.data}, petition
            ),
            petition=petition,
        )

    @expose("/<uuid:petition_id>/zitting", methods=["GET", "POST"])
    @act("write")
    def add_hearing(self, petition_id: uuid.UUID) -> ResponseReturnValue:
        petition = row_or_404(Petition, petition_id)
        form = HearingForm()

        def save() -> None:
            at, hour_known = form.hearing()
            set_hearing(petition_id, at, hour_known=hour_known)

        message = _("The hearing is set.")
        return answer("petitions/hearing.html", petition.case_id, form, save, message, petition=petition)

    @expose("/<uuid:petition_id>/vonnis", methods=["GET", "POST"])
    @act("write")
    def add_judgment(self, petition_id: uuid.UUID) -> ResponseReturnValue:
        petition = row_or_404(Petition, petition_id)
        return _judgment(petition, None)

    @expose("/vonnis/<uuid:judgment_id>/", methods=["GET", "POST"])
    @act("write")
    def edit_judgment(self, judgment_id: uuid.UUID) -> ResponseReturnValue:
        judgment = row_or_404(Judgment, judgment_id)
        return _judgment(row_or_404(Petition, judgment.petition_id), judgment)

    @expose("/<uuid:petition_id>/uitdrijving", methods=["GET", "POST"])
    @act("write")
    def eviction(self, petition_id: uuid.UUID) -> ResponseReturnValue:
        petition = row_or_404(Petition, petition_id)
        form = EvictionForm(obj=eviction_of(db.session(), petition_id))

        def save() -> None:
            days = (form.notice_on.data, form.planned_on.data, form.carried_out_on.data)
            changes.save_eviction(petition_id, *days, before=mark_given())

        def stands() -> Stands:
            row = eviction_of(db.session(), petition_id)
            return Stands(seen.of_eviction(row), {name: getattr(row, name, None) for name in form.data}, row)

        template = "petitions/eviction.html"
        return answer(template, petition.case_id, form, save, _("Saved."), stands=stands, petition=petition)


def _judgment(petition: Petition, judgment: Judgment | None) -> ResponseReturnValue:
    known = {"judgment_served_on": judgment.served_on} if judgment else {}
    form = JudgmentForm(obj=judgment, data=known)

    def save() -> None:
        changes.save_judgment(
            petition.id,
            JudgmentKind(form.kind.data),
            form.pronounced_on.data,
            form.judgment_served_on.data,
            form.terms.data or None,
            judgment_id=judgment.id if judgment else None,
            before=mark_given(),
        )

    def stands() -> Stands:
        there = judgment or next(iter(judgments_of(db.session(), petition.id)), None)
        mark = seen.of_judgment(judgment) if judgment else seen.of_judgments(db.session(), petition.id)
        values = {name: getattr(there, name, None) for name in ("kind", "pronounced_on", "terms")}
        return Stands(mark, values | {"judgment_served_on": there.served_on if there else None}, there)

    given = {"petition": petition, "judgment": judgment}
    return answer("petitions/judgment.html", petition.case_id, form, save, _("Saved."), stands=stands, **given)


def _distribute_page(wrong: str | None = None, status: int = 200) -> ResponseReturnValue:
    found = lists.unassigned(min(max(request.args.get("page", 1, type=int), 1), 10_000))
    page = render_template(
        "petitions/distribute.html",
        found=found,
        people=people_with_load(),
        size=lists.TO_GIVE,
        page_href=lambda number: url_for("PetitionView.distribute", page=number),
        wrong=wrong,
        words=words,
        kept=set(request.form.getlist("case")),
        chosen=request.form.get("user", ""),
    )
    return page, status


def _distribute() -> ResponseReturnValue:
    user = request.form.get("user", type=int)
    try:
        chosen = [uuid.UUID(value) for value in dict.fromkeys(request.form.getlist("case"))]
    except ValueError:
        abort(400)
    if not chosen:
        return _distribute_page(_("Tick at least one case."), 422)
    if user is None:
        return _distribute_page(_("Choose who gets these cases."), 422)
    try:
        assign_seen([Seen(case_id, None) for case_id in chosen], user)
    except AssignedMeanwhileError as error:
        sorry = _("A colleague was first, so nothing is given yet. What is left stays ticked: give once more.")
        return _distribute_page(" ".join([sorry, *taken_sentences(error)]), 409)
    except CaseError as error:
        return _distribute_page(_(error.message, **error.params), 422)
    except NoSuchCaseError:
        abort(404)
    name = names([user]).get(user, "")
    flash(
        ngettext("%(num)d case is now %(name)s's.", "%(num)d cases are now %(name)s's.", len(chosen), name=name),
        "success",
    )
    return redirect(url_for("PetitionView.distribute"))
