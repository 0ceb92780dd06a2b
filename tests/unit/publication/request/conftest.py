"""The package of the sample's November, and of a file that holds the year before too."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.publication.request.contents import Contents, read_contents
from pipelines.publication.request.package import write_package

MONTH = "2025-11"
OF_MONTHS = (
    "care_markings",
    "continuity",
    "coverage",
    "data_quality",
    "list_load",
    "reporting",
    "target_status",
)


@pytest.fixture(scope="session")
def statistics_file(sample_out: Path) -> Path:
    """The sample's published file."""
    return sample_out / "published" / "statistics.duckdb"


@pytest.fixture(scope="session")
def contents(statistics_file: Path) -> Contents:
    """The sample's November, in which one region does not report."""
    return read_contents(statistics_file, MONTH, partial=True)


@pytest.fixture(scope="session")
def package(statistics_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the sample's package."""
    folder = tmp_path_factory.mktemp("request") / "requests" / "2025"
    write_package(statistics_file, MONTH, folder, partial=True)
    return folder


@pytest.fixture(scope="session")
def published(statistics_file: Path) -> Iterator[Callable[[str], list[tuple]]]:
    """Asks the published file."""
    with duckdb.connect(statistics_file, read_only=True) as file:
        yield lambda query: file.execute(query).fetchall()


@pytest.fixture
def changed_file(statistics_file: Path, tmp_path: Path) -> Callable[..., Path]:
    """A copy of the sample's published file after these statements."""

    def changed(*statements: str) -> Path:
        copy = tmp_path / "changed.duckdb"
        shutil.copyfile(statistics_file, copy)
        copy.chmod(0o644)
        with duckdb.connect(copy) as file:
            for statement in statements:
                file.execute(statement)
        return copy

    return changed


@pytest.fixture
def with_year_before(changed_file: Callable[..., Path]) -> Callable[..., Path]:
    """A copy whose October has become November of the year before, after further statements."""
    moved = [f"update {table} set month = '2024-11' where month = '2025-10'" for table in OF_MONTHS]
    moved.append("update definitions set from_month = '2024-11'")
    return lambda *statements: changed_file(*moved, *statements)
