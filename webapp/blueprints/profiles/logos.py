"""Uploading a logo, taking it away, and its file."""

from __future__ import annotations

from flask import flash, redirect, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.profiles.forms import LogoForm
from webapp.blueprints.profiles.parts import edit_url, flash_error, get_profile, rule_text
from webapp.errors import Conflict, Invalid
from webapp.extensions import db
from webapp.models import Partner, Startup
from webapp.permissions import Permission
from webapp.services.logos import LARGEST_FILE, logo_path, store_logo
from webapp.services.profile_fields import Section
from webapp.services.revisions import current_values, mark_of_section, save_section
from webapp.web.access import allow, current_actor
from webapp.web.assets import YEAR
from webapp.web.site import current_settings


@allow(Permission.BROWSE)
def logo_file(name: str) -> ResponseReturnValue:
    """The picture; its name changes with its content, so browsers keep it."""
    path = logo_path(current_settings().data_dir, name)
    response = send_file(path, mimetype="image/webp", conditional=True)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


@allow(Permission.EDIT_PROFILE)
def logo(noun: str, slug: str) -> ResponseReturnValue:
    """Upload a logo. It goes with the other changes."""
    profile = get_profile(noun, slug)
    form = LogoForm()
    if form.validate_on_submit():
        try:
            _save(profile, _stored(form))
        except Invalid as error:
            form.refuse(form.picture, _hindrance(error))
        except Conflict as error:
            db.session.rollback()
            form.refuse_whole(rule_text(profile, error))
        else:
            db.session.commit()
            flash(gettext("The logo is saved with your changes."), "success")
            return redirect(edit_url(profile), 303)
    present = current_values(db.session, profile).get("logo")
    page = render_template("profiles/logo.html", profile=profile, form=form, present=present)
    return page, 422 if form.is_submitted() else 200


@allow(Permission.EDIT_PROFILE)
def remove(noun: str, slug: str) -> ResponseReturnValue:
    """Take the logo away; with the other changes, too."""
    profile = get_profile(noun, slug)
    try:
        _save(profile, None)
    except Conflict as error:
        db.session.rollback()
        flash_error(profile, error)
    else:
        db.session.commit()
        flash(gettext("The logo is removed with your changes."), "success")
    return redirect(edit_url(profile), 303)


def _stored(form: LogoForm) -> str:
    picture = form.picture.data
    content = picture.stream.read(LARGEST_FILE + 1) if picture else b""
    if not content:
        raise Invalid("logo-missing")
    return store_logo(current_settings().data_dir, content)


def _save(profile: Startup | Partner, name: str | None) -> None:
    """A logo replaces whatever was there: nobody has typed anything that could be lost."""
    mark = mark_of_section(profile, Section.LOGO, current_values(db.session, profile))
    save_section(db.session, current_actor(), profile, Section.LOGO, {"logo": name}, mark=mark)


def _hindrance(error: Invalid) -> str:
    texts = {
        "logo-missing": gettext("Please choose a picture."),
        "logo-too-large": gettext("The file is larger than 2 MB. Please choose a smaller one."),
        "logo-too-many-pixels": gettext("The picture has too many pixels. Please make it smaller first."),
        "logo-too-small": gettext("The picture is very small. Please choose one of 32 pixels at least."),
    }
    return texts.get(error.code) or gettext(
        "This is not a picture that we can read. Please choose a PNG, JPEG, WebP or GIF file."
    )
