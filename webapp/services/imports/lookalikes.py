"""Near-duplicates: startups whose names differ by a slip of the pen, or that share a website.

Two names are close if, without legal forms, spaces and the order of words, they differ by a letter: changed, missing,
too many, or exchanged with its neighbour. Every name is kept under all forms of it in which a letter is masked or left
out, so a few looks into tables find the close ones among any number of others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import select

from webapp.language import fold, tokenize
from webapp.models import DbSession, Startup, Term, TermKind

SHORTEST_CLOSE = 6
"""Names of fewer letters must be equal: a letter makes too much difference to them."""

_SHARED = """
facebook.com twitter.com x.com instagram.com linkedin.com youtube.com github.com medium.com linktr.ee t.me
play.google.com apps.apple.com itunes.apple.com sites.google.com crunchbase.com angel.co
"""
SHARED_HOSTS = frozenset(_SHARED.split())
"""Hosts where many companies have a page; there the path counts too."""

_LEGAL_FORMS = frozenset(
    ("inc", "incorporated", "ltd", "limited", "llc", "corp", "corporation", "co", "company", "plc", "gmbh", "srl", "bv")
)
_NUMBERS = re.compile(r"\d+")


class Lookalike(NamedTuple):
    """The startup that another one looks like, and by what: ``same-name``, ``close-name`` or ``same-website``."""

    slug: str
    how: str


class Lookalikes:
    """All startups by name and website; reads the existing ones once."""

    def __init__(self, session: DbSession) -> None:
        self._forms = legal_forms(session)
        self._names: dict[str, str] = {}
        self._masked: dict[str, str] = {}
        self._shortened: dict[str, str] = {}
        self._websites: dict[str, str] = {}
        columns = select(Startup.slug, Startup.name_latin, Startup.name_arabic, Startup.website).order_by(Startup.id)
        for slug, latin, arabic, website in session.execute(columns):
            self.add(slug, (latin, arabic), website)

    def add(self, slug: str, names: Iterable[str | None], website: str | None) -> None:
        """Take a startup in, for those that come after it."""
        for name in self._squeezed(names):
            self._names.setdefault(name, slug)
            if len(name) >= SHORTEST_CLOSE:
                for masked, shortened in _forms_of(name):
                    self._masked.setdefault(masked, name)
                    self._shortened.setdefault(shortened, name)
        if place := web_place(website):
            self._websites.setdefault(place, slug)

    def find(self, names: Iterable[str | None], website: str | None) -> Lookalike | None:
        """The first startup that looks like this one."""
        squeezed = self._squeezed(names)
        for name in squeezed:
            if name in self._names:
                return Lookalike(self._names[name], "same-name")
        if (place := web_place(website)) and place in self._websites:
            return Lookalike(self._websites[place], "same-website")
        for name in squeezed:
            for other in self._close_to(name) if len(name) >= SHORTEST_CLOSE else ():
                # "Studio 1" and "Studio 2" are not slips of the pen.
                if _NUMBERS.findall(name) == _NUMBERS.findall(other):
                    return Lookalike(self._names[other], "close-name")
        return None

    def _close_to(self, name: str) -> Iterator[str]:
        """The names that differ from this one by a letter."""
        if name in self._shortened:
            yield self._shortened[name]
        for at, (masked, shortened) in enumerate(_forms_of(name)):
            if masked in self._masked:
                yield self._masked[masked]
            exchanged = name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
            yield from (other for other in (shortened, exchanged) if other in self._names)

    def _squeezed(self, names: Iterable[str | None]) -> list[str]:
        """The words of each name as one word without legal forms, as they stand and in alphabetical order."""
        found: dict[str, None] = {}
        for name in names:
            words = tokenize(name or "")
            bare = [word for word in words if word not in self._forms] or words
            found |= dict.fromkeys(("".join(bare), "".join(sorted(bare))))
        found.pop("", None)
        return list(found)


def legal_forms(session: DbSession) -> frozenset[str]:
    """Words that say how a company is registered and nothing of which it is, folded: those of the pack, and others."""
    forms = session.scalars(select(Term).where(Term.kind == TermKind.LEGAL_FORM))
    spellings = (text for form in forms for text in (form.code, *form.names.values(), *form.aliases))
    return _LEGAL_FORMS | {fold(text) for text in spellings if len(text.split()) == 1}


def _forms_of(name: str) -> Iterator[tuple[str, str]]:
    """For each letter, the name with the letter masked and without it."""
    for at in range(len(name)):
        before, after = name[:at], name[at + 1 :]
        yield f"{before}*{after}", before + after


def web_place(website: str | None) -> str:
    """What of a website's address makes it one company's: its host, or host and path where companies share the host."""
    if not website:
        return ""
    parts = urlsplit(website.lower())
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host not in SHARED_HOSTS:
        return host
    path = parts.path.strip("/")
    return f"{host}/{path}?{parts.query}" if path else ""
