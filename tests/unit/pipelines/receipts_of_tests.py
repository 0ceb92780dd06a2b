"""Receipts as the tests of planning and selection need them, without any files behind them."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from pipelines.receipts import Receipts, StoredReceipt

MORNING = datetime(2025, 12, 10, 4, 15)
LENGTHS = {4: "-01-01", 7: "-01", 10: ""}


def receipt(
    place: str, *, status: str = "accepted", sha256: str = "a", hour: int = 0, **more: object
) -> StoredReceipt:
    """The receipt of `19/listings/2025-11-30_part.csv`; `hour` orders contents of one name."""
    region, delivery, file_name = place.split("/")
    day, _, suffix = file_name.split(".")[0].partition("_")
    return StoredReceipt(
        region_code=region,
        delivery=delivery,
        file_name=file_name,
        sha256=sha256,
        received_at=MORNING + timedelta(hours=hour),
        reference_date=date.fromisoformat(day + LENGTHS[len(day)]) if len(day) in LENGTHS else None,
        rows=10,
        accepted=10 if status == "accepted" else 0,
        rejected=0 if status == "accepted" else 10,
        status=status,
        message=None if status == "accepted" else "A sentence.",
        suffix=suffix,
        **more,  # type: ignore[arg-type]
    )


def receipts(found: Iterable[StoredReceipt], *, withdrawn: Iterable[str] = ()) -> Receipts:
    """All of these; the last content of every name stands in the landing folder."""
    present: dict[tuple[str, str, str], str | None] = {}
    found = tuple(found)
    for each in sorted(found, key=lambda one: one.received_at):
        present[(each.region_code, each.delivery, each.file_name)] = each.sha256
    for place in withdrawn:
        region, delivery, file_name = place.split("/")
        del present[(region, delivery, file_name)]
    return Receipts(found, present)
