"""Disclosure control of data_quality, which has no status: what is hidden is missing.

A metric may be hidden for its own numbers, or because another table has the same count and hides
it. Which metric counts persons, and where its count stands too, is data: `quality_metrics.toml`.
"""

from collections.abc import Mapping

import polars as pl

from schemas import codes
from schemas.disclosure_rules import QualityRule, quality_rules

OF_METRIC = ["month", "delivery", "metric"]
VALUES = ["numerator", "denominator", "share"]


def hide_quality(
    quality: pl.DataFrame, published: Mapping[str, pl.DataFrame], threshold: int, *, shares: bool
) -> pl.DataFrame:
    """The table data_quality as it may be published.

    A region's row loses numerator, denominator and share (the denominator too: some are another
    count plus the numerator) where the metric counts persons or their contacts and the numerator,
    the denominator or what is left of it is above 0 and below the threshold, or where `published`,
    tables after disclosure control, hide the same count. The nation's row is the sum of the
    regions', so it is hidden as soon as one of them is. `shares` false: what is left of a
    denominator may be small.
    """
    rules = quality_rules()
    counted = quality.join(_counting(rules), on=["delivery", "metric"], how="left", validate="m:1")
    numbers = [pl.col("numerator"), pl.col("denominator")]
    if shares:
        numbers.append(pl.col("denominator") - pl.col("numerator"))
    small = pl.any_horizontal((number > 0) & (number < threshold) for number in numbers)
    twins = _hidden_elsewhere(rules, published)
    is_nation = pl.col("region_code") == codes.NATION
    rows = (
        counted.join(twins, on=[*OF_METRIC, "region_code"], how="left", validate="m:1")
        .with_columns(
            hidden=(pl.col("small_counts").fill_null(False) & small.fill_null(False))
            | pl.col("hidden_there").fill_null(False)
        )
        .with_columns(
            hidden=pl.col("hidden")
            | (is_nation & (pl.col("hidden") & ~is_nation).any().over(OF_METRIC))
        )
    )
    return rows.with_columns(
        pl.when(~pl.col("hidden")).then(pl.col(name)).alias(name) for name in VALUES
    ).select(quality.columns)


def _counting(rules: tuple[QualityRule, ...]) -> pl.DataFrame:
    return pl.DataFrame(
        [(rule.delivery, rule.metric, rule.small_counts) for rule in rules],
        schema={"delivery": pl.String, "metric": pl.String, "small_counts": pl.Boolean},
        orient="row",
    )


def _hidden_elsewhere(
    rules: tuple[QualityRule, ...], published: Mapping[str, pl.DataFrame]
) -> pl.DataFrame:
    """The regions' metrics whose count another table hides."""
    schema = {
        **dict.fromkeys([*OF_METRIC, "region_code"], pl.String()),
        "hidden_there": pl.Boolean(),
    }
    hidden = [pl.DataFrame(schema=schema)]
    for rule in rules:
        if rule.same_as is None or rule.same_as not in published:
            continue
        there = published[rule.same_as].filter(
            pl.col("level") == "region",
            pl.col("status") == "suppressed",
            *(pl.col(name) == code for name, code in rule.where.items()),
        )
        hidden.append(
            there.select(
                "month",
                delivery=pl.lit(rule.delivery),
                metric=pl.lit(rule.metric),
                region_code="area_code",
                hidden_there=pl.lit(True),
            ).unique()
        )
    return pl.concat(hidden)
