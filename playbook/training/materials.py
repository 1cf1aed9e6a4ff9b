"""What goes with a course: slides, texts, videos, links; every version is kept, the latest is shown."""

import uuid
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from app import tenancy
from app.database import db, transaction
from app.files.rules import check_size
from app.i18n import N_
from playbook.handbook import pictures
from playbook.handbook.service import ours
from playbook.training import rules
from playbook.training.models import Material, MaterialVersion
from playbook.training.rules import MaterialKind
from playbook.training.service import NotThereError, TrainingError, course_by_id


@dataclass(frozen=True)
class Shown:
    """A material with its latest version."""

    material: Material
    latest: MaterialVersion


@dataclass(frozen=True)
class NewContent:
    """A new version: either a link or a file (name and bytes). comment: what changed."""

    url: str = ""
    name: str = ""
    content: bytes = b""
    comment: str = ""


def of_course(course_id: uuid.UUID) -> list[Shown]:
    """The materials of a course with their latest versions, by title; one statement, no bytes."""
    latest = (
        select(MaterialVersion)
        .where(ours(MaterialVersion))
        .order_by(MaterialVersion.material_id, MaterialVersion.number.desc())
        .distinct(MaterialVersion.material_id)
    )
    latest = latest.where(
        MaterialVersion.material_id.in_(select(Material.id).where(ours(Material), Material.course_id == course_id))
    )
    versions = {row.material_id: row for row in db.session.scalars(latest)}
    query = select(Material).where(ours(Material), Material.course_id == course_id).order_by(Material.title)
    return [Shown(row, versions[row.id]) for row in db.session.scalars(query) if row.id in versions]


def material(material_id: uuid.UUID) -> Material:
    """A material; raises NotThereError."""
    query = select(Material).where(ours(Material), Material.id == material_id)
    found: Material | None = db.session.scalar(query)
    if found is None:
        raise NotThereError(str(material_id))
    return found


def versions(material_id: uuid.UUID) -> list[MaterialVersion]:
    """All versions of a material, the latest first."""
    query = select(MaterialVersion).where(ours(MaterialVersion), MaterialVersion.material_id == material_id)
    return list(db.session.scalars(query.order_by(MaterialVersion.number.desc())))


def version(material_id: uuid.UUID, number: int) -> MaterialVersion:
    """A version with its bytes. Raises NotThereError."""
    query = select(MaterialVersion).where(
        ours(MaterialVersion), MaterialVersion.material_id == material_id, MaterialVersion.number == number
    )
    found: MaterialVersion | None = db.session.scalar(query.options(undefer(MaterialVersion.content)))
    if found is None:
        raise NotThereError(f"{material_id} {number}")
    return found


def add(course_id: uuid.UUID, title: str, new: NewContent) -> Material:
    """A new material with its first version. Raises NotThereError, TrainingError and UnacceptableFileError."""
    if not title:
        raise TrainingError([("title", N_("Give it a title, so that people know what it is."))])
    if bool(new.url) == bool(new.content or new.name):
        raise TrainingError([("url", N_("Give either a link or a file."))])
    with transaction() as session:
        row = Material(
            course_id=course_by_id(course_id).id,
            title=title,
            kind=MaterialKind.LINK if new.url else MaterialKind.FILE,
        )
        session.add(row)
        session.flush()
        _add_version(session, row, 1, new)
    return row


def renew(material_id: uuid.UUID, new: NewContent) -> MaterialVersion:
    """The next version; a link stays a link, a file a file. Raises as `add`."""
    with transaction() as session:
        query = select(Material).where(ours(Material), Material.id == material_id).with_for_update()
        row = session.scalar(query)
        if row is None:
            raise NotThereError(str(material_id))
        if row.kind == MaterialKind.LINK and not new.url:
            raise TrainingError([("url", N_("Give the new link."))])
        if row.kind == MaterialKind.FILE and not (new.content or new.name):
            raise TrainingError([("file", N_("Choose the new file."))])
        return _add_version(session, row, versions(material_id)[0].number + 1, new)


def remove(material_id: uuid.UUID) -> None:
    """Delete a material with all its versions. Raises NotThereError."""
    with transaction() as session:
        session.delete(material(material_id))


def _add_version(session: Session, row: Material, number: int, new: NewContent) -> MaterialVersion:
    made = MaterialVersion(material_id=row.id, number=number, comment=new.comment, added_by=tenancy.current().user_id)
    if row.kind == MaterialKind.LINK:
        if not rules.is_web_address(new.url):
            raise TrainingError([("url", N_("This is not an internet address. It begins with https://."))])
        made.url = new.url
    else:
        made.media_type, made.extension, made.content = _accepted(new)
        made.size = len(made.content)
    session.add(made)
    session.flush()
    return made


def _accepted(new: NewContent) -> tuple[str, str, bytes]:
    """(media type, extension, bytes) of a file that may be kept. Raises UnacceptableFileError."""
    found = rules.training_file(new.content)
    if found is not None:
        check_size(len(new.content), current_app.extensions["settings"].max_upload_bytes)
        return (*found, new.content)
    kept = pictures.accept(new.content, new.name)
    return kept.media_type, kept.name.rpartition(".")[2], kept.content
