"""What the shelter refuses, with what to do: English msgids that the page translates."""

from tenants.shelter.models import Guest


class ShelterError(Exception):
    """Refused; `message` is a msgid with `params`. Nothing was written."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


class ConflictError(ShelterError):
    """Somebody else was first: the page tells what stands there now."""


class NotFoundError(Exception):
    """There is no such thing for the acting organisation."""


class KnownAlreadyError(Exception):
    """The register has somebody like this already: `guests`. certain: the same national register number."""

    def __init__(self, guests: list[Guest], *, certain: bool) -> None:
        super().__init__("known already")
        self.guests = guests
        self.certain = certain
