"""The pages of a profile: showing one, saving it by its button, saving it as one types."""

from __future__ import annotations

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_time, gettext

from webapp.blueprints.profiles.forms import SectionForm, section_form
from webapp.blueprints.profiles.parts import author_name, edit_url, get_profile, rule_text
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import Partner, Revision, RevisionState, Startup, utc_now
from webapp.permissions import Permission
from webapp.services.profile_fields import Section, sections_of
from webapp.services.profile_review import differences
from webapp.services.revisions import current_values, mark_of_section, open_revision, save_section
from webapp.services.translations_of_texts import text_states
from webapp.web.access import allow, current_actor
from webapp.web.locale import offered_languages
from webapp.web.marks import today


@allow(Permission.EDIT_PROFILE)
def section(noun: str, slug: str, section: str) -> ResponseReturnValue:
    """A page of the profile, and saving it."""
    profile = get_profile(noun, slug)
    present, form = _form(profile, section)
    status = 200
    if form.validate_on_submit():
        try:
            _save(profile, section, form, present)
        except Invalid as error:
            form.refuse(form[error.values["field"]], rule_text(profile, error))
        except Conflict as error:
            db.session.rollback()
            return _conflict(profile, section, form, error)
        else:
            db.session.commit()
            flash(gettext("Saved at %(time)s.", time=format_time(utc_now(), "short")), "success")
            return redirect(_next_url(profile, section), 303)
    if form.is_submitted():
        db.session.rollback()
        status = 422
    return _page(profile, section, form, present), status


@allow(Permission.EDIT_PROFILE)
def autosave(noun: str, slug: str, section: str) -> ResponseReturnValue:
    """Save as much of a page as has no errors, while somebody types."""
    profile = get_profile(noun, slug)
    present, form = _form(profile, section)
    valid = form.validate()
    if form.csrf_token.errors:
        return jsonify(text=gettext("Not saved. Please save with the button."), mark=""), 422
    try:
        _save(profile, section, form, present)
    except (Invalid, Conflict) as error:
        db.session.rollback()
        return jsonify(text=_why_not(profile, error)), 409
    db.session.commit()
    mark = mark_of_section(profile, section, current_values(db.session, profile))
    time = format_time(utc_now(), "short")
    if not valid:
        return jsonify(text=gettext("Saved at %(time)s, but for what cannot be read yet.", time=time), mark=mark)
    return jsonify(text=gettext("Saved as a draft at %(time)s.", time=time), mark=mark)


def _why_not(profile: Startup | Partner, error: Invalid | Conflict) -> str:
    if error.code == "changed-meanwhile":
        return gettext("Not saved: somebody else changed this page meanwhile. Save with the button to compare.")
    return gettext("Not saved.") + " " + rule_text(profile, error)


def _form(profile: Startup | Partner, section: str) -> tuple[dict[str, Any], SectionForm]:
    if section not in sections_of(profile) or section == Section.LOGO:
        raise NotFound("page")
    present = current_values(db.session, profile)
    return present, section_form(profile, section, present, mark_of_section(profile, section, present))


def _save(profile: Startup | Partner, section: str, form: SectionForm, present: dict[str, Any]) -> Revision | None:
    values = form.values(present)
    return save_section(db.session, current_actor(), profile, section, values, mark=form.mark.data or "")


def _conflict(profile: Startup | Partner, section: str, form: SectionForm, error: Conflict) -> ResponseReturnValue:
    """What was typed, beside what somebody else saved; saving once more keeps what was typed."""
    profile = get_profile(profile.noun, profile.slug)
    present = current_values(db.session, profile)
    if error.code != "changed-meanwhile":
        form.refuse_whole(rule_text(profile, error))
        return _page(profile, section, form, present), 409
    revision = open_revision(db.session, profile)
    form.refuse_whole(
        gettext(
            "%(name)s saved this page while you were editing it. What you wrote is still below and not yet saved. "
            "Look at the differences, then save again to keep yours.",
            name=author_name(revision),
        )
    )
    theirs = differences(profile, present, form.values(present))
    form.mark.raw_data = None
    form.mark.data = mark_of_section(profile, section, present)
    return _page(profile, section, form, present, theirs=theirs), 409


def _page(profile: Startup | Partner, section: str, form: SectionForm, present: dict[str, Any], **more: Any) -> str:
    revision = open_revision(db.session, profile)
    sections = [each for each in sections_of(profile) if each != Section.LOGO]
    return render_template(
        "profiles/section.html",
        profile=profile,
        section=section,
        sections=sections,
        form=form,
        states=text_states(profile, present, [language.code for language in offered_languages()], today()),
        is_locked=bool(revision and revision.state == RevisionState.SUBMITTED and not current_actor().is_staff),
        **more,
    )


def _next_url(profile: Startup | Partner, section: str) -> str:
    """The same page, or the next one if that was the button."""
    sections = [each.value for each in sections_of(profile) if each != Section.LOGO]
    if request.form.get("go") == "stay":
        return url_for("profiles.section", noun=profile.noun, slug=profile.slug, section=section)
    following = sections[sections.index(section) + 1 :]
    if request.form.get("go") == "next" and following:
        return url_for("profiles.section", noun=profile.noun, slug=profile.slug, section=following[0])
    return edit_url(profile)
