"""The views of the interface for people."""

from __future__ import annotations

from typing import Any

from flask import current_app, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.api_tokens.examples import example_answer, example_request
from webapp.blueprints.api_tokens.forms import RevokeForm, TokenForm
from webapp.errors import Conflict, NotFound
from webapp.extensions import db
from webapp.models import utc_now
from webapp.permissions import Permission
from webapp.services import api_tokens as service
from webapp.web.access import allow, current_actor
from webapp.web.forms import unknown_rule
from webapp.web.locale import current_language
from webapp.web.problems import CODES, DETAILS, TITLES
from webapp.web.programs import TOKENS, VISITORS
from webapp.web.token_words import SCOPES


@allow(Permission.BROWSE)
def documentation() -> str:
    """What programs can ask, made of the OpenAPI document."""
    document = current_app.extensions["openapi"]()
    server = document["servers"][0]["url"]
    operations = [_explained(path, methods["get"], document) for path, methods in document["paths"].items()]
    statuses = {code: status for status, code in CODES.items()}
    return render_template(
        "api_tokens/documentation.html",
        document=document,
        server=server,
        groups=[
            (tag["name"], [each for each in operations if tag["name"] in each["tags"]]) for tag in document["tags"]
        ],
        limits=[amount.partition(" ")[0] for amount in (VISITORS, TOKENS)],
        errors=[(code, detail, TITLES.get(statuses.get(code, 0))) for code, detail in DETAILS.items()],
        document_language=current_language().code,
    )


def _explained(path: str, operation: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    server = document["servers"][0]["url"]
    return operation | {
        "path": path,
        "request": example_request(path, operation, server),
        "answer": example_answer(operation, document),
    }


@allow(Permission.USE_ACCOUNT)
def tokens() -> ResponseReturnValue:
    """One's tokens, and a form that makes another; one that was just made is shown this once."""
    form, made = TokenForm(), ""
    if form.validate_on_submit():
        try:
            values = {"name": form.name.data, "scopes": form.scopes.data, "days": int(form.days.data)}
            _, made = service.make_token(db.session, current_actor(), **values, now=utc_now())
        except Conflict as error:
            db.session.rollback()
            form.refuse_whole(_hindrance(error))
        else:
            db.session.commit()
            form = TokenForm(fresh=True)
    now = utc_now()
    mine = [(token, service.is_valid(token, now)) for token in service.list_tokens(db.session, current_actor())]
    refused = form.is_submitted() and not made
    page = render_template("api_tokens/tokens.html", form=form, made=made, tokens=mine, scopes=SCOPES)
    response = make_response(page, 422 if refused else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


def _hindrance(error: Conflict) -> str:
    if error.code == "tokens-full":
        return gettext("You have %(count)s valid tokens, which is the most. Revoke one first.", count=service.MOST)
    return unknown_rule(error)


@allow(Permission.USE_ACCOUNT)
def revoke(token_id: int) -> ResponseReturnValue:
    """Make a token worthless, once that is confirmed."""
    mine = {token.id: token for token in service.list_tokens(db.session, current_actor())}
    if token_id not in mine:
        raise NotFound("token", id=token_id)
    form = RevokeForm()
    if form.validate_on_submit():
        token = service.revoke_token(db.session, current_actor(), token_id, utc_now())
        db.session.commit()
        flash(gettext("“%(name)s” is revoked.", name=f"\u2068{token.name}\u2069"), "success")
        return redirect(url_for("api_tokens.tokens"), 303)
    return render_template("api_tokens/revoke.html", form=form, token=mine[token_id])
