"""The list of likely duplicates, two profiles side by side, and what is decided about them."""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from webapp.blueprints.duplicates.files import COLUMNS, pair_rows
from webapp.blueprints.duplicates.forms import MergeForm, form_for
from webapp.blueprints.duplicates.views import rows_of, same_of
from webapp.blueprints.duplicates.words import DOUBTS, GRADES, SIGNS, obstacle
from webapp.errors import Conflict, Invalid, NotFound
from webapp.extensions import db
from webapp.models import Partner, Startup
from webapp.permissions import Permission
from webapp.services.duplicate_pairs import find_pairs, load_pairs, tell_apart
from webapp.services.merging import count_members, get_pair, mark_of, merge, suggest_kept, with_members
from webapp.services.merging_checks import hindrances
from webapp.services.merging_fields import field_choices
from webapp.services.merging_parts import Merging
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download
from webapp.web.formats import name_of
from webapp.web.links import keep_parameters
from webapp.web.marks import today
from webapp.web.paging import asked_cut
from webapp.web.profile_addresses import PAGES
from webapp.web.site import current_settings

NOUNS = (Startup.noun, Partner.noun)


@allow(Permission.STAFF)
def duplicates() -> str:
    """Pairs of profiles that may be one organisation, the surest first."""
    noun = _asked_noun()
    found = {each: find_pairs(db.session, current_actor(), each) for each in NOUNS}
    cut = asked_cut(len(found[noun]), current_settings().page_size)
    keep_parameters({"of": noun} | ({"page": cut.page} if cut.page > 1 else {}))
    shown = load_pairs(db.session, noun, found[noun][cut.offset : cut.offset + cut.size])
    ids = [row.id for each in shown for row in (each.first, each.second)]
    claimed = with_members(db.session, noun, ids)
    return render_template(
        "duplicates/duplicates.html",
        noun=noun,
        counts={each: len(pairs) for each, pairs in found.items()},
        pairs=[(each, suggest_kept(each.first, each.second, claimed)) for each in shown],
        cut=cut,
        signs=SIGNS,
        doubts=DOUBTS,
        grades=GRADES,
    )


@allow(Permission.STAFF)
def duplicates_file(form: str) -> Response:
    """All pages of the same list as a file."""
    noun = _asked_noun()
    rows = pair_rows(db.session(), noun, find_pairs(db.session, current_actor(), noun))
    return download(f"duplicates-{noun}", COLUMNS, rows, form)


def _asked_noun() -> str:
    noun = request.args.get("of", NOUNS[0])
    return noun if noun in NOUNS else NOUNS[0]


@allow(Permission.STAFF)
def pair(noun: str, kept_id: int, gone_id: int) -> ResponseReturnValue:
    """Two profiles side by side, and the merge. Whoever decides on a pair that is none any more comes to the list."""
    try:
        return _pair(noun, kept_id, gone_id)
    except NotFound:
        db.session.rollback()
        if request.method != "POST" or noun not in NOUNS:
            raise
    flash(gettext("A colleague merged one of these two meanwhile."), "message")
    return redirect(url_for("duplicates.duplicates", of=noun), 303)


def _pair(noun: str, kept_id: int, gone_id: int) -> ResponseReturnValue:
    merging = get_pair(db.session, current_actor(), noun, kept_id, gone_id)
    form = form_for(merging.kept, field_choices(merging))
    status = 200
    if not form.is_submitted():
        form.mark.data = mark_of(merging)
    else:
        status = 422
        if form.validate():
            try:
                merge(merging, form.choices(), mark=form.mark.data or "", today=today())
            except (Conflict, Invalid) as error:
                db.session.rollback()
                status = 409 if isinstance(error, Conflict) else 422
                form.refuse_whole(obstacle(error).text)
            else:
                db.session.commit()
                flash(gettext("Merged. Both addresses lead to %(name)s.", name=name_of(merging.kept)), "success")
                return redirect(url_for("profiles.edit", noun=noun, slug=merging.kept.slug), 303)
    return _page(noun, kept_id, gone_id, form), status


def _page(noun: str, kept_id: int, gone_id: int, form: MergeForm) -> str:
    """The page as things are now: after a refusal the profiles are read anew, and the choices stay."""
    merging: Merging = get_pair(db.session, current_actor(), noun, kept_id, gone_id)
    differing = [each for each in field_choices(merging) if f"take-{each.field.name}" in form]
    form.mark.raw_data = None
    form.mark.data = mark_of(merging)
    return render_template(
        "duplicates/pair.html",
        noun=noun,
        kept=merging.kept,
        gone=merging.gone,
        members=count_members(merging),
        obstacles=[obstacle(each) for each in hindrances(merging)],
        form=form,
        rows=rows_of(form, differing),
        same=same_of(merging, differing),
        pages=PAGES,
    )


@allow(Permission.STAFF)
def apart(noun: str, kept_id: int, gone_id: int) -> ResponseReturnValue:
    """Note that they are two organisations."""
    get_pair(db.session, current_actor(), noun, kept_id, gone_id)
    tell_apart(db.session, current_actor(), noun, kept_id, gone_id)
    db.session.commit()
    flash(gettext("Noted: these are two organisations."), "success")
    return redirect(url_for("duplicates.duplicates", of=noun), 303)
