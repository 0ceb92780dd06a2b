"""The product beside a bare load, a plain pandas script and hand-written SQL, on the same files.

    uv run python -m benchmarks.national --scale 1 --folder /tmp/country [--repeats 3] [--profile]
        [--news] [--flk PROGRAM]

Simulates the deliveries where the folder has none (scale 1 is the country: 82 million rows and
7.2 GB), all as CSV, runs each way in a process of its own from nothing, holds the figures that they
have in common against one another, and prints medians, peak memory and ratios as Markdown. With
`--profile` the product's processor seconds by stage too, with `--news` what a region's new listings
and contacts take in the finished store. `--flk` is the program of an installation as users have it,
without what developers need, which starts half a second faster. `--only-correct` leaves the table
out. Fails when figures differ.
"""

import argparse
import json
import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.process import HEADING, Measured, good, measure, row, size_of
from benchmarks.stages import STAGES

COUNTRY = 10_600_000
MONTHS, MONTH = 18, "2025-11"
WAYS = ("bare_load", "hand_written_sql", "plain_pandas")
LIMITS = {"bare_load": 3.5, "hand_written_sql": 1.3, "plain_pandas": 0.8}
LIMIT_OF_NEWS = 0.1
NEWS = ("listings", "care_contacts")
COUNTS = ("listed", "named", "inhabitants_named", "persons", "visits")
BAD_ROWS_OF_PANDAS = 4 * (MONTHS + 2)
"""Bad rows that pandas counts in a region: four in each of its files are bad on purpose."""

Figures = dict[str, dict[str, Any]]


def main() -> None:
    """Run, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.01)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--news", action="store_true")
    parser.add_argument("--only-correct", action="store_true")
    parser.add_argument("--flk", type=Path)
    options = parser.parse_args()
    landing, out = options.folder / "landing", options.folder / "out"
    flk = (str(options.flk),) if options.flk else (sys.executable, "-m", "assets.command_line")
    if not landing.exists():
        people = str(round(COUNTRY * options.scale))
        arguments = ("--population", people, "--months", str(MONTHS), "--seed", "1")
        good(measure(*flk, "simulate", "--landing", str(landing), *arguments))
        _as_csv(landing)
    measured: dict[str, list[Measured]] = {}
    ways = WAYS[1:] if options.only_correct else WAYS
    for _ in range(options.repeats):
        for way in ways:
            command = (sys.executable, "-m", f"benchmarks.national.{way}", "--landing", landing)
            month = () if way == "bare_load" else ("--month", MONTH)
            measured.setdefault(way, []).append(good(measure(*map(str, (*command, *month)))))
        shutil.rmtree(out, ignore_errors=True)
        run = (*flk, "run", "--landing", str(landing), "--out", str(out), "--month", MONTH)
        measured.setdefault("product", []).append(good(measure(*run)))
    product = product_figures(out)
    for way in WAYS[1:]:
        of_way = {
            each["region_code"]: each
            for each in json.loads(measured[way][-1].output.split("\n")[-2])
        }
        allowed = 0 if way == "hand_written_sql" else BAD_ROWS_OF_PANDAS
        differing = list(differences(product, of_way, allowed))
        if differing:
            sys.exit("\n".join([f"{way} differs from the product:", *differing]))
        print(f"{way}: the figures of {len(of_way)} regions agree with the product's.")
    if not options.only_correct:
        _show(measured, landing, out)
    if options.news:
        _show_news(landing, run, _median(measured["product"]))
    if options.profile:
        _show_stages(landing, options.folder / "profiled")


def _as_csv(landing: Path) -> None:
    """Small simulated countries deliver Parquet too, which the scripts do not read."""
    for path in landing.glob("*/*/*.parquet"):
        pl.read_parquet(path).write_csv(path.with_suffix(".csv"), time_format="%H:%M")
        path.unlink()


def product_figures(out: Path) -> Figures:
    """The figures in common, from the product's statistics before disclosure control."""
    folder = out / "restricted" / "statistics"

    def of(table: str, **chosen: object) -> pl.DataFrame:
        rows = pl.read_parquet(folder / f"{table}.parquet")
        everybody = {"level": "region", "sex": "all", "age_group": "all", "month": MONTH}
        return rows.filter(
            *(pl.col(name) == value for name, value in {**everybody, **chosen}.items())
        )

    listed = of("coverage", population="listed", definition="reported")
    inhabitants = of("coverage", population="inhabitants", definition="reported")
    coc = of(
        "continuity",
        population="listed",
        series="physician",
        unit_scope="own_unit",
        window_months=18,
        index="COC",
    )
    rows = (
        listed.select(region_code="area_code", listed="denominator", named="numerator")
        .join(
            inhabitants.select(region_code="area_code", inhabitants_named="numerator"),
            on="region_code",
        )
        .join(coc.select("persons", "visits", "mean", region_code="area_code"), on="region_code")
    )
    return {each["region_code"]: each for each in rows.iter_rows(named=True)}


def differences(product: Figures, other: Figures, allowed: int) -> Iterable[str]:
    """Figures of a region that are further apart than the bad rows can explain."""
    for region, figures in other.items():
        expected = product[region]
        for name in COUNTS:
            if abs(figures[name] - expected[name]) > allowed:
                yield f"{region} {name}: {figures[name]}, the product {expected[name]}"
        if abs(figures["mean"] - expected["mean"]) > (1e-9 if not allowed else 0.01):
            yield f"{region} mean: {figures['mean']}, the product {expected['mean']}"


def _show(measured: dict[str, list[Measured]], landing: Path, out: Path) -> None:
    print(HEADING)
    for way, runs in measured.items():
        print(row(way.replace("_", " "), runs))
    own = _median(measured["product"])
    for way in WAYS:
        ratio = own / _median(measured[way])
        print(f"\nThe product takes {ratio:.2f} times {way} (at most {LIMITS[way]}).")
    store = size_of(out / "restricted" / "microdata") + size_of(out / "restricted" / "parts")
    print(f"\nThe store takes {store / size_of(landing):.2f} times the deliveries.")


def _show_news(landing: Path, run: tuple[str, ...], from_nothing: float) -> None:
    """What a run takes when a region of middle size has sent a file anew, with one row less.

    At last the files are put back.
    """
    regions = [
        folder
        for folder in landing.iterdir()
        if all(any((folder / delivery).glob("*.csv")) for delivery in NEWS)
    ]
    region = sorted(regions, key=size_of)[len(regions) // 2]
    measured = {"nothing new": good(measure(*run))}
    delivered: dict[Path, bytes] = {}
    try:
        for delivery in NEWS:
            newest = max((region / delivery).glob("*.csv"))
            delivered[newest] = newest.read_bytes()
            newest.write_bytes(b"".join(delivered[newest].splitlines(keepends=True)[:-1]))
            measured[f"new {delivery} of {region.name}"] = good(measure(*run))
    finally:
        for path, content in delivered.items():
            path.write_bytes(content)
    print(f"\n{HEADING}")
    for name, one in measured.items():
        print(row(name, [one]))
    for name, one in measured.items():
        print(f"\n{name}: {one.wall / from_nothing:.1%} of a run from nothing", end="")
    print(f" (at most {LIMIT_OF_NEWS:.0%}).")


def _median(runs: list[Measured]) -> float:
    return sorted(run.wall for run in runs)[len(runs) // 2]


def _show_stages(landing: Path, out: Path) -> None:
    shutil.rmtree(out, ignore_errors=True)
    command = (sys.executable, "-m", "benchmarks.stages", "--landing", landing, "--out", out)
    stages = json.loads(good(measure(*map(str, command))).output.strip().split("\n")[-1])
    total = sum(stages["processor"].values())
    print("\n| stage | what | processor s | share |\n| --- | --- | ---: | ---: |")
    for stage, seconds in stages["processor"].items():
        print(f"| {stage} | {STAGES[stage]} | {seconds:.1f} | {seconds / total:.0%} |")


if __name__ == "__main__":
    main()
