"""What `simulate` does with its arguments and with what lies there already."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from landing_reader import all_files, files_of, text_frame

from pipelines.errors import WrongUseError
from pipelines.simulation import SimulationTruth, simulate
from pipelines.simulation.country import SMALLEST_POPULATION
from pipelines.simulation.faults import FAULTS
from pipelines.simulation.levels import NOT_REPORTING
from pipelines.simulation.persons import persons_of_region
from pipelines.simulation.reference import regions
from schemas.regions import region_names

FAULT_NUMBERS = [fault["person_id"] for fault in FAULTS["listings"] if fault.get("person_id")]


def small(landing: Path, **changes: object) -> SimulationTruth:
    arguments: dict[str, object] = {"population": 5_000, "months": 2, "seed": 7} | changes
    return simulate(landing, **arguments)  # type: ignore[arg-type]


def test_another_seed_gives_other_people_of_the_same_structure(tmp_path: Path) -> None:
    small(tmp_path / "a")
    small(tmp_path / "b", seed=8)
    a, b = (text_frame(tmp_path / one / "09/listings/2025-11-30.csv") for one in "ab")
    assert set(a["person_id"]).isdisjoint(set(b["person_id"].drop_nulls()) - set(FAULT_NUMBERS))
    assert abs(a.height - b.height) < 15


def test_the_same_arguments_give_the_same_bytes_with_any_number_of_threads(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from pipelines.simulation import simulate;"
        "simulate(pathlib.Path(sys.argv[1]), population=5000, months=2, seed=7)"
    )
    small(tmp_path / "here")
    subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "one")],
        check=True,
        cwd=Path(__file__).parents[3],
        env={"POLARS_MAX_THREADS": "1", "PATH": ""},
    )
    names = all_files(tmp_path / "here")
    assert names == all_files(tmp_path / "one")
    for name in names:
        one, here = ((tmp_path / folder / name).read_bytes() for folder in ("one", "here"))
        assert one == here, name


def test_last_month_and_months_decide_what_is_written(tmp_path: Path) -> None:
    small(tmp_path, last_month="2024-02", months=3)
    names = {path.name[:7] for path in files_of(tmp_path, "care_contacts", "19")}
    assert names == {"2023-12", "2024-01", "2024-02"}
    assert {path.name[:10] for path in files_of(tmp_path, "listings", "19")} == {
        "2024-01-31",
        "2024-02-29",
    }
    years = {path.name for path in (tmp_path / "reference" / "population").iterdir()}
    assert years == {"2023.csv", "2024.csv"}
    contacts = pl.concat(
        [text_frame(path) for path in files_of(tmp_path, "care_contacts", "19")]
    ).filter(pl.col("contact_date").str.contains(r"^202[34]"))
    assert contacts["contact_date"].str.to_date(strict=False).max() <= date(2024, 2, 29)


def test_a_second_simulation_replaces_the_first(tmp_path: Path) -> None:
    small(tmp_path, months=3)
    (tmp_path / "README.md").write_text("stays")
    small(tmp_path, months=1)
    assert len(files_of(tmp_path, "care_contacts", "19")) == 1
    assert (tmp_path / "README.md").read_text() == "stays"


def test_real_deliveries_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "19" / "units").mkdir(parents=True)
    (tmp_path / "19" / "units" / "2025-11-30.csv").write_text("real")
    with pytest.raises(WrongUseError, match="not simulated"):
        small(tmp_path)
    assert (tmp_path / "19" / "units" / "2025-11-30.csv").read_text() == "real"


@pytest.mark.parametrize("population", [999, 40_000_001])
def test_impossible_sizes_are_refused(population: int, tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match="Choose from 1,000 to 40,000,000 persons"):
        small(tmp_path, population=population)
    with pytest.raises(WrongUseError, match="month"):
        small(tmp_path, months=0)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_smallest_country_has_rows_in_every_file(seed: int, tmp_path: Path) -> None:
    truth = small(tmp_path, population=SMALLEST_POPULATION, months=1, seed=seed)
    assert sum(region.inhabitants for region in truth.regions) == pytest.approx(1000, abs=30)
    files = [path for path in tmp_path.rglob("*") if path.suffix in (".csv", ".gz", ".parquet")]
    empty = [path for path in files if not text_frame(path).height]
    assert empty == []


def test_one_region_alone(tmp_path: Path) -> None:
    truth = small(tmp_path, region_code="09")
    assert {path.name for path in tmp_path.iterdir()} == {"09", "reference"}
    assert [each.region_code for each in truth.regions if each.reports] == ["09"]
    listings = text_frame(tmp_path / "09/listings/2025-11-30.csv")
    assert listings.height == pytest.approx(5_000, rel=0.05)


@pytest.mark.parametrize("code", ["99", NOT_REPORTING])
def test_a_region_that_cannot_report(code: str, tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match=f"Region {code} cannot be simulated"):
        small(tmp_path, region_code=code)
    assert list(tmp_path.iterdir()) == []


def test_more_persons_of_an_age_than_it_has_personnummer() -> None:
    """365 days and 499 numbers for a sex: further inhabitants have samordningsnummer."""
    region, neighbour = regions()[:2]
    used = pl.DataFrame({"age": range(105)}, schema={"age": pl.Int16}).join(
        pl.DataFrame({"man": [True, False]}), how="cross"
    )
    persons = persons_of_region(
        region,
        neighbour,
        count=100_000,
        first_person=0,
        used=used.with_columns(used=pl.lit(365 * 499 - 100, pl.Int64)),
        seed=1,
        day=date(2025, 11, 30),
        sabo_factor=1.0,
        has_samordningsnummer=False,
    )
    assert persons["person_id"].is_unique().all()
    days = persons.filter(~pl.col("person_id").str.contains("[A-Z]"))["person_id"].str.slice(6, 2)
    further = (days.cast(pl.Int64) > 60).sum()
    # The first hundred of each age and sex have the last personnummer.
    of_ages = persons.group_by("age", "man").len()["len"].cast(pl.Int64)
    assert further == (of_ages - 100).clip(lower_bound=0).sum()


def test_progress_tells_every_region(tmp_path: Path) -> None:
    lines: list[str] = []
    small(tmp_path, progress=lines.append)
    assert [line[:2] for line in lines] == sorted(region_names())
