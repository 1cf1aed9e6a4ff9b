"""Sharing a case, on the side of the organisation that owns it: the panel, the form, the end, the timeline."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid
from collections.abc import Iterator, Sequence
from typing import Any

from flask import Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from app import tenancy
from app.i18n import N_
from app.security.guard import act
from app.ui import navigation
from app.ui.formats import datum, today
from app.ui.navigation import NavItem, Section
from app.ui.views import PortalView
from playbook.agreements.rules import SHORT, Part
from playbook.exchange.service import contacts
from tenants.cases.closing import Question, Watcher, register_watcher
from tenants.cases.codes import CaseState
from tenants.cases.editing import case_or_404
from tenants.cases.models import Case
from tenants.cases.panels import Entry, Panel, Slot, register_panel, register_readers, register_timeline
from tenants.cases.service import CaseError
from tenants.cases.words import label
from tenants.organisations.service import colleagues, names
from tenants.petitions.service import day_to_utc
from tenants.sharing import service, visiting
from tenants.sharing.codes import Consent, GrantState
from tenants.sharing.forms import EndForm, ShareForm
from tenants.sharing.guest_views import SharedCaseView
from tenants.sharing.service import NoSuchGrantError, SharedMeanwhileError, SharingError, Shown

KINDS = {GrantState.IN_FORCE: "good", GrantState.TO_COME: "acc"}


def register(app: Flask, appbuilder: Any) -> None:
    """Add the pages, the panel and the entries, and the way to what others share with us while there is something."""
    appbuilder.add_view_no_menu(SharingView)
    appbuilder.add_view_no_menu(SharedCaseView)
    register_panel(app, Panel(Slot.ASIDE, 20, "sharing/panel.html", panel))
    register_timeline(app, timeline)
    register_readers(app, guests_of)
    register_watcher(app, Watcher("sharing", closed=service.close_with_case, asks=at_closing))
    item = NavItem(
        Section.OWN, "/gedeeld/", N_("Shared with us"), order=25, permission="cases.read",
        badge=visiting.count_shared, only_with_badge=True,
    )  # fmt: skip
    navigation.register(app, item)


def panel(case: Case) -> dict[str, Any] | None:
    """Who guides along, and the way to ask a partner; hidden where neither is possible."""
    grants = service.grants_of(case.id)
    can_share = case.state == CaseState.OPEN and bool(service.choices())
    if not grants and not can_share:
        return None
    known = names([case.assigned_to, *(shown.grant.consent_by for shown in grants)])
    return {
        "open": [shown for shown in grants if shown.state in KINDS],
        "past": [shown for shown in grants if shown.state not in KINDS],
        "can_share": can_share,
        "names": known,
        "parts_in_words": parts_in_words,
        "kinds": KINDS,
        "consent": lambda value: label(Consent, value),
    }


def at_closing(case_id: uuid.UUID) -> Iterator[Question]:
    """With whom a case that is being closed is still shared, and what they still had to do: end it, or keep it?"""
    for shown in service.open_grants(case_id):
        partner, left = shown.partner.name, service.left_to(shown.partner.id, case_id)
        called = names(task.assigned_to for task in left)
        intro = _("%(partner)s sees this case still, and goes on seeing it unless you end it.", partner=partner)
        if left:
            todo = ngettext(
                "They still have %(num)d thing to do here. When you stop sharing, it passes to who carries the case:",
                "They still have %(num)d things to do here. When you stop sharing, these pass to who carries the case:",
                len(left),
            )
            intro = f"{intro} {todo}"
        yield Question(
            name=service.asked_as(shown.grant.id),
            title=_("Shared with %(partner)s", partner=partner),
            label=_("What about the sharing?"),
            choices=(
                ("end", _("Stop sharing now")),
                (service.KEEP, _("Keep sharing until the first follow-up, 3 months after the closing")),
            ),
            intro=intro,
            told=tuple(_left_line(task, called) for task in left),
        )


def _left_line(task: Any, called: dict[int, str]) -> str:
    """'Attest opvragen, tegen ma 30 nov (Pieter Vandewalle)'."""
    line = _("%(title)s, by %(day)s", title=task.title, day=datum(task.due_on))
    who = called.get(task.assigned_to, "")
    return f"{line} ({who})" if who else line


def guests_of(case_id: uuid.UUID) -> list[str]:
    """The partners that may see the case today."""
    return [each.partner.name for each in service.grants_of(case_id) if each.state is GrantState.IN_FORCE]


def parts_in_words(parts: Sequence[Part]) -> str:
    """'begeleiding, gezin'."""
    return ", ".join(_(SHORT[part]) for part in parts)


def timeline(case_id: uuid.UUID) -> Iterator[Entry]:
    """When a case was shared and when that ended."""
    if tenancy.current().partner_id is not None:
        return  # a guest has no sight of grants, its own or another's
    for shown in service.grants_of(case_id):
        grant = shown.grant
        title = _("Shared with %(partner)s", partner=shown.partner.name)
        yield Entry(grant.granted_at, title, parts_in_words(shown.parts), by=grant.granted_by)
        ended = _("No longer shared with %(partner)s", partner=shown.partner.name)
        if grant.ended_at is not None:
            yield Entry(grant.ended_at, ended, by=grant.ended_by, note=grant.end_reason or "")
        elif grant.ends_on is not None and grant.ends_on < today():
            yield Entry(day_to_utc(grant.ends_on), ended, _("its time was over"), hour_known=False)


class SharingView(PortalView):
    route_base = "/delen"
    class_permission_name = "cases"
    default_view = "share"

    @expose("/<uuid:case_id>/nieuw", methods=["GET", "POST"])
    @act("write")
    def share(self, case_id: uuid.UUID) -> ResponseReturnValue:
        case = case_or_404(case_id)
        choices = service.choices()
        form = ShareForm(choices=choices, people=colleagues(), data={"consent_by": tenancy.current().user_id})
        if request.method == "GET" or not choices:
            return _share_page(case, form, choices, 200 if request.method == "GET" else 422)
        if not form.validate():
            return _share_page(case, form, choices, 422)
        try:
            service.share(form.grant(case_id))
        except SharingError as error:
            for name, message in error.problems:
                form[name].errors = [*form[name].errors, _(message)]
        except CaseError as error:
            form.form_errors.append(_(error.message))
        except SharedMeanwhileError:
            form.form_errors.append(
                _("This case is shared with this partner already. End that first, then share it anew.")
            )
            return _share_page(case_or_404(case_id), form, service.choices(), 409)
        else:
            flash(_("The partner now sees the case under ‘Shared with us’."), "success")
            return redirect(url_for("CaseView.show_case", case_id=case_id))
        return _share_page(case_or_404(case_id), form, service.choices(), 422)

    @expose("/<uuid:grant_id>/beeindigen", methods=["GET", "POST"])
    @act("write")
    def end(self, grant_id: uuid.UUID) -> ResponseReturnValue:
        shown, form = _grant_or_404(grant_id), EndForm()
        back = url_for("CaseView.show_case", case_id=shown.grant.case_id)
        if request.method == "POST" and form.validate():
            try:
                service.end(grant_id, form.reason.data)
            except SharedMeanwhileError:
                flash(_("It was ended already."), "warning")
            else:
                flash(
                    _("Ended: %(partner)s sees nothing of this case any more.", partner=shown.partner.name), "success"
                )
            return redirect(back)
        case = case_or_404(shown.grant.case_id)
        page = render_template("sharing/end.html", form=form, shown=shown, case=case, back=back)
        return page, 422 if request.method == "POST" else 200


def _share_page(case: Case, form: ShareForm, choices: list[Any], status: int) -> ResponseReturnValue:
    partners = {choice.partner.id: choice.partner.name for choice in choices}
    known = [each for each in contacts() if each.organisation_id in partners] if choices else []
    page = render_template("sharing/share.html", case=case, form=form, choices=choices, contacts=known)
    return page, status


def _grant_or_404(grant_id: uuid.UUID) -> Shown:
    try:
        return service.find(grant_id)
    except NoSuchGrantError:
        abort(404)
