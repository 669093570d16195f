"""The views of links in mails."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.errors import DomainError, NotFound
from webapp.extensions import csrf, db
from webapp.models import OneTimeLink, Person
from webapp.permissions import Permission
from webapp.services.mail import refuses, set_refusal
from webapp.services.mail_kinds import MAIL_KINDS
from webapp.services.one_time_links import actor_of_link, get_link, use_link
from webapp.web.access import allow, current_account, current_actor
from webapp.web.link_purposes import LINK_PURPOSES, LinkPage, LinkPurpose
from webapp.web.mail_words import kind_name
from webapp.web.signed_links import read_link_token, read_unsubscribe_token


def keep_private(response: Response) -> Response:
    """Nobody else is to learn the address: no cache keeps the page, no other site is told of it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@allow(Permission.FOLLOW_LINK)
def link(token: str) -> ResponseReturnValue:
    """Say what a one-time link does; do it when its button is pressed."""
    try:
        found = get_link(db.session, read_link_token(token))
        purpose = LINK_PURPOSES[found.purpose]
        page = purpose.describe(db.session, found)
    except DomainError as error:
        return _gone(error)
    if purpose.needs_account and current_account() is None:
        return redirect(url_for("security.login", next=request.path))
    if request.method == "GET":
        return render_template("mail_links/link.html", page=page, token=token)
    return _act(found, purpose, page, token)


def _act(found: OneTimeLink, purpose: LinkPurpose, page: LinkPage, token: str) -> ResponseReturnValue:
    missing = [field for field in page.fields if field.is_required and not request.form.get(field.name, "").strip()]
    if missing:
        return render_template("mail_links/link.html", page=page, token=token, missing=missing), 422
    try:
        use_link(db.session, found)
        actor = current_actor() if purpose.needs_account else actor_of_link(db.session, found)
        done = purpose.act(db.session, actor, found, request.form)
    except DomainError as error:
        db.session.rollback()
        return _gone(error)
    db.session.commit()
    return render_template("mail_links/done.html", done=done)


def _gone(error: DomainError) -> ResponseReturnValue:
    """A link that cannot act any more, with the way on."""
    return render_template("mail_links/gone.html", error=error), 404 if isinstance(error, NotFound) else 409


@csrf.exempt  # type: ignore[untyped-decorator]  # RFC 8058: mail programs post here without having seen the page; the signed token is what proves them
@allow(Permission.FOLLOW_LINK)
def unsubscribe(token: str) -> ResponseReturnValue:
    """End a person's mails of a kind, or want them again; as often as one likes."""
    found = read_unsubscribe_token(token)
    person = db.session.get(Person, found[0]) if found else None
    if found is None or person is None or person.erased_at is not None or found[1] not in MAIL_KINDS:
        return _gone(NotFound("link"))
    kind = found[1]
    if request.method == "POST":
        again = request.form.get("again") == "yes"
        set_refusal(db.session, person, kind, refused=not again)
        db.session.commit()
        if request.form.get("List-Unsubscribe") == "One-Click":
            return "", 200
        flash(gettext("Your choice was saved."), "success")
        return redirect(url_for("mail_links.unsubscribe", token=token), 303)
    is_refused = refuses(db.session, person, kind)
    return render_template("mail_links/unsubscribe.html", kind=kind_name(kind), is_refused=is_refused, token=token)
