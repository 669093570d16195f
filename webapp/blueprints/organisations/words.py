"""What the pages of organisations say of codes: how a profile stands, what a member is, what to do next."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from flask_babel import gettext

from webapp.models import Invitation, MembershipRole
from webapp.services.invitations import is_expired
from webapp.services.overview import Standing


class Said(NamedTuple):
    """How a profile stands: a mark, and what can be done about it."""

    text: str
    tone: str
    next_step: str


def standing_words(standing: Standing) -> Said:
    """How a profile stands, and what comes next."""
    says = {
        Standing.DRAFT: Said(
            gettext("Draft"), "warm", gettext("Only you and the park see it. Complete it, then send it to the park.")
        ),
        Standing.IN_REVIEW: Said(
            gettext("Being checked"), "warm", gettext("The park is checking it. You need not do anything.")
        ),
        Standing.RETURNED: Said(gettext("Returned"), "alert", gettext("The park asks you to change something:")),
        Standing.PUBLISHED: Said(gettext("Published"), "good", ""),
        Standing.PUBLISHED_DRAFT: Said(
            gettext("Published"), "good", gettext("There are changes that you have not sent to the park yet.")
        ),
        Standing.PUBLISHED_IN_REVIEW: Said(gettext("Published"), "good", gettext("The park is checking your changes.")),
        Standing.PUBLISHED_RETURNED: Said(
            gettext("Published"), "good", gettext("The park asks you to change something:")
        ),
        Standing.WITHDRAWN: Said(
            gettext("Withdrawn"), "alert", gettext("The public no longer sees it. Ask the park if that is wrong.")
        ),
    }
    return says[standing]


def role_name(role: str) -> str:
    """What a member is."""
    return {MembershipRole.OWNER: gettext("Owner"), MembershipRole.EDITOR: gettext("Editor")}[MembershipRole(role)]


def has_expired(invitation: Invitation) -> bool:
    """Whether an invitation's time is over."""
    return is_expired(invitation)


FUNCTIONS: tuple[Callable[..., object], ...] = (standing_words, role_name, has_expired)
