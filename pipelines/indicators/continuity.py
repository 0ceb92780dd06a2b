"""The table continuity: the indices of a month, for every area, population, series and variant."""

from collections.abc import Collection, Iterable, Sequence
from functools import partial

import narwhals as nw
import polars as pl

from pipelines.indicators.assembly import (
    ability,
    eager,
    finished,
    lazy,
    nation_and_regions,
    only_able,
    unit_areas,
    with_ability,
    with_breakdown,
    with_dimensions,
)
from pipelines.indicators.frame import numbered
from pipelines.indicators.index_values import SELECTION, VALUES, index_values, selected
from pipelines.indicators.margins import AREA_KEY, nation_and_region_sums, without_breakdown
from pipelines.indicators.region_month import (
    CARE_MARKINGS,
    RegionMonth,
    complete,
)
from schemas import codes
from schemas.statistics import CONTINUITY
from schemas.variants import Variant

POPULATIONS = ("listed", "sabo")
ABLE_BY = ("population", "window_months")


def continuity_table(
    visit_counts: pl.DataFrame,
    unit_index_values: pl.DataFrame,
    listed_counts: pl.DataFrame,
    unit_names: pl.DataFrame,
    region_months: Sequence[RegionMonth],
    variants: Collection[Variant],
) -> pl.DataFrame:
    """The table continuity of a month, before disclosure control.

    Population: listed persons who are not reserve identities (`listed`), or the SÄBO residents
    among them (`sabo`), with at least the variant's minimum of visits. Undefined: nobody has so
    many. Not reported: a region without contacts in the window or, for `sabo`, without care
    markings. A variant is rows of data. Source: contract, sections 3 and 4.
    """
    months = complete(region_months)
    chosen = _variant_rows(variants)
    able = ability(
        months,
        {
            (population, window): partial(_has_what_it_takes, population, window)
            for population in POPULATIONS
            for window in chosen["window_months"].unique().sort()
        },
        ABLE_BY,
    )
    areas = pl.concat([nation_and_regions(months), unit_areas(listed_counts, unit_names, months)])
    dimensions = {
        "population": POPULATIONS,
        "series": codes.SERIES,
        "unit_scope": codes.UNIT_SCOPES,
        "index": codes.INDEXES,
    }
    cells = with_dimensions(with_breakdown(areas), dimensions).join(chosen, how="cross")
    key = [*AREA_KEY, *SELECTION, "min_visits", "index"]
    values = pl.concat(
        [
            _values_of_nation_and_regions(visit_counts, able, variants).select(*key, *VALUES),
            _values_of_units(unit_index_values, able).select(*key, *VALUES),
        ]
    )
    rows = with_ability(cells, able, ABLE_BY).join(values, on=key, how="left", validate="1:1")
    return finished(lazy(rows), CONTINUITY, month=months[0].month, defined=nw.col("persons") > 0)


def _values_of_nation_and_regions(
    visit_counts: pl.DataFrame, able: pl.DataFrame, variants: Iterable[Variant]
) -> pl.DataFrame:
    """With every combination of sex and age group; the nation has the regions that are able."""
    counted = only_able(selected(lazy(visit_counts), variants), able, ABLE_BY)
    selection = [*SELECTION, "min_visits"]
    amounts, known_amounts = numbered(counted, [*selection, "n", "measure", "amount"], "known")
    sums = nation_and_region_sums(amounts, dimensions=["known"], values=["persons"])
    in_areas, areas = numbered(lazy(eager(sums)), AREA_KEY, "area")
    of_selections, selections = numbered(lazy(eager(known_amounts)), selection, "selection")
    in_cells = eager(in_areas.join(of_selections, on="known", how="inner"))
    values = index_values(lazy(in_cells), ["area", "selection"])
    return eager(
        values.join(areas, on="area", how="inner").join(selections, on="selection", how="inner")
    )


def _values_of_units(unit_index_values: pl.DataFrame, able: pl.DataFrame) -> pl.DataFrame:
    values = only_able(lazy(unit_index_values), able, ABLE_BY)
    return eager(without_breakdown(values, area="unit_id", level="unit"))


def _has_what_it_takes(population: str, window_months: int, month: RegionMonth) -> bool:
    marked = population != "sabo" or month.has(CARE_MARKINGS)
    return marked and month.has_contacts_in(window_months)


def _variant_rows(variants: Iterable[Variant]) -> pl.DataFrame:
    rows = sorted({(variant.window_months, variant.min_visits) for variant in variants})
    schema = {"window_months": pl.Int64(), "min_visits": pl.Int64()}
    return pl.DataFrame(rows, schema=schema, orient="row")
