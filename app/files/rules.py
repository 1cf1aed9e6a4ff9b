"""What an upload may be: decided by its first bytes, never by its name."""

from dataclasses import dataclass

from app.i18n import N_


class UnacceptableFileError(Exception):
    """An upload is refused; `message` is a msgid that says why and what to do, with `params`."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params


@dataclass(frozen=True)
class FileType:
    media_type: str
    extension: str
    label: str


PDF = FileType("application/pdf", "pdf", "PDF")
_SIGNATURES: tuple[tuple[bytes, FileType], ...] = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", FileType("image/png", "png", "PNG")),
    (b"\xff\xd8\xff", FileType("image/jpeg", "jpg", "JPEG")),
    (b"II*\x00", FileType("image/tiff", "tif", "TIFF")),
    (b"MM\x00*", FileType("image/tiff", "tif", "TIFF")),
)
_ZIP = b"PK\x03\x04"
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", "Word"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "Excel"),
    (
        b"mimetypeapplication/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.text",
        "odt",
        "ODT",
    ),
    (
        b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.spreadsheet",
        "ods",
        "ODS",
    ),
)


def sniff(content: bytes) -> FileType:
    """The type of `content` by its signature.

    Raises UnacceptableFileError for an empty file and for every type that case work doesn't need
    (programs, web pages and pictures with script in them among those).
    """
    if not content:
        raise UnacceptableFileError(N_("The file is empty. Choose another one."))
    for signature, file_type in _SIGNATURES:
        if content.startswith(signature):
            return file_type
    if content.startswith(_ZIP):
        # the names of a zip's members stand uncompressed in it
        for mark, media_type, extension, label in _OFFICE:
            if mark in content:
                return FileType(media_type, extension, label)
    raise UnacceptableFileError(
        N_(
            "This kind of file is not accepted. "
            "Choose a PDF, a picture (PNG, JPEG, TIFF), Word, Excel or OpenDocument file."
        )
    )


def check_size(size: int, limit: int) -> None:
    """Raises UnacceptableFileError when `size` bytes is more than `limit`."""
    if size > limit:
        raise UnacceptableFileError(
            N_(
                "The file is too large (%(size)s MB). At most %(limit)s MB is possible: "
                "split it or scan it at a lower quality."
            ),
            size=-(-size // 1_000_000),
            limit=limit // 1_000_000,
        )


def safe_name(name: str) -> str:
    """`name` without a path and without signs that a file system or a header stumbles over."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in bare if c.isprintable() and c not in '<>:"|?*').strip(". ")
    return kept[:150] or "bestand"
