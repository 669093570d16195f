"""What an export of a large directory takes, and whether it comes back as it was.

    python -m bench.exports [--startups 20000] [--results bench/results/exports.txt]

A list of invented startups with stays, notes and milestones is imported into an empty site, exported, imported into a
second empty site, and exported again: both exports must be the same, byte for byte. Every step is a process of
its own. Its greatest resident memory is what the operating system says (Linux: kilobytes); of that, its private memory
is read every few milliseconds, for the rest is files of libraries, which all processes of the machine share. What the
program takes without doing anything is measured too.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.timing import machine

ROOT = Path(__file__).resolve().parent.parent
MAPPING = ROOT / "examples" / "mappings" / "multaqa.toml"
MOST_MEGABYTES = 150
"""Of private memory."""
LOOK_EVERY = 0.005
"""Seconds."""
NOTHING = "the program alone"
SITES = ("casablanca", "rabat", "tanger", "agadir")
SECTORS = ("agritech", "fintech", "edtech", "software", "healthtech", "greentech")
WORDS = {
    "ar": ["ماء", "شمس", "زرع", "دفع", "تعليم", "صحة", "نقل", "طاقة", "مصنع", "سوق"],
    "fr": ["eau", "soleil", "culture", "paiement", "école", "santé", "transport", "énergie", "usine", "marché"],
    "en": ["water", "sun", "farming", "payment", "school", "health", "transport", "energy", "factory", "market"],
}
FETCH = """
import sys
from webapp.app import create_app
client = create_app().test_client()
with open(sys.argv[2], "wb") as out:
    response = client.get(sys.argv[1], buffered=False)
    assert response.status_code == 200, response.status
    for piece in response.iter_encoded():
        out.write(piece)
"""


@dataclass(frozen=True)
class Step:
    """What a process took."""

    name: str
    seconds: float
    megabytes: float
    private: float
    """Of these, what no other process shares."""

    def __str__(self) -> str:
        return f"{self.name:<32} {self.seconds:>8.1f} s {self.megabytes:>7.0f} MB {self.private:>7.0f} MB private"


def invented(count: int) -> Iterator[dict[str, str]]:
    """The rows of the first list."""
    draw = Random(20261128)
    for number in range(1, count + 1):
        site, other = draw.sample(SITES, 2)
        year = draw.randint(2008, 2023)
        events = [
            f"{year}-03-01 entered {site} until:{year + 2}-02-28",
            f"{year + 1}-09-01 reviewed {site} note:On%20track%3B%20%C3%A9t%C3%A9",
        ]
        if draw.random() < 0.3:
            events.append(f"{year + 2}-02-01 moved {site} {other}")
            site = other
        if draw.random() < 0.4:
            events.append(f"{year + 3}-05-31 left {site} graduated")
        row = {"slug": f"startup-{number}", "name_latin": f"Startup {number} {draw.choice(WORDS['fr'])}"}
        for language, words in WORDS.items():
            row[f"pitch_{language}"] = " ".join(draw.choices(words, k=8))
            row[f"description_{language}"] = " ".join(draw.choices(words, k=90))
        yield row | {
            "founded": str(year),
            "region": "MA-06",
            "sectors": "; ".join(draw.sample(SECTORS, 2)),
            "residency_events": "; ".join(events),
            "milestones": f'[{{"on": "{year + 1}-05-01", "text": {{"fr": "Premier client"}}}}]',
        }


def write_list(path: Path, count: int) -> None:
    """All columns of the mapping; those that nothing is invented for are empty."""
    import tomllib

    with MAPPING.open("rb") as file:
        columns = tomllib.load(file)["columns"].values()
    names = [each["column"] for entry in columns for each in (entry if isinstance(entry, list) else [entry])]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(invented(count))


def step(name: str, data_dir: Path, *command: str) -> Step:
    """Run a process on a site of its own."""
    environment = {**os.environ, "MULTAQA_DATA_DIR": str(data_dir), "MULTAQA_LOG_LEVEL": "ERROR"}
    environment.pop("DATABASE_URL", None)
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    private, ended = 0.0, 0
    while not ended:
        private = max(private, private_megabytes(process.pid))
        time.sleep(LOOK_EVERY)
        ended, status, usage = os.wait4(process.pid, os.WNOHANG)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{name} failed")
    found = Step(name, time.perf_counter() - began, usage.ru_maxrss / 1024, private)
    print(found, flush=True)
    return found


def private_megabytes(pid: int) -> float:
    """What a process holds now that is no file (``RssAnon`` of proc(5)); nothing once it has ended."""
    status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    found = re.search(r"^RssAnon:\s+(\d+) kB$", status, re.MULTILINE)
    return int(found[1]) / 1024 if found else 0.0


def flask(name: str, data_dir: Path, *arguments: str) -> Step:
    """Run a command of the site."""
    return step(name, data_dir, sys.executable, "-m", "flask", *arguments)


def fetch(name: str, data_dir: Path, path: str, out: Path) -> Step:
    """Download something from the site, in a process that does nothing else."""
    return step(name, data_dir, sys.executable, "-c", FETCH, path, str(out))


def measure(folder: Path, count: int) -> tuple[list[Step], bool]:
    """All steps, and whether the second export is the first."""
    write_list(folder / "list.csv", count)
    sites = [folder / "first", folder / "second"]
    steps = []
    for site in sites:
        flask("making an empty site", site, "db", "upgrade")
        flask("loading the network", site, "network", "load", "networks/technopark")
    steps.append(flask(NOTHING, sites[0], "db", "current"))
    steps.append(
        flask("import", sites[0], "data", "import", str(folder / "list.csv"), "--mapping", str(MAPPING), "--publish")
    )
    first, second = folder / "first.csv", folder / "second.csv"
    steps.append(flask("flask data export, CSV", sites[0], "data", "export", "--all", str(first)))
    steps.append(flask("flask data export, XLSX", sites[0], "data", "export", "--all", str(folder / "first.xlsx")))
    steps.append(
        flask("flask data export, JSON lines", sites[0], "data", "export", "--all", str(folder / "first.jsonl"))
    )
    steps.append(fetch("/fr/startups.csv", sites[0], "/fr/startups.csv", folder / "page.csv"))
    steps.append(fetch("/fr/startups.xlsx", sites[0], "/fr/startups.xlsx", folder / "page.xlsx"))
    steps.append(fetch("/fr/startups.jsonl", sites[0], "/fr/startups.jsonl", folder / "page.jsonl"))
    steps.append(
        flask(
            "import into a second site", sites[1], "data", "import", str(first), "--mapping", str(MAPPING), "--publish"
        )
    )
    steps.append(flask("export from the second site", sites[1], "data", "export", "--all", str(second)))
    return steps, _digest(first) == _digest(second)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--startups", type=int, default=20_000)
    parser.add_argument("--results", type=Path)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="exports-"))
    try:
        steps, same = measure(folder, arguments.startups)
    finally:
        shutil.rmtree(folder)
    lines = [
        f"{arguments.startups} startups, SQLite. {machine()}",
        "Seconds and greatest resident memory of each process, the interpreter and the whole program included;",
        "private is what of it is no file of a library, which processes share.",
        "",
        *map(str, steps),
        "",
        f"The export of the second site is that of the first, byte for byte: {'yes' if same else 'NO'}.",
        f"Every export stays under {MOST_MEGABYTES} MB of private memory: {_verdict(steps)}.",
    ]
    print("\n".join(lines))
    if arguments.results:
        arguments.results.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _verdict(steps: list[Step]) -> str:
    exports = [each for each in steps if "import" not in each.name]
    over = [each.name for each in exports if each.private >= MOST_MEGABYTES]
    return f"no, not {', '.join(over)}" if over else f"yes, at most {max(each.private for each in exports):.0f} MB"


if __name__ == "__main__":
    main()
