"""The pages of case work, and their place in the portal."""

from flask import Flask
from flask_appbuilder import AppBuilder

from app.i18n import N_
from app.ui import navigation
from app.ui.navigation import NavItem, Section
from tenants.cases import page
from tenants.cases.case_views import CaseView
from tenants.cases.course_views import CourseView
from tenants.cases.list_views import CaseListView, SearchView
from tenants.cases.part_views import CasePartView, LandlordView
from tenants.cases.task_views import TaskView
from tenants.cases.work_views import AttachmentView, NoteView

VIEWS = (CaseListView, CaseView, CourseView, CasePartView, LandlordView, NoteView, TaskView, AttachmentView, SearchView)


def register(app: Flask, appbuilder: AppBuilder) -> None:
    """Add the pages, their navigation, and what the page of a case always shows."""
    for view in VIEWS:
        appbuilder.add_view_no_menu(view())
    navigation.register(app, NavItem(Section.OWN, "/dossiers/", N_("Cases"), order=20, permission="cases.read"))
    navigation.register(app, NavItem(Section.PLANNING, "/taken/", N_("Tasks"), order=60, permission="tasks.read"))
    page.init_app(app)
