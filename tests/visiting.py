"""A visitor who reads pages as a person does: by their texts, links and headings."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import NamedTuple

from werkzeug.test import TestResponse


class Visited(NamedTuple):
    """A page as a visitor received it."""

    response: TestResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    @property
    def text(self) -> str:
        """What is to be read, without markup."""
        body = re.sub(r"<(script|style|template)\b.*?</\1>", " ", self.html, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())

    @property
    def headings(self) -> list[str]:
        return re.findall(r"<h1\b", self.html)

    @property
    def title(self) -> str:
        found = re.search(r"<title>(.*?)</title>", self.html, re.DOTALL)
        return unescape(found.group(1)).strip() if found else ""

    @property
    def links(self) -> list[str]:
        return [unescape(link) for link in re.findall(r'<a\b[^>]*?\bhref="([^"]*)"', self.html)]

    @property
    def entries(self) -> int:
        return self.html.count("data-entry")

    @property
    def has_placeholders(self) -> bool:
        """Whether something shows that was meant for the machine: a missing value, an unfilled text."""
        return bool(re.search(r"\b(None|nan|undefined)\b|%\(\w+\)|\{\{", self.text))

    def alternates(self) -> dict[str, str]:
        """hreflang -> address, as the head says."""
        pairs = re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', self.html)
        return {language: unescape(address) for language, address in pairs}

    def canonical(self) -> str:
        found = re.search(r'<link rel="canonical" href="([^"]+)"', self.html)
        return unescape(found.group(1)) if found else ""


Visit = Callable[..., Visited]
