"""The light stemmer for French and English, which share it: a text says nothing of its language.

It undoes number and gender, brings together a few endings that the two languages write differently (énergie and
energy), and takes off English -ing and -ed where four letters remain. ``docs/stemming.md`` has the figures.
"""

from __future__ import annotations

_IRREGULAR = {
    "travaux": "travail",
    "emplois": "emploi",
    "lois": "loi",
    "delais": "delai",
    "essais": "essai",
    "revenus": "revenu",
    "contenus": "contenu",
    "menus": "menu",
    "tissus": "tissu",
    "individus": "individu",
    "children": "child",
    "women": "woman",
    "men": "man",
    "leaves": "leaf",
    "knives": "knife",
    "wolves": "wolf",
}
_KEPT = frozenset(
    [
        "marketing",
        "training",
        "shipping",
        "parking",
        "camping",
        "evening",
        "meaning",
        "nothing",
        "something",
        "united",
        "limited",
    ]
)
"""Words in -ing and -ed that mean something else than the word within them, or that French has as nouns."""

_VOWELS = frozenset("aeiouy")
_UNDOUBLED = frozenset("bdfgkmnprt")
"""Consonants that English doubles before -ing and -ed (planning); ll, ss and zz mostly belong to the word."""

_MEETING = (
    # What French writes for the two genders, and for what English ends otherwise; as the final e has left it.
    ("tric", "teu"),
    ("eur", "eu"),
    ("eus", "eu"),
    ("iqu", "ic"),
    ("iti", "it"),
    ("iau", "ial"),
    ("nn", "n"),
    ("ll", "l"),
    ("iv", "if"),
)
_MIN_MEETING = {"iv": 5}
_MIN_LENGTH = 6


def _singular(word: str) -> str:
    if word.endswith(("eaux", "eux", "oux")):
        return word[:-1]
    if word.endswith("iaux"):
        return word[:-1]
    if word.endswith("aux") and len(word) > 4:
        return word[:-2] + "l"
    if word.endswith("ies"):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_verbal_ending(word: str) -> str:
    """Take off English -ing and -ed where four letters with a vowel remain; undouble the consonant before them."""
    rest = word[:-3] if word.endswith("ing") else word[:-2] if word.endswith("ed") else ""
    if len(rest) < 4 or word in _KEPT or not _VOWELS & set(rest):
        return word
    if rest[-1] == rest[-2] and rest[-1] in _UNDOUBLED:
        rest = rest[:-1]
    return rest


def stem_latin(word: str) -> str:
    """The light stem of a folded word of the letters a to z; one of three letters or fewer stays as it is."""
    if len(word) <= 3:
        return word
    word = _without_verbal_ending(_singular(_IRREGULAR.get(word, word)))
    for _ in range(2):
        if word.endswith("e") and len(word) > 3:
            word = word[:-1]
    # Energy, énergie and énergies meet in one stem, and so do technology and technologie.
    if word.endswith("y") and len(word) > 3 and word[-2] not in "aeiou":
        word = word[:-1] + "i"
    for ending, common in _MEETING:
        if word.endswith(ending) and len(word) >= _MIN_MEETING.get(ending, _MIN_LENGTH):
            return word[: -len(ending)] + common
    return word
