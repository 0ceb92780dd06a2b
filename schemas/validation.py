"""A contract as a Pandera schema, and the gate that every stored table passes.

Pandera's own error texts hold values of rows. They never leave this module: what is raised
says the table, the column and the check, with a count.
"""

from collections import Counter
from functools import cache

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

from schemas.column import Column
from schemas.contract import POLARS_TYPES, TableContract


class ContractBrokenError(Exception):
    """A table does not keep its contract; the text holds counts, never values."""


def _checks(column: Column) -> list[pa.Check]:
    checks = []
    if column.codes:
        checks.append(pa.Check.isin(list(column.codes)))
    if column.minimum is not None:
        checks.append(pa.Check.ge(column.minimum))
    if column.maximum is not None:
        checks.append(pa.Check.le(column.maximum))
    return checks


@cache
def pandera_schema(contract: TableContract) -> pa.DataFrameSchema:
    """The Pandera schema of a table: types, order, missing values, codes, bounds and key."""
    return pa.DataFrameSchema(
        {
            column.name: pa.Column(
                POLARS_TYPES[column.kind], nullable=not column.required, checks=_checks(column)
            )
            for column in contract.columns
        },
        strict=True,
        ordered=True,
        unique=list(contract.key),
        name=contract.name,
    )


def keep_contract(frame: pl.DataFrame, contract: TableContract) -> pl.DataFrame:
    """The frame itself when it keeps the contract.

    Raises ContractBrokenError with the table, columns, checks and counts when it does not.
    """
    try:
        return pandera_schema(contract).validate(frame, lazy=True)
    except SchemaErrors as errors:
        counts = Counter(
            (str(case["column"]), str(case["check"]).split("(")[0])
            for case in errors.failure_cases.select("column", "check").to_dicts()
        )
    broken = ", ".join(
        f"{column}: {check} ({count} times)" for (column, check), count in sorted(counts.items())
    )
    raise ContractBrokenError(f"The table {contract.name} does not keep its contract: {broken}.")
