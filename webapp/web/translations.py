"""Compiling the message catalogues: the repository holds what people edit, not what machines read."""

from __future__ import annotations

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from webapp.config import ROOT


def outdated_catalogues() -> list[Path]:
    """The catalogues whose compiled form is missing or older."""
    return [source for source in sorted((ROOT / "translations").glob("*/LC_MESSAGES/*.po")) if _is_outdated(source)]


def _is_outdated(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime


def compile_catalogues() -> int:
    """Compile each catalogue whose compiled form is missing or older; returns how many that were."""
    outdated = outdated_catalogues()
    for source in outdated:
        target = source.with_suffix(".mo")
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        temporary = target.with_suffix(".tmp")
        with temporary.open("wb") as file:
            write_mo(file, catalogue)
        temporary.replace(target)  # a process that reads meanwhile sees the old or the new, never half
    return len(outdated)
