"""What disclosure control costs, by table and level: rows and persons hidden, noise in numbers."""

from collections.abc import Mapping, Sequence

import polars as pl

from pipelines.publication.disclosure.primary import OK, SUPPRESSED
from schemas import codes
from schemas.disclosure_rules import DISCLOSURE_RULES, DisclosureRule
from schemas.registers import INFORMATION_LOST, published_table
from schemas.statistics import DATA_QUALITY

FEWEST_PERSONS = 1000
STEP = 5
"""Shares are rounded to whole steps of so many per cent."""
FEWEST_NUMBERS = 100
"""The noise of fewer numbers is not told: it could be taken away from the last of them."""

NOISE = ("numbers_changed_percent", "mean_deviation")

_GROUP = ["month", "level"]
_ALL = {"level": "nation", "sex": codes.ALL, "age_group": codes.ALL}


def information_lost(
    made: Mapping[str, pl.DataFrame],
    published: Mapping[str, pl.DataFrame],
    *,
    is_perturbed: bool = False,
) -> pl.DataFrame:
    """The table `information_lost` of the statistics before disclosure control and after.

    Both hold the same rows in the same order, as `suppress` returns them. `cells` are the rows that
    had values before, `suppressed` those of them that are hidden; rows that are not reported or
    undefined do not count. definition_comparison has rows of regions only; in data_quality, where
    nothing says so, a row is of the nation (00) or of a region, and has values where it has a
    numerator. Tables of targets are made from the published ones and are left out.

    `persons_suppressed_percent`: the persons counted in the hidden rows, of those counted in all
    rows, in per cent rounded to the nearest 5 (half upwards). Persons are the denominator where the
    table has one, else its first count of persons; who stands in several rows counts in each.

    It narrows no hidden count: only series whose row of the nation (both sexes, all ages) is
    published are counted. Their sums over a level, a sex or an age group then follow from that row,
    to those against whom the tables are protected (docs/decisions/0009), so that the sum over the
    hidden rows is known to them already. For anybody else it is rounded, and missing when fewer
    than 1,000 persons are counted in all; 5 per cent are 50 persons then, far more than the
    protection asks for. It is missing too for tables without rows of the nation, and data_quality.

    Where `is_perturbed`, the noise of all numbers of persons above 0 in rows that are published is
    summed up: the share that it has changed, and the mean of its absolute value; a number counts in
    every row that it stands in. Both are missing for fewer than 100 numbers, and in other releases.
    """
    tables = [
        _of_table(rule, _hidden_marked(made[rule.table], published[rule.table]))
        for rule in DISCLOSURE_RULES
    ]
    tables.append(_of_quality(made[DATA_QUALITY.name], published[DATA_QUALITY.name]))
    noise = [
        _noise_of(rule.table, rule.persons, made[rule.table], published[rule.table])
        for rule in DISCLOSURE_RULES
    ]
    lost = pl.concat(tables)
    if is_perturbed:
        lost = lost.join(
            pl.concat(noise), on=INFORMATION_LOST.key, how="left", validate="1:1", nulls_equal=True
        )
    else:
        lost = lost.with_columns(pl.lit(None).alias(name) for name in NOISE)
    return lost.select(
        pl.col(name).cast(kind) for name, kind in INFORMATION_LOST.polars_schema().items()
    ).sort(INFORMATION_LOST.key)


def _hidden_marked(made: pl.DataFrame, published: pl.DataFrame) -> pl.DataFrame:
    """The rows that had values before control, with whether they are `hidden`."""
    hidden = (published["status"] == SUPPRESSED).alias("hidden")
    return made.with_columns(hidden).filter(pl.col("status") == OK)


def _of_table(rule: DisclosureRule, rows: pl.DataFrame) -> pl.DataFrame:
    if "level" not in rows.columns:
        return _counted(rule.table, rows.with_columns(level=pl.lit("region")), pl.lit(None))
    of_nation = {name: value for name, value in _ALL.items() if name in rows.columns}
    series = [
        name
        for name in published_table(rule.table).key
        if name != "area_code" and name not in of_nation
    ]
    shown_nations = rows.filter(~pl.col("hidden"), **of_nation).select(series)
    can_be_told = rows.join(
        shown_nations.with_columns(can_be_told=pl.lit(True)),
        on=series,
        how="left",
        validate="m:1",
    )
    persons = "denominator" if "denominator" in rule.persons else rule.persons[0]
    return _counted(rule.table, can_be_told, pl.when(pl.col("can_be_told")).then(pl.col(persons)))


def _noise_of(
    table: str, counts: Sequence[str], made: pl.DataFrame, published: pl.DataFrame
) -> pl.DataFrame:
    """By month and level what noise has done to these counts."""
    level = pl.col("level") if "level" in made.columns else pl.lit("region")
    is_shown = published["status"] == OK
    numbers = pl.concat(
        made.select(
            "month",
            level.alias("level"),
            true=pl.col(count),
            deviation=(pl.col(count) - published[count]).abs(),
            is_shown=is_shown,
        )
        for count in counts
    ).filter("is_shown", pl.col("true") > 0)
    changed, all_numbers = (pl.col("deviation") > 0).sum(), pl.len()
    return (
        numbers.group_by(_GROUP)
        .agg(
            numbers=all_numbers,
            numbers_changed_percent=(changed * 200 + all_numbers * STEP)
            // (all_numbers * STEP * 2)
            * STEP,
            mean_deviation=pl.col("deviation").mean().round(1),
        )
        .filter(pl.col("numbers") >= FEWEST_NUMBERS)
        .select("month", "level", *NOISE, table_name=pl.lit(table))
    )


def _of_quality(made: pl.DataFrame, published: pl.DataFrame) -> pl.DataFrame:
    is_nation = pl.col("region_code") == codes.NATION
    rows = made.with_columns(
        published["numerator"].is_null().alias("hidden"),
        level=pl.when(is_nation).then(pl.lit("nation")).otherwise(pl.lit("region")),
    ).filter(pl.col("numerator").is_not_null())
    return _counted(DATA_QUALITY.name, rows, pl.lit(None))


def _counted(table: str, rows: pl.DataFrame, persons: pl.Expr) -> pl.DataFrame:
    """Rows of `information_lost`; `persons` of a row are missing where they may not be told."""
    in_all, in_hidden = pl.col("persons"), pl.col("persons_hidden")
    return (
        rows.select(*_GROUP, "hidden", persons=persons.cast(pl.Int64))
        .group_by(_GROUP)
        .agg(
            cells=pl.len(),
            suppressed=pl.col("hidden").sum(),
            persons=pl.col("persons").sum(),
            persons_hidden=pl.col("persons").filter("hidden").sum(),
        )
        .with_columns(
            table_name=pl.lit(table),
            persons_suppressed_percent=pl.when(in_all >= FEWEST_PERSONS).then(
                (in_hidden * 200 + in_all * STEP) // (in_all * STEP * 2) * STEP
            ),
        )
        .select(name for name in INFORMATION_LOST.column_names if name not in NOISE)
    )
