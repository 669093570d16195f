"""What an attached file holds and what it is called. Its content decides what it is; its name decides nothing.

Pictures are drawn anew, so that nothing but pixels is kept. A PDF is kept as it is: it is never opened here and never
shown inside a page.
"""

from __future__ import annotations

import io
import re
import unicodedata

from PIL import Image, ImageOps

from webapp.errors import Invalid
from webapp.models import EvidenceKind
from webapp.models.evidence import NAME_LENGTH
from webapp.services.pictures import opened_picture

LARGEST_FILE = 5 * 1024 * 1024
LONGEST_SIDE = 3000
"""Most pixels of a side of what is kept: a page of paper stays readable."""
MOST_PIXELS = {"PNG": 25_000_000, "JPEG": 50_000_000}
"""JPEGs are decoded at a part of their size, so theirs may be more."""

_PDF_BEGINS, _PDF_ENDS, _END_WITHIN = b"%PDF-", b"%%EOF", 2048
_ENDS = {EvidenceKind.PDF: ".pdf", EvidenceKind.JPEG: ".jpg", EvidenceKind.PNG: ".png"}
_END = re.compile(r"\.(?:pdf|jpe?g|png)$", re.IGNORECASE)
_UNNAMED = "file"


def read_evidence(content: bytes) -> tuple[EvidenceKind, bytes]:
    """What a file is, and what is kept of it.

    Raises:
        Invalid: ``evidence-empty``, ``evidence-too-large``, ``evidence-format`` (no PDF, JPEG or PNG, or a damaged
            one) or ``evidence-too-many-pixels``.
    """
    if not content:
        raise Invalid("evidence-empty")
    if len(content) > LARGEST_FILE:
        raise Invalid("evidence-too-large")
    if content.startswith(_PDF_BEGINS):
        if _PDF_ENDS not in content[-_END_WITHIN:]:
            raise Invalid("evidence-format")
        return EvidenceKind.PDF, content
    with opened_picture(content, tuple(MOST_PIXELS), "evidence") as picture:
        if picture.width * picture.height > MOST_PIXELS[str(picture.format)]:
            raise Invalid("evidence-too-many-pixels")
        return _drawn(picture)


def clean_name(name: str, kind: EvidenceKind) -> str:
    """What a file is called from now on.

    Without folders, without what cannot be seen or means something to a program, and with the end of its kind.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in last)
    plain = re.sub(r'[<>:"|?*%;]', "_", " ".join(visible.split()))
    stem = _END.sub("", plain).strip(". ")[: NAME_LENGTH - 4].strip(". ")
    return (stem or _UNNAMED) + _ENDS[kind]


def _drawn(picture: Image.Image) -> tuple[EvidenceKind, bytes]:
    """The picture as its camera meant it, without what else its file told: place, device, comments."""
    kind = EvidenceKind(str(picture.format).lower())
    picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    is_transparent = kind == EvidenceKind.PNG and picture.has_transparency_data
    pixels = ImageOps.exif_transpose(picture).convert("RGBA" if is_transparent else "RGB")
    pixels.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    pixels.info = {}
    out = io.BytesIO()
    pixels.save(out, str(picture.format), quality=90, optimize=True)
    return kind, out.getvalue()
