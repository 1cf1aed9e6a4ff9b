"""The playbook's work in the background."""

import uuid

from app.jobs import job


@job("handbook.print")
def print_playbook(print_id: str) -> None:
    """Make a PDF of a chapter or of the whole playbook."""
    from playbook.handbook import printing

    printing.run(uuid.UUID(print_id))


@job("handbook.read_pdf")
def read_pdf(file_id: str) -> None:
    """Read the words of a PDF that was added, for the search."""
    from playbook.handbook import files

    files.read_words(uuid.UUID(file_id))
