"""The cells by which a row of a file names a profile."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.models import Partner, Startup
from webapp.web.formats import name_of

PROFILE_COLUMNS = ("noun", "slug", "name")


def profile_cells(profile: Startup | Partner) -> Mapping[str, str]:
    """A value for each of ``PROFILE_COLUMNS``; the name is that of the reader's script."""
    return {"noun": profile.noun, "slug": profile.slug, "name": name_of(profile)}
