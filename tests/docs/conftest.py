"""What the documentation is held against."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest


@pytest.fixture(scope="session")
def published(sample_out: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file of the sample, both months."""
    file = sample_out / "published" / "statistics.duckdb"
    with duckdb.connect(file, read_only=True) as connection:
        yield connection
