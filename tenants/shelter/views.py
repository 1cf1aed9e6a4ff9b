"""What the shelter adds to the portal: its pages, its place in the navigation, a line in the timeline of a case."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, time

from flask import Flask, url_for
from flask_appbuilder import AppBuilder
from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import N_
from app.ui import navigation
from app.ui.formats import datum_kort
from app.ui.navigation import NavItem, Section
from app.ui.viewer import viewer
from tenants.cases.codes import About
from tenants.cases.panels import Entry, register_timeline
from tenants.shelter import consent
from tenants.shelter.guest_views import ShelterGuestView, ShelterResidenceView
from tenants.shelter.house_views import ShelterFiguresView, ShelterSettingsView
from tenants.shelter.night_views import ShelterView


def register(app: Flask, appbuilder: AppBuilder) -> None:
    for view in (ShelterView, ShelterGuestView, ShelterResidenceView, ShelterFiguresView, ShelterSettingsView):
        appbuilder.add_view_no_menu(view)
    navigation.register(app, NavItem(Section.OWN, "/nachtopvang/", N_("Night shelter"), 60, permission="shelter.read"))
    register_timeline(app, timeline, About.GUIDANCE)


def timeline(case_id: uuid.UUID) -> Iterator[Entry]:
    """The first night in the shelter after the eviction, of who agreed that this is known here."""
    for each in consent.of_case(case_id):
        if each.first_night is None or each.days is None:
            continue
        page = ((_("in the night shelter"), url_for("ShelterGuestView.guest", guest_id=each.link.guest_id)),)
        yield Entry(
            datetime.combine(each.first_night, time(12), UTC),
            _("First night in the night shelter"),
            ngettext("%(num)d day after the eviction", "%(num)d days after the eviction", each.days),
            hour_known=False,
            note=_("Known here with consent, asked on %(day)s.", day=datum_kort(each.link.asked_on)),
            links=page if viewer.can("shelter.read") else (),
        )
