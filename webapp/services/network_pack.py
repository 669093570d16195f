"""Reading a network pack: a folder of YAML files, checked against a schema before anything of it is used.

Every error names file, line and key, and all errors are reported at once. The format is documented in
``docs/network-pack.md``. Loading a pack into the database is ``webapp.services.network``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from webapp.i18n import LANGUAGES
from webapp.models import Residency, TermKind
from webapp.services.network_schema import NetworkEntry, RegionEntry, SiteEntry, TermEntry
from webapp.services.region_map import RegionMap, read_region_map
from webapp.services.yaml_lines import compose_lines, line_of, localized_mappings, parse_yaml

MAP_FILE = "map.geojson"
FILES = ("network.yaml", "regions.yaml", "sites.yaml", *(f"{kind.value}.yaml" for kind in TermKind), MAP_FILE)
"""All that a pack consists of, in the order in which its digest takes them."""
COUNTED_CODES: Mapping[TermKind, frozenset[str]] = {
    TermKind.RESIDENCY_STATUS: frozenset(Residency),
    TermKind.LEAVING_REASON: frozenset({"graduated", "moved", "closed", "acquired", "not-renewed", "unknown"}),
}
"""Codes that the program counts with, so that every pack must have them."""

_ANSWERING = (TermKind.OFFER, TermKind.INSTRUMENT, TermKind.SKILL)
_MESSAGES = {"extra_forbidden": "there is no such key", "missing": "the key is missing"}
"""Our words for the two most common errors of a schema, by pydantic's name of them."""


@dataclass(frozen=True)
class PackProblem:
    """Something wrong with a pack. ``line`` counts from 1, ``key`` is a path such as ``3.names.fr``.

    A problem of a file as a whole has line 0 or an empty key.
    """

    file: str
    line: int
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(filter(None, (place, self.key, self.message)))


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
        columns["controller"] = columns["controller"] or {}
        columns["data_licence"] = columns["data_licence"] or {}
        columns["holidays"] = [day.isoformat() for day in self.network.holidays]
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


def pack_digest(folder: Path) -> str:
    """The digest that a pack has once it is read: SHA-256 of its files, by which an unchanged pack is recognised.

    Says nothing of whether the pack is valid.
    """
    return _digest(_read_files(folder))


def _read_files(folder: Path) -> dict[str, bytes]:
    """The content of the files that there are."""
    return {name: (folder / name).read_bytes() for name in FILES if (folder / name).is_file()}


def _digest(contents: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in contents.items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()


def read_pack(folder: Path) -> Pack:
    """Read and check a pack.

    Raises:
        PackError: with every problem found.
    """
    contents = _read_files(folder)
    reader = _Reader(contents)
    network = reader.read("network.yaml", NetworkEntry)
    regions = reader.read("regions.yaml", list[RegionEntry]) or []
    sites = reader.read("sites.yaml", list[SiteEntry]) or []
    terms = {kind: reader.read(f"{kind.value}.yaml", list[TermEntry]) or [] for kind in TermKind}
    reader.check_languages(network)
    reader.check_unique(regions, sites, terms)
    reader.check_references(regions, sites, terms)
    reader.check_counted_codes(terms)
    region_map = reader.read_map()
    reader.check_map(region_map, regions)
    if reader.problems or network is None:
        raise PackError(reader.problems)
    return Pack(folder, network, regions, sites, terms, region_map, _digest(contents))


class _Reader:
    """Reads the files of one pack, keeping their lines so that problems can point at them."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self.contents = contents
        self.problems: list[PackProblem] = []
        self.nodes: dict[str, yaml.Node | None] = {}
        self.unread: set[str] = set()

    def read(self, name: str, schema: Any) -> Any:
        """The checked content of a file; nothing if it is missing or wrong, which then is a problem."""
        content = self.contents.get(name)
        if content is None:
            self.unread.add(name)
            self.problems.append(PackProblem(name, 0, "", "the file is missing"))
            return None
        try:
            self.nodes[name], data = parse_yaml(content)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            message = f"not YAML: {getattr(error, 'problem', None) or error}"
            self.problems.append(PackProblem(name, mark.line + 1 if mark else 1, "", message))
            self.unread.add(name)
            return None
        try:
            return TypeAdapter(schema).validate_python(data)
        except ValidationError as error:
            self._note(name, error)
            return None

    def read_map(self) -> RegionMap | None:
        """The outlines of the regions, if the pack has them."""
        content = self.contents.get(MAP_FILE)
        if content is None:
            return None
        try:
            return read_region_map(content)
        except ValidationError as error:
            self.nodes[MAP_FILE] = compose_lines(content)
            self._note(MAP_FILE, error)
        except ValueError as error:
            self.problem(MAP_FILE, (), str(error))
        return None

    def _note(self, name: str, error: ValidationError) -> None:
        self.unread.add(name)
        for item in error.errors(include_url=False):
            message = _MESSAGES.get(item["type"], item["msg"].removeprefix("Value error, "))
            self.problem(name, tuple(part for part in item["loc"] if part != "[key]"), message)

    def problem(self, name: str, location: tuple[int | str, ...], message: str) -> None:
        """Note a problem at a place in a file."""
        key = ".".join(str(part) for part in location)
        self.problems.append(PackProblem(name, line_of(self.nodes.get(name), location), key, message))

    def check_languages(self, network: NetworkEntry | None) -> None:
        """Every text must be there in every language that the network offers, and in no other."""
        if network is None:
            return
        offered = dict.fromkeys(network.languages)
        for name, node in self.nodes.items():
            for location, given in localized_mappings(node, LANGUAGES):
                for language in [code for code in offered if code not in given]:
                    self.problem(name, location, f"the text in {LANGUAGES[language].name} ({language}) is missing")
                for language in [code for code in given if code in LANGUAGES and code not in offered]:
                    self.problem(name, (*location, language), "the network does not offer this language")

    def check_unique(
        self, regions: list[RegionEntry], sites: list[SiteEntry], terms: Mapping[TermKind, list[TermEntry]]
    ) -> None:
        """Codes are unique within a file, and a word stands for one item of a file only."""
        self._check_unique("regions.yaml", regions)
        self._check_unique("sites.yaml", sites)
        for kind, entries in terms.items():
            self._check_unique(f"{kind.value}.yaml", entries)

    def _check_unique(self, name: str, entries: Iterable[RegionEntry | SiteEntry | TermEntry]) -> None:
        codes: set[str] = set()
        owners: dict[str, str] = {}
        for position, entry in enumerate(entries):
            if entry.code in codes:
                self.problem(name, (position, "code"), f"the code {entry.code} comes twice")
            codes.add(entry.code)
            for location, word in _words(entry):
                owner = owners.setdefault(word.casefold(), entry.code)
                if owner != entry.code:
                    self.problem(name, (position, *location), f"“{word}” stands for {owner} already")

    def check_references(
        self, regions: list[RegionEntry], sites: list[SiteEntry], terms: Mapping[TermKind, list[TermEntry]]
    ) -> None:
        """What refers to a code finds it; a sector has a group, and what is there to answer needs answers one."""
        for position, site in enumerate(sites):
            self._check_known("sites.yaml", (position, "region"), site.region, "regions.yaml", regions)
        groups, needs = terms[TermKind.SECTOR_GROUP], terms[TermKind.NEED]
        for kind, entries in terms.items():
            name = f"{kind.value}.yaml"
            for position, entry in enumerate(entries):
                if entry.group:
                    self._check_known(name, (position, "group"), entry.group, "sector_groups.yaml", groups)
                elif kind == TermKind.SECTOR:
                    self.problem(name, (position, "group"), _MESSAGES["missing"])
                for number, code in enumerate(entry.answers):
                    self._check_known(name, (position, "answers", number), code, "needs.yaml", needs)
                if kind in _ANSWERING and not entry.answers:
                    self.problem(name, (position, "answers"), "it answers no need")

    def _check_known(
        self, name: str, location: tuple[int | str, ...], code: str, file: str, targets: Iterable[Any]
    ) -> None:
        if file not in self.unread and all(target.code != code for target in targets):
            self.problem(name, location, f"{code} is not a code of {file}")

    def check_counted_codes(self, terms: Mapping[TermKind, list[TermEntry]]) -> None:
        """The codes that the program counts with are there, and among residency statuses there is no other."""
        for kind, needed in COUNTED_CODES.items():
            name = f"{kind.value}.yaml"
            if name in self.unread:
                continue
            codes = [entry.code for entry in terms[kind]]
            for code in sorted(needed - set(codes)):
                self.problem(name, (), f"the code {code} is missing; the program counts with it")
            for position, code in enumerate(codes):
                if kind == TermKind.RESIDENCY_STATUS and code not in needed:
                    self.problem(name, (position, "code"), f"the program knows no status {code}")

    def check_map(self, region_map: RegionMap | None, regions: list[RegionEntry]) -> None:
        """The map has an outline of every region and no other."""
        if region_map is None or "regions.yaml" in self.unread:
            return
        codes = {region.code for region in regions}
        for code in sorted(region_map.outlines.keys() - codes):
            self.problem(MAP_FILE, (), f"{code} is not a code of regions.yaml")
        for code in sorted(codes - region_map.outlines.keys()):
            self.problem(MAP_FILE, (), f"the outline of {code} is missing")


def _words(entry: RegionEntry | SiteEntry | TermEntry) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Every word that stands for an entry, with its place in the entry."""
    yield ("code",), entry.code
    yield from ((("names", language), text) for language, text in entry.names.items())
    yield from ((("aliases", number), alias) for number, alias in enumerate(entry.aliases))
