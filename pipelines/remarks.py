"""What a user of a region's figures should know about the deliveries behind them.

What the column `remarks` of `reporting` says, in the sentences of `schemas/sentences.toml`: file
names and months, never contents.
"""

from collections.abc import Collection, Iterable
from datetime import date

from pipelines.months import month_of
from pipelines.receipts import Receipts, StoredReceipt
from schemas.corrections import CORRECTION_RULES
from schemas.sentences import sentence

OPTIONAL_DELIVERIES = ("fixed_contacts",)


def remark_of_no_report(receipts: Receipts, region: str, month: str) -> str:
    """Why a region has no figures for the month."""
    refused = [
        each
        for each in _refused(receipts, region, "listings")
        if month_of(each.reference_date or date.min) == month
    ]
    withdrawn = [
        each
        for each in _withdrawn(receipts, region)
        if each.delivery == "listings" and month_of(each.reference_date or date.min) == month
    ]
    if not refused and not withdrawn:
        return sentence("nothing_in_month")
    found = {"refused": refused, "withdrawn": withdrawn}
    names = {kind: _names(receipts) for kind, receipts in found.items() if receipts}
    return sentence("_".join(["nothing_accepted", *names]), **names)


def remarks_of(
    receipts: Receipts,
    region: str,
    reference_date: date,
    files: dict[str, tuple[StoredReceipt, ...]],
    expected_contact_months: list[str],
) -> str | None:
    """What is missing, refused, standing in, corrected or withdrawn; None when nothing is to be
    said."""
    remarks = []
    for delivery, chosen in files.items():
        if delivery == "care_contacts":
            remarks += _of_contacts(receipts, region, chosen, expected_contact_months)
        else:
            remarks += _of_snapshot(receipts, region, reference_date, delivery, chosen)
    corrected = sorted(
        f"{each.delivery}/{each.file_name}"
        for chosen in files.values()
        for each in chosen
        if any(code in each.rules for code in CORRECTION_RULES)
    )
    if corrected:
        remarks.append(sentence("corrected", files=", ".join(corrected)))
    withdrawn = [
        each
        for each in _withdrawn(receipts, region)
        if _would_count(each, reference_date, files, expected_contact_months)
    ]
    if withdrawn:
        names = sorted({f"{each.delivery}/{each.file_name}" for each in withdrawn})
        remarks.append(sentence("withdrawn", files=", ".join(names)))
    return " ".join(remarks) or None


def _would_count(
    receipt: StoredReceipt,
    reference_date: date,
    files: dict[str, tuple[StoredReceipt, ...]],
    expected_contact_months: list[str],
) -> bool:
    """Whether a withdrawn file would have been used for these figures, were it still there.

    Older ones are no news: deliveries are also removed because they are no longer needed.
    """
    day = receipt.reference_date or date.max
    if receipt.delivery == "care_contacts":
        return month_of(day) in expected_contact_months
    if receipt.delivery == "listings":
        # A later day than the reference date, too: the withdrawn file would have set it.
        return month_of(day) == month_of(reference_date) and day >= reference_date
    of_source = [
        each.reference_date or date.min
        for each in files.get(receipt.delivery, ())
        if receipt.delivery != "care_markings" or each.suffix == receipt.suffix
    ]
    return max(of_source, default=date.min) <= day <= reference_date


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
    if refused:
        # The same name stands on both sides where a file was sent again and refused.
        again = bool({*_places(refused)} & {*_places(chosen)})
        return [_of_refused(delivery, refused, chosen, again=again)]
    if not chosen and delivery not in OPTIONAL_DELIVERIES:
        return [sentence("nothing_delivered", delivery=delivery)]
    return []


def _of_refused(
    delivery: str,
    refused: Iterable[StoredReceipt],
    used: Collection[StoredReceipt],
    *,
    again: bool,
) -> str:
    """What was refused, and what stands in, if anything; `again`: under the same name."""
    if not used:
        return sentence("refused", delivery=delivery, refused=_names(refused))
    return sentence(
        "refused_former_of_same_name" if again else "refused_former",
        delivery=delivery,
        refused=_names(refused),
        used=_names(used),
    )


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
        former = [each for each in chosen if each.place in {*_places(refused)}]
        remarks.append(_of_refused("care_contacts", refused, former, again=True))
    delivered = {month_of(each.reference_date or date.min) for each in chosen}
    missing = [month for month in expected_months if month not in delivered]
    if missing:
        remarks.append(
            sentence("months_missing", delivery="care_contacts", months=", ".join(missing))
        )
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


def _withdrawn(receipts: Receipts, region: str) -> list[StoredReceipt]:
    """The accepted contents of a region whose files are no longer in the landing folder."""
    return [
        each
        for each in receipts.all
        if each.region_code == region and receipts.status(each) == "withdrawn"
    ]


def _places(receipts: Iterable[StoredReceipt]) -> list[tuple[str, str, str]]:
    return [each.place for each in receipts]


def _names(receipts: Iterable[StoredReceipt]) -> str:
    return ", ".join(sorted({each.file_name for each in receipts}))
