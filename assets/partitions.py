"""The partitions: month × region for what regions deliver, month for national statistics."""

import dagster as dg

from pipelines.months import FIRST_MONTH
from pipelines.planning import Rectangle
from schemas.regions import region_names

MONTHS = dg.MonthlyPartitionsDefinition(
    start_date=FIRST_MONTH, fmt="%Y-%m", end_offset=1, timezone="Europe/Stockholm"
)
REGIONS = dg.StaticPartitionsDefinition(list(region_names()))
MONTH_AND_REGION = dg.MultiPartitionsDefinition({"month": MONTHS, "region": REGIONS})

RANGE_START = "dagster/asset_partition_range_start"
RANGE_END = "dagster/asset_partition_range_end"


def range_tags(rectangle: Rectangle) -> dict[str, str]:
    """The tags that make a run cover a rectangle of month × region partitions."""
    return {
        RANGE_START: _key(rectangle.first_month, rectangle.first_region),
        RANGE_END: _key(rectangle.last_month, rectangle.last_region),
    }


def _key(month: str, region: str) -> str:
    return dg.MultiPartitionKey({"month": month, "region": region})


def cells(context: dg.AssetExecutionContext) -> set[tuple[str, str]]:
    """The (month, region) partitions that a step is asked for."""
    found = set()
    for key in context.partition_keys:
        month, region = str(key).split("|")
        found.add((month, region))
    return found
