"""How a name sounds, whichever script it is written in: Nour and نور, Khadija and خديجة.

Latin spellings are read as the French-style romanisation of the Maghreb has them (ch for ش, ou for و, dj and j for ج).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from webapp.language.normalize import fold

MIN_LETTERS = 3
MAX_LETTERS = 64
MIN_CONSONANTS = 2

# Classes: t ت ث ط, s س ص, d د ذ ض ظ, k ك ق ڭ, g غ, x ش, c خ, h ح ه. "a" is a vowel at the beginning or an a at the end.
_ARABIC = str.maketrans(
    {
        **dict.fromkeys("تثط", "t"),
        **dict.fromkeys("سص", "s"),
        **dict.fromkeys("دضذظ", "d"),
        **dict.fromkeys("كقگڭک", "k"),
        **dict.fromkeys("حهہ", "h"),
        **dict.fromkeys("بپ", "b"),
        **dict.fromkeys("فڤڥ", "f"),
        **dict.fromkeys("اأإآٱءؤئعىةیيو", ""),
        "غ": "g",
        "ش": "x",
        "خ": "c",
        "ج": "j",
        "ز": "z",
        "ر": "r",
        "ل": "l",
        "م": "m",
        "ن": "n",
    }
)
_ARABIC_INITIAL = {**dict.fromkeys("اأإآٱءؤئع", "a"), **dict.fromkeys("يی", "y"), "و": "w"}
_ARABIC_LETTER = re.compile("[\u0621-\u064a\u0671\u0679-\u06d3]")
_ARABIC_ARTICLE = re.compile("^ال(?=.{4})")
_ARABIC_END = re.compile("(?<=..)(?:[هةىا]|اء)$")

_LATIN_SOUNDS = (
    (r"tech", "tek"),
    (r"tch|sch|ch(?!n)|sh", "X"),
    (r"ch", "k"),
    (r"kh", "C"),
    (r"gh", "G"),
    (r"dj", "j"),
    (r"th", "t"),
    (r"dh", "d"),
    (r"ph", "f"),
    (r"g(?=[eiy])", "j"),
    (r"g", "k"),
    (r"[sc]?c(?=[eiy])", "s"),
    (r"ck|cq|qu|[cq]", "k"),
    (r"x", "ks"),
    (r"p", "b"),
    (r"v", "f"),
    (r"ou(?=$|[^aeiou])", "o"),
)
_SOUND_RULES = tuple((re.compile(pattern), sound) for pattern, sound in _LATIN_SOUNDS)
_LATIN_INITIAL = re.compile(r"^(?:ou|w)")
_LATIN_END = re.compile(r"(?<=..)(a+e?h?$|h$)")
_INITIAL_VOWEL = re.compile(r"^[aeiou]+")
_VOWELS = re.compile(r"(?<=.)[aeiouyw]")
_TWICE = re.compile(r"([^\d])\1+")


def _arabic_skeleton(word: str) -> str:
    # Not folded: ة at the end is a vowel, and أل at the beginning is no article.
    letters = _ARABIC_END.sub("a", _ARABIC_ARTICLE.sub("", word)).replace("تش", "ش").replace("لل", "ل")
    first = _ARABIC_INITIAL.get(letters[:1])
    if first is None:
        return letters.translate(_ARABIC)
    return first + letters[1:].translate(_ARABIC)


def _latin_skeleton(word: str) -> str:
    word = _LATIN_INITIAL.sub("w", fold(word))
    for pattern, sound in _SOUND_RULES:
        word = pattern.sub(sound, word)
    word = _LATIN_END.sub(lambda end: "A" if end[1] != "h" else "", _TWICE.sub(r"\1", word))
    return _VOWELS.sub("", _INITIAL_VOWEL.sub("a", word)).lower()


def _letters(word: str) -> str:
    """The letters and digits alone, with ASCII digits; marks, tatweel, hyphens and what is invisible go."""
    kept = (character for character in unicodedata.normalize("NFKC", word) if character.isalnum() and character != "ـ")
    return "".join(str(unicodedata.digit(each)) if each.isdecimal() else each for each in kept)


@lru_cache(maxsize=20_000)
def _key(word: str) -> str | None:
    letters = _letters(word)
    if len(letters) < MIN_LETTERS:
        return None
    key = _arabic_skeleton(letters) if _ARABIC_LETTER.search(letters) else _latin_skeleton(letters)
    consonants = sum(sound.isalpha() and sound != "a" for sound in key)
    return key if consonants >= MIN_CONSONANTS and key.isascii() else None


def sound_key(word: str) -> str | None:
    """The consonants of a word, in classes that both scripts share; None where too little is left to compare.

    That is: fewer than two consonants, fewer than three letters and digits, or another script. Vowels go, except that
    one at the beginning counts as such, and an a at the end (ة, ا, ى, اء). Digits stay. The first 64 characters count.
    Names may share a key and be different (Tariq and طرق): it finds candidates after exact matches, and never tells
    that two names are one.
    """
    return _key(word[:MAX_LETTERS])
