"""The views of the open data."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, redirect, render_template, request, send_file, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response as AnyResponse

from webapp.blueprints.open_data.catalogue import describe_catalogue
from webapp.blueprints.open_data.graph import FORMATS, serialize
from webapp.errors import NotFound
from webapp.extensions import db
from webapp.permissions import Permission
from webapp.services.data_set import FOLDER, data_file, extent_of
from webapp.services.public_columns import dictionary
from webapp.services.public_tables import PUBLIC_TABLES
from webapp.web.access import allow
from webapp.web.locale import offered_languages, preferred_language
from webapp.web.public_files import with_licence
from webapp.web.site import current_network, current_settings

CACHED = timedelta(minutes=10)
"""How long a catalogue's description may be kept without asking again."""

TYPE_NAMES = {
    "string": lazy_gettext("text"),
    "integer": lazy_gettext("whole number"),
    "number": lazy_gettext("number"),
    "boolean": lazy_gettext("true or false"),
    "date": lazy_gettext("day"),
    "datetime": lazy_gettext("moment"),
}
"""Type of a column -> what it is called."""


@allow(Permission.BROWSE)
def data() -> str:
    """What can be had, under which licence, and what its columns mean."""
    codes = [language.code for language in offered_languages()]
    return render_template(
        "open_data/data.html",
        extent=extent_of(db.session()),
        file=data_file(current_settings().data_dir / FOLDER),
        dictionary=dictionary,
        type_names=TYPE_NAMES,
        tables=[(table, table.file_columns(codes)) for table in PUBLIC_TABLES],
    )


@allow(Permission.BROWSE)
def catalogue() -> AnyResponse:
    """The same for whoever asks: the page for browsers, the catalogue's description for catalogues."""
    offered = {mimetype: form for form, mimetype in FORMATS.items()}
    wanted = request.accept_mimetypes.best_match(["text/html", *offered])
    if wanted in offered:
        response: AnyResponse = _described(offered[wanted])
    else:
        response = redirect(url_for("open_data.data", lang=preferred_language()), 302)
        response.vary.update(("Accept-Language", "Cookie"))
    response.vary.add("Accept")
    return response


@allow(Permission.BROWSE)
def catalogue_file(form: str) -> Response:
    """The catalogue's description in one of its formats."""
    return _described(form)


def _described(form: str) -> Response:
    """Any site may read it in its pages: it says what everybody may know, and no session counts."""
    network = current_network()
    if network is None:
        raise NotFound("page")
    text = serialize(describe_catalogue(network, extent_of(db.session())), form)
    response = Response(text, content_type=f"{FORMATS[form]}; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = f"public, max-age={int(CACHED.total_seconds())}"
    response.add_etag()
    response.make_conditional(request)
    return response


@allow(Permission.BROWSE)
def data_set(name: str) -> Response:
    """The whole data set."""
    file = data_file(current_settings().data_dir / FOLDER)
    if file is None or file.name != f"{name}.zip":
        raise NotFound("page")
    response = send_file(file.path, "application/zip", as_attachment=True, download_name=file.name, conditional=True)
    return with_licence(response)
