"""What remarks in the playbook came from: other capabilities say so, without the playbook knowing them."""

import uuid
from collections.abc import Callable, Sequence

from flask import Flask, current_app

from playbook.handbook.remarks import Talk

# Given the ids of remarks: for those that came from somewhere else in the portal its title and address.
Origins = Callable[[Sequence[uuid.UUID]], dict[uuid.UUID, tuple[str, str]]]


def register_origins(app: Flask, provide: Origins) -> None:
    """Add a source; one of the same name is replaced."""
    app.extensions.setdefault("remark_origins", {})[provide.__qualname__] = provide


def origins_of(talk: Talk) -> dict[uuid.UUID, tuple[str, str]]:
    """(title, address) of what the remarks about a text came from. One statement per source."""
    said = [each for block in talk.by_block.values() for each in block] + talk.elsewhere + talk.settled
    ids = [each.id for each in said]
    sources: dict[str, Origins] = current_app.extensions.get("remark_origins", {})
    return {key: told for provide in sources.values() for key, told in provide(ids).items()} if ids else {}
