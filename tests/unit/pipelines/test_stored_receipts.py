"""Which contents count, and what has become of the others."""

from pathlib import Path

import pytest
from receipts_of_tests import receipt, receipts

from pipelines.receipts import newest, read_receipts, write_receipt
from pipelines.store import Store

FILE = "19/listings/2025-11-30.csv"


def statuses(found) -> list[str]:
    return [found.status(each) for each in found.all]


def test_the_content_that_is_there_counts() -> None:
    found = receipts([receipt(FILE, sha256="a"), receipt(FILE, sha256="b", hour=1)])
    assert [each.sha256 for each in found.in_force] == ["b"]
    assert statuses(found) == ["replaced", "accepted"]


def test_a_refused_content_lets_the_former_stand_in() -> None:
    found = receipts(
        [receipt(FILE, sha256="a"), receipt(FILE, sha256="b", hour=1, status="refused")]
    )
    assert [each.sha256 for each in found.in_force] == ["a"]
    assert statuses(found) == ["accepted", "refused"]


def test_after_two_and_a_refused_one_the_second_stands_in() -> None:
    found = receipts(
        [
            receipt(FILE, sha256="a"),
            receipt(FILE, sha256="b", hour=1),
            receipt(FILE, sha256="c", hour=2, status="refused"),
        ]
    )
    assert statuses(found) == ["replaced", "accepted", "refused"]


def test_a_withdrawn_file_does_not_count() -> None:
    found = receipts([receipt(FILE), receipt("19/units/2025-11-30.csv")], withdrawn=[FILE])
    assert [each.delivery for each in found.in_force] == ["units"]
    assert statuses(found) == ["withdrawn", "accepted"]


def test_a_refused_file_that_is_gone_is_still_refused() -> None:
    found = receipts([receipt(FILE, status="refused")], withdrawn=[FILE])
    assert statuses(found) == ["refused"]


def test_the_same_content_taken_in_twice_counts_once(tmp_path: Path) -> None:
    """By another key or other code: the later receipt counts, and there is one row."""
    store = Store(tmp_path)
    for each in (receipt(FILE, made_by="old"), receipt(FILE, made_by="new", hour=1)):
        write_receipt(store, each)
    found = read_receipts(store, {("19", "listings", "2025-11-30.csv"): "a"})
    assert [each.made_by for each in found.in_force] == ["new"]
    assert found.table()["status"].to_list() == ["accepted"]


def test_newest_snapshot_with_all_its_parts() -> None:
    found = [
        receipt("19/listings/2025-10-31.csv"),
        receipt("19/listings/2025-11-30_b.csv"),
        receipt("19/listings/2025-11-30_a.csv"),
        receipt("19/listings/2025-12-31.csv"),
    ]
    chosen = newest(found, receipt(FILE).reference_date)
    assert [each.file_name for each in chosen] == ["2025-11-30_a.csv", "2025-11-30_b.csv"]


@pytest.mark.parametrize("status", ["accepted", "refused"])
def test_what_is_written_is_read(status: str, tmp_path: Path) -> None:
    store = Store(tmp_path)
    written = [receipt(FILE, status=status, rules={"bad_date": 2}), receipt("19/units/listor.csv")]
    for each in written:
        write_receipt(store, each)
    assert set(map(repr, read_receipts(store, {}).all)) == set(map(repr, written))


def test_a_line_that_was_cut_off_is_no_receipt(tmp_path: Path) -> None:
    """The rest of a run that was killed while writing; the next receipt stands on its own line."""
    store = Store(tmp_path)
    write_receipt(store, receipt(FILE))
    journal = tmp_path / "restricted" / "receipts.jsonl"
    journal.write_bytes(journal.read_bytes()[:-20])
    assert read_receipts(store, {}).all == ()
    write_receipt(store, receipt("19/units/2025-11-30.csv"))
    assert [each.delivery for each in read_receipts(store, {}).all] == ["units"]
