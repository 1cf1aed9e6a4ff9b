"""What watches over the remarks about a case: other capabilities know whose case it was, or what a name looks like.

The network's side knows neither; it only keeps a remark out as long as somebody objects.
"""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import Flask, current_app


@dataclass(frozen=True)
class Passage:
    """Words of a remark that may tell whose case it is.

    why, instead: msgids, the reason and what may stand there; is_hard: they have to go, else a person may say that
    they identify nobody; key: the same for the same words.
    """

    key: str
    text: str
    why: str
    instead: str
    is_hard: bool


# Given the case, what somebody wants to say about it, and whether they leave their name out.
Detector = Callable[[uuid.UUID, str, bool], Sequence[Passage]]


def register_detector(app: Flask, detect: Detector) -> None:
    """Let `detect` read remarks before they are placed; one of the same name is replaced."""
    app.extensions.setdefault("discussion_detectors", {})[detect.__qualname__] = detect


def passages(discussion_id: uuid.UUID, text: str, *, unnamed: bool) -> list[Passage]:
    """What any detector objects to, the hard ones first, the same words once."""
    detectors: dict[str, Detector] = current_app.extensions.get("discussion_detectors", {})
    found = {each.key: each for detect in detectors.values() for each in detect(discussion_id, text, unnamed)}
    return sorted(found.values(), key=lambda each: not each.is_hard)
