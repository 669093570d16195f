"""Pages with forms, used as somebody uses them: opened first, then sent with the token that they contain."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from flask import g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def forget_request() -> None:
    """Forget what an earlier request left in the suite's application context."""
    for name in list(g):
        g.pop(name)


def opened(client: FlaskClient, path: str) -> TestResponse:
    """A page as it comes."""
    forget_request()
    return client.get(path)


def sent(client: FlaskClient, path: str, page: str | None = None, **values: Any) -> TestResponse:
    """What comes of sending a form to ``path`` that stands on a page (that of the same address unless told)."""
    found = re.search(r'name="csrf_token"[^>]*?value="([^"]+)"', opened(client, page or path).text)
    forget_request()
    return client.post(path, data=values | {"csrf_token": found.group(1) if found else ""})


def said(response: TestResponse) -> str:
    """What is to be read on a page, without markup and without the isolates around names."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", response.text, flags=re.DOTALL)
    text = unescape(re.sub(r"<[^>]+>", " ", body))
    return " ".join(re.sub("[\u2068\u2069]", "", text).split())
