"""Addresses that last: former slugs lead to the present one for ever, and every published profile has a short one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slugify import slugify
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from webapp.errors import Invalid
from webapp.models import DbSession, Partner, ProfileMerge, PublicationState, SlugRedirect, Startup
from webapp.permissions import Actor, Permission, require
from webapp.services.slugs import LENGTH

MODELS: Mapping[str, type[Startup] | type[Partner]] = {Startup.noun: Startup, Partner.noun: Partner}

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: no letter that is read as another letter or as a digit."""
_READ_AS = str.maketrans("oil", "011")
LONGEST_CODE = 12


def short_code(row_id: int) -> str:
    """The id of a profile as its short address has it."""
    digits = ""
    while row_id or not digits:
        row_id, digit = divmod(row_id, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    return digits


def read_short_code(text: str) -> int | None:
    """The id in a short address, as typed from paper: capitals, and letters that look like digits, are understood."""
    letters = text.strip().lower().translate(_READ_AS)
    if not letters or len(letters) > LONGEST_CODE or not set(letters) <= set(ALPHABET):
        return None
    row_id = 0
    for letter in letters:
        row_id = row_id * len(ALPHABET) + ALPHABET.index(letter)
    return row_id


def resolve_slug(session: DbSession, noun: str, slug: str) -> str | None:
    """The present slug of a published profile that was once at this one; nothing if none was (one query)."""
    model: Any = MODELS[noun]
    statement = select(model.slug).join(SlugRedirect, SlugRedirect.object_id == model.id)
    former = statement.where(SlugRedirect.noun == noun, SlugRedirect.slug == slug)
    found: str | None = session.scalar(former.where(model.state == PublicationState.PUBLISHED))
    return found


def find_former(session: DbSession, noun: str, slug: str) -> Startup | Partner | None:
    """The profile, published or not, that was once at this slug."""
    model: Any = MODELS[noun]
    statement = select(model).join(SlugRedirect, SlugRedirect.object_id == model.id)
    found: Startup | Partner | None = session.scalar(
        statement.where(SlugRedirect.noun == noun, SlugRedirect.slug == slug)
    )
    return found


def resolve_short_code(session: DbSession, noun: str, code: str) -> str | None:
    """The slug of the published profile with this short address, or of that into which it was merged."""
    row_id = read_short_code(code)
    if row_id is None or row_id > _LARGEST_ID:
        return None
    model: Any = MODELS[noun]
    published = select(model.slug).where(model.state == PublicationState.PUBLISHED)
    found: str | None = session.scalar(published.where(model.id == row_id))
    if found is None:
        merged = select(ProfileMerge.kept_id).where(ProfileMerge.noun == noun, ProfileMerge.gone_id == row_id)
        found = session.scalar(published.where(model.id.in_(merged)))
    return found


_LARGEST_ID = 2**31 - 1
"""What a column of ids holds."""


def former_slugs(session: DbSession, actor: Actor, profile: Startup | Partner) -> list[str]:
    """The former slugs of a profile, the latest first.

    Raises:
        NotAllowed: the actor is no staff.
    """
    require(actor, Permission.STAFF)
    of_it = select(SlugRedirect.slug).where(SlugRedirect.noun == profile.noun, SlugRedirect.object_id == profile.id)
    return list(session.scalars(of_it.order_by(SlugRedirect.id.desc())))


def rename(session: DbSession, actor: Actor, profile: Startup | Partner, slug: str) -> bool:
    """Give a profile another slug; its former one leads to it for ever, and nobody else gets it.

    Returns:
        Whether it is another one.

    Raises:
        NotAllowed: the actor is no staff.
        Invalid: ``slug-form`` (``wanted``: what it would have to be), ``slug-taken``: another profile has or had it.
    """
    require(actor, Permission.STAFF)
    slug = slug.strip()
    wanted = slugify(slug, max_length=LENGTH, word_boundary=True)
    if not slug or slug != wanted:
        raise Invalid("slug-form", wanted=wanted)
    if slug == profile.slug:
        return False
    _refuse_taken(session, profile, slug)
    former = profile.slug
    try:
        with session.begin_nested():
            own = select(SlugRedirect).where(SlugRedirect.noun == profile.noun, SlugRedirect.slug == slug)
            for redirect in session.scalars(own):
                session.delete(redirect)
            profile.slug = slug
            keep_slug(session, profile, former)
            session.flush()
    except IntegrityError:
        session.refresh(profile)
        raise Invalid("slug-taken", slug=slug) from None
    return True


def keep_slug(session: DbSession, profile: Startup | Partner, former: str) -> None:
    """Let a former slug lead to a profile."""
    session.add(SlugRedirect(noun=profile.noun, slug=former, object_id=profile.id))


def _refuse_taken(session: DbSession, profile: Startup | Partner, slug: str) -> None:
    model = type(profile)
    has = select(func.count()).select_from(model).where(model.slug == slug, model.id != profile.id)
    had = select(func.count()).where(
        SlugRedirect.noun == profile.noun, SlugRedirect.slug == slug, SlugRedirect.object_id != profile.id
    )
    if session.scalar(has) or session.scalar(had):
        raise Invalid("slug-taken", slug=slug)
