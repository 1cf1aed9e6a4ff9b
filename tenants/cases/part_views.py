"""Changing the parts of a case: persons, household, dwelling, reasons, and the landlord's own data."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.audit.service import record_read
from app.database import transaction
from app.security.guard import act
from app.ui.views import PortalView
from tenants.cases import service, words
from tenants.cases.codes import PersonRole
from tenants.cases.editing import Several, answer_refusal, case_or_404, version_given
from tenants.cases.forms import (
    DwellingForm,
    GroundsForm,
    HouseholdForm,
    LandlordDetailsForm,
    LandlordForm,
    PersonForm,
)
from tenants.cases.models import Case, Household, Person


class CasePartView(PortalView):
    route_base = "/dossiers"
    class_permission_name = "cases"
    default_view = "household"

    @expose("/<uuid:case_id>/gezin", methods=["GET", "POST"])
    @act("write")
    def household(self, case_id: uuid.UUID) -> ResponseReturnValue:
        case = case_or_404(case_id)

        def stored() -> dict[str, Any]:
            row = case.household or Household(composition="unknown")
            return {name: getattr(row, name) for name in ("composition", "children", "net_income", "language")}

        form = HouseholdForm(data=stored())
        return edit(
            case,
            _("Household"),
            [form],
            stored,
            lambda version: service.save_household(case_id, form.values(), version),
        )

    @expose("/<uuid:case_id>/woning", methods=["GET", "POST"])
    @act("write")
    def dwelling(self, case_id: uuid.UUID) -> ResponseReturnValue:
        case = case_or_404(case_id)

        def stored() -> dict[str, Any]:
            row = case.dwelling
            names = ("street", "house_number", "box", "postcode", "municipality", "rent", "lease_start")
            values = {name: getattr(row, name) for name in names} if row else {}
            landlord = row.landlord if row else None
            owner = {"landlord_name": landlord.name, "landlord_kind": landlord.kind} if landlord else {}
            return values | owner

        form, owner = DwellingForm(data=stored()), LandlordForm(data=stored())
        return edit(
            case,
            _("Dwelling and landlord"),
            [form, owner],
            stored,
            lambda version: service.save_dwelling(case_id, form.values(), owner.values(), version),
            landlords=service.landlord_names(),
        )

    @expose("/<uuid:case_id>/aanleiding", methods=["GET", "POST"])
    @act("write")
    def grounds(self, case_id: uuid.UUID) -> ResponseReturnValue:
        case = case_or_404(case_id)

        def stored() -> dict[str, Any]:
            names = ("source", "opened_on", "reason", "market", "other_reasons")
            return {name: getattr(case, name) for name in names}

        form = GroundsForm(data=stored())
        return edit(
            case,
            _("Why there is a case"),
            [form],
            stored,
            lambda version: service.save_grounds(case_id, form.values(), version),
        )

    @expose("/<uuid:case_id>/personen/nieuw", methods=["GET", "POST"])
    @act("write")
    def add_person(self, case_id: uuid.UUID) -> ResponseReturnValue:
        case = case_or_404(case_id)
        form = PersonForm(data={"role": PersonRole.OTHER})
        return self._person_page(case, None, form, _("Add a person"), dict)

    @expose("/<uuid:case_id>/personen/<uuid:person_id>", methods=["GET", "POST"])
    @act("write")
    def person(self, case_id: uuid.UUID, person_id: uuid.UUID) -> ResponseReturnValue:
        case = case_or_404(case_id)
        person = _person_or_404(case, person_id)
        form = PersonForm(data=_person_data(person))
        return self._person_page(case, person, form, words.full_name(person), lambda: _person_data(person))

    def _person_page(
        self, case: Case, person: Person | None, form: PersonForm, title: str, stored: Callable[[], dict[str, Any]]
    ) -> ResponseReturnValue:
        """Add or change a person; a national number that stands in another case is told once, as a question."""
        known = []
        if request.method == "POST" and form.validate() and form.insz.digits and "known" not in request.form:
            is_new = person is None or person.insz != form.insz.digits
            known = service.known_elsewhere([form.insz.digits], except_case=case.id) if is_new else []
        return edit(
            case,
            title,
            [form],
            stored,
            lambda version: service.save_person(case.id, person.id if person else None, form.values(), version),
            known=known,
            person=person,
            removable=person is not None and len(case.persons) > 1,
        )

    @expose("/<uuid:case_id>/personen/<uuid:person_id>/verwijderen", methods=["POST"])
    @act("write")
    def remove_person(self, case_id: uuid.UUID, person_id: uuid.UUID) -> ResponseReturnValue:
        case = case_or_404(case_id)
        _person_or_404(case, person_id)
        try:
            service.remove_person(case_id, person_id, version_given())
        except service.ChangedMeanwhileError:
            flash(
                _("A colleague changed this case in the meantime. Look again, and remove the person then."), "warning"
            )
        except service.CaseError as error:
            flash(_(error.message), "danger")
        else:
            flash(_("The person is no longer in this case."), "success")
        return redirect(url_for("CaseView.show_case", case_id=case_id))


class LandlordView(PortalView):
    route_base = "/verhuurders"
    class_permission_name = "cases"
    default_view = "landlord"

    @expose("/<uuid:landlord_id>/", methods=["GET", "POST"])
    @act("write")
    def landlord(self, landlord_id: uuid.UUID) -> ResponseReturnValue:
        """A landlord's own data, which hold for all its cases."""
        try:
            row = service.find_landlord(landlord_id)
        except service.NoSuchCaseError:
            abort(404)

        def stored() -> dict[str, Any]:
            names = ("name", "kind", "enterprise_number", "contact_name", "address", "phone", "email", "iban")
            return {name: getattr(row, name) for name in names}

        form = LandlordDetailsForm(data=stored())
        whole = Several([form])

        def page(status: int = 200, **shown: Any) -> ResponseReturnValue:
            cases = service.cases_of_landlord(landlord_id)
            return render_template(
                "cases/landlord.html", landlord=row, form=form, whole=whole, cases=cases, **shown
            ), status

        if request.method == "GET":
            with transaction():
                record_read("landlord", row.id, None, "case work")
            return page()
        if not form.validate():
            return page(422)
        try:
            service.save_landlord(landlord_id, form.values(), version_given())
        except service.CaseError as error:
            return answer_refusal(error, whole, stored(), page)
        flash(_("Saved."), "success")
        return redirect(url_for("LandlordView.landlord", landlord_id=landlord_id))


def _person_or_404(case: Case, person_id: uuid.UUID) -> Person:
    person = next((p for p in case.persons if p.id == person_id), None)
    return person or abort(404)


def _person_data(person: Person) -> dict[str, Any]:
    names = ("last_name", "first_name", "role", "insz", "birth_date", "phone", "email")
    return {name: getattr(person, name) for name in names}


def edit(
    case: Case,
    title: str,
    forms: list[Any],
    stored: Callable[[], dict[str, Any]],
    save: Callable[[int], object],
    **shown: Any,
) -> ResponseReturnValue:
    """The page that changes a part of a case: the form, its errors all at once, a conflict, or done.

    stored() gives the values as they are now; save(version) stores what the forms say.
    """
    whole = Several(forms)

    def page(status: int = 200, **more: Any) -> ResponseReturnValue:
        given = {"known": (), "person": None, "landlords": (), "removable": False, **shown, **more}
        return render_template(
            "cases/edit.html", case=case, words=words, title=title, forms=forms, whole=whole, **given
        ), status

    if request.method == "GET":
        with transaction():
            record_read("case_file", case.id, case.id, "case work")
        return page()
    verdicts = [form.validate() for form in forms]
    if not all(verdicts) or shown.get("known"):
        return page(422)
    try:
        save(version_given())
    except service.CaseError as error:
        return answer_refusal(error, whole, stored(), page)
    flash(_("Saved."), "success")
    return redirect(url_for("CaseView.show_case", case_id=case.id))
