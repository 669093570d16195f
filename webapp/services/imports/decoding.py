"""From bytes to lines of text: which encoding a text file is in, even if its parts were written in different ones."""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass, field

from charset_normalizer import from_bytes

from webapp.errors import Invalid

LEGACY = ("cp1252", "cp1256", "cp1250", "cp1251", "cp1254", "mac_roman", "cp1253", "cp1255")
"""The encodings that spreadsheet programs wrote before Unicode. The first that fits as well as any other is taken."""

SAMPLE = 50_000
"""How many bytes of text outside ASCII are enough to tell an encoding."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass
class Lines:
    """The lines of a text file, with their line ends."""

    lines: list[str]
    encoding: str
    repaired: set[int] = field(default_factory=set)
    """Lines, from 1, that were in another encoding than the others."""


def decode(data: bytes, encoding: str | None = None) -> Lines:
    """The lines of a file, in the given encoding or in the one that it seems to be in.

    Where some lines are UTF-8 and others are not, the others are read in the legacy encoding that fits them best.

    Raises:
        Invalid: ``not-in-encoding``: the bytes are not in the ``encoding`` that was given.
    """
    certain = encoding or _marked(data)
    if certain:
        try:
            return Lines(_split(data.decode(certain)), certain)
        except UnicodeDecodeError:
            raise Invalid("not-in-encoding", encoding=certain) from None
    try:
        return Lines(_split(data.decode("utf-8")), "utf-8")
    except UnicodeDecodeError:
        return _decode_mixed(data)


def _split(text: str) -> list[str]:
    """Lines as spreadsheets know them. ``str.splitlines`` knows more line ends, which stand inside cells."""
    return list(io.StringIO(text, newline=""))


def _marked(data: bytes) -> str | None:
    """The Unicode encoding that a byte order mark shows, or zero bytes in every other place."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    head = data[:2000]
    if len(head) >= 4 and head[1::2].count(0) > len(head) * 0.3:
        return "utf-16-le"
    if len(head) >= 4 and head[::2].count(0) > len(head) * 0.3:
        return "utf-16-be"
    return None


def _decode_mixed(data: bytes) -> Lines:
    parts = data.splitlines(keepends=True)
    texts: list[str | None] = []
    for part in parts:
        try:
            texts.append(part.decode("utf-8"))
        except UnicodeDecodeError:
            texts.append(None)
    legacy = guess_legacy(b"".join(part for part, text in zip(parts, texts, strict=True) if text is None))
    is_mixed = any(text is not None and not text.isascii() for text in texts)
    repaired = {number for number, text in enumerate(texts, start=1) if text is None} if is_mixed else set()
    # A byte that the encoding leaves undefined becomes U+FFFD, which readers see and the row's note explains.
    lines = [
        part.decode(legacy, errors="replace") if text is None else text for part, text in zip(parts, texts, strict=True)
    ]
    return Lines(lines, f"utf-8 and {legacy}" if is_mixed else legacy, repaired)


def guess_legacy(data: bytes) -> str:
    """The legacy encoding that bytes fit best."""
    matches = from_bytes(data[:SAMPLE], cp_isolation=list(LEGACY), language_threshold=0.1)
    if not matches:
        return LEGACY[0]
    least = min(match.chaos for match in matches) + 0.01
    calm = [match for match in matches if match.chaos <= least]
    most = max(match.coherence for match in calm) - 0.01
    fitting = {name for match in calm if match.coherence >= most for name in match.could_be_from_charset}
    return next((name for name in LEGACY if name in fitting), LEGACY[0])
