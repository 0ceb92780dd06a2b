"""Reading the selected microdata: the files of a snapshot put together, lazily."""

from pathlib import Path

import narwhals as nw
import polars as pl

from pipelines.receipts import StoredReceipt
from pipelines.store import Store
from schemas.contract import TableContract
from schemas.deliveries import LIST_NAMES, delivery


def microdata(store: Store, receipts: tuple[StoredReceipt, ...]) -> pl.LazyFrame:
    """The rows of one delivery's files; a key that stands in two parts counts once.

    The first by file name counts (the contract, section 2). `source` is the suffix of the file's
    name: for care markings the source, whose snapshots are not parts of one another.
    """
    contract = delivery(receipts[0].delivery).stored
    ordered = sorted(receipts, key=lambda each: each.file_name)
    frames = [
        pl.scan_parquet(each.microdata(store)).with_columns(source=pl.lit(each.suffix))
        for each in ordered
    ]
    if len(frames) == 1 or contract.name == "care_markings":
        return pl.concat(frames)
    if contract.name == "care_contacts":
        return pl.concat(_contacts_by_month(ordered, frames, contract))
    return _once(frames, contract)


def _contacts_by_month(
    ordered: list[StoredReceipt], frames: list[pl.LazyFrame], contract: TableContract
) -> list[pl.LazyFrame]:
    """Months do not overlap, so only the parts of a month are compared."""
    months: dict[object, list[pl.LazyFrame]] = {}
    for receipt, frame in zip(ordered, frames, strict=True):
        months.setdefault(receipt.reference_date, []).append(frame)
    return [parts[0] if len(parts) == 1 else _once(parts, contract) for parts in months.values()]


def _once(parts: list[pl.LazyFrame], contract: TableContract) -> pl.LazyFrame:
    return pl.concat(parts).unique(subset=contract.key, keep="first", maintain_order=True)


def list_names(store: Store, listings: tuple[StoredReceipt, ...]) -> pl.LazyFrame:
    """The keyed beginnings of the list names of a listings snapshot."""
    frames = [pl.scan_parquet(each.list_names(store)) for each in listings]
    return pl.concat(frames).unique(LIST_NAMES.column_names)


def lazy(frame: pl.LazyFrame) -> nw.LazyFrame[pl.LazyFrame]:
    """The frame as indicators take it."""
    return nw.from_native(frame)


def scan(paths: list[Path], contract: TableContract) -> pl.LazyFrame:
    """The rows of all these files of a table; an empty table when there are none."""
    if not paths:
        return contract.empty().lazy()
    return pl.scan_parquet(paths)
