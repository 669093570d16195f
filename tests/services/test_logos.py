"""Logos: whatever is uploaded, only a small picture is kept."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from tests.accounts import make_account
from tests.profiles import save
from webapp.errors import Invalid, NotFound
from webapp.models import NetworkRole
from webapp.services.actors import actor_of
from webapp.services.logos import LARGEST_FILE, clean_logos, logo_dir, logo_path, store_logo

Maker = Callable[..., Any]


def picture(size: tuple[int, int] = (300, 200), kind: str = "PNG", **options: Any) -> bytes:
    """A picture as a file."""
    out = io.BytesIO()
    Image.new("RGB", size, (14, 94, 82)).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_becomes_a_square_of_512_pixels_at_most(tmp_path: Path, kind: str) -> None:
    name = store_logo(tmp_path, picture((1600, 900), kind))
    with Image.open(logo_path(tmp_path, name)) as kept:
        assert (kept.format, kept.size) == ("WEBP", (512, 512))


def test_the_same_picture_is_one_file_and_metadata_goes(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    name = store_logo(tmp_path, picture(kind="PNG", exif=exif))
    assert store_logo(tmp_path, picture(kind="PNG")) == name
    assert b"taken at home" not in logo_path(tmp_path, name).read_bytes()
    assert [path.name for path in logo_dir(tmp_path).iterdir()] == [name]


def _png_that_claims(width: int, height: int) -> bytes:
    """A small PNG file that says to be huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    data = zlib.compress(b"\0" * 100_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (_png_that_claims(50_000, 50_000), "logo-too-many-pixels"),
        (_png_that_claims(9_000, 9_000), "logo-too-many-pixels"),
        (picture((300, 200))[:200], "logo-format"),
        (picture((300, 200), "JPEG")[:400], "logo-format"),
        (picture((16, 16)), "logo-too-small"),
        (picture((300, 200), "BMP"), "logo-format"),
        (picture((300, 200), "TIFF"), "logo-format"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "logo-format"),
        (b"GIF89a" + b"\0" * 50, "logo-format"),
        (b"<?php echo 1; ?>", "logo-format"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 3_000_000, "logo-too-large"),
    ],
)
def test_hostile_and_broken_files_are_refused_and_leave_nothing(tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(Invalid, match=code):
        store_logo(tmp_path, content)
    assert not logo_dir(tmp_path).exists()


def test_a_file_that_is_just_small_enough_is_read(tmp_path: Path) -> None:
    content = picture() + b"\0" * (LARGEST_FILE - len(picture()))
    assert store_logo(tmp_path, content)


@pytest.mark.parametrize("name", ["../../multaqa.db", "x.webp", "", "0" * 40 + ".webp", "0" * 40 + ".webp/../x"])
def test_no_other_file_is_served(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        logo_path(tmp_path, name)


def test_files_that_nothing_names_are_deleted_after_a_day(
    tmp_path: Path, session: Session, make_startup: Maker
) -> None:
    kept, proposed, unused, fresh = (store_logo(tmp_path, picture((100 + each, 100))) for each in range(4))
    startup = make_startup(logo=kept)
    save(session, actor_of(session, make_account(NetworkRole.STAFF)), startup, "logo", logo=proposed)
    now = datetime.now(UTC)
    old = (now - timedelta(days=2)).timestamp()
    for name in (kept, proposed, unused):
        os.utime(logo_path(tmp_path, name), (old, old))
    assert clean_logos(session, tmp_path, now) == 1
    assert {path.name for path in logo_dir(tmp_path).iterdir()} == {kept, proposed, fresh}
