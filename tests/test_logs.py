"""Logs name nobody and hold no key: mail addresses are masked, and so are the tokens of links."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import pytest
import structlog
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from webapp.app import create_app
from webapp.config import Settings
from webapp.extensions import db
from webapp.logs import configure_logging, mask_addresses
from webapp.web.requests import MASK, masked_path

ADDRESS = "salma.elidrissi@mail.startup.example"


@pytest.fixture
def logging_app(settings: Settings) -> Iterator[Callable[[], Flask]]:
    """Makes an application that logs what it answers to the standard error of the test that calls it."""
    made = []

    def make() -> Flask:
        made.append(create_app(settings.model_copy(update={"log_level": "INFO", "log_format": "json"})))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()
    configure_logging(settings)


@pytest.mark.parametrize("text", [ADDRESS, f"Key (email)=({ADDRESS}) already exists.", f"to=<{ADDRESS}>, refused"])
def test_of_a_mail_address_the_first_letters_are_left(text: str) -> None:
    masked = mask_addresses(None, "info", {"event": text, "more": {"list": [text]}})
    assert "s***@m***" in masked["event"]
    assert ADDRESS not in str(masked)
    assert "salma" not in str(masked)


def test_what_is_no_address_stays_as_it_is() -> None:
    event = {"event": "sent", "id": "<0f3a@multaqa>", "ms": 1.5, "rows": (1, 2), "ok": True, "none": None}
    assert mask_addresses(None, "info", dict(event)) == event | {"rows": [1, 2]}


def test_addresses_are_masked_in_errors_and_in_what_libraries_log(
    logging_app: Callable[[], Flask], capsys: pytest.CaptureFixture[str]
) -> None:
    logging_app()
    logging.getLogger("some.library").warning("could not write to %s", ADDRESS)
    try:
        raise ValueError(ADDRESS)
    except ValueError:
        structlog.get_logger("webapp.test").exception("went wrong", recipient=ADDRESS)
    said = capsys.readouterr().err
    assert "could not write to s***@m***" in said
    assert "went wrong" in said
    assert "salma" not in said


@pytest.mark.parametrize(
    "path",
    [
        "/en/account/reset/{token}",
        "/en/account/confirm/{token}",
        "/fr/links/{token}",
        "/ar/unsubscribe/{token}",
        "/de/links/{token}",
        "/links/{token}/",
    ],
)
def test_the_token_of_a_link_is_not_logged_whether_the_page_exists_or_not(
    logging_app: Callable[[], Flask], capsys: pytest.CaptureFixture[str], path: str
) -> None:
    token = URLSafeTimedSerializer("secret").dumps([17, "introduction-accept"])
    logging_app().test_client().get(path.format(token=token))
    said = capsys.readouterr().err
    assert "answered" in said
    assert token not in said
    assert MASK in said


@pytest.mark.parametrize(
    "path",
    [
        "/en/startups/a-startup-with-a-rather-long-name-of-many-words",
        "/fr/regions/MA-09.csv",
        "/sitemap-1.xml",
        "/en/my/partner/0123456789abcdef/members",
    ],
)
def test_other_addresses_are_logged_as_they_are(app: Flask, path: str) -> None:
    with app.test_request_context(path):
        assert masked_path() == path


def test_errors_of_the_database_do_not_quote_what_was_typed(app: Flask) -> None:
    assert app.config["SQLALCHEMY_ENGINE_OPTIONS"]["hide_parameters"]
