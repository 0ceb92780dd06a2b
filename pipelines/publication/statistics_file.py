"""Publishing `statistics.duckdb`: built beside, verified by reading back, then renamed.

What analysts open is never opened for writing. A new file is made in a hidden folder beside
it (mode 0700), compared with what was to be written, made read-only and renamed over the old one.
Whatever fails, the earlier publication stays as it was.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from pipelines.publication import build_process
from pipelines.publication.duckdb_sql import comments, create_table, sql_name, sql_text
from pipelines.publication.indicators_view import create_view, undefined_values, viewed_values
from schemas.contract import TableContract
from schemas.registers import DEFINITIONS, INDICATORS_VIEW, PUBLISHED_TABLES
from schemas.validation import ContractBroken, keep_contract

STORAGE_VERSION = "v1.2.0"
"""The oldest DuckDB that can read the file."""

_WORK_SUFFIX = ".part"


class PublicationError(Exception):
    """Nothing was published; the text says why and what to do. The earlier file is untouched."""


@dataclass(frozen=True)
class PublishedFile:
    """What was published: where, its SHA-256, its size in bytes, and the rows of each table."""

    path: Path
    sha256: str
    bytes: int
    rows: Mapping[str, int]


def publish(tables: Mapping[str, pl.DataFrame], path: Path) -> PublishedFile:
    """Publish the tables as one DuckDB file at `path`, all of it or nothing.

    Each table is checked against its contract, sorted by its key and written in the contract's
    column order; tables stand in the file in the order of `schemas.registers.PUBLISHED_TABLES`.
    Where `definitions` is among them the `indicators` view is made, and every value must have a
    definition. The file gets mode 0444.

    Raises PublicationError, with the earlier publication untouched, when a table is unknown or
    breaks its contract, a value has no definition, another process is publishing here, the disk
    is full, or what is read back is not what was to be written.
    """
    checked = _checked(tables)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _publishing_alone(path), _work_folder(path) as work:
            part = work / path.name
            _build(checked, part)
            part.chmod(0o444)
            _verify(checked, part)
            published = PublishedFile(
                path=path,
                sha256=_sha256(part),
                bytes=part.stat().st_size,
                rows={contract.name: frame.height for contract, frame in checked.items()},
            )
            _sync(part)
            part.replace(path)
            _sync(path.parent)
    except (OSError, duckdb.Error, pl.exceptions.PolarsError) as error:
        raise PublicationError(f"{path} was not published: {_cause(error)}.") from error
    return published


def _checked(tables: Mapping[str, pl.DataFrame]) -> dict[TableContract, pl.DataFrame]:
    known = {contract.name for contract in PUBLISHED_TABLES}
    if unknown := sorted(set(tables) - known):
        raise PublicationError(
            f"Nothing was published: no contract describes the table {', '.join(unknown)}."
        )
    return {
        contract: _kept(tables[contract.name], contract)
        for contract in PUBLISHED_TABLES
        if contract.name in tables
    }


def _kept(frame: pl.DataFrame, contract: TableContract) -> pl.DataFrame:
    if set(frame.columns) != set(contract.column_names):
        differing = ", ".join(sorted(set(frame.columns) ^ set(contract.column_names)))
        raise PublicationError(
            f"Nothing was published: the table {contract.name} has not the columns of its "
            f"contract ({differing})."
        )
    ordered = frame.select(contract.column_names)
    try:
        keep_contract(ordered, contract)
    except ContractBroken as error:
        raise PublicationError(f"Nothing was published: {error}") from None
    not_finite = ordered.select(pl.selectors.float().is_finite().not_().any())
    for column in not_finite.columns:
        if not_finite[column].item():
            raise PublicationError(
                f"Nothing was published: {contract.name}.{column} holds a number that is not "
                "finite."
            )
    return ordered.sort(contract.key)


@contextmanager
def _publishing_alone(path: Path) -> Iterator[None]:
    with (path.parent / f".{path.name}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise PublicationError(
                f"{path} was not published: another process is publishing it. Wait until it has "
                "ended and try again."
            ) from None
        yield


@contextmanager
def _work_folder(path: Path) -> Iterator[Path]:
    """A hidden folder beside the file, removed afterwards; those of killed runs are removed."""
    for stale in path.parent.glob(f".{path.name}.*{_WORK_SUFFIX}"):
        shutil.rmtree(stale)
    work = Path(
        tempfile.mkdtemp(prefix=f".{path.name}.", suffix=_WORK_SUFFIX, dir=path.parent)
    ).resolve()
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _build(tables: Mapping[TableContract, pl.DataFrame], part: Path) -> None:
    """Write the file in a process of its own; see `build_process.py`."""
    inserts = []
    for contract, frame in tables.items():
        source = part.with_name(f"{contract.name}.parquet")
        frame.write_parquet(source)
        inserts.append(
            f"INSERT INTO {sql_name(contract.name)} SELECT * FROM read_parquet("
            f"{sql_text(str(source))})"
        )
    statements = part.with_name("statements.json")
    statements.write_text(
        json.dumps(
            [
                f"SET temp_directory = {sql_text(str(part.parent))}",
                f"ATTACH {sql_text(str(part))} AS statistics "
                f"(STORAGE_VERSION {sql_text(STORAGE_VERSION)})",
                "USE statistics",
                "BEGIN",
                *(create_table(contract) for contract in tables),
                *inserts,
                *_view_statements(tables),
                *(comment for contract in tables for comment in comments(contract)),
                "COMMIT",
                "CHECKPOINT statistics",
                "USE memory",
                "DETACH statistics",
            ]
        ),
        "utf-8",
    )
    built = subprocess.run(
        [sys.executable, "-I", str(build_process.__file__), str(statements)],
        capture_output=True,
        text=True,
        check=False,
    )
    if built.returncode != 0:
        raise duckdb.Error(built.stderr.strip() or f"ended with status {built.returncode}")


def _view_statements(tables: Mapping[TableContract, pl.DataFrame]) -> list[str]:
    names = {contract.name for contract in tables}
    if DEFINITIONS.name not in names or not viewed_values(names):
        return []
    return [create_view(names), *comments(INDICATORS_VIEW, kind="VIEW")]


def _verify(tables: Mapping[TableContract, pl.DataFrame], part: Path) -> None:
    """Read the file back and compare every table with the frame that was to be written."""
    with duckdb.connect(part, read_only=True) as connection:
        connection.execute(f"SET temp_directory = {sql_text(str(part.parent))}")
        for contract, frame in tables.items():
            copy = part.with_name(f"{contract.name}.read_back.parquet")
            connection.execute(
                f"COPY (SELECT * FROM {sql_name(contract.name)}) TO {sql_text(str(copy))} "
                "(FORMAT parquet)"
            )
            read_back = pl.read_parquet(copy)
            if read_back.schema != frame.schema or not read_back.equals(frame):
                raise PublicationError(
                    f"Nothing was published: the table {contract.name} read back from the new "
                    "file is not what was to be written."
                )
        _verify_definitions(connection, {contract.name for contract in tables})


def _verify_definitions(connection: duckdb.DuckDBPyConnection, names: set[str]) -> None:
    if DEFINITIONS.name not in names:
        return
    for value in viewed_values(names):
        row = connection.execute(undefined_values(value)).fetchone()
        if row is not None and row[0]:
            raise PublicationError(
                f"Nothing was published: {row[0]} rows of {value.table} have a {value.column} "
                "that no row of definitions describes. Add it to the indicator registry."
            )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _cause(error: Exception) -> str:
    """The first line of what went wrong, without a full stop."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error).strip().splitlines()[0].removesuffix(".")
