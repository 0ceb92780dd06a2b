"""Files taken in together become what each of them becomes alone, whatever the others hold."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from intake_rows import KEY, RECEIVED_AT, TODAY, another, csv_text, good

from pipelines import arrivals
from pipelines.errors import StepFailedError
from pipelines.intake import take_in as intake_of_files
from pipelines.intake.landing import landing_files
from pipelines.intake.take_in import take_in, take_in_files
from pipelines.intake.text_table import read_table
from pipelines.store import Store

BAD = good("care_markings", municipality="0000")
FILES = {
    "19/care_markings/2025-10-31_cosmic.csv": [good("care_markings"), BAD],
    "19/care_markings/2025-11-30_1980.csv": [good("care_markings", municipality="0180")] * 2,
    "19/care_markings/2025-11-30_cosmic.csv": [BAD],
    "19/care_markings/2025-12-01_cosmic.csv": [good("care_markings"), another("care_markings")],
    "20/care_markings/2025-11-30_cosmic.csv": [good("care_markings", person_id="20000101T220")],
}


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    """Good files, bad rows, a refused file, one that cannot be read, two regions."""
    folder = tmp_path / "landing"
    for name, rows in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(csv_text(rows))
    short = csv_text([{name: value for name, value in another("care_markings").items() if value}])
    (folder / "19/care_markings/2025-12-02_cosmic.csv").write_text(short)
    (folder / "19/care_markings/2025-12-03_cosmic.csv").write_bytes(b"\xff\xfe")
    return folder


def test_a_batch_gives_for_each_file_what_the_file_gives_alone(landing: Path) -> None:
    files = landing_files(landing)
    together = take_in_files(
        files,
        key=KEY,
        today=TODAY,
        received_at=RECEIVED_AT,
        known_units={},
        previous_rows=lambda file: 10,
    )
    for file, one in zip(files, together, strict=True):
        alone = take_in(file, key=KEY, today=TODAY, received_at=RECEIVED_AT, previous_rows=10)
        assert one.receipt == alone.receipt
        assert one.rejected.equals(alone.rejected)
        assert (one.accepted is None) == (alone.accepted is None)
        if one.accepted is not None and alone.accepted is not None:
            assert one.accepted.equals(alone.accepted)


def test_an_error_in_a_batch_leaves_out_only_the_file_that_causes_it(
    landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(content: bytes, *others: object) -> object:
        if b"0180" in content:
            raise RuntimeError("SECRET")
        return read_table(content, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(intake_of_files, "read_table", fails)
    store = Store(tmp_path / "out")
    store.prepare()

    def run() -> list[str]:
        seen = arrivals.look_at(landing, store, KEY)
        taken = arrivals.take_in_partition(
            seen,
            delivery_name="care_markings",
            partitions=None,
            key=KEY,
            today=datetime.now(UTC).date(),
            progress=lambda receipt: None,
        )
        return [f"{each.region_code}/{each.file_name}" for each in taken]

    with pytest.raises(StepFailedError, match=r"2025-11-30_1980\.csv could not") as failed:
        run()
    assert "SECRET" not in str(failed.value)
    receipts = arrivals.look_at(landing, store, KEY).receipts.all
    assert {each.file_name for each in receipts if each.region_code == "19"} == {
        "2025-10-31_cosmic.csv"
    }
    assert [each.status for each in receipts if each.region_code == "20"] == ["accepted"]
    monkeypatch.undo()
    assert "19/2025-11-30_1980.csv" in run()
    stored = pl.read_parquet(store.path("microdata", "care_markings", "19", "*.parquet"))
    assert stored.height == 5
