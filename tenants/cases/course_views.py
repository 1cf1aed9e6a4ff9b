"""The whole course of a case: searched, narrowed, in pages, or all at once to print."""

# mypy: ignore-errors
# Flask-AppBuilder carries no types: strictness would only count its silence.

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.audit.service import record_read
from app.database import transaction
from app.security.guard import act
from app.ui.views import PortalView
from tenants.cases import course
from tenants.cases.editing import case_or_404
from tenants.cases.list_views import NOT_IN_ADDRESS
from tenants.cases.page import acting_organisations, line_of
from tenants.cases.panels import timeline
from tenants.cases.rules import looks_like_insz
from tenants.organisations.service import names


class CourseView(PortalView):
    route_base = "/dossiers"
    class_permission_name = "cases"
    default_view = "course"

    @expose("/<uuid:case_id>/verloop", methods=["GET"])
    @act("read")
    def course(self, case_id: uuid.UUID) -> ResponseReturnValue:
        """`soort`, `wie`, `van`, `tot` and `q` narrow it; `alles` puts it all on one page."""
        case = case_or_404(case_id)
        if looks_like_insz(request.args.get("q", "")):
            flash(_(NOT_IN_ADDRESS), "warning")
            return redirect(url_for("CourseView.course", case_id=case_id), 303)
        with transaction():
            record_read("case_file", case.id, case.id, "case work")
        entries, wanted = timeline(case.id), course.read_wanted(request.args)
        people = names(entry.by for entry in entries)
        organisations = acting_organisations(entries, case.tenant_id)
        found = course.narrowed(entries, wanted, people, case.tenant_id)
        page, shown = course.cut(found, request.args.get("page", 1, type=int))
        everything = request.args.get("alles") == "1"
        kept = {name: value for name in ("soort", "wie", "van", "tot", "q") if (value := request.args.get(name))}
        given = {"case_id": case.id, **kept}
        return render_template(
            "cases/course.html",
            case=case,
            wanted=wanted,
            total=len(entries),
            count=len(found),
            entries=found if everything else shown,
            page=None if everything else page,
            size=course.PAGE_SIZE,
            kinds=[(about.value, f"{_(about.label)} ({count})") for about, count in course.counted(entries).items()],
            who=_who(people, organisations),
            chosen=str(wanted.by or wanted.organisation or ""),
            line_of=lambda entry: line_of(entry, people, organisations, case.tenant_id),
            page_href=lambda number: url_for("CourseView.course", **given, page=number),
            everything=url_for("CourseView.course", **given, alles=1),
        )


def _who(people: dict[int, str], organisations: dict[uuid.UUID, str]) -> list[tuple[str, str]]:
    """Who to choose from: the organisations first, when there is more than one; then the people by name."""
    named = sorted(people.items(), key=lambda each: each[1])
    return [(str(i), name) for i, name in organisations.items()] + [(str(i), name) for i, name in named]
