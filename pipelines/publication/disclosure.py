"""Disclosure control: which cells are too small to publish, and hiding them.

Two steps that stand apart, so that secondary suppression can come between them: `primary_cells`
marks the cells that the rule itself forbids, `hide` empties the marked rows. Which columns
count persons is data: `schemas/disclosure_rules.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.publication.quality_disclosure import hide_quality
from schemas.disclosure_rules import DisclosureRule, disclosure_rule, value_columns
from schemas.registers import published_table
from schemas.statistics import DATA_QUALITY

OK = "ok"
SUPPRESSED = "suppressed"


@dataclass(frozen=True)
class DisclosureSettings:
    """What is protected, and how much.

    `threshold`: a count of persons above 0 and below it is suppressed (contract: 5).
    `shares`: a share whose numerator, or what is left of its denominator, is above 0 and below
    the threshold is suppressed. `one_physician_units`: unit rows that rest on one physician are
    suppressed.
    """

    threshold: int = 5
    shares: bool = True
    one_physician_units: bool = True

    def described(self) -> str:
        """The rules in force as a text for `release_info`."""
        rules = [f"persons below {self.threshold}"]
        if self.shares:
            rules.append(f"numerator or remainder of a share below {self.threshold}")
        if self.one_physician_units:
            rules.append("units that rest on one physician")
        return "; ".join(rules)


def suppress(
    tables: Mapping[str, pl.DataFrame],
    settings: DisclosureSettings,
    one_physician_units: frozenset[tuple[str, str]],
) -> dict[str, pl.DataFrame]:
    """The tables as they may be published, in the same order, columns and rows.

    A row that the primary rule marks gets status `suppressed` and every value column missing,
    counts too: with the numerator alone hidden, share · denominator would give it back. Rows that
    are not ok stay as they are, as do tables without counts of persons. `one_physician_units`
    holds (month, HSA-id) of the units that rest on one physician. data_quality comes last, as it
    hides what the other tables hide (`quality_disclosure.py`).
    """
    published = {
        name: hide(frame, name, primary_cells(frame, name, settings, one_physician_units))
        for name, frame in tables.items()
    }
    if DATA_QUALITY.name in published:
        published[DATA_QUALITY.name] = hide_quality(
            published[DATA_QUALITY.name], published, settings.threshold, shares=settings.shares
        )
    return published


def primary_cells(
    frame: pl.DataFrame,
    table: str,
    settings: DisclosureSettings,
    one_physician_units: frozenset[tuple[str, str]],
) -> pl.Series:
    """True for each row that the primary rule forbids; never true for a row that is not ok."""
    rule = disclosure_rule(table)
    if rule is None:
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True).alias("suppressed")
    forbidden = _small_counts(rule, settings)
    if settings.one_physician_units and "level" in frame.columns:
        forbidden = forbidden | _rests_on_one_physician(one_physician_units)
    return frame.select(
        ((pl.col("status") == OK) & forbidden.fill_null(False)).alias("suppressed")
    ).to_series()


def hide(frame: pl.DataFrame, table: str, cells: pl.Series) -> pl.DataFrame:
    """The frame with the marked rows' values missing and their status `suppressed`."""
    if disclosure_rule(table) is None:
        return frame
    values = value_columns(published_table(table))
    return frame.with_columns(
        *(pl.when(~cells).then(pl.col(column)).alias(column) for column in values),
        pl.when(cells).then(pl.lit(SUPPRESSED)).otherwise(pl.col("status")).alias("status"),
    )


def _small_counts(rule: DisclosureRule, settings: DisclosureSettings) -> pl.Expr:
    counts = [pl.col(column) for column in rule.persons]
    if settings.shares:
        for numerator, denominator in rule.shares:
            counts += [pl.col(numerator), pl.col(denominator) - pl.col(numerator)]
    return pl.any_horizontal((count > 0) & (count < settings.threshold) for count in counts)


def _rests_on_one_physician(one_physician_units: frozenset[tuple[str, str]]) -> pl.Expr:
    units = pl.Series(
        [{"month": month, "area_code": unit} for month, unit in sorted(one_physician_units)],
        dtype=pl.Struct({"month": pl.String, "area_code": pl.String}),
    )
    return (pl.col("level") == "unit") & pl.struct("month", "area_code").is_in(units.implode())
