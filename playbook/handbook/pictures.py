"""What a file of the playbook may be: a picture that is one, or a document. Pure: bytes in, bytes out."""

import hashlib
import io
import re
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from app.files.rules import FileType, UnacceptableFileError, check_size, sniff
from app.i18n import N_

LARGEST = 10_000_000  # bytes: the best photo of a phone, a brochure with pictures
MOST_PIXELS = 40_000_000  # a phone's best photo; a small file can claim a picture that fills the memory
ADDRESS = "/draaiboek/bestand/"
NAME = re.compile(r"[0-9a-f]{24}\.(?:png|jpg|pdf|docx|xlsx|odt|ods)")
_LINKED = re.compile(re.escape(ADDRESS) + f"({NAME.pattern})")
_WEB = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|head|body|script|svg|\?xml|!--|iframe|img)", re.IGNORECASE
)
PICTURES = {"image/png": "PNG", "image/jpeg": "JPEG"}


@dataclass(frozen=True)
class Accepted:
    """A file as it is kept: name (made of the bytes), type, bytes without what a camera adds."""

    name: str
    media_type: str
    content: bytes


def accept(content: bytes, name: str = "") -> Accepted:
    """`content` as it is kept. Raises UnacceptableFileError with the reason and what to do.

    name: what it was called when it was kept before; if that is its name still, the bytes stay as they are.
    """
    check_size(len(content), LARGEST)
    if _WEB.match(content[:200]):
        raise UnacceptableFileError(
            N_("This is a web page or a drawing that can hold script, not a picture. Save it as PNG, JPEG or PDF.")
        )
    kind = sniff(content)
    if kind.extension == "tif":
        raise UnacceptableFileError(N_("A browser does not show this kind of picture. Save it as PNG or JPEG."))
    if kind.media_type in PICTURES:
        cleaned = _only_the_picture(content, kind)
        content = content if name == _name(content, kind) else cleaned
    return Accepted(_name(content, kind), kind.media_type, content)


def _name(content: bytes, kind: FileType) -> str:
    return f"{hashlib.sha256(content).hexdigest()[:24]}.{kind.extension}"


def _only_the_picture(content: bytes, kind: FileType) -> bytes:
    """The picture alone: without where and when it was taken, and without what hides behind its end."""
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=[PICTURES[kind.media_type]]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise UnacceptableFileError(N_("The picture is too large to show. Make it smaller first."))
            picture.load()
            turned = ImageOps.exif_transpose(picture)
            if kind.extension == "png":
                clean = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
                clean.save(out, "PNG", optimize=True)
            else:
                turned.convert("RGB").save(out, "JPEG", quality=90)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UnacceptableFileError(N_("This picture is damaged. Save it again, as PNG or JPEG.")) from error
    return out.getvalue()


def names_in(body: str) -> set[str]:
    """The files of the playbook that a text shows or links to."""
    return {match.group(1) for match in _LINKED.finditer(body)}
