"""A contract as a Pandera schema, and the gate that every stored table passes.

Pandera's own error texts hold values of rows. They never leave this module: what is raised
says the table, the column and the check, with a count.
"""

import warnings
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import takewhile

import polars as pl

with warnings.catch_warnings():
    # Where they are installed Pandera imports pandas and PySpark, and one warns of the other.
    warnings.simplefilter("ignore", FutureWarning)
    import pandera.polars as pa
from pandera.errors import SchemaError, SchemaErrorReason

from schemas.column import Column, Kind
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


def _with_equal_numbers(keys: pl.DataFrame) -> pl.DataFrame:
    """The keys that another may be equal to, found without looking at texts.

    Where the keys are sorted by the numbers and dates that they begin with, these are the ones
    that stand beside one with equal numbers: few, and found in a tenth of the time of comparing
    whole keys. Numbers from the first that may be missing on are left out. Where the keys are not
    sorted so, it is all of them.
    """
    numbers = list(
        takewhile(
            lambda name: keys.schema[name] != pl.String and not keys[name].null_count(),
            keys.columns,
        )
    )
    rises, equal = pl.lit(False), pl.lit(True)
    for name in reversed(numbers):
        value, before = pl.col(name), pl.col(name).shift(1)
        rises = (value > before) | ((value == before) & rises)
        equal = equal & (value == before)
    answers = keys.select(rises=rises | equal, equal=equal.fill_null(False)).slice(1)
    if not numbers or keys.is_empty() or not answers["rises"].fill_null(False).all():
        return keys
    first = pl.Series([False])
    equal_to_former = pl.concat([first, answers["equal"]])
    equal_to_next = pl.concat([answers["equal"], first])
    return keys.filter(equal_to_former | equal_to_next)


def _repeated_keys(frame: pl.DataFrame, key: tuple[str, ...]) -> int:
    """The number of rows whose key another row has too; missing values are equal."""
    frame = _with_equal_numbers(frame.select(key))
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


_PART = Column("part", Kind.WHOLE_NUMBER, "Which of several frames a row stands in.", "Del")


@cache
def _in_parts(contract: TableContract) -> TableContract:
    """The contract of several frames put together, each of which keeps the given one."""
    return replace(contract, key=(_PART.name, *contract.key), columns=(*contract.columns, _PART))


def keep_contract_each(frames: Sequence[pl.DataFrame], contract: TableContract) -> None:
    """Look whether every one of the frames keeps the contract, at all of them in one go.

    Raises ContractBroken as `keep_contract` does. A gate for each of many small frames takes as
    long as all that is done to them before.
    """
    schema = contract.polars_schema()
    for frame in frames:
        if len(frames) == 1 or frame.schema != schema:
            keep_contract(frame, contract)
    if len(frames) > 1:
        parts = (
            frame.with_columns(pl.lit(number, pl.Int64).alias(_PART.name))
            for number, frame in enumerate(frames)
        )
        keep_contract(pl.concat(parts), _in_parts(contract))


def _shape_error(error: SchemaError) -> str | None:
    """What is wrong with names, order or types, which are no values of rows; None for values."""
    if error.reason_code == SchemaErrorReason.WRONG_DATATYPE:
        return f"{error.schema.name}: wrong type"
    if error.reason_code in _SHAPE_REASONS:
        reason = error.reason_code.name.lower().replace("_", " ")
        return f"{error.failure_cases}: {reason}"
    return None
