"""The OpenAPI document holds: others' validators, test generators and client generators work from it."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

import httpx
import pytest
import schemathesis
from flask import Flask, g
from hypothesis import HealthCheck, given, settings
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from sqlalchemy.orm import Session

from tests.blueprints.api.conftest import Ask
from webapp.blueprints.api.table import OPERATIONS

QUICKLY = settings(
    max_examples=12, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
NOTHING_WRONG: frozenset[str] = frozenset()

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def site(app: Flask, network: Session) -> WSGIApplication:
    """The site as a WSGI server runs it: each request has a context of its own."""

    def run(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        for name in list(g):
            g.pop(name)
        return app.wsgi_app(environ, start)

    return run


def test_the_document_is_valid_and_names_every_operation(network: Session, ask: Ask) -> None:
    told = ask("/openapi.json")
    validate(told.content)
    assert told.content["openapi"] == "3.1.0"
    offered = told.content["paths"]["/network"]["get"]["parameters"][0]["schema"]["enum"]
    assert offered == [*ask("/v1/network").content["languages"], "all"]
    assert {operation.path for operation in OPERATIONS} == set(told.content["paths"])
    assert ask("/openapi.json", If_None_Match=told.header("ETag") or "").status == 304


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_made_up_request_finds_the_site_at_odds_with_its_document(
    site: WSGIApplication, token_of: Callable[..., str], mode: GenerationMode
) -> None:
    # Without compression, which the generator does not undo where no server is between.
    headers = {"Authorization": f"Bearer {token_of()}", "Accept-Encoding": "identity"}
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", site)
    for found in schema.get_all_operations():
        operation = found.ok()
        if mode == GenerationMode.NEGATIVE and operation.full_path in NOTHING_WRONG:
            continue

        @given(operation.as_strategy(mode))
        @QUICKLY
        def check(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=headers)

        check()


def test_a_client_that_was_generated_from_the_document_walks_the_interface(
    matched: Session, released: Session, site: WSGIApplication, ask: Ask, token_of: Callable[..., str], tmp_path: Path
) -> None:
    package = generate(ask("/openapi.json").content, tmp_path)
    made = importlib.import_module(f"{package}.client")
    client = made.AuthenticatedClient(
        base_url="http://localhost/api/v1",
        token=token_of(),
        httpx_args={"transport": httpx.WSGITransport(app=site)},
        raise_on_unexpected_status=True,
    )
    arguments = {
        "slug": {"startup": "farm-1", "partner": "sahel-fund"},
        "code": {"region": "MA-09", "sector": "agritech"},
    }
    for operation in OPERATIONS:
        tag = operation.tag.lower().replace(" ", "_")
        module = importlib.import_module(f"{package}.api.{tag}.{operation.name}")
        values = {
            name: choice[operation.name.partition("_")[0]]
            for name, choice in arguments.items()
            if name in operation.parameters
        }
        values |= {"q": "farm"} if operation.name == "suggest" else {}
        answer = module.sync_detailed(client=client, **values)
        assert answer.status_code == 200, operation.path
        assert type(answer.parsed).__name__ == operation.model.__name__
        # Nothing is lost on the way through the generated classes.
        assert answer.parsed.to_dict().keys() == json.loads(answer.content).keys()


def generate(document: dict[str, Any], folder: Path) -> str:
    """Make a package of a client; gives its name."""
    (folder / "openapi.json").write_text(json.dumps(document))
    (folder / "config.yml").write_text("post_hooks: []\n")
    tool = Path(sys.executable).with_name("openapi-python-client")
    done = subprocess.run(
        [tool, "generate", "--path", "openapi.json", "--config", "config.yml", "--meta", "none",
         "--output-path", "generated_client", "--fail-on-warning"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    return "generated_client"
