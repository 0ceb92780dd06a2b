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

Row = tuple[str, str, str, int, int | None]
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
    """Rejected rows, in all and by rule, and ages, by region and delivery.

    A rule has rows for every region with the delivery as soon as one region's files broke it, so
    that the nation's share is of all of them. The population register is the nation's (00).
    """
    given = {
        (region, delivery): files
        for region, selection in selections.items()
        for delivery, files in selection.files.items()
        if files
    }
    if population:
        given[codes.NATION, "population"] = population
    broken: dict[str, set[str]] = {}
    for (_, delivery), files in given.items():
        broken.setdefault(delivery, set()).update(_rejecting_rules(files))
    rows: list[Row] = []
    for (region, delivery), files in given.items():
        rows += _rejected(region, delivery, files, sorted(broken[delivery]))
        if region in selections:
            rows += _age(region, delivery, files, selections[region])
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _rejecting_rules(files: Iterable[StoredReceipt]) -> set[str]:
    broken = {code for each in files for code in each.rules}
    return {code for code in broken if rule(code).grade == "reject_row"}


def _rejected(
    region: str, delivery: str, files: Iterable[StoredReceipt], rules: Iterable[str]
) -> list[Row]:
    """A row may break several rules, so the rules may add up to more than the rejected rows."""
    given = sum(each.rows for each in files)
    rejected = sum(each.rejected for each in files)
    by_rule = {code: sum(each.rules.get(code, 0) for each in files) for code in rules}
    return [
        (region, delivery, REJECTED_ROWS, rejected, given),
        *((region, delivery, rejected_by(code), rows, given) for code, rows in by_rule.items()),
    ]


def _age(
    region: str, delivery: str, files: Iterable[StoredReceipt], selection: Selection
) -> list[Row]:
    """Days from the snapshot to the reference date; of listings to the last day of the month."""
    day = selection.region_month.reference_date
    dates = [each.reference_date for each in files if each.reference_date]
    if delivery == "care_contacts" or day is None or not dates:
        return []
    until = date(day.year, day.month, monthrange(day.year, day.month)[1])
    days = ((until if delivery == "listings" else day) - min(dates)).days
    return [(region, delivery, "snapshot_age_days", days, None)]
