"""What receipts say of the quality of a month's deliveries: rejected rows, age of snapshots.

Sums for the table data_quality of the files that the month's figures are made from. Nothing but
receipts is read here.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from pipelines.receipts import StoredReceipt
from pipelines.selection import Selection
from schemas import codes
from schemas.quality_metrics import REJECTED_ROWS, rejected_by
from schemas.rules import rule

SCHEMA = {
    "region_code": pl.String(),
    "delivery": pl.String(),
    "metric": pl.String(),
    "numerator": pl.Int64(),
    "denominator": pl.Int64(),
}


def receipt_sums(
    selections: Mapping[str, Selection], population: tuple[StoredReceipt, ...]
) -> pl.DataFrame:
    """Rejected rows (in all, and by rule where any were) and ages, by region and delivery.

    The population register is the nation's (00).
    """
    rows: list[tuple[str, str, str, int, int | None]] = []
    for region, selection in selections.items():
        for delivery, files in selection.files.items():
            if files:
                rows += _rejected(region, delivery, files)
                rows += _age(region, delivery, files, selection)
    if population:
        rows += _rejected(codes.NATION, "population", population)
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _rejected(
    region: str, delivery: str, files: Iterable[StoredReceipt]
) -> list[tuple[str, str, str, int, int | None]]:
    """A row may break several rules, so the rules may add up to more than the rejected rows."""
    given = sum(each.rows for each in files)
    by_rule: dict[str, int] = {}
    for each in files:
        for code, rows in each.rules.items():
            if rule(code).grade == "reject_row":
                by_rule[code] = by_rule.get(code, 0) + rows
    rejected = sum(each.rejected for each in files)
    return [
        (region, delivery, REJECTED_ROWS, rejected, given),
        *((region, delivery, rejected_by(code), rows, given) for code, rows in by_rule.items()),
    ]


def _age(
    region: str, delivery: str, files: Iterable[StoredReceipt], selection: Selection
) -> list[tuple[str, str, str, int, int | None]]:
    """Days from the snapshot to the reference date; of listings to the last day of the month."""
    day = selection.region_month.reference_date
    dates = [each.reference_date for each in files if each.reference_date]
    if delivery == "care_contacts" or day is None or not dates:
        return []
    until = date(day.year, day.month, monthrange(day.year, day.month)[1])
    days = ((until if delivery == "listings" else day) - min(dates)).days
    return [(region, delivery, "snapshot_age_days", days, None)]
