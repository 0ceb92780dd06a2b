"""Delivered files from their bytes to microdata, rejected rows and receipts.

The steps stand in the other modules; here are their order and the rules about whole files.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from pipelines.intake.check_rows import CheckedRows, check_rows
from pipelines.intake.content import LARGEST_FILE, read_content, too_large
from pipelines.intake.corrections import Corrected, corrected, demand_no_lines
from pipelines.intake.file_reading import FileReading, skipped_sentence
from pipelines.intake.landing import LandingFile, stands_still
from pipelines.intake.layout import read_by_layout
from pipelines.intake.receipt import Receipt, message
from pipelines.intake.refusal import FileRefusedError, Refusal
from pipelines.intake.row_rules import Circumstances
from pipelines.intake.text_table import LINE, LINES_OF_A_SHEET, read_table
from schemas.corrections import Corrections
from schemas.deliveries import delivery
from schemas.profiles import Profiles
from schemas.receipts import REJECTED_ROWS
from schemas.regions import municipality_names
from schemas.rules import (
    LARGEST_DROP_BETWEEN_SNAPSHOTS,
    LARGEST_GROWTH,
    LARGEST_REJECTED_SHARE,
    SMALLEST_REFUSED_REJECTION,
)

COSMIC = "cosmic"


@dataclass(frozen=True)
class Intake:
    """What became of a file.

    `accepted` keeps the delivery's `stored` contract, sorted by its key; None where refused.
    `list_names` keeps LIST_NAMES, for listings only. `rejected` keeps REJECTED_ROWS: a row for
    each line and rule; for a refused file as far as its rows were looked at. `warned` has the
    same columns, for the rows that count but were warned about. `refusals` say why the whole file
    is refused; none where it is not. `unknown_columns` were not read. `reading` says how the file
    was read; None where it was refused before its headings were found.
    """

    receipt: Receipt
    accepted: pl.DataFrame | None
    list_names: pl.DataFrame | None
    rejected: pl.DataFrame
    warned: pl.DataFrame
    refusals: tuple[Refusal, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    reading: FileReading | None = None


def take_in(
    file: LandingFile,
    *,
    key: str,
    today: date,
    received_at: datetime,
    known_units: frozenset[str] | None = None,
    previous_rows: int | None = None,
    same_name_taken: bool = False,
    same_content_as: str | None = None,
    profiles: Profiles | None = None,
    corrections: Corrections | None = None,
) -> Intake:
    """Read, check and pseudonymise one delivered file, as `take_in_files` does.

    `known_units` are the HSA-ids of the units register, None where there is none to compare with;
    `previous_rows` the rows of the previous snapshot or month; `same_content_as` the name of an
    earlier file with the same content.
    """
    [intake] = take_in_files(
        [file],
        key=key,
        today=today,
        received_at=received_at,
        known_units={} if known_units is None else {file.region_code: known_units},
        previous_rows=lambda _: previous_rows,
        same_name_taken=[file] if same_name_taken else [],
        same_content_as={} if same_content_as is None else {file: same_content_as},
        profiles=profiles,
        corrections=corrections,
    )
    return intake


def take_in_files(
    files: Sequence[LandingFile],
    *,
    key: str,
    today: date,
    received_at: datetime,
    known_units: Mapping[str, frozenset[str]],
    previous_rows: Callable[[LandingFile], int | None],
    same_name_taken: Collection[LandingFile] = (),
    same_content_as: Mapping[LandingFile, str] | None = None,
    checksums: Mapping[LandingFile, str] | None = None,
    profiles: Profiles | None = None,
    corrections: Corrections | None = None,
) -> Iterator[Intake]:
    """Read, check and pseudonymise files of one delivery, in their order; nothing is written.

    `key` is the pseudonymisation key, `today` the day of the run, `received_at` the moment (with
    a zone, or UTC without). `known_units` are the HSA-ids of the units registers by region;
    `previous_rows` gives the rows of the previous snapshot or month, and is asked when the files
    before this one have been handed over; of the files in `same_name_taken` another one of the same
    name with another extension goes before them; those in `same_content_as` have the content of the
    earlier file named there. `checksums` are those of files as they were listed: a file that has
    not been written to since is not summed again. A file that a layout of `profiles` applies to is
    read by it, every other one in the standard layout. A file's `corrections` are applied to its
    text before its rows are judged.

    A bad file gives a refused receipt, never an exception, and changes nothing for the others. No
    value of a file stands in any message. That the microdata keeps its contract is checked by who
    stores it.
    """
    profiles, corrections = profiles or Profiles(), corrections or Corrections()
    runs = [_Run(file, today, _without_zone(received_at), profiles, corrections) for file in files]
    read = []
    frames = []
    for run in runs:
        checksum = (checksums or {}).get(run.file)
        if (frame := run.read(run.file in same_name_taken, checksum)) is not None:
            read.append(run)
            frames.append(frame)
            del frame
    if read:
        contract = delivery(files[0].delivery)
        around = Circumstances(_described(read), today, known_units)
        for run, checked in zip(read, check_rows(frames, contract, around, key), strict=True):
            run.checked = checked
    for run in runs:
        yield run.intake(previous_rows, (same_content_as or {}).get(run.file))


def _described(runs: "list[_Run]") -> pl.DataFrame:
    """What the rules and the rejected rows say of the files."""
    return pl.DataFrame(
        {
            "region_code": [run.file.region_code for run in runs],
            "delivery": [run.file.delivery for run in runs],
            "file_name": [run.file.file_name for run in runs],
            "sha256": [run.sha256 for run in runs],
            "content_date": [run.file.content_date for run in runs],
            "suffix": [run.file.suffix for run in runs],
        }
    )


def _without_zone(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def _name_refusals(file: LandingFile, today: date, same_name_taken: bool) -> list[Refusal]:
    """What is wrong with the file before it is opened."""
    refusals = []
    content_date = file.content_date
    if not file.has_usable_name:
        refusals.append(Refusal("name_not_usable"))
    elif content_date is None and not file.is_link:
        refusals.append(Refusal("name_without_date"))
    elif content_date is not None:
        if file.delivery == "care_markings" and not _is_source(file.suffix):
            refusals.append(Refusal("unknown_source"))
        if delivery(file.delivery).period == "snapshot" and content_date > today:
            refusals.append(Refusal("dated_in_future"))
    if same_name_taken:
        refusals.append(Refusal("same_name_twice"))
    return refusals


def _is_source(suffix: str) -> bool:
    return suffix == COSMIC or suffix in municipality_names()


def _row_refusals(rows: int, rejected: int) -> list[Refusal]:
    """Whether too many rows are rejected for the others to be trusted."""
    if rejected == rows:
        return [Refusal("no_row_accepted")]
    too_large = rejected * 100 > rows * round(LARGEST_REJECTED_SHARE * 100)
    if too_large and rejected >= SMALLEST_REFUSED_REJECTION:
        return [
            Refusal(
                "too_many_rejected",
                f"Rejected: {rejected} of {rows}.",
                detail_sv=f"Avvisade: {rejected} av {rows}.",
            )
        ]
    return []


def _with_sheets(rows: pl.DataFrame, sheets: tuple[str, ...]) -> pl.DataFrame:
    """The rows with the sheet, and the line within it, where the file has several sheets."""
    if not sheets:
        return rows
    place, line = (pl.col("line") - 1) // LINES_OF_A_SHEET, (pl.col("line") - 1) % LINES_OF_A_SHEET
    return rows.with_columns(
        sheet=pl.lit(pl.Series(sheets, dtype=pl.String)).gather(place), line=line + 1
    )


def _by_line(rows: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """Both as one table, sorted; a line that two corrections with one rule concern stands once."""
    if not more.height:
        return rows
    together = pl.concat([rows, more]).group_by(REJECTED_ROWS.key, maintain_order=True)
    columns = pl.col("columns").drop_nulls().unique(maintain_order=True)
    joined = pl.when(columns.len() > 0).then(columns.str.join(", "))
    return together.agg(columns=joined).sort("line", "rule").select(REJECTED_ROWS.column_names)


class _Run:
    """What is known of a file so far; ends in an Intake."""

    def __init__(
        self,
        file: LandingFile,
        today: date,
        received_at: datetime,
        profiles: Profiles,
        corrections: Corrections,
    ) -> None:
        place = (file.region_code, file.delivery, file.file_name)
        self.file = file
        self.layout = profiles.layout_of(*place)
        self.reading: FileReading | None = None
        self.sheets: tuple[str, ...] = ()
        self.corrections = corrections.of(*place)
        self.corrected: Corrected | None = None
        self.today = today
        self.received_at = received_at
        self.sha256: str | None = None
        self.rows = 0
        self.refusals: list[Refusal] = []
        self.rules: dict[str, int] = {}
        self.columns: dict[str, str] = {}
        self.unknown_columns: tuple[str, ...] = ()
        self.checked: CheckedRows | None = None

    def read(self, same_name_taken: bool, checksum: str | None) -> pl.DataFrame | None:
        """The file's table of text; None where the file is refused before its rows are judged.

        `checksum` is that of the file as it was listed, where it is known.
        """
        self.refusals += _name_refusals(self.file, self.today, same_name_taken)
        if self.file.is_link:
            self.refusals.insert(0, Refusal("link"))
            return None
        if self.file.size > LARGEST_FILE:
            self.refusals.append(too_large())
            return None
        try:
            content = read_content(self.file.path)
            if checksum is None or not stands_still(self.file):
                checksum = hashlib.sha256(content).hexdigest()
            self.sha256 = checksum
            contract = delivery(self.file.delivery)
            if self.layout is None:
                table = read_table(content, self.file.extension, contract)
            else:
                table = read_by_layout(content, self.file, contract, self.layout)
        except FileRefusedError as refused:
            self.refusals.append(refused.refusal)
            return None
        self.rows = table.frame.height
        self.refusals += table.refusals
        self.reading = table.reading
        self.sheets = table.sheets
        self.unknown_columns = table.unknown_columns
        if self.refusals:
            return None
        return self._corrected(table.frame) if self.corrections else table.frame

    def _corrected(self, frame: pl.DataFrame) -> pl.DataFrame | None:
        """The rows after the file's corrections; None where one does not fit or none is left."""
        try:
            if self.sheets:
                demand_no_lines(self.corrections)
            self.corrected = corrected(frame, self.corrections, self.sha256)
        except FileRefusedError as refused:
            self.refusals.append(refused.refusal)
            return None
        self.rules, self.columns = self.corrected.rules, self.corrected.ids
        if not self.corrected.frame.height:
            self.refusals.append(Refusal("no_row_accepted"))
            return None
        return self.corrected.frame

    def intake(
        self, previous_rows: Callable[[LandingFile], int | None], same_content_as: str | None
    ) -> Intake:
        """What becomes of the file."""
        checked, self.checked = self.checked, None
        if checked is None:
            return self._refused(self._dropped(), REJECTED_ROWS.empty())
        self.rules = checked.rules | self.rules
        self.columns = checked.columns | self.columns
        rejected = _by_line(checked.broken, self._dropped())
        warned = checked.warned
        judged = self.rows
        if self.corrected is not None:
            warned = _by_line(warned, self._stated(self.corrected.changed))
            # What was left out by decision says nothing of the rows that were judged.
            judged = self.corrected.frame.height
        self.refusals += _row_refusals(judged, checked.rejected)
        if self.refusals:
            return self._refused(rejected, warned)
        self._warn(previous_rows(self.file), same_content_as)
        receipt = self._receipt("accepted", checked.accepted.height, self.rules)
        keeps_lines = LINE in checked.accepted.columns
        return Intake(
            receipt,
            _with_sheets(checked.accepted, self.sheets) if keeps_lines else checked.accepted,
            checked.list_names,
            _with_sheets(rejected, self.sheets),
            _with_sheets(warned, self.sheets),
            unknown_columns=self.unknown_columns,
            reading=self.reading,
        )

    def _dropped(self) -> pl.DataFrame:
        """The rows that corrections have left out, as REJECTED_ROWS."""
        if self.corrected is None:
            return REJECTED_ROWS.empty()
        return self._stated(self.corrected.dropped)

    def _stated(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Lines and rules of the file as REJECTED_ROWS."""
        return rows.with_columns(
            region_code=pl.lit(self.file.region_code),
            delivery=pl.lit(self.file.delivery),
            file_name=pl.lit(self.file.file_name),
            sha256=pl.lit(self.sha256),
            sheet=pl.lit(None, pl.String),
        ).select(REJECTED_ROWS.column_names)

    def _warn(self, previous_rows: int | None, same_content_as: str | None) -> None:
        """Add the warnings about the whole file."""
        if self.unknown_columns:
            self.rules["unknown_column"] = len(self.unknown_columns)
        if delivery(self.file.delivery).period == "snapshot" and previous_rows is not None:
            lost = (previous_rows - self.rows) * 100
            if lost > previous_rows * round(LARGEST_DROP_BETWEEN_SNAPSHOTS * 100):
                self.rules["fewer_rows"] = 1
                self.columns["fewer_rows"] = f"{self.rows} rows, {previous_rows} before"
        if previous_rows and self.rows >= previous_rows * LARGEST_GROWTH:
            self.rules["more_rows"] = 1
            self.columns["more_rows"] = f"{self.rows} rows, {previous_rows} before"
        if same_content_as is not None:
            self.rules["same_content"] = 1
            self.columns["same_content"] = same_content_as

    def _refused(self, rejected: pl.DataFrame, warned: pl.DataFrame) -> Intake:
        """The whole file refused."""
        rules = {refusal.rule: 1 for refusal in self.refusals} | self.rules
        return Intake(
            self._receipt("refused", 0, rules),
            None,
            None,
            _with_sheets(rejected, self.sheets),
            _with_sheets(warned, self.sheets),
            tuple(self.refusals),
            reading=self.reading,
        )

    def _receipt(self, status: str, accepted: int, rules: dict[str, int]) -> Receipt:
        return Receipt(
            region_code=self.file.region_code,
            delivery=self.file.delivery,
            file_name=self.file.file_name,
            sha256=self.sha256,
            received_at=self.received_at,
            reference_date=self.file.content_date,
            rows=self.rows,
            accepted=accepted,
            rejected=self.rows - accepted,
            status=status,
            message=self._message(rules),
            rules=rules,
        )

    def _message(self, rules: dict[str, int]) -> str | None:
        """What the supplier reads, and which rows of the file were taken for no data."""
        told = message(self.refusals, rules, self.columns, ", ".join(self.unknown_columns))
        left_out = skipped_sentence(self.reading.skipped if self.reading else ())
        return " ".join(filter(None, [told, left_out])) or None
