"""Words and stems of Arabic, French and English text, routed by script and not by a declared language.

A profile mixes languages within one sentence and a query says nothing of its language, so one light stemmer serves both
French and English, and one serves Arabic. They undo inflection only (number, gender, article, attached prepositions);
derivation (``numérique``/``numériser``) and broken plurals are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from webapp.language.normalize import fold

ANALYZER_VERSION = "1"
"""Changes whenever the same text may give other stems: indexes and models made before are then out of date."""

MAX_WORD_LENGTH = 64
"""Longer runs of letters are cut: they are no words, and an index would keep each of them."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_SINGLE_LETTER_COMPOUND = re.compile(r"\b([a-z])-(?=[^\W\d_]{3})")
_ELIDED = frozenset(("l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "presqu"))
_ARABIC = re.compile("[\u0621-\u064a]")

_STOP_WORDS_TEXT = """
في من على إلى عن مع هذا هذه ذلك تلك التي الذي الذين ما لا أن إن أنه كان كانت هو هي هم ثم أو و قد لم لن كل بعد
قبل بين حتى كما لكن منذ عند ضد نحو غير

le la les l un une des d de du et en au aux que qui quoi dont dans pour par sur sous ce cet cette ces c se s ne n pas
il elle ils elles nous vous je j tu t on son sa ses leur leurs mon ma m mes notre nos votre vos est sont été avec
sans ou mais donc ni si plus y

the a an of and to in is it for that this these those with as by at from be are was were or not but have has had he
she they you i we his her its our your their which who
"""
"""Small on purpose: a text of either Latin language loses the words of both, and names must stay findable."""

_STOP_WORDS = frozenset(fold(_STOP_WORDS_TEXT).split())


def _split_apostrophes(word: str) -> Iterator[str]:
    parts = word.split("'")
    while len(parts) > 1 and parts[0] in _ELIDED:
        del parts[0]
    if len(parts) > 1 and parts[-1] == "s":
        del parts[-1]
    if parts == ["aujourd", "hui"]:
        parts = ["aujourdhui"]
    yield from parts


def tokenize(text: str) -> list[str]:
    """The words of a text, folded, in order: French elision and English possessives taken off, stop words kept.

    ``e-commerce`` is one word, ``ecommerce``; other hyphens part words.
    """
    joined = _SINGLE_LETTER_COMPOUND.sub(r"\1", fold(text))
    words: list[str] = []
    for word in _WORD.findall(joined):
        if "'" in word:
            words.extend(_split_apostrophes(word))
        else:
            words.append(word)
    return [word[:MAX_WORD_LENGTH] for word in words]


def _stem_latin(word: str) -> str:
    """Undo French and English plurals and the French feminine. Words of three letters or fewer stay as they are."""
    if len(word) <= 3:
        return word
    if word.endswith(("eaux", "eux", "oux")):
        word = word[:-1]
    elif word.endswith("aux") and len(word) > 4:
        word = word[:-2] + "l"
    elif word.endswith("ies"):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for _ in range(2):
        if word.endswith("e") and len(word) > 3:
            word = word[:-1]
    # Energy, énergie and énergies meet in one stem, and so do technology and technologie.
    if word.endswith("y") and len(word) > 3 and word[-2] not in "aeiou":
        word = word[:-1] + "i"
    return word


_ARABIC_ARTICLES = ("وبال", "وكال", "فبال", "ولل", "وال", "بال", "كال", "فال", "لل", "ال")
_ARABIC_SUFFIXES = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي")


def _stem_arabic(word: str) -> str:
    """Light stemming after light10 (Larkey, Ballesteros and Connell 2007): article, endings, attached particles.

    Particles come off last and whether or not there was an article, so that a word and the same word with its article
    always share a stem, even where a root letter is taken for a particle.
    """
    for article in _ARABIC_ARTICLES:
        if word.startswith(article) and len(word) - len(article) >= 3:
            word = word[len(article) :]
            break
    for suffix in _ARABIC_SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word[: -len(suffix)]
    if word.startswith("و") and len(word) >= 5:
        word = word[1:]
    if word.startswith(("ف", "ب", "ك", "ل")) and len(word) >= 6:
        word = word[1:]
    return word


def stem(token: str) -> str:
    """The light stem of a word from ``tokenize``; words with digits and words of other scripts stay as they are."""
    if _ARABIC.search(token):
        return _stem_arabic(token)
    return _stem_latin(token) if token.isascii() and token.isalpha() else token


@lru_cache(maxsize=200_000)
def _term(token: str) -> tuple[str, bool]:
    return stem(token), token in _STOP_WORDS


def analyze(text: str) -> list[str]:
    """The stems of a text's words, in order, without stop words; a text of stop words only keeps them.

    The exception is for names: a company called "The One" must be found.
    """
    terms = [_term(token) for token in tokenize(text)]
    kept = [stemmed for stemmed, is_stop_word in terms if not is_stop_word]
    return kept or [stemmed for stemmed, _ in terms]
