"""Keeping what people typed from being taken for a formula by a spreadsheet program that opens an export."""

from __future__ import annotations

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutralise(text: str) -> str:
    """A text that no spreadsheet program takes for a formula: an apostrophe is put before one that it would."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text
