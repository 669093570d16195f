"""A shortlist as a file: what the pages of its profiles show, and one's own notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flask import Response, jsonify, url_for
from flask_babel import gettext

from webapp.models import Startup
from webapp.services.shortlists import Kept, Organisation
from webapp.web.downloads import download
from webapp.web.formats import localized, name_of, other_name_of
from webapp.web.locale import current_language
from webapp.web.profile_facts import FACTS
from webapp.web.site import site_url


def file_of(kept: Sequence[Kept], name: str, form: str) -> Response:
    """The published profiles of a shortlist with their notes; ``json`` is one object, and all others are tables.

    No cache may keep it. Values are in the reader's language. Columns are named in it too, except in JSON, whose names
    are codes.
    """
    entries = [(each.organisation, each.entry.note) for each in kept if each.organisation is not None]
    records = [dict(_record(organisation, note)) for organisation, note in entries]
    if form == "json":
        response = jsonify({"language": current_language().code, "entries": records})
        response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    else:
        titles = _distinct(_titles(entries))
        rows = [{titles[code]: value for code, value in record.items() if code in titles} for record in records]
        response = download(name, list(titles.values()), rows, form)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _record(organisation: Organisation, note: str) -> Iterator[tuple[str, str | list[str]]]:
    """Codes of what is known of a profile, and what it is."""
    texts = organisation.pitch if isinstance(organisation, Startup) else organisation.summary
    endpoint = "directory.startup" if isinstance(organisation, Startup) else "partners.partner"
    yield "noun", organisation.noun
    yield "name", name_of(organisation)
    if other := other_name_of(organisation):
        yield "other_name", other
    yield "text", localized(texts).text
    for fact in FACTS[organisation.noun]:
        if values := fact.values(organisation):
            yield fact.code, values
    yield "address", site_url() + url_for(endpoint, slug=organisation.slug)
    yield "note", note


def _titles(entries: Sequence[tuple[Organisation, str]]) -> dict[str, str]:
    """Code of each column -> its title; facts of those nouns only that are on the list."""
    nouns = dict.fromkeys(organisation.noun for organisation, _ in entries)
    facts = {fact.code: str(fact.title) for noun in nouns for fact in FACTS[noun]}
    first = {"name": gettext("Name"), "other_name": gettext("Other name"), "text": gettext("What it does")}
    return first | facts | {"address": gettext("Address"), "note": gettext("Your note")}


def _distinct(titles: Mapping[str, str]) -> dict[str, str]:
    """The same titles; where two columns have the same one, the later says its code too."""
    found: dict[str, str] = {}
    for code, title in titles.items():
        found[code] = f"{title} ({code})" if title in found.values() else title
    return found
