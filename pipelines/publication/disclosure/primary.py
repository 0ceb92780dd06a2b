"""The primary rule: which rows are too small to publish by themselves, and emptying rows."""

import polars as pl

from pipelines.publication.disclosure.settings import DisclosureSettings
from schemas.disclosure_rules import (
    LOAD_OF_ONE_PHYSICIAN,
    DisclosureRule,
    disclosure_rule,
    value_columns,
)
from schemas.quality_metrics import quality_metrics
from schemas.registers import published_table
from schemas.statistics import DATA_QUALITY

Units = frozenset[tuple[str, str]]
"""Month and HSA-id of units."""
OK = "ok"
SUPPRESSED = "suppressed"
QUALITY_VALUES = ("numerator", "denominator", "share")


def primary_cells(
    frame: pl.DataFrame,
    table: str,
    settings: DisclosureSettings,
    one_physician_units: Units,
    loads_of_one: Units = frozenset(),
) -> pl.Series:
    """True for each row that the primary rule forbids; never true for a row that is not ok."""
    if table == DATA_QUALITY.name:
        return _small_quality(frame, settings)
    rule = disclosure_rule(table)
    if rule is None:
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True).alias("suppressed")
    forbidden = _small_counts(rule, settings)
    if settings.one_physician_units and "level" in frame.columns:
        units = one_physician_units
        if table in LOAD_OF_ONE_PHYSICIAN:
            units |= loads_of_one
        forbidden = forbidden | _rests_on_one_physician(units)
    return frame.select(
        ((pl.col("status") == OK) & forbidden.fill_null(False)).alias("suppressed")
    ).to_series()


def one_physician_cells(
    frame: pl.DataFrame,
    table: str,
    settings: DisclosureSettings,
    one_physician_units: Units,
    loads_of_one: Units,
) -> pl.Series:
    """True for each row with values of a unit that rests, or whose load does, on one physician."""
    if not settings.one_physician_units or not {"level", "status"} <= set(frame.columns):
        return pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True).alias("suppressed")
    units = one_physician_units | (loads_of_one if table in LOAD_OF_ONE_PHYSICIAN else frozenset())
    rests = _rests_on_one_physician(units)
    return frame.select(((pl.col("status") == OK) & rests).alias("suppressed")).to_series()


def hide(frame: pl.DataFrame, table: str, cells: pl.Series) -> pl.DataFrame:
    """The frame with the marked rows' values missing and their status `suppressed`.

    data_quality has no status. Its denominator goes too: some are another count and the numerator.
    """
    if table == DATA_QUALITY.name:
        return frame.with_columns(
            pl.when(~cells).then(pl.col(column)).alias(column) for column in QUALITY_VALUES
        )
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
    return _any_small(counts, settings)


def _any_small(counts: list[pl.Expr], settings: DisclosureSettings) -> pl.Expr:
    return pl.any_horizontal((count > 0) & (count < settings.threshold) for count in counts)


def _rests_on_one_physician(one_physician_units: Units) -> pl.Expr:
    units = pl.Series(
        [{"month": month, "area_code": unit} for month, unit in sorted(one_physician_units)],
        dtype=pl.Struct({"month": pl.String, "area_code": pl.String}),
    )
    return (pl.col("level") == "unit") & pl.struct("month", "area_code").is_in(units.implode())


def _small_quality(frame: pl.DataFrame, settings: DisclosureSettings) -> pl.Series:
    """The rows of data_quality that count few persons, or contacts of few."""
    of_persons = pl.DataFrame(
        [each.key for each in quality_metrics() if each.of_persons],
        schema={"delivery": pl.String, "metric": pl.String},
        orient="row",
    ).with_columns(of_persons=pl.lit(True))
    small = _any_small([pl.col("numerator"), pl.col("denominator")], settings)
    if settings.shares:
        small = small | _any_small([pl.col("denominator") - pl.col("numerator")], settings)
    return (
        frame.join(of_persons, on=["delivery", "metric"], how="left", maintain_order="left")
        .select(
            (pl.col("of_persons").fill_null(False) & small.fill_null(False)).alias("suppressed")
        )
        .to_series()
    )
