"""The unpublished figures of a region: who sees them, and that nobody else does by way of a cache."""

from __future__ import annotations

from flask import Response, after_this_request

from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.network import list_regions
from webapp.web.access import may

NOT_TO_BE_PASSED_ON = "unpublished figures, not to be passed on"
"""In files, beside every row."""


def wants_unpublished(code: str) -> bool:
    """Whether whoever asks may read the unpublished figures of a region; costs visitors no query."""
    if not may(Permission.READ_REGION):
        return False
    region = next((region for region in list_regions(db.session) if region.code == code), None)
    return region is not None and may(Permission.READ_REGION, region)


def keep_to_oneself() -> None:
    """Let nothing between here and the reader keep the answer."""

    @after_this_request
    def _mark(response: Response) -> Response:
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex"
        return response
