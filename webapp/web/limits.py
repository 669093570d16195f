"""Limits on attempts: how often something may be tried from one address on the net, or for one account."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import NamedTuple

import structlog
from flask import Flask, request, session
from flask_limiter.util import get_remote_address
from limits import RateLimitItem, parse
from limits.errors import StorageError
from werkzeug.exceptions import TooManyRequests

from webapp.config import Settings
from webapp.extensions import limiter

logger = structlog.get_logger(__name__)


class Limit(NamedTuple):
    """How often, and counted by what."""

    amount: str
    """As ``10 per 15 minutes``."""
    key: Callable[[], str]
    """What is counted; attempts with an empty one are not."""


def by_place() -> str:
    """The address on the net that a request comes from; a whole building may share it."""
    return get_remote_address()


def by_mail_address() -> str:
    """The mail address that was typed; only its digest is kept."""
    typed = request.form.get("email", "").strip().lower()
    return hashlib.sha256(typed.encode()).hexdigest() if typed else ""


def by_account() -> str:
    """The account that is signed in, or about to be."""
    return session.get("_user_id") or session.get("tf_user_id") or ""


LIMITS: dict[str, tuple[Limit, ...]] = {
    "applications.begin": (Limit("10 per hour", by_mail_address), Limit("60 per hour", by_place)),
    "applications.send_link": (Limit("5 per hour", by_mail_address), Limit("30 per hour", by_place)),
    "applications.documents": (Limit("60 per hour", by_place),),
    "organisations.claim": (Limit("60 per hour", by_account),),
    "evidence.claim": (Limit("60 per hour", by_account),),
    "profiles.evidence": (Limit("60 per hour", by_account),),
    "security.login": (Limit("10 per 15 minutes", by_mail_address), Limit("100 per 15 minutes", by_place)),
    "security.register": (Limit("5 per hour", by_mail_address), Limit("30 per hour", by_place)),
    "security.forgot_password": (Limit("5 per hour", by_mail_address), Limit("30 per hour", by_place)),
    "security.reset_password": (Limit("30 per hour", by_place),),
    "security.send_confirmation": (Limit("5 per hour", by_mail_address), Limit("30 per hour", by_place)),
    "security.confirm_email": (Limit("60 per hour", by_place),),
    "security.verify": (Limit("10 per 15 minutes", by_account),),
    "security.change_password": (Limit("10 per 15 minutes", by_account),),
    "security.change_email": (Limit("5 per hour", by_account),),
    "security.two_factor_token_validation": (Limit("10 per 15 minutes", by_account),),
    "security.two_factor_setup_validate": (Limit("20 per 15 minutes", by_account),),
    "security.two_factor_rescue": (Limit("3 per hour", by_account),),
    "security.mf_recovery": (Limit("10 per 15 minutes", by_account),),
    "security.wan_signin": (Limit("100 per 15 minutes", by_place),),
    "security.wan_signin_response": (Limit("100 per 15 minutes", by_place),),
    "security.wan_verify_response": (Limit("20 per 15 minutes", by_account),),
}
"""Endpoint -> its limits on what is posted."""

READING: dict[str, tuple[Limit, ...]] = {
    "directory.startups_file": (Limit("60 per 10 minutes", by_place),),
    "partners.partners_file": (Limit("60 per 10 minutes", by_place),),
}
"""The same for what is read: whole directories alone. Other reading has no limit, the signs of life least of all."""


def _check() -> None:
    """Stop a request that comes too often.

    Raises:
        TooManyRequests: with the number of seconds to wait.
    """
    if not limiter.enabled:
        return
    endpoint = request.endpoint or ""
    for limit in (LIMITS if request.method == "POST" else READING).get(endpoint, ()):
        key, amount = limit.key(), parse(limit.amount)
        if key and (wait := _seconds_to_wait(amount, endpoint, key)):
            raise TooManyRequests(retry_after=wait)


def _seconds_to_wait(amount: RateLimitItem, endpoint: str, key: str) -> int:
    """Count an attempt; gives 0 if it may be made. Nobody is kept out because the counting fails."""
    try:
        if limiter.limiter.hit(amount, endpoint, key):
            return 0
        reset = limiter.limiter.get_window_stats(amount, endpoint, key).reset_time
    except StorageError as error:
        logger.error("attempts cannot be counted", error=str(error))
        return 0
    return max(1, round(reset - time.time()))


def init_app(app: Flask) -> None:
    """Count attempts, except in tests, which switch it on where they need it."""
    settings: Settings = app.extensions["settings"]
    app.config.from_mapping(
        RATELIMIT_ENABLED=settings.environment != "test",
        RATELIMIT_STORAGE_URI=settings.limiter_storage,
        RATELIMIT_STORAGE_OPTIONS={"wrap_exceptions": True},
        RATELIMIT_STRATEGY="moving-window",
    )
    limiter.init_app(app)
    app.before_request(_check)
