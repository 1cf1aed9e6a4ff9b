"""What the dialogue refuses."""

from app.i18n import N_


class DialogueError(Exception):
    """Refused; `message` is a msgid. Nothing was written."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ChangedError(DialogueError):
    """A colleague saved in between."""

    def __init__(self) -> None:
        super().__init__(N_("A colleague changed this in the meantime. Compare with what you typed and save again."))


class NotedError(ChangedError):
    """Something is noted of this municipality and canton that the form did not show."""

    def __init__(self) -> None:
        super().__init__()
        self.message = N_("Something is noted here already. Compare it with what you typed, and save again.")


class NotFoundError(Exception):
    """There is no such thing for the acting organisation."""
