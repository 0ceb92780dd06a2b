"""Receipts: what was delivered and what became of it. Written once, never changed.

They stand in a journal that is only added to, a line each. A receipt is written last, after the
microdata of its file: a file without a receipt has not been taken in, whatever a stopped run left.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.fingerprint import fingerprint
from pipelines.store import Store
from schemas.receipts import DELIVERIES_TABLE

JOURNAL = "receipts.jsonl"
PRUNED = "pruned.json"


@dataclass(frozen=True)
class StoredReceipt:
    """A receipt as stored; the first fields are the columns of the table `deliveries`.

    `rules` counts rows by rule code, warnings included. `made_by` is a hash of the code and the
    key that took the file in: a receipt made otherwise is out of date. `suffix` is the part of
    the file's name after the date. `key_mark` tells the key from others, empty in receipts written
    before it was kept.
    """

    region_code: str
    delivery: str
    file_name: str
    sha256: str | None
    received_at: datetime
    reference_date: date | None
    rows: int
    accepted: int
    rejected: int
    status: str
    message: str | None
    rules: dict[str, int] = field(default_factory=dict)
    suffix: str = ""
    made_by: str = ""
    key_mark: str = ""

    @cached_property
    def identity(self) -> str:
        """What tells this file and content from every other."""
        return fingerprint([self.region_code, self.delivery, self.file_name, self.sha256])

    @property
    def place(self) -> tuple[str, str, str]:
        """Region, delivery and file name: what a later file of the same name replaces."""
        return (self.region_code, self.delivery, self.file_name)

    @property
    def mark(self) -> tuple[str, datetime]:
        """What tells this receipt from every other, also of the same content."""
        return (self.identity, self.received_at)

    def microdata(self, store: Store) -> Path:
        """Where the accepted rows of this file and content are stored."""
        name = f"{self.file_name}.{self.identity[:12]}.parquet"
        return store.path("microdata", self.delivery, self.region_code, name)

    def list_names(self, store: Store) -> Path:
        """Where the keyed beginnings of the list names of this listings file are stored."""
        name = f"{self.file_name}.{self.identity[:12]}.parquet"
        return store.path("microdata", "list_names", self.region_code, name)

    def rejected_rows(self, store: Store) -> Path:
        """Where the rejected rows of this file and content are stored."""
        name = f"{self.file_name}.{self.identity[:12]}.parquet"
        return store.path("rejected", self.delivery, self.region_code, name)

    def report(self, store: Store) -> Path:
        """Where the report for the supplier of this file and content is, if it is refused."""
        content = self.sha256[:8] if self.sha256 else self.identity[:8]
        name = f"{self.file_name}.{content}.xlsx"
        return store.path("reports", self.region_code, self.delivery, name)


@dataclass(frozen=True)
class Pruned:
    """What `flk prune` has removed: microdata by the identity of their receipts.

    `before` is the first month whose figures can still be made; empty when nothing was removed.
    """

    before: str = ""
    identities: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Receipts:
    """All receipts of the store, and which content of each file stands in the landing folder.

    `all` holds those of one file in the order in which they were written.

    `present` maps (region, delivery, file name) to the checksum of the file that is there now.
    `without_name_rule` are the regions whose profile switches off the name rule for fictitious
    lists. `key_mark` is that of the present key; None where the key does not matter. `pruned` says
    what has been removed as too old.
    """

    all: tuple[StoredReceipt, ...]
    present: dict[tuple[str, str, str], str | None]
    without_name_rule: frozenset[str] = frozenset()
    key_mark: str | None = None
    pruned: Pruned = field(default_factory=Pruned)

    def is_present(self, receipt: StoredReceipt) -> bool:
        """Whether this very content stands in the landing folder now."""
        place = (receipt.region_code, receipt.delivery, receipt.file_name)
        return place in self.present and self.present[place] == receipt.sha256

    def _is_readable(self, receipt: StoredReceipt) -> bool:
        """Whether its microdata can be used beside those of the present key.

        What was pruned has none, whatever its key.
        """
        return receipt.key_mark == self.key_mark or receipt.identity in self.pruned.identities

    @cached_property
    def in_force(self) -> tuple[StoredReceipt, ...]:
        """The accepted contents that figures are made from, one per file.

        A file that was sent again counts with its new content; where the new content is refused
        the former accepted one stands in. A withdrawn file counts no more, nor does what was
        taken in under another key: a person must not have two pseudonyms. What was pruned stays
        in force for the months that were made of it, also when its file is gone.
        """
        chosen: dict[tuple[str, str, str], StoredReceipt] = {}
        for receipt in self.all:
            place = (receipt.region_code, receipt.delivery, receipt.file_name)
            is_pruned = receipt.identity in self.pruned.identities
            if receipt.status != "accepted" or not (place in self.present or is_pruned):
                continue
            if self.key_mark is not None and not self._is_readable(receipt):
                continue
            if place in chosen and self.is_present(chosen[place]):
                continue
            chosen[place] = receipt
        return tuple(chosen[place] for place in sorted(chosen))

    @cached_property
    def places_in_force(self) -> frozenset[tuple[str, str, str]]:
        """The files that figures are made from, by region, delivery and name."""
        return frozenset(each.place for each in self.in_force)

    @cached_property
    def _in_force_marks(self) -> frozenset[tuple[str, datetime]]:
        return frozenset(each.mark for each in self.in_force)

    def status(self, receipt: StoredReceipt) -> str:
        """accepted, refused, replaced or withdrawn: what has become of this content by now."""
        if receipt.status == "refused":
            return "refused"
        is_pruned = receipt.identity in self.pruned.identities
        if receipt.place not in self.present and not is_pruned:
            return "withdrawn"
        return "accepted" if receipt.mark in self._in_force_marks else "replaced"

    def table(self) -> pl.DataFrame:
        """The table `deliveries`: one row per file and content."""
        rows: list[dict[str, Any]] = []
        for receipt in self.all:
            row = {name: getattr(receipt, name) for name in DELIVERIES_TABLE.column_names}
            rows.append(row | {"status": self.status(receipt)})
        frame = pl.DataFrame(rows, schema=DELIVERIES_TABLE.polars_schema(), orient="row")
        return frame.sort(DELIVERIES_TABLE.key, nulls_last=False)


def write_receipt(store: Store, receipt: StoredReceipt) -> None:
    """Write a receipt; from now on its file has been taken in."""
    store.append_json(asdict(receipt), JOURNAL)


def read_receipts(
    store: Store,
    present: dict[tuple[str, str, str], str | None],
    without_name_rule: frozenset[str] = frozenset(),
    key_mark: str | None = None,
) -> Receipts:
    """The receipts of the store, one per file and content: the latest.

    By place, and within it in the order of the journal: a clock that goes back decides nothing.
    """
    latest: dict[str, StoredReceipt] = {}
    for content in store.read_json_lines(JOURNAL):
        receipt = _receipt(content)
        latest.pop(receipt.identity, None)
        latest[receipt.identity] = receipt
    ordered = tuple(sorted(latest.values(), key=lambda each: each.place))
    return Receipts(ordered, present, without_name_rule, key_mark, read_pruned(store))


def read_pruned(store: Store) -> Pruned:
    """What has been removed as too old."""
    record = store.read_json(PRUNED) or {"before": "", "identities": []}
    return Pruned(record["before"], frozenset(record["identities"]))


def _receipt(content: dict[str, Any]) -> StoredReceipt:
    known = {each.name for each in fields(StoredReceipt)}
    values = {name: value for name, value in content.items() if name in known}
    values["received_at"] = datetime.fromisoformat(values["received_at"])
    if values["reference_date"] is not None:
        values["reference_date"] = date.fromisoformat(values["reference_date"])
    return StoredReceipt(**values)


def corrections_to_end(receipts: Receipts) -> list[str]:
    """For each file that a correction holds back: which, and what the operator must do."""
    return [
        f"{'/'.join(each.place)} is held back. {each.message} Perhaps the fault is mended: change "
        f"the correction in corrections/{each.region_code}.toml or set its status to fixed."
        for each in receipts.all
        if "correction_does_not_fit" in each.rules and receipts.is_present(each)
    ]


def newest(receipts: Iterable[StoredReceipt], until: date) -> list[StoredReceipt]:
    """The parts of the newest snapshot dated at most `until`, by file name; empty when none."""
    dated = [each for each in receipts if each.reference_date and each.reference_date <= until]
    if not dated:
        return []
    latest = max(each.reference_date for each in dated if each.reference_date)
    return sorted(
        (each for each in dated if each.reference_date == latest), key=lambda each: each.file_name
    )
