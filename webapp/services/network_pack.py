"""Reading a network pack: a folder of YAML files, checked against a schema before anything of it is used.

Every error names file, line and key, and all errors are reported at once. The format is documented in
``docs/network-pack.md``. Loading a pack into the database is ``webapp.services.network``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from webapp.i18n import LANGUAGES
from webapp.models import TermKind
from webapp.services.network_schema import NetworkEntry, RegionEntry, SiteEntry, TermEntry
from webapp.services.region_map import RegionMap, read_region_map

@dataclass(frozen=True)
class PackProblem:
    """Something wrong with a pack. ``line`` counts from 1; ``key`` is a path such as ``3.names.fr``."""

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.key}: {self.message}" if self.key else f"{self.file}: {self.message}"


class PackError(Exception):
    """A pack that cannot be used; ``problems`` holds all that is wrong with it."""

    def __init__(self, problems: list[PackProblem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True)
class Pack:
    """A checked pack, ready to be loaded."""

    folder: Path
    network: NetworkEntry
    regions: list[RegionEntry]
    sites: list[SiteEntry]
    terms: dict[TermKind, list[TermEntry]]
    region_map: RegionMap | None
    digest: str

    def network_columns(self) -> dict[str, Any]:
        """Column values of the Network row."""
        columns = self.network.model_dump(exclude={"headline", "lead", "about"})
        columns["texts"] = self.network.model_dump(include={"headline", "lead", "about"})
        columns["map_viewbox"] = self.region_map.viewbox if self.region_map else None
        return columns | {"digest": self.digest}

    def region_columns(self) -> Iterator[dict[str, Any]]:
        """Column values of the Region rows, in order."""
        for position, region in enumerate(self.regions):
            outline = self.region_map.outlines.get(region.code) if self.region_map else None
            yield region.model_dump() | {"position": position, "outline": outline}

    def site_columns(self) -> Iterator[dict[str, Any]]:
        """Column values of the Site rows, in order; ``region`` is still the region's code."""
        for position, site in enumerate(self.sites):
            yield site.model_dump() | {"position": position}

    def term_columns(self) -> Iterator[dict[str, Any]]:
        """Column values of the Term rows, in order."""
        for kind, entries in self.terms.items():
            for position, entry in enumerate(entries):
                yield entry.model_dump() | {"kind": kind, "position": position}


def read_pack(folder: Path) -> Pack:
    """Read and check a pack.

    Raises:
        PackError: with every problem found.
    """
    reader = _Reader(folder)
    network = reader.read("network", NetworkEntry)
    regions = reader.read("regions", list[RegionEntry]) or []
    sites = reader.read("sites", list[SiteEntry]) or []
    terms = {kind: reader.read(kind.value, list[TermEntry]) or [] for kind in TermKind}
    reader.check_languages(network)
    reader.check_references(regions, sites, terms)
    region_map = reader.read_map({region.code for region in regions})
    if reader.problems or network is None:
        raise PackError(reader.problems)
    return Pack(folder, network, regions, sites, terms, region_map, reader.digest.hexdigest())


class _Reader:
    """Reads the files of one pack, keeping their lines so that problems can point at them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[PackProblem] = []
        self.digest = hashlib.sha256()
        self.nodes: dict[str, yaml.Node | None] = {}

    def read(self, name: str, schema: Any) -> Any:
        """The checked content of a file; nothing if it is missing or wrong, which then is a problem."""
        path = self.folder / f"{name}.yaml"
        try:
            content = path.read_bytes()
            node = yaml.compose(content, yaml.CSafeLoader)
            data = yaml.load(content, yaml.CSafeLoader)  # noqa: S506: CSafeLoader is the safe one
        except FileNotFoundError:
            self.problem(name, (), "the file is missing")
            return None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            self.problems.append(PackProblem(path.name, line, "(file)", f"not YAML: {getattr(error, 'problem', error)}"))
            return None
        self.digest.update(path.name.encode() + b"\0" + content)
        self.nodes[name] = node
        try:
            return TypeAdapter(schema).validate_python(data)
        except ValidationError as error:
            for item in error.errors():
                self.problem(name, item["loc"], item["msg"])
            return None

    def problem(self, name: str, location: tuple[int | str, ...], message: str) -> None:
        """Note a problem at a place in a file."""
        key = ".".join(str(part) for part in location)
        self.problems.append(PackProblem(f"{name}.yaml", _line(self.nodes.get(name), location), key, message))

    def check_languages(self, network: NetworkEntry | None) -> None:
        """Every text must be there in every language that the network offers."""
        if network is None:
            return
        for name, node in self.nodes.items():
            for location, texts in _localized(node):
                for language in network.languages:
                    if language not in texts:
                        self.problem(name, location, f"the text in {LANGUAGES[language].name} ({language}) is missing")

    def check_references(
        self, regions: list[RegionEntry], sites: list[SiteEntry], terms: dict[TermKind, list[TermEntry]]
    ) -> None:
        """Codes are unique, and what refers to a code finds it."""
        lists: dict[str, list[Any]] = {"regions": regions, "sites": sites, **{k.value: v for k, v in terms.items()}}
        for name, entries in lists.items():
            self._check_unique(name, entries)
        self._check_known("sites", [(i, "region", site.region) for i, site in enumerate(sites)], regions)
        for kind, entries in terms.items():
            groups = [(i, "group", entry.group) for i, entry in enumerate(entries) if entry.group]
            self._check_known(kind.value, groups, terms[TermKind.SECTOR_GROUP])
            answers = [(i, "answers", code) for i, entry in enumerate(entries) for code in entry.answers]
            self._check_known(kind.value, answers, terms[TermKind.NEED])

    def _check_unique(self, name: str, entries: list[Any]) -> None:
        seen: dict[str, str] = {}
        for position, entry in enumerate(entries):
            words = {entry.code.casefold(), *(text.casefold() for text in entry.names.values())}
            for word in words | {alias.casefold() for alias in entry.aliases}:
                if seen.setdefault(word, entry.code) != entry.code:
                    self.problem(name, (position, "code"), f"“{word}” stands for {seen[word]} already")
            if sum(other.code == entry.code for other in entries[:position]):
                self.problem(name, (position, "code"), f"the code {entry.code} comes twice")

    def _check_known(self, name: str, references: list[tuple[int, str, str]], targets: list[Any]) -> None:
        known = {target.code for target in targets}
        for position, key, code in references:
            if code not in known:
                self.problem(name, (position, key), f"there is no {code}")

    def read_map(self, codes: set[str]) -> RegionMap | None:
        """The outlines of the regions, if the pack has them."""
        path = self.folder / "map.geojson"
        if not path.exists():
            return None
        self.digest.update(path.read_bytes())
        try:
            region_map = read_region_map(path)
        except (ValueError, KeyError, TypeError) as error:
            self.problems.append(PackProblem(path.name, 1, "(file)", f"not a GeoJSON of polygons: {error}"))
            return None
        for code in sorted(region_map.outlines.keys() - codes):
            self.problems.append(PackProblem(path.name, 1, code, "an outline of a region that regions.yaml lacks"))
        return region_map


def _line(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """The line of the deepest part of a location that exists in the file."""
    line = node.start_mark.line + 1 if node is not None else 1
    for part in location:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
        elif isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == part), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
            continue
        else:
            break
        line = node.start_mark.line + 1
    return line


def _localized(node: yaml.Node | None, location: tuple[int | str, ...] = ()) -> Iterator[tuple[Any, set[str]]]:
    """Every mapping in a file whose keys are language codes, with its place and languages."""
    if isinstance(node, yaml.SequenceNode):
        for position, child in enumerate(node.value):
            yield from _localized(child, (*location, position))
    elif isinstance(node, yaml.MappingNode):
        keys = {key.value for key, _ in node.value}
        if keys and all(re.fullmatch(r"[a-z]{2}", key) for key in keys):
            yield location, keys
            return
        for key, child in node.value:
            yield from _localized(child, (*location, key.value))
