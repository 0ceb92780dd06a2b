"""The receipt: checksum, counts, message; and that no value of a file ever stands in it."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import polars as pl
import pytest
from intake_rows import RECEIVED_AT, Deliver, csv_text, good

from pipelines.intake.take_in import Intake
from schemas.receipts import DELIVERIES_TABLE, REJECTED_ROWS
from schemas.validation import keep_contract

SECRET = "SECRET"
IDENTITY = "197004289895"


def test_a_receipt_holds_what_was_delivered(deliver: Deliver) -> None:
    text = csv_text([good("units"), good("units", operator="x")])
    receipt = deliver("units", text, name="2025-11-30_b").receipt

    assert (receipt.region_code, receipt.delivery) == ("19", "units")
    assert receipt.file_name == "2025-11-30_b.csv"
    assert receipt.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert receipt.received_at == RECEIVED_AT
    assert (receipt.rows, receipt.accepted, receipt.rejected) == (2, 1, 1)
    assert receipt.message == "Rows rejected: unknown_code 1 (operator)."


def test_receipts_and_rejected_rows_keep_their_contracts(deliver: Deliver) -> None:
    taken = [
        deliver("units", [good("units"), good("units", operator="x")]),
        deliver("units", ""),
        deliver("listings", [good("listings")], name="no date"),
    ]
    rows = [
        {name: getattr(intake.receipt, name) for name in DELIVERIES_TABLE.column_names}
        for intake in taken
    ]
    frame = pl.DataFrame(rows, DELIVERIES_TABLE.polars_schema()).sort(DELIVERIES_TABLE.key)
    assert keep_contract(frame, DELIVERIES_TABLE).height == 3
    for intake in taken:
        keep_contract(intake.rejected, REJECTED_ROWS)


def test_a_moment_with_a_zone_is_kept_as_utc() -> None:
    from pipelines.intake.take_in import _without_zone

    stockholm = timezone(timedelta(hours=1))
    assert _without_zone(datetime(2025, 12, 10, 5, 15, tzinfo=stockholm)) == RECEIVED_AT
    assert _without_zone(RECEIVED_AT.replace(tzinfo=UTC)) == RECEIVED_AT


def test_a_refused_file_says_first_why_and_then_what_its_rows_break(deliver: Deliver) -> None:
    message = deliver("units", [good("units", operator="x")]).receipt.message
    assert message == (
        "Not one row keeps the rules. Look at the rules below and send the file again. "
        "Rows rejected: unknown_code 1 (operator)."
    )


def everything_said(taken: Intake) -> str:
    return f"{taken.receipt}{taken.rejected.write_csv()}"


@pytest.mark.parametrize("column", ["person_id", "list_name", "physician_id", "in_queue"])
def test_a_value_of_a_bad_row_is_never_repeated(deliver: Deliver, column: str) -> None:
    for value in (SECRET, IDENTITY, f'"{SECRET}', f'"{SECRET}"x', f"{SECRET},{IDENTITY}"):
        row = csv_text([good("listings", **{column: value})])
        for text in (row, row + row, row.rstrip("\n"), row.split("\n", 1)[1], row + SECRET):
            said = everything_said(deliver("listings", text))
            assert SECRET not in said
            assert IDENTITY not in said
            assert "200002292399" not in said


def test_values_are_not_repeated_from_headings(deliver: Deliver) -> None:
    row = good("listings") | {IDENTITY: "", "19700428-9895 Anna": ""}
    said = everything_said(deliver("listings", [row]))
    assert "9895" not in said
    assert "Anna" not in said
