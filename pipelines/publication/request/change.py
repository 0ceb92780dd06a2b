"""The change since the same month of the year before, where the two may be compared."""

import polars as pl

from pipelines.publication.request.figures import INDICATORS, RequestFigures
from pipelines.publication.request.tables import (
    NATION_AND_REGIONS,
    Dimension,
    Measure,
    RequestTable,
    arranged,
)
from pipelines.publication.request.words import Words
from schemas import codes

AS_THE_FIGURE = Words("som uppgiften", "as the figure")
MEASURES = (
    Measure("value", Words("Nu", "Now"), AS_THE_FIGURE, 3),
    Measure("value_year_before", Words("Året före", "Year before"), AS_THE_FIGURE, 3),
    Measure("change", Words("Förändring", "Change"), AS_THE_FIGURE, 3),
)

OTHER_DEFINITION = Words(
    "Definitionen är en annan än året före.", "The definition is another than the year before."
)
OTHER_REGIONS = Words(
    "Andra regioner rapporterade året före.", "Other regions reported the year before."
)
NO_VALUE = Words("Uppgift saknas året före.", "There is no figure of the year before.")


def change_since_year_before(figures: RequestFigures) -> RequestTable | None:
    """Every indicator of nation and regions, now and in the same month of the year before.

    `change` is now − year before, in the unit of the figure (a share: 0.01 is one percentage
    point). It is refused (`comparable` false, with the reason) when the definition hashes differ,
    when the year before has no value, and for the nation when other regions reported. Status: that
    of this month's figure. None when the published file does not hold the month of the year before.
    """
    before = figures.month_of_year_before
    former_regions = figures.regions_reporting_in(before)
    if not former_regions:
        return None
    columns = ["indicator", "definition_hash", "level", "area_code", "value", "status"]
    month = pl.col("month")
    now = figures.values.filter(month == figures.month).select(columns)
    then = figures.values.filter(month == before).select(
        "indicator",
        "level",
        "area_code",
        value_year_before="value",
        former_hash="definition_hash",
    )
    rows = now.join(then, on=["indicator", "level", "area_code"], how="left", validate="1:1")
    other_regions = figures.reporting_regions != former_regions
    reason = (
        pl.when(pl.col("value_year_before").is_null())
        .then(pl.lit(NO_VALUE.both))
        .when(pl.col("former_hash") != pl.col("definition_hash"))
        .then(pl.lit(OTHER_DEFINITION.both))
        .when((pl.col("area_code") == codes.NATION) & other_regions)
        .then(pl.lit(OTHER_REGIONS.both))
    )
    rows = (
        rows.with_columns(reason=reason)
        .with_columns(
            comparable=pl.col("reason").is_null(),
            reference_date=pl.col("area_code").replace_strict(
                figures.reference_dates, default=None, return_dtype=pl.Date
            ),
            change=pl.when(pl.col("reason").is_null()).then(
                pl.col("value") - pl.col("value_year_before")
            ),
        )
        .with_columns(
            pl.when(pl.col("status") == "ok").then(pl.col(name)).alias(name)
            for name in ("value_year_before", "change", "comparable", "reason")
        )
    )
    return arranged(
        name="change",
        title=Words("Förändring sedan året före", "Change since the year before"),
        published="indicators",
        fixed={},
        dimensions=(_indicators(figures),),
        measures=MEASURES,
        areas=NATION_AND_REGIONS,
        texts=("comparable", "reason"),
        found=rows,
    )


def _indicators(figures: RequestFigures) -> Dimension:
    names = {each: figures.name_of(each) for each in INDICATORS if each in figures.definitions}
    return Dimension("indicator", Words("Indikator", "Indicator"), names)
