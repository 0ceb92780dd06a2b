"""What has arrived in the landing folder, what of it is new, and taking it in.

This is where intake meets the store: which files are new, in which order they are taken in, and
what is written. How a file is read and judged belongs in `pipelines/intake`.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from pipelines.errors import StepFailedError, WrongUseError
from pipelines.fingerprint import code_fingerprint, fingerprint
from pipelines.intake.content import LARGEST_FILE, FileVanishedError, checksum
from pipelines.intake.landing import (
    CORRECTIONS_FOLDER,
    EXTENSIONS,
    PROFILES_FOLDER,
    REFERENCE_FOLDER,
    LandingFile,
    landing_files,
    overlooked,
    stands_still,
)
from pipelines.intake.refusal import FileRefusedError
from pipelines.intake.shown_names import is_plain, shown_name
from pipelines.months import partition_month
from pipelines.packing import packed
from pipelines.planning import Cell, Stage
from pipelines.receipts import Receipts, StoredReceipt, newest, read_receipts, write_receipt
from pipelines.store import Store, replacing
from schemas import codes
from schemas.correction_toml import CorrectionsError, read_corrections
from schemas.corrections import Corrections
from schemas.deliveries import (
    CARE_CONTACTS,
    DELIVERIES,
    FIXED_CONTACTS,
    LIST_NAMES,
    LISTINGS,
    delivery,
)
from schemas.profile_toml import ProfileError, read_profiles
from schemas.profiles import Profiles
from schemas.receipts import REJECTED_ROWS

if TYPE_CHECKING:
    from pipelines.intake.take_in import Intake

Place = tuple[str, str, str]

_CHANGING = (LISTINGS.name, FIXED_CONTACTS.name)
"""Deliveries that are never the same on two days."""

MOST_NAMED = 5
"""So many things that are no deliveries are named; the others are counted."""

FILES_AT_A_TIME = 2
"""So many files are read for their checksums at a time."""

GROUPS_AT_A_TIME = 2
"""Reading and writing small files is half Python's work, which one thread does at a time."""

BATCH_BYTES = 32 * 1024**2
"""About as much text is taken in at a time; a larger file is a batch of its own."""

PACKED_TIMES = 8
"""How many times its size a packed file is taken to hold."""


@dataclass(frozen=True)
class Arrival:
    """A file in the landing folder and the checksum of its bytes.

    None for a link, and for a file that may not be opened or is too large to be read.
    """

    file: LandingFile
    sha256: str | None

    @property
    def place(self) -> Place:
        """Region, delivery and file name: what a later file of the same name replaces."""
        return (self.file.region_code, self.file.delivery, self.file.file_name)


@dataclass(frozen=True)
class Arrivals:
    """All files of the landing folder, the receipts so far, and which files are new.

    `made_by` is a hash of the code and the key, `key_mark` one of the key alone; `profiles` say
    which files have another layout, `corrections` what is corrected in them. `unsettled` files
    changed while they were looked at, and `unreadable` folders could not be looked at: what was
    taken in from them before stands.
    """

    all: tuple[Arrival, ...]
    receipts: Receipts
    made_by: str
    store: Store
    profiles: Profiles = field(default_factory=Profiles)
    corrections: Corrections = field(default_factory=Corrections)
    key_mark: str = ""
    unsettled: tuple[LandingFile, ...] = ()
    unreadable: tuple[Path, ...] = ()

    def made_by_for(self, file: LandingFile) -> str:
        """A hash of all that reads this file: with another layout or other corrections its receipt
        is out of date."""
        place = (file.region_code, file.delivery, file.file_name)
        layout, applied = self.profiles.layout_of(*place), self.corrections.of(*place)
        if layout is None and not applied:
            return self.made_by
        described = layout.described() if layout else None
        return fingerprint([self.made_by, described, [each.described() for each in applied]])

    @cached_property
    def first_of_name(self) -> dict[tuple[str, str, str], str]:
        """The file that counts where a name stands with two extensions: the first by name."""
        first: dict[tuple[str, str, str], str] = {}
        for each in sorted(self.all, key=lambda arrival: arrival.file.file_name):
            first.setdefault(_stem(each.file), each.file.file_name)
        return first

    @cached_property
    def new(self) -> tuple[Arrival, ...]:
        """The files whose content has no receipt made by this code, key, layout and corrections, or
        no microdata. Contents that were pruned are never new."""
        known = {
            (each.region_code, each.delivery, each.file_name, each.sha256, each.made_by)
            for each in self.receipts.all
            if each.key_mark == self.key_mark
            and (each.status == "refused" or each.microdata(self.store).exists())
        }
        pruned = {
            (each.place, each.sha256)
            for each in self.receipts.all
            if each.identity in self.receipts.pruned.identities
        }
        return tuple(
            each
            for each in self.all
            if (*each.place, each.sha256, self.made_by_for(each.file)) not in known
            and (each.place, each.sha256) not in pruned
        )

    @cached_property
    def same_content_as(self) -> dict[LandingFile, str]:
        """The files with the very content of an earlier one of the region, and the earlier's name.

        Only of deliveries that no two days are alike; a register may well stay as it was.
        """
        earlier: dict[tuple[str, str, str], str] = {}
        found = {}
        for each in sorted(self.all, key=lambda arrival: str(arrival.file.content_date)):
            file = each.file
            if each.sha256 is None or file.content_date is None or file.delivery not in _CHANGING:
                continue
            content = (file.region_code, file.delivery, each.sha256)
            if content in earlier:
                found[file] = earlier[content]
            earlier.setdefault(content, file.file_name)
        return found

    @cached_property
    def bytes_to_take_in(self) -> int:
        """The size of the new files."""
        return sum(each.file.size for each in self.new)

    @cached_property
    def bytes_of_figures(self) -> int:
        """The size of what figures are made from anew: all contacts, and the newest listings, of
        the regions with something new. A byte of them takes about as long as to take one in."""
        regions = {each.file.region_code for each in self.new}
        files = [each.file for each in self.all if each.file.region_code in regions]
        contacts = sum(file.size for file in files if file.delivery == CARE_CONTACTS.name)
        listings = {
            file.region_code: file.size
            for file in sorted(files, key=lambda file: str(file.content_date))
            if file.delivery == LISTINGS.name
        }
        return contacts + sum(listings.values())

    def left_for_next_run(self) -> list[str]:
        """For each file that changed while it was looked at or read: which, and what to do."""
        left = [*self.unsettled, *(each.file for each in self.new)]
        return [
            f"{each.region_code}/{each.delivery}/{each.file_name} arrived or changed while the "
            "files were read, so it is left for the next run. Copy files under another name, such "
            f"as {each.file_name}.part, and rename them when they are whole."
            for each in left
        ]

    def folders_to_open(self) -> list[str]:
        """For each folder that cannot be read: which, and what to do."""
        return [
            f"The folder {shown_path(each)} cannot be read, so nothing new in it was taken in, and "
            "what was taken in before stands. Let the pipeline read it."
            for each in self.unreadable
        ]

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

    Bytes are read only where size or time of change differ from last time. A file that changes
    meanwhile, and the files of a folder that cannot be read, stay as they were known before.
    Raises WrongUseError when the folder is missing, or a region's profile or corrections in it
    cannot be used.
    """
    if not landing.is_dir():
        raise WrongUseError(
            f"There is no landing folder {landing}. Point --landing or FLK_LANDING to the folder "
            "that holds the deliveries."
        )
    profiles, corrections = _profiles(landing), _corrections(landing)
    seen = store.read_json("landing.json") or {}
    arrivals = []
    now_seen = {}
    unsettled: list[LandingFile] = []
    unreadable: list[Path] = []
    files = list(landing_files(landing, unreadable.append))
    with ThreadPoolExecutor(FILES_AT_A_TIME) as readers:
        found = list(readers.map(partial(_found, seen), files))
    for file, arrival in zip(files, found, strict=True):
        if arrival == "changing":
            unsettled.append(file)
        elif arrival != "vanished":
            arrivals.append(arrival)
            if arrival.sha256 is not None:
                now_seen[noted_as(file)] = {"mark": _mark(file), "sha256": arrival.sha256}
    behind = {
        path: known
        for path, known in seen.items()
        if any(path.startswith(f"{shown_path(folder)}/") for folder in unreadable)
    }
    now_seen |= behind
    if now_seen != seen:
        store.write_json(now_seen, "landing.json")
    present: dict[Place, str | None] = {each.place: each.sha256 for each in arrivals}
    present |= {Arrival(file, None).place: None for file in unsettled}
    present |= {_place(path): known["sha256"] for path, known in behind.items()}
    mark = key_mark(key)
    return Arrivals(
        tuple(arrivals),
        read_receipts(store, present, profiles.without_name_rule, mark),
        _made_by(mark),
        store,
        profiles,
        corrections,
        mark,
        tuple(unsettled),
        tuple(unreadable),
    )


def _found(seen: Mapping[str, Any], file: LandingFile) -> Arrival | Literal["vanished", "changing"]:
    """The file with its checksum, which is known where the file is as it was `seen` last time."""
    if file.is_link or file.size > LARGEST_FILE:
        return Arrival(file, None)
    former = seen.get(noted_as(file))
    if former and former["mark"] == _mark(file):
        return Arrival(file, former["sha256"])
    try:
        sha256 = checksum(file.path)
    except FileVanishedError:
        return "vanished"
    except FileRefusedError:
        return Arrival(file, None)
    return Arrival(file, sha256) if stands_still(file) else "changing"


def _mark(file: LandingFile) -> list[int]:
    """What tells that a file has changed."""
    return [file.size, file.modified_ns]


def shown_path(path: Path) -> str:
    """A path as it may be told and written down."""
    text = str(path)
    return text if is_plain(text) else str(Path(*map(shown_name, path.parts)))


def noted_as(file: LandingFile) -> str:
    """Where a file lies, as it is written down: its folder and the name that is its own."""
    return f"{shown_path(file.path.parent)}/{file.file_name}"


def _place(noted: str) -> Place:
    """Region, delivery and file name of what is noted so."""
    folder, delivery_name, file_name = noted.split("/")[-3:]
    return (codes.NATION if folder == REFERENCE_FOLDER else folder, delivery_name, file_name)


def _profiles(landing: Path) -> Profiles:
    try:
        return read_profiles(landing / PROFILES_FOLDER)
    except ProfileError as error:
        raise WrongUseError(
            f"A region's profile cannot be used, so nothing was done. {error}"
        ) from None


def _corrections(landing: Path) -> Corrections:
    try:
        return read_corrections(landing / CORRECTIONS_FOLDER)
    except CorrectionsError as error:
        raise WrongUseError(
            f"A region's corrections cannot be used, so nothing was done. {error}"
        ) from None


def said_of_overlooked(landing: Path) -> list[str]:
    """One sentence on what is not taken for a delivery but may have been meant as one, or none."""
    found = overlooked(landing)
    if not found:
        return []
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return [
        f"Not taken for a delivery: {', '.join(found[:MOST_NAMED])}{more}. A delivery lies in "
        f"<landing>/<region>/<delivery>/, and its name ends with {', '.join(EXTENSIONS)}."
    ]


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

    Several files at a time, each file of a region after the former. Returns the new receipts.
    Raises StepFailedError when a file could not be taken in; then the later files of its region
    have not been, and those of the other regions have.
    """
    known_units = _known_units(arrivals.receipts, arrivals.store)
    by_region: dict[str, list[Arrival]] = {}
    for arrival in arrivals.new:
        month = partition_month(arrival.file.content_date, today)
        wanted = partitions is None or (month, arrival.file.region_code) in partitions
        if arrival.file.delivery == delivery_name and wanted:
            by_region.setdefault(arrival.file.region_code, []).append(arrival)

    def take_in_group(group: list[Arrival]) -> list[StoredReceipt]:
        intake = _Intake(arrivals, known_units, key, today, progress)
        for batch in _batches(group):
            intake.take_in(batch)
        if intake.failures:
            raise intake.failures[min(intake.failures)]
        return intake.taken

    with ThreadPoolExecutor(GROUPS_AT_A_TIME) as groups:
        return [
            receipt
            for taken in groups.map(take_in_group, _groups(by_region.values()))
            for receipt in taken
        ]


def _groups(regions: Collection[list[Arrival]]) -> list[list[Arrival]]:
    """Small regions together, in as many groups as are taken in at a time or more; a region is
    in one group only."""
    limit = min(BATCH_BYTES, sum(map(_weight_of_region, regions)) // GROUPS_AT_A_TIME + 1)
    groups = packed(regions, _weight_of_region, limit)
    return [[each for region in group for each in region] for group in groups]


def _batches(group: list[Arrival]) -> list[list[Arrival]]:
    """The files of a group in their order, as many at a time as the weight of a batch allows."""
    return packed(group, lambda each: _weight(each.file), BATCH_BYTES)


def _weight_of_region(arrivals: list[Arrival]) -> int:
    return sum(_weight(each.file) for each in arrivals)


def _weight(file: LandingFile) -> int:
    """About how many bytes of text a file holds, from its size alone."""
    return file.size if file.extension == ".csv" else file.size * PACKED_TIMES


@dataclass
class _Intake:
    """Taking in one group of regions, batch after batch.

    `failures` holds the error of each region that could not be taken in; its later files wait.
    """

    arrivals: Arrivals
    known_units: dict[str, frozenset[str]]
    key: str
    today: date
    progress: Callable[[StoredReceipt], None]
    taken: list[StoredReceipt] = field(default_factory=list)
    failures: dict[str, StepFailedError] = field(default_factory=dict)

    def take_in(self, batch: list[Arrival]) -> None:
        """Read files and store what they give: microdata, rejected rows, and last the receipts.

        After an unexpected error the files are taken in one by one, so that only the file that
        causes it is left out and named.
        """
        batch = [each for each in batch if each.file.region_code not in self.failures]
        if not batch:
            return
        try:
            receipts = self._stored(batch)
        except StepFailedError:
            raise
        except Exception as error:
            if len(batch) > 1:
                for arrival in batch:
                    self.take_in([arrival])
                return
            # The text of an unexpected error may hold values of the file, so only its kind is told.
            file = batch[0].file
            self.failures[file.region_code] = StepFailedError(
                f"{file.region_code}/{file.delivery}/{file.file_name} could not be taken in: an "
                f"unexpected {type(error).__name__} in our code. The file is untouched; report "
                "this."
            )
            return
        for receipt in receipts:
            write_receipt(self.arrivals.store, receipt)
            self.progress(receipt)
            self.taken.append(receipt)

    def _stored(self, batch: list[Arrival]) -> list[StoredReceipt]:
        """The receipts of files whose microdata and rejected rows have been stored."""
        # Pandera and the readers take time to import; a run with nothing new does not need them.
        from pipelines.intake.take_in import take_in_files

        arrivals, store = self.arrivals, self.arrivals.store
        receipts: list[StoredReceipt] = []
        kept: dict[Path, pl.DataFrame] = {}
        list_names: dict[Path, pl.DataFrame] = {}
        rejected: dict[Path, pl.DataFrame] = {}
        intakes = take_in_files(
            [each.file for each in batch],
            key=self.key,
            today=self.today,
            received_at=datetime.now(UTC).replace(tzinfo=None),
            known_units=self.known_units,
            previous_rows=lambda file: _previous_rows(
                arrivals.receipts, [*self.taken, *receipts], file
            ),
            same_name_taken={
                each.file
                for each in batch
                if arrivals.first_of_name[_stem(each.file)] != each.file.file_name
            },
            same_content_as=arrivals.same_content_as,
            checksums={each.file: each.sha256 for each in batch if each.sha256 is not None},
            profiles=arrivals.profiles,
            corrections=arrivals.corrections,
        )
        for arrival, intake in zip(batch, intakes, strict=True):
            if intake.receipt.sha256 != arrival.sha256:
                continue  # written to since it was looked at: the next run takes it in
            receipt = StoredReceipt(
                **{name: getattr(intake.receipt, name) for name in _RECEIPT_FIELDS},
                suffix=arrival.file.suffix,
                made_by=arrivals.made_by_for(arrival.file),
                key_mark=arrivals.key_mark,
            )
            receipts.append(receipt)
            if intake.accepted is not None:
                kept[receipt.microdata(store)] = intake.accepted
            if intake.list_names is not None:
                list_names[receipt.list_names(store)] = intake.list_names
            if intake.rejected.height:
                rejected[receipt.rejected_rows(store)] = intake.rejected
            if receipt.status == "refused":
                _write_report(receipt.report(store), arrival.file, intake)
        store.write_tables(kept, delivery(batch[0].file.delivery).stored)
        store.write_tables(list_names, LIST_NAMES)
        store.write_tables(rejected, REJECTED_ROWS)
        return receipts


def _write_report(path: Path, file: LandingFile, intake: "Intake") -> None:
    """The report on a refused file, for its supplier."""
    # XlsxWriter takes time to import; most runs refuse nothing.
    from pipelines.checking import checked_file
    from pipelines.supplier_report import supplier_report

    content = supplier_report([checked_file(intake)], intake.receipt.received_at)
    with replacing(path) as temporary:
        temporary.write_bytes(content)


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


def key_mark(key: str) -> str:
    """What tells a key from others, and nothing else of it."""
    return hashlib.sha256(b"mark of the key: " + key.encode()).hexdigest()


def _made_by(mark: str) -> str:
    """A hash of what takes files in: the code, and the key (of which it tells nothing)."""
    return fingerprint([code_fingerprint("pipelines/intake", "schemas"), mark])


def _stem(file: LandingFile) -> tuple[str, str, str]:
    return (file.region_code, file.delivery, file.stem)


def _known_units(receipts: Receipts, store: Store) -> dict[str, frozenset[str]]:
    """Region to the units of its registers so far; regions without a register are left out."""
    registers = {
        str(each.microdata(store)): each.region_code
        for each in receipts.in_force
        if each.delivery == "units"
    }
    if not registers:
        return {}
    units: dict[str, set[str]] = {region: set() for region in registers.values()}
    rows = pl.scan_parquet(list(registers), glob=False, include_file_paths="path")
    for path, unit in rows.select("path", "unit_id").collect().iter_rows():
        units[registers[path]].add(unit)
    return {region: frozenset(of_region) for region, of_region in units.items()}


def _previous_rows(receipts: Receipts, taken: list[StoredReceipt], file: LandingFile) -> int | None:
    """Rows of the previous accepted snapshot or month with the same suffix; None when there is
    none."""
    if file.content_date is None:
        return None
    day_before = date.fromordinal(file.content_date.toordinal() - 1)
    # A file that is taken in anew counts once, with its new receipt.
    latest = {each.identity: each for each in (*receipts.in_force, *taken)}
    earlier = newest(
        (
            each
            for each in latest.values()
            if each.status == "accepted"
            and (each.region_code, each.delivery, each.suffix)
            == (file.region_code, file.delivery, file.suffix)
        ),
        day_before,
    )
    return sum(each.rows for each in earlier) or None


def landing_state(landing: Path) -> str:
    """A hash over the names, sizes and times of change of the landing folder's files, and the
    contents of its profiles and corrections."""
    settings = [
        path
        for folder in (PROFILES_FOLDER, CORRECTIONS_FOLDER)
        for path in sorted((landing / folder).glob("*.toml"))
    ]
    return fingerprint(
        [
            *(
                [each.region_code, each.delivery, each.file_name, each.size, each.modified_ns]
                for each in landing_files(landing)
            ),
            *([each.parent.name, each.name, checksum(each)] for each in settings),
        ]
    )
