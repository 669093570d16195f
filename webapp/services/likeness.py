"""By what two organisations are taken for one: number, website, name and sound of the name, in both scripts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from webapp.language import sound_key, tokenize
from webapp.services.imports.lookalikes import SHORTEST_CLOSE, web_place

CLOSE = 88
"""From which likeness on, of 100, two names are close: about one letter in eight may differ."""

HOW = ("same-number", "same-website", "same-name", "close-name")
"""By what a profile looks like another one, the surest first."""

_ARTICLES = frozenset({"al", "el", "the", "le", "la", "les", "l"})
_ARABIC_ARTICLE = "ال"
_LONGER_THAN_ARTICLE = 4


@dataclass(frozen=True)
class Marks:
    """What of an organisation is compared."""

    number: str
    place: str
    """What of its website is its own."""
    names: frozenset[str]
    """Each name without legal forms as one word, as it stands and with its words in alphabetical order."""
    sounds: frozenset[tuple[str, ...]]
    heard: frozenset[str]
    """How each name sounds as a whole, without articles, so that a name and its transliteration sound alike."""

    def likeness(self, other: Marks) -> str | None:
        """How it is like another one, by the surest sign."""
        if self.number and self.number == other.number:
            return "same-number"
        if self.place and self.place == other.place:
            return "same-website"
        if self.names & other.names:
            return "same-name"
        if self.sounds & other.sounds or any(is_close(one, two) for one in self.names for two in other.names):
            return "close-name"
        return None


def marks_of(names: Iterable[str | None], website: str | None, number: str | None, forms: frozenset[str]) -> Marks:
    """What of an organisation is compared.

    Args:
        names: in any script; those that are missing are left out.
        forms: words that say how a company is registered, from ``legal_forms``.
    """
    squeezed, sounds, heard = set(), set(), set()
    for name in names:
        words = tokenize(name or "")
        words = [word for word in words if word not in forms] or words
        if words:
            squeezed |= {"".join(words), "".join(sorted(words))}
            keys = [sound_key(word) for word in words]
            # A name of which a word says too little by its sound is not compared by sound.
            if all(keys):
                sounds.add(tuple(sorted(key for key in keys if key)))
            heard.add("".join(sound_key(_bare(word)) or word for word in words if word not in _ARTICLES))
    return Marks(
        number or "", web_place(website), frozenset(squeezed), frozenset(sounds), frozenset(filter(None, heard))
    )


def is_close(one: str, two: str) -> bool:
    """Whether names are close; numbers in them are no slips of the pen."""
    if min(len(one), len(two)) < SHORTEST_CLOSE or ratio(one, two, score_cutoff=CLOSE) < CLOSE:
        return False
    return digits_of(one) == digits_of(two)


def digits_of(name: str) -> list[str]:
    """The digits in a name, in their order."""
    return [each for each in name if each.isdigit()]


def _bare(word: str) -> str:
    """A word without the Arabic article that is written as a part of it."""
    has_article = word.startswith(_ARABIC_ARTICLE) and len(word) > _LONGER_THAN_ARTICLE
    return word.removeprefix(_ARABIC_ARTICLE) if has_article else word
