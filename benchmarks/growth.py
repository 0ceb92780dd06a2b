"""How a run grows with the country, and with a single region.

    uv run python -m benchmarks.growth --folder /tmp/growth [--scales 0.1 0.3 1 3]
    uv run python -m benchmarks.growth --folder /tmp/growth --one-region [--scales 3]

Simulates a country of each scale (1 is 10.6 million persons and 82 million rows), runs the product
from nothing, prints persons, times and peak memory as a Markdown table, and removes the files
again. With `--one-region` what all regions of that country have delivered in the same form is
handed in as Stockholm's: of three countries a region of some ten times its size.
"""

import argparse
import itertools
import math
import shutil
import sys
from pathlib import Path

import polars as pl

from benchmarks.national.__main__ import COUNTRY, MONTHS
from benchmarks.process import good, measure, size_of

STOCKHOLM = "01"
FLK = (sys.executable, "-m", "assets.command_line")


def main() -> None:
    """Simulate, run and print, a scale at a time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--scales", type=float, nargs="+", default=[0.1, 0.3, 1.0, 3.0])
    parser.add_argument("--one-region", action="store_true")
    options = parser.parse_args()
    print("| country | persons listed | wall s | processor s | peak GB | store / CSV |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: |")
    runs = []
    for scale in options.scales:
        landing, out = options.folder / "landing", options.folder / "out"
        for folder in (landing, out):
            shutil.rmtree(folder, ignore_errors=True)
        _simulate(landing, scale)
        if options.one_region:
            hand_in_as_one(landing)
        run = good(measure(*FLK, "run", "--landing", str(landing), "--out", str(out)))
        runs.append((scale, run))
        share = size_of(out / "restricted") / size_of(landing)
        print(
            f"| {scale:g} | {listed(out):,} | {run.wall:.0f} | {run.processor:.0f} "
            f"| {run.peak_memory:.1f} | {share:.2f} |",
            flush=True,
        )
        shutil.rmtree(landing)
        shutil.rmtree(out)
    for (small, before), (large, after) in itertools.pairwise(runs):
        exponent = math.log(after.processor / before.processor) / math.log(large / small)
        print(f"\nFrom {small:g} to {large:g}: exponent {exponent:.2f} of processor time.")


def _simulate(landing: Path, scale: float) -> None:
    people = str(round(COUNTRY * scale))
    arguments = ("--population", people, "--months", str(MONTHS), "--seed", "1")
    good(measure(*FLK, "simulate", "--landing", str(landing), *arguments))


def hand_in_as_one(landing: Path) -> None:
    """Let the files of all regions be Stockholm's, where they begin with the same line as its own.

    The n-th snapshot of another region is added to Stockholm's n-th, a month to the same month.
    What cannot be added is left out; the other regions' folders are removed.
    """
    own = landing / STOCKHOLM
    for region in sorted(landing.glob("[0-9][0-9]")):
        if region == own:
            continue
        for delivery in sorted(region.iterdir()):
            dates = sorted({_date(path) for path in (own / delivery.name).glob("*.csv")})
            others = sorted({_date(path) for path in delivery.glob("*.csv")})
            for file in sorted(delivery.glob("*.csv")):
                if others.index(_date(file)) < len(dates):
                    date = dates[others.index(_date(file))]
                    _add(file, own / delivery.name / f"{date}{_source(file)}.csv")
        shutil.rmtree(region)


def _date(file: Path) -> str:
    return file.stem.partition("_")[0]


def _source(file: Path) -> str:
    """Who marked the persons in care settings; parts of other deliveries become one."""
    return file.stem.removeprefix(_date(file)) if file.parent.name == "care_markings" else ""


def _add(file: Path, to: Path) -> None:
    """Add the rows of a file to another one, which may not be there yet."""
    if not to.exists():
        file.rename(to)
        return
    with file.open("rb") as rows, to.open("rb") as own:
        if rows.readline() != own.readline():
            return
        with to.open("ab") as target:
            shutil.copyfileobj(rows, target, 16 * 1024**2)


def listed(out: Path) -> int:
    """The listed persons of the nation, before disclosure control."""
    coverage = pl.read_parquet(out / "restricted" / "statistics" / "coverage.parquet")
    everybody = {"level": "nation", "population": "listed", "sex": "all", "age_group": "all"}
    rows = coverage.filter(
        pl.col("definition") == "reported",
        *(pl.col(name) == value for name, value in everybody.items()),
    )
    return int(rows["denominator"][0])


if __name__ == "__main__":
    main()
