"""What the reporting point adds to the portal: its pages, its places in the navigation, its line in the timeline."""

import uuid
from collections.abc import Iterator

from flask import Flask, url_for
from flask_appbuilder import AppBuilder
from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import N_
from app.ui import navigation
from app.ui.formats import euro
from app.ui.navigation import NavItem, Section
from app.ui.viewer import viewer
from tenants.cases import words
from tenants.cases.codes import About
from tenants.cases.panels import Entry, register_timeline
from tenants.intake import dispatch, triage
from tenants.intake.codes import ReporterKind
from tenants.intake.inbox_views import DispatchView, ReportsView
from tenants.intake.public_views import FollowView
from tenants.intake.report_views import PointView


def register(app: Flask, appbuilder: AppBuilder) -> None:
    for view in (FollowView, PointView, DispatchView, ReportsView):
        appbuilder.add_view_no_menu(view)
    navigation.register(
        app, NavItem(Section.OWN, "/meldingen/", N_("Reports"), 40, permission="reports.read", badge=triage.new_count)
    )
    navigation.register(
        app,
        NavItem(
            Section.NETWORK,
            "/meldingen/netwerk/",
            N_("Dispatch reports"),
            order=15,
            permission="dispatch.read",
            badge=dispatch.waiting_count,
        ),
    )
    register_timeline(app, timeline, About.CONTACT)


def timeline(case_id: uuid.UUID) -> Iterator[Entry]:
    """The reports of a case. Who reported is not named here: the household may read its file."""
    for report, additions in triage.of_case(case_id):
        told = report.told
        reasons = ", ".join(_(reason.label) for reason in told.reasons)
        kind = words.label(ReporterKind, told.kind)
        months = ngettext("%(num)d month", "%(num)d months", told.months) if told.months is not None else ""
        tried = _("%(label)s: %(text)s", label=_("What was tried"), text=told.tried) if told.tried else ""
        page = ((_("the report"), url_for("ReportsView.triage", report_id=report.id)),)
        links = page if viewer.can("reports.read") else ()
        yield Entry(
            report.received_at,
            _("Report at the reporting point: %(reasons)s", reasons=reasons),
            " · ".join(filter(None, [kind, euro(told.arrears), months, told.since])),
            note="\n".join(filter(None, [told.explanation, tried])),
            links=links,
        )
        for each in additions:
            yield Entry(each.at, _("The reporter added something"), note=each.body, links=links)
