"""The partitions: month × region for what regions deliver, month for national statistics."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import dagster as dg

from pipelines.months import FIRST_MONTH
from pipelines.planning import Rectangle
from schemas.regions import region_names

MONTHS = dg.MonthlyPartitionsDefinition(
    start_date=FIRST_MONTH, fmt="%Y-%m", end_offset=1, timezone="Europe/Stockholm"
)
REGIONS = dg.StaticPartitionsDefinition(list(region_names()))


class RangesRemembered(dg.MultiPartitionsDefinition):
    """Dagster asks for the keys of a run's range again for every partition that it records."""

    @lru_cache(maxsize=8)  # noqa: B019  # There is one definition, as long as the process lives.
    def _keys_in_range(self, start: str, end: str) -> Sequence[str]:
        return super().get_partition_keys_in_range(dg.PartitionKeyRange(start, end))

    def get_partition_keys_in_range(  # type: ignore[override]  # as Dagster's own
        self, partition_key_range: dg.PartitionKeyRange, dynamic_partitions_store: Any = None
    ) -> Sequence[str]:
        """The keys of a range, in order; months and regions are never dynamic."""
        return self._keys_in_range(partition_key_range.start, partition_key_range.end)


MONTH_AND_REGION = RangesRemembered({"month": MONTHS, "region": REGIONS})

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
