"""The light stemmer for Arabic.

It begins where light10 ends (Larkey, Ballesteros and Connell, "Light Stemming for Arabic Information Retrieval", 2007):
article, particles and endings come off, roots are never looked for. Beyond light10 it takes off pronouns, brings the
spellings of hamza together, knows broken plurals from a list, and takes a particle off a short word only when a known
word remains. ``docs/stemming.md`` has the steps and the figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from webapp.language.broken_plurals import BROKEN_PLURALS_TEXT, KNOWN_TEXT, WHOLE_TEXT
from webapp.language.normalize import fold

_FINAL_HAMZA = re.compile("(?<=[وي])ء$")

_ARTICLES = (
    *(("وبال", 3), ("وكال", 4), ("فبال", 3), ("ولل", 3), ("فلل", 3), ("وال", 3)),
    *(("بال", 3), ("كال", 3), ("فال", 3), ("لل", 3), ("ال", 3)),
)
"""With how many letters must remain, unless what remains is a known word."""

_PRONOUNS = (("ها", 3), ("نا", 3), ("هم", 4), ("كم", 4))
_DUALS_OF_FEMININES = ("تان", "تين")
_ENDINGS = (("ات", 3), ("ون", 4), ("ين", 4), ("ان", 4), ("يا", 4), ("ه", 3), ("ي", 3), ("ا", 4))
_PARTICLES = ("ف", "ب", "ك", "ل")
_VERBAL_NOUN = re.compile("ت..ي.")
"""The pattern تفعيل, of تمويل and تطوير, as folding leaves it."""
_MAX_ENDINGS = 5


def _settled(word: str) -> str:
    """One spelling for hamza: carriers fold to و and ي, so what still stands alone becomes ي, or goes after و or ي."""
    return _FINAL_HAMZA.sub("", word).replace("ء", "ي") if "ء" in word else word


def _without_endings(word: str) -> str:
    """The word without endings of number, gender and relation (ات, ون, ة, ي ...), one after the other."""
    for _ in range(_MAX_ENDINGS):
        if word in _WHOLE:
            return word
        shorter = _without_ending(word)
        if shorter == word:
            break
        word = shorter
    return word


def _without_ending(word: str) -> str:
    for ending in _DUALS_OF_FEMININES:
        # Not جيلاتين: before the ending of a dual stands the consonant of the feminine.
        if word.endswith(ending) and len(word) >= len(ending) + 3 and word[-4] != "ا":
            return word[: -len(ending)] + "ه"
    if word.endswith("ات") and word[:-2] + "ه" in _WHOLE:
        return word[:-2] + "ه"
    for ending, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return word[: -len(ending)]
    return word


def _words(text: str) -> Iterator[str]:
    return (_settled(word) for word in fold(text).split())


def _plural_table() -> dict[str, str]:
    """Stem by plural and singular, all forms as ``_settled`` leaves them. The first of two meanings wins."""
    table: dict[str, str] = {}
    for group in re.split(r"[/\n]", BROKEN_PLURALS_TEXT):
        if forms := list(_words(group)):
            stemmed = _without_endings(forms[0])
            for form in forms:
                table.setdefault(form, stemmed)
    return table


_WHOLE = frozenset(_words(WHOLE_TEXT))
_PLURALS = _plural_table()
_KNOWN = frozenset(_PLURALS) | _WHOLE | frozenset(_words(KNOWN_TEXT))
_KNOWN_STEMS = frozenset(map(_without_endings, _KNOWN))


def _without_article(word: str) -> str:
    """Take the article off, with what is written together with it. Twice, for الالتزام and التزام to meet."""
    for _ in range(2):
        if _without_endings(_without_pronoun(word)) in _KNOWN_STEMS:
            return word
        if word.startswith("لل") and word[1:] in _KNOWN:  # للغة is ل and لغة
            return word[1:]
        for article, least in _ARTICLES:
            rest = word[len(article) :]
            if word.startswith(article) and (len(rest) >= least or rest in _KNOWN):
                word = rest
                break
        else:
            return word
    return word


def _without_pronoun(word: str) -> str:
    """Take off a pronoun, or the alef of an accusative after a known word."""
    if word.endswith("ا") and word[:-1] in _KNOWN:
        return word[:-1]
    if word.endswith("ته") and _without_endings(word[:-2]) in _KNOWN_STEMS:
        return word[:-2] + "ه"
    for pronoun, least in _PRONOUNS:
        rest = word[: -len(pronoun)]
        if word.endswith(pronoun) and (len(rest) >= least or not _KNOWN.isdisjoint((rest, rest[:-1] + "ه"))):
            return _before_pronoun(rest)
    return word


def _before_pronoun(rest: str) -> str:
    """What stood before a pronoun as it is written at the end of a word: ta marbuta opens, final hamza takes a seat."""
    if rest[:-1] + "ه" in _KNOWN and rest[-1] == "ت":
        return rest[:-1] + "ه"
    if len(rest) >= 4 and rest[-1] == "ت" and rest[-2] != "ا":
        return rest[:-1] + "ه"
    return rest[:-1] + "ي" if rest.endswith("او") else rest


def _without_known_particles(word: str, known: frozenset[str]) -> str:
    """Take off particles, at most و or ف and another, where a known word of three letters or more remains."""
    for start in (1, 2):
        if word[start - 1 : start] not in ("و", *_PARTICLES) or (start == 2 and word[0] not in "وف"):
            break
        rest = word[start:]
        if len(rest) >= 3 and (rest in known or _VERBAL_NOUN.fullmatch(rest)):
            return rest
    return word


def _without_conjunction(word: str) -> str:
    """Take و off any unknown word of four letters: it begins few words but may stand before all of them."""
    return word[1:] if word.startswith("و") and len(word) >= 4 else word


def _without_particle(word: str) -> str:
    """Take ف ب ك ل off a stem so long that it is unlikely to begin with one of them itself.

    This happens whether or not there was an article: where a letter of the word is mistaken for a particle, the word
    with and without its article still meet.
    """
    return word[1:] if word.startswith(_PARTICLES) and len(word) >= 6 else word


def stem_arabic(word: str) -> str:
    """The light stem of a folded Arabic word, of two letters or more unless the word has fewer."""
    word = _without_article(_settled(word))
    if word not in _KNOWN:
        word = _without_pronoun(word)
    if _without_endings(word) not in _KNOWN_STEMS:
        shorter = _without_known_particles(word, _KNOWN)
        word = shorter if shorter != word else _without_conjunction(word)
    if word in _PLURALS:
        return _PLURALS[word]
    word = _without_endings(word)
    if word in _KNOWN_STEMS:
        return word
    shorter = _without_known_particles(word, _KNOWN_STEMS)
    return shorter if shorter != word else _without_particle(word)
