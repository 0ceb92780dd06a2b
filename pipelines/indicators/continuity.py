"""The table continuity: the indices of a month, for every area, population, series and variant."""

from collections.abc import Iterable, Sequence
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
from pipelines.indicators.frame import Frame
from pipelines.indicators.indices import PROFILE, Ratio, indices
from pipelines.indicators.margins import AREA_KEY, area_sums
from pipelines.indicators.region_month import (
    CARE_MARKINGS,
    RegionMonth,
    complete,
)
from pipelines.indicators.spread import spread
from schemas import codes
from schemas.statistics import CONTINUITY
from schemas.variants import Variant

POPULATIONS = ("listed", "sabo")
ABLE_BY = ("population", "window_months")
SELECTION = ("population", "series", "unit_scope", "window_months")


def continuity_table(
    visit_profiles: pl.DataFrame,
    listed_counts: pl.DataFrame,
    unit_names: pl.DataFrame,
    region_months: Sequence[RegionMonth],
    variants: Iterable[Variant],
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
    }
    cells = with_dimensions(with_breakdown(areas), dimensions).join(chosen, how="cross")
    cells = with_ability(cells, able, ABLE_BY).with_row_index("cell")
    persons = _persons_by_cell(visit_profiles, cells, able)
    counted = persons.group_by("cell").agg(
        pl.col("persons").sum(), visits=(pl.col("n") * pl.col("persons")).sum()
    )
    tables = []
    for index, ratio in indices().items():
        values = index_values(lazy(persons), ratio, ["cell"]).drop("persons")
        if index == "COC":
            pooled = eager(pooled_values(lazy(persons), ratio, ["cell"]))
        else:
            pooled = pl.DataFrame(schema={"cell": cells.schema["cell"], "pooled": pl.Float64})
        tables.append(
            cells.join(counted, on="cell", how="left", validate="1:1")
            .join(eager(values), on="cell", how="left", validate="1:1")
            .join(pooled, on="cell", how="left", validate="1:1")
            .with_columns(index=pl.lit(index))
        )
    return finished(
        lazy(pl.concat(tables)),
        CONTINUITY,
        month=months[0].month,
        defined=nw.col("persons") > 0,
    )


def _has_what_it_takes(population: str, window_months: int, month: RegionMonth) -> bool:
    marked = population != "sabo" or month.has(CARE_MARKINGS)
    return marked and month.has_contacts_in(window_months)


def _variant_rows(variants: Iterable[Variant]) -> pl.DataFrame:
    rows = sorted({(variant.window_months, variant.min_visits) for variant in variants})
    schema = {"window_months": pl.Int64(), "min_visits": pl.Int64()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _persons_by_cell(
    visit_profiles: pl.DataFrame, cells: pl.DataFrame, able: pl.DataFrame
) -> pl.DataFrame:
    """Persons by cell of the table and profile of visits, with at least the cell's minimum."""
    profiles = lazy(visit_profiles)
    populations = nw.concat(
        [
            profiles.with_columns(population=nw.lit("listed")),
            profiles.filter(nw.col("sabo")).with_columns(population=nw.lit("sabo")),
        ]
    )
    sums = area_sums(
        only_able(populations, able, ABLE_BY),
        area="unit_id",
        dimensions=[*SELECTION, *PROFILE],
        values=["persons"],
    )
    key = [*AREA_KEY, *SELECTION]
    places = lazy(cells.select("cell", "min_visits", *key))
    in_cells = sums.join(places, on=key, how="inner").filter(nw.col("n") >= nw.col("min_visits"))
    return eager(in_cells.select("cell", *PROFILE, "persons"))


def index_values(persons: Frame, ratio: Ratio, keys: Sequence[str]) -> Frame:
    """Mean, sd, median and interval of one index, per group of `keys`.

    Persons with the same value are put together first. The value is one division of two whole
    numbers, so equal fractions are equal values, and the rest follows the sorted values.
    """
    value = ratio.numerator / ratio.denominator
    by_value = (
        persons.with_columns(value=value)
        .group_by(*keys, "value")
        .agg(nw.col("persons").sum())
        .with_columns(nw.col("persons").cast(nw.Int64))
    )
    return spread(by_value, keys)


def pooled_values(persons: Frame, ratio: Ratio, keys: Sequence[str]) -> Frame:
    """Pooled value per group: Σ numerators / Σ denominators over the persons, whole numbers.

    Published for COC: Σ(Σn_j² − n)/Σ n(n − 1). Source: contract, section 3, Continuity.
    """
    people = nw.col("persons")
    sums: Frame = (
        persons.with_columns(top=ratio.numerator * people, bottom=ratio.denominator * people)
        .group_by(*keys)
        .agg(nw.col("top").sum(), nw.col("bottom").sum())
        .with_columns(pooled=nw.col("top") / nw.col("bottom"))
        .select(*keys, "pooled")
    )
    return sums
