"""The demo's households after their eviction: where they went, what helped, where their goods are."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from app import tenancy
from app.database import transaction
from app.demo import DemoRegion, acting_alone
from tenants.after_eviction.models import AfterEviction
from tenants.after_eviction.rules import Aftermath, GoodsPlace, HelpKind, Place, ReachedShelter
from tenants.after_eviction.service import save
from tenants.petitions.models import Eviction

MOST = 8  # an organisation's last evictions; of older ones nobody asked in those days
STORIES: Sequence[Aftermath] = (
    Aftermath(
        place=Place.FAMILY_FRIENDS,
        place_note="Bij familie in Bredene, hooguit enkele weken.",
        help_kind=HelpKind.SOCIAL_HOUSING,
        goods_place=GoodsPlace.COMPANY,
        goods_where="Box 14, opslag aan de Zandvoordestraat",
        shelter=ReachedShelter.NO,
    ),
    Aftermath(place=Place.EMERGENCY_SHELTER, goods_place=GoodsPlace.MUNICIPALITY, shelter=ReachedShelter.YES),
    Aftermath(place=Place.DWELLING, help_kind=HelpKind.DEPOSIT, goods_place=GoodsPlace.NONE, shelter=ReachedShelter.NO),
    Aftermath(place=Place.UNKNOWN, goods_place=GoodsPlace.MUNICIPALITY),
    Aftermath(place=Place.HOMELESS_SHELTER, help_kind=HelpKind.SEARCH, goods_place=GoodsPlace.OCMW),
    Aftermath(place=Place.PUBLIC_SPACE, goods_place=GoodsPlace.MUNICIPALITY, shelter=ReachedShelter.YES),
)


def load(region: DemoRegion) -> None:
    """Tell what followed the last evictions of each organisation where somebody works and nothing is told yet."""
    for slug, tenant in region.tenants.items():
        worker = next((region.users[name].id for name, home in region.home_of.items() if home == slug), None)
        if worker is None:
            continue
        with acting_alone(tenancy.Context(tenant.id, worker, tenant.network_id)), transaction() as session:
            if session.scalar(select(AfterEviction.id).limit(1)) is not None:
                continue
            carried_out = Eviction.carried_out_on <= region.today
            last = select(Eviction.case_id, Eviction.carried_out_on).where(carried_out)
            rows = session.execute(last.order_by(Eviction.carried_out_on.desc(), Eviction.id).limit(MOST)).all()
            for place, row in enumerate(rows):
                save(row.case_id, _dated(STORIES[place % len(STORIES)], row.carried_out_on, region.today))


def _dated(story: Aftermath, evicted_on: date, today: date) -> Aftermath:
    """The story on its days: help within the first week, storage for three weeks, the shelter after some nights."""
    stored = story.goods_place in (GoodsPlace.COMPANY, GoodsPlace.OCMW)
    return replace(
        story,
        since=evicted_on,
        given_on=min(evicted_on + timedelta(days=5), today) if story.help_kind else None,
        goods_since=evicted_on if stored else None,
        goods_until=evicted_on + timedelta(days=21) if stored else None,
        goods_gone_on=evicted_on + timedelta(days=20) if stored and evicted_on + timedelta(days=20) < today else None,
        shelter_on=min(evicted_on + timedelta(days=3), today) if story.shelter is ReachedShelter.YES else None,
    )
