"""Logos: what is uploaded is decoded and drawn anew, so that nothing but pixels is kept.

A file's name is the digest of its content: the same logo is one file, and an address never changes what it shows.
"""

from __future__ import annotations

import hashlib
import io
import re
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from PIL import Image, ImageOps

from webapp.errors import Invalid, NotFound
from webapp.models import DbSession, Partner, Revision, Startup
from webapp.services.pictures import opened_picture
from webapp.services.revisions import OPEN

LARGEST_FILE = 2 * 1024 * 1024
MOST_PIXELS = 25_000_000
SIDE = 512
"""Most pixels of a side of what is kept."""
LEAST_SIDE = 32
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
KEPT_UNUSED_SECONDS = 86_400
"""A file that nothing names is left alone so long: somebody may just be saving it."""

_NAME = re.compile(r"[0-9a-f]{40}\.webp")


def logo_dir(data_dir: Path) -> Path:
    """Where the files lie."""
    return data_dir / "logos"


def logo_path(data_dir: Path, name: str) -> Path:
    """The file of a logo.

    Raises:
        NotFound: ``logo``: there is none of this name.
    """
    path = logo_dir(data_dir) / name
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound("logo", name=name)
    return path


def store_logo(data_dir: Path, content: bytes) -> str:
    """Keep an uploaded picture as a square of at most 512 pixels; gives the name of its file.

    Raises:
        Invalid: ``logo-too-large`` (bytes), ``logo-format`` (not a PNG, JPEG, WebP or GIF picture, or a damaged one),
            ``logo-too-many-pixels`` or ``logo-too-small``.
    """
    if len(content) > LARGEST_FILE:
        raise Invalid("logo-too-large")
    drawn = _drawn(content)
    name = hashlib.sha256(drawn).hexdigest()[:40] + ".webp"
    path = logo_dir(data_dir) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.touch()
    else:
        part = path.with_suffix(".part")
        part.write_bytes(drawn)
        part.replace(path)
    return name


def clean_logos(session: DbSession, data_dir: Path, now: datetime) -> int:
    """Delete the files that no profile and no open revision names any more; gives how many."""
    folder = logo_dir(data_dir)
    if not folder.is_dir():
        return 0
    used = {name for model in (Startup, Partner) for name in session.scalars(sa.select(model.logo)) if name}
    for changes in session.scalars(sa.select(Revision.changes).where(Revision.state.in_(OPEN))):
        used.add(changes.get("logo") or "")
    number = 0
    for path in folder.iterdir():
        if path.name not in used and path.stat().st_mtime < now.timestamp() - KEPT_UNUSED_SECONDS:
            path.unlink(missing_ok=True)
            number += 1
    return number


def _drawn(content: bytes) -> bytes:
    """The picture as WebP: without its metadata, turned as its camera meant it, centred on a square."""
    with opened_picture(content, FORMATS, "logo") as picture:
        _check_size(picture.size)
        picture.draft("RGB", (2 * SIDE, 2 * SIDE))  # JPEGs need not be decoded larger than they are shown
        return _square(ImageOps.exif_transpose(picture).convert("RGBA"))


def _check_size(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MOST_PIXELS:
        raise Invalid("logo-too-many-pixels")
    if min(size) < LEAST_SIDE:
        raise Invalid("logo-too-small", least=LEAST_SIDE)


def _square(picture: Image.Image) -> bytes:
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    side = max(picture.size)
    canvas = Image.new("RGBA", (side, side), (255, 255, 255, 0))
    canvas.paste(picture, ((side - picture.width) // 2, (side - picture.height) // 2))
    out = io.BytesIO()
    canvas.save(out, "WEBP", quality=90, method=4)
    return out.getvalue()
