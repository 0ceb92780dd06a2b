"""Running `flk`, in this process or in one of its own, and reading what came of it."""

import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import dagster as dg
import duckdb
import polars as pl

from assets.command_line import main
from assets.instance import instance_of
from pipelines.store import Store

PROJECT = Path(__file__).parents[2]
SAMPLE = PROJECT / "data" / "sample"


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str


def flk(*arguments: object) -> Ended:
    """Run the command in this process."""
    with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        try:
            status = main([str(each) for each in arguments])
        except SystemExit as ended:
            status = int(ended.code or 0)
    return Ended(status, out.getvalue(), err.getvalue())


def command(*arguments: object) -> list[str]:
    """The command line that runs `flk` in a process of its own."""
    return [sys.executable, "-m", "assets.command_line", *map(str, arguments)]


def environment(**variables: str) -> dict[str, str]:
    """The environment of a process of its own."""
    return {**os.environ, "PYTHONPATH": str(PROJECT), **variables}


def flk_apart(*arguments: object, **variables: str) -> Ended:
    """Run the command in a process of its own."""
    ended = subprocess.run(
        command(*arguments), env=environment(**variables), capture_output=True, text=True
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def statistics(out: Path, table: str) -> pl.DataFrame:
    """A table before disclosure control."""
    return pl.read_parquet(out / "restricted" / "statistics" / f"{table}.parquet")


def published(out: Path, query: str) -> list[tuple]:
    """What a query of the published file gives."""
    with duckdb.connect(out / "published" / "statistics.duckdb", read_only=True) as file:
        return file.execute(query).fetchall()


def receipts(out: Path) -> dict[str, list[str]]:
    """`19/units/2025-11-30.csv` to the statuses of its contents, oldest first."""
    statuses: dict[str, list[str]] = {}
    for each in statistics(out, "deliveries").sort("received_at").iter_rows(named=True):
        place = f"{each['region_code']}/{each['delivery']}/{each['file_name']}"
        statuses.setdefault(place, []).append(each["status"])
    return statuses


def reporting(out: Path, region: str, month: str = "2025-11") -> dict[str, object]:
    """A region's row of the table `reporting`."""
    rows = statistics(out, "reporting").filter(region_code=region, month=month)
    return rows.row(0, named=True)


def result_bytes(out: Path) -> dict[str, bytes]:
    """The statistics before disclosure control, but for the deliveries' times."""
    folder = out / "restricted" / "statistics"
    return {
        path.name: path.read_bytes()
        for path in folder.glob("*.parquet")
        if path.stem != "deliveries"
    }


def file_times(out: Path) -> dict[str, int]:
    """Every file below a folder and when it was changed last."""
    return {
        str(path.relative_to(out)): path.stat().st_mtime_ns
        for path in out.rglob("*")
        if path.is_file()
    }


def runs_of(out: Path) -> int:
    """How many runs Dagster's history holds."""
    with instance_of(Store(out)) as instance:
        return instance.get_runs_count()


def materialised(out: Path, after: int = 0) -> set[tuple[str, str | None]]:
    """(asset, partition) of every materialisation in Dagster's own history, after a storage id."""
    found = set()
    with instance_of(Store(out)) as instance:
        for key in instance.all_asset_keys():
            filters = dg.AssetRecordsFilter(asset_key=key, after_storage_id=after)
            for record in instance.fetch_materializations(filters, limit=5000).records:
                found.add((key.path[-1], record.partition_key))
    return found


def last_event(out: Path) -> int:
    """The storage id of the last materialisation."""
    with instance_of(Store(out)) as instance:
        return max(
            record.storage_id
            for key in instance.all_asset_keys()
            for record in instance.fetch_materializations(key, limit=1).records
        )
