"""Every rule about whole files: what refuses a file, what only warns, and what is counted."""

import gzip
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from intake_rows import GOOD_ROWS, KEY, RECEIVED_AT, TODAY, Deliver, csv_text, good

from pipelines.intake.landing import landing_file
from pipelines.intake.take_in import Intake, take_in
from schemas.rules import RULES, rule

UNITS = csv_text([good("units"), good("units", valid_from="2011-01-01")])


def refused_by(taken: Intake) -> list[str]:
    """The rules that refused the file; it must be refused whole."""
    assert taken.receipt.status == "refused"
    assert taken.receipt.accepted == 0
    assert taken.accepted is None
    assert taken.list_names is None
    codes = [code for code in taken.receipt.rules if rule(code).grade == "reject_delivery"]
    assert taken.receipt.message is not None
    return codes


@pytest.mark.parametrize(
    ("delivery", "name"),
    [
        ("units", "units"),
        ("units", "2025-11"),
        ("units", "2025-02-30"),
        ("units", "2025-11-30x"),
        ("units", "20251130"),
        ("care_contacts", "2025-13"),
        ("care_contacts", "2025-13-01"),
        ("care_contacts", "2025-11-01"),
        ("population", "24"),
    ],
)
def test_a_name_without_the_date_of_its_period_refuses(
    deliver: Deliver, delivery: str, name: str
) -> None:
    taken = deliver(delivery, [GOOD_ROWS[delivery]], name=name)

    assert refused_by(taken) == ["name_without_date"]
    assert taken.receipt.reference_date is None
    assert (taken.receipt.rows, taken.receipt.rejected) == (1, 1)


@pytest.mark.parametrize(
    ("delivery", "name", "day"),
    [
        ("units", "2025-11-30", date(2025, 11, 30)),
        ("units", "2025-11-30_part2", date(2025, 11, 30)),
        ("care_contacts", "2025-11", date(2025, 11, 1)),
        ("care_contacts", "2025-11_b", date(2025, 11, 1)),
        ("population", "2024", date(2024, 1, 1)),
    ],
)
def test_the_reference_date_is_that_of_the_name(
    deliver: Deliver, delivery: str, name: str, day: date
) -> None:
    receipt = deliver(delivery, [GOOD_ROWS[delivery]], name=name).receipt
    assert (receipt.status, receipt.reference_date) == ("accepted", day)


@pytest.mark.parametrize("name", ["2025-11-30", "2025-11-30_x", "2025-11-30_9999"])
def test_markings_without_a_known_source_refuse(deliver: Deliver, name: str) -> None:
    taken = deliver("care_markings", [good("care_markings")], name=name)
    assert refused_by(taken) == ["unknown_source"]


def test_a_snapshot_of_tomorrow_refuses_and_one_of_today_does_not(deliver: Deliver) -> None:
    assert refused_by(deliver("units", UNITS, name="2025-12-11")) == ["dated_in_future"]
    assert deliver("units", UNITS, name="2025-12-10").receipt.status == "accepted"


def test_the_same_name_with_another_extension_refuses(deliver: Deliver) -> None:
    taken = deliver("units", UNITS, same_name_taken=True)
    assert refused_by(taken) == ["same_name_twice"]
    assert taken.receipt.rejected == 2


def test_a_link_refuses_and_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "somewhere.csv"
    target.write_text(UNITS)
    link = tmp_path / "2025-11-30.csv"
    link.symlink_to(target)
    taken = take_in(
        landing_file(link, "19", "units"), key=KEY, today=TODAY, received_at=RECEIVED_AT
    )

    assert refused_by(taken) == ["link"]
    assert taken.receipt.sha256 is None
    assert taken.receipt.rows == 0


def test_a_link_put_in_the_place_of_a_listed_file_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "2025-11-30.csv"
    path.write_text(UNITS)
    listed = landing_file(path, "19", "units")
    path.rename(tmp_path / "other.csv")
    path.symlink_to(tmp_path / "other.csv")
    taken = take_in(listed, key=KEY, today=TODAY, received_at=RECEIVED_AT)

    assert refused_by(taken) == ["link"]


def truncated_parquet(tmp_path: Path) -> bytes:
    pl.DataFrame([good("units")]).write_parquet(tmp_path / "whole.parquet")
    return (tmp_path / "whole.parquet").read_bytes()[:-20]


def test_unreadable_files_refuse(deliver: Deliver, tmp_path: Path) -> None:
    packed = gzip.compress(UNITS.encode())
    broken_off = UNITS.rstrip("\n").removesuffix(",2011-01-01,")
    unreadable = [
        (packed[:-12], "csv.gz"),
        (packed[:30], "csv.gz"),
        (packed[:-8] + b"00000000", "csv.gz"),
        (UNITS.encode(), "csv.gz"),
        (packed, "csv"),
        (broken_off.encode(), "csv"),
        ((UNITS + '"open quote,').encode(), "csv"),
        (truncated_parquet(tmp_path), "parquet"),
        (UNITS.encode(), "parquet"),
        (b"PK\x03\x04 a workbook", "xlsx"),
        (b"[]", "json"),
    ]
    for content, extension in unreadable:
        taken = deliver("units", content, extension=extension)
        assert refused_by(taken) == ["unreadable"]
        assert (taken.receipt.rows, taken.receipt.rejected) == (0, 0)
        assert taken.receipt.sha256 is not None


def test_kinds_that_are_not_read_say_what_to_send(deliver: Deliver) -> None:
    message = deliver("units", b"[]", extension="json").receipt.message
    assert message == (
        "Files of the kind .json are not read. Deliver CSV (csv, csv.gz), Parquet or Excel (xlsx)."
    )


@pytest.mark.parametrize("delimiter", ["\t", "|"])
def test_another_delimiter_is_guessed_to_be_what_is_wrong(deliver: Deliver, delimiter: str) -> None:
    message = deliver("units", UNITS.replace(",", delimiter)).receipt.message or ""
    assert "neither a comma nor a semicolon between headings" in message


@pytest.mark.parametrize(
    "content",
    [UNITS.encode("latin-1"), UNITS.encode("utf-16"), UNITS.encode("utf-16-le"), b"\xff" * 9],
)
def test_other_encodings_refuse(deliver: Deliver, content: bytes) -> None:
    assert refused_by(deliver("units", content)) == ["wrong_encoding"]


def test_bytes_that_are_no_utf8_are_found_in_columns_that_are_not_read_too(
    deliver: Deliver,
) -> None:
    content = csv_text([good("units") | {"note": "?"}]).encode().replace(b"?", b"\xe5")
    assert refused_by(deliver("units", content)) == ["wrong_encoding"]


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff", UNITS.splitlines()[0]])
def test_files_without_rows_refuse(deliver: Deliver, content: str) -> None:
    taken = deliver("units", content)
    assert refused_by(taken) == ["empty_file"]
    assert taken.receipt.rows == 0


def test_two_columns_of_one_name_refuse(deliver: Deliver) -> None:
    taken = deliver("units", UNITS.replace("valid_to", "unit_name", 1))
    assert refused_by(taken) == ["duplicate_header"]
    assert taken.receipt.rejected == 2
    assert "unit_name" in (taken.receipt.message or "")


def test_a_required_column_that_is_missing_refuses(deliver: Deliver) -> None:
    taken = deliver("units", UNITS.replace("unit_name", "name").replace("operator", "Operator"))
    assert refused_by(taken) == ["missing_column"]
    assert (taken.receipt.rows, taken.receipt.rejected) == (2, 2)
    assert "Missing: unit_name, operator." in (taken.receipt.message or "")


def test_a_missing_header_refuses_and_its_row_is_not_quoted(deliver: Deliver) -> None:
    taken = deliver("listings", csv_text([good("listings")]).split("\n", 1)[1])
    assert refused_by(taken) == ["missing_column", "duplicate_header", "empty_file"]
    assert "Andersson" not in (taken.receipt.message or "")


def test_no_row_accepted_refuses_and_says_why(deliver: Deliver) -> None:
    taken = deliver("units", [good("units", operator="x")])
    assert refused_by(taken) == ["no_row_accepted"]
    assert taken.receipt.rules == {"no_row_accepted": 1, "unknown_code": 1}
    assert taken.rejected.select("line", "rule").rows() == [(2, "unknown_code")]


@pytest.mark.parametrize(
    ("good_rows", "bad_rows", "refused"),
    [(10, 9, False), (80, 10, True), (90, 10, False), (89, 10, True), (1, 9, False)],
)
def test_more_than_a_tenth_and_at_least_ten_rejected_rows_refuse(
    deliver: Deliver, good_rows: int, bad_rows: int, refused: bool
) -> None:
    rows = [good("units", unit_id=f"SE1-{number}") for number in range(good_rows)]
    rows += [good("units", operator="x")] * bad_rows
    taken = deliver("units", rows)

    assert (taken.receipt.status == "refused") == refused
    assert taken.rejected.height == bad_rows
    if refused:
        assert refused_by(taken) == ["too_many_rejected"]
        assert taken.receipt.rejected == good_rows + bad_rows


def test_unknown_columns_are_not_read_and_warned_about(deliver: Deliver) -> None:
    taken = deliver("units", [good("units") | {"note": "x", "19700428-9895": "y"}])
    assert taken.receipt.status == "accepted"
    assert taken.receipt.rules == {"unknown_column": 2}
    assert taken.receipt.message == "Warnings: unknown_column note, number 8 (not read)."


@pytest.mark.parametrize(
    ("previous", "warned"), [(None, False), (2, False), (3, True), (1, False), (0, False)]
)
def test_over_thirty_per_cent_fewer_rows_are_warned_about(
    deliver: Deliver, previous: int | None, warned: bool
) -> None:
    receipt = deliver("units", UNITS, previous_rows=previous).receipt
    assert receipt.status == "accepted"
    assert ("fewer_rows" in receipt.rules) == warned


def test_exactly_thirty_per_cent_fewer_rows_are_not_warned_about(deliver: Deliver) -> None:
    rows = [good("units", unit_id=f"SE1-{number}") for number in range(7)]
    assert deliver("units", rows, previous_rows=10).receipt.rules == {}
    assert deliver("units", rows, previous_rows=11).receipt.rules == {"fewer_rows": 1}


def test_contacts_are_no_snapshot_to_compare_with(deliver: Deliver) -> None:
    taken = deliver("care_contacts", [good("care_contacts")], previous_rows=1000)
    assert taken.receipt.rules == {}


def test_every_rule_about_files_is_tried_here() -> None:
    text = Path(__file__).read_text("utf-8")
    elsewhere = {
        "correction_does_not_fit",
        "name_not_usable",
    }  # test_corrections, test_hostile_input
    codes = {rule.code for rule in RULES if rule.grade == "reject_delivery"} - elsewhere
    assert [code for code in codes if f'"{code}"' not in text] == []
