"""A store that is deleted, cannot be written to, or lives on a machine whose clock goes back."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from integration.landing import land
from integration.running import flk, result_bytes
from pipelines import arrivals


@pytest.mark.parametrize("kept", ["key", None])
def test_a_deleted_store(kept: str | None, copied: None, landing: Path, out: Path) -> None:
    """With its key or with another, the same figures."""
    figures, key = result_bytes(out), (out / "restricted" / "key").read_bytes()
    shutil.rmtree(out)
    if kept:
        (out / "restricted").mkdir(parents=True)
        (out / "restricted" / "key").write_bytes(key)
    assert flk("run", "--landing", landing, "--out", out).status == 0
    assert ((out / "restricted" / "key").read_bytes() == key) == (kept == "key")
    assert result_bytes(out) == figures


def test_a_clock_that_goes_back(
    copied: None, landing: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which content counts is decided by what lies there, not by when it was received."""

    class Earlier(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return datetime(2025, 12, 1, tzinfo=tz)  # type: ignore[arg-type]

    monkeypatch.setattr(arrivals, "datetime", Earlier)
    persons = "\n".join(["person", "anna", "bo", "eva"])
    land(landing, "19/listings/2025-11-30", persons)
    assert flk("run", "--landing", landing, "--out", out).status == 0
    whole = out.parent / "whole"
    assert flk("run", "--landing", landing, "--out", whole).status == 0
    assert result_bytes(out) == result_bytes(whole)
    # The newer content, received "earlier", stands in for a refused one.
    (landing / "19/listings/2025-11-30.csv").write_text("person_id\n")
    assert flk("run", "--landing", landing, "--out", out).status == 1
    standing_in = result_bytes(out)
    for table in ("coverage.parquet", "list_load.parquet", "continuity.parquet"):
        assert standing_in[table] == result_bytes(whole)[table]
