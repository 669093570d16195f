"""The public lists as files: all that answers a query string, in the order and number that the page says."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, request, url_for

from webapp.extensions import db
from webapp.models import Challenge
from webapp.services.public_challenges import CHALLENGE_COLUMNS
from webapp.services.public_columns import FileColumn, in_one_language, meaning, record
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


def challenge_file(challenges: Sequence[Challenge], form: str) -> Response:
    """Challenges as a file in the reader's language; ``bom=1`` as for directories."""
    network = current_network()
    language, order = current_language().code, network.languages if network else ()
    told = in_one_language("challenges", CHALLENGE_COLUMNS, language, order, current_vocabulary())
    page = FileColumn("url", meaning("challenges", "url"), "string", _challenge_address, "uri")
    columns = [page, *told]
    rows = [record(columns, challenge) for challenge in challenges]
    bom = request.args.get("bom") == "1"
    return with_licence(download(f"challenges-{language}", [each.name for each in columns], rows, form, bom=bom))


def _challenge_address(challenge: Challenge) -> str:
    return site_url() + url_for("challenges.challenge", slug=challenge.slug)


def with_licence(response: Response) -> Response:
    """Say under which licence the data are, if the network gives them one, and where they are described."""
    network = current_network()
    links = [f'<{site_url()}{url_for("open_data.data")}>; rel="describedby"']
    if network and network.data_licence:
        links.append(f'<{network.data_licence["url"]}>; rel="license"')
    response.headers["Link"] = ", ".join(links)
    return response
