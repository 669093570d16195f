"""Opening and sending the pages around signing in, as a browser does."""

from __future__ import annotations

import re
from html import unescape

from flask import g
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from webapp.models import OutgoingMail


def ask(client: FlaskClient, path: str, **options: object) -> TestResponse:
    """Open a page, forgetting first what an earlier request left in the suite's application context."""
    for name in list(g):
        g.pop(name)
    return client.get(path, **options)  # type: ignore[arg-type]


def token_of(answer: TestResponse) -> str:
    """The form token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text)
    return found[1] if found else ""


def posted(
    client: FlaskClient, path: str, values: dict[str, str], *, page: str = "", **options: object
) -> TestResponse:
    """Open a page and send its form."""
    token = token_of(ask(client, page or path, follow_redirects=True))
    for name in list(g):
        g.pop(name)
    return client.post(path, data={"csrf_token": token, **values}, **options)  # type: ignore[arg-type]


def text_of(answer: TestResponse) -> str:
    """A page with its entities put back."""
    return unescape(answer.text)


def mails_to(session: Session, address: str) -> list[OutgoingMail]:
    """The mails ordered to an address, the oldest first."""
    session.expire_all()
    return list(session.scalars(select(OutgoingMail).filter_by(address=address).order_by(OutgoingMail.id)))
