"""The published file: what is in it, and that nothing but a whole one is ever seen."""

import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import duckdb
import polars as pl
import pytest
from published_rows import coverage_row, frame
from releasing import PublicationError, release

from pipelines.publication.duckdb_sql import column_comment, table_comment
from schemas.registers import INDICATORS_VIEW, published_table


def read(path: Path, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(path, read_only=True) as connection:
        return connection.execute(query).fetchall()


def contents(path: Path, names: Iterable[str]) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(path, read_only=True) as connection:
        return {name: connection.execute(f'SELECT * FROM "{name}"').fetchall() for name in names}


def left_behind(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob(".*") if not path.name.endswith(".lock"))


def test_contents_come_back_as_given_sorted_by_key(tables, tmp_path):
    tables["coverage"] = tables["coverage"].reverse()
    path = tmp_path / "statistics.duckdb"
    published = release(tables, path.parent)
    assert set(published.rows) == set(tables)
    del tables["release_info"]  # The release says itself what it is.
    assert published.rows | {name: tables[name].height for name in tables} == published.rows
    assert contents(path, tables) == {
        name: given.sort(published_table(name).key).rows() for name, given in tables.items()
    }


def test_types_required_columns_and_order_follow_the_contract(tables, tmp_path):
    path = tmp_path / "statistics.duckdb"
    given = dict(tables)
    given["coverage"] = given["coverage"].select(reversed(given["coverage"].columns))
    release(given, path.parent)
    described = read(
        path,
        "SELECT column_name, data_type, is_nullable FROM duckdb_columns() "
        "WHERE table_name = 'coverage' ORDER BY column_index",
    )
    assert [name for name, _, _ in described] == published_table("coverage").column_names
    assert described[0] == ("month", "VARCHAR", False)
    assert described[1] == ("reference_date", "DATE", True)
    assert described[9] == ("numerator", "BIGINT", True)


def test_every_table_view_and_column_has_its_comment(tables, tmp_path):
    path = tmp_path / "statistics.duckdb"
    release(tables, path.parent)
    on_tables = dict(read(path, "SELECT table_name, comment FROM duckdb_tables()"))
    assert on_tables == {name: table_comment(published_table(name)) for name in tables}
    assert read(path, "SELECT comment FROM duckdb_views() WHERE NOT internal") == [
        (table_comment(INDICATORS_VIEW),)
    ]
    on_columns = {
        (table, column): comment
        for table, column, comment in read(
            path,
            "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal",
        )
    }
    contracts = [INDICATORS_VIEW, *(published_table(name) for name in tables)]
    assert on_columns == {
        (contract.name, column.name): column_comment(column)
        for contract in contracts
        for column in contract.columns
    }
    assert on_columns["coverage", "numerator"] == (
        "Persons with a named physician. Unit: persons. Swedish: Täljare."
    )


def test_work_of_a_killed_run_is_removed(tables, tmp_path):
    killed = tmp_path / "releases" / ".abcd1234.part"
    (killed / "release" / "csv").mkdir(parents=True)
    (killed / "release" / "statistics.duckdb").write_bytes(b"half a file")
    (killed / "release" / "csv").chmod(0o555)
    (tmp_path / ".statistics.duckdb.part").write_bytes(b"half a file")
    (tmp_path / ".current.part").symlink_to("releases/nowhere")
    release(tables, tmp_path)
    assert left_behind(tmp_path) == []


def test_publishing_again_replaces_and_is_equal_in_content(tables, tmp_path):
    path = tmp_path / "statistics.duckdb"
    release(tables, path.parent)
    first = contents(path, tables)
    release(tables, path.parent)
    assert contents(path, tables) == first


def test_a_reader_that_stays_open_keeps_its_figures(tables, tmp_path):
    path = tmp_path / "statistics.duckdb"
    release(tables, path.parent)
    code = (
        "import duckdb, sys\n"
        f"c = duckdb.connect({str(path)!r}, read_only=True)\n"
        "print('open', flush=True); sys.stdin.readline()\n"
        "print(c.execute('SELECT max(numerator) FROM coverage').fetchone()[0], flush=True)\n"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "open\n"
    release({**tables, "coverage": frame("coverage", [coverage_row(numerator=781)])}, path.parent)
    output, _ = reader.communicate("\n", timeout=60)
    assert output == "780\n"
    assert read(path, "SELECT max(numerator) FROM coverage") == [(781,)]


PROJECT = Path(__file__).parents[3]

READER = """
import duckdb, json, sys, time
path, stop = sys.argv[1:]
import pathlib
reads, seen, errors = 0, [], []
print("ready", flush=True)
while not pathlib.Path(stop).exists():
    try:
        with duckdb.connect(path, read_only=True) as c:
            c.execute("SET enable_progress_bar = false")  # It is printed where a query takes long.
            rows = c.execute(
                "SELECT count(*), min(denominator), max(denominator), (SELECT count(*) FROM "
                "indicators), (SELECT count(*) FROM municipalities) FROM coverage"
            ).fetchone()
        reads += 1
        if not seen or seen[-1] != list(rows):
            seen.append(list(rows))
    except Exception as error:
        errors.append(str(error))
print(json.dumps({"reads": reads, "seen": seen, "errors": errors}))
"""


def test_a_reader_in_another_process_never_meets_an_error_or_half_a_file(tables, tmp_path):
    path, stop = tmp_path / "published" / "statistics.duckdb", tmp_path / "stop"

    def publish_round(round_: int) -> None:
        rows = [
            coverage_row(area_code=f"{area:02}", denominator=1000 + round_) for area in range(1, 51)
        ]
        release({**tables, "coverage": frame("coverage", rows)}, path.parent)

    publish_round(0)
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(path), str(stop)], stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "ready\n"
    for round_ in range(1, 16):
        publish_round(round_)
    time.sleep(0.2)
    stop.touch()
    output, _ = reader.communicate(timeout=60)
    result = json.loads(output)
    assert result["errors"] == []
    assert result["reads"] >= 15
    rounds = [low - 1000 for _, low, _, _, _ in result["seen"]]
    assert rounds == sorted(rounds)
    assert rounds[-1] == 15
    for count, low, high, values, municipalities in result["seen"]:
        assert (count, low, municipalities) == (50, high, 290)
        assert values == result["seen"][0][3]


def other(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Tables of another content: the same would be the same release."""
    return {**tables, "coverage": frame("coverage", [coverage_row(numerator=781)])}


@pytest.fixture
def earlier(tables, tmp_path):
    """An earlier publication and a check that it is as it was."""
    path = tmp_path / "statistics.duckdb"
    published = release(tables, path.parent)
    before = path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino

    releases = sorted((tmp_path / "releases").iterdir())

    def check() -> None:
        assert sorted((tmp_path / "releases").iterdir()) == releases
        assert (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) == before
        assert left_behind(path.parent) == []
        assert published.sha256

    return path, check


@pytest.mark.parametrize(
    ("table", "change", "sentence"),
    [
        (
            "coverage",
            lambda f: f.with_columns(status=pl.lit("fine")),
            "status: not one of the codes",
        ),
        ("coverage", lambda f: pl.concat([f, f]), "coverage does not keep its contract"),
        ("coverage", lambda f: f.drop("share"), "coverage has not the columns .*share"),
        (
            "coverage",
            lambda f: f.with_columns(ci_low=pl.lit(float("nan"))),
            "coverage.ci_low holds a number that is not finite",
        ),
        (
            "continuity",
            lambda f: f.with_columns(window_months=pl.lit(7, pl.Int64)),
            "2 rows of continuity have a mean that no row of definitions describes",
        ),
    ],
)
def test_a_broken_table_publishes_nothing(earlier, tables, table, change, sentence):
    path, check = earlier
    with pytest.raises(PublicationError, match=sentence):
        release({**tables, table: change(tables[table])}, path.parent)
    check()


def test_what_is_wrong_with_the_file_is_said_where_a_part_fails_of_it_too(earlier, tables):
    path, check = earlier
    unknown = tables["continuity"].with_columns(window_months=pl.lit(7, pl.Int64))

    def stumble(draft):
        raise KeyError("an indicator that nobody knows")

    with pytest.raises(PublicationError, match="no row of definitions describes"):
        release({**tables, "continuity": unknown}, path.parent, [stumble])
    check()


def test_an_unknown_table_publishes_nothing(earlier, tables):
    path, check = earlier
    with pytest.raises(PublicationError, match="no contract describes the table surprise"):
        release({**tables, "surprise": tables["regions"]}, path.parent)
    check()


def test_what_is_read_back_must_be_what_was_written(earlier, tables, monkeypatch):
    path, check = earlier
    monkeypatch.setattr(
        "pipelines.publication.statistics_file.comments",
        lambda contract, **_: (
            ["UPDATE coverage SET numerator = numerator + 1"] if contract.name == "coverage" else []
        ),
    )
    with pytest.raises(PublicationError, match=r"coverage read back .* is not what was to be"):
        release(other(tables), path.parent)
    check()


def test_two_publishers_at_once(earlier, tables):
    path, check = earlier
    with (path.parent / f".{path.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(PublicationError, match="another process is publishing it"):
            release(tables, path.parent)
    check()


# A full disk, really

CHILD = """
import resource, sys
import polars as pl
from pathlib import Path
from releasing import PublicationError, release
folder, published, limit = sys.argv[1:]
tables = {file.stem: pl.read_parquet(file) for file in Path(folder).glob("*.parquet")}
if int(limit):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
try:
    release(tables, Path(published))
except PublicationError as error:
    print(error)
    sys.exit(1)
"""


def publish_in_child(tables, folder: Path, path: Path, limit: int = 0):
    folder.mkdir(exist_ok=True)
    for name, table in tables.items():
        table.write_parquet(folder / f"{name}.parquet")
    return subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), str(path.parent), str(limit)],
        env={**os.environ, "PYTHONPATH": f"{PROJECT}:{Path(__file__).parent}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("limit", [1_000, 30_000, 300_000])
def test_a_file_that_may_not_grow_leaves_the_earlier_publication(earlier, tables, tmp_path, limit):
    """RLIMIT_FSIZE: the 1st stops the Parquet files, the others DuckDB, the last at its end."""
    path, check = earlier
    assert path.stat().st_size > limit
    done = publish_in_child(other(tables), tmp_path / "given", path, limit)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith(f"{path} was not published: ")
    assert done.stderr == ""
    check()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small file system needs root")
@pytest.mark.parametrize("size", ["1m", "2m"])
def test_a_full_disk_leaves_the_earlier_publication(tables, tmp_path, size):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)], check=False
    )
    if mounted.returncode:
        pytest.skip("this machine does not let us mount")
    try:
        path = disk / "statistics.duckdb"
        release({"regions": tables["regions"]}, path.parent)
        before = path.read_bytes()
        large = pl.concat(
            [
                frame("coverage", [coverage_row(area_code=f"A{n:06}", ci_low=1 / (n + 3))])
                for n in range(500)
            ]
        )
        large = pl.concat(
            large.with_columns(
                month=pl.lit(f"20{year:02}-01"),
                area_name=pl.col("area_code").hash(year).cast(pl.String),
                ci_low=pl.col("area_code").hash(year).cast(pl.Float64) / 2**64,
                ci_high=pl.col("area_code").hash(year + 1).cast(pl.Float64) / 2**64,
            )
            for year in range(100)
        )
        done = publish_in_child({"coverage": large}, tmp_path / "given", path)
        assert done.returncode == 1, done.stderr
        assert "was not published" in done.stdout
        assert "space" in done.stdout
        assert path.read_bytes() == before
        assert left_behind(disk) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_folder_that_cannot_be_written_is_one_sentence(tables, tmp_path):
    (tmp_path / "published").write_text("a file where the folder should be")
    with pytest.raises(PublicationError, match=r"was not published: .*\.$") as raised:
        release(tables, tmp_path / "published")
    assert "\n" not in str(raised.value)


def test_memory_of_the_publishing_process_never_reaches_the_file(tables, tmp_path):
    """What this process has read, deliveries for one, may lie in DuckDB's freed buffers."""
    secret = "SECRETMARK" * 2
    with duckdb.connect() as connection:
        connection.execute(
            f"CREATE TABLE read_before AS SELECT '{secret}' || i AS x FROM range(300000) r(i)"
        )
        connection.execute("SELECT count(DISTINCT x) FROM read_before").fetchall()
    published = release(tables, tmp_path)
    assert secret.encode() not in published.release.statistics_file.read_bytes()
