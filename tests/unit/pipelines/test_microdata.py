"""Parts of a snapshot put together: a key that stands in two of them counts once."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from receipts_of_tests import receipt
from spec.texts import contacts, markings, units

from pipelines.engine import POLARS
from pipelines.microdata import microdata
from pipelines.receipts import StoredReceipt
from pipelines.store import Store
from schemas.contract import TableContract
from schemas.deliveries import UNITS


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def stored(store: Store, files: dict[str, pl.DataFrame]) -> tuple[StoredReceipt, ...]:
    """These frames as the microdata of files of region 19."""
    found = []
    for place, frame in files.items():
        each = receipt(f"19/{place}.csv")
        path = each.microdata(store)
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.drop("source", strict=False).write_parquet(path)
        found.append(each)
    return tuple(found)


def rows(store: Store, files: tuple[StoredReceipt, ...]) -> pl.DataFrame:
    return POLARS.collect([microdata(POLARS, store, files)])[0]


def test_the_first_part_by_file_name_counts(store: Store) -> None:
    parts = stored(
        store,
        {
            "units/2025-11-30_b": units("unit_id municipality\nA 0480\nB 0480"),
            "units/2025-11-30_a": units("unit_id municipality\nA 1980"),
        },
    )
    found = rows(store, parts).sort("unit_id")
    assert found.select("unit_id", "municipality").rows() == [("A", "1980"), ("B", "0480")]


def test_the_same_contact_in_two_parts_of_a_month_is_one(store: Store) -> None:
    day = {"contact_date": date(2025, 11, 3)}
    parts = stored(
        store,
        {
            "care_contacts/2025-11_a": contacts("person\nanna\nbo", **day),
            "care_contacts/2025-11_b": contacts("person\nanna", **day),
            "care_contacts/2025-10": contacts("person\nanna", contact_date=date(2025, 10, 3)),
        },
    )
    assert rows(store, parts).height == 3


def test_sources_of_markings_are_no_parts_of_one_another(store: Store) -> None:
    parts = stored(
        store,
        {
            "care_markings/2025-11-30_cosmic": markings("person\nanna"),
            "care_markings/2025-11-30_1980": markings("person\nanna"),
        },
    )
    found = rows(store, parts)
    assert sorted(found["source"]) == ["1980", "cosmic"]


def test_no_file_is_an_empty_table() -> None:
    contract: TableContract = UNITS.stored
    assert POLARS.collect([POLARS.scan([], contract)])[0].equals(contract.empty())
