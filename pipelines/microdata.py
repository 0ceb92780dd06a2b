"""Reading the selected microdata: the files of a snapshot put together, lazily, on any engine."""

import narwhals as nw

from pipelines.engine import Engine
from pipelines.indicators.frame import Frame
from pipelines.receipts import StoredReceipt
from pipelines.store import Store
from schemas.contract import TableContract
from schemas.deliveries import LIST_NAMES, delivery

Receipts = tuple[StoredReceipt, ...]


def microdata(engine: Engine, store: Store, receipts: Receipts) -> Frame:
    """The rows of one delivery's files; a key that stands in two parts counts once.

    The first by file name counts (the contract, section 2). Files of different dates are not
    parts of one another, nor are the snapshots of different sources of care markings: these have
    the columns `source` beside, the suffix of the file's name, and `file_name` and `sha256`.
    """
    contract = delivery(receipts[0].delivery).stored
    ordered = sorted(receipts, key=lambda each: each.file_name)
    if contract.name == "care_markings":
        return nw.concat([_of_source(engine, store, each, contract) for each in ordered])
    dated = _by_date(receipts)
    alone = [parts[0].microdata(store) for parts in dated if len(parts) == 1]
    together = [parts for parts in dated if len(parts) > 1]
    frames = [engine.scan(alone, contract)] if alone else []
    frames += [_once(engine, store, parts, contract) for parts in together]
    return nw.concat(frames)


def repeated_keys(engine: Engine, store: Store, receipts: Receipts) -> Frame | None:
    """How many rows are left out because an earlier part of the snapshot or month has their key.

    `numerator` of `denominator` accepted rows, of the snapshots and months that came in several
    parts; None where none did. Snapshots of care markings are never parts of one another.
    """
    in_parts = [parts for parts in _by_date(receipts) if parts[1:]]
    if not in_parts or receipts[0].delivery == "care_markings":
        return None
    contract = delivery(receipts[0].delivery).stored
    accepted = sum(each.accepted for parts in in_parts for each in parts)
    kept = nw.concat(
        [_once(engine, store, parts, contract).select(nw.len().alias("kept")) for parts in in_parts]
    )
    return kept.select(nw.col("kept").sum().cast(nw.Int64)).select(
        (nw.lit(accepted) - nw.col("kept")).cast(nw.Int64).alias("numerator"),
        (nw.col("kept") * 0 + accepted).cast(nw.Int64).alias("denominator"),
    )


def _by_date(receipts: Receipts) -> list[list[StoredReceipt]]:
    """The files of each date, by their names: more than one are parts of one another."""
    by_date: dict[object, list[StoredReceipt]] = {}
    for receipt in sorted(receipts, key=lambda each: each.file_name):
        by_date.setdefault(receipt.reference_date, []).append(receipt)
    return list(by_date.values())


def _of_source(
    engine: Engine, store: Store, receipt: StoredReceipt, contract: TableContract
) -> Frame:
    rows = engine.scan([receipt.microdata(store)], contract)
    return rows.with_columns(
        source=nw.lit(receipt.suffix),
        file_name=nw.lit(receipt.file_name),
        sha256=nw.lit(receipt.sha256),
    )


def _once(
    engine: Engine, store: Store, parts: list[StoredReceipt], contract: TableContract
) -> Frame:
    """The parts of one date, in the order of their names; no key stands twice in one file."""
    frames = [
        engine.scan([each.microdata(store)], contract).with_columns(part=nw.lit(place))
        for place, each in enumerate(parts)
    ]
    return (
        nw.concat(frames).unique(list(contract.key), keep="first", order_by=["part"]).drop("part")
    )


def list_names(engine: Engine, store: Store, listings: Receipts) -> Frame:
    """The keyed beginnings of the list names of a listings snapshot."""
    names = engine.scan([each.list_names(store) for each in listings], LIST_NAMES)
    return names.unique(LIST_NAMES.column_names)
