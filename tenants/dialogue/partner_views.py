"""With whom there is a dialogue: the list, a partner's page, whom to call, the yearly talk."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid

from babel.dates import get_day_names
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import get_locale
from flask_babel import gettext as _

from app.security.guard import act
from app.ui.formats import datum_lang, today
from app.ui.views import PortalView
from tenants.cases import words as case_words
from tenants.cases.editing import version_given
from tenants.cases.fields import one_line
from tenants.dialogue import agreements, cantons, rules, service
from tenants.dialogue.codes import AgreementState, ContactRole, PartnerKind
from tenants.dialogue.errors import ChangedError, DialogueError, NotFoundError
from tenants.dialogue.forms import PartnerContactForm, PartnerForm, TalkForm
from tenants.dialogue.models import Partner
from tenants.organisations.service import names, organisation_names

# The two lists as their addresses name them.
KINDS = {"": PartnerKind.COURT, "verhuurders": PartnerKind.LANDLORD}


def partner_or_404(partner_id: uuid.UUID) -> Partner:
    """The partner of this address; another organisation's is not there."""
    try:
        return service.find(partner_id)
    except NotFoundError:
        abort(404)


def refused(form, error: DialogueError) -> int:
    """Put the refusal on the form; the status that goes with it."""
    form.form_errors.append(_(error.message))
    return 409 if isinstance(error, ChangedError) else 422


class DialogueView(PortalView):
    route_base = "/overleg"
    class_permission_name = "dialogue"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """Courts, or with `soort=verhuurders` the social landlords; `q` searches in names, places and agreements."""
        chosen = request.args.get("soort", "")
        kind = KINDS.get(chosen, PartnerKind.COURT)
        query = one_line(request.args.get("q", ""))[:100]
        page = min(max(request.args.get("pagina", 1, type=int), 1), 10_000)
        found, count = service.partners(kind, query, page)
        is_court = kind is PartnerKind.COURT
        known = cantons.known() if is_court else ()
        return render_template(
            "dialogue/index.html",
            is_court=is_court,
            partners=found,
            count=count,
            files=service.files_of(found),
            stage=case_words.stage_label,
            query=query,
            page=page,
            page_size=service.PAGE,
            href=lambda n: url_for(".index", soort=chosen or None, q=query or None, pagina=n),
            covered={p.id: rules.municipalities_of(p.canton or "", today(), known) for p in found},
            to_ask=cantons.to_ask() if is_court else [],
            new_cantons=service.own_cantons() if is_court else [],
            new_landlords=[] if is_court else service.other_landlords(),
        )

    @expose("/nieuw/", methods=["GET", "POST"])
    @act("write")
    def add(self) -> ResponseReturnValue:
        """A new partner. `kanton` or `verhuurder` fills in what is known already."""
        kind = KINDS.get(request.args.get("soort", ""), PartnerKind.COURT)
        known = {str(key): name for key, name in service.social_landlords()}
        canton, landlord = request.args.get("kanton", ""), request.args.get("verhuurder", "")
        likely = {"canton": canton, "name": canton} if canton in rules.cantons() else {}
        if landlord in known:
            likely = {"landlord": landlord, "name": known[landlord]}
        form = PartnerForm(kind=kind, landlords=known.items(), data=likely)
        status = 200
        if request.method == "POST":
            status = 422
            if form.validate():
                try:
                    partner_id = service.save_partner(None, form.values())
                except DialogueError as error:
                    status = refused(form, error)
                else:
                    flash(_("Added."), "success")
                    return redirect(url_for("DialogueView.partner", partner_id=partner_id))
        return render_template("dialogue/partner_edit.html", form=form, partner=None, kind=kind), status

    @expose("/<uuid:partner_id>/", methods=["GET"])
    @act("read")
    def partner(self, partner_id: uuid.UUID) -> ResponseReturnValue:
        return self._page(partner_or_404(partner_id))

    def _page(self, partner: Partner, wrong: str | None = None, status: int = 200) -> ResponseReturnValue:
        held = agreements.meetings_of(partner.id)
        page = render_template(
            "dialogue/partner.html",
            partner=partner,
            is_court=partner.kind == PartnerKind.COURT,
            contacts=service.contacts_of(partner.id),
            role=lambda value: case_words.label(ContactRole, value),
            agreements=agreements.agreements_of(partner.id),
            in_force=AgreementState.IN_FORCE,
            meetings=held,
            by=names([each.meeting.by for each in held]),
            files=service.files_of([partner])[partner.id],
            stage=case_words.stage_label,
            **municipalities_card(partner.canton),
            session=rules.sessions().get(partner.canton or ""),
            weekdays=get_day_names("wide", locale=get_locale()),
            wrong=wrong,
        )
        return page, status

    @expose("/<uuid:partner_id>/bewerken", methods=["GET", "POST"])
    @act("write")
    def edit(self, partner_id: uuid.UUID) -> ResponseReturnValue:
        partner = partner_or_404(partner_id)
        kind = PartnerKind(partner.kind)
        stored = {"name": partner.name, "note": partner.note, "canton": partner.canton or "",
                  "landlord": str(partner.landlord_id or "")}  # fmt: skip
        form, status = PartnerForm(kind=kind, landlords=service.social_landlords(), data=stored), 200
        if request.method == "POST":
            version, status = version_given(), 422
            if form.validate():
                try:
                    service.save_partner(partner_id, form.values(), version)
                except DialogueError as error:
                    status = refused(form, error)
                else:
                    flash(_("Saved."), "success")
                    return redirect(url_for("DialogueView.partner", partner_id=partner_id))
        now = partner_or_404(partner_id)
        return render_template("dialogue/partner_edit.html", form=form, partner=now, kind=kind), status

    @expose("/<uuid:partner_id>/gesprek", methods=["POST"])
    @act("write")
    def plan_talk(self, partner_id: uuid.UUID) -> ResponseReturnValue:
        """When the next yearly talk is due; empty: none is planned."""
        partner = partner_or_404(partner_id)
        form = TalkForm()
        if not form.validate():
            return self._page(partner, str(form.due_on.errors[0]), 422)
        try:
            service.plan_talk(partner_id, form.due_on.data, talk_title(partner))
        except DialogueError as error:
            return self._page(partner_or_404(partner_id), _(error.message), 422)
        if form.due_on.data:
            flash(_("The yearly talk stands in Today, on %(day)s.", day=datum_lang(form.due_on.data)), "success")
        else:
            flash(_("No yearly talk is planned any more."), "success")
        return redirect(url_for("DialogueView.partner", partner_id=partner_id))

    @expose("/<uuid:partner_id>/contact/", methods=["GET", "POST"])
    @act("write")
    def add_contact(self, partner_id: uuid.UUID) -> ResponseReturnValue:
        return _contact_page(partner_or_404(partner_id), None)

    @expose("/contact/<uuid:contact_id>/", methods=["GET", "POST"])
    @act("write")
    def contact(self, contact_id: uuid.UUID) -> ResponseReturnValue:
        try:
            row = service.find_contact(contact_id)
        except NotFoundError:
            abort(404)
        return _contact_page(partner_or_404(row.partner_id), row)

    @expose("/contact/<uuid:contact_id>/verwijderen", methods=["POST"])
    @act("write")
    def remove_contact(self, contact_id: uuid.UUID) -> ResponseReturnValue:
        try:
            partner_id = service.remove_contact(contact_id)
        except NotFoundError:
            abort(404)
        flash(_("Deleted."), "success")
        return redirect(url_for("DialogueView.partner", partner_id=partner_id))


def municipalities_card(canton: str | None) -> dict:
    """What the card of a canton's municipalities shows: all that is told, by whom, and what contradicts it."""
    known, day = cantons.known() if canton else (), today()
    told = rules.told_of(canton or "", day, known)
    stated = {row.id: row for row in cantons.statements(canton)} if canton else {}
    return {
        "municipalities": told,
        "stated": stated,
        "stated_by": names([row.stated_by for row in stated.values()]),
        "organisations": organisation_names({row.organisation_id for row in stated.values()}),
        "doubly": {each.nis: rules.doubly_covered(each, day, known) for each in told},
    }


def talk_title(partner: Partner) -> str:
    """How the yearly talk is called in Today."""
    return _("Yearly talk with %(name)s", name=partner.name)


def _contact_page(partner: Partner, row) -> ResponseReturnValue:
    fields = ("name", "role", "phone", "email", "note")
    form = PartnerContactForm(data={name: getattr(row, name) for name in fields} if row else None)
    if request.method == "POST" and form.validate():
        service.save_contact(partner.id, row.id if row else None, form.values())
        flash(_("Saved."), "success")
        return redirect(url_for("DialogueView.partner", partner_id=partner.id))
    page = render_template("dialogue/contact.html", form=form, partner=partner, contact=row)
    return page, 422 if request.method == "POST" else 200
