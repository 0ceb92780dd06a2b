"""A contract as a Pandera schema, and the gate that every stored table passes.

Pandera's own error texts hold values of rows. They never leave this module: what is raised
says the table, the column and the check, with a count.
"""

from functools import cache

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaError, SchemaErrorReason

from schemas.column import Column
from schemas.contract import POLARS_TYPES, TableContract

_SHAPE_REASONS = (
    SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME,
    SchemaErrorReason.COLUMN_NOT_IN_SCHEMA,
    SchemaErrorReason.COLUMN_NOT_ORDERED,
)


class ContractBroken(Exception):  # noqa: N818
    """A table does not keep its contract; the text holds counts, never values."""


def _promises(column: Column) -> dict[str, pl.Expr]:
    """For every promise about a column's values: which rows break it."""
    value = pl.col(column.name)
    broken = {}
    if column.required:
        broken["missing value"] = value.is_null()
    if column.codes:
        broken["not one of the codes"] = ~value.is_in(list(column.codes))
    if column.minimum is not None:
        broken["below the minimum"] = value < column.minimum
    if column.maximum is not None:
        broken["above the maximum"] = value > column.maximum
    return broken


def _repeated_keys(frame: pl.DataFrame, key: tuple[str, ...]) -> int:
    """The number of rows whose key another row has too; missing values are equal."""
    # Rows whose hashes all differ all differ, and hashes are compared in half the time.
    hashes = frame.select(pl.struct(key).hash()).to_series()
    if hashes.n_unique() == frame.height:
        return 0
    return int(frame.select(pl.struct(key).is_duplicated()).to_series().sum())


def _broken_promises(frame: pl.DataFrame, contract: TableContract) -> dict[str, int]:
    """Every broken promise about values and the key, with the number of rows that break it."""
    broken = {
        f"{column.name}: {promise}": rows
        for column in contract.columns
        for promise, rows in _promises(column).items()
    }
    counts = frame.select(rows.sum().alias(name) for name, rows in broken.items()).to_dicts()
    found = {name: count for name, count in counts[0].items() if count} if counts else {}
    if contract.key and (repeated := _repeated_keys(frame, contract.key)):
        found[f"{', '.join(contract.key)}: key of several rows"] = repeated
    return found


@cache
def pandera_schema(contract: TableContract) -> pa.DataFrameSchema:
    """The Pandera schema of a table: names, order and types, and all promises about the values.

    The values are looked at in one check of the whole frame: a check for each column took six
    times as long on the many small files of a run.
    """

    def promises_kept(data: pa.PolarsData) -> bool:
        return not _broken_promises(data.lazyframe.collect(), contract)

    return pa.DataFrameSchema(
        {
            column.name: pa.Column(POLARS_TYPES[column.kind], nullable=True)
            for column in contract.columns
        },
        checks=pa.Check(promises_kept, name="promises about values and key"),
        strict=True,
        ordered=True,
        name=contract.name,
    )


def keep_contract(frame: pl.DataFrame, contract: TableContract) -> pl.DataFrame:
    """The frame itself when it keeps the contract.

    Raises ContractBroken with the table, columns, checks and counts when it does not.
    """
    try:
        # Not lazy: gathering all errors, Pandera fails where their values have different types.
        return pandera_schema(contract).validate(frame, lazy=False)
    except SchemaError as error:
        broken = _shape_error(error)
    if broken is None:
        counts = _broken_promises(frame, contract)
        broken = "; ".join(
            f"{promise} ({count} times)" for promise, count in sorted(counts.items())
        )
    raise ContractBroken(f"The table {contract.name} does not keep its contract: {broken}.")


def _shape_error(error: SchemaError) -> str | None:
    """What is wrong with names, order or types, which are no values of rows; None for values."""
    if error.reason_code == SchemaErrorReason.WRONG_DATATYPE:
        return f"{error.schema.name}: wrong type"
    if error.reason_code in _SHAPE_REASONS:
        reason = error.reason_code.name.lower().replace("_", " ")
        return f"{error.failure_cases}: {reason}"
    return None
