"""List load: listed persons against the physicians' capacity by the guideline value."""

import math
from collections.abc import Sequence
from datetime import date

import narwhals as nw
import polars as pl

from pipelines.indicators.assembly import (
    ability,
    finished,
    lazy,
    nation_and_regions,
    only_able,
    unit_areas,
    with_ability,
    with_sums,
)
from pipelines.indicators.competence import has_any_specialty, is_specialist, is_st
from pipelines.indicators.frame import Frame
from pipelines.indicators.margins import level_sums, summed
from pipelines.indicators.months import holds_on
from pipelines.indicators.region_month import PHYSICIANS, RegionMonth, complete
from schemas import codes
from schemas.guidelines import guideline_values
from schemas.parts import PHYSICIAN_TIME
from schemas.statistics import LIST_LOAD

MILLION = 1_000_000
KEY = ("region_code", "level", "area_code")
SUMS = ["listed", "named", "specialist_millionths", "st_millionths"]


def physician_time(physicians: Frame, *, region_code: str, reference_date: date) -> Frame:
    """Full-time equivalents of specialists and of ST in allmänmedicin, by unit.

    Rows of the register that hold on d with employment tillsvidare or visstid. Specialists: no
    training, and any of the three specialties or equivalent competence. ST: with allmanmedicin
    among the specialties. Every row adds its own time. Whole millionths, so that no sum depends on
    the order of rows. Source: contract, section 3, List load.
    """
    employed = physicians.filter(holds_on(reference_date), _is_employed())
    rows = capacity_time(employed).with_columns(region_code=nw.lit(region_code))
    values = ["specialist_millionths", "st_millionths"]
    return summed(rows, ["region_code", "unit_id"], values).select(PHYSICIAN_TIME.column_names)


def _is_employed() -> nw.Expr:
    return nw.col("employment").is_in(list(codes.CAPACITY_EMPLOYMENT))


def capacity_time(posts: Frame) -> Frame:
    """The time of each row of the register that counts as capacity: 0 where none of it does."""
    specialist = is_specialist() & (
        has_any_specialty(codes.CAPACITY_SPECIALTIES) | nw.col("equivalent_competence")
    )
    st = is_st() & has_any_specialty(codes.CAPACITY_ST_SPECIALTIES)
    time = (nw.col("fte") * MILLION).round(0).cast(nw.Int64)
    return posts.with_columns(
        specialist_millionths=nw.when(_is_employed() & specialist).then(time).otherwise(nw.lit(0)),
        st_millionths=nw.when(_is_employed() & st).then(time).otherwise(nw.lit(0)),
    )


def list_load_table(
    listed_counts: pl.DataFrame,
    physician_time: pl.DataFrame,
    unit_names: pl.DataFrame,
    region_months: Sequence[RegionMonth],
) -> pl.DataFrame:
    """The table list_load of a month, before disclosure control.

    capacity = guideline_specialist · FTE of specialists + guideline_st · FTE of ST, with the
    guideline values in force for the region on its reference date; load = listed / capacity;
    specialists_short = max(0, (listed − capacity) / guideline_specialist). A region has the
    physicians of all its units; a unit has its own, and its listed persons without the protected.
    The nation sums its regions, shortage and capacity too, also of regions without capacity; its
    guideline columns are missing. Undefined: capacity 0. Not reported: a region without physicians
    or without what it takes to tell who has a named physician. Source: contract, section 3, List
    load.
    """
    months = complete(region_months)
    able = ability(
        months, {(): lambda month: month.has(PHYSICIANS) and month.can_tell_named("reported")}, ()
    )
    listed = listed_counts.select(
        "region_code",
        "unit_id",
        "listed",
        named="named_reported",
        specialist_millionths=pl.lit(0, pl.Int64),
        st_millionths=pl.lit(0, pl.Int64),
    )
    time = physician_time.select(
        "region_code",
        "unit_id",
        listed=pl.lit(0, pl.Int64),
        named=pl.lit(0, pl.Int64),
        specialist_millionths="specialist_millionths",
        st_millionths="st_millionths",
    )
    sums = level_sums(
        only_able(lazy(pl.concat([listed, time])), able), area="unit_id", dimensions=[], values=SUMS
    )
    areas = pl.concat([nation_and_regions(months), unit_areas(listed_counts, unit_names, months)])
    rows = with_sums(with_ability(areas, able), sums, KEY, SUMS)
    loads = _with_loads(rows.to_native().collect(), months)
    return finished(
        lazy(loads), LIST_LOAD, month=months[0].month, defined=nw.col("capacity_millionths") > 0
    )


def _with_loads(rows: pl.DataFrame, months: Sequence[RegionMonth]) -> pl.DataFrame:
    """Adds guidelines, capacity, load and shortage."""
    guidelines = pl.DataFrame(
        [
            (month.region_code, values.guideline_specialist, values.guideline_st)
            for month in months
            if month.reference_date is not None
            and (values := guideline_values(month.region_code, month.reference_date))
        ],
        schema={
            "region_code": pl.String(),
            "guideline_specialist": pl.Int64(),
            "guideline_st": pl.Int64(),
        },
        orient="row",
    )
    specialist = pl.col("guideline_specialist") * pl.col("specialist_millionths")
    st = pl.col("guideline_st") * pl.col("st_millionths")
    missing = pl.col("listed") * MILLION - pl.col("capacity_millionths")
    rows = (
        rows.join(guidelines, on="region_code", how="left", validate="m:1")
        .with_columns(capacity_millionths=specialist + st)
        .with_columns(
            specialists_short=pl.max_horizontal(missing, 0)
            / (pl.col("guideline_specialist") * MILLION)
        )
    )
    regions = rows.filter(pl.col("level") == "region", pl.col("able"))
    is_nation = pl.col("level") == "nation"
    capacity = int(regions["capacity_millionths"].sum())
    # math.fsum rounds once, so the order of the regions does not matter.
    short = math.fsum(regions["specialists_short"])
    return rows.with_columns(
        capacity_millionths=pl.when(is_nation)
        .then(pl.lit(capacity, pl.Int64))
        .otherwise("capacity_millionths"),
        specialists_short=pl.when(is_nation).then(pl.lit(short)).otherwise("specialists_short"),
    ).with_columns(
        fte_specialist=_from_millionths("specialist_millionths"),
        fte_st=_from_millionths("st_millionths"),
        capacity=_from_millionths("capacity_millionths"),
        load=pl.col("listed") * MILLION / pl.col("capacity_millionths"),
    )


def _from_millionths(name: str) -> pl.Expr:
    """The number, 0.33 and not 0.32999999999999996: Polars multiplies by the reciprocal."""
    return (pl.col(name) / MILLION).round(6)
