"""Languages: the marker for texts in pure modules. Dutch is the default, French complete, msgids English."""


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "translate later"
    """Mark `message` for extraction without translating it; whoever shows it calls gettext."""
    return message
