"""The pages of documents, and their place in the portal and on the page of a case."""

import uuid
from collections.abc import Iterator
from typing import Any

from flask import Flask, url_for
from flask_appbuilder import AppBuilder
from flask_babel import gettext as _

from app.i18n import N_
from app.ui import navigation
from app.ui.navigation import NavItem, Section
from tenants.cases.codes import About
from tenants.cases.models import Case
from tenants.cases.panels import Action, Entry, Panel, Slot, register_action, register_panel, register_timeline
from tenants.letters import service
from tenants.letters.document_views import DocumentView
from tenants.letters.drafts import from_json
from tenants.letters.fund_views import FundAmountView
from tenants.letters.letterhead_views import LetterheadView
from tenants.letters.rules import AgreementKind
from tenants.letters.words import filled_in_at, money_agreed, named, told


def register(app: Flask, appbuilder: AppBuilder) -> None:
    """Add the pages, the letterhead's place in the navigation, and the panel, button and entries of a case."""
    for view in (DocumentView, LetterheadView, FundAmountView):
        appbuilder.add_view_no_menu(view())
    navigation.register(
        app,
        NavItem(Section.ORGANISATION, "/briefhoofd/", N_("Letterhead"), order=40, permission="organisation.write"),
    )
    navigation.register(
        app,
        NavItem(Section.ORGANISATION, "/bedragen/", N_("Amounts of the fund"), order=45, permission="platform.write"),
    )
    register_panel(app, Panel(Slot.ASIDE, 40, "letters/panel.html", _panel, right="documents.read"))
    register_action(app, Action(30, N_("Make an agreement"), _make_address, right="documents.write"))
    register_timeline(app, _entries, About.DOCUMENT)
    app.add_template_filter(named, "named_missing")
    app.add_template_filter(told, "told_remark")
    app.add_template_global(filled_in_at)
    app.add_template_global(AgreementKind, "agreement_kinds")


def _panel(case: Case) -> dict[str, Any]:
    return {"documents": service.documents_of(case.id)}


def _make_address(case: Case) -> str:
    return url_for("DocumentView.documents", case_id=case.id)


def _entries(case_id: uuid.UUID) -> Iterator[Entry]:
    """A document in the timeline: when it became final."""
    for document in service.documents_of(case_id):
        if document.finalised_at is not None:
            address = url_for("DocumentView.show", case_id=case_id, document_id=document.id)
            state = _("Signed copy kept") if document.signed_attachment_id else _("Final, not signed yet")
            # Who visits the case as a guest reads that there is an agreement, not what it comes to.
            money = money_agreed(from_json(document.agreement.terms)) if document.agreement else []
            yield Entry(
                at=document.finalised_at,
                title=_(AgreementKind(document.kind).label),
                detail=" · ".join([state, *money]),
                by=document.finalised_by,
                links=((_("Open the agreement"), address),),
                also=About.MONEY if money else None,
            )
