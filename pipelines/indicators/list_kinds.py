"""Kinds of lists: with a named physician, fictitious, on a locum, or on a physician elsewhere."""

from collections.abc import Sequence

import narwhals as nw
import polars as pl

from pipelines.indicators.assembly import (
    ability,
    finished,
    lazy,
    nation_and_regions,
    needing,
    only_able,
    unit_areas,
    with_ability,
    with_dimensions,
    with_sums,
)
from pipelines.indicators.frame import Frame
from pipelines.indicators.margins import level_sums
from pipelines.indicators.region_month import PHYSICIANS, RegionMonth, complete
from schemas import codes
from schemas.statistics import LIST_KINDS

COUNTED = {
    "named": "named_reported",
    "fictitious": "fictitious",
    "locum": "locum",
    "unknown_physician": "unknown_physician",
    "physician_elsewhere": "physician_elsewhere",
}
NEEDS_PHYSICIANS = ("locum", "unknown_physician", "physician_elsewhere")


def list_kinds_table(
    listed_counts: pl.DataFrame, unit_names: pl.DataFrame, region_months: Sequence[RegionMonth]
) -> pl.DataFrame:
    """The table list_kinds of a month, before disclosure control.

    Numerator: listed persons of the kind. Denominator: listed persons. Undefined: nobody listed.
    Not reported: a region without the units register (for the name rule), and for locum,
    unknown_physician and physician_elsewhere without the physicians register. Source: contract,
    section 3, Fictitious and locum lists.
    """
    months = complete(region_months)

    def is_able(kind: str, month: RegionMonth) -> bool:
        """Whether the region can tell lists of the kind."""
        if kind in NEEDS_PHYSICIANS and not month.has(PHYSICIANS):
            return False
        return month.can_tell_named("reported")

    able = ability(months, needing(is_able, codes.LIST_KINDS), ["kind"])
    counts = pl.concat(
        [
            listed_counts.select(
                "region_code",
                "unit_id",
                "listed",
                persons=pl.col(COUNTED[kind]),
                kind=pl.lit(kind),
            )
            for kind in codes.LIST_KINDS
        ]
    )
    table = shares_by_kind(counts, listed_counts, unit_names, months, able, codes.LIST_KINDS)
    return finished(table, LIST_KINDS, month=months[0].month, defined=nw.col("listed") > 0)


def shares_by_kind(
    counts: pl.DataFrame,
    listed_counts: pl.DataFrame,
    unit_names: pl.DataFrame,
    months: Sequence[RegionMonth],
    able: pl.DataFrame,
    kinds: Sequence[str],
) -> Frame:
    """Every area and kind with `persons`, `listed` and `share`, from counts by unit and kind."""
    values = ["persons", "listed"]
    sums = level_sums(
        only_able(lazy(counts), able, ["kind"]), area="unit_id", dimensions=["kind"], values=values
    )
    areas = pl.concat([nation_and_regions(months), unit_areas(listed_counts, unit_names, months)])
    rows = with_ability(with_dimensions(areas, {"kind": kinds}), able, ["kind"])
    table = with_sums(rows, sums, ["region_code", "level", "area_code", "kind"], values)
    return table.with_columns(share=nw.col("persons") / nw.col("listed"))
