"""Do the statistics of a simulated country look like those that have been published of Sweden?

    flk simulate --landing LANDING --population 500000 --months 19 --seed 1
    flk run --landing LANDING --out OUT
    python -m benchmarks.plausibility --out OUT > docs/plausibility.md

Each published figure stands beside the same figure of the newest month, before disclosure control.
The levels that the simulation plants are in `pipelines/simulation/levels.py`; what comes out has
gone the whole way from delivered files to statistics.
"""

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

YES, PARTLY, NO = "yes", "partly", "no"
POINTS = 0.03
"""A simulated share may differ so much from a published one: the planted levels grow monthly."""
RELATIVE = 0.1
MOST_CENTRES = 0.9
FEWEST_PERSONS = 30
"""Centres with fewer persons are left out: their means are mostly chance."""

PUBLISHED_COVERAGE = {
    "14": 0.96,
    "20": 0.79,
    "19": 0.78,
    "12": 0.77,
    "10": 0.19,
    "24": 0.11,
    "07": 0.07,
}
"""Inhabitants with a named physician 2022-12-31, Läkartidningen 2023-08."""
PUBLISHED_SABO = 0.93
PUBLISHED_LISTED_PER_SPECIALIST = 2190
GOAL = 0.55
PUBLISHED_BETWEEN_CENTRES = {"COC": (0.12, 0.43), "UPC": (0.23, 0.57), "SECON": (0.25, 0.52)}
"""Health centres in Blekinge, patients with at least two visits a year to physicians during three
years (SJPHC 2017;35:113)."""

Statistics = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class Compared:
    """A published figure and the simulated one."""

    what: str
    published: str
    simulated: str
    within: str


def statistics_of(out: Path) -> dict[str, pl.DataFrame]:
    """The tables that are compared, of the newest month, all ages and both sexes."""
    folder = out / "restricted" / "statistics"
    found = {}
    for name in ("coverage", "continuity", "list_load"):
        table = pl.read_parquet(folder / f"{name}.parquet")
        table = table.filter(pl.col("month") == pl.col("month").max(), pl.col("status") == "ok")
        margins = [pl.col(each) == "all" for each in ("sex", "age_group") if each in table.columns]
        found[name] = table.filter(*margins)
    return found


def coverage_of_regions(statistics: Statistics) -> Iterator[Compared]:
    """Inhabitants with a named physician in the regions with a published figure, and how many
    regions reach the goal."""
    regions = _reported(statistics, "inhabitants", "region")
    names = dict(regions.select("area_code", "area_name").iter_rows())
    shares = dict(regions.select("area_code", "share").iter_rows())
    for code, published in PUBLISHED_COVERAGE.items():
        yield Compared(
            f"inhabitants with a named physician, {names[code]}",
            f"{published:.0%}",
            f"{shares[code]:.1%}",
            _verdict(abs(shares[code] - published) <= POINTS),
        )
    reached = sum(share >= GOAL for share in shares.values())
    all_regions = 21
    yield Compared(
        "regions with at least 55 % of the inhabitants",
        "just under half of 21",
        f"{reached} of {all_regions}",
        _verdict(all_regions / 2 - 2 <= reached < all_regions / 2),
    )


def sabo(statistics: Statistics) -> Compared:
    """Residents of SÄBO with a named physician in the nation."""
    (share,) = _reported(statistics, "sabo", "nation")["share"]
    return Compared(
        "SÄBO residents with a named physician, the nation",
        f"{PUBLISHED_SABO:.0%}",
        f"{share:.1%}",
        _verdict(abs(share - PUBLISHED_SABO) <= POINTS),
    )


def listed_per_specialist(statistics: Statistics) -> Compared:
    """Listed persons for each full-time specialist in the nation."""
    (nation,) = statistics["list_load"].filter(pl.col("level") == "nation").to_dicts()
    found = nation["listed"] / nation["fte_specialist"]
    near = abs(found / PUBLISHED_LISTED_PER_SPECIALIST - 1) <= RELATIVE
    return Compared(
        "listed persons per full-time specialist, the nation",
        f"{PUBLISHED_LISTED_PER_SPECIALIST:,}",
        f"{found:,.0f}",
        _verdict(near),
    )


def centres(statistics: Statistics, index: str, window_months: int, min_visits: int) -> pl.Series:
    """The mean of an index to physicians at every health centre with enough persons."""
    return (
        statistics["continuity"]
        .filter(
            pl.col("level") == "unit",
            pl.col("population") == "listed",
            pl.col("series") == "physician",
            pl.col("unit_scope") == "own_unit",
            pl.col("index") == index,
            pl.col("window_months") == window_months,
            pl.col("min_visits") == min_visits,
            pl.col("persons") >= FEWEST_PERSONS,
        )["mean"]
        .sort()
    )


def between_centres(statistics: Statistics) -> Iterator[Compared]:
    """The indices at the centres; `partly` where the middle centre is in the range but fewer than
    nine of ten are."""
    for index, (low, high) in PUBLISHED_BETWEEN_CENTRES.items():
        for window_months, min_visits in ((18, 3), (12, 2)):
            means = centres(statistics, index, window_months, min_visits)
            variant = f"{window_months} months, at least {min_visits} visits"
            yield _in_range(f"{index} between centres, {variant}", means, low, high)


def _in_range(what: str, means: pl.Series, low: float, high: float) -> Compared:
    middle = float(means.median())  # type: ignore[arg-type]
    share = float(means.is_between(low, high).mean())  # type: ignore[arg-type]
    within = PARTLY if low <= middle <= high else NO
    return Compared(
        what,
        f"{low:.2f}–{high:.2f}",
        f"{means.quantile(0.05):.2f}–{means.quantile(0.95):.2f}, middle {middle:.2f}, "
        f"{share:.0%} of {means.len():,} inside",
        YES if share >= MOST_CENTRES else within,
    )


def comparisons(statistics: Statistics) -> list[Compared]:
    """Everything that is compared."""
    return [
        *coverage_of_regions(statistics),
        sabo(statistics),
        *between_centres(statistics),
        listed_per_specialist(statistics),
    ]


def page(statistics: Statistics) -> str:
    """docs/plausibility.md."""
    lines = [
        f"| {each.what} | {each.published} | {each.simulated} | {each.within} |"
        for each in comparisons(statistics)
    ]
    (nation,) = _reported(statistics, "listed", "nation")["denominator"]
    month = statistics["coverage"]["month"][0]
    return _PAGE.format(table="\n".join(lines), listed=f"{nation:,}", month=month)


def _reported(statistics: Statistics, population: str, level: str) -> pl.DataFrame:
    return statistics["coverage"].filter(
        pl.col("population") == population,
        pl.col("definition") == "reported",
        pl.col("level") == level,
    )


def _verdict(holds: bool) -> str:
    return YES if holds else NO


_PAGE = """# Is it plausible? A simulated country against published figures

Generated by `python -m benchmarks.plausibility`; do not edit by hand.

A country of {listed} listed persons was simulated (`flk simulate --population 500000 --months 19
--seed 1`) and run (`flk run`); the figures are those of {month}, before disclosure control. A share
is *within* when it is at most 3 percentage points from the published one, a number when it is at
most 10 per cent from it. Between health centres the simulated column holds the 5th and 95th
percentile of the centres with at least 30 persons; *within* is `yes` when nine of ten centres lie
in the published range, `partly` when the middle one does.

| figure | published | simulated | within |
| --- | --- | --- | --- |
{table}

Sources: coverage Läkartidningen 2023-08 (2022-12-31); SÄBO skr.se (survey autumn 2021, 282
municipalities); between centres SJPHC 2017;35:113 (Blekinge); listed per specialist Vårdanalys
(2018).

## Where it is not within, and why

- **UPC with at least 2 visits in 12 months.** UPC depends on how many visits people make, COC does
  not ([few-visits.md](few-visits.md)): the published centres are of patients with at least two
  visits a year during three years, six or more in all. Of two visits, the least UPC there can be is
  one half.
- **SECON.** In the simulation the chance of the regular physician is the same at every visit, and
  then SECON is as large as COC. In Blekinge it was larger: visits close in time were more often to
  the same physician.
- **Listed per specialist.** The simulated centres have more physicians than those of 2018, so that
  list load shows both centres above and below the guideline value.

None of this touches the computation: the same code gives the published means of the worked table of
Sidaway-Lee (`tests/integration/test_golden_table.py`).
"""


def main() -> None:
    """Print the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, required=True, help="the output folder of `flk run`")
    print(page(statistics_of(parser.parse_args().out)), end="")


if __name__ == "__main__":
    main()
