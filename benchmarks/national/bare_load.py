"""A bare typed load: every delivered file into DuckDB tables; nothing is checked or computed."""

import argparse
import tempfile
from pathlib import Path

import duckdb

from benchmarks.national.files import alike, delivered

DELIVERIES = (
    *("units", "listings", "physicians", "care_contacts", "care_markings"),
    *("fixed_contacts", "population"),
)


def main() -> None:
    """Load, and say how many rows each table has."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--landing", type=Path, required=True)
    landing = parser.parse_args().landing
    with tempfile.TemporaryDirectory() as folder:
        connection = duckdb.connect(str(Path(folder) / "loaded.duckdb"))
        for delivery in DELIVERIES:
            for place, files in enumerate(alike(delivered(landing, delivery), delivery)):
                connection.execute(f"create table {delivery}_{place} as from {files.reader()}")
        connection.close()


if __name__ == "__main__":
    main()
