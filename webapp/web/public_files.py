"""The public directories as files: all that answers a query string, in the order and number that the page says."""

from __future__ import annotations

from flask import Response, request, url_for

from webapp.extensions import db
from webapp.services.public_columns import FileColumn, in_one_language, meaning
from webapp.services.public_profiles import COLUMNS, TABLES, records
from webapp.web.directory_page import Directory
from webapp.web.downloads import download
from webapp.web.locale import current_language
from webapp.web.site import current_network, current_vocabulary, site_url

ENDPOINTS = {"startup": "directory.startup", "partner": "partners.partner"}
"""Noun -> the page of a profile."""


def columns_of(noun: str) -> list[FileColumn]:
    """The columns of a directory's files in the reader's language; the first is the address of the page."""
    network = current_network()
    language, order = current_language().code, network.languages if network else ()
    told = in_one_language(TABLES[noun], COLUMNS[noun], language, order, current_vocabulary())
    address = FileColumn("url", meaning(TABLES[noun], "url"), "string", lambda row: _address(noun, row.slug), "uri")
    return [address, *told]


def _address(noun: str, slug: str) -> str:
    return site_url() + url_for(ENDPOINTS[noun], slug=slug)


def directory_file(directory: Directory, form: str) -> Response:
    """All profiles that answer the query string, as a file; they are read while it is sent.

    ``bom=1`` puts the mark before CSV by which spreadsheet programs know its encoding.
    """
    columns = columns_of(directory.noun)
    rows = records(db.session(), directory.noun, columns, directory.ids(request.args))
    name = f"{TABLES[directory.noun]}-{current_language().code}"
    bom = request.args.get("bom") == "1"
    response = download(name, [column.name for column in columns], rows, form, bom=bom)
    return with_licence(response)


def with_licence(response: Response) -> Response:
    """Say under which licence the data are, if the network gives them one, and where they are described."""
    network = current_network()
    links = [f'<{site_url()}{url_for("open_data.data")}>; rel="describedby"']
    if network and network.data_licence:
        links.append(f'<{network.data_licence["url"]}>; rel="license"')
    response.headers["Link"] = ", ".join(links)
    return response
