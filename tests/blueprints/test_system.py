from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from webapp.app import create_app
from webapp.config import Settings


def test_health_asks_nothing_of_the_database(client: FlaskClient, count_queries: Callable[[], int]) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.text) == (200, "ok")
    assert count_queries() == 0


def test_readiness_names_what_is_missing(client: FlaskClient) -> None:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "index" in response.json["missing"]
    assert "database" not in response.json["missing"]


@pytest.mark.parametrize("path", ["/ar/", "/fr/startups", "/en/nowhere"])
def test_a_missing_database_is_told_on_a_page(settings: Settings, path: str) -> None:
    away = settings.model_copy(update={"database_url": f"sqlite:///{settings.data_dir}/no/such/folder.db"})
    client = create_app(away).test_client()
    assert client.get("/readyz").json["missing"][0] == "database"
    response = client.get(path)
    assert response.status_code in (404, 503)
    assert "<h1>" in response.text


def test_production_has_no_development_pages(settings: Settings) -> None:
    production = settings.model_copy(update={"environment": "production", "secret_key": "x" * 40})
    assert "development.components" not in create_app(production).view_functions
