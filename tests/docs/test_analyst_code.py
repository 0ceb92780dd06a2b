"""docs/analyst.md: its code runs as it stands, and sees a new publication as the page says."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.docs.pages import PROJECT, fenced_blocks

PAGE = "docs/analyst.md"
QUESTIONS = "docs/questions.md"
BLOCKS = [code for language, code in fenced_blocks(PAGE) if language == "python"]


@pytest.fixture
def statistics_file(sample_out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The published file in the working folder, where the page's code looks for it."""
    path = tmp_path / "statistics.duckdb"
    shutil.copy(sample_out / "published" / "statistics.duckdb", path)
    monkeypatch.chdir(tmp_path)
    return path


def run(code: str, names: dict[str, Any] | None = None) -> dict[str, Any]:
    names = {} if names is None else names
    exec(compile(code, PAGE, "exec"), names)
    return names


def publish_another(path: Path, release_id: str) -> None:
    """Replace the file as a publication does, by one whose release has that id."""
    beside = path.with_name("beside.duckdb")
    shutil.copy(path, beside)
    beside.chmod(0o644)
    with duckdb.connect(beside) as file:
        file.execute("update release_info set value = ? where name = 'release_id'", [release_id])
    beside.replace(path)


def test_the_first_block_reads_frames(statistics_file: Path) -> None:
    names = run(BLOCKS[0])
    assert isinstance(names["coverage"], pl.DataFrame)
    assert set(names["coverage"]["level"]) == {"region"}
    assert next(iter(names["targets"]["target_id"])) == "continuity_all_professions"


def test_two_releases_side_by_side(sample_out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample has a release of October and one of both months: no figure of October moved."""
    monkeypatch.chdir(sample_out / "published")
    names = run(BLOCKS[1])
    assert set(names["coverage"]["month"]) == {"2025-10", "2025-11"}
    assert names["before"].name.startswith("2025-10-")
    assert Path("current").resolve().name == names["now"].name
    moved: pl.DataFrame = names["moved"]
    assert moved.columns[-2:] == ["before", "now"]
    assert moved.filter(pl.col("month") == "2025-10").height == moved.height


def test_asking_anew_sees_a_new_publication(statistics_file: Path) -> None:
    names = run(BLOCKS[2])
    assert set(names["regions"]["level"]) == {"region"}
    publish_another(statistics_file, "the next")
    release, [targets] = names["ask"]("from targets")
    assert (release, targets.height) == ("the next", 5)


def test_a_connection_that_stays_open_sees_it_when_made_anew(statistics_file: Path) -> None:
    names = run(BLOCKS[3], run(BLOCKS[2]))
    query = names["RELEASE"]
    before = names["newest"]().execute(query).fetchall()
    publish_another(statistics_file, "the next")
    assert names["file"].execute(query).fetchall() == before
    with duckdb.connect(statistics_file, read_only=True) as beside:
        assert beside.execute(query).fetchall() == before
    assert names["newest"]().execute(query).fetchall() == [("the next",)]
    names["file"].close()


def test_what_is_attached_sees_it_when_attached_anew(statistics_file: Path) -> None:
    query = "select value from s.release_info where name = 'release_id'"
    with duckdb.connect() as file:
        file.execute("attach 'statistics.duckdb' as s (read_only)")
        before = file.execute(query).fetchall()
        publish_another(statistics_file, "the next")
        assert file.execute(query).fetchall() == before
        file.execute("detach s")
        file.execute("attach 'statistics.duckdb' as s (read_only)")
        assert file.execute(query).fetchall() == [("the next",)]


def test_the_command_line_writes_what_excel_opens(statistics_file: Path) -> None:
    [command] = [code for language, code in fenced_blocks(PAGE) if "-csv" in code]
    tools = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(["sh", "-c", command], check=True, env=os.environ | {"PATH": tools})
    written = pl.read_csv("coverage.csv", infer_schema_length=0)
    with duckdb.connect(statistics_file, read_only=True) as file:
        [[rows]] = file.execute("select count(*) from coverage where level = 'region'").fetchall()
    assert (written.height, written.columns[0]) == (rows, "month")
    assert "09" in set(written["area_code"])


CLIENT = f"""
import duckdb, sys
from tests.docs.pages import output_of, queries
with duckdb.connect(sys.argv[1], read_only=True) as file:
    for query in queries({QUESTIONS!r}):
        assert output_of(query.sql, file) == query.output, str(query)
print(duckdb.__version__)
"""


@pytest.mark.older_client
def test_the_questions_have_the_same_answers_in_an_older_duckdb(
    older_python: Path, sample_out: Path
) -> None:
    answered = subprocess.run(
        [older_python, "-c", CLIENT, str(sample_out / "published" / "statistics.duckdb")],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
    )
    assert answered.stderr == ""
    assert answered.stdout.startswith(("1.2.", "1.4."))
