"""Slugs: the part of an address that names a profile. Given once, never changed by what lives here.

Staff may give a profile another one (``webapp.services.redirects``); nobody else ever gets the former.
"""

from __future__ import annotations

from collections.abc import Collection

from slugify import slugify
from sqlalchemy import select

from webapp.models import DbSession, Partner, SlugRedirect, Startup

LENGTH = 80
"""How many characters a slug has at most: what the column holds."""

_ALEFS = [(letter, "a") for letter in "اأآٱةى"]
"""The transliteration of slugify leaves alef out, and most Arabic names would lose their vowels with it."""

FALLBACK = "profile"
"""What a name becomes of which nothing can be written in ASCII."""


def numbered_slug(name: str, taken: Collection[str], *, fallback: str = FALLBACK) -> str:
    """A slug that is not taken, from a name in any script."""
    base = slugify(name, max_length=LENGTH, word_boundary=True, replacements=_ALEFS) or fallback
    slug, number = base, 1
    while slug in taken:
        number += 1
        suffix = f"-{number}"
        slug = base[: LENGTH - len(suffix)].rstrip("-") + suffix
    return slug


class Slugs:
    """Makes slugs that no profile of a model has or had; reads those once, so that one serves a whole import."""

    def __init__(self, session: DbSession, model: type[Startup] | type[Partner]) -> None:
        former = select(SlugRedirect.slug).where(SlugRedirect.noun == model.noun)
        self._taken = {*session.scalars(select(model.slug)), *session.scalars(former)}

    def make(self, name: str) -> str:
        """A new slug from a name in any script: ``dar-al-fikr``, and ``dar-al-fikr-2`` for the next of that name."""
        slug = numbered_slug(name, self._taken)
        self._taken.add(slug)
        return slug
