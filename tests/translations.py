"""Collects the strings of the interface and checks that every language has them all.

``python -m tests.translations`` checks; with ``--update`` it first brings ``translations/`` in step with the code.
Catalogues carry no line numbers, so that a moved line is no difference.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from webapp.config import ROOT
from webapp.i18n import LANGUAGES

FOLDER = ROOT / "translations"
TEMPLATE = FOLDER / "messages.pot"
SOURCE_LANGUAGE = "en"


def extract(target: Path) -> None:
    """Write the strings that code and templates use to a template file."""
    command = [
        sys.executable,
        "-m",
        "babel.messages.frontend",
        "extract",
        "-F",
        str(FOLDER / "babel.cfg"),
        "-o",
        str(target),
    ]
    command += [
        "-k",
        "ngettext:1,2",
        "-k",
        "lazy_gettext",
        "-k",
        "pgettext:1c,2",
        "--no-location",
        "--no-wrap",
        "--sort-output",
        "--omit-header",
    ]
    command += ["-c", "Translators:", "webapp"]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)


def update() -> None:
    """Bring the template and all catalogues in step with the code; new strings are empty, gone ones are dropped."""
    extract(TEMPLATE)
    template = read(TEMPLATE)
    for code in LANGUAGES:
        path = catalogue_path(code)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = read(path, code) if path.exists() else Catalog(locale=code)
        catalogue.update(template, no_fuzzy_matching=True)
        _settle(catalogue)
        with path.open("wb") as file:
            write_po(file, catalogue, width=0, sort_output=True, ignore_obsolete=True)


def _settle(catalogue: Catalog) -> None:
    """Give a catalogue a header that does not change from day to day; English, the language of the code, repeats it."""
    catalogue.project, catalogue.version, catalogue.fuzzy = "Multaqa", "1", False
    catalogue.copyright_holder = "the Multaqa authors"
    catalogue.msgid_bugs_address = catalogue.last_translator = catalogue.language_team = ""
    catalogue.creation_date = catalogue.revision_date = datetime(2026, 1, 1, tzinfo=UTC)
    catalogue.header_comment = f"# {catalogue.locale.english_name} messages of Multaqa. Licence: Apache-2.0."
    for message in catalogue:
        if catalogue.locale.language == SOURCE_LANGUAGE and message.id and not is_complete(message):
            message.string = message.id


def catalogue_path(code: str) -> Path:
    """Where the catalogue of a language lies."""
    return FOLDER / code / "LC_MESSAGES" / "messages.po"


def read(path: Path, code: str | None = None) -> Catalog:
    """A catalogue."""
    with path.open("rb") as file:
        return read_po(file, locale=code)


def problems() -> Iterator[str]:
    """All that is wrong with the catalogues: missing or fuzzy translations, stale strings, wrong placeholders."""
    with tempfile.TemporaryDirectory() as folder:
        current = Path(folder) / "messages.pot"
        extract(current)
        wanted = {key(message): message for message in read(current) if message.id}
    for code in LANGUAGES:
        translated = {key(message): message for message in read(catalogue_path(code), code) if message.id}
        for missing in wanted.keys() - translated.keys():
            yield f"{code}: not in the catalogue (make translations): {missing!r}"
        for identity, message in translated.items():
            if identity not in wanted:
                yield f"{code}: no longer used (make translations): {identity!r}"
            elif message.fuzzy or not is_complete(message):
                yield f"{code}: not translated: {identity!r}"
            else:
                yield from (f"{code}: {error} in {identity!r}" for error in message.check())


def key(message: Message) -> tuple[str | None, str]:
    """What makes a message the same message in two catalogues."""
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def is_complete(message: Message) -> bool:
    """Whether every form of a message has a text."""
    return bool(message.string) and (isinstance(message.string, str) or all(message.string))


def main() -> int:
    """Check, after an update if asked for."""
    if "--update" in sys.argv:
        update()
    found = list(problems())
    for problem in found:
        print(problem, file=sys.stderr)  # noqa: T201
    print(f"translations: {len(found)} problems")  # noqa: T201
    return 1 if found and "--update" not in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
