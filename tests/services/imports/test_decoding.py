from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.errors import Invalid
from webapp.services.imports.decoding import decode, guess_legacy

FRENCH = "nom;ville\nÉlan numérique;Fès\nPêcheur à l’œuvre;Tétouan\n"
ARABIC = "الاسم;المدينة\nشركة ناشئة في الفلاحة;الدار البيضاء\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_french_files_are_read_in_the_encoding_they_are_in(encoding: str) -> None:
    assert "".join(decode(FRENCH.encode(encoding)).lines) == FRENCH


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1256"])
def test_arabic_files_are_read_in_the_encoding_they_are_in(encoding: str) -> None:
    decoded = decode(ARABIC.encode(encoding))
    assert "".join(decoded.lines) == ARABIC
    assert not decoded.repaired


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Montréal – l’été coûte 5 €", "cp1252"),
        ("España, año, niño", "cp1252"),
        ("شركة", "cp1256"),
        ("Zażółć gęślą jaźń, przedsiębiorstwo", "cp1250"),
        ("Общество с ограниченной ответственностью", "cp1251"),
    ],
)
def test_legacy_encodings_are_told_from_little_text(text: str, encoding: str) -> None:
    assert guess_legacy(text.encode(encoding)) == encoding


def test_lines_in_another_encoding_are_repaired_and_known() -> None:
    lines = ["nom\n", "Élan\n", "Fès\n", "plain\n"]
    data = lines[0].encode() + lines[1].encode() + lines[2].encode("cp1252") + lines[3].encode()
    decoded = decode(data)
    assert decoded.lines == lines
    assert decoded.repaired == {3}
    assert decoded.encoding == "utf-8 and cp1252"


def test_a_given_encoding_is_believed() -> None:
    assert decode("é".encode("cp850"), "cp850").lines == ["é"]
    with pytest.raises(Invalid, match="not-in-encoding"):
        decode("é".encode("cp1252"), "utf-8")


@given(st.binary(max_size=200))
def test_any_bytes_become_lines(data: bytes) -> None:
    assert all(isinstance(line, str) for line in decode(data).lines)
