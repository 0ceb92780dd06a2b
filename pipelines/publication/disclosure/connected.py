"""The published tables whose counts hang together, month by month."""

from collections.abc import Mapping

import polars as pl

from schemas.disclosure_relations import Relations, relations
from schemas.disclosure_rules import TABLES_OF_PERSONS
from schemas.quality_metrics import quality_metrics


def connected(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The tables whose counts hang together, with the number of each row in its table."""
    return {
        name: frame.with_row_index("in_table")
        for name, frame in tables.items()
        if name in TABLES_OF_PERSONS and not frame.is_empty()
    }


def months_of(tables: Mapping[str, pl.DataFrame]) -> list[str]:
    """The months that the tables hold, in order."""
    return sorted({month for frame in tables.values() for month in frame["month"].unique()})


def of_month(tables: Mapping[str, pl.DataFrame], month: str) -> dict[str, pl.DataFrame]:
    """The rows of one month."""
    return {name: frame.filter(pl.col("month") == month) for name, frame in tables.items()}


def relations_of(tables: Mapping[str, pl.DataFrame]) -> Relations:
    """How the counts of these tables hang together."""
    variants: list[tuple[int, int]] = []
    if "continuity" in tables:
        variants = tables["continuity"].select("window_months", "min_visits").unique().rows()
    rule_sets: list[str] = []
    if "definition_comparison" in tables:
        rule_sets = tables["definition_comparison"]["rule_set"].unique().to_list()
    return relations(variants, rule_sets, quality_metrics())


def regions_of_units(unit_regions: pl.DataFrame, month: str) -> dict[str, str]:
    """HSA-id to region code, of the month's units."""
    rows = unit_regions.filter(pl.col("month") == month)
    return dict(rows.select("area_code", "region_code").iter_rows())
