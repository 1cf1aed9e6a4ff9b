"""The form after an eviction, and what the page of a case shows of it."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import Flask, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from app.audit.service import record_read
from app.database import db, transaction
from app.security.guard import act
from app.ui.formats import datum_kort, today
from app.ui.views import PortalView
from tenants.after_eviction import service
from tenants.after_eviction.forms import AftermathForm
from tenants.after_eviction.rules import STORED, GoodsPlace, HelpKind, Place, ReachedShelter
from tenants.cases import words
from tenants.cases.codes import About
from tenants.cases.editing import Conflict, case_or_404, differences
from tenants.cases.models import Case
from tenants.cases.panels import Entry, Panel, Slot, register_panel, register_timeline
from tenants.organisations.service import names
from tenants.petitions.codes import StageKey
from tenants.petitions.course import CourseError
from tenants.petitions.editing import show_wrong
from tenants.petitions.service import day_to_utc
from tenants.shelter import consent


def register(app: Flask, appbuilder: Any) -> None:
    """Add the form, the panel on the page of a case, and the entries of its timeline."""
    appbuilder.add_view_no_menu(AfterEvictionView)
    register_panel(app, Panel(Slot.COLUMN, 12, "after_eviction/panel.html", panel, right="cases.read"))
    register_timeline(app, timeline, About.GUIDANCE)


class AfterEvictionView(PortalView):
    route_base = "/dossiers"
    class_permission_name = "cases"
    default_view = "edit"

    @expose("/<uuid:case_id>/na-uithuiszetting", methods=["GET", "POST"])
    @act("write")
    def edit(self, case_id: uuid.UUID) -> ResponseReturnValue:
        case = case_or_404(case_id)
        if request.method == "POST":
            return _save(case)
        if service.evicted_on(case_id) is None:
            flash(_("First note the day of the eviction: this page is about what comes after it."), "warning")
            return redirect(url_for("CaseView.show_case", case_id=case_id))
        with transaction():
            record_read("case_file", case.id, case.id, "case work")
        return _page(case, AftermathForm(data=_stored(case_id))), 200


def _save(case: Case) -> ResponseReturnValue:
    """Kept, or the form again with everything that was typed: 422, or 409 when the case changed meanwhile."""
    form, status, conflict = AftermathForm(), 422, None
    case_id = case.id
    try:
        if form.validate():
            service.save(case_id, form.aftermath(), form.version.data or 0)
            flash(_("Saved."), "success")
            return redirect(url_for("CaseView.show_case", case_id=case_id) + "#na-uithuiszetting")
    except CourseError as error:
        show_wrong(form, error)
    except service.NotEvictedError:
        status = 409
        gone = _("There is no eviction in the case any more. Note its day first; what you typed stands below.")
        form.form_errors.append(gone)
    except service.ChangedMeanwhileError:
        status, conflict = 409, _conflict(case_id, form)
    db.session.expire_all()
    return _page(case_or_404(case_id), form, conflict), status


def _conflict(case_id: uuid.UUID, form: AftermathForm) -> Conflict:
    stored = _stored(case_id)
    row = service.known_of(case_id)
    form.version.raw_data, form.version.data = None, stored.pop("version")
    return Conflict(names([row.changed_by]).get(row.changed_by, "") if row else "", tuple(differences(form, stored)))


def _stored(case_id: uuid.UUID) -> dict[str, Any]:
    """The form's fields as they are known: the last place, the goods, the shelter; help is always new."""
    row = service.known_of(case_id)
    last = next(iter(service.whereabouts_of(case_id)), None)
    own = ("goods_place", "goods_where", "goods_since", "goods_until", "goods_gone_on", "shelter", "shelter_on")
    return {
        **({name: getattr(row, name) for name in own} if row else {}),
        **({"place": last.place, "since": last.since, "place_note": last.note} if last else {}),
        "version": row.version if row else 0,
    }


def _page(case: Case, form: AftermathForm, conflict: Conflict | None = None) -> str:
    return render_template(
        "after_eviction/form.html",
        case=case,
        form=form,
        conflict=conflict,
        evicted_on=service.evicted_on(case.id),
        places=[(row, words.label(Place, row.place)) for row in service.whereabouts_of(case.id)],
        helped=[(row, words.label(HelpKind, row.kind)) for row in service.help_of(case.id)],
    )


# ---------------------------------------------------------------- the page of a case


def panel(case: Case) -> dict[str, Any] | None:
    """Where they are now, the help, the goods with their term, the shelter; hidden before an eviction."""
    if case.stage != StageKey.EVICTION:
        return None
    row = service.known_of(case.id)
    evicted = service.evicted_on(case.id)
    places = service.whereabouts_of(case.id)
    return {
        "place": places[0] if places else None,
        "where": words.label(Place, places[0].place) if places else "",
        "helped": [(each, words.label(HelpKind, each.kind)) for each in service.help_of(case.id)],
        "goods": words.label(GoodsPlace, row.goods_place) if row else "",
        "row": row,
        "shelter": _shelter(row.shelter if row else "", (row and row.shelter_on) or _told(case.id), evicted),
        "days": (today() - evicted).days if evicted else None,
    }


def _told(case_id: uuid.UUID) -> date | None:
    """The first night as the shelter itself knows it, of who agreed that it is known here."""
    return next((each.first_night for each in consent.of_case(case_id) if each.first_night), None)


def _shelter(reached: str, on: date | None, evicted: date | None) -> str:
    if on is None:
        return words.label(ReachedShelter, reached)
    return " · ".join(filter(None, [datum_kort(on), _after(on, evicted)]))


def _after(on: date, evicted: date | None) -> str:
    """'9 dagen na de uithuiszetting'."""
    if evicted is None:
        return ""
    days = (on - evicted).days
    return (
        ngettext("%(num)d day after the eviction", "%(num)d days after the eviction", days) if days else _("that day")
    )


def timeline(case_id: uuid.UUID) -> Iterator[Entry]:
    """Each place, each help, the goods stored and fetched, the first night in the shelter."""
    links = ((_("change"), url_for("AfterEvictionView.edit", case_id=case_id)),)
    for place in service.whereabouts_of(case_id):
        yield _entry(place.since, words.label(Place, place.place), by=place.by, note=place.note or "", links=links)
    for given in service.help_of(case_id):
        title = _("Help: %(kind)s", kind=words.label(HelpKind, given.kind))
        yield _entry(given.given_on, title, by=given.by, note=given.note or "")
    row = service.known_of(case_id)
    if row is None:
        return
    if row.goods_since and row.goods_place in STORED:
        until = _("until %(day)s", day=datum_kort(row.goods_until)) if row.goods_until else ""
        title = _("Goods: %(where)s", where=words.label(GoodsPlace, row.goods_place))
        yield _entry(row.goods_since, title, until, links=links)
    if row.goods_gone_on:
        yield _entry(row.goods_gone_on, _("Goods fetched"), kind="good")
    if row.shelter_on and row.shelter_on != _told(case_id):  # else the shelter says it
        title = _("First night in the night shelter")
        yield _entry(row.shelter_on, title, _after(row.shelter_on, service.evicted_on(case_id)), links=links)


def _entry(day: date, title: str, detail: str = "", **more: Any) -> Entry:
    return Entry(day_to_utc(day), title, detail, hour_known=False, **more)
