"""Figures that moved more than their history makes likely, for a person to look at.

Only the main figures of the nation and the regions, all sexes and ages together. What is listed is
published all the same, and said to be so.
"""

from collections.abc import Mapping

import polars as pl

from schemas import codes
from schemas.registers import MOVED_FIGURES
from schemas.variants import variants

PREVIOUS_MONTH, PREVIOUS_RELEASE = "previous_month", "previous_release"

HISTORY_MONTHS = 12
FEWEST_STEPS = 4
SPREAD = 3.0
"""So many times the spread of the earlier changes is likely enough."""
_NORMAL = 1.4826
"""The median absolute deviation times this is the standard deviation of a normal distribution."""
SMALLEST_CHANGE = 0.03
"""Below that a change of a share or an index (3 percentage points) is nothing to look at."""
SMALLEST_RATIO = 0.10
"""The same of counts and ratios, relative to what they were."""

_PLACE = ("table_name", "level", "area_code", "dimensions", "column_name")


def moved_figures(
    tables: Mapping[str, pl.DataFrame], before: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """The table `moved_figures` of published tables, but for what has been approved.

    Two changes are looked at: of the newest month since the month before, and of every month since
    the release before (`before`, its tables; empty for the first). `change` is the difference of
    two shares or indices, the difference relative to the former of counts and ratios (1 where the
    former was 0). It is listed where it is larger than `limit`, the largest of

    - history: with at least 4 changes from month to month in the 12 months before, 3 times their
      spread (1.4826 · median absolute deviation) around their median;
    - interval: with fewer, the half-width of the 95 % interval of the difference, √(h₁² + h₂²), of
      two estimates as if independent; 0 for figures without interval;
    - smallest: 3 percentage points, or 10 per cent of counts and ratios.

    Since the release before, the same figure rests on nearly the same persons, so that the interval
    is no measure: only history and smallest count. A figure that is hidden or was not there before
    has not moved.
    """
    now = _main_figures(tables)
    found = [_since_last_month(now)]
    if before:
        found.append(_since_last_release(now, _main_figures(before)))
    return pl.concat([MOVED_FIGURES.empty().drop("approved"), *found]).sort(
        *[name for name in MOVED_FIGURES.key if name != "approved"]
    )


def figure_names(moved: pl.DataFrame) -> pl.Series:
    """What tells a moved figure and its values from every other: what an approval is about."""
    columns = [*MOVED_FIGURES.key, "value_before", "value"]
    return moved.select(
        pl.concat_str([pl.col(each).cast(pl.String) for each in columns], separator=" ").alias(
            "figure"
        )
    ).to_series()


def still_published(moved: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The moved figures whose value is still that of the tables."""
    return moved.join(_main_figures(tables), on=["month", *_PLACE, "value"], how="semi")


def dropped_out(reporting: pl.DataFrame) -> list[str]:
    """The regions that reported in the month made before the newest, and not in the newest."""
    months = reporting["month"].unique().sort()
    if len(months) < 2:
        return []
    reported = reporting.filter(pl.col("reported"), pl.col("region_code") != codes.NATION)
    before, now = (
        set(reported.filter(pl.col("month") == month)["region_code"]) for month in months[-2:]
    )
    return sorted(before - now)


def _main_figures(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The main figures of all months: place, value, half-width of the interval, how it changes."""
    standard = variants()[0]
    chosen: dict[str, tuple[str, dict[str, object]]] = {
        "coverage": ("share", {"definition": "reported"}),
        "continuity": (
            "mean",
            {
                "unit_scope": "own_unit",
                "index": "COC",
                "window_months": standard.window_months,
                "min_visits": standard.min_visits,
            },
        ),
        "own_physician": ("share", {}),
        "list_load": ("load", {}),
        "care_markings": ("persons", {"setting": "sabo", "source": "any"}),
    }
    found = [
        _figures_of(name, tables[name], column, where)
        for name, (column, where) in chosen.items()
        if name in tables
    ]
    return pl.concat(found)


def _figures_of(
    name: str, table: pl.DataFrame, column: str, where: Mapping[str, object]
) -> pl.DataFrame:
    whole: dict[str, object] = {
        each: codes.ALL for each in ("sex", "age_group") if each in table.columns
    }
    told = [each for each in ("population", "series") if each in table.columns]
    dimensions = [
        *(pl.concat_str(pl.lit(f"{each}="), pl.col(each)) for each in told),
        *(pl.lit(f"{each}={value}") for each, value in where.items()),
    ]
    has_interval = "ci_low" in table.columns
    width = (pl.col("ci_high") - pl.col("ci_low")) / 2 if has_interval else pl.lit(0.0)
    return table.filter(
        pl.col("level").is_in(["nation", "region"]),
        pl.col("status") == "ok",
        *(pl.col(each) == value for each, value in {**whole, **where}.items()),
    ).select(
        "month",
        pl.lit(name).alias("table_name"),
        "level",
        "area_code",
        dimensions=pl.concat_str(dimensions, separator=";") if dimensions else pl.lit(""),
        column_name=pl.lit(column),
        value=pl.col(column).cast(pl.Float64),
        width=width.cast(pl.Float64).fill_null(0.0),
        is_relative=pl.lit(not has_interval),
        number=pl.col("month").str.slice(0, 4).cast(pl.Int64) * 12
        + pl.col("month").str.slice(5, 2).cast(pl.Int64),
    )


def _change(before: str, after: str) -> pl.Expr:
    difference = pl.col(after) - pl.col(before)
    # From nothing to something is a change of all that is there now.
    of_what_was = (
        pl.when(pl.col(before) == 0).then(difference.sign()).otherwise(difference / pl.col(before))
    )
    return pl.when("is_relative").then(of_what_was).otherwise(difference)


def _steps(figures: pl.DataFrame) -> pl.DataFrame:
    """The changes from month to month of consecutive months."""
    former = figures.select(
        *_PLACE, pl.col("number") + 1, value_before="value", width_before="width"
    )
    return figures.join(former, on=[*_PLACE, "number"], validate="1:1").with_columns(
        change=_change("value_before", "value")
    )


def _history(figures: pl.DataFrame, newest: int) -> pl.DataFrame:
    """The median and the spread of the earlier changes, where there are enough."""
    earlier = _steps(figures).filter(
        pl.col("number") < newest, pl.col("number") >= newest - HISTORY_MONTHS
    )
    return (
        earlier.with_columns(median=pl.col("change").median().over(_PLACE))
        .group_by(_PLACE)
        .agg(
            pl.col("median").first(),
            spread=_NORMAL * (pl.col("change") - pl.col("median")).abs().median(),
            steps=pl.len(),
        )
        .filter(pl.col("steps") >= FEWEST_STEPS)
        .drop("steps")
    )


def _since_last_month(figures: pl.DataFrame) -> pl.DataFrame:
    newest = figures["number"].max() if figures.height else 0
    steps = _steps(figures).filter(pl.col("number") == newest)
    interval = (pl.col("width") ** 2 + pl.col("width_before") ** 2).sqrt()
    return _listed(steps, _history(figures, int(str(newest))), interval, PREVIOUS_MONTH)


def _since_last_release(figures: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    newest = figures["number"].max() if figures.height else 0
    former = before.select(*_PLACE, "month", value_before="value")
    revised = figures.join(former, on=[*_PLACE, "month"], validate="1:1").with_columns(
        change=_change("value_before", "value")
    )
    return _listed(revised, _history(figures, int(str(newest))), pl.lit(0.0), PREVIOUS_RELEASE)


def _listed(
    changed: pl.DataFrame, history: pl.DataFrame, interval: pl.Expr, since: str
) -> pl.DataFrame:
    """The changes that are larger than their limit."""
    smallest = (
        pl.when("is_relative").then(pl.lit(SMALLEST_RATIO)).otherwise(pl.lit(SMALLEST_CHANGE))
    )
    has_history = pl.col("spread").is_not_null()
    likely = pl.when(has_history).then(SPREAD * pl.col("spread")).otherwise(interval)
    is_since_month = since == PREVIOUS_MONTH
    expected = pl.col("median").fill_null(0.0) if is_since_month else pl.lit(0.0)
    return (
        changed.join(history, on=_PLACE, how="left", validate="m:1")
        .with_columns(limit=pl.max_horizontal(likely, smallest))
        .with_columns(
            rule=pl.when(likely < smallest)
            .then(pl.lit("smallest"))
            .when(has_history)
            .then(pl.lit("history"))
            .otherwise(pl.lit("interval"))
        )
        .filter((pl.col("change") - expected).abs() > pl.col("limit") + 1e-9)
        .select(
            "month",
            *_PLACE,
            "value_before",
            "value",
            "change",
            "limit",
            "rule",
            compared_with=pl.lit(since),
        )
        .select([name for name in MOVED_FIGURES.column_names if name != "approved"])
    )
