"""From frozen content to a printed document: the templates, each in its numbered editions."""

import uuid
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from app.documents.typesetting import typeset_pdf

# The edition that new documents get. A final one keeps its own: change a template by adding the next edition.
CURRENT = {"agreement": 1}


@cache
def _templates() -> Environment:
    """Their own environment, not the pages': a document knows no request, no session and no translation."""
    return Environment(
        loader=PackageLoader("tenants.letters", "templates/letters"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def body(name: str, edition: int, paper: dict[str, Any], *, top: int = 1) -> str:
    """The document's content as HTML, to be shown in a page; its title is a heading of level `top`."""
    return _templates().get_template(f"{name}-{edition}.body.html").render(paper=paper, top=top)


def to_pdf(
    name: str,
    edition: int,
    paper: dict[str, Any],
    *,
    identifier: uuid.UUID,
    created: datetime,
    draft: bool = False,
) -> bytes:
    """The document as PDF. The same content, identifier and moment give the same bytes (see `typeset_pdf`)."""
    return typeset_pdf(
        body(name, edition, paper),
        style=f"{name}-{edition}",
        title=f"{paper['title']} {paper['file_number']}",
        lang="nl-BE",
        identifier=identifier,
        created=created,
        mark="Ontwerp, niet om te tekenen" if draft else "",
    )
