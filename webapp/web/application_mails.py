"""Mails about applications: what they tell of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask

from webapp.models import Application, ApplicationState, DbSession
from webapp.services.applications import address_proof
from webapp.web.application_words import current_rules
from webapp.web.mail_subjects import SUBJECTS, Values
from webapp.web.signed_links import application_token

TRUE_WHILE = {
    "application-received": {ApplicationState.SUBMITTED, ApplicationState.EVALUATED},
    "application-returned": {ApplicationState.RETURNED},
    "application-accepted": {ApplicationState.ACCEPTED},
    "application-refused": {ApplicationState.REFUSED},
}
"""Kind -> in which states it is still true; a link is so in all."""


def application_subjects(session: DbSession, values: Values, *, kind: str = "") -> dict[str, Any] | None:
    """The application and its link, unless its address changed, or it stands otherwise, meanwhile."""
    application = session.get(Application, values["application_id"])
    if application is None or address_proof(application) != values["proof"]:
        return None
    if application.state not in TRUE_WHILE.get(kind, set(ApplicationState)):
        return None
    deleted_on = application.updated_at + timedelta(days=current_rules().draft_days)
    return {
        "application": application,
        "token": application_token(application.reference, values["proof"]),
        "deleted_on": deleted_on,
    }


def _loader(kind: str) -> Any:
    return lambda session, values: application_subjects(session, values, kind=kind)


def init_app(app: Flask) -> None:
    """Say what these mails are about."""
    SUBJECTS["application-"] = application_subjects
    for kind in TRUE_WHILE:
        SUBJECTS[kind] = _loader(kind)
