"""What network roles are called."""

from __future__ import annotations

from flask_babel import gettext

from webapp.models import NetworkRole


def network_role_name(role: NetworkRole) -> str:
    """A role, in the reader's language."""
    return {
        NetworkRole.AUTHORITY: gettext("Authority"),
        NetworkRole.STAFF: gettext("Staff"),
        NetworkRole.ADMINISTRATOR: gettext("Administrator"),
    }[role]
