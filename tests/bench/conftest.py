"""A small vocabulary, so that the tests of the benchmark need no package that only the benchmark needs."""

from itertools import product

import numpy as np
import pytest

from bench.corpus import Vocabulary, generate

SYLLABLES = {
    "ar": ("كتا", "مدر", "سبي", "جبل", "نور", "شمس", "قمر", "بحر"),
    "fr": ("mai", "por", "ten", "cla", "vri", "sou", "bél", "gra"),
    "en": ("wor", "ling", "hou", "ster", "tra", "ble", "fin", "dow"),
}


@pytest.fixture(scope="session")
def vocabularies():
    """Some hundred words a language, falling in frequency."""

    def made(syllables):
        words = ["".join(parts) for parts in product(syllables, repeat=3)]
        shares = 1 / np.arange(1, len(words) + 1)
        return Vocabulary(words, shares / shares.sum())

    return {language: made(syllables) for language, syllables in SYLLABLES.items()}


@pytest.fixture(scope="session")
def rows(vocabularies):
    """The first rows of a corpus of that vocabulary."""
    return list(generate(300, vocabularies))
