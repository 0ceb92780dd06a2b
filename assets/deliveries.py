"""The deliveries as assets: one for each kind, partitioned by month and region.

How a file is read and judged is in `pipelines/intake`; what is new in `pipelines/arrivals.py`.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable

import dagster as dg

from assets.metadata import OWNER, column_schema, one_row
from assets.pace import pace_of
from assets.partitions import MONTH_AND_REGION, cells
from assets.workspace import Workspace
from pipelines.arrivals import Arrivals, take_in_partition
from pipelines.months import partition_month
from pipelines.receipts import StoredReceipt
from schemas.contract import DeliveryContract
from schemas.deliveries import CARE_CONTACTS, DELIVERIES, LISTINGS, UNITS

GROUP = "deliveries"

log = logging.getLogger("flk")


def delivery_key(name: str) -> dg.AssetKey:
    """The asset of a delivery."""
    return dg.AssetKey([GROUP, name])


def _reporting(arrivals: Arrivals, delivery_name: str) -> Callable[[StoredReceipt], None]:
    """One line a file on the terminal: what, how many rows, why refused, and how far we are."""
    sizes = {
        each.place: each.file.size for each in arrivals.new if each.file.delivery == delivery_name
    }
    pace = pace_of(sum(sizes.values()))

    # Two files can end at once; their lines come in the order of what they say.
    alone = threading.Lock()

    def report(receipt: StoredReceipt) -> None:
        place = "/".join(receipt.place)
        with alone:
            far = pace.after(sizes.get(receipt.place, 0))
            if receipt.status == "refused":
                log.warning("%s refused: %s", place, receipt.message)
            else:
                done = (place, receipt.accepted, receipt.rows, far)
                log.info("%s: %d of %d rows accepted (%s)", *done)

    return report


def _counts(receipts: Iterable[StoredReceipt]) -> dict[str, int]:
    """Files and rows of a partition, and rows by rule."""
    total: Counter[str] = Counter()
    for receipt in receipts:
        total["files"] += 1
        total["files refused"] += receipt.status == "refused"
        total["dagster/row_count"] += receipt.accepted
        total["rows"] += receipt.rows
        total["rows rejected"] += receipt.rejected
        total.update({f"rule {code}": count for code, count in receipt.rules.items()})
    return dict(total)


def _description(contract: DeliveryContract) -> str:
    whose = "National reference data" if contract.national else "Delivered by each region"
    return (
        f"{contract.title}. {contract.description} {whose}, a file for each "
        f"{_PERIODS[contract.period]} or parts of one. Every new file is read, judged by the rules "
        "of intake and, where it holds persons, pseudonymised: accepted rows are kept as Parquet, "
        f"rejected ones by line and rule, and the file has a receipt. {one_row(contract.stored)}"
    )


_PERIODS = {"snapshot": "day that it is true for", "month": "month", "year": "year"}


def _delivery_asset(contract: DeliveryContract) -> dg.AssetsDefinition:
    # A contact or listing whose unit is not in the register is warned about, so units come first.
    first = [delivery_key(UNITS.name)] if contract in (LISTINGS, CARE_CONTACTS) else []

    @dg.asset(
        key=delivery_key(contract.name),
        deps=first,
        group_name=GROUP,
        owners=[OWNER],
        kinds={"polars", "parquet", "pandera"},
        partitions_def=None if contract.national else MONTH_AND_REGION,
        backfill_policy=None if contract.national else dg.BackfillPolicy.single_run(),
        description=_description(contract),
        metadata={"dagster/column_schema": column_schema(contract.stored)},
    )
    def delivery_asset(
        context: dg.AssetExecutionContext, workspace: Workspace
    ) -> dg.MaterializeResult[None]:
        arrivals = workspace.look()
        taken = take_in_partition(
            arrivals,
            delivery_name=contract.name,
            partitions=None if contract.national else cells(context),
            key=workspace.key(),
            today=workspace.today,
            progress=_reporting(arrivals, contract.name),
        )
        workspace.forget_receipts()
        if not contract.national:
            by_cell: dict[tuple[str, str], list[StoredReceipt]] = {}
            for receipt in taken:
                month = partition_month(receipt.reference_date, workspace.today)
                by_cell.setdefault((month, receipt.region_code), []).append(receipt)
            for (month, region), receipts in by_cell.items():
                key = dg.MultiPartitionKey({"month": month, "region": region})
                context.add_asset_metadata(_counts(receipts), partition_key=key)
            return dg.MaterializeResult()
        return dg.MaterializeResult(metadata=_counts(taken))

    return delivery_asset


DELIVERY_ASSETS = [_delivery_asset(contract) for contract in DELIVERIES]
