"""The committed folders are what the simulation makes: sample and refused examples."""

from pathlib import Path

import polars as pl
import pytest
from landing_reader import all_files, content

from pipelines.simulation import simulate, write_refused_examples

DATA = Path(__file__).parents[3] / "data"
SAMPLE = {"population": 20_000, "months": 20, "seed": 2025}


def assert_same_content(made: Path, committed: Path) -> None:
    assert all_files(made) == all_files(committed)
    for name in all_files(made):
        if (made / name).is_symlink():
            assert (made / name).readlink() == (committed / name).readlink(), name
        elif name.endswith(".parquet") and (made / name).read_bytes()[-4:] == b"PAR1":
            # The file names the version of Polars that wrote it.
            assert pl.read_parquet(made / name).equals(pl.read_parquet(committed / name)), name
            assert pl.read_parquet_schema(made / name) == pl.read_parquet_schema(committed / name)
        elif name == "04/care_contacts/2025-11.csv.gz" and made.name == "refused":
            # Truncated, so it cannot be unpacked.
            assert (made / name).read_bytes()[:2] == (committed / name).read_bytes()[:2]
        else:
            assert content(made / name) == content(committed / name), name


@pytest.fixture(scope="module")
def made_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    landing = tmp_path_factory.mktemp("sample")
    simulate(landing, **SAMPLE)
    return landing


def test_sample_is_what_the_command_in_its_readme_makes(made_sample: Path) -> None:
    assert_same_content(made_sample, DATA / "sample")
    readme = (DATA / "sample" / "README.md").read_text()
    assert "--population 20000 --months 20 --seed 2025" in readme


def test_sample_stays_small() -> None:
    size = sum((DATA / "sample" / name).stat().st_size for name in all_files(DATA / "sample"))
    assert size < 6_000_000


def test_refused_examples_are_what_the_function_makes(tmp_path: Path) -> None:
    write_refused_examples(tmp_path / "refused")
    assert_same_content(tmp_path / "refused", DATA / "refused")
    readme = (DATA / "refused" / "README.md").read_text()
    for name in all_files(DATA / "refused"):
        accepted = name.startswith(("19/", "reference/")) or name == "17/units/2025-11-30.csv"
        assert accepted or f"| {name} |" in readme, name
