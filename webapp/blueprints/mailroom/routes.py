"""The views of the mailroom."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.mailroom.files import COLUMNS, mail_rows
from webapp.errors import Conflict
from webapp.extensions import db
from webapp.models import OutgoingMail
from webapp.permissions import Permission
from webapp.services import mailroom
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download


@allow(Permission.STAFF)
def mails() -> str:
    """What failed or was put off."""
    return render_template("mailroom/mails.html", mails=mailroom.open_mails(db.session, current_actor()))


@allow(Permission.STAFF)
def mails_file(form: str) -> Response:
    """The same as a file."""
    return download("mail", COLUMNS, mail_rows(mailroom.open_mails(db.session, current_actor())), form)


@allow(Permission.STAFF)
def retry(mail_id: int) -> ResponseReturnValue:
    """Send a failed mail once more."""
    return _settle(mail_id, mailroom.try_again, gettext("The mail will be sent once more."))


@allow(Permission.STAFF)
def give_up(mail_id: int) -> ResponseReturnValue:
    """Take a failed mail off the list."""
    return _settle(mail_id, mailroom.give_up, gettext("The mail was given up."))


def _settle(mail_id: int, verb: Callable[..., OutgoingMail], said: str) -> ResponseReturnValue:
    try:
        verb(db.session, current_actor(), mail_id)
    except Conflict:
        db.session.rollback()
        flash(gettext("Somebody has looked after this mail already."), "error")
    else:
        db.session.commit()
        flash(said, "success")
    return redirect(url_for("mailroom.mails"), 303)
