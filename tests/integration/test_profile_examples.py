"""The files in regions' own layouts, the whole way: every row accepted, figures worked by hand."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from integration.running import PROJECT, flk
from tests.shared_work import SharedWork

LANDING = PROJECT / "data" / "profiles" / "landing"


@pytest.fixture(scope="module")
def made(shared_work: SharedWork) -> Path:
    return shared_work.make("profile_examples", _run_profile_examples)


def _run_profile_examples(folder: Path) -> Path:
    out = folder / "out"
    ended = flk("run", "--landing", LANDING, "--out", out)
    assert ended.status == 0, ended.err
    return out


def table(out: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(out / "restricted" / "statistics" / f"{name}.parquet")


def test_every_row_is_accepted(made: Path) -> None:
    deliveries = table(made, "deliveries")
    assert deliveries["status"].unique().to_list() == ["accepted"]
    assert deliveries["rejected"].sum() == 0
    rows = dict(deliveries.select("file_name", "rows").rows())
    assert rows["2025-11-30_flisa.csv"] == 41
    assert rows["2025-11-30_cosmic.csv"] == 8
    assert rows["2025-11-30_1962.xlsx"] == 6
    assert rows["2025-11-30_1983.xlsx"] == 4
    assert rows["2025-11-30.json"] == 12
    messages = dict(deliveries.select("file_name", "message").rows())
    assert messages["2025-11-30_1962.xlsx"] == (
        "Skipped, as they are no data: 2 above the headings (line 1, 2); 2 without any value "
        "(line 9, 13); 2 begins as the profile says (line 14, 15)."
    )


def test_coverage(made: Path) -> None:
    coverage = table(made, "coverage").filter(
        sex="all", age_group="all", definition="reported", level="region"
    )

    def counted(population: str, region: str) -> tuple[int, int]:
        [row] = coverage.filter(population=population, area_code=region).rows(named=True)
        return row["numerator"], row["denominator"]

    # Of 41 rows one person is in the queue. 12 sit on lists named after the unit.
    assert counted("listed", "19") == (28, 40)
    # Ten persons, two of them with a former listing too; one without physician.
    assert counted("listed", "20") == (9, 10)
    # Six in Cosmic, all named; Norberg: five, one has moved out and one has no main care, so four,
    # on fictitious lists; Köping: three, of whom one is named.
    assert counted("sabo", "19") == (7, 13)


def test_markings_by_source(made: Path) -> None:
    markings = table(made, "care_markings").filter(level="region", area_code="19")
    persons = {
        (row[0], row[1]): row[2] for row in markings.select("setting", "source", "persons").rows()
    }
    assert persons["sabo", "cosmic"] == 6
    assert persons["sabo", "municipality"] == 8
    assert persons["hemsjukvard", "cosmic"] == 2
    assert persons["dagverksamhet", "municipality"] == 1


def test_a_broken_profile_ends_with_wrong_use(made: Path, tmp_path: Path) -> None:
    landing, out = tmp_path / "landing", tmp_path / "out"
    shutil.copytree(LANDING, landing)
    shutil.copytree(made, out)
    profile = landing / "profiles" / "20.toml"
    profile.write_text(profile.read_text("utf-8").replace("records", "record"), "utf-8")
    before = (out / "published" / "statistics.duckdb").read_bytes()
    ended = flk("run", "--landing", landing, "--out", out)
    assert ended.status == 2
    assert ended.err.startswith("flk: A region's profile cannot be used, so nothing was done. ")
    assert "20.toml: layout 1: unknown key record. The keys of a layout are delivery," in ended.err
    assert (out / "published" / "statistics.duckdb").read_bytes() == before


def test_switching_the_name_rule_off_makes_the_regions_figures_again(
    made: Path, tmp_path: Path
) -> None:
    landing, out = tmp_path / "landing", tmp_path / "out"
    shutil.copytree(LANDING, landing)
    shutil.copytree(made, out)
    profile = landing / "profiles" / "19.toml"
    text = profile.read_text("utf-8")
    profile.write_text(
        text.replace("fictitious_name_rule = true", "fictitious_name_rule = false"), "utf-8"
    )
    receipts = (out / "restricted" / "receipts.jsonl").read_bytes()
    assert flk("run", "--landing", landing, "--out", out).status == 0
    assert (out / "restricted" / "receipts.jsonl").read_bytes() == receipts
    [row] = (
        table(out, "coverage")
        .filter(sex="all", age_group="all", definition="reported", level="region")
        .filter(population="listed", area_code="19")
        .rows(named=True)
    )
    # The eight on "Norbergs vårdcentral Dr Norberg 1" have a physician.
    assert (row["numerator"], row["denominator"]) == (36, 40)
