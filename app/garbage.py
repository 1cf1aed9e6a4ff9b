"""When Python looks for rubbish: not while something large is made of which nearly all stays."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collected_later() -> Iterator[None]:
    """Look for no rubbish meanwhile: a million new objects of which few are dropped would be searched again and again,
    a quarter of the time. What is left goes when Python looks next. Also decorates a function."""
    was_looking = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_looking:
            gc.enable()
