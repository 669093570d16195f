"""Mails with news of saved searches: what they tell of, and what the link that pauses one does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import Flask, url_for
from flask_babel import gettext

from webapp.errors import NotFound
from webapp.models import DbSession, OneTimeLink, Partner, SavedSearch, Startup
from webapp.permissions import Actor
from webapp.services.actors import memberships_of
from webapp.services.alerts import KIND, PAUSE
from webapp.services.saved_searches import get_saved_search, pause
from webapp.services.search_news import MATCHES, noun_of, organisation_key, published_rows, still_published
from webapp.web.formats import localized, name_of
from webapp.web.link_purposes import LINK_PURPOSES, LinkDone, LinkPage, LinkPurpose
from webapp.web.mail_subjects import SUBJECTS, Values
from webapp.web.saved_search_words import news_text

MOST_NAMED = 10
"""How many entries of a search a mail names; its page has the others."""


class Entry(NamedTuple):
    """An entry as a mail names it."""

    url: str
    name: str
    text: str


@dataclass(frozen=True)
class Told:
    """What a mail tells of one search."""

    saved: SavedSearch
    news: str
    count: int
    entries: Sequence[Entry]
    url: str
    """Where all that is new stands."""
    link_id: int


def alert_subjects(session: DbSession, values: Values) -> dict[str, Any] | None:
    """The searches with what is new in them and still public; nothing if that is nothing."""
    found = [told for told in (_told(session, each) for each in values["searches"]) if told is not None]
    return {"found": found, "total": sum(told.count for told in found)} if found else None


def _told(session: DbSession, values: Mapping[str, Any]) -> Told | None:
    saved = session.get(SavedSearch, values["search_id"])
    if saved is None or saved.paused_at is not None or not _is_theirs(session, saved):
        return None
    noun = noun_of(saved)
    ids = still_published(session, noun, values["ids"])
    if not ids:
        return None
    return Told(
        saved,
        news_text(saved, noun, len(ids)),
        len(ids),
        [_entry(row) for row in published_rows(session, noun, ids[:MOST_NAMED])],
        url_for("saved_searches.news", search_id=saved.id, _external=True),
        values["link_id"],
    )


def _is_theirs(session: DbSession, saved: SavedSearch) -> bool:
    """Whether its person still acts for the organisation whose matches it is, if it is of matches."""
    return saved.noun != MATCHES or organisation_key(saved) in memberships_of(session, saved.person_id)


def _entry(row: Startup | Partner) -> Entry:
    is_startup = isinstance(row, Startup)
    url = url_for("directory.startup" if is_startup else "partners.partner", slug=row.slug, _external=True)
    return Entry(url, name_of(row), localized(row.pitch if isinstance(row, Startup) else row.summary).text)


def _search(session: DbSession, link: OneTimeLink) -> SavedSearch:
    saved = session.get(SavedSearch, link.subject_id)
    if saved is None or saved.person_id != link.person_id:
        raise NotFound("saved-search", id=link.subject_id)
    return saved


def _describe_pause(session: DbSession, link: OneTimeLink) -> LinkPage:
    return LinkPage(
        gettext("No more mails about “%(name)s”?", name=_isolated(_search(session, link))),
        (
            gettext(
                "The search stays saved. You can look at what is new in it, and have mails again whenever you like."
            ),
        ),
        gettext("Pause this search"),
    )


def _pause(session: DbSession, actor: Actor, link: OneTimeLink, form: Mapping[str, str]) -> LinkDone:
    saved = _search(session, link)
    pause(session, actor, get_saved_search(session, actor, saved.id))
    return LinkDone(
        gettext("The search is paused"),
        (gettext("There are no more mails about “%(name)s”.", name=_isolated(saved)),),
        url_for("saved_searches.searches"),
        gettext("My saved searches"),
    )


def _isolated(saved: SavedSearch) -> str:
    return f"\u2068{saved.name}\u2069"


def init_app(app: Flask) -> None:
    """Say what these mails and links are about."""
    SUBJECTS[KIND] = alert_subjects
    LINK_PURPOSES[PAUSE] = LinkPurpose(_describe_pause, _pause)
