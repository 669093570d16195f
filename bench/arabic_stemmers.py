"""Arabic stemmers compared on pairs of words: ``python -m bench.arabic_stemmers``.

Two words are found when they share a stem. The pairs are ``tests/language/data/arabic_pairs.tsv``: forms of one word,
which should be found, and different words, of which each that is found is over-stemmed. ``arabic_sample.tsv`` holds
words that were drawn at random from the demonstration's texts, each with its basic form. The other stemmers are not
among the project's requirements; what is not installed is named and left out:

    pip install nltk snowballstemmer Tashaphyne
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from webapp.language import analyze, fold

DATA = Path(__file__).parents[1] / "tests" / "language" / "data"
MARKS = re.compile("[\u064b-\u0652\u0640]")
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")

Stems = Callable[[str], set[str]]


def each_word(stem: Callable[[str], str]) -> Stems:
    """A stemmer of words for texts. Marks, tatweel and digits, on which they differ, are unified for all of them."""
    return lambda text: {stem(word) for word in MARKS.sub("", text).translate(DIGITS).split()}


def isri() -> Stems:
    from nltk.stem.isri import ISRIStemmer

    return each_word(ISRIStemmer().stem)


def snowball() -> Stems:
    import snowballstemmer

    return each_word(snowballstemmer.stemmer("arabic").stemWord)


def tashaphyne() -> Stems:
    from tashaphyne.stemming import ArabicLightStemmer

    stemmer = ArabicLightStemmer()
    return each_word(stemmer.light_stem)


def tashaphyne_root() -> Stems:
    from tashaphyne.stemming import ArabicLightStemmer

    stemmer = ArabicLightStemmer()

    def root(word: str) -> str:
        stemmer.light_stem(word)
        return stemmer.get_root()

    return each_word(root)


def folding() -> Stems:
    return lambda text: set(fold(text).split())


def product() -> Stems:
    return lambda text: set(analyze(text))


STEMMERS: dict[str, Callable[[], Stems]] = {
    "folding alone": folding,
    "ISRI (nltk)": isri,
    "Snowball Arabic": snowball,
    "Tashaphyne, light stem": tashaphyne,
    "Tashaphyne, root": tashaphyne_root,
    "webapp.language": product,
}


def pairs(name: str) -> Iterator[tuple[int, str, str, str, str]]:
    """Line number, the two sides, relation and kind."""
    for number, line in enumerate((DATA / f"{name}.tsv").read_text("utf-8").splitlines()[1:], start=2):
        left, right, relation, kind = line.split("\t")
        yield number, left, right, relation, kind


def share(stems: Stems, chosen: list[tuple[str, str]]) -> str:
    found = sum(bool(stems(left) & stems(right)) for left, right in chosen)
    return f"{found} of {len(chosen)} ({found / len(chosen):.0%})"


def columns() -> dict[str, list[tuple[str, str]]]:
    """The pairs that each column of the table counts."""
    written, drawn = list(pairs("arabic_pairs")), list(pairs("arabic_sample"))
    return {
        "found": [(left, right) for _, left, right, relation, _ in written if relation == "variant"],
        "of odd lines": [(left, right) for line, left, right, rel, _ in written if rel == "variant" and line % 2],
        "over-stemmed": [(left, right) for _, left, right, relation, _ in written if relation == "friend"],
        "of odd lines ": [(left, right) for line, left, right, rel, _ in written if rel == "friend" and line % 2],
        "found, first sample": [(left, right) for _, left, right, _, kind in drawn if kind == "first"],
        "found, second sample": [(left, right) for _, left, right, _, kind in drawn if kind == "second"],
    }


def main() -> None:
    table = columns()
    print(f"| stemmer | {' | '.join(name.strip() for name in table)} |")
    print("|---" * (len(table) + 1) + "|")
    for name, build in STEMMERS.items():
        try:
            stems = build()
        except ImportError as error:
            print(f"| {name} | not installed: {error.name} " + "| " * len(table) + "|")
            continue
        print(f"| {name} | {' | '.join(share(stems, chosen) for chosen in table.values())} |")


if __name__ == "__main__":
    main()
