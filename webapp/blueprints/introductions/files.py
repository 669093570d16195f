"""Own introductions as rows of a file: what the list says, in the reader's language. Contact details are not in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import url_for

from webapp.blueprints.introductions.lists import Listed
from webapp.web.formats import name_of
from webapp.web.site import site_url

COLUMNS = ("reference", "own", "other", "other_name", "asked_by_us", "standing", "your_turn", "updated", "address")


def own_rows(listed: Iterable[Listed]) -> Iterator[Mapping[str, Any]]:
    """A row each, in their order; how one stands is told as its side may read it."""
    for each in listed:
        introduction = each.introduction
        own = introduction.asking if each.is_asking else introduction.asked
        yield {
            "reference": introduction.reference,
            "own": own.slug,
            "other": each.other.slug,
            "other_name": name_of(each.other),
            "asked_by_us": each.is_asking,
            "standing": each.shown.code,
            "your_turn": each.waits,
            "updated": introduction.updated_at.date().isoformat(),
            "address": site_url() + url_for("introductions.introduction", reference=introduction.reference),
        }
