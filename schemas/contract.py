"""The contract of a table: what one row is, its key, its columns, and where it comes from.

Renderings that need no library stand here; Pandera's is in `validation.py`. Dagster's column
schema, DuckDB's comments, the data dictionary and the supplier's layout are made from the same
contract by the packages that know those tools.
"""

from dataclasses import dataclass

import polars as pl

from schemas.column import Column, Kind

POLARS_TYPES: dict[Kind, pl.DataType] = {
    Kind.TEXT: pl.String(),
    Kind.CODE: pl.String(),
    Kind.WHOLE_NUMBER: pl.Int64(),
    Kind.DECIMAL: pl.Float64(),
    Kind.DATE: pl.Date(),
    Kind.TIME: pl.Time(),
    Kind.TRUTH: pl.Boolean(),
    Kind.TIMESTAMP: pl.Datetime("us"),
}


@dataclass(frozen=True)
class TableContract:
    """What a stored or published table promises.

    `grain` says what one row is; `key` are the columns that no two rows share;
    rows are written sorted by `key`.
    """

    name: str
    title: str
    grain: str
    description: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    source: str = ""

    @property
    def column_names(self) -> list[str]:
        """The names of the columns, in their order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """The column of that name; KeyError when the table has none."""
        return {column.name: column for column in self.columns}[name]

    def polars_schema(self) -> pl.Schema:
        """Column names and Polars types, in order."""
        return pl.Schema({column.name: POLARS_TYPES[column.kind] for column in self.columns})

    def empty(self) -> pl.DataFrame:
        """A frame of this table without rows."""
        return pl.DataFrame(schema=self.polars_schema())


@dataclass(frozen=True)
class DeliveryContract:
    """What a supplier delivers, and what is stored of it.

    `columns` are the delivered ones, in the names of the standard layout; `key` is what two rows
    may not share, of the delivered columns after normalising. `stored` is the microdata that is
    kept: pseudonymised, without names of persons. `period` is `snapshot` (the file's name starts
    with a day), `month` or `year`.
    """

    name: str
    title: str
    description: str
    period: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    stored: TableContract
    national: bool = False

    @property
    def column_names(self) -> list[str]:
        """The names of the delivered columns, in their order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """The delivered column of that name; KeyError when there is none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def required_columns(self) -> list[str]:
        """The columns that the header must have."""
        return [column.name for column in self.columns if column.required]
