"""What the peers are given: the same texts as our index, field by field, and plain words instead of query syntax."""

from __future__ import annotations

import re

from webapp.search.documents import Document

FIELDS = ("name", "pitch", "terms", "places", "description")
"""The text fields of a document, in the order of their weight."""

_WORD = re.compile(r"\w+")


class PeerMissingError(Exception):
    """An engine cannot take part here; the message says why."""


def field_texts(document: Document) -> dict[str, str]:
    """The texts of each field as one, parted by line breaks; empty for fields without text."""
    return {field: "\n".join(document.texts.get(field, ())) for field in FIELDS}


def plain_words(text: str) -> list[str]:
    """The words of a query in lower case, without the signs and operators that query languages read as syntax."""
    return _WORD.findall(text.lower())
