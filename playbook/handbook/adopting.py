"""Taking over a page that another network published to all: it becomes the own one, and keeps its link."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import undefer

from app import tenancy
from app.database import db, transaction
from app.i18n import N_
from app.security.models import Network, utc_now
from playbook.handbook import service, shared_files
from playbook.handbook.differences import merge
from playbook.handbook.models import Adoption, Page
from playbook.handbook.pictures import names_in
from playbook.handbook.service import Draft, NotThereError, ours


class AdoptionError(Exception):
    """Their changes can't be brought in now; the message is a msgid."""


@dataclass(frozen=True)
class Adopted:
    """Where a page comes from. source: their page as it reads now, none when they show it no more."""

    adoption: Adoption
    network: Network
    source: Page | None

    @property
    def has_news(self) -> bool:
        """Whether they changed their page since it was taken over or last looked at."""
        return self.source is not None and self.source.version != self.adoption.version


def own_page_of(source: Page) -> Page | None:
    """The page that this network made of another's, if it did."""
    query = (
        select(Page)
        .join(Adoption, (Adoption.network_id == Page.network_id) & (Adoption.page_id == Page.id))
        .where(ours(Page), Adoption.source_page_id == source.id)
    )
    found: Page | None = db.session.scalar(query)
    return found


def of(page: Page) -> Adopted | None:
    """Where a page of the network comes from; none when it was written here."""
    row = db.session.execute(
        select(Adoption, Network)
        .join(Network, Network.id == Adoption.source_network_id)
        .where(ours(Adoption), Adoption.page_id == page.id)
        .options(undefer(Adoption.body))
    ).one_or_none()
    if row is None:
        return None
    adoption, network = row
    # The policy shows what they publish to all and nothing else of theirs.
    source = select(Page).where(Page.network_id == adoption.source_network_id, Page.id == adoption.source_page_id)
    return Adopted(adoption, network, db.session.scalar(source.options(undefer(Page.body))))


def addresses(network: Network, slugs: Iterable[str], *, or_own: bool) -> dict[str, str]:
    """Where links to these pages of another network lead here; a page that is in no way readable is left out.

    To the page that was made of theirs, else to theirs if they publish it; or_own: else to an own page of that name.
    """
    wanted = set(slugs)
    if not wanted:
        return {}
    made = (
        select(Adoption.source_slug, Page.slug)
        .join(Page, (Page.network_id == Adoption.network_id) & (Page.id == Adoption.page_id))
        .where(ours(Adoption), Adoption.source_network_id == network.id, Adoption.source_slug.in_(wanted))
    )
    readable = select(Page.network_id, Page.slug).where(
        Page.slug.in_(wanted), (Page.network_id == network.id) | ours(Page)
    )
    rows = db.session.execute(readable).all()
    own = {row.slug for row in rows if row.network_id == tenancy.current_network_id()} if or_own else set()
    found = {slug: f"/draaiboek/{slug}/" for slug in own}
    found |= {row.slug: f"/draaiboek/van/{network.slug}/{row.slug}/" for row in rows if row.network_id == network.id}
    return found | {theirs: f"/draaiboek/{ours_}/" for theirs, ours_ in db.session.execute(made)}


def adopt(network_slug: str, slug: str, chapter_id: uuid.UUID, parent_id: uuid.UUID | None = None) -> Page:
    """Make another network's page an own one, at the end of its place; a second time gives the page that is there.

    Raises NotThereError when they do not show it to all, HandbookError when the place does not exist any more.
    """
    with transaction() as session:
        service.take_turn(session)
        network, source = service.page_of_network(network_slug, slug)
        if source.network_id == tenancy.current_network_id():
            raise NotThereError(slug)
        known = own_page_of(source)
        if known is not None:
            return known
        shared_files.bring_here(session, source.network_id, names_in(source.body))
        page = service.create_page(Draft(source.title, source.body, chapter_id, parent_id, comment=network.name))
        session.add(
            Adoption(
                page_id=page.id,
                source_network_id=source.network_id,
                source_page_id=source.id,
                source_slug=source.slug,
                version=source.version,
                body=source.body,
            )
        )
    return page


def bring_in(slug: str, version: int) -> Page:
    """Put what they changed since into the own text, by paragraph; what was changed here stays.

    version: of their page, as the reader saw it. Raises NotThereError, HandbookError; AdoptionError when their page
    changed meanwhile or when both changed the same paragraph.
    """
    with transaction() as session:
        service.take_turn(session)
        page, adopted, source = _seen(slug, version)
        merged = merge(adopted.adoption.body, source.body, page.body)
        if merged.clashes:
            raise AdoptionError(
                N_("You and they changed the same paragraph. Put it together in the editor, then mark it as seen.")
            )
        shared_files.bring_here(session, source.network_id, names_in(source.body))
        draft = Draft(page.title, merged.text, page.chapter_id, page.parent_id, comment=adopted.network.name)
        kept = Draft(**{**vars(draft), "published_to_all": page.published_to_all, "for_guests": page.for_guests})
        service.save_page(slug, kept, page.version)
        _look(adopted.adoption, source)
    return page


def mark_seen(slug: str, version: int) -> None:
    """Say that their changes were looked at, and leave the own text. Raises as bring_in."""
    with transaction():
        _page, adopted, source = _seen(slug, version)
        _look(adopted.adoption, source)


def _seen(slug: str, version: int) -> tuple[Page, Adopted, Page]:
    page = service.page_by_slug(slug)
    adopted = of(page)
    if adopted is None or adopted.source is None:
        raise NotThereError(slug)
    if adopted.source.version != version:
        raise AdoptionError(
            N_("They changed their page again in the meantime. Look at the difference below once more.")
        )
    return page, adopted, adopted.source


def _look(adoption: Adoption, source: Page) -> None:
    adoption.version, adoption.body, adoption.at = source.version, source.body, utc_now()
