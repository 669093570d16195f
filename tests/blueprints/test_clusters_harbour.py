"""The pages of regions on a second network: other regions, other languages, no map, another threshold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.harbour import harbour_site, settle
from tests.visiting import Visited
from webapp.extensions import db
from webapp.services.cluster_release import release_current
from webapp.web.marks import today


@pytest.fixture
def harbour(tmp_path: Path) -> Iterator[Flask]:
    """The site of the second network, with residents and released figures."""
    with harbour_site(tmp_path) as app:
        settle()
        release_current(db.session, today())
        db.session.commit()
        yield app


def test_the_second_network_has_figures_of_its_own(harbour: Flask) -> None:
    client = harbour.test_client()
    for language in ("en", "fr"):
        for path in ("", "regions", "regions/IE-M", "sectors/medtech", "regions/compare?r=IE-L&r=IE-M", "network"):
            page = Visited(client.get(f"/{language}/{path}"))
            assert page.status == 200, path
            assert not page.has_placeholders, path
            assert 'class="map"' not in page.html
    munster = Visited(client.get("/en/regions/IE-M"))
    assert "Munster hosts 24 resident startups, 49% of the network’s." in munster.text
    assert "Ocean energy" in munster.text
    assert "Occupancy 69% of 35 places" in munster.text
    assert Visited(client.get("/en/regions/MA-09")).status == 404


def test_its_own_threshold_withholds_more(harbour: Flask) -> None:
    client = harbour.test_client()
    rows = Visited(client.get("/en/regions/IE-L.csv")).html.splitlines()
    agrifood = next(row for row in rows if ",agrifood," in row)
    assert ",withheld,," in agrifood
    assert "A number of startups below 5" in Visited(client.get("/en/regions")).text
