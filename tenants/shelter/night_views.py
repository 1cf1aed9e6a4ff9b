"""The board of tonight: who has which bed, giving one, moving, leaving, turning away."""

# mypy: ignore-errors
# WTForms and Flask-AppBuilder carry no types: strictness would only count their silence.

import uuid
from datetime import date, timedelta

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.security.guard import act
from app.ui.views import PortalView
from tenants.cases import words as case_words
from tenants.cases.rules import InvalidInszError
from tenants.shelter import guests, residence, rules, service
from tenants.shelter.codes import TurnedAwayReason
from tenants.shelter.errors import ConflictError, KnownAlreadyError, NotFoundError, ShelterError
from tenants.shelter.forms import NewStayForm, TurnedAwayForm
from tenants.shelter.seasons import tonight
from tenants.shelter.words import night_words


def night_asked() -> date:
    """The night of this request: `nacht` (the date of its evening), else tonight. A wrong or later one is not there."""
    given = request.values.get("nacht", "")
    try:
        night = date.fromisoformat(given) if given else tonight()
    except ValueError:
        abort(404)
    if not date(2000, 1, 1) <= night <= tonight():
        abort(404)
    return night


def bed_asked() -> int | None:
    """The bed that was chosen on the board."""
    bed = request.values.get("bed", type=int)
    return bed if bed and 0 < bed <= 500 else None


class ShelterView(PortalView):
    route_base = "/nachtopvang"
    class_permission_name = "shelter"

    @expose("/", methods=["GET"])
    @act("read")
    def index(self) -> ResponseReturnValue:
        """Tonight's board; `nacht` shows an earlier night."""
        return self._board(night_asked())

    def _board(self, night: date) -> str:
        now = tonight()
        return render_template(
            "shelter/board.html",
            board=service.board(night),
            words=night_words(night),
            is_tonight=night == now,
            before=night - timedelta(days=1),
            after=night + timedelta(days=1) if night < now else None,
            open_for_notes=night >= now - service.BACK,
            reason=lambda value: case_words.label(TurnedAwayReason, value),
            places=residence.overview(),
        )

    @expose("/inschrijven/", methods=["GET", "POST"])
    @act("write")
    def register(self) -> ResponseReturnValue:
        """Who is at the door? A POST with `q` searches: a name must not get into an address."""
        query = request.form.get("q", "").strip()[:100] if request.method == "POST" else ""
        try:
            found = guests.search(query) if query else None
        except InvalidInszError:
            message = _("This national register number is not right. Compare its eleven digits with the identity card.")
            return _register_page(message=message, status=422)
        return _register_page(query=query, found=found)

    @expose("/inschrijven/gekend", methods=["POST"])
    @act("write")
    def register_known(self) -> ResponseReturnValue:
        """Give a bed to somebody of the register."""
        try:
            guest_id = uuid.UUID(request.form.get("guest_id", ""))
        except ValueError:
            abort(404)
        night, bed = night_asked(), bed_asked()
        try:
            stay = service.register(guest_id, bed or 0, night)
        except NotFoundError:
            abort(404)
        except ShelterError as error:
            status = 409 if isinstance(error, ConflictError) else 422
            return _register_page(message=_(error.message, **error.params), again=guest_id, status=status)
        return _given(guests.find(guest_id).name, stay)

    @expose("/inschrijven/nieuw", methods=["POST"])
    @act("write")
    def register_new(self) -> ResponseReturnValue:
        """Add somebody to the register and give them a bed."""
        form, night = NewStayForm(), night_asked()
        board = service.board(night)
        form.bed.choices = [(bed, "") for bed in range(1, max(board.beds, form.bed.data or 0) + 1)]
        if not form.validate():
            return _register_page(form=form, status=422)
        try:
            stay = service.register_new(form.values(), form.bed.data, night, is_new=form.is_new.data)
        except KnownAlreadyError as error:
            return _register_page(form=form, known=error, status=409)
        except ShelterError as error:
            status = 409 if isinstance(error, ConflictError) else 422
            return _register_page(form=form, message=_(error.message, **error.params), status=status)
        return _given(guests.find(stay.guest_id).name, stay)

    @expose("/verblijf/<uuid:stay_id>/bed", methods=["GET", "POST"])
    @act("write")
    def move(self, stay_id: uuid.UUID) -> ResponseReturnValue:
        """Another bed in the same night."""
        try:
            stay = service.stay(stay_id)
        except NotFoundError:
            abort(404)
        night, message, status = stay.night, None, 200
        if request.method == "POST":
            try:
                moved = service.move(stay_id, bed_asked() or 0)
            except ShelterError as error:
                message = _(error.message, **error.params)
                status = 409 if isinstance(error, ConflictError) else 422
            else:
                return _given(stay.guest.name, moved)
        page = render_template(
            "shelter/move.html",
            stay=service.stay(stay_id),
            board=service.board(night),
            words=night_words(night),
            message=message,
        )
        return page, status

    @expose("/verblijf/<uuid:stay_id>/vertrokken", methods=["POST"])
    @act("write")
    def leave(self, stay_id: uuid.UUID) -> ResponseReturnValue:
        try:
            stay = service.leave(stay_id)
        except NotFoundError:
            abort(404)
        flash(_("%(name)s left. Bed %(bed)d is free.", name=stay.guest.name, bed=stay.bed), "success")
        return _to_board(stay.night)

    @expose("/verblijf/<uuid:stay_id>/terug", methods=["POST"])
    @act("write")
    def come_back(self, stay_id: uuid.UUID) -> ResponseReturnValue:
        """'Left' was a mistake, or the person is back; the bed may be somebody else's by now (409)."""
        try:
            stay = service.come_back(stay_id)
        except NotFoundError:
            abort(404)
        except ConflictError as error:
            flash(_(error.message, **error.params), "warning")
            return self._board(service.stay(stay_id).night), 409
        return _given(stay.guest.name, stay)

    @expose("/weggewezen/", methods=["GET", "POST"])
    @act("write")
    def turn_away(self) -> ResponseReturnValue:
        """Note that somebody got no bed."""
        night = night_asked()
        board = service.board(night)
        full = TurnedAwayReason.FULL if board.beds and not board.free else None
        form = TurnedAwayForm(data={"reason": full, "persons": 1})
        if request.method == "POST" and form.validate():
            try:
                service.turn_away(TurnedAwayReason(form.reason.data), form.persons.data, night, form.note.data or None)
            except ShelterError as error:
                form.form_errors.append(_(error.message, **error.params))
            else:
                flash(_("Noted for tonight's figures."), "success")
                return _to_board(night)
        page = render_template("shelter/turn_away.html", form=form, night=night, words=night_words(night))
        return page, 422 if request.method == "POST" else 200

    @expose("/weggewezen/<uuid:turned_id>/verwijderen", methods=["POST"])
    @act("write")
    def take_back(self, turned_id: uuid.UUID) -> ResponseReturnValue:
        try:
            night = service.take_back(turned_id)
        except NotFoundError:
            abort(404)
        flash(_("Deleted."), "success")
        return _to_board(night)


def _given(name: str, stay) -> ResponseReturnValue:
    flash(_("%(name)s has bed %(bed)d.", name=name, bed=stay.bed), "success")
    return _to_board(stay.night)


def _to_board(night: date) -> ResponseReturnValue:
    return redirect(url_for("ShelterView.index", nacht=None if night == tonight() else night.isoformat()))


def _register_page(
    *,
    query: str = "",
    found: list[guests.Listed] | None = None,
    form: NewStayForm | None = None,
    known: KnownAlreadyError | None = None,
    again: uuid.UUID | None = None,
    message: str | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    """The page at the door: search, who was here last night, somebody new.

    again: the person whose bed was refused, offered the next one. known: people who look like the new one.
    """
    night, bed = night_asked(), bed_asked()
    board = service.board(night)
    inside = {stay.guest_id: stay.bed for stay in board.stays}
    yesterday = [each for each in guests.of_night(night - timedelta(days=1)) if each.guest.id not in inside]
    form = form or NewStayForm(formdata=None, data=_name_in(query))
    form.offer(board.free, bed)
    page = render_template(
        "shelter/register.html",
        board=board,
        words=night_words(night),
        bed=bed if bed in board.free else None,
        offer=lambda each: bed if bed in board.free else rules.bed_to_offer(board.free, each.last_bed),
        query=query,
        found=found,
        inside=inside,
        yesterday=yesterday,
        again=guests.listed([again]) if again else [],
        known=guests.listed([guest.id for guest in known.guests]) if known else [],
        known_error=known,
        form=form,
        message=message,
    )
    return page, status


def _name_in(query: str) -> dict[str, str]:
    """What was searched for as the name of somebody new; a number is no name."""
    first, _space, last = query.partition(" ")
    return {} if any(sign.isdigit() for sign in query) else {"first_name": first, "last_name": last}
