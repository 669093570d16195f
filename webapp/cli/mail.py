"""``flask mail``: send what is due, see what failed, take note of bounces."""

from __future__ import annotations

import sys
from email import message_from_bytes
from email.message import Message
from email.policy import default

import click
from flask.cli import with_appcontext

from webapp.cli.work import new_matcher, send_mail, workplace
from webapp.errors import DomainError
from webapp.extensions import db
from webapp.models import MailState
from webapp.permissions import SYSTEM
from webapp.services.mailroom import note_bounce, open_mails, try_again


@click.group()
def group() -> None:
    """Mail that is to be sent."""


@group.command()
@with_appcontext
def send() -> None:
    """Send once what is due; the worker does so by itself."""
    done = send_mail(workplace(new_matcher()))
    click.echo(f"{done.sent} sent, {done.put_off} put off, {done.failed} failed, {done.cancelled} no longer true.")
    if done.server_away:
        raise click.ClickException(f"The mail server is away, so mails wait: {done.server_away}")


@group.command("list")
@click.option("--failed", is_flag=True, help="Only what failed.")
@with_appcontext
def list_open(failed: bool) -> None:
    """List what failed or was put off."""
    for mail in open_mails(db.session, SYSTEM):
        if failed and mail.state != MailState.FAILED:
            continue
        click.echo(f"{mail.id}\t{mail.state}\t{mail.kind}\t{mail.attempts}\t{mail.error or ''}")


@group.command()
@click.argument("mail_id", type=int)
@with_appcontext
def retry(mail_id: int) -> None:
    """Send a failed mail once more."""
    try:
        try_again(db.session, SYSTEM, mail_id)
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    db.session.commit()
    click.echo("It will be sent with the next ones.")


@group.command()
@click.argument("message_id", required=False)
@click.option("--reason", default="came back", help="What the report says.")
@with_appcontext
def bounced(message_id: str | None, reason: str) -> None:
    """Note that a mail came back: by its Message-ID, or by the report (RFC 3464) on standard input."""
    found = message_id
    if found is None:
        found, reason = _read_report(message_from_bytes(sys.stdin.buffer.read(), policy=default))
    try:
        note_bounce(db.session, found, reason)
    except DomainError as error:
        raise click.ClickException(str(error)) from None
    db.session.commit()
    click.echo("Noted.")


def _read_report(report: Message) -> tuple[str, str]:
    """The Message-ID and the diagnosis in a delivery status report; a delay is no bounce."""
    message_id, said, action = "", "", ""
    for part in report.walk():
        if part.get_content_type() in ("message/rfc822", "text/rfc822-headers"):
            inner = part.get_payload(0) if part.is_multipart() else message_from_bytes(part.get_payload(decode=True))  # type: ignore[arg-type]
            message_id = str(inner["Message-ID"] or "").strip()  # type: ignore[index]
        elif part.get("Action"):
            action, said = str(part["Action"]).strip().lower(), str(part.get("Diagnostic-Code", "came back"))
    if not message_id or action != "failed":
        raise click.ClickException("This is no report of a mail that came back.")
    return message_id, said
