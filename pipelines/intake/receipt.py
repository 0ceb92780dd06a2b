"""The receipt of a file: what was delivered, what became of it, and what its supplier reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pipelines.intake.refusal import Refusal
from schemas.rules import rule


@dataclass(frozen=True)
class Receipt:
    """One row of the table `deliveries`, and the rules behind it.

    `sha256` is None for a link and for a file that could not be opened; `reference_date` is None
    where the name holds no date; `message` is None where there is nothing to say. `received_at`
    is UTC without a zone. `rows` = `accepted` + `rejected`, always. `rules`: for each rule broken
    the number of rows; 1 for a rule that concerns the whole file.
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
    rules: dict[str, int]


def message(
    refusals: list[Refusal], rules: Mapping[str, int], columns: Mapping[str, str], unknown: str
) -> str | None:
    """What the supplier reads: why refused, then how many rows break which rule, then warnings.

    `columns` names the columns concerned by rule, `unknown` the columns that were not read. None
    where there is nothing to say.
    """
    parts = [refusal.sentence for refusal in refusals]
    rejected = _counted(rules, columns, "reject_row")
    if rejected:
        parts.append(f"Rows rejected: {rejected}.")
    warned = _counted(rules, columns, "warn", without="unknown_column")
    if "unknown_column" in rules:
        warned = "; ".join(filter(None, [warned, f"unknown_column {unknown} (not read)"]))
    if warned:
        parts.append(f"Warnings: {warned}.")
    return " ".join(parts) or None


def _counted(
    rules: Mapping[str, int], columns: Mapping[str, str], grade: str, without: str = ""
) -> str:
    counted = []
    for code, count in sorted(rules.items()):
        if rule(code).grade == grade and code != without:
            of_columns = f" ({columns[code]})" if columns.get(code) else ""
            counted.append(f"{code} {count}{of_columns}")
    return "; ".join(counted)
