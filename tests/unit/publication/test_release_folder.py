"""Releases: whole or absent, never changed, and the same for the same content."""

import json
import os
import pickle
import signal
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from published_rows import coverage_row, frame
from releasing import PublicationError, release

from pipelines.publication.release_folder import Draft, Releases, sha256_of
from pipelines.publication.release_parts import FILE_PARTS

PROJECT = Path(__file__).parents[3]


def bytes_below(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def changed(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    return {**tables, "coverage": frame("coverage", [coverage_row(numerator=781)])}


def test_a_release_holds_what_it_should_and_nobody_may_change_it(tables, tmp_path):
    made = release(tables, tmp_path, FILE_PARTS).release
    assert made.folder.parent == tmp_path / "releases"
    assert made.release_id.startswith("2025-11-0001-")
    here = {path.relative_to(made.folder).parts[0] for path in made.folder.rglob("*")}
    assert {"manifest.json", "statistics.duckdb", "parquet", "csv", "changes.csv"} <= here
    assert {path.stem for path in (made.folder / "parquet").iterdir()} == set(tables)
    assert {path.stem for path in (made.folder / "csv").iterdir()} == set(tables)
    below = [made.folder, *made.folder.rglob("*")]
    assert {mode(path) for path in below if path.is_dir()} == {0o555}
    assert {mode(path) for path in below if path.is_file()} == {0o444}
    assert mode(tmp_path / "releases") == mode(tmp_path)


def test_the_manifest_has_the_checksum_of_every_other_file(tables, tmp_path):
    made = release(tables, tmp_path, FILE_PARTS)
    files = bytes_below(made.release.folder)
    listed = made.release.manifest["files"]
    assert set(files) - {"manifest.json"} == set(listed)
    for name, known in listed.items():
        path = made.release.folder / name
        assert (known["sha256"], known["bytes"]) == (sha256_of(path), path.stat().st_size)
    assert made.sha256 == sha256_of(tmp_path / "statistics.duckdb")


def test_parquet_and_csv_hold_the_tables(tables, tmp_path):
    made = release(tables, tmp_path).release
    for name, given in tables.items():
        if name == "release_info":
            continue
        assert made.tables[name].sort(pl.all()).equals(given.sort(pl.all()))
        assert (made.folder / "csv" / f"{name}.csv").read_text("utf-8").splitlines()[0] == ",".join(
            made.tables[name].columns
        )


def test_what_holds_now_is_the_newest_release(tables, tmp_path):
    first = release(tables, tmp_path).release
    kept = bytes_below(first.folder)
    second = release(changed(tables), tmp_path).release
    assert [each.release_id for each in Releases(tmp_path).all()] == [
        first.release_id,
        second.release_id,
    ]
    assert second.number == 2
    assert second.manifest["previous_release"] == first.release_id
    assert (tmp_path / "current").resolve() == second.folder
    assert (tmp_path / "statistics.duckdb").samefile(second.statistics_file)
    assert bytes_below(first.folder) == kept


def test_the_same_content_is_the_same_release(tables, tmp_path):
    """Also when it is made at another time, of deliveries that were taken in at another time."""
    first = release(tables, tmp_path)
    again = {
        **tables,
        "deliveries": tables["deliveries"].with_columns(pl.col("received_at") + timedelta(days=1)),
        "coverage": tables["coverage"].reverse(),
    }
    second = release(again, tmp_path, circumstances={"created_at": "2025-12-24 04:15:00"})
    assert (first.is_new, second.is_new) == (True, False)
    assert second.release == first.release
    assert second.rows == first.rows
    other = release(again, tmp_path / "elsewhere").release
    assert other.release_id == first.release.release_id


def test_files_of_the_same_content_are_the_same_bytes(tables, tmp_path):
    """But for the DuckDB file, whose blocks DuckDB lays out anew each time, and its checksum."""
    one, two = (release(tables, tmp_path / name, FILE_PARTS).release for name in ("a", "b"))
    files, others = bytes_below(one.folder), bytes_below(two.folder)
    differing = {name for name in files if files[name] != others[name]}
    assert files.keys() == others.keys()
    assert differing <= {"manifest.json", "statistics.duckdb"}


def test_other_facts_are_another_release(tables, tmp_path):
    first = release(tables, tmp_path)
    second = release(tables, tmp_path, facts={"months": "2025-11", "correction": "A reason."})
    assert second.is_new
    assert second.release.release_id != first.release.release_id


def test_what_was_released_before_becomes_current_again(tables, tmp_path):
    first = release(tables, tmp_path).release
    release(changed(tables), tmp_path)
    again = release(tables, tmp_path)
    assert (again.release.folder, again.is_new) == (first.folder, False)
    assert Releases(tmp_path).current() == first
    assert (tmp_path / "statistics.duckdb").samefile(first.statistics_file)


def test_the_report_is_that_of_the_current_release(tables, tmp_path):
    def write_report(draft: Draft) -> None:
        (draft.folder / "report").mkdir()
        text = str(draft.tables["coverage"]["numerator"].max())
        (draft.folder / "report" / "index.html").write_text(text)

    release(tables, tmp_path, [write_report])
    assert (tmp_path / "report" / "index.html").read_text() == "780"
    release(changed(tables), tmp_path, [write_report])
    assert (tmp_path / "report" / "index.html").read_text() == "781"


def test_a_part_that_fails_leaves_everything_as_it_was(tables, tmp_path):
    first = release(tables, tmp_path).release

    def fails(draft: Draft) -> None:
        raise OSError("this part cannot be made")

    with pytest.raises(PublicationError, match="this part cannot be made"):
        release(changed(tables), tmp_path, [fails])
    assert [path.name for path in (tmp_path / "releases").iterdir()] == [first.release_id]
    assert Releases(tmp_path).current() == first


CHILD = """
import os, pickle, signal, sys
from pathlib import Path
import pipelines.publication.release_folder as release_folder
from releasing import release
tables, published, moment = sys.argv[1:]
def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)
if moment == "made current":
    release_folder._make_current = killed
release(
    pickle.loads(Path(tables).read_bytes()), Path(published), [killed] if moment == "part" else []
)
"""


@pytest.mark.parametrize("moment", ["part", "made current"])
def test_killed_while_a_release_is_made(moment, tables, tmp_path):
    """Killed with SIGKILL: readers see the former release; the next run clears away and goes on."""
    published = tmp_path / "published"
    first = release(tables, published).release
    given = tmp_path / "tables"
    given.write_bytes(pickle.dumps(changed(tables)))
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(given), str(published), moment],
        env={**os.environ, "PYTHONPATH": f"{PROJECT}:{Path(__file__).parent}"},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert Releases(published).current() == first
    assert (published / "statistics.duckdb").samefile(first.statistics_file)
    hidden = [path for path in (published / "releases").iterdir() if path.name.startswith(".")]
    assert [mode(path) for path in hidden] == [0o700]

    second = release(changed(tables), published)
    assert second.is_new == (moment == "part")
    assert Releases(published).current() == second.release
    names = sorted(path.name for path in (published / "releases").iterdir())
    assert names == [first.release_id, second.release.release_id]
    whole = release(changed(tables), tmp_path / "whole").release
    assert (
        json.loads((whole.folder / "manifest.json").read_text())["content"]
        == (second.release.manifest["content"])
    )
