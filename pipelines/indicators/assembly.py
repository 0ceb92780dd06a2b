"""From sums to complete tables: which rows exist, which of them are reported, and their order.

The tables are small, so the frame of rows is Polars; the sums that are joined to it are Narwhals.
Nothing here knows a particular figure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import narwhals as nw
import polars as pl

from pipelines.indicators.frame import Frame
from pipelines.indicators.region_month import RegionMonth, national_reference_date
from schemas import codes
from schemas.contract import TableContract
from schemas.regions import municipality_names, region_names

NATION_NAME = "Riket"
AREA_SCHEMA = {
    "level": pl.String(),
    "region_code": pl.String(),
    "area_code": pl.String(),
    "area_name": pl.String(),
    "reference_date": pl.Date(),
}

Needs = Mapping[tuple[str, ...], Callable[[RegionMonth], bool]]


def lazy(frame: pl.DataFrame) -> Frame:
    """A Polars frame as Narwhals sees it."""
    return nw.from_native(frame.lazy())


def eager(frame: Frame) -> pl.DataFrame:
    """The Polars frame behind a lazy one."""
    native = frame.to_native()
    if not isinstance(native, pl.LazyFrame):
        raise TypeError("The tables are assembled in Polars; collect the parts to Polars first.")
    return native.collect()


def needing(
    has: Callable[[str, RegionMonth], bool], values: Iterable[str]
) -> dict[tuple[str, ...], Callable[[RegionMonth], bool]]:
    """What each value of one dimension needs, from one function of the value and the region."""
    return {(value,): partial(has, value) for value in values}


def ability(
    region_months: Sequence[RegionMonth], needs: Needs, dimensions: Sequence[str]
) -> pl.DataFrame:
    """Which regions have what a figure needs, by the values of the figure's dimensions.

    The nation (region code 00) is there when at least one region is. Source: contract, section 2:
    a region without any accepted delivery that a figure needs has not_reported there.
    """
    rows = []
    for values, has in needs.items():
        able = [month.region_code for month in region_months if month.reports and has(month)]
        rows += [(code, *values) for code in ([codes.NATION] if able else []) + able]
    types = {name: pl.Int64() if name == "window_months" else pl.String() for name in dimensions}
    return pl.DataFrame(rows, schema={"region_code": pl.String(), **types}, orient="row")


def only_able(counts: Frame, able: pl.DataFrame, dimensions: Sequence[str] = ()) -> Frame:
    """The counts of the regions that have what the figure needs; the nation sums these."""
    return counts.join(lazy(able), on=["region_code", *dimensions], how="semi")


def unit_areas(
    listed_counts: pl.DataFrame, unit_names: pl.DataFrame, region_months: Sequence[RegionMonth]
) -> pl.DataFrame:
    """The units with listed persons who are not protected, of the reporting regions.

    A unit that two regions deliver listings for stands once: under the region that has it in its
    register, else (or if both have) under the smaller code.
    """
    days = {month.region_code: month.reference_date for month in region_months}
    return (
        listed_counts.filter(pl.col("unit_id").is_not_null(), pl.col("listed") > 0)
        .select("region_code", area_code="unit_id")
        .unique()
        .join(
            unit_names.select("region_code", area_code="unit_id", area_name="unit_name"),
            on=["region_code", "area_code"],
            how="left",
            validate="1:1",
        )
        .sort(pl.col("area_name").is_null(), "region_code")
        .unique("area_code", keep="first", maintain_order=True)
        .with_columns(
            level=pl.lit("unit"),
            reference_date=pl.col("region_code").replace_strict(
                days, default=None, return_dtype=pl.Date
            ),
        )
        .select(list(AREA_SCHEMA))
    )


def municipality_areas(
    population_counts: pl.DataFrame, region_months: Sequence[RegionMonth]
) -> pl.DataFrame:
    """The municipalities that the population register has in reporting regions."""
    days = {month.region_code: month.reference_date for month in region_months if month.reports}
    return (
        population_counts.select("region_code", area_code="municipality")
        .unique()
        .filter(pl.col("region_code").is_in(list(days)))
        .with_columns(
            level=pl.lit("municipality"),
            area_name=pl.col("area_code").replace_strict(
                municipality_names(), default=None, return_dtype=pl.String
            ),
            reference_date=pl.col("region_code").replace_strict(
                days, default=None, return_dtype=pl.Date
            ),
        )
        .select(list(AREA_SCHEMA))
    )


def nation_and_regions(region_months: Sequence[RegionMonth]) -> pl.DataFrame:
    """The nation and the reporting regions."""
    rows = [
        ("nation", codes.NATION, codes.NATION, NATION_NAME, national_reference_date(region_months))
    ]
    rows += [
        ("region", code, code, region_names()[code], month.reference_date)
        for month in region_months
        if month.reports and (code := month.region_code)
    ]
    return pl.DataFrame(rows, schema=AREA_SCHEMA, orient="row")


def silent_regions(region_months: Sequence[RegionMonth]) -> pl.DataFrame:
    """The regions that do not report."""
    rows = [
        ("region", code, code, region_names()[code], None)
        for month in region_months
        if not month.reports and (code := month.region_code)
    ]
    return pl.DataFrame(rows, schema=AREA_SCHEMA, orient="row")


def with_breakdown(areas: pl.DataFrame) -> pl.DataFrame:
    """Every combination of sex and age group at nation and region; `all`/`all` below.

    Source: contract, section 4.
    """
    upper = areas.filter(pl.col("level").is_in(["nation", "region"]))
    lower = areas.filter(~pl.col("level").is_in(["nation", "region"]))
    sexes = pl.DataFrame({"sex": [*codes.SEXES, codes.ALL]})
    age_groups = pl.DataFrame({"age_group": [*codes.AGE_GROUPS, codes.ALL]})
    return pl.concat(
        [
            upper.join(sexes, how="cross").join(age_groups, how="cross"),
            without_breakdown(lower),
        ]
    )


def without_breakdown(areas: pl.DataFrame) -> pl.DataFrame:
    """Only `all`/`all`."""
    return areas.with_columns(sex=pl.lit(codes.ALL), age_group=pl.lit(codes.ALL))


def with_dimensions(areas: pl.DataFrame, values: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Every area with every combination of the dimensions' values."""
    for name, choices in values.items():
        areas = areas.join(pl.DataFrame({name: list(choices)}), how="cross")
    return areas


def with_ability(
    rows: pl.DataFrame, able: pl.DataFrame, dimensions: Sequence[str] = ()
) -> pl.DataFrame:
    """Adds `able`: the row's region (or some region, for the nation) has what is needed."""
    return rows.join(
        able.with_columns(able=pl.lit(True)),
        on=["region_code", *dimensions],
        how="left",
        validate="m:1",
    ).with_columns(pl.col("able").fill_null(False))


def with_sums(rows: pl.DataFrame, sums: Frame, keys: Sequence[str], values: Sequence[str]) -> Frame:
    """The rows with their sums beside; 0 where nobody was counted."""
    joined = rows.join(eager(sums), on=list(keys), how="left", validate="1:1")
    return lazy(joined.with_columns(pl.col(name).fill_null(0) for name in values))


def finished(
    table: Frame, contract: TableContract, *, month: str, defined: nw.Expr
) -> pl.DataFrame:
    """The table as its contract says: status, columns, types, order.

    Status: not_reported where the region lacks a delivery that the figure needs, undefined where
    `defined` is not true, else ok. Every column that belongs to the values is missing unless ok.
    """
    is_defined = defined.fill_null(False)
    status = (
        nw.when(~nw.col("able"))
        .then(nw.lit("not_reported"))
        .otherwise(nw.when(is_defined).then(nw.lit("ok")).otherwise(nw.lit("undefined")))
    )
    about = {"month", "reference_date", "area_name", "status", *contract.key}
    values = [name for name in contract.column_names if name not in about]
    native = eager(table.with_columns(status=status, month=nw.lit(month)))
    return (
        native.with_columns(
            pl.when(pl.col("status") == "ok").then(pl.col(name)).alias(name) for name in values
        )
        .select(pl.col(name).cast(dtype) for name, dtype in contract.polars_schema().items())
        .sort(contract.key)
    )
