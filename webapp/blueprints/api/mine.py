"""What a token's owner has: their introductions and saved searches."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from webapp.blueprints.api.answering import Answer
from webapp.blueprints.api.asking import Asked, AskedOfMine
from webapp.blueprints.api.texts import Sentence, sentence
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models import Introduction, SavedSearch
from webapp.permissions import side_of
from webapp.search.query import page_count
from webapp.services.introduction_lists import answer_shown, count_introductions, list_introductions, waits_for
from webapp.services.saved_searches import list_saved_searches
from webapp.web.introduction_words import STANDINGS
from webapp.web.programs import current_program
from webapp.web.saved_search_words import saved_search_url
from webapp.web.site import site_url


class OwnIntroduction(BaseModel):
    """An introduction as its owner's side reads of it. Contact details are on its page only, once both sides agreed."""

    reference: str
    startup: str = Field(description="Slug.")
    partner: str = Field(description="Slug.")
    asked_by: str = Field(description="Which side asked: `startup` or `partner`.")
    standing: Sentence
    is_waiting_for_you: bool
    created_at: datetime
    updated_at: datetime


class OwnIntroductions(BaseModel):
    """A page of introductions, the latest change first."""

    total: int
    page: int
    pages: int
    per_page: int
    items: list[OwnIntroduction]


class OwnSearch(BaseModel):
    """A saved search."""

    name: str
    of: str = Field(description="`startup` or `partner` for a directory; `match` for the matches of an organisation.")
    parameters: dict[str, str | int | list[str]] = Field(description="What it asks the directory for.")
    url: str = Field(description="Its page on the site.")
    frequency: str = Field(description="How often its owner is told of news: `daily`, `weekly` or `never`.")
    created_at: datetime


class OwnSearches(BaseModel):
    """One's saved searches, by name."""

    items: list[OwnSearch]


def introductions(query: AskedOfMine) -> Answer[OwnIntroductions]:
    """A page of the owner's introductions."""
    actor = current_program().actor
    total = count_introductions(db.session, actor)
    pages = page_count(total, query.per_page)
    if query.page > pages:
        raise NotFound("page", pages=pages)
    offset = (query.page - 1) * query.per_page
    found = list_introductions(db.session, actor, limit=query.per_page, offset=offset)
    items = [_introduction(each) for each in found]
    content = OwnIntroductions(total=total, page=query.page, pages=pages, per_page=query.per_page, items=items)
    return Answer(content, is_private=True)


def _introduction(introduction: Introduction) -> OwnIntroduction:
    actor = current_program().actor
    side = side_of(actor, introduction)
    if side is None:
        raise NotFound("introduction", reference=introduction.reference)
    code = answer_shown(introduction, side).code
    return OwnIntroduction(
        reference=introduction.reference,
        startup=introduction.startup.slug,
        partner=introduction.partner.slug,
        asked_by=introduction.asked_by,
        standing=sentence(code, str(STANDINGS[code].name)),
        is_waiting_for_you=waits_for(actor, introduction),
        created_at=introduction.created_at,
        updated_at=introduction.updated_at,
    )


def saved_searches(_query: Asked) -> Answer[OwnSearches]:
    """The owner's saved searches."""
    found = list_saved_searches(db.session, current_program().actor)
    return Answer(OwnSearches(items=[_search(each) for each in found]), is_private=True)


def _search(saved: SavedSearch) -> OwnSearch:
    return OwnSearch(
        name=saved.name,
        of=saved.noun,
        parameters=saved.parameters,
        url=site_url() + saved_search_url(saved),
        frequency=saved.frequency,
        created_at=saved.created_at,
    )
