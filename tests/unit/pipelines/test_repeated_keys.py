"""How many rows are left out because an earlier part of a snapshot or month has their key."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from receipts_of_tests import receipt
from spec.texts import contacts, markings, units

from pipelines.engine import POLARS
from pipelines.microdata import repeated_keys
from pipelines.store import Store


def counted(folder: Path, files: dict[str, pl.DataFrame]) -> tuple[int, int] | None:
    """Numerator and denominator; None where no snapshot came in parts."""
    store, found = Store(folder), []
    for place, frame in files.items():
        each = receipt(f"19/{place}.csv")
        path = each.microdata(store)
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.drop("source", strict=False).write_parquet(path)
        object.__setattr__(each, "accepted", frame.height)
        found.append(each)
    frame = repeated_keys(POLARS, store, tuple(found))
    return None if frame is None else POLARS.collect([frame])[0].row(0)


def test_keys_of_a_snapshot_in_two_parts(tmp_path: Path) -> None:
    """A and B stand in the first part, B and C in the second: one row of four is left out."""
    parts = {
        "units/2025-11-30_a": units("unit_id\nA\nB"),
        "units/2025-11-30_b": units("unit_id\nB\nC"),
    }
    assert counted(tmp_path, parts) == (1, 4)


def test_only_months_that_came_in_parts_are_counted(tmp_path: Path) -> None:
    days = {month: {"contact_date": date(2025, month, 3)} for month in (9, 10, 11)}
    files = {
        "care_contacts/2025-09": contacts("person\nanna\nbo", **days[9]),
        "care_contacts/2025-10_a": contacts("person\nanna", **days[10]),
        "care_contacts/2025-10_b": contacts("person\nanna", **days[10]),
        "care_contacts/2025-11_a": contacts("person\nanna", **days[11]),
        "care_contacts/2025-11_b": contacts("person\nbo", **days[11]),
    }
    assert counted(tmp_path, files) == (1, 4)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"units/2025-11-30": units("unit_id\nA")},
        {"care_markings/2025-11-30_cosmic": markings("person\nanna"),
         "care_markings/2025-11-30_1980": markings("person\nanna")},
    ],
)  # fmt: skip
def test_nothing_in_parts(tmp_path: Path, files: dict[str, pl.DataFrame]) -> None:
    assert counted(tmp_path, files) is None
