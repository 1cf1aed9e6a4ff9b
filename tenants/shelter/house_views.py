"""The shelter's figures with their export, and its settings: seasons, beds and places."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import io
import uuid

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_babel import ngettext

from app.security.guard import act
from app.ui.formats import datum_lang
from app.ui.views import PortalView
from tenants.cases.export import to_csv, to_xlsx
from tenants.petitions.rules import BRUSSELS
from tenants.shelter import figures, seasons
from tenants.shelter.codes import ResidenceKind
from tenants.shelter.errors import NotFoundError, ShelterError
from tenants.shelter.forms import PlacesForm, SeasonForm
from tenants.shelter.rules import Period, Season

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ShelterFiguresView(PortalView):
    route_base = "/nachtopvang/cijfers"
    class_permission_name = "shelter"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        by_season, by_year = figures.by_season(), figures.by_year()
        delays = figures.delays()
        return render_template(
            "shelter/figures.html",
            by_season=by_season,
            by_year=by_year,
            reasons=figures.reasons(by_season[0].period) if by_season else [],
            delays=delays,
            hides=any(count is None for _band, count in delays),
            choices=[(key, name) for key, (name, _period) in _periods().items()],
        )

    @expose("/uitvoeren", methods=["POST"])
    @act("read")
    def take_out(self) -> ResponseReturnValue:
        """A period as a spreadsheet: its nights in numbers, or every bed with the name of who had it."""
        period = _periods().get(request.form.get("period", ""), (None, None))[1] or abort(404)
        with_names = request.form.get("what") == "stays"
        header, rows = _stays(period) if with_names else _nights(period)
        name = _("night shelter") + f"-{period.first:%Y-%m-%d}-{period.last:%Y-%m-%d}"
        if request.form.get("format") == "csv":
            content, kind, name = to_csv(header, rows), "text/csv", f"{name}.csv"
        else:
            content, kind, name = to_xlsx(_("Night shelter"), header, rows), XLSX, f"{name}.xlsx"
        return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name, max_age=0)


def _periods() -> dict[str, tuple[str, Period]]:
    """What can be exported: key -> (name, period), seasons first."""
    found = {f"s{each.period.first}": (each.period.name, each.period) for each in figures.by_season()}
    return found | {f"j{each.period.name}": (each.period.name, each.period) for each in figures.by_year()}


def _nights(period: Period) -> tuple[list[str], list[list]]:
    header = [_("Night"), _("Season"), _("Beds"), _("Beds used"), _("Different people"), _("Turned away")]
    lines = figures.take_out_nights(period)
    return header, [[each.night, each.season, each.beds, each.used, each.persons, each.turned_away] for each in lines]


def _stays(period: Period) -> tuple[list[str], list[list]]:
    header = [
        _("Night"), _("Bed"), _("Family name"), _("First name"), _("Date of birth"), _("Registered at"), _("Left at"),
    ]  # fmt: skip
    return header, [
        [stay.night, stay.bed, stay.guest.last_name, stay.guest.first_name, stay.guest.birth_date,
         _local(stay.at), _local(stay.left_at)]
        for stay in figures.take_out_stays(period)
    ]  # fmt: skip


def _local(at) -> str:
    """'24/11/2026 21:40' on the clock in Belgium."""
    return f"{at.astimezone(BRUSSELS):%d/%m/%Y %H:%M}" if at else ""


class ShelterSettingsView(PortalView):
    route_base = "/nachtopvang/instellingen"
    class_permission_name = "shelter"

    @expose("/", methods=["GET", "POST"])
    @act("arrange")
    def index(self) -> ResponseReturnValue:
        """The seasons; a POST adds one."""
        form = SeasonForm()
        if request.method == "POST" and form.validate() and _saved(form, None):
            return redirect(url_for("ShelterSettingsView.index"))
        return _settings_page(season=form, status=422 if request.method == "POST" else 200)

    @expose("/seizoen/<uuid:season_id>/", methods=["GET", "POST"])
    @act("arrange")
    def season(self, season_id: uuid.UUID) -> ResponseReturnValue:
        row = next((each for each in seasons.season_rows() if each.id == season_id), None) or abort(404)
        form = SeasonForm(data={"name": row.name, "first_night": row.first_night, "beds": row.beds})
        if request.method == "POST" and form.validate() and _saved(form, season_id):
            return redirect(url_for("ShelterSettingsView.index"))
        page = render_template("shelter/season.html", form=form, row=row)
        return page, 422 if request.method == "POST" else 200

    @expose("/seizoen/<uuid:season_id>/verwijderen", methods=["POST"])
    @act("arrange")
    def remove_season(self, season_id: uuid.UUID) -> ResponseReturnValue:
        try:
            above = seasons.remove_season(season_id)
        except NotFoundError:
            abort(404)
        _tell(_("Deleted."), above)
        return redirect(url_for("ShelterSettingsView.index"))

    @expose("/plaatsen", methods=["POST"])
    @act("arrange")
    def places(self) -> ResponseReturnValue:
        form = PlacesForm()
        if not form.validate():
            return _settings_page(places=form, status=422)
        seasons.save_places({kind: form[kind.value].data for kind in ResidenceKind})
        flash(_("Saved."), "success")
        return redirect(url_for("ShelterSettingsView.index"))


def _settings_page(season=None, places=None, status: int = 200) -> ResponseReturnValue:
    now = {kind.value: number for kind, number in seasons.places().items()}
    rows, tonight = seasons.season_rows(), seasons.tonight()
    page = render_template(
        "shelter/settings.html",
        rows=rows,
        running=next((row.id for row in rows if row.first_night <= tonight), None),
        form=season or SeasonForm(formdata=None),
        places=places or PlacesForm(formdata=None, data=now),
    )
    return page, status


def _saved(form: SeasonForm, season_id: uuid.UUID | None) -> bool:
    new = Season(form.name.data, form.first_night.data, form.beds.data)
    try:
        above = seasons.save_season(season_id, new)
    except ShelterError as error:
        form.first_night.errors = [_(error.message, **error.params)]
        return False
    except NotFoundError:
        abort(404)
    _tell(_("Saved: %(beds)d beds from %(night)s.", beds=new.beds, night=datum_lang(new.first_night)), above)
    return True


def _tell(done: str, above: int) -> None:
    """What was done; and who lies in a bed that is none any more tonight, since nobody is put out by a setting."""
    flash(done, "success")
    if above:
        flash(
            ngettext(
                "%(num)d person has a bed tonight that this season doesn't have. They keep it; look on the board.",
                "%(num)d people have a bed tonight that this season doesn't have. They keep it; look on the board.",
                above,
            ),
            "warning",
        )
