"""The shelter's register: people and their nights, the consent for a link to a case, the residential places."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.audit.service import record_read
from app.database import transaction
from app.security.guard import act
from app.ui.views import PortalView
from tenants.cases import words as case_words
from tenants.cases.editing import version_given
from tenants.cases.rules import InvalidInszError
from tenants.shelter import consent, guests, residence, service
from tenants.shelter.codes import ResidenceKind
from tenants.shelter.errors import ConflictError, KnownAlreadyError, NotFoundError, ShelterError
from tenants.shelter.forms import ConsentForm, GuestForm, MoveInForm, MoveOutForm
from tenants.shelter.models import Guest


def guest_or_404(guest_id: uuid.UUID) -> Guest:
    """The person of this address; another organisation's is not there."""
    try:
        return guests.find(guest_id)
    except NotFoundError:
        abort(404)


class ShelterGuestView(PortalView):
    route_base = "/nachtopvang/mensen"
    class_permission_name = "shelter"

    @expose("/", methods=["GET", "POST"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """The register by name. A POST with `q` searches: a name must not get into an address."""
        query = request.form.get("q", "").strip()[:100] if request.method == "POST" else ""
        page = min(max(request.args.get("pagina", 1, type=int), 1), 10_000)
        wrong = False
        try:
            people, count = (guests.search(query), 0) if query else guests.page_of_all(page)
        except InvalidInszError:
            people, count, wrong = [], 0, True
        html = render_template(
            "shelter/people.html",
            people=people,
            count=count,
            page=page,
            page_size=guests.PAGE,
            href=lambda n: url_for(".index", pagina=n),
            query=query,
            wrong=wrong,
        )
        return html, 422 if wrong else 200

    @expose("/<uuid:guest_id>/", methods=["GET"])
    @act("read")
    def guest(self, guest_id: uuid.UUID) -> ResponseReturnValue:
        guest = guest_or_404(guest_id)
        with transaction():
            record_read("shelter_guest", guest.id, None, "shelter work")
        return self._page(guest)

    def _page(self, guest: Guest, move_in=None, status: int = 200) -> ResponseReturnValue:
        history = residence.history_of(guest.id)
        page = render_template(
            "shelter/guest.html",
            guest=guest,
            listed=guests.listed([guest.id])[0],
            nights=service.nights_of(guest.id),
            asked=consent.asked_of(guest.id),
            residences=history,
            living=next((each for each in history if each.until is None), None),
            kind=lambda value: case_words.label(ResidenceKind, value),
            move_in=move_in or MoveInForm(formdata=None),
            move_out=MoveOutForm(formdata=None),
            has_places=any(each.number for each in residence.overview()),
        )
        return page, status

    @expose("/<uuid:guest_id>/bewerken", methods=["GET", "POST"])
    @act("write")
    def edit(self, guest_id: uuid.UUID) -> ResponseReturnValue:
        guest = guest_or_404(guest_id)
        fields = ("last_name", "first_name", "birth_date", "insz", "note")
        form = GuestForm(data={name: getattr(guest, name) for name in fields})
        status, known = 200, []
        if request.method == "POST":
            status = 422
            version = version_given()
            if form.validate():
                try:
                    guests.change(guest_id, form.values(), version)
                except ConflictError as error:
                    form.form_errors.append(_(error.message, **error.params))
                    status = 409
                except KnownAlreadyError as error:
                    known, status = error.guests, 409
                    form.insz.errors = [_("Somebody else in the register has this number. It is the same person.")]
                else:
                    flash(_("Saved."), "success")
                    return redirect(url_for("ShelterGuestView.guest", guest_id=guest_id))
        now = guest_or_404(guest_id)
        return render_template("shelter/edit.html", guest=now, form=form, known=known), status

    @expose("/<uuid:guest_id>/dossier", methods=["GET", "POST"])
    @act("write")
    def consent(self, guest_id: uuid.UUID) -> ResponseReturnValue:
        """Ask for consent, then link the case of the eviction. Cases are looked for once it is given, not before."""
        guest = guest_or_404(guest_id)
        form, likely, looked = ConsentForm(), [], False
        status = 422 if request.method == "POST" else 200
        if request.method == "POST" and form.validate():
            chosen = request.form.get("case_id", "")
            if not chosen and not form.number.data:
                likely, looked, status = consent.likely_cases(guest_id), True, 200
            else:
                try:
                    case_id = uuid.UUID(chosen) if chosen else consent.case_numbered(form.number.data)
                    consent.link(guest_id, case_id, form.asked_on.data)
                except (NotFoundError, ValueError):
                    abort(404)
                except ShelterError as error:
                    status = 409 if isinstance(error, ConflictError) else 422
                    form.form_errors.append(_(error.message, **error.params))
                else:
                    flash(_("Linked, with the consent of %(name)s.", name=guest.name), "success")
                    return redirect(url_for("ShelterGuestView.guest", guest_id=guest_id))
        page = render_template("shelter/consent.html", guest=guest, form=form, likely=likely, looked=looked)
        return page, status

    @expose("/dossier/<uuid:link_id>/intrekken", methods=["POST"])
    @act("write")
    def withdraw(self, link_id: uuid.UUID) -> ResponseReturnValue:
        try:
            guest_id = consent.withdraw(link_id)
        except NotFoundError:
            abort(404)
        flash(_("The consent is withdrawn, and the link to the case is gone."), "success")
        return redirect(url_for("ShelterGuestView.guest", guest_id=guest_id))

    @expose("/<uuid:guest_id>/plaats", methods=["POST"])
    @act("write")
    def move_in(self, guest_id: uuid.UUID) -> ResponseReturnValue:
        guest = guest_or_404(guest_id)
        form = MoveInForm()
        if not form.validate():
            return self._page(guest, form, 422)
        try:
            place = residence.move_in(guest_id, ResidenceKind(form.kind.data), form.since.data)
        except ShelterError as error:
            form.form_errors.append(_(error.message, **error.params))
            return self._page(guest_or_404(guest_id), form, 409 if isinstance(error, ConflictError) else 422)
        flash(_("%(name)s has place %(place)d.", name=guest.name, place=place), "success")
        return redirect(url_for("ShelterResidenceView.index"))


class ShelterResidenceView(PortalView):
    route_base = "/nachtopvang/residentieel"
    class_permission_name = "shelter"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """Who lives in Housing First and in the group shelter."""
        return self._page()

    def _page(self, wrong: str | None = None, status: int = 200) -> ResponseReturnValue:
        page = render_template(
            "shelter/residences.html", places=residence.overview(), form=MoveOutForm(formdata=None), wrong=wrong
        )
        return page, status

    @expose("/<uuid:residence_id>/einde", methods=["POST"])
    @act("write")
    def move_out(self, residence_id: uuid.UUID) -> ResponseReturnValue:
        form = MoveOutForm()
        try:
            residence.find(residence_id)
            if form.validate():
                residence.move_out(residence_id, form.until.data)
        except NotFoundError:
            abort(404)
        except ShelterError as error:
            return self._page(_(error.message, **error.params), 422)
        if form.errors:
            return self._page(str(form.until.errors[0]), 422)
        flash(_("The place is free again."), "success")
        return redirect(url_for("ShelterResidenceView.index"))
