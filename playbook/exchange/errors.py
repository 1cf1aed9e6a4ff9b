"""Why something of the network can't be done."""

from collections.abc import Sequence

from playbook.exchange.rules import Problem


class NotThereError(Exception):
    """There is no such question, initiative, meeting or decision in this network."""


class NotYoursError(Exception):
    """It is somebody else's, and the one who asks does not arrange the network."""


class RefusedError(Exception):
    """It can't be saved as asked; `problems` are pairs (field, msgid), a field of '' being the whole."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(message for _field, message in problems))
        self.problems = problems


class ConflictError(Exception):
    """Somebody else changed it in the meantime; the message is a msgid."""
