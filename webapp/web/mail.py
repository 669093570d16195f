"""Putting mails into words: a row becomes a message with a plain and an HTML text in its reader's language."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from html import unescape
from typing import Any

from flask import Flask, current_app, g, url_for
from jinja2 import Template

from webapp.i18n import LANGUAGES
from webapp.models import DbSession, OutgoingMail, utc_now
from webapp.services.mail_kinds import MAIL_KINDS
from webapp.web.mail_subjects import SUBJECTS, attachment_of, subjects_of
from webapp.web.signed_links import link_token, unsubscribe_token
from webapp.web.site import current_settings

_FORMATS = {
    "html": ("mail/layout.html", "mail/parts.html"),
    "plain": ("mail/layout.txt", "mail/parts.txt"),
    "address": ("mail/layout_address.txt", "mail/parts_address.txt"),
}


def render_mail(session: DbSession, mail: OutgoingMail) -> EmailMessage | None:
    """The message of a mail, complete with its headers; nothing if it is not true any more.

    Needs an application context, not a request.
    """
    with _in_language_of(mail):
        subjects = subjects_of(session, mail)
        if subjects is None:
            return None
        template = current_app.jinja_env.get_template(f"mail/{mail.kind}/message.html")
        context = _context(mail, subjects)
        message = EmailMessage(policy=SMTP.clone(max_line_length=200))
        _set_headers(message, mail, _subject(template, context))
        message.set_content(_plain(template, context))
        message.add_alternative(template.render(_formatted(context, "html")), subtype="html")
        attachment = attachment_of(session, mail)
        if attachment is not None:
            maintype, subtype, parameters = _parsed(attachment.mimetype)
            message.add_attachment(
                attachment.content, maintype=maintype, subtype=subtype, filename=attachment.filename, params=parameters
            )
        # Last, since building the parts takes all headers about content into the first of them.
        message["Content-Language"] = mail.language
        return message


@contextmanager
def _in_language_of(mail: OutgoingMail) -> Iterator[None]:
    """A context of its own as if the mail's reader had asked for a page, so that texts and addresses are theirs."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.app_context(), app.test_request_context(f"/{mail.language}/", base_url=base_url()):
        g.language = LANGUAGES[mail.language]
        yield


def base_url() -> str:
    """The address of the site in mails, where no request tells it."""
    return current_settings().site_url.rstrip("/") or f"http://localhost:{os.environ.get('PORT', '8000')}"


def _context(mail: OutgoingMail, subjects: dict[str, Any]) -> dict[str, Any]:
    person = mail.person
    can_be_refused = person is not None and MAIL_KINDS[mail.kind].can_be_refused
    context: dict[str, Any] = {
        "mail": mail,
        "values": mail.values,
        "person": person,
        "mail_url": _mail_url,
        "link_url": _link_url,
        "unsubscribe_url": _unsubscribe_url(mail) if can_be_refused else None,
        **subjects,
    }
    current_app.update_template_context(context)
    return context


def _digest(session: DbSession, values: Mapping[str, Any]) -> dict[str, Any] | None:
    """The subjects of the mails that a digest replaces, as far as they are still true."""
    entries = []
    for mail_id in values["mails"]:
        gathered = session.get(OutgoingMail, mail_id)
        subjects = subjects_of(session, gathered) if gathered else None
        if gathered is not None and subjects is not None:
            template = current_app.jinja_env.get_template(f"mail/{gathered.kind}/message.html")
            context = _context(gathered, subjects)
            entries.append((_subject(template, context), _address(template, context)))
    return {"entries": entries} if entries else None


SUBJECTS["digest"] = _digest


def _mail_url(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, _external=True, **values)


def _link_url(link_id: int) -> str:
    return _mail_url("mail_links.link", token=link_token(link_id))


def _unsubscribe_url(mail: OutgoingMail) -> str:
    if mail.person is None:
        raise ValueError("nobody to unsubscribe")
    return _mail_url("mail_links.unsubscribe", token=unsubscribe_token(mail.person, mail.kind))


def _formatted(context: dict[str, Any], format_name: str) -> dict[str, Any]:
    layout, parts = _FORMATS[format_name]
    return context | {"layout": layout, "parts": parts}


def _subject(template: Template, context: dict[str, Any]) -> str:
    """The block ``subject`` in one line."""
    block = template.blocks["subject"](template.new_context(_formatted(context, "plain")))
    return " ".join(unescape("".join(block)).split())


def _address(template: Template, context: dict[str, Any]) -> str:
    """Where the first button of a mail leads; the home page if it has none."""
    addresses = unescape(template.render(_formatted(context, "address"))).split()
    return addresses[0] if addresses else _mail_url("pages.home")


def _plain(template: Template, context: dict[str, Any]) -> str:
    """The plain text: what was escaped for HTML is put back, and blank lines come one at a time."""
    text = unescape(template.render(_formatted(context, "plain")))
    lines = "\n".join(line.strip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def _set_headers(message: EmailMessage, mail: OutgoingMail, subject: str) -> None:
    name, sender = parseaddr(current_settings().mail_sender)
    message["Subject"] = subject
    message["From"] = Address(name, addr_spec=sender)
    message["To"] = mail.address
    message["Date"] = format_datetime(utc_now())
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    if mail.person is not None and MAIL_KINDS[mail.kind].can_be_refused:
        # RFC 8058: a mail program ends the mails with one POST, without opening a page.
        message["List-Unsubscribe"] = f"<{_unsubscribe_url(mail)}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _parsed(mimetype: str) -> tuple[str, str, dict[str, str]]:
    kind, *parameters = (part.strip() for part in mimetype.split(";"))
    maintype, subtype = kind.split("/")
    return maintype, subtype, dict(parameter.split("=", 1) for parameter in parameters)
