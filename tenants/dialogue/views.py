"""What the dialogue adds to the portal: its pages and its place in the navigation."""

from flask import Flask
from flask_appbuilder import AppBuilder

from app.i18n import N_
from app.ui import navigation
from app.ui.navigation import NavItem, Section
from tenants.dialogue.agreement_views import DialogueAgreementView, DialogueMeetingView
from tenants.dialogue.canton_views import CantonView
from tenants.dialogue.partner_views import DialogueView


def register(app: Flask, appbuilder: AppBuilder) -> None:
    for view in (DialogueAgreementView, DialogueMeetingView, CantonView, DialogueView):
        appbuilder.add_view_no_menu(view)
    navigation.register(app, NavItem(Section.ORGANISATION, "/overleg/", N_("Dialogue"), 5, permission="dialogue.read"))
