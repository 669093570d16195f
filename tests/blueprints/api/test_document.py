"""The OpenAPI document holds: others' validators, test generators and client generators work from it."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from flask import Flask, g
from openapi_spec_validator import validate
from schemathesis.config import SchemathesisConfig
from sqlalchemy.orm import Session

from tests.blueprints.api.conftest import Ask
from webapp.blueprints.api.table import OPERATIONS

EXAMPLES = 12
"""Requests that are made up for each operation, of each kind."""

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture
def site(app: Flask, network: Session) -> Callable[..., Any]:
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
    assert {operation.path for operation in OPERATIONS} == set(told.content["paths"])
    assert ask("/openapi.json", If_None_Match=told.header("ETag") or "").status == 304


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode))
def test_no_made_up_request_finds_the_site_at_odds_with_its_document(
    app: Flask, site: Callable[..., Any], ask: Ask, token_of: Callable[..., str], mode: schemathesis.GenerationMode
) -> None:
    config = SchemathesisConfig.from_dict(
        {"seed": 11, "generation": {"max-examples": EXAMPLES, "mode": mode.value, "deterministic": True, "database": "none"}}
    )
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", site, config=config)
    headers = {"Authorization": f"Bearer {token_of()}"}
    asked = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @operation.as_strategy_test  # type: ignore[misc]
        def check(case: Any) -> None:
            case.call_and_validate(headers=headers)

        check()
        asked += 1
    assert asked == len(OPERATIONS)
