"""Attached files are what their content says, carry nothing but pixels if they are pictures, and harmless names."""

from __future__ import annotations

import io
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.evidence import PDF, scan
from tests.services.test_logos import _png_that_claims
from webapp.errors import Invalid
from webapp.models import EvidenceKind
from webapp.models.evidence import NAME_LENGTH
from webapp.services.evidence_content import LARGEST_FILE, LONGEST_SIDE, clean_name, read_evidence


def test_a_pdf_is_kept_byte_for_byte() -> None:
    assert read_evidence(PDF) == (EvidenceKind.PDF, PDF)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_is_drawn_anew_without_what_else_its_file_told(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    options: dict[str, Any] = {"comment": b"secret words"} if kind == "JPEG" else {}
    content = scan(kind, exif=exif, **options)
    assert b"taken at home" in content
    found, kept = read_evidence(content)
    assert found == kind.lower()
    assert b"taken at home" not in kept
    assert b"secret words" not in kept
    with Image.open(io.BytesIO(kept)) as picture:
        assert (picture.format, picture.size) == (kind, (120, 80))
        assert not picture.getexif()


def test_a_picture_is_turned_as_its_camera_meant_it() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    with Image.open(io.BytesIO(read_evidence(scan("JPEG", exif=exif))[1])) as picture:
        assert picture.size == (80, 120)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_pictures_of_every_kind_of_pixel_are_read(mode: str) -> None:
    assert read_evidence(scan("PNG", mode=mode))[0] == EvidenceKind.PNG


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_large_picture_is_made_smaller_but_stays_readable(kind: str) -> None:
    with Image.open(io.BytesIO(read_evidence(scan(kind, (5000, 2500)))[1])) as picture:
        assert picture.size == (LONGEST_SIDE, LONGEST_SIDE // 2)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "evidence-empty"),
        (PDF + b" " * LARGEST_FILE, "evidence-too-large"),
        (b"<html><script>alert(1)</script>", "evidence-format"),
        (b"MZ\x90\x00", "evidence-format"),
        (b"\n" + PDF, "evidence-format"),
        (PDF[:20], "evidence-format"),
        (scan("GIF"), "evidence-format"),
        (scan("WEBP"), "evidence-format"),
        (scan("PNG", (300, 300))[:150], "evidence-format"),
        (scan("JPEG", (300, 300))[:400], "evidence-format"),
        (_png_that_claims(50_000, 50_000), "evidence-too-many-pixels"),
        (_png_that_claims(6_000, 6_000), "evidence-too-many-pixels"),
    ],
)
def test_everything_else_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_evidence(content)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Registre du commerce.PDF", "Registre du commerce.pdf"),
        ("C:\\Users\\Rim\\proof.pdf", "proof.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("السجل التجاري.pdf", "السجل التجاري.pdf"),
        ("invoice\u202efdp.exe", "invoice fdp.exe.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', "a_b Set-Cookie_ x.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        (".pdf", "file.pdf"),
    ],
)
def test_a_name_keeps_what_people_read_in_it(given_name: str, kept: str) -> None:
    assert clean_name(given_name, EvidenceKind.PDF) == kept


@given(st.text(max_size=400), st.sampled_from(EvidenceKind))
def test_no_name_leads_anywhere_or_hides_what_it_is(name: str, kind: EvidenceKind) -> None:
    kept = clean_name(name, kind)
    assert 4 < len(kept) <= NAME_LENGTH
    assert kept.endswith({"pdf": ".pdf", "jpeg": ".jpg", "png": ".png"}[kind])
    assert not set(kept) & set('/\\<>:"|?*%;')
    assert not any(unicodedata.category(each)[0] == "C" for each in kept)
    assert not kept.startswith((".", " "))
    assert clean_name(kept, kind) == kept
