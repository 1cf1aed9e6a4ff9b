"""What a part of an address may be. Anything else leads nowhere (404): the database couldn't even look for it."""

from typing import Any

from flask import Flask
from werkzeug import routing

LARGEST = 2**31 - 1  # PostgreSQL's integer: versions, days and people are counted in it


class IntegerConverter(routing.IntegerConverter):
    """A number that the database can hold."""

    def __init__(self, url_map: routing.Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **{"max": LARGEST, **options})


class UnicodeConverter(routing.UnicodeConverter):
    """A word without NUL, which PostgreSQL's text can't hold."""

    def __init__(self, url_map: routing.Map, *args: Any, **options: Any) -> None:
        super().__init__(url_map, *args, **options)
        self.regex = self.regex.replace("[^/]", r"[^/\x00]")


def init_app(app: Flask) -> None:
    """Read addresses so; before any view is registered."""
    app.url_map.converters |= {"int": IntegerConverter, "string": UnicodeConverter, "default": UnicodeConverter}
