"""The terms of a draft as JSON and back; what an older draft lacks gets its default."""

import types
from dataclasses import fields
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from tenants.letters.rules import Terms


def to_json(terms: Terms) -> dict[str, Any]:
    """`terms` as text, numbers, lists and None."""
    return {each.name: _plain(getattr(terms, each.name)) for each in fields(terms)}


def from_json(stored: dict[str, Any]) -> Terms:
    """The terms that `to_json` wrote."""
    hints = get_type_hints(Terms)
    return Terms(**{name: _typed(hints[name], value) for name, value in stored.items() if name in hints})


def _plain(value: Any) -> Any:
    match value:
        case Decimal() | StrEnum():
            return str(value)
        case date():
            return value.isoformat()
        case tuple():
            return [_plain(each) for each in value]
    return value


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(hint) in (Union, types.UnionType):
        hint = next(each for each in get_args(hint) if each is not types.NoneType)
    if hint is date:
        return date.fromisoformat(value)
    if get_origin(hint) is tuple:
        return tuple(value)
    return hint(value)
