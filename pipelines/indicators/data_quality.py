"""The table data_quality: what the deliveries behind a month's figures are like.

What is counted in passing comes as sums; what another table of the month counts anyway is taken
from it. Nothing is counted from persons here.
"""

from collections.abc import Sequence

import polars as pl

from pipelines.indicators.region_month import RegionMonth, complete
from schemas import codes
from schemas.comparability import Comparability
from schemas.parts import QUALITY_SUMS
from schemas.quality_metrics import quality_metrics
from schemas.statistics import DATA_QUALITY

KEY = ["region_code", "delivery", "metric"]
FACTS = {name: QUALITY_SUMS.polars_schema()[name] for name in QUALITY_SUMS.column_names}
"""As QUALITY_SUMS, but the denominator may be missing."""


def data_quality_table(
    sums: pl.DataFrame,
    list_kinds: pl.DataFrame,
    care_markings: pl.DataFrame,
    region_months: Sequence[RegionMonth],
) -> pl.DataFrame:
    """The table data_quality of a month, before disclosure control.

    `sums` (as QUALITY_SUMS; the denominator may be missing) are what the steps, the receipts and
    coverage have counted, of regions, and of the nation where it is counted for itself. From
    list_kinds come unknown_physician and physician_elsewhere; from care_markings the agreement of
    the two SÄBO sources, of regions where both have marked somebody: elsewhere there is nothing
    that could agree. The nation is the sum of its regions' rows, of ages the largest. Which metrics
    there are and what they count is data (`quality_metrics.toml`). Source: contract, sections 2–4.
    """
    counted = pl.concat(
        [
            sums.select(pl.col(name).cast(kind) for name, kind in FACTS.items()),
            _from_list_kinds(list_kinds),
            _from_care_markings(care_markings),
            _missing_months(region_months),
        ]
    )
    metrics = _metrics()
    known = counted.join(metrics, on=["delivery", "metric"], how="left", validate="m:1")
    if known["nation"].null_count():
        unknown = known.filter(pl.col("nation").is_null())["metric"].unique().sort().to_list()
        raise ValueError(f"quality_metrics.toml does not describe {', '.join(unknown)}.")
    regions = known.filter(pl.col("region_code") != codes.NATION)
    together = regions.filter(pl.col("nation") != "own").group_by("delivery", "metric", "nation")
    sum_of_known = pl.col("denominator").sum()
    nation = together.agg(
        numerator=pl.when(pl.col("nation").first() == "largest")
        .then(pl.col("numerator").max())
        .otherwise(pl.col("numerator").sum()),
        denominator=pl.when(pl.col("denominator").null_count() == 0).then(sum_of_known),
    ).with_columns(region_code=pl.lit(codes.NATION))
    names = list(FACTS)
    return (
        pl.concat([known.select(names), nation.select(names)])
        .with_columns(
            month=pl.lit(complete(region_months)[0].month),
            share=pl.when(pl.col("denominator") > 0).then(
                pl.col("numerator") / pl.col("denominator")
            ),
        )
        .select(pl.col(name).cast(kind) for name, kind in DATA_QUALITY.polars_schema().items())
        .sort(DATA_QUALITY.key)
    )


def _metrics() -> pl.DataFrame:
    return pl.DataFrame(
        [(each.delivery, each.metric, each.nation) for each in quality_metrics()],
        schema={"delivery": pl.String, "metric": pl.String, "nation": pl.String},
        orient="row",
    )


def _from_list_kinds(list_kinds: pl.DataFrame) -> pl.DataFrame:
    """The region's listed persons with an unknown physician, and with one at another unit."""
    return list_kinds.filter(
        pl.col("level") == "region",
        pl.col("status") == "ok",
        pl.col("kind").is_in(["unknown_physician", "physician_elsewhere"]),
    ).select(
        region_code="area_code",
        delivery=pl.lit("listings"),
        metric="kind",
        numerator="persons",
        denominator="listed",
    )


def _from_care_markings(care_markings: pl.DataFrame) -> pl.DataFrame:
    """Persons marked `sabo` in both sources, of those marked in any."""
    marked = care_markings.filter(
        pl.col("level") == "region", pl.col("status") == "ok", pl.col("setting") == "sabo"
    )
    by_source = {
        source: marked.filter(pl.col("source") == source).select(
            "area_code", pl.col("persons").alias(source)
        )
        for source in codes.MARKING_SOURCES
    }
    regions = marked.select("area_code").unique()
    for frame in by_source.values():
        regions = regions.join(frame, on="area_code", how="left", validate="1:1")
    return regions.filter(pl.col("cosmic") > 0, pl.col("municipality") > 0).select(
        region_code="area_code",
        delivery=pl.lit("care_markings"),
        metric=pl.lit("sabo_in_both_sources"),
        numerator="both",
        denominator="any",
    )


def _missing_months(region_months: Sequence[RegionMonth]) -> pl.DataFrame:
    """Months of the longest window without contacts, of those that it touches."""
    rows = [
        (
            each.region_code,
            "care_contacts",
            "missing_months",
            each.contact_months_expected - each.contact_months,
            each.contact_months_expected,
        )
        for each in complete(region_months)
        if each.reports
    ]
    return pl.DataFrame(rows, schema=FACTS, orient="row")


def few_provider_ids(sums: pl.DataFrame, settings: Comparability) -> list[str]:
    """The regions where too few visits to physicians have a provider id, sorted.

    Contacts of the series `physician` of listed persons in the longest window, at any unit: those
    with a provider_id / all, below the threshold of the settings. `sums` are QUALITY_SUMS. A region
    without such contacts is not there. Source: contract, section 3, Continuity.
    """
    physician = sums.filter(
        pl.col("delivery") == "care_contacts",
        pl.col("metric") == "without_provider_physician",
        pl.col("denominator") > 0,
    )
    with_id = 1 - pl.col("numerator") / pl.col("denominator")
    few = physician.filter(with_id.round(12) < settings.provider_id_threshold)
    return few["region_code"].sort().to_list()
