"""Our words stand for all that Flask-Security says, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_security import core
from flask_security.forms import _setup_methods_xlate
from wtforms import SubmitField

from tests.translations import SOURCE_LANGUAGE, catalogue_path, read
from webapp.config import ROOT
from webapp.i18n import LANGUAGES
from webapp.web.account_forms import FORMS
from webapp.web.security_words import LABELS, MESSAGES, METHODS, UNUSED

TEMPLATES = ROOT / "webapp" / "templates"


def test_every_message_of_the_installed_version_is_worded_or_known_to_be_unused() -> None:
    assert set(MESSAGES) | UNUSED == set(core._default_messages)
    assert not set(MESSAGES) & UNUSED


@pytest.mark.parametrize("key", sorted(MESSAGES))
def test_our_words_ask_for_no_value_that_flask_security_does_not_give(key: str) -> None:
    def names(text: str) -> set[str]:
        return set(re.findall(r"%\((\w+)\)", text))

    assert names(MESSAGES[key][0]) <= names(core._default_messages[key][0])


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != SOURCE_LANGUAGE])
def test_every_message_is_translated(language: str) -> None:
    catalogue = read(catalogue_path(language), language)
    texts = [text for text, _category in MESSAGES.values()] + [*METHODS]
    assert not [text for text in texts if text not in catalogue or not catalogue[text].string]


def test_the_names_of_second_factors_are_those_that_we_translate() -> None:
    assert {_setup_methods_xlate[method] for method in ("authenticator", "webauthn", None)} == set(METHODS)


def _fields(app: Flask) -> Iterator[tuple[str, object]]:
    with app.test_request_context("/en/"):
        for name, form_class in FORMS.items():
            needed = {"user": None} if name == "verify_form" else {}
            for field in form_class(formdata=None, **needed):
                if not isinstance(field, SubmitField) and field.type not in ("HiddenField", "CSRFTokenField"):
                    yield name, field


def test_every_field_that_is_shown_has_a_label_of_ours(app: Flask) -> None:
    own = {"full_name", "language", "agrees", "usage"}
    by_buttons = {"setup", "help_setup", "phone"}  # our pages have buttons instead
    unnamed = {field.name for _form, field in _fields(app)} - set(LABELS) - own - by_buttons  # type: ignore[attr-defined]
    assert unnamed == set()


def test_every_page_and_mail_of_an_enabled_feature_is_ours(app: Flask) -> None:
    templates = {
        value
        for key, value in app.config.items()
        if key.startswith("SECURITY_") and key.endswith("_TEMPLATE") and isinstance(value, str)
    }
    off = ("us_", "send_login", "change_username", "recover_username", "email/")
    pages = {
        name
        for name in templates
        if name.startswith("security/") and not name.removeprefix("security/").startswith(off)
    }
    assert pages
    for name in pages:
        assert (TEMPLATES / name).is_file(), name
    for kind in (name for name in templates if name.startswith("account-")):
        assert (TEMPLATES / "mail" / kind / "message.html").is_file(), kind
