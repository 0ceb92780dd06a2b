"""A table contract as DuckDB statements: types, CREATE TABLE and COMMENT ON.

Only text is made here; who runs it is in `statistics_file.py`.
"""

from schemas.column import Column, Kind
from schemas.contract import TableContract

DUCKDB_TYPES: dict[Kind, str] = {
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.WHOLE_NUMBER: "BIGINT",
    Kind.DECIMAL: "DOUBLE",
    Kind.DATE: "DATE",
    Kind.TIME: "TIME",
    Kind.TRUTH: "BOOLEAN",
    Kind.TIMESTAMP: "TIMESTAMP",
}


def sql_text(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def sql_name(name: str) -> str:
    """A name of a table or column, quoted."""
    return '"' + name.replace('"', '""') + '"'


def create_table(contract: TableContract) -> str:
    """CREATE TABLE in the contract's column order, NOT NULL where required."""
    columns = ", ".join(
        f"{sql_name(column.name)} {DUCKDB_TYPES[column.kind]}"
        + (" NOT NULL" if column.required else "")
        for column in contract.columns
    )
    return f"CREATE TABLE {sql_name(contract.name)} ({columns})"


def table_comment(contract: TableContract) -> str:
    """What stands beside a table: what it is, what one row is, source, Swedish title."""
    source = f" Source: {contract.source}." if contract.source else ""
    return (
        f"{contract.description} One row: {_lower_first(contract.grain)}{source} "
        f"Swedish: {contract.title}."
    )


def column_comment(column: Column) -> str:
    """What stands beside a column: description, unit, source, Swedish label."""
    unit = f" Unit: {column.unit}." if column.unit else ""
    source = f" Source: {column.source}." if column.source else ""
    return f"{column.description}{unit}{source} Swedish: {column.label}."


def comments(contract: TableContract, *, kind: str = "TABLE") -> list[str]:
    """COMMENT ON for the table (or `kind` VIEW) and each of its columns."""
    name = sql_name(contract.name)
    return [
        f"COMMENT ON {kind} {name} IS {sql_text(table_comment(contract))}",
        *(
            f"COMMENT ON COLUMN {name}.{sql_name(column.name)} IS "
            f"{sql_text(column_comment(column))}"
            for column in contract.columns
        ),
    ]


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
