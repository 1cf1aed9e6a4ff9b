"""The form of what came after an eviction."""

# mypy: ignore-errors
# WTForms carries no types: strictness would only count their silence.

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import IntegerField, RadioField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from app.ui.fields import CodeField, DayField
from tenants.after_eviction.rules import Aftermath, GoodsPlace, HelpKind, Place, ReachedShelter
from tenants.cases.fields import LineField, TextField

OPTIONAL = Optional()


class AftermathForm(FlaskForm):
    """Where they are, what help they got, where their goods are, and whether they reached the night shelter."""

    place = RadioField(_l("Where is the household now?"), [OPTIONAL])
    since = DayField(_l("Since"), [OPTIONAL])
    place_note = TextField(_l("Note on the place"), [OPTIONAL], most=1000, render_kw={"rows": 2})
    help_kind = CodeField(_l("New help"), HelpKind, [OPTIONAL], blank=_l("nothing new"))
    given_on = DayField(_l("Given on"), [OPTIONAL])
    help_note = TextField(_l("Note on the help"), [OPTIONAL], most=1000, render_kw={"rows": 2})
    goods_place = CodeField(_l("Where are the goods?"), GoodsPlace, default=GoodsPlace.UNKNOWN)
    goods_where = LineField(_l("Address or phone number of the storage"), [OPTIONAL], most=200)
    goods_since = DayField(_l("Stored since"), [OPTIONAL])
    goods_until = DayField(
        _l("Agreed until"),
        [OPTIONAL],
        description=_l("Leave it empty when the municipality keeps them: the law sets six months."),
    )
    goods_gone_on = DayField(_l("Fetched on"), [OPTIONAL])
    shelter = RadioField(_l("Did somebody of the household reach the night shelter?"), default=ReachedShelter.UNKNOWN)
    shelter_on = DayField(_l("First night"), [OPTIONAL])
    version = IntegerField(widget=HiddenInput(), default=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.place.choices = [(str(place), _ethos(place)) for place in Place]
        self.shelter.choices = [(value, _(text)) for value, text in ReachedShelter.choices()]

    def aftermath(self):
        """What was filled in, as the service takes it."""
        texts = ("place_note", "help_note", "goods_where")
        days = ("since", "given_on", "goods_since", "goods_until", "goods_gone_on", "shelter_on")
        return Aftermath(
            place=Place(self.place.data) if self.place.data else None,
            help_kind=HelpKind(self.help_kind.data) if self.help_kind.data else None,
            goods_place=GoodsPlace(self.goods_place.data or GoodsPlace.UNKNOWN),
            shelter=ReachedShelter(self.shelter.data or ReachedShelter.UNKNOWN),
            **{name: self[name].data or None for name in texts},
            **{name: self[name].data for name in days},
        )


def _ethos(place):
    label = _(place.label)
    return _("%(place)s (ETHOS %(number)d)", place=label, number=place.ethos) if place.ethos else label
