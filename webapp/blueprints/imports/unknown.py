"""The words that imports did not know: which there are, and how the network pack can learn them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from webapp.extensions import db
from webapp.models import Region, Site, Term, TermKind
from webapp.permissions import Permission
from webapp.services import unknown_terms
from webapp.services.network import list_regions, list_sites, list_terms
from webapp.services.unknown_terms import REGIONS, SITES
from webapp.web.access import allow, current_actor
from webapp.web.downloads import download
from webapp.web.import_words import field_label
from webapp.web.locale import offered_languages


@allow(Permission.STAFF)
def unknown() -> str:
    """Words by kind, the most frequent first."""
    ignored = _asks_for_ignored()
    rows = unknown_terms.list_unknown(db.session, current_actor(), ignored=ignored)
    groups = [(field_label(kind), list(each)) for kind, each in groupby(rows, key=lambda row: row.kind)]
    return render_template("imports/unknown.html", groups=groups, ignored=ignored)


@allow(Permission.STAFF)
def unknown_file(form: str) -> Response:
    """The same list as a file."""
    found = unknown_terms.list_unknown(db.session, current_actor(), ignored=_asks_for_ignored())
    return download("unknown-words", unknown_terms.COLUMNS, unknown_terms.unknown_rows(found), form)


def _asks_for_ignored() -> bool:
    return request.args.get("ignored") == "yes"


@allow(Permission.STAFF)
def unknown_term(term_id: int) -> str:
    """One word: what to write into the pack, as another name of a term or as a term of its own."""
    row = unknown_terms.get_unknown(db.session, current_actor(), term_id)
    entries = _entries(row.kind)
    chosen = next((entry for entry in entries if entry.code == request.args.get("as")), None)
    languages = [language.code for language in offered_languages()]
    lines = (
        unknown_terms.alias_lines(chosen.code, chosen.aliases, row.text)
        if chosen
        else unknown_terms.entry_lines(row.kind, row.text, languages)
    )
    return render_template(
        "imports/unknown_term.html", row=row, kind=field_label(row.kind), entries=entries, chosen=chosen, lines=lines
    )


def _entries(kind: str) -> Sequence[Region | Site | Term]:
    """What the pack has of a kind."""
    if kind == REGIONS:
        return list_regions(db.session)
    return list_sites(db.session) if kind == SITES else list_terms(db.session, TermKind(kind))


@allow(Permission.STAFF)
def ignore(term_id: int) -> Response:
    """Put a word aside, or take it up again."""
    again = request.form.get("again") == "yes"
    row = unknown_terms.set_ignored(db.session, current_actor(), term_id, ignored=not again)
    db.session.commit()
    flash(
        gettext("“%(text)s” is on the list again.", text=row.text)
        if again
        else gettext("“%(text)s” was put aside.", text=row.text),
        "success",
    )
    return redirect(url_for("imports.unknown"), 303)
