"""Adding up: counts of units or municipalities to regions and the nation, with margins.

Only whole numbers are added here, so no sum depends on the order of rows, files or regions.
"""

from collections.abc import Sequence

import narwhals as nw

from schemas import codes


def summed(frame: nw.LazyFrame, keys: Sequence[str], values: Sequence[str]) -> nw.LazyFrame:
    """Whole-number sums by key, also where a key is missing."""
    totals = frame.group_by(*keys).agg(*(nw.col(value).sum() for value in values))
    return totals.with_columns(*(nw.col(value).cast(nw.Int64) for value in values))


def area_sums(
    counts: nw.LazyFrame, *, area: str, dimensions: Sequence[str], values: Sequence[str]
) -> nw.LazyFrame:
    """Sums by area with the margins of sex and age group.

    `counts` has `region_code`, the column `area` (a unit or municipality; missing: counts in no
    such area), `sex`, `age_group`, `dimensions` and `values`. Nation and regions get every
    combination of sex and age group with `all`; units and municipalities only `all`/`all`. Who has
    no known sex or age group counts only in the `all` of that dimension. The result has no row
    where nobody is. Source: contract, section 4.
    """
    level = {"unit_id": "unit", "municipality": "municipality"}[area]
    small = summed(counts.filter(~nw.col(area).is_null()), [area, *dimensions], values)
    region = summed(counts, ["region_code", "sex", "age_group", *dimensions], values)
    nation = summed(region, ["sex", "age_group", *dimensions], values)
    columns = ["level", "area_code", "sex", "age_group", *dimensions, *values]
    return nw.concat(
        [
            small.with_columns(
                nw.col(area).alias("area_code"),
                level=nw.lit(level),
                sex=nw.lit(codes.ALL),
                age_group=nw.lit(codes.ALL),
            ).select(columns),
            with_margins(
                region.with_columns(nw.col("region_code").alias("area_code")).with_columns(
                    level=nw.lit("region")
                ),
                ["level", "area_code", *dimensions],
                values,
            ).select(columns),
            with_margins(
                nation.with_columns(area_code=nw.lit(codes.NATION), level=nw.lit("nation")),
                ["level", "area_code", *dimensions],
                values,
            ).select(columns),
        ]
    )


def with_margins(
    counts: nw.LazyFrame, keys: Sequence[str], values: Sequence[str]
) -> nw.LazyFrame:
    """Every combination of sex and age group, and `all` of each."""
    parts = []
    for by_sex in (True, False):
        for by_age in (True, False):
            part = counts
            if by_sex:
                part = part.filter(~nw.col("sex").is_null())
            if by_age:
                part = part.filter(~nw.col("age_group").is_null())
            kept = [*(["sex"] if by_sex else []), *(["age_group"] if by_age else [])]
            part = summed(part, [*keys, *kept], values)
            if not by_sex:
                part = part.with_columns(sex=nw.lit(codes.ALL))
            if not by_age:
                part = part.with_columns(age_group=nw.lit(codes.ALL))
            parts.append(part.select(*keys, "sex", "age_group", *values))
    return nw.concat(parts)
