"""One delivered file from its bytes to microdata, rejected rows and a receipt.

The steps stand in the other modules; here are their order and the rules about whole files.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime

import polars as pl

from pipelines.intake.check_rows import CheckedRows, check_rows
from pipelines.intake.content import read_content
from pipelines.intake.landing import LandingFile
from pipelines.intake.receipt import Receipt, message
from pipelines.intake.refusal import FileRefusedError, Refusal
from pipelines.intake.row_rules import Circumstances
from pipelines.intake.stored import with_name_keys
from pipelines.intake.text_table import TextTable, read_table
from schemas.contract import DeliveryContract
from schemas.deliveries import delivery
from schemas.receipts import REJECTED_ROWS
from schemas.regions import municipality_names
from schemas.rules import (
    LARGEST_DROP_BETWEEN_SNAPSHOTS,
    LARGEST_REJECTED_SHARE,
    SMALLEST_REFUSED_REJECTION,
)

COSMIC = "cosmic"


@dataclass(frozen=True)
class Intake:
    """What became of a file.

    `accepted` keeps the delivery's `stored` contract, sorted by its key; None where refused.
    `list_names` keeps LIST_NAMES, for listings only. `rejected` keeps REJECTED_ROWS: a row for
    each line and rule; for a refused file as far as its rows were looked at.
    """

    receipt: Receipt
    accepted: pl.DataFrame | None
    list_names: pl.DataFrame | None
    rejected: pl.DataFrame


def take_in(
    file: LandingFile,
    *,
    key: str,
    today: date,
    received_at: datetime,
    known_units: frozenset[str] | None = None,
    previous_rows: int | None = None,
    same_name_taken: bool = False,
) -> Intake:
    """Read, check and pseudonymise one delivered file; nothing is written.

    `key` is the pseudonymisation key, `today` the day of the run, `received_at` the moment (with
    a zone, or UTC without). `known_units` are the HSA-ids of the units register, None where there
    is none to compare with; `previous_rows` the rows of the previous snapshot; `same_name_taken`
    says that another file of the same name with another extension goes before this one.

    A bad file gives a refused receipt, never an exception. No value of the file stands in any
    message. That the microdata keeps its contract is checked by who stores it.
    """
    run = _Run(file, today, _without_zone(received_at))
    run.refusals += _name_refusals(file, today, same_name_taken)
    if file.is_link:
        run.refusals.insert(0, Refusal("link"))
        return run.refused()
    try:
        content = read_content(file.path)
        run.sha256 = hashlib.sha256(content).hexdigest()
        contract = delivery(file.delivery)
        table = read_table(content, file.extension, contract)
    except FileRefusedError as refused:
        run.refusals.append(refused.refusal)
        return run.refused()
    del content
    run.rows = table.frame.height
    run.refusals += table.refusals
    content_date = file.content_date
    if run.refusals or content_date is None:
        return run.refused()

    around = Circumstances(file.region_code, content_date, file.suffix, today, known_units)
    checked = check_rows(table.frame, contract, around, key)
    run.look_at(checked)
    run.refusals += _row_refusals(run.rows, checked.rejected)
    if run.refusals:
        return run.refused()
    run.warn(table, contract, checked, previous_rows)
    return run.accepted(checked, contract, key)


def _without_zone(moment: datetime) -> datetime:
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def _name_refusals(file: LandingFile, today: date, same_name_taken: bool) -> list[Refusal]:
    """What is wrong with the file before it is opened."""
    refusals = []
    content_date = file.content_date
    if content_date is None and not file.is_link:
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
        return [Refusal("too_many_rejected", f"Rejected: {rejected} of {rows}.")]
    return []


class _Run:
    """What is known of a file so far; ends in an Intake."""

    def __init__(self, file: LandingFile, today: date, received_at: datetime) -> None:
        self.file = file
        self.today = today
        self.received_at = received_at
        self.sha256: str | None = None
        self.rows = 0
        self.refusals: list[Refusal] = []
        self.rules: dict[str, int] = {}
        self.columns: dict[str, str] = {}
        self.unknown = ""
        self.rejected_rows = REJECTED_ROWS.empty()

    def look_at(self, checked: CheckedRows) -> None:
        """Keep what the rows' checks found."""
        counts = checked.broken.group_by("rule").agg(
            pl.len(), pl.col("columns").drop_nulls().unique().sort()
        )
        for code, count, columns in counts.sort("rule").iter_rows():
            self.rules[code] = count
            self.columns[code] = ", ".join(dict.fromkeys(", ".join(columns).split(", ")))
        self.rules |= checked.warnings
        self.rejected_rows = checked.broken.select(
            region_code=pl.lit(self.file.region_code),
            delivery=pl.lit(self.file.delivery),
            file_name=pl.lit(self.file.file_name),
            sha256=pl.lit(self.sha256),
            line="line",
            rule="rule",
            columns="columns",
        )

    def warn(
        self,
        table: TextTable,
        contract: DeliveryContract,
        checked: CheckedRows,
        previous_rows: int | None,
    ) -> None:
        """Add the warnings about the whole file."""
        if table.unknown_columns:
            self.rules["unknown_column"] = len(table.unknown_columns)
            self.unknown = ", ".join(table.unknown_columns)
        if contract.period == "snapshot" and previous_rows is not None:
            lost = (previous_rows - self.rows) * 100
            if lost > previous_rows * round(LARGEST_DROP_BETWEEN_SNAPSHOTS * 100):
                self.rules["fewer_rows"] = 1
                self.columns["fewer_rows"] = f"{self.rows} rows, {previous_rows} before"

    def refused(self) -> Intake:
        """The whole file refused."""
        rules = {refusal.rule: 1 for refusal in self.refusals} | self.rules
        return Intake(self._receipt("refused", 0, rules), None, None, self.rejected_rows)

    def accepted(self, checked: CheckedRows, contract: DeliveryContract, key: str) -> Intake:
        """The file taken in: the rows that broke no rule, in the form in which they are kept."""
        named, list_names = with_name_keys(checked.accepted, contract, key)
        stored = named.select(contract.stored.column_names)
        receipt = self._receipt("accepted", stored.height, self.rules)
        return Intake(receipt, stored, list_names, self.rejected_rows)

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
            message=message(self.refusals, rules, self.columns, self.unknown),
            rules=rules,
        )
