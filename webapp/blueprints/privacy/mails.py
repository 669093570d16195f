"""What the mails about privacy tell of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from webapp.models import Account, DbSession
from webapp.web.mail_subjects import SUBJECTS


def _idle_account(session: DbSession, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The day of the erasure, unless the account was used meanwhile or is gone."""
    account = session.get(Account, values["account_id"])
    if account is None or account.idle_warned_at is None:
        return None
    if account.signed_in_at is not None and account.signed_in_at > account.idle_warned_at:
        return None
    return {"erased_on": date.fromisoformat(values["erased_on"])}


def register() -> None:
    """Make them known to those who put mails into words."""
    SUBJECTS["account-idle"] = _idle_account
