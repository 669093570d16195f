"""What the views of a partner's challenges share: finding a challenge by the partner's address and its own."""

from __future__ import annotations

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models import Challenge, Partner
from webapp.permissions import Permission
from webapp.services.challenges import get_challenge
from webapp.services.organisations import get_organisation
from webapp.web.access import current_actor


def get_partner(slug: str) -> Partner:
    """The partner of an address, for those who post challenges for it."""
    found = get_organisation(db.session, current_actor(), Partner.noun, slug, Permission.POST_CHALLENGE)
    if not isinstance(found, Partner):
        raise NotFound("organisation", noun=Partner.noun, slug=slug)
    return found


def get_own_challenge(partner: str, slug: str) -> Challenge:
    """The challenge of an address, for those who work on it."""
    challenge = get_challenge(db.session, current_actor(), slug)
    if challenge.partner is not get_partner(partner):
        raise NotFound("challenge", slug=slug)
    return challenge
