from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

Maker = Callable[..., Any]


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()


@pytest.fixture
def matched(session: Session, make_startup: Maker, make_partner: Maker, runner: FlaskCliRunner) -> tuple[Any, Any]:
    startup = make_startup(
        slug="tazrii", sectors=["agritech"], maturities=["growth"], pitch={"en": "Orchard irrigation"}
    )
    partner = make_partner(
        slug="sahel-fund", sectors=["agritech"], maturities=["mvp"], summary={"en": "For irrigation"}
    )
    session.commit()
    return startup, partner


def test_a_rebuild_says_how_much_it_made(runner: FlaskCliRunner, matched: tuple[Any, Any]) -> None:
    result = runner.invoke(args=["matches", "rebuild"])
    assert result.exit_code == 0, result.output
    assert "1 matches of 1 startups and 1 partners in " in result.output


@pytest.mark.parametrize(("slug", "other"), [("tazrii", "sahel-fund (investor)"), ("sahel-fund", "tazrii")])
def test_matches_of_either_side_are_shown_with_all_parts(
    runner: FlaskCliRunner, matched: tuple[Any, Any], slug: str, other: str
) -> None:
    runner.invoke(args=["matches", "rebuild"])
    result = runner.invoke(args=["matches", "show", slug])
    assert result.exit_code == 0, result.output
    assert f"  1. {other}: " in result.output
    assert 'same-sector  {"codes": ["agritech"]}' in result.output
    assert 'shared-words  {"words": ["irrigation"], "languages": ["en"]}' in result.output
    assert ')  stage-differs  {"codes": ["mvp"]}' in result.output


@pytest.mark.parametrize(
    ("excluded", "said"), [((), "Nothing rules them out."), (("agritech",), 'excluded  {"sectors": ["agritech"]}')]
)
def test_a_pair_that_is_ruled_out_says_why(
    runner: FlaskCliRunner,
    session: Session,
    make_startup: Maker,
    make_partner: Maker,
    excluded: tuple[str, ...],
    said: str,
) -> None:
    make_startup(slug="tazrii", sectors=["agritech"])
    make_partner(slug="sahel-fund", sectors=["fintech"], excluded_sectors=excluded)
    session.commit()
    result = runner.invoke(args=["matches", "why-not", "tazrii", "sahel-fund"])
    assert result.exit_code == 0, result.output
    assert said in result.output


def test_a_profile_without_matches_says_so(runner: FlaskCliRunner, matched: tuple[Any, Any]) -> None:
    assert runner.invoke(args=["matches", "show", "tazrii"]).output == "No matches.\n"


def test_a_slug_that_nobody_has_is_an_error(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["matches", "show", "nobody"])
    assert result.exit_code == 1
    assert "There is no startup or partner nobody." in result.output
