"""The mails of this site as their readers would get them, during development only."""

from __future__ import annotations

from email.message import EmailMessage

import sqlalchemy as sa
import structlog
from flask import make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from webapp.errors import NotFound
from webapp.extensions import db
from webapp.models import OutgoingMail
from webapp.permissions import Permission
from webapp.web.access import allow
from webapp.web.locale import preferred_language
from webapp.web.mail import render_mail
from webapp.web.security import CONTENT_SECURITY_POLICY as PAGES_POLICY

SHOWN = 100
log = structlog.get_logger(__name__)

CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups"
"""Of a mail's HTML: mail programs know no style sheets, so its styles are inline; nothing in it runs."""


@allow(Permission.DEVELOP)
def entrance() -> ResponseReturnValue:
    """Lead to the mailbox in the reader's language."""
    return redirect(url_for("development.mailbox", lang=preferred_language()))


@allow(Permission.DEVELOP)
def mailbox() -> str:
    """The newest mails."""
    newest = sa.select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(SHOWN)
    mails = db.session.scalars(newest).all()
    subjects = {mail.id: message["Subject"] for mail in mails if (message := _message(mail))}
    return render_template("development/mailbox.html", mails=mails, subjects=subjects)


@allow(Permission.DEVELOP)
def mail(mail_id: int) -> ResponseReturnValue:
    """One mail: its headers, its plain text, and its HTML in a frame."""
    found, message = _find(mail_id)
    plain = message.get_body(("plain",))
    page = render_template(
        "development/mail.html",
        mail=found,
        headers=list(message.items()),
        subject=message["Subject"],
        plain=plain.get_content() if plain else "",
        files=[part.get_filename() for part in message.iter_attachments()],
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = f"{PAGES_POLICY}; frame-src 'self'"
    return response


@allow(Permission.DEVELOP)
def mail_html(mail_id: int) -> ResponseReturnValue:
    """The HTML text of a mail, alone."""
    _, message = _find(mail_id)
    body = message.get_body(("html",))
    response = make_response(body.get_content() if body else "")
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    return response


def _find(mail_id: int) -> tuple[OutgoingMail, EmailMessage]:
    found = db.session.get(OutgoingMail, mail_id)
    message = _message(found) if found else None
    if found is None or message is None:
        raise NotFound("mail", id=mail_id)
    return found, message


def _message(mail: OutgoingMail) -> EmailMessage | None:
    """The message as it would be put into words now; nothing if it is no longer true, or cannot be."""
    try:
        return render_mail(db.session(), mail)
    except Exception:
        # Whoever writes a message sees here what is wrong with it, and still sees the others.
        log.exception("mail cannot be put into words", mail=mail.id, kind=mail.kind)
        return None
