"""Adding up: counts of units or municipalities to regions and the nation, with margins.

Only whole numbers are added here, so no sum depends on the order of rows, files or regions.
"""

from collections.abc import Sequence

import narwhals as nw

from pipelines.indicators.frame import Frame
from schemas import codes

AREA_KEY = ("region_code", "level", "area_code", "sex", "age_group")


def summed(frame: Frame, keys: Sequence[str], values: Sequence[str]) -> Frame:
    """Whole-number sums by key, also where a key is missing."""
    totals = frame.group_by(*keys).agg(*(nw.col(value).sum() for value in values))
    return totals.with_columns(*(nw.col(value).cast(nw.Int64) for value in values))


def area_sums(
    counts: Frame, *, area: str, dimensions: Sequence[str], values: Sequence[str]
) -> Frame:
    """Sums by area with the margins of sex and age group.

    `counts` has `region_code`, the column `area` (a unit or municipality; missing: counts in no
    such area), `sex`, `age_group`, `dimensions` and `values`. Nation and regions get every
    combination of sex and age group with `all`; units and municipalities only `all`/`all`. Who has
    no known sex or age group counts only in the `all` of that dimension. The result has no row
    where nobody is. Source: contract, section 4.
    """
    level = {"unit_id": "unit", "municipality": "municipality"}[area]
    small = summed(
        counts.filter(~nw.col(area).is_null()), ["region_code", area, *dimensions], values
    )
    columns = [*AREA_KEY, *dimensions, *values]
    return nw.concat(
        [
            without_breakdown(small, area=area, level=level).select(columns),
            region_sums(counts, dimensions=dimensions, values=values),
            nation_sums(counts, dimensions=dimensions, values=values),
        ]
    )


def without_breakdown(sums: Frame, *, area: str, level: str) -> Frame:
    """Sums of units or municipalities as rows of the whole area, both sexes and all ages."""
    return sums.with_columns(
        nw.col(area).alias("area_code"),
        level=nw.lit(level),
        sex=nw.lit(codes.ALL),
        age_group=nw.lit(codes.ALL),
    )


def region_sums(counts: Frame, *, dimensions: Sequence[str], values: Sequence[str]) -> Frame:
    """Sums by region, with every combination of sex and age group and `all` of each."""
    region = summed(counts, ["region_code", "sex", "age_group", *dimensions], values)
    return (
        with_margins(region, ["region_code", *dimensions], values)
        .with_columns(nw.col("region_code").alias("area_code"), level=nw.lit("region"))
        .select(*AREA_KEY, *dimensions, *values)
    )


def nation_sums(counts: Frame, *, dimensions: Sequence[str], values: Sequence[str]) -> Frame:
    """Sums of the nation, with every combination of sex and age group and `all` of each."""
    nation = summed(counts, ["sex", "age_group", *dimensions], values)
    return (
        with_margins(nation, dimensions, values)
        .with_columns(
            region_code=nw.lit(codes.NATION),
            area_code=nw.lit(codes.NATION),
            level=nw.lit("nation"),
        )
        .select(*AREA_KEY, *dimensions, *values)
    )


def level_sums(
    counts: Frame, *, area: str, dimensions: Sequence[str], values: Sequence[str]
) -> Frame:
    """Sums by nation, region and unit or municipality, without sex and age group."""
    everybody = counts.with_columns(
        sex=nw.lit(None, dtype=nw.String), age_group=nw.lit(None, dtype=nw.String)
    )
    sums = area_sums(everybody, area=area, dimensions=dimensions, values=values)
    return sums.drop("sex", "age_group")


def with_margins(counts: Frame, keys: Sequence[str], values: Sequence[str]) -> Frame:
    """Sums by every combination of sex and age group, and `all` of each."""
    return summed(in_margins(counts), [*keys, "sex", "age_group"], values)


def in_margins(frame: Frame) -> Frame:
    """Each row in every combination of its sex and age group, and `all` of each.

    Who has no known sex or age group counts only in the `all` of that dimension.
    """
    for dimension in ("sex", "age_group"):
        known = frame.filter(~nw.col(dimension).is_null())
        frame = nw.concat([known, frame.with_columns(nw.lit(codes.ALL).alias(dimension))])
    return frame
