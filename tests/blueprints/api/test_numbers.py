"""The interface tells what the pages tell: same entries, same order, same counts, same matches, same figures."""

from __future__ import annotations

import json
import re
from itertools import product
from urllib.parse import parse_qs

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from tests.blueprints.api.conftest import Ask
from tests.visiting import Visit
from webapp.web.directories import PARTNERS, STARTUPS
from webapp.web.directory_page import Directory, DirectoryPage

LANGUAGES = ("ar", "fr", "en")
STARTUP_QUERIES = (
    "",
    "sector=agritech",
    "sector=agritech&sector=fintech&site=agadir",
    "q=olives&residency=resident",
    "q=mazraa",
    "region=MA-09&sort=newest",
    "technology=ai&sort=verified",
    "need=pilot-customer&stage=mvp&sort=name&page=2",
    "q=olivers&exact=true",
    "sector=alchemy&site=agadir",
)
PARTNER_QUERIES = ("", "kind=investor", "sector=agritech&stage=mvp", "q=water", "language=fr&offer=pilot-project")

FIGURES = (
    ("regions", "regions", {"regions": "regions"}),
    ("regions/MA-09/clusters", "regions/MA-09", {"clusters": "sectors", "survival": "survival"}),
    ("sectors/agritech/clusters", "sectors/agritech", {"clusters": "regions", "related": "related"}),
)
"""Address, file of the page, and which of its tables each part of the answer is."""


def page_of(app: Flask, directory: Directory, path: str, query: str) -> DirectoryPage:
    """The page of the site for the same parameters."""
    parameters = MultiDict(parse_qs(query.replace("exact=true", "exact=1")))
    with app.test_request_context(path):
        return directory.page(parameters)


def test_a_list_of_startups_is_that_of_the_page_in_every_language(network: Session, ask: Ask, visit: Visit) -> None:
    for language, query in product(LANGUAGES, STARTUP_QUERIES):
        page = visit(f"/{language}/startups?{query.replace('exact=true', 'exact=1')}")
        told = ask(f"/v1/startups?{query}&per_page=6&lang={language}").content
        assert [each["slug"] for each in told["items"]] == re.findall(
            r'data-entry[^>]*?>.*?/startups/([\w-]+)"', page.html, re.S
        )


def test_facets_of_startups_are_those_of_the_page(app: Flask, network: Session, ask: Ask) -> None:
    for query in STARTUP_QUERIES:
        page = page_of(app, STARTUPS, "/en/startups", query)
        told = ask(f"/v1/startups?{query}&per_page=6&lang=en").content
        assert told["facets"] == {facet: dict(page.listing.facets[facet]) for facet in STARTUPS.names}
        assert (told["total"], told["pages"]) == (page.listing.total, page.listing.pages)
        assert told["unknown"] == {facet: list(codes) for facet, codes in page.listing.unknown.items()}


def test_a_list_of_partners_with_its_facets_is_that_of_the_page(app: Flask, network: Session, ask: Ask) -> None:
    for query in PARTNER_QUERIES:
        page = page_of(app, PARTNERS, "/en/partners", query)
        told = ask(f"/v1/partners?{query}&lang=en").content
        assert [each["slug"] for each in told["items"]] == [row.slug for row in page.listing.rows]
        assert told["facets"] == {facet: dict(page.listing.facets[facet]) for facet in PARTNERS.names}


def test_matches_are_those_of_the_pages_with_the_same_reasons(matched: Session, ask: Ask, visit: Visit) -> None:
    told = ask("/v1/startups/farm-1/matches?lang=en").content
    page = visit("/en/startups/farm-1")
    matches = [match for kind in ("investor", "mentor", "corporate") for match in told[kind]]
    assert [match["partner"]["slug"] for match in matches] == re.findall(
        r'data-match>.*?/partners/([\w-]+)"', page.html, re.S
    )
    assert matches
    for match in matches:
        assert match["reasons"]
        for reason in match["reasons"]:
            assert " ".join(reason["text"].split()) in page.text


def test_the_startups_of_a_partner_are_those_of_its_page(matched: Session, ask: Ask, visit: Visit) -> None:
    told = ask("/v1/partners/sahel-fund/matches?lang=fr").content["items"]
    page = visit("/fr/partners/sahel-fund")
    assert [match["startup"]["slug"] for match in told] == re.findall(
        r'data-match>.*?/startups/([\w-]+)"', page.html, re.S
    )


def test_similar_startups_are_those_of_the_page(network: Session, ask: Ask, visit: Visit) -> None:
    told = ask("/v1/startups/farm-1/similar").content["items"]
    part = visit("/en/startups/farm-1").html.split("Similar startups", 1)[1]
    assert [each["slug"] for each in told] == re.findall(r'data-entry[^>]*?>.*?/startups/([\w-]+)"', part, re.S)
    assert len(told) == 4 - 1  # of the same sector


def test_figures_are_those_of_the_files_of_the_pages(released: Session, ask: Ask, visit: Visit) -> None:
    for path, file, tables in FIGURES:
        told, page = ask(f"/v1/{path}").content, json.loads(visit(f"/en/{file}.json").html)
        assert told["as_of"] == page["as_of"]
        assert told["threshold"] == page["threshold"]
        for name, table in tables.items():
            assert told[name] == page[table], name


def test_a_profile_tells_what_its_page_shows(network: Session, ask: Ask, visit: Visit) -> None:
    told, page = ask("/v1/startups/farm-1?lang=fr").content, visit("/fr/startups/farm-1")
    assert told["pitch"] == {"lang": "fr", "text": "Ferme 1 arrose les oliviers."}
    for shown in (told["pitch"]["text"], told["description"]["text"], told["name_latin"]):
        assert shown in page.text
    for kind in ("sectors", "sites", "regions", "technologies", "needs"):
        for each in told[kind]:
            assert each["name"]["text"] in page.text


def test_the_network_names_every_code(network: Session, ask: Ask) -> None:
    told = ask("/v1/network?lang=ar").content
    assert told["profiles"] == 12
    assert {site["code"] for site in told["sites"]} == {each["code"] for each in told["vocabulary"]["sites"]}
    sectors = {each["code"]: each["name"]["lang"] for each in told["vocabulary"]["sectors"]}
    assert sectors["agritech"] == "ar"


def test_suggestions_are_those_of_the_search_box(network: Session, ask: Ask, visit: Visit) -> None:
    told = ask("/v1/suggest?q=farm&lang=en").content["items"]
    page = visit("/en/suggestions?q=farm")
    assert [each["text"] for each in told] == re.findall(r'<bdi class="text">(.*?)</bdi>', page.html)
    assert {each["code"] for each in told if each["kind"] == "startup"} <= {f"farm-{number}" for number in range(9)}
