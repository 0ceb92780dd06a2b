"""Months made by another definition are not compared; months made by other code are published."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from integration.landing import two_regions
from integration.running import flk, published, statistics
from schemas.registers import DEFINITIONS
from tests.shared_work import SharedWork

FIGURE = "continuity.listed.physician.own_unit.18m.3v.COC.mean"


def _run_two_months(folder: Path) -> Path:
    landing, out = two_regions(folder / "landing"), folder / "out"
    for name in ("listings", "units", "physicians"):
        for region in sorted(landing.iterdir()):
            for file in (region / name).glob("2025-11-30*"):
                (region / name / file.name.replace("11-30", "10-31")).write_bytes(file.read_bytes())
    for month in ("2025-10", "2025-11"):
        ended = flk("run", "--landing", landing, "--out", out, "--month", month)
        assert ended.status == 0, ended.err
    return folder


@pytest.fixture
def landing(shared_work: SharedWork, tmp_path: Path) -> Path:
    """Two regions, with the same snapshots in October as in November."""
    made = shared_work.make("october_and_november", _run_two_months)
    return Path(shutil.copytree(made / "landing", tmp_path / "landing"))


@pytest.fixture
def two_months(shared_work: SharedWork, out: Path) -> Path:
    """Where figures of both months have been made."""
    made = shared_work.make("october_and_november", _run_two_months)
    return Path(shutil.copytree(made / "out", out))


def reasons(out: Path) -> list[str | None]:
    frame = statistics(out, "target_status").filter(
        month="2025-11", target_id="continuity_physician", status="ok"
    )
    return frame["reason"].to_list()


def slice_of(out: Path) -> Path:
    return out / "restricted/parts/2025-10/definitions/continuity.parquet"


def test_another_definition_in_the_baseline_month(two_months: Path, landing: Path) -> None:
    """As if October had been made when the definition was another."""
    path = slice_of(two_months)
    other = pl.col("indicator") == FIGURE
    pl.read_parquet(path).with_columns(
        definition_hash=pl.when(other).then(pl.lit("0" * 16)).otherwise("definition_hash")
    ).write_parquet(path)
    (two_months / "restricted/publication.json").unlink()
    flk("run", "--landing", landing, "--out", two_months, "--month", "2025-11")
    found = reasons(two_months)
    assert found
    assert all("The definition is another than in 2025-10" in str(each) for each in found)
    hashes = published(
        two_months,
        f"select from_month, definition_hash from definitions where indicator = '{FIGURE}' "
        "order by all",
    )
    assert [month for month, _ in hashes] == ["2025-10", "2025-11"]


def test_a_month_that_lacks_a_column_of_now_is_published_without_it(
    two_months: Path, landing: Path
) -> None:
    path = slice_of(two_months)
    pl.read_parquet(path).drop("target_id", "delivery").write_parquet(path)
    (two_months / "restricted/publication.json").unlink()
    ended = flk("run", "--landing", landing, "--out", two_months, "--month", "2025-11")
    assert ended.status == 0, ended.err
    columns = published(two_months, "select column_name from (describe definitions)")
    assert [name for (name,) in columns] == DEFINITIONS.column_names
