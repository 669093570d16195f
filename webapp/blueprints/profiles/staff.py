"""What only staff do to a profile: note that they checked it, and give it another address."""

from __future__ import annotations

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from webapp.blueprints.profiles.parts import edit_url, get_profile
from webapp.errors import Invalid
from webapp.extensions import db
from webapp.models import Partner, Startup
from webapp.permissions import Permission
from webapp.services import profile_review, redirects
from webapp.services.profile_review import EVIDENCE_LENGTH
from webapp.services.slugs import LENGTH
from webapp.web.access import allow, current_actor
from webapp.web.forms import Form, unknown_rule
from webapp.web.marks import today


class VerificationForm(Form):
    """Against what a profile was checked."""

    evidence = TextAreaField(
        lazy_gettext("Evidence"),
        description=lazy_gettext(
            "What you checked it against: a document, a register, a web address; one a line. Staff only read it."
        ),
        filters=[lambda text: (text or "").strip()],
        validators=[
            InputRequired(lazy_gettext("Please write what you checked it against.")),
            Length(
                max=EVIDENCE_LENGTH,
                message=lazy_gettext("Please use at most %(count)s characters.", count=EVIDENCE_LENGTH),
            ),
        ],
    )


class AddressForm(Form):
    """The slug of a profile, and the one that the page showed."""

    seen = HiddenField()
    slug = StringField(
        lazy_gettext("Last part of the address"),
        description=lazy_gettext("Small letters from a to z, digits and hyphens."),
        filters=[lambda text: (text or "").strip().lower()],
        validators=[
            InputRequired(lazy_gettext("Please write an address.")),
            Length(max=LENGTH, message=lazy_gettext("Please use at most %(count)s characters.", count=LENGTH)),
        ],
        render_kw={"spellcheck": "false", "autocapitalize": "none"},
    )


@allow(Permission.STAFF)
def verify(noun: str, slug: str) -> ResponseReturnValue:
    """Note that staff have checked the profile, and against what."""
    profile, form = get_profile(noun, slug), VerificationForm()
    if form.validate_on_submit():
        profile_review.verify(db.session, current_actor(), profile, today=today(), evidence=form.evidence.data)
        db.session.commit()
        flash(gettext("Marked as verified today."), "success")
        return redirect(edit_url(profile), 303)
    page = render_template("profiles/verify.html", profile=profile, form=form)
    return page, 422 if form.is_submitted() else 200


@allow(Permission.STAFF)
def rename(noun: str, slug: str) -> ResponseReturnValue:
    """Give the profile another address; the former ones lead to it for ever."""
    profile, form = get_profile(noun, slug), AddressForm()
    status = 200
    if not form.is_submitted():
        form.slug.data, form.seen.data = profile.slug, profile.slug
    elif form.validate() and form.seen.data != profile.slug:
        status = 409
        form.refuse_whole(gettext("Somebody else changed the address meanwhile: it is %(slug)s.", slug=profile.slug))
        form.seen.data = profile.slug
    elif not form.errors and _renamed(profile, form):
        return redirect(edit_url(profile), 303)
    else:
        status = 422
    former = redirects.former_slugs(db.session, current_actor(), profile)
    return render_template("profiles/address.html", profile=profile, form=form, former=former), status


def _renamed(profile: Startup | Partner, form: AddressForm) -> bool:
    """Rename it, or let the form say why not."""
    try:
        redirects.rename(db.session, current_actor(), profile, form.slug.data)
    except Invalid as error:
        db.session.rollback()
        form.refuse(form.slug, _hindrance(error))
        return False
    db.session.commit()
    flash(gettext("The profile has its new address. The former one leads there."), "success")
    return True


def _hindrance(error: Invalid) -> str:
    if error.code == "slug-taken":
        return gettext("Another profile has this address, or had it once.")
    if error.code == "slug-form" and error.values["wanted"]:
        return gettext("An address looks like this: %(slug)s.", slug=error.values["wanted"])
    if error.code == "slug-form":
        return gettext("An address consists of small letters from a to z, digits and hyphens.")
    return unknown_rule(error)
