"""The one place that writes: contract first, whole files or none, for the operator alone."""

import os
import stat
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import StepFailedError, WrongUseError
from pipelines.store import Store, replacing
from schemas.columns import REGION_CODE
from schemas.contract import TableContract
from schemas.validation import ContractBroken

TABLE = TableContract("regions", "", "", "", key=("region_code",), columns=(REGION_CODE,))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "out")
    store.prepare()
    return store


def regions(*codes: str | None) -> pl.DataFrame:
    return pl.DataFrame({"region_code": codes}, schema={"region_code": pl.String})


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_table_is_written_for_the_operator_alone(store: Store) -> None:
    path = store.write_table(regions("01", "19"), TABLE, "some", "folder", "regions.parquet")
    assert pl.read_parquet(path).equals(regions("01", "19"))
    assert mode(path) == 0o600
    assert {mode(folder) for folder in (path.parent, path.parent.parent, store.restricted)} == {
        0o700
    }


@pytest.mark.parametrize(
    "broken",
    [
        regions("01", "01"),
        regions("01", None),
        regions("01").with_columns(more=1),
        regions("01").rename({"region_code": "other"}),
    ],
    ids=["two rows of a key", "missing value", "another column", "no such column"],
)
def test_what_breaks_its_contract_is_not_written(broken: pl.DataFrame, store: Store) -> None:
    store.write_table(regions("19"), TABLE, "regions.parquet")
    with pytest.raises(ContractBroken):
        store.write_table(broken, TABLE, "regions.parquet")
    assert pl.read_parquet(store.path("regions.parquet")).equals(regions("19"))
    assert [path.name for path in store.restricted.iterdir()] == ["regions.parquet"]


def test_an_error_while_writing_leaves_what_was_there(store: Store) -> None:
    store.write_json({"a": 1}, "record.json")
    with suppress(ZeroDivisionError), replacing(store.path("record.json")) as temporary:
        temporary.write_text("half")
        _ = 1 / 0
    assert store.read_json("record.json") == {"a": 1}
    assert [path.name for path in store.restricted.iterdir()] == ["record.json"]


def test_a_record_that_is_not_there(store: Store) -> None:
    assert store.read_json("nothing.json") is None
    assert store.read_json_lines("nothing.jsonl") == []


def test_a_journal_is_only_added_to(store: Store) -> None:
    for number in range(3):
        store.append_json({"number": number}, "journal.jsonl")
    assert store.read_json_lines("journal.jsonl") == [{"number": n} for n in range(3)]
    assert mode(store.path("journal.jsonl")) == 0o600


def test_a_line_without_an_end_is_not_read_and_harms_no_other(store: Store) -> None:
    store.append_json({"number": 1}, "journal.jsonl")
    with store.path("journal.jsonl").open("a") as journal:
        journal.write('{"number": 2')
    store.append_json({"number": 3}, "journal.jsonl")
    assert store.read_json_lines("journal.jsonl") == [{"number": 1}, {"number": 3}]


def test_only_one_holds_the_store(store: Store) -> None:
    with store.locked():
        with pytest.raises(StepFailedError, match="Another run"), store.locked():
            pass
        assert mode(store.path("lock")) == 0o600
    with store.locked():
        pass


def test_a_lock_gives_the_mask_back(store: Store) -> None:
    before = os.umask(0o022)
    try:
        with store.locked():
            (store.restricted / "mine").touch()
        assert mode(store.restricted / "mine") == 0o600
        assert os.umask(0o022) == 0o022
    finally:
        os.umask(before)


def test_a_key_is_made_once(store: Store) -> None:
    key, made = store.key(None)
    assert made
    assert len(key) == 64
    assert mode(store.path("key")) == 0o600
    assert store.key(None) == (key, False)
    assert Store(store.out.parent / "another").key(None)[0] != key


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 64])
def test_a_key_that_will_not_do(content: bytes, store: Store, tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(content)
    with pytest.raises(WrongUseError, match="key"):
        store.key(tmp_path / "key")


def test_a_key_file_that_is_missing_is_never_made(store: Store, tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match="cannot be read"):
        store.key(tmp_path / "key")
    assert not (tmp_path / "key").exists()


def test_a_full_disk_is_said_clearly(store: Store) -> None:
    """/dev/full is a disk without room."""
    store.path("journal.jsonl").symlink_to("/dev/full")
    with pytest.raises(StepFailedError, match="No space left"):
        store.append_json({"number": 1}, "journal.jsonl")
