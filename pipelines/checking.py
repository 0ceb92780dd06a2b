"""Checking files as the pipeline would, before they are sent.

Nothing is stored and the operator's key is not needed: pseudonyms are made with a key that is
thrown away. What a report says of a file is decided here; how it looks, in `supplier_report.py`
and on the terminal.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from pipelines.intake.file_reading import FileReading
from pipelines.intake.landing import LandingFile
from pipelines.intake.receipt import Receipt
from pipelines.intake.refusal import Refusal
from pipelines.intake.take_in import Intake, take_in
from pipelines.supplied_files import SuppliedFile
from schemas.deliveries import UNITS, delivery
from schemas.profiles import Profiles
from schemas.rules import RULES, Rule

FIRST_LINES = 5


@dataclass(frozen=True)
class Note:
    """A sentence in English and in Swedish."""

    english: str
    swedish: str


NO_LANDING = Note(
    "The file lies in no landing folder, so its units were not compared with the units register "
    "and its rows not with the previous snapshot.",
    "Filen ligger inte i en landningsmapp, så enheterna jämfördes inte med enhetsregistret och "
    "antalet rader inte med förra ögonblicksbilden.",
)
NO_REGISTER = Note(
    "There is no accepted units register of the region beside it, so units were not compared.",
    "Det finns inget godkänt enhetsregister för regionen bredvid, så enheterna jämfördes inte.",
)


@dataclass(frozen=True)
class BrokenRule:
    """A rule that a file or some of its rows break.

    `count` is the number of rows, 1 for a rule about the whole file. `lines` are the first ones,
    none for a rule about the whole file; `columns` names the layout's columns concerned.
    """

    rule: Rule
    count: int
    columns: str
    lines: tuple[int, ...]
    sentence: Note


@dataclass(frozen=True)
class CheckedFile:
    """What became of a file: its receipt, the rules broken, and the lines that break them.

    `rows` has the columns of REJECTED_ROWS, by line and rule: rejected rows and warnings. `reading`
    is None where the file was refused before its header was understood. `notes` say what was not
    compared.
    """

    receipt: Receipt
    rules: tuple[BrokenRule, ...]
    rows: pl.DataFrame
    reading: FileReading | None
    notes: tuple[Note, ...] = ()

    @property
    def is_refused(self) -> bool:
        """Whether no row of the file counts."""
        return self.receipt.status == "refused"

    @property
    def warnings(self) -> int:
        """How many warnings there are about rows or the file."""
        return sum(each.count for each in self.rules if each.rule.grade == "warn")


def check_files(files: Sequence[SuppliedFile], today: date) -> Iterator[CheckedFile]:
    """Read and judge files one after the other as the pipeline would on that day."""
    checking = _Checking(today)
    for supplied in files:
        yield checking.check(supplied)


def checked_file(intake: Intake, notes: tuple[Note, ...] = ()) -> CheckedFile:
    """What a report says of a file that has been read and judged."""
    rows = pl.concat([intake.rejected, intake.warned]).sort("sheet", "line", "rule")
    return CheckedFile(intake.receipt, _broken_rules(intake, rows), rows, intake.reading, notes)


def _broken_rules(intake: Intake, rows: pl.DataFrame) -> tuple[BrokenRule, ...]:
    """The rules that the receipt counts: for whole files, for rows, warnings."""
    refusals = {each.rule: each for each in intake.refusals}
    places = {
        code: (lines, columns)
        for code, lines, columns in rows.group_by("rule")
        .agg(
            pl.col("line").unique().bottom_k(FIRST_LINES).sort(),
            pl.col("columns").drop_nulls().unique().sort(),
        )
        .iter_rows()
    }
    broken = []
    for each in RULES:
        if (count := intake.receipt.rules.get(each.code)) is None:
            continue
        unknown = intake.unknown_columns if each.code == "unknown_column" else ()
        lines, columns = places.get(each.code, ((), unknown))
        named = dict.fromkeys(", ".join(columns).split(", "))
        broken.append(
            BrokenRule(
                each, count, ", ".join(named), tuple(lines), _said(each, refusals.get(each.code))
            )
        )
    return tuple(sorted(broken, key=lambda one: _GRADES.index(one.rule.grade)))


_GRADES = ("reject_delivery", "reject_row", "warn")


def _said(rule: Rule, refusal: Refusal | None) -> Note:
    if refusal is None:
        return Note(rule.sentence, rule.sentence_sv)
    return Note(refusal.sentence, refusal.sentence_sv)


class _Checking:
    """Checking some files, of which many lie beside the same registers."""

    def __init__(self, today: date) -> None:
        self._today = today
        self._key = secrets.token_hex()
        self._units: dict[tuple[int, str], frozenset[str] | None] = {}

    def check(self, supplied: SuppliedFile) -> CheckedFile:
        file, landing = supplied.file, supplied.landing
        if landing is None:
            intake = self._take_in(file, supplied.profiles)
            is_told = _is_compared(file) and intake.accepted is not None
            return checked_file(intake, (NO_LANDING,) if is_told else ())
        units = self._known_units(file.region_code, supplied)
        previous_rows = self._previous_rows(supplied)
        intake = self._take_in(
            file,
            supplied.profiles,
            known_units=units,
            previous_rows=previous_rows,
            same_name_taken=_is_second_of_name(file, landing),
        )
        notes = []
        if units is None and _names_units(file) and intake.accepted is not None:
            notes.append(NO_REGISTER)
        if {"fewer_rows", "more_rows"} & intake.receipt.rules.keys():
            notes.append(
                Note(
                    f"The previous delivery has {previous_rows} rows.",
                    f"Förra leveransen har {previous_rows} rader.",
                )
            )
        return checked_file(intake, tuple(notes))

    def _take_in(
        self,
        file: LandingFile,
        profiles: Profiles,
        *,
        known_units: frozenset[str] | None = None,
        previous_rows: int | None = None,
        same_name_taken: bool = False,
    ) -> Intake:
        return take_in(
            file,
            key=self._key,
            today=self._today,
            received_at=datetime.now(UTC),
            known_units=known_units,
            previous_rows=previous_rows,
            same_name_taken=same_name_taken,
            profiles=profiles,
        )

    def _known_units(self, region_code: str, supplied: SuppliedFile) -> frozenset[str] | None:
        """The units of the region's accepted registers; None where there is none."""
        landing = supplied.landing or ()
        place = (id(landing), region_code)
        if place not in self._units:
            accepted = [
                taken.accepted["unit_id"]
                for each in landing
                if (each.region_code, each.delivery) == (region_code, UNITS.name)
                and (taken := self._take_in(each, supplied.profiles)).accepted is not None
            ]
            self._units[place] = frozenset(pl.concat(accepted)) if accepted else None
        return self._units[place]

    def _previous_rows(self, supplied: SuppliedFile) -> int | None:
        """Rows of the previous accepted snapshot or month with the same suffix; None when there is
        none."""
        file, landing = supplied.file, supplied.landing or ()
        if file.content_date is None:
            return None
        earlier = [
            each
            for each in landing
            if (each.region_code, each.delivery, each.suffix)
            == (file.region_code, file.delivery, file.suffix)
            and each.content_date is not None
            and each.content_date < file.content_date
        ]
        for each in sorted(
            earlier, key=lambda one: (one.content_date, one.file_name), reverse=True
        ):
            if not _is_second_of_name(each, landing):
                receipt = self._take_in(each, supplied.profiles).receipt
                if receipt.status == "accepted":
                    return receipt.rows
        return None


def _is_compared(file: LandingFile) -> bool:
    """Whether the pipeline compares the file with other deliveries."""
    return delivery(file.delivery).period == "snapshot" or _names_units(file)


def _names_units(file: LandingFile) -> bool:
    """Whether rows of the file are compared with the units register."""
    return file.delivery != UNITS.name and "unit_id" in delivery(file.delivery).column_names


def _is_second_of_name(file: LandingFile, landing: tuple[LandingFile, ...]) -> bool:
    """Whether another file has the same name with an extension that goes before."""
    return any(
        (each.region_code, each.delivery, each.stem) == (file.region_code, file.delivery, file.stem)
        and each.file_name < file.file_name
        for each in landing
    )
