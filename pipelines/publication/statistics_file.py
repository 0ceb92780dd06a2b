"""Writing `statistics.duckdb`, the file that analysts open, and reading it back.

What analysts open is never opened for writing: where the file is written, and how it becomes the
one that they open, is in `release_folder.py`.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
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

Tables = Mapping[TableContract, pl.DataFrame]


class PublicationError(Exception):
    """Nothing was published; the text says why and what to do. What was published before is
    untouched."""


def checked(tables: Mapping[str, pl.DataFrame]) -> dict[TableContract, pl.DataFrame]:
    """The tables by their contracts, in the order of `PUBLISHED_TABLES`, columns in the order of
    the contract, rows sorted by the key.

    Raises PublicationError for a table that is unknown or breaks its contract.
    """
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


def write_statistics_file(tables: Tables, path: Path, parquet: Path, work: Path) -> None:
    """Write the tables as one DuckDB file, in a process of its own; see `build_process.py`.

    `tables` are those of `checked`, which stand as `parquet`/<table>.parquet already; `work` is a
    folder for what is needed meanwhile. Where `definitions` is among the tables the `indicators`
    view is made. Raises OSError or duckdb.Error when the file cannot be written.
    """
    inserts = [
        f"INSERT INTO {sql_name(contract.name)} SELECT * FROM read_parquet("
        f"{sql_text(str(parquet / f'{contract.name}.parquet'))})"
        for contract in tables
    ]
    statements = work / "statements.json"
    statements.write_text(
        json.dumps(
            [
                f"SET temp_directory = {sql_text(str(work))}",
                f"ATTACH {sql_text(str(path))} AS statistics "
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


def _view_statements(tables: Tables) -> list[str]:
    names = {contract.name for contract in tables}
    if DEFINITIONS.name not in names or not viewed_values(names):
        return []
    return [create_view(names), *comments(INDICATORS_VIEW, kind="VIEW")]


def verify_statistics_file(tables: Tables, path: Path, work: Path) -> None:
    """Read the file back and compare every table with the frame that was to be written.

    Raises PublicationError when what is read back is not what was to be written, or when
    `definitions` is among the tables and a value has no definition.
    """
    with duckdb.connect(path, read_only=True) as connection:
        connection.execute(f"SET temp_directory = {sql_text(str(work))}")
        for contract, frame in tables.items():
            copy = work / f"{contract.name}.parquet"
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
