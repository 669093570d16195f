"""Writes ``bridge_texts.json``: what the demonstration's texts say in three languages, one document an idea or partner.

``python -m webapp.matching.bridge_files`` gathers every mapping that has a text in each language from the YAML files of
a folder. The application reads the result only, so that it does not depend on the network pack it serves.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from webapp.language.concepts import LANGUAGES
from webapp.matching.bridge import TEXTS_FILE, Texts

FOLDER = Path(__file__).parents[2] / "networks" / "technopark" / "demo"

_SLOT = re.compile(r"\{\w+\}")


def documents(folder: Path) -> Iterator[Texts]:
    """One document for each entry of each file that is a list, its texts in all languages joined."""
    for path in sorted(folder.rglob("*.yaml")):
        entries = yaml.load(path.read_bytes(), yaml.CSafeLoader)
        for entry in entries if isinstance(entries, list) else []:
            said = list(_aligned(entry))
            if said:
                yield {language: " ".join(texts[language] for texts in said) for language in LANGUAGES}


def _aligned(node: Any) -> Iterator[Texts]:
    """Every mapping below a node that says the same in all languages, without the slots of templates."""
    if isinstance(node, dict) and all(isinstance(node.get(language), str) for language in LANGUAGES):
        yield {language: " ".join(_SLOT.sub(" ", node[language]).split()) for language in LANGUAGES}
    elif isinstance(node, dict | list):
        for child in node.values() if isinstance(node, dict) else node:
            yield from _aligned(child)


def main(folder: Path = FOLDER, target: Path = TEXTS_FILE) -> int:
    """Write the file, a document a line."""
    lines = [json.dumps(document, ensure_ascii=False, sort_keys=True) for document in documents(folder)]
    target.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")
    sys.stdout.write(f"{len(lines)} documents\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
