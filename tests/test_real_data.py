"""One story: a list of real startups, as somebody published it, becomes a directory with matches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from tests.visiting import Visit
from webapp.config import ROOT

Maker = Callable[..., Any]

EXCERPT = ROOT / "tests" / "data" / "yc-2014-excerpt.csv"
MAPPING = ROOT / "examples" / "mappings" / "yc-2014.toml"


def test_a_published_list_becomes_a_directory_that_finds_and_matches(
    app: Flask, session: Session, visit: Visit, make_partner: Maker
) -> None:
    fund = make_partner("Sahel Fund", kind="investor", sectors=["fintech"], excluded_sectors=("gaming",))
    salma = make_partner(
        "Salma", kind="mentor", sectors=["ecommerce"], description={"en": "Thirty years of gourmet food and gifts."}
    )
    session.commit()
    run = app.test_cli_runner().invoke

    imported = run(args=["data", "import", str(EXCERPT), "--mapping", str(MAPPING), "--publish"])
    assert "40 rows: 40 created" in imported.output, imported.output
    # Nobody has indexed them yet, and they are there all the same.
    assert "Goldbely" in visit("/en/startups?q=goldbely").text

    drained = run(args=["work", "drain"])
    assert "changes of 42 profiles handled" in drained.output, drained.output
    assert run(args=["index", "check"]).exit_code == 0

    listed = visit("/fr/startups")
    assert "40 startups" in listed.text
    assert listed.entries == 6
    assert listed.links.count("/fr/startups?page=7") >= 1

    fintech = visit("/fr/startups?sector=fintech&sort=name")
    assert fintech.status == 200
    assert "GazeHawk" in fintech.text
    assert "Goldbely" not in fintech.text

    assert visit("/en/startups?q=gourmet+foods").text.count("Goldbely is an e-commerce site") == 1
    assert visit("/en/startups?q=goldbely").entries == 1
    # The texts are English; the French and Arabic names of their sectors find them.
    assert visit("/fr/startups?q=vente+en+ligne&sort=name").entries == 6
    assert visit("/ar/startups?q=التجارة+الإلكترونية").entries == 6

    startup = visit("/en/startups/goldbely")
    assert f"/en/partners/{salma.slug}" in startup.links
    assert f"/en/partners/{fund.slug}" not in startup.links
    assert "Looks for startups in E-commerce" in startup.text
    assert "Both speak of" in startup.text
    assert "CC BY-SA 4.0" in startup.text
    assert "Parmi les secteurs recherchés" in visit("/fr/startups/goldbely").text

    partner = visit(f"/en/partners/{fund.slug}")
    assert "/en/startups/gazehawk" in partner.links
    assert "Looks for startups in Fintech" in partner.text


def test_the_same_list_again_gives_the_worker_nothing_to_do(app: Flask) -> None:
    run = app.test_cli_runner().invoke
    command = ["data", "import", str(EXCERPT), "--mapping", str(MAPPING), "--publish"]
    run(args=command)
    run(args=["work", "drain"])
    assert "0 created, 0 updated, 40 unchanged" in run(args=command).output
    assert "0 changes of 0 profiles handled" in run(args=["work", "drain"]).output
