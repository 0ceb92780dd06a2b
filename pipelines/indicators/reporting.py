"""Reporting: which regions report in a month, and what is missing."""

from collections.abc import Sequence

import polars as pl

from pipelines.indicators.data_quality import few_provider_ids
from pipelines.indicators.region_month import RegionMonth, complete
from schemas import codes
from schemas.comparability import Comparability
from schemas.sentences import sentence
from schemas.statistics import REPORTING


def reporting_table(
    population_counts: pl.DataFrame,
    region_months: Sequence[RegionMonth],
    quality_sums: pl.DataFrame,
    settings: Comparability,
) -> pl.DataFrame:
    """The table reporting of a month: the 21 regions and the nation (00).

    `reported`: the region has an accepted listings snapshot in the month; for the nation: at
    least one has. Population: of the region, reporting or not; of the nation: of all regions, and
    the share that the reporting regions hold stands in the remarks (a point as decimal sign, one
    decimal). The contact months are missing where the region does not report, and for the nation.
    The remarks are those of the deliveries; where too few visits to physicians have a provider id
    a sentence is added, which gives the threshold and not the share: that stands in data_quality,
    under disclosure control. No figure is hidden for it. `quality_sums` are QUALITY_SUMS of the
    visits. Source: contract, section 4.
    """
    months = complete(region_months)
    few = set(few_provider_ids(quality_sums, settings))
    flag = sentence(
        "few_provider_ids",
        delivery="care_contacts",
        percent=f"{100 * settings.provider_id_threshold:g}",
    )
    counted = population_counts.group_by("region_code").agg(pl.col("persons").sum())
    population: dict[str, int] = dict(counted.iter_rows())
    rows: list[tuple[object, ...]] = [
        (
            month.month,
            month.region_code,
            month.reports,
            population.get(month.region_code),
            month.contact_months if month.reports else None,
            month.contact_months_expected if month.reports else None,
            " ".join(filter(None, [month.remarks, flag if month.region_code in few else None]))
            or None,
        )
        for month in months
    ]
    total = sum(population.values())
    held = sum(population.get(month.region_code, 0) for month in months if month.reports)
    reporting = sum(month.reports for month in months)
    counted_regions = {"reporting": reporting, "regions": len(months)}
    remark = (
        sentence("regions_report_and_hold", **counted_regions, percent=f"{100 * held / total:.1f}")
        if total
        else sentence("regions_report", **counted_regions)
    )
    rows.append(
        (
            months[0].month,
            codes.NATION,
            reporting > 0,
            total or None,
            None,
            None,
            remark,
        )
    )
    table = pl.DataFrame(rows, schema=REPORTING.polars_schema(), orient="row")
    return table.sort(REPORTING.key)
