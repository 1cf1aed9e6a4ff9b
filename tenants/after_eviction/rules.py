"""The words of what comes after an eviction, and whether its days can be right. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.i18n import N_
from tenants.cases.codes import Code
from tenants.petitions.checks import Wrong


class Place(Code):
    """Where a household is: the categories of ETHOS Light (FEANTSA 2007), a dwelling, or nobody knows.

    The seventh that Flemish counts add, a threatening eviction, is no place to be: it is the case before this.
    """

    PUBLIC_SPACE = "public_space", N_("In public space")
    EMERGENCY_SHELTER = "emergency_shelter", N_("In the night shelter or another emergency shelter")
    HOMELESS_SHELTER = "homeless_shelter", N_("In a shelter or a transitional dwelling")
    INSTITUTION = "institution", N_("In an institution, with nowhere to go afterwards")
    NON_CONVENTIONAL = "non_conventional", N_("In a caravan, a squat, a garage or the like")
    FAMILY_FRIENDS = "family_friends", N_("With family or friends, for want of a home")
    DWELLING = "dwelling", N_("In another dwelling")
    UNKNOWN = "unknown", N_("Nobody knows")

    @property
    def ethos(self) -> int | None:
        """The number of the category of ETHOS Light, None for who has a dwelling or was lost sight of."""
        return _ETHOS.get(self)


_ETHOS = {
    Place.PUBLIC_SPACE: 1,
    Place.EMERGENCY_SHELTER: 2,
    Place.HOMELESS_SHELTER: 3,
    Place.INSTITUTION: 4,
    Place.NON_CONVENTIONAL: 5,
    Place.FAMILY_FRIENDS: 6,
}


class HelpKind(Code):
    """What was done to find another home and to set it up."""

    SEARCH = "search", N_("Looked for a dwelling together")
    SOCIAL_HOUSING = "social_housing", N_("Registered for a social dwelling")
    DEPOSIT = "deposit", N_("Rental deposit")
    INSTALLATION = "installation", N_("Installation grant")
    REMOVAL = "removal", N_("Removal")
    FURNITURE = "furniture", N_("Furniture and appliances")
    TEMPORARY = "temporary", N_("Temporary place found")
    OTHER = "other", N_("Other help")


class GoodsPlace(Code):
    """Where the goods are that were in the dwelling."""

    UNKNOWN = "unknown", N_("Not known yet")
    NONE = "none", N_("Nothing was left behind")
    MUNICIPALITY = "municipality", N_("Kept by the municipality")
    OCMW = "ocmw", N_("Stored by the OCMW")
    COMPANY = "company", N_("With a storage company")
    FAMILY = "family", N_("With family or friends")


class ReachedShelter(Code):
    UNKNOWN = "unknown", N_("Not known")
    NO = "no", N_("No")
    YES = "yes", N_("Yes")


STORED_ELSEWHERE = frozenset({GoodsPlace.OCMW, GoodsPlace.COMPANY, GoodsPlace.FAMILY})
STORED = STORED_ELSEWHERE | {GoodsPlace.MUNICIPALITY}


@dataclass(frozen=True)
class Aftermath:
    """What one fills in after an eviction. place, help_kind: None when there is nothing new to tell."""

    place: Place | None = None
    since: date | None = None
    place_note: str | None = None
    help_kind: HelpKind | None = None
    given_on: date | None = None
    help_note: str | None = None
    goods_place: GoodsPlace = GoodsPlace.UNKNOWN
    goods_where: str | None = None
    goods_since: date | None = None
    goods_until: date | None = None
    goods_gone_on: date | None = None
    shelter: ReachedShelter = ReachedShelter.UNKNOWN
    shelter_on: date | None = None


def wrong_with(given: Aftermath, evicted_on: date, today: date) -> list[Wrong]:
    """Everything that can't be right. A household may have left some days before the bailiff came."""
    return [*_future(given, today), *_missing(given), *_goods(given, evicted_on), *_shelter(given, evicted_on)]


STILL_TO_COME = N_("%(day)s is still to come. Fill in the day once it has happened.")
_HAPPENED = ("since", "given_on", "goods_since", "goods_gone_on", "shelter_on")


def _future(given: Aftermath, today: date) -> Iterator[Wrong]:
    for name in _HAPPENED:
        day = getattr(given, name)
        if day is not None and day > today:
            yield Wrong(name, STILL_TO_COME, {"day": day})


def _missing(given: Aftermath) -> Iterator[Wrong]:
    if given.place is not None and given.since is None:
        yield Wrong("since", N_("Fill in since when, or about when."), {})
    if given.place is None and (given.since or given.place_note):
        yield Wrong("place", N_("Choose where the household is."), {})
    if given.help_kind is not None and given.given_on is None:
        yield Wrong("given_on", N_("Fill in when this help was given."), {})
    if given.help_kind is None and given.help_note:
        yield Wrong("help_kind", N_("Choose what kind of help this was."), {})


def _goods(given: Aftermath, evicted_on: date) -> Iterator[Wrong]:
    stored = given.goods_place in STORED
    if not stored and (given.goods_since or given.goods_until or given.goods_gone_on):
        yield Wrong("goods_place", N_("Choose where the goods are, or leave their days empty."), {})
    if given.goods_since and given.goods_since < evicted_on:
        before = N_("The goods can't be stored since %(day)s: the eviction was on %(other)s.")
        yield Wrong("goods_since", before, {"day": given.goods_since, "other": evicted_on})
    first = max(filter(None, (given.goods_since, evicted_on)))
    if given.goods_until and given.goods_until < first:
        ends = N_("The storage can't end on %(day)s: it began on %(other)s.")
        yield Wrong("goods_until", ends, {"day": given.goods_until, "other": first})
    if given.goods_place is GoodsPlace.MUNICIPALITY and given.goods_until:
        law = N_("The law sets this term: six months. Leave this empty; the portal computes the day.")
        yield Wrong("goods_until", law, {})
    if given.goods_gone_on and given.goods_gone_on < first:
        fetched = N_("The goods can't be fetched on %(day)s: they were stored from %(other)s.")
        yield Wrong("goods_gone_on", fetched, {"day": given.goods_gone_on, "other": first})


def _shelter(given: Aftermath, evicted_on: date) -> Iterator[Wrong]:
    if given.shelter_on is None:
        return
    if given.shelter is not ReachedShelter.YES:
        yield Wrong("shelter", N_("A day goes with “yes”: choose that, or leave the day empty."), {})
    if given.shelter_on < evicted_on:
        before = N_("%(day)s is before the eviction of %(other)s: fill in the first night after it.")
        yield Wrong("shelter_on", before, {"day": given.shelter_on, "other": evicted_on})
