"""Slugs: the part of an address that names a profile. Given once, never changed by what lives here.

Staff may give a profile another one (``webapp.services.redirects``); nobody else ever gets the former.
"""

from __future__ import annotations

from slugify import slugify
from sqlalchemy import select

from webapp.models import DbSession, Partner, SlugRedirect, Startup

LENGTH = 80
"""How many characters a slug has at most: what the column holds."""

_ALEFS = [(letter, "a") for letter in "اأآٱةى"]
"""The transliteration of slugify leaves alef out, and most Arabic names would lose their vowels with it."""

FALLBACK = "profile"
"""What a name becomes of which nothing can be written in ASCII."""


class Slugs:
    """Makes slugs that no profile of a model has or had; reads those once, so that one serves a whole import."""

    def __init__(self, session: DbSession, model: type[Startup] | type[Partner]) -> None:
        former = select(SlugRedirect.slug).where(SlugRedirect.noun == model.noun)
        self._taken = {*session.scalars(select(model.slug)), *session.scalars(former)}

    def make(self, name: str) -> str:
        """A new slug from a name in any script: ``dar-al-fikr``, and ``dar-al-fikr-2`` for the next of that name."""
        base = slugify(name, max_length=LENGTH, word_boundary=True, replacements=_ALEFS) or FALLBACK
        slug, number = base, 1
        while slug in self._taken:
            number += 1
            suffix = f"-{number}"
            slug = base[: LENGTH - len(suffix)].rstrip("-") + suffix
        self._taken.add(slug)
        return slug
