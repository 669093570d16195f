"""The views of asking for an introduction: on whose behalf, in which words."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.introductions.forms import RequestForm
from webapp.blueprints.introductions.moving import stands_otherwise
from webapp.blueprints.introductions.page import IntroductionPage
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import Introduction, Partner, Startup
from webapp.permissions import Permission
from webapp.services.introductions import (
    Move,
    asking_hindrance,
    draft_introduction,
    get_introduction,
    move,
    save_draft,
)
from webapp.services.matches import match_of
from webapp.services.organisations import NOUNS, own_organisations
from webapp.web.access import allow, current_actor
from webapp.web.introduction_words import DONE, rule_text
from webapp.web.locale import current_language
from webapp.web.marks import today
from webapp.web.reasons import reason_text

Organisation = Startup | Partner


@allow(Permission.ASK)
def new() -> ResponseReturnValue:
    """Begin a request: say on whose behalf if several are possible, then what it is about."""
    asked = _asked()
    own = _asking(asked)
    if own is None:
        candidates = _candidates(asked)
        if len(candidates) == 1:
            return redirect(_address(candidates[0], asked))
        return render_template("introductions/whose.html", asked=asked, candidates=candidates)
    hindrance = asking_hindrance(db.session, current_actor(), own, asked, today())
    if hindrance is not None and hindrance.code not in ("too-many-open", "too-many-this-month"):
        return render_template("introductions/not_now.html", asked=asked, own=own, text=rule_text(hindrance)), 409
    form = RequestForm()
    if request.method == "GET":
        form.reason.data = _suggested(own, asked)
        form.language.data = current_language().code
    if request.method == "POST" and form.validate_on_submit():
        return _begin(own, asked, form)
    status = 422 if form.errors else 200
    text = rule_text(hindrance) if hindrance else ""
    return render_template("introductions/new.html", asked=asked, own=own, form=form, hindrance=text), status


def _begin(own: Organisation, asked: Organisation, form: RequestForm) -> ResponseReturnValue:
    actor = current_actor()
    try:
        found = draft_introduction(db.session, actor, own, asked, language=form.language.data or "", today=today())
        save_draft(
            db.session,
            actor,
            found,
            reason=form.reason.data or "",
            message=form.message.data or "",
            language=form.language.data,
        )
        if "submit" in request.form:
            move(db.session, actor, found, Move.SUBMIT, today=today())
    except (Invalid, Conflict) as error:
        db.session.rollback()
        form.refuse_at(str(error.values.get("field", "")), rule_text(error))
        return render_template("introductions/new.html", asked=asked, own=own, form=form, hindrance=""), 422
    return _saved(found)


@allow(Permission.READ_INTRODUCTION)
def save(reference: str) -> ResponseReturnValue:
    """Write into a request that is still with its side, and submit it if that button was pressed."""
    actor = current_actor()
    found = get_introduction(db.session, actor, reference)
    form = RequestForm()
    if not form.validate_on_submit():
        return IntroductionPage(found, actor, {"text": form}).render(), 422
    texts = {"reason": form.reason.data or "", "message": form.message.data or ""}
    try:
        save_draft(db.session, actor, found, language=form.language.data, version=form.seen_version, **texts)
        if "submit" in request.form:
            move(db.session, actor, found, Move.SUBMIT, today=today())
    except Invalid as error:
        db.session.rollback()
        form.refuse_at(str(error.values.get("field", "")), rule_text(error))
        return IntroductionPage(get_introduction(db.session, actor, reference), actor, {"text": form}).render(), 422
    except Conflict as error:
        if error.code not in ("introduction-moved", "illegal-move"):
            db.session.rollback()
            form.refuse_whole(rule_text(error))
            page = IntroductionPage(get_introduction(db.session, actor, reference), actor, {"text": form})
            return page.render(), 409
        return stands_otherwise(reference, error, "\n\n".join(texts.values()))
    return _saved(found)


def _saved(found: Introduction) -> ResponseReturnValue:
    db.session.commit()
    said = str(DONE[Move.SUBMIT]) if "submit" in request.form else gettext("Your draft is saved.")
    flash(said, "success")
    return redirect(url_for("introductions.introduction", reference=found.reference), 303)


def _asked() -> Organisation:
    """The published organisation that is to be asked: ``partner=`` or ``startup=``, the side that does not ask."""
    given = [noun for noun in NOUNS if request.args.get(noun)]
    if len(given) == 2:
        given = [noun for noun in given if noun != request.args.get("asking", Startup.noun)]
    if len(given) != 1:
        raise NotFound("page")
    model = NOUNS[given[0]]
    found: Organisation | None = db.session.scalar(model.published().where(model.slug == request.args[given[0]]))
    if found is None:
        raise NotFound(model.noun)
    return found


def _candidates(asked: Organisation) -> list[Organisation]:
    """The own organisations that could ask: those of the other noun."""
    return [own for own in own_organisations(db.session, current_actor()) if own.noun != asked.noun]


def _asking(asked: Organisation) -> Organisation | None:
    """On whose behalf the query string asks; nothing if it does not say, or names one that is not one's own."""
    noun = Partner.noun if asked.noun == Startup.noun else Startup.noun
    slug = request.args.get(noun)
    return next((own for own in _candidates(asked) if own.slug == slug), None) if slug else None


def _address(own: Organisation, asked: Organisation) -> str:
    values: dict[str, Any] = {own.noun: own.slug, asked.noun: asked.slug}
    return url_for("introductions.new", asking=own.noun, **values)


def _suggested(own: Organisation, asked: Organisation) -> str:
    """The reasons of the prepared match as a start, in the reader's language; nothing where there is none."""
    startup, partner = (own, asked) if isinstance(own, Startup) else (asked, own)
    if not isinstance(startup, Startup) or not isinstance(partner, Partner):
        return ""
    found = match_of(db.session, startup, partner, current_language().code)
    texts = [text for reason in found.reasons if (text := reason_text(reason))] if found else []
    return "\n".join(f"– {text}" for text in texts)
