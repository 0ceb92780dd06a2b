"""Care markings: how many are marked, in Cosmic, in the municipalities' lists, or in both."""

from collections.abc import Sequence

import narwhals as nw
import polars as pl

from pipelines.indicators.assembly import (
    ability,
    finished,
    lazy,
    municipality_areas,
    nation_and_regions,
    with_ability,
    with_dimensions,
    with_sums,
)
from pipelines.indicators.frame import Frame
from pipelines.indicators.margins import summed
from pipelines.indicators.markings import as_persons, protected_anywhere, without_known_dead
from pipelines.indicators.region_month import CARE_MARKINGS as DELIVERY
from pipelines.indicators.region_month import RegionMonth, complete
from schemas import codes
from schemas.parts import MARKING_COUNTS
from schemas.statistics import CARE_MARKINGS


def marking_counts(
    marked: Frame,
    dead_or_protected: Frame,
    *,
    region_months: Sequence[RegionMonth],
) -> Frame:
    """Marked persons by municipality, region and nation, setting and source.

    Both inputs are of all reporting regions. Counted: persons with a marking that holds, whatever
    `main_care_at_setting`, in municipalities of regions that have care markings. Left out: persons
    whom a listings row knows as dead on the marking's date. A person marked in several
    municipalities counts in each, and in the region and the nation once; a protected person in no
    municipality. `both` is in Cosmic and in a municipal list, in the same area. Source: contract,
    section 3, Care markings.
    """
    reporting = [month.region_code for month in complete(region_months) if month.has(DELIVERY)]
    key = ["person", "reserve_region"]
    everybody = as_persons(marked)
    hidden = protected_anywhere(everybody, dead_or_protected).with_columns(hidden=nw.lit(True))
    alive = (
        without_known_dead(everybody, dead_or_protected)
        .with_columns(region=nw.col("municipality").str.slice(0, 2), nation=nw.lit(codes.NATION))
        .filter(nw.col("region").is_in(reporting))
        .join(hidden, on=key, how="left")
    )
    levels = {
        "municipality": alive.filter(nw.col("hidden").is_null()),
        "region": alive,
        "nation": alive,
    }
    counts = []
    for level, persons in levels.items():
        once = (
            persons.with_columns(nw.col(level).alias("area_code"))
            .group_by(*key, "area_code", "setting")
            .agg(nw.col("in_cosmic").any(), nw.col("in_municipal_list").any())
        )
        ones = once.with_columns(
            cosmic=nw.col("in_cosmic").cast(nw.Int64),
            municipality=nw.col("in_municipal_list").cast(nw.Int64),
            both=(nw.col("in_cosmic") & nw.col("in_municipal_list")).cast(nw.Int64),
            any=nw.lit(1).cast(nw.Int64),
        )
        sums = summed(ones, ["area_code", "setting"], codes.MARKING_SOURCES)
        counts.append(sums.with_columns(level=nw.lit(level)).select(MARKING_COUNTS.column_names))
    return nw.concat(counts)


def care_markings_table(
    marking_counts: pl.DataFrame,
    population_counts: pl.DataFrame,
    region_months: Sequence[RegionMonth],
) -> pl.DataFrame:
    """The table care_markings of a month, before disclosure control.

    Nobody marked is 0 with status ok: a count of none is known. Not reported: a region without
    care markings. Source: contract, sections 3 and 4.
    """
    months = complete(region_months)
    able = ability(months, {(): lambda month: month.has(DELIVERY)}, ())
    sums = pl.concat(
        [
            marking_counts.select(
                "level", "area_code", "setting", source=pl.lit(source), persons=pl.col(source)
            )
            for source in codes.MARKING_SOURCES
        ]
    )
    areas = pl.concat([nation_and_regions(months), municipality_areas(population_counts, months)])
    dimensions = {"setting": codes.SETTINGS, "source": codes.MARKING_SOURCES}
    rows = with_ability(with_dimensions(areas, dimensions), able)
    table = with_sums(rows, lazy(sums), ["level", "area_code", *dimensions], ["persons"])
    return finished(table, CARE_MARKINGS, month=months[0].month, defined=nw.lit(True))
