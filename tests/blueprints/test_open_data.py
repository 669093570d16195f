from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyld import jsonld
from pyshacl import validate
from rdflib import DCAT, DCTERMS, RDF, Graph, URIRef
from rdflib.compare import isomorphic
from sqlalchemy.orm import Session

from tests.pages import opened
from tests.visiting import Visit
from webapp.blueprints.open_data.catalogue import EU_LANGUAGES
from webapp.i18n import LANGUAGES
from webapp.services.data_set import FOLDER, publish_data_set
from webapp.services.network import get_network
from webapp.web.marks import today

Maker = Callable[..., Any]

SHAPES = Path(__file__).parents[1] / "data" / "dcat-ap-shapes.ttl"


@pytest.fixture
def published(session: Session, app: Flask, make_startup: Maker, make_partner: Maker) -> Path:
    """A startup and a partner, and the file that the worker makes of them."""
    make_startup("Tazrii", sectors=["agritech"], site="agadir")
    make_partner("Sahel Fund")
    session.commit()
    network = get_network(session)
    assert network is not None
    path = publish_data_set(session, app.extensions["settings"].data_dir / FOLDER, network, today())
    assert path is not None
    return path


def graph_of(client: FlaskClient, path: str, form: str) -> Graph:
    return Graph().parse(data=opened(client, path).get_data(as_text=True), format=form)


@pytest.mark.usefixtures("published")
def test_the_catalogue_is_what_dcat_ap_asks_for(client: FlaskClient) -> None:
    graph = graph_of(client, "/data.ttl", "turtle")
    conforms, _, report = validate(graph, shacl_graph=Graph().parse(SHAPES), inference="none", advanced=True)
    assert conforms, report
    assert len(list(graph.subjects(RDF.type, DCAT.Dataset))) == 5
    assert len(list(graph.subjects(RDF.type, DCAT.Distribution))) == 32


@pytest.mark.usefixtures("published")
def test_a_catalogue_that_lacks_something_would_be_found_out(client: FlaskClient) -> None:
    graph = graph_of(client, "/data.ttl", "turtle")
    graph.remove((None, DCAT.accessURL, None))
    assert not validate(graph, shacl_graph=Graph().parse(SHAPES), inference="none", advanced=True)[0]


@pytest.mark.usefixtures("published")
def test_all_formats_hold_the_same_graph(client: FlaskClient) -> None:
    turtle = graph_of(client, "/data.ttl", "turtle")
    assert isomorphic(turtle, graph_of(client, "/data.jsonld", "json-ld"))
    assert isomorphic(turtle, graph_of(client, "/data.rdf", "xml"))
    document = json.loads(opened(client, "/data.jsonld").get_data(as_text=True))
    quads = jsonld.to_rdf(jsonld.expand(document), {"format": "application/n-quads"})
    assert isomorphic(turtle, Graph().parse(data=quads, format="nt"))


@pytest.mark.usefixtures("published")
def test_every_file_that_the_catalogue_names_is_there(client: FlaskClient) -> None:
    graph = graph_of(client, "/data.ttl", "turtle")
    for address in graph.objects(None, DCAT.downloadURL):
        if "/regions." not in str(address):  # there are no figures in this small world
            with opened(client, str(address).removeprefix("http://localhost")) as response:
                assert response.status_code == 200, address
    (licence,) = set(graph.objects(None, DCTERMS.license))
    assert licence == URIRef("https://creativecommons.org/licenses/by/4.0/")


def test_whoever_asks_is_answered_in_a_format_of_theirs(client: FlaskClient) -> None:
    def ask(accept: str) -> Any:
        opened(client, "/healthz")
        return client.get("/data", headers={"Accept": accept, "Accept-Language": "ar"})

    assert ask("text/html,*/*;q=0.8").headers["Location"] == "/ar/data"
    assert ask("text/turtle").content_type == "text/turtle; charset=utf-8"
    assert ask("application/ld+json, text/html;q=0.5").content_type == "application/ld+json; charset=utf-8"
    assert "Accept" in ask("text/turtle").headers["Vary"]


def test_every_language_of_the_program_has_its_code_in_the_list_of_languages() -> None:
    assert set(EU_LANGUAGES) == set(LANGUAGES)


def test_the_page_tells_what_there_is_in_every_language(visit: Visit, published: Path) -> None:
    for language, licence in (("en", "Attribution 4.0"), ("fr", "Attribution 4.0"), ("ar", "نسب المصنف")):
        page = visit(f"/{language}/data")
        assert page.status == 200
        assert licence in page.text
        assert f"/data/{published.name}" in page.links
        assert not page.has_placeholders


def test_before_the_file_was_made_the_page_says_so(visit: Visit) -> None:
    assert "The file is being made." in visit("/en/data").text
    assert visit("/data/technopark-2026-01-01.zip").status == 404


def test_the_whole_data_set_is_given_out(client: FlaskClient, published: Path) -> None:
    response = opened(client, f"/data/{published.name}")
    assert response.content_type == "application/zip"
    assert 'rel="license"' in response.headers["Link"]
    with ZipFile(io.BytesIO(response.data)) as archive:
        (row,) = csv.DictReader(io.TextIOWrapper(archive.open("startups.csv"), "utf-8"))
    assert (row["name_latin"], row["sites"]) == ("Tazrii", "agadir")
    response.close()
    with client.get(f"/data/{published.name}", headers={"If-None-Match": response.headers["ETag"]}) as again:
        assert again.status_code == 304
