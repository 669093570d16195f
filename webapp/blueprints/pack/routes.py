"""The views of the network pack."""

from __future__ import annotations

import json
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from webapp.errors import Conflict
from webapp.extensions import db
from webapp.models import Localized, Region, Site, Term
from webapp.permissions import Permission
from webapp.services.pack_pages import LoadedPack, loaded_pack, read_files, reload_pack
from webapp.web.access import allow, current_actor
from webapp.web.formats import language_name, number
from webapp.web.import_words import field_label
from webapp.web.site import current_settings

LONGEST = 160
"""Of a value in a preview; more is cut."""
_KINDS = {
    "sector_groups": lambda: gettext("Groups of sectors"),
    "residency_statuses": lambda: gettext("Standings to the parks"),
    "instruments": lambda: gettext("Instruments"),
    "investor_types": lambda: gettext("Kinds of investors"),
    "skills": lambda: gettext("Skills"),
    "formats": lambda: gettext("Formats of mentoring"),
    "services": lambda: gettext("Services"),
}


@allow(Permission.STAFF)
def pack() -> str:
    """What is loaded, and what would change if the files were loaded again."""
    actor = current_actor()
    loaded = loaded_pack(db.session, actor)
    return render_template(
        "pack/pack.html",
        loaded=loaded,
        files=read_files(db.session, actor, current_settings().network),
        missing=_missing(loaded) if loaded else {},
        kind_name=kind_name,
        shown=shown,
        language_names=lambda codes: gettext(", ").join(map(language_name, codes)),
    )


def kind_name(kind: str) -> str:
    """What the terms of a file are called."""
    return _KINDS[kind]() if kind in _KINDS else field_label(kind)


def shown(value: Any) -> str:
    """A value of the pack on one line."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _missing(loaded: LoadedPack) -> dict[str, list[str]]:
    """Code of an entry -> the languages in which it has no name."""
    entries: list[Region | Site | Term] = [
        *loaded.regions,
        *loaded.sites,
        *(term for terms in loaded.terms.values() for term in terms),
    ]
    lacks = {entry.code: _lacking(entry.names, loaded.network.languages) for entry in entries}
    return {code: languages for code, languages in lacks.items() if languages}


def _lacking(names: Localized, languages: list[str]) -> list[str]:
    return [language for language in languages if not names.get(language)]


@allow(Permission.ADMINISTER)
def reload() -> Response:
    """Load the files of which the page showed the preview."""
    folder, digest = current_settings().network, request.form.get("digest", "")
    try:
        report = reload_pack(db.session, current_actor(), folder, digest=digest)
    except Conflict as error:
        db.session.rollback()
        flash(_hindrance(error), "error")
    else:
        db.session.commit()
        g.pop("network", None)
        count = report.added + report.changed + len(report.removed)
        flash(
            ngettext(
                "The pack is loaded: %(count)s row is different.",
                "The pack is loaded: %(count)s rows are different.",
                count,
                count=number(count),
            ),
            "success",
        )
    return redirect(url_for("pack.pack"), 303)


def _hindrance(error: Conflict) -> str:
    if error.code == "codes-in-use":
        return gettext(
            "These codes are still in use and cannot vanish: %(codes)s", codes=", ".join(error.values["codes"])
        )
    if error.code == "other-network":
        return gettext("This database holds another network.")
    return gettext("The files changed since you looked at them. Look again, then load them.")
