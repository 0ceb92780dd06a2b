"""What has arrived in the landing folder, what of it is new, and taking it in.

This is where intake meets the store: which files are new, in which order they are taken in, and
what is written. How a file is read and judged belongs in `pipelines/intake`.
"""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from pipelines.errors import StepFailedError, WrongUseError
from pipelines.fingerprint import code_fingerprint, fingerprint
from pipelines.intake.landing import LandingFile, landing_files
from pipelines.months import partition_month
from pipelines.planning import Cell, Stage
from pipelines.receipts import Receipts, StoredReceipt, newest, read_receipts, write_receipt
from pipelines.store import Store
from schemas.deliveries import DELIVERIES, LIST_NAMES, delivery
from schemas.receipts import REJECTED_ROWS

if TYPE_CHECKING:
    from pipelines.intake.take_in import Intake

Place = tuple[str, str, str]

REGIONS_AT_A_TIME = 2
"""Half of the work of a small file is Python's, which one thread does at a time."""


@dataclass(frozen=True)
class Arrival:
    """A file in the landing folder and the checksum of its bytes (None for a link)."""

    file: LandingFile
    sha256: str | None

    @property
    def place(self) -> Place:
        """Region, delivery and file name: what a later file of the same name replaces."""
        return (self.file.region_code, self.file.delivery, self.file.file_name)


@dataclass(frozen=True)
class Arrivals:
    """All files of the landing folder, the receipts so far, and which files are new."""

    all: tuple[Arrival, ...]
    receipts: Receipts
    made_by: str
    store: Store

    @cached_property
    def first_of_name(self) -> dict[tuple[str, str, str], str]:
        """The file that counts where a name stands with two extensions: the first by name."""
        first: dict[tuple[str, str, str], str] = {}
        for each in sorted(self.all, key=lambda arrival: arrival.file.file_name):
            first.setdefault(_stem(each.file), each.file.file_name)
        return first

    @cached_property
    def new(self) -> tuple[Arrival, ...]:
        """The files whose content has no receipt made by this code and key, or no microdata."""
        known = {
            (each.region_code, each.delivery, each.file_name, each.sha256)
            for each in self.receipts.all
            if each.made_by == self.made_by
            and (each.status == "refused" or each.microdata(self.store).exists())
        }
        return tuple(each for each in self.all if (*each.place, each.sha256) not in known)

    def stages(self, today: date) -> list[Stage]:
        """For each delivery with new files: the (month, region) partitions with and without."""
        new = _cells(self.new, today)
        everything = _cells(self.all, today)
        return [
            Stage(name, frozenset(new[name]), frozenset(everything[name] - new[name]))
            for name in (contract.name for contract in DELIVERIES)
            if name in new
        ]


def _cells(arrivals: tuple[Arrival, ...], today: date) -> dict[str, set[Cell]]:
    cells: dict[str, set[Cell]] = {}
    for each in arrivals:
        month = partition_month(each.file.content_date, today)
        cells.setdefault(each.file.delivery, set()).add((month, each.file.region_code))
    return cells


def look_at(landing: Path, store: Store, key: str) -> Arrivals:
    """Look at the landing folder: every file, its checksum, and what is new.

    Bytes are read only where size or time of change differ from last time.
    Raises WrongUseError when the folder is missing.
    """
    if not landing.is_dir():
        raise WrongUseError(
            f"There is no landing folder {landing}. Point --landing or FLK_LANDING to the folder "
            "that holds the deliveries."
        )
    seen = store.read_json("landing.json") or {}
    arrivals = []
    now_seen = {}
    for file in landing_files(landing):
        if file.is_link:
            arrivals.append(Arrival(file, None))
            continue
        mark = [file.size, file.modified_ns]
        former = seen.get(str(file.path))
        sha256 = former["sha256"] if former and former["mark"] == mark else _checksum(file.path)
        now_seen[str(file.path)] = {"mark": mark, "sha256": sha256}
        arrivals.append(Arrival(file, sha256))
    if now_seen != seen:
        store.write_json(now_seen, "landing.json")
    present = {each.place: each.sha256 for each in arrivals}
    return Arrivals(tuple(arrivals), read_receipts(store, present), _made_by(key), store)


def take_in_partition(
    arrivals: Arrivals,
    *,
    delivery_name: str,
    partitions: set[Cell] | None,
    key: str,
    today: date,
    progress: Callable[[StoredReceipt], None],
) -> list[StoredReceipt]:
    """Take in the new files of one delivery in these (month, region) partitions, or in all.

    Two regions at a time, each file of a region after the former. Returns the new receipts.
    Raises StepFailedError when the files of a region could not be taken in; those of the other
    regions have been.
    """
    known_units = _known_units(arrivals.receipts, arrivals.store)
    by_region: dict[str, list[Arrival]] = {}
    for arrival in arrivals.new:
        month = partition_month(arrival.file.content_date, today)
        wanted = partitions is None or (month, arrival.file.region_code) in partitions
        if arrival.file.delivery == delivery_name and wanted:
            by_region.setdefault(arrival.file.region_code, []).append(arrival)

    def take_in_region(region: str) -> list[StoredReceipt]:
        taken: list[StoredReceipt] = []
        for arrival in by_region[region]:
            units = known_units.get(region)
            receipt = _take_in_file(arrival, arrivals, taken, units, key=key, today=today)
            progress(receipt)
            taken.append(receipt)
        return taken

    with ThreadPoolExecutor(REGIONS_AT_A_TIME) as regions:
        return [receipt for taken in regions.map(take_in_region, by_region) for receipt in taken]


def _take_in_file(
    arrival: Arrival,
    arrivals: Arrivals,
    taken: list[StoredReceipt],
    known_units: frozenset[str] | None,
    *,
    key: str,
    today: date,
) -> StoredReceipt:
    """Read one file and store what it gives: microdata, rejected rows, and last the receipt."""
    # Pandera and the readers take time to import; a run with nothing new does not need them.
    from pipelines.intake.take_in import take_in

    file, store = arrival.file, arrivals.store
    try:
        intake = take_in(
            file,
            key=key,
            today=today,
            received_at=datetime.now(UTC).replace(tzinfo=None),
            known_units=known_units,
            previous_rows=_previous_rows(arrivals.receipts, taken, file),
            same_name_taken=arrivals.first_of_name[_stem(file)] != file.file_name,
        )
        receipt = StoredReceipt(
            **{name: getattr(intake.receipt, name) for name in _RECEIPT_FIELDS},
            suffix=file.suffix,
            made_by=arrivals.made_by,
        )
        _store_intake(store, receipt, intake)
    except StepFailedError:
        raise
    except Exception as error:
        # The text of an unexpected error may hold values of the file, so only its kind is told.
        raise StepFailedError(
            f"{file.region_code}/{file.delivery}/{file.file_name} could not be taken in: an "
            f"unexpected {type(error).__name__} in our code. The file is untouched; report this."
        ) from None
    write_receipt(store, receipt)
    return receipt


def _store_intake(store: Store, receipt: StoredReceipt, intake: "Intake") -> None:
    contract = delivery(receipt.delivery).stored
    rejected = intake.rejected if intake.rejected.height else None
    tables = (
        (intake.accepted, contract, receipt.microdata(store)),
        (intake.list_names, LIST_NAMES, receipt.list_names(store)),
        (rejected, REJECTED_ROWS, receipt.rejected_rows(store)),
    )
    for frame, table, path in tables:
        if frame is not None:
            store.write_table(frame, table, *path.relative_to(store.restricted).parts)


_RECEIPT_FIELDS = (
    "region_code",
    "delivery",
    "file_name",
    "sha256",
    "received_at",
    "reference_date",
    "rows",
    "accepted",
    "rejected",
    "status",
    "message",
    "rules",
)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _made_by(key: str) -> str:
    """A hash of what takes files in: the code, and the key (of which it tells nothing)."""
    key_mark = hashlib.sha256(b"mark of the key: " + key.encode()).hexdigest()
    code = code_fingerprint("pipelines/intake", "schemas")
    return fingerprint([code, key_mark])


def _stem(file: LandingFile) -> tuple[str, str, str]:
    return (file.region_code, file.delivery, file.stem)


def _known_units(receipts: Receipts, store: Store) -> dict[str, frozenset[str]]:
    """Region to the units of its registers so far; regions without a register are left out."""
    units: dict[str, frozenset[str]] = {}
    for receipt in receipts.in_force:
        if receipt.delivery == "units":
            ids = pl.read_parquet(receipt.microdata(store), columns=["unit_id"])["unit_id"]
            units[receipt.region_code] = units.get(receipt.region_code, frozenset()) | set(ids)
    return units


def _previous_rows(receipts: Receipts, taken: list[StoredReceipt], file: LandingFile) -> int | None:
    """Rows of the previous accepted snapshot with the same suffix; None when there is none."""
    if file.content_date is None or delivery(file.delivery).period != "snapshot":
        return None
    day_before = date.fromordinal(file.content_date.toordinal() - 1)
    earlier = newest(
        (
            each
            for each in (*receipts.in_force, *taken)
            if each.status == "accepted"
            and (each.region_code, each.delivery, each.suffix)
            == (file.region_code, file.delivery, file.suffix)
        ),
        day_before,
    )
    return sum(each.rows for each in earlier) or None


def landing_state(landing: Path) -> str:
    """A hash over the names, sizes and times of change of the landing folder's files."""
    return fingerprint(
        [
            [each.region_code, each.delivery, each.file_name, each.size, each.modified_ns]
            for each in landing_files(landing)
        ]
    )
