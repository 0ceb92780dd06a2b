"""What a user of a region's figures should know about the deliveries behind them.

The sentences of the column `remarks` of `reporting`; file names and months, never contents.
"""

from collections.abc import Iterable
from datetime import date

from pipelines.months import month_of
from pipelines.receipts import Receipts, StoredReceipt

OPTIONAL_DELIVERIES = ("fixed_contacts",)


def remark_of_no_report(receipts: Receipts, region: str, month: str) -> str:
    """Why a region has no figures for the month."""
    refused = [
        each
        for each in _refused(receipts, region, "listings")
        if month_of(each.reference_date or date.min) == month
    ]
    if refused:
        return f"No accepted listings snapshot in the month; {_names(refused)} refused."
    return "No listings snapshot delivered in the month."


def remarks_of(
    receipts: Receipts,
    region: str,
    reference_date: date,
    files: dict[str, tuple[StoredReceipt, ...]],
    expected_contact_months: list[str],
) -> str | None:
    """What is missing, refused, standing in or withdrawn; None when nothing is to be said."""
    remarks = []
    for delivery, chosen in files.items():
        if delivery == "care_contacts":
            remarks += _of_contacts(receipts, region, chosen, expected_contact_months)
        else:
            remarks += _of_snapshot(receipts, region, reference_date, delivery, chosen)
    withdrawn = [
        each
        for each in receipts.all
        if each.region_code == region
        and receipts.status(each) == "withdrawn"
        and (each.reference_date or date.max) <= reference_date
    ]
    if withdrawn:
        remarks.append(f"Withdrawn and not used: {_names(withdrawn)}.")
    return " ".join(remarks) or None


def _of_snapshot(
    receipts: Receipts,
    region: str,
    reference_date: date,
    delivery: str,
    chosen: tuple[StoredReceipt, ...],
) -> list[str]:
    """A refused snapshot counts as news when it is not older than the one that counts."""
    in_use = max((each.reference_date or date.min for each in chosen), default=date.min)
    refused = [
        each
        for each in _refused(receipts, region, delivery)
        if in_use <= (each.reference_date or date.min) <= reference_date
    ]
    if refused and chosen:
        return [f"{delivery}: {_names(refused)} refused; {_names(chosen)} stands in."]
    if refused:
        return [f"{delivery}: {_names(refused)} refused."]
    if not chosen and delivery not in OPTIONAL_DELIVERIES:
        return [f"{delivery}: nothing delivered."]
    return []


def _of_contacts(
    receipts: Receipts,
    region: str,
    chosen: tuple[StoredReceipt, ...],
    expected_months: list[str],
) -> list[str]:
    """Refused files of the window's months, and months without an accepted one."""
    remarks = []
    refused = [
        each
        for each in _refused(receipts, region, "care_contacts")
        if month_of(each.reference_date or date.min) in expected_months
    ]
    if refused:
        remarks.append(f"care_contacts: {_names(refused)} refused.")
    delivered = {month_of(each.reference_date or date.min) for each in chosen}
    missing = [month for month in expected_months if month not in delivered]
    if missing:
        remarks.append(f"care_contacts: no accepted delivery for {', '.join(missing)}.")
    return remarks


def _refused(receipts: Receipts, region: str, delivery: str) -> list[StoredReceipt]:
    """The dated, refused contents of a delivery that stand in the landing folder now."""
    return [
        each
        for each in receipts.all
        if (each.region_code, each.delivery) == (region, delivery)
        and each.status == "refused"
        and each.reference_date is not None
        and receipts.is_present(each)
    ]


def _names(receipts: Iterable[StoredReceipt]) -> str:
    return ", ".join(sorted({each.file_name for each in receipts}))
