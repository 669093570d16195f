"""The source files of the concept vocabulary: reading, checking and compiling them.

One entry a concept, a theme a file; codes are unique over all files, and no phrase means two concepts:

    precision-irrigation:
      names: {en: precision irrigation, fr: irrigation de précision, ar: الري الدقيق}
      also:
        en: [smart irrigation]
        fr: [irrigation intelligente]
        ar: [الري الذكي]
      broader: [irrigation, agritech]

A phrase has one to four words, stop words aside, and means the concept wherever it stands: no everyday words.
``python -m webapp.language.concept_files`` checks the files and compiles them into what the application reads.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import yaml

from webapp.language.concepts import CONCEPTS_FILE, FOLDER, LANGUAGES, Concept, codes_of_phrases, concept_of, terms_of
from webapp.language.tokens import ANALYZER_VERSION, analyze

MAX_WORDS = 4
"""How many words a phrase may have, stop words aside."""

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class _Loader(yaml.CBaseLoader):
    """Takes everything as text and refuses a key that a mapping has twice, of which YAML lets the last win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        keys = Counter(key.value for key, _ in node.value)
        repeated = [key for key, times in keys.items() if times > 1]
        if repeated:
            raise yaml.constructor.ConstructorError(None, None, f"repeated: {', '.join(repeated)}", node.start_mark)
        return super().construct_mapping(node, deep=deep)


def read_concepts(folder: Path) -> list[Concept]:
    """All concepts of a folder's YAML files, in the order of their codes. yaml.YAMLError: a file cannot be read."""
    concepts = []
    for path in sorted(folder.glob("*.yaml")):
        entries = yaml.load(path.read_bytes(), _Loader) or {}  # noqa: S506, it makes nothing but texts
        concepts += [concept_of({"code": code, **entry}) for code, entry in entries.items()]
    return sorted(concepts, key=lambda concept: concept.code)


def compiled(concepts: Sequence[Concept]) -> bytes:
    """The JSON that the application reads: the concepts, one a line, and what their analysed phrases stand for."""
    entries = [
        _line({"code": each.code, "names": each.names, "also": each.also, "broader": each.broader}) for each in concepts
    ]
    codes = sorted((" ".join(terms), code) for terms, code in codes_of_phrases(concepts).items())
    phrases = [f"{_line(terms)}: {_line(code)}" for terms, code in codes]
    head = f'{{"analyzer": {_line(ANALYZER_VERSION)},\n"concepts": [\n'
    return (head + ",\n".join(entries) + '\n],\n"phrases": {\n' + ",\n".join(phrases) + "\n}}\n").encode()


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def problems(concepts: Sequence[Concept]) -> list[str]:
    """What is wrong with the concepts, a sentence each; empty when nothing is."""
    by_code = {concept.code: concept for concept in concepts}
    times = Counter(concept.code for concept in concepts)
    found = [f"{code}: the code stands {count} times" for code, count in times.items() if count > 1]
    for concept in concepts:
        found += [f"{concept.code}: {problem}" for problem in _problems_of(concept, by_code)]
    return found + list(shared_phrases(concepts))


def _problems_of(concept: Concept, by_code: Mapping[str, Concept]) -> Iterator[str]:
    if not _CODE.fullmatch(concept.code):
        yield "the code is not kebab-case"
    if set(concept.names) != set(LANGUAGES) or not set(concept.also) <= set(LANGUAGES):
        yield f"names in {sorted(concept.names)}, synonyms in {sorted(concept.also)}"
    for phrase in concept.phrases():
        if not 1 <= len(analyze(phrase)) <= MAX_WORDS:
            yield f"“{phrase}” has not one to four words"
    for code in concept.broader:
        if code not in by_code:
            yield f"no concept {code} above it"
    if _is_above_itself(concept, by_code):
        yield "it lies above itself"


def _is_above_itself(concept: Concept, by_code: Mapping[str, Concept]) -> bool:
    seen: set[str] = set()
    waiting = list(concept.broader)
    while waiting:
        code = waiting.pop()
        if code == concept.code:
            return True
        if code not in seen and code in by_code:
            seen.add(code)
            waiting += by_code[code].broader
    return False


def shared_phrases(concepts: Iterable[Concept]) -> Iterator[str]:
    """Sentences about phrases that mean two concepts once analysed: "smart farm" and "smart farming" may be one."""
    owners: dict[tuple[str, ...], dict[str, str]] = {}
    for concept in concepts:
        for phrase in concept.phrases():
            owners.setdefault(terms_of(phrase), {}).setdefault(concept.code, phrase)
    for terms, phrases in owners.items():
        if terms and len(phrases) > 1:
            yield "one phrase for several: " + ", ".join(f"“{phrase}” ({code})" for code, phrase in phrases.items())


def main(folder: Path = FOLDER) -> int:
    """Write a folder's ``concepts.json`` from its YAML files; or say what is wrong with them, write nothing, give 1."""
    concepts = read_concepts(folder)
    found = problems(concepts)
    if found:
        sys.stderr.write("\n".join(found) + "\n")
        return 1
    (folder / CONCEPTS_FILE.name).write_bytes(compiled(concepts))
    sys.stdout.write(f"{len(concepts)} concepts\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
