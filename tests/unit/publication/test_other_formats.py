"""The report's workbook and PX files, made in a process of their own."""

from pathlib import Path

import duckdb
import pytest

from pipelines.publication.report.other_formats import other_formats


def test_what_was_written_is_named_with_what_it_holds(sample_out: Path, tmp_path: Path) -> None:
    named = other_formats(sample_out / "published" / "statistics.duckdb", "2025-11", tmp_path)
    assert sorted(named) == sorted(path.name for path in tmp_path.iterdir())
    assert named["fast_lakarkontakt_2025-11.xlsx"] is None
    assert {type(title).__name__ for name, title in named.items() if name.endswith(".px")} == {
        "Words"
    }


def test_files_that_cannot_be_written_are_said_in_one_line(
    sample_out: Path, tmp_path: Path
) -> None:
    statistics_file = sample_out / "published" / "statistics.duckdb"
    with pytest.raises(ChildProcessError) as raised:
        other_formats(statistics_file, "2025-11", tmp_path / "nowhere")
    assert "workbook and PX files: FileNotFoundError" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_of_a_cause_of_many_lines_the_first_is_said(tmp_path: Path) -> None:
    """DuckDB says what is missing first, then quotes the query."""
    empty = tmp_path / "statistics.duckdb"
    duckdb.connect(empty).close()
    with pytest.raises(ChildProcessError) as raised:
        other_formats(empty, "2025-11", tmp_path)
    assert "CatalogException: Catalog Error: Table with name" in str(raised.value)
    assert "Traceback" in raised.value.__notes__[0]
