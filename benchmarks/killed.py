"""What a run leaves that is killed at a random moment, and what a reader sees meanwhile.

    uv run python -m benchmarks.killed --kills 50 --seed 1

Again and again a region sends files anew, `flk run` is killed with SIGKILL at a random moment after
its first words, and is run again. The second run must give the statistics, byte for byte, that a
run from nothing gives of the same deliveries. All the while another process opens the published
file and reads every table: each time it must be one of the known publications, whole. The figures
stand in docs/proof.md.
"""

import argparse
import contextlib
import csv
import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path

import duckdb

from assets.command_line import main as flk
from pipelines.fingerprint import PROJECT

REGION = "09"
MONTH = "2025-11"
SENT_ANEW = (
    "units/2025-11-30.csv",
    "physicians/2025-11-30.csv",
    "listings/2025-11-30.csv",
    "care_contacts/2025-11.csv",
)
LEFT_OUT = 10
"""In every other delivery one row of so many is left out of the listings."""

NOT_COMPARED = ("deliveries", "release_info", "revisions", "moved_figures")
"""Tables that hold the times of the runs, or what has changed since the release before."""

PHASES = {
    "Publishing": "publishing",
    "Statistics of": "making statistics",
    f"of {MONTH}:": "making parts",
    "accepted": "taking files in",
    "Taking in": "taking files in",
}
PATIENCE_SECONDS = 300


@dataclass(frozen=True)
class Known:
    """What the deliveries must give: the statistics, and a hash of what is published."""

    statistics: dict[str, bytes]
    published: str


@dataclass
class Trial:
    """What came of it. `killed` counts kills by what the run had begun with."""

    killed: Counter[str] = field(default_factory=Counter)
    published_before_the_kill: int = 0
    faults: list[str] = field(default_factory=list)
    reads: int = 0
    publications_seen: int = 0
    seconds: float = 0


def reduced_landing(landing: Path) -> None:
    """One region of the sample: its newest snapshots, two months of contacts, the population."""
    sample = PROJECT / "data" / "sample"
    for delivery in ("units", "physicians", "listings", "care_markings"):
        shutil.copytree(
            sample / REGION / delivery,
            landing / REGION / delivery,
            ignore=lambda folder, names: [each for each in names if "2025-11-30" not in each],
        )
    contacts = landing / REGION / "care_contacts"
    contacts.mkdir()
    for month in ("2025-10", MONTH):
        shutil.copy(sample / REGION / "care_contacts" / f"{month}.csv", contacts)
    shutil.copytree(sample / "reference" / "population", landing / "reference" / "population")


def send_anew(landing: Path, originals: Path, number: int, chance: random.Random) -> None:
    """The region's files with their rows in another order; every other time some are left out."""
    for name in SENT_ANEW:
        text = (originals / REGION / name).read_text("utf-8-sig")
        header, *rows = csv.reader(text.splitlines(), delimiter=_delimiter(text))
        if number % 2 and name.startswith("listings"):
            rows = [row for place, row in enumerate(rows) if place % LEFT_OUT]
        chance.shuffle(rows)
        content = io.StringIO()
        csv.writer(content, lineterminator="\n").writerows([header, *rows])
        (landing / REGION / name).write_text(content.getvalue(), "utf-8")


def _delimiter(text: str) -> str:
    return ";" if ";" in text.split("\n", 1)[0] else ","


def statistics_bytes(out: Path) -> dict[str, bytes]:
    """The statistics before disclosure control, without the deliveries' times."""
    folder = out / "restricted" / "statistics"
    return {
        path.stem: path.read_bytes()
        for path in sorted(folder.glob("*.parquet"))
        if path.stem not in NOT_COMPARED
    }


def published_digest(file: Path) -> str:
    """A hash over every row of every published table, but for those that hold times."""
    digest = hashlib.sha256()
    with duckdb.connect(file, read_only=True) as opened:
        names = opened.execute("select table_name from duckdb_tables() order by 1").fetchall()
        for (name,) in names:
            # In DuckDB, so that the reader leaves the run its share of the cores.
            rows = opened.execute(f'select sum(hash(t)), count(*) from "{name}" t').fetchone()
            if name not in NOT_COMPARED:
                digest.update(str((name, rows)).encode())
        opened.execute("select count(*), sum(value) from indicators").fetchone()
    return digest.hexdigest()


def read_until(file: Path, stop: Path, known: Path, result: Path) -> None:
    """What the reading process does: poll the published file until told to stop."""
    allowed = set(json.loads(known.read_text()))
    reads, seen, faults = 0, set(), []
    while not stop.exists():
        try:
            digest = published_digest(file)
        except Exception as error:
            faults.append(f"The published file could not be read: {error}")
        else:
            reads += 1
            seen.add(digest)
            if digest not in allowed:
                faults.append("The published file was none of the known publications.")
        time.sleep(0.2)
    result.write_text(json.dumps({"reads": reads, "seen": len(seen), "faults": faults}))


def _run(landing: Path, out: Path) -> tuple[int, str]:
    """A run to its end, in this process: Python and Dagster are imported once for all."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        status = flk(["run", "--landing", str(landing), "--out", str(out)])
    return status, said.getvalue()


def _start(landing: Path, out: Path, said: Path) -> "subprocess.Popen[bytes]":
    """Start a run in a process of its own."""
    arguments = ["run", "--landing", str(landing), "--out", str(out)]
    with said.open("w") as file:
        return subprocess.Popen(
            [sys.executable, "-m", "assets.command_line", *arguments],
            env={**os.environ, "PYTHONPATH": str(PROJECT), "PYTHONUNBUFFERED": "1"},
            stdout=file,
            stderr=file,
        )


def _began(process: "subprocess.Popen[bytes]", said: Path) -> None:
    """Wait until a run has said its first words: before that Python imports its modules."""
    while process.poll() is None and not said.stat().st_size:
        time.sleep(0.01)


def _killed_run(landing: Path, out: Path, said: Path, after: float) -> str | None:
    """Start a run and kill it; what it had said by then, None where it had ended before."""
    process = _start(landing, out, said)
    _began(process, said)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(after)
        return None
    process.kill()
    process.wait(PATIENCE_SECONDS)
    return said.read_text()


def phase(said: str) -> str:
    """What a run had begun with, by the last line that it said."""
    for line in reversed(said.splitlines()):
        for words, name in PHASES.items():
            if words in line:
                return name
    return "starting"


def trial(
    folder: Path, kills: int, seed: int, progress: Callable[[str], None] = lambda line: None
) -> Trial:
    """Kill so many runs, each followed by a whole one, with a reader beside."""
    began = time.monotonic()
    chance = random.Random(seed)
    originals, landing, out = folder / "originals", folder / "landing", folder / "out"
    said = folder / "said"
    reduced_landing(originals)
    shutil.copytree(originals, landing)
    known = [_known(landing, originals, folder, number, chance) for number in (0, 1)]
    shutil.copytree(folder / "known 1", out)
    for number in (2, 3, 4, 5):
        # What is hidden depends on the release before, so the publications that are known are
        # those of whole runs that take turns as the killed ones will.
        send_anew(landing, originals, number, chance)
        if _run(landing, out)[0] == 0:
            digest = published_digest(out / "published" / "statistics.duckdb")
            known[number % 2] = replace(known[number % 2], published=digest)
    longest = _seconds_of_a_run(landing, originals, out, said, chance)
    done = Trial()
    reader = _Reader(folder, out / "published" / "statistics.duckdb", known)
    number = 1
    while done.killed.total() < kills:
        number += 1
        send_anew(landing, originals, number, chance)
        before = _inode(out)
        text = _killed_run(landing, out, said, chance.uniform(0, longest))
        if text is None:
            continue
        done.killed[phase(text)] += 1
        done.published_before_the_kill += _inode(out) != before
        faults = _faults(landing, out, known[number % 2])
        done.faults += [f"After kill {done.killed.total()}: {each}" for each in faults]
        progress(f"{done.killed.total()} {phase(text)}: {'; '.join(faults) or 'as it should'}")
    reader.stop(done)
    done.seconds = time.monotonic() - began
    return done


def _inode(out: Path) -> int:
    return (out / "published" / "statistics.duckdb").stat().st_ino


def _known(
    landing: Path, originals: Path, folder: Path, number: int, chance: random.Random
) -> Known:
    """What a run from nothing gives."""
    send_anew(landing, originals, number, chance)
    out = folder / f"known {number}"
    status, said = _run(landing, out)
    if status != 0:
        sys.exit(f"The first run ended with {status}: {said}")
    return Known(statistics_bytes(out), published_digest(out / "published" / "statistics.duckdb"))


def _seconds_of_a_run(
    landing: Path, originals: Path, out: Path, said: Path, chance: random.Random
) -> float:
    """How long a run takes in which the files have been sent anew."""
    send_anew(landing, originals, 1, chance)
    process = _start(landing, out, said)
    _began(process, said)
    began = time.monotonic()
    process.wait(PATIENCE_SECONDS)
    return time.monotonic() - began


def _faults(landing: Path, out: Path, known: Known) -> list[str]:
    """What is not as it should be after the run that follows a kill."""
    status, text = _run(landing, out)
    found = []
    if status != 0:
        found.append(f"the next run ended with {status}: {text[-300:]}")
    if statistics_bytes(out) != known.statistics:
        found.append("other statistics")
    if published_digest(out / "published" / "statistics.duckdb") != known.published:
        found.append("another publication")
    if left := [path.name for path in out.rglob("*.part")]:
        found.append(f"left behind: {', '.join(left)}")
    return found


class _Reader:
    """The process that reads the published file all the while."""

    def __init__(self, folder: Path, file: Path, known: list[Known]) -> None:
        self._stop, self._result = folder / "stop", folder / "read"
        allowed = folder / "known.json"
        allowed.write_text(json.dumps([each.published for each in known]))
        arguments = [str(each) for each in (file, self._stop, allowed, self._result)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.killed", "--read", *arguments],
            cwd=PROJECT,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
        )

    def stop(self, done: Trial) -> None:
        """End it and add what it saw."""
        self._stop.touch()
        self._process.wait(PATIENCE_SECONDS)
        read = json.loads(self._result.read_text())
        done.reads, done.publications_seen = read["reads"], read["seen"]
        done.faults += read["faults"]


def table(done: Trial) -> str:
    """The figures as a Markdown table."""
    lines = ["| killed while the run was | kills |", "| --- | ---: |"]
    lines += [f"| {name} | {count} |" for name, count in done.killed.most_common()]
    lines += [
        f"| all | {done.killed.total()} |",
        "",
        f"Of them {done.published_before_the_kill} had published already. A reader read the whole "
        f"published file {done.reads:,} times and saw {done.publications_seen} publications. "
        f"Faults: {len(done.faults)}. It took {done.seconds / 60:.0f} minutes.",
        *done.faults,
    ]
    return "\n".join(lines)


def main() -> None:
    """Kill, compare and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--read", type=Path, nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        read_until(*options.read)
        return
    with tempfile.TemporaryDirectory() as folder:
        done = trial(Path(folder), options.kills, options.seed, print)
    print(table(done))
    if done.faults:
        sys.exit("Not all was as it should be.")


if __name__ == "__main__":
    main()
