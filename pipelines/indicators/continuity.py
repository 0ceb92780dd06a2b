"""The table continuity: the indices of a month, for every area, population, series and variant."""

from collections.abc import Collection, Iterable, Sequence
from functools import partial

import narwhals as nw
import polars as pl
import polars.selectors as cs

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
from pipelines.indicators.index_values import (
    CHOSEN,
    VALUES,
    CellCounts,
    counts_of_areas,
    index_values,
)
from pipelines.indicators.margins import AREA_KEY
from pipelines.indicators.region_month import (
    CARE_MARKINGS,
    RegionMonth,
    complete,
)
from pipelines.indicators.visit_counts import VisitCounts, nation_visit_counts
from schemas import codes
from schemas.statistics import CONTINUITY
from schemas.variants import Variant

POPULATIONS = ("listed", "sabo")
ABLE_BY = ("population", "window_months")


def continuity_table(
    visit_counts: pl.DataFrame,
    area_index_values: pl.DataFrame,
    listed_counts: pl.DataFrame,
    unit_names: pl.DataFrame,
    region_months: Sequence[RegionMonth],
    variants: Collection[Variant],
) -> pl.DataFrame:
    """The table continuity of a month, before disclosure control.

    Population: listed persons who are not reserve identities (`listed`), or the SÄBO residents
    among them (`sabo`), with at least the variant's minimum of visits. Undefined: nobody has so
    many. Not reported: a region without contacts in the window or, for `sabo`, without care
    markings. The values of regions and units are made with each region's visits, so that a new
    delivery of one changes no other's; the nation's are made here, from the counts of all. A
    variant is rows of data. Source: contract, sections 3 and 4.
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
    key = [*AREA_KEY, *CHOSEN, "index"]
    values = pl.concat(
        [
            _values_of_nation(visit_counts, able, variants).select(*key, *VALUES),
            eager(only_able(lazy(area_index_values), able, ABLE_BY)).select(*key, *VALUES),
        ]
    )
    rows = with_ability(cells, able, ABLE_BY).join(values, on=key, how="left", validate="1:1")
    return finished(lazy(rows), CONTINUITY, month=months[0].month, defined=nw.col("persons") > 0)


def _values_of_nation(
    visit_counts: pl.DataFrame, able: pl.DataFrame, variants: Iterable[Variant]
) -> pl.DataFrame:
    """With every combination of sex and age group, of the regions that are able."""
    counts = nation_visit_counts(lazy(_summed_over_regions(visit_counts, able)))
    # Left lazy, what is read several times would be computed as often.
    counts = VisitCounts(*map(lazy, map(eager, counts)))
    of_areas = CellCounts(*map(lazy, map(eager, counts_of_areas(counts, variants))))
    return eager(index_values(of_areas))


def _summed_over_regions(visit_counts: pl.DataFrame, able: pl.DataFrame) -> pl.DataFrame:
    """Sums over the regions that have contacts in a window; the others fall away.

    SÄBO residents whom their region is not able to tell count as listed only. Who is able to
    `sabo` is able to `listed`.
    """
    of_regions = able.group_by("region_code", "window_months").agg(
        tells_sabo=(pl.col("population") == "sabo").any()
    )
    # Texts as categories, by which rows are grouped in half the time.
    counts, regions = (
        frame.lazy().with_columns(cs.string().cast(pl.Categorical))
        for frame in (visit_counts, of_regions)
    )
    keys = [name for name in visit_counts.columns if name not in ("region_code", "persons")]
    return (
        counts.join(regions, on=["region_code", "window_months"], how="inner", validate="m:1")
        .with_columns(pl.col("sabo") & pl.col("tells_sabo"))
        .group_by(*keys)
        .agg(pl.col("persons").sum())
        .with_columns(cs.categorical().cast(pl.String))
        .collect()
    )


def _has_what_it_takes(population: str, window_months: int, month: RegionMonth) -> bool:
    marked = population != "sabo" or month.has(CARE_MARKINGS)
    return marked and month.has_contacts_in(window_months)


def _variant_rows(variants: Iterable[Variant]) -> pl.DataFrame:
    rows = sorted({(variant.window_months, variant.min_visits) for variant in variants})
    schema = {"window_months": pl.Int64(), "min_visits": pl.Int64()}
    return pl.DataFrame(rows, schema=schema, orient="row")
