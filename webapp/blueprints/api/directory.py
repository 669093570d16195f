"""Startups and partners: the directories, the profiles, and who should meet whom."""

from __future__ import annotations

from pydantic import BaseModel, Field

from webapp.blueprints.api.answering import Answer
from webapp.blueprints.api.asking import Asked, AskedOfPartners, AskedOfStartups
from webapp.blueprints.api.dates import profile_date
from webapp.blueprints.api.lists import look_up
from webapp.blueprints.api.partner_models import (
    PartnerEntry,
    PartnerPage,
    PartnerProfile,
    partner_entry,
    partner_profile,
)
from webapp.blueprints.api.startup_models import (
    SimilarStartups,
    StartupEntry,
    StartupPage,
    StartupProfile,
    startup_entry,
    startup_profile,
)
from webapp.blueprints.api.texts import Sentence, sentence
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.services.directory import similar_startups
from webapp.services.matches import MatchView, matches_for_partner, matches_for_startup
from webapp.services.profiles import get_partner, get_startup
from webapp.services.residency_days import parks_on
from webapp.web.directories import PARTNERS, STARTUPS
from webapp.web.locale import current_language
from webapp.web.marks import today
from webapp.web.reasons import reason_text
from webapp.web.site import current_search


class Match(BaseModel):
    """How well two fit, and why."""

    strength: str = Field(description="`strong`, `good` or `possible`.", examples=["strong"])
    steps: int = Field(description="1 to 5.", examples=[5])
    reasons: list[Sentence] = Field(description="The weightiest first.")
    against: Sentence | None = Field(description="What speaks most against it.")


class PartnerMatch(Match):
    """A partner that a startup should meet."""

    partner: PartnerEntry


class StartupMatch(Match):
    """A startup that a partner should meet."""

    startup: StartupEntry


class MatchesOfStartup(BaseModel):
    """The partners that a startup should meet, best first, by kind."""

    investor: list[PartnerMatch]
    mentor: list[PartnerMatch]
    corporate: list[PartnerMatch]


class MatchesOfPartner(BaseModel):
    """The startups that a partner should meet, best first."""

    items: list[StartupMatch]


def startups(query: AskedOfStartups) -> Answer[StartupPage]:
    """A page of the directory of startups."""
    if query.as_of and query.as_of > today():
        raise NotFound("not-yet")
    parks = parks_on(db.session, query.as_of) if query.as_of else None
    listing, page = look_up(STARTUPS, query, parks.carried if parks else None)
    items = [startup_entry(row, parks) for row in listing.rows]
    return Answer(StartupPage(items=items, as_of=query.as_of, **page))


def startup(_query: Asked, slug: str) -> Answer[StartupProfile]:
    """A startup's profile."""
    found = get_startup(db.session, slug)
    return Answer(startup_profile(found), changed_at=profile_date(found.updated_at))


def similar(_query: Asked, slug: str) -> Answer[SimilarStartups]:
    """Those similar to a startup."""
    found = similar_startups(db.session, current_search(), get_startup(db.session, slug))
    return Answer(SimilarStartups(items=[startup_entry(row) for row in found]))


def startup_matches(_query: Asked, slug: str) -> Answer[MatchesOfStartup]:
    """Whom a startup should meet."""
    found = matches_for_startup(db.session, get_startup(db.session, slug), current_language().code)
    kinds = {
        kind.value: [PartnerMatch(partner=partner_entry(match.partner), **_parts(match)) for match in group]
        for kind, group in found.items()
    }
    return Answer(MatchesOfStartup(**kinds))


def partners(query: AskedOfPartners) -> Answer[PartnerPage]:
    """A page of the directory of partners."""
    listing, page = look_up(PARTNERS, query)
    return Answer(PartnerPage(items=[partner_entry(row) for row in listing.rows], **page))


def partner(_query: Asked, slug: str) -> Answer[PartnerProfile]:
    """A partner's profile."""
    found = get_partner(db.session, slug)
    return Answer(partner_profile(found))


def partner_matches(_query: Asked, slug: str) -> Answer[MatchesOfPartner]:
    """Whom a partner should meet."""
    found = matches_for_partner(db.session, get_partner(db.session, slug), current_language().code)
    items = [StartupMatch(startup=startup_entry(match.startup), **_parts(match)) for match in found]
    return Answer(MatchesOfPartner(items=items))


def _parts(match: MatchView) -> dict[str, object]:
    told = [sentence(reason.code, text) for reason in match.reasons if (text := reason_text(reason))]
    against = reason_text(match.counter) if match.counter else ""
    return {
        "strength": match.strength,
        "steps": match.steps,
        "reasons": told,
        "against": sentence(match.counter.code, against) if match.counter and against else None,
    }
