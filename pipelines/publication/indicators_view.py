"""The `indicators` view: every published value of every table, one long view.

Rendered from the registry's published values; each is a plain SELECT joined to `definitions`
by the table's parameters and the month.
"""

from collections.abc import Collection

from pipelines.publication.duckdb_sql import sql_name, sql_text
from schemas.indicator_registry_values import PUBLISHED_VALUES, PublishedValue
from schemas.registers import INDICATORS_VIEW, published_table

_LEVEL_OF_CODE = "CASE WHEN {code} = '00' THEN 'nation' ELSE 'region' END"


def viewed_values(tables: Collection[str]) -> list[PublishedValue]:
    """The published values whose tables are in the file."""
    return [value for value in PUBLISHED_VALUES if value.table in tables]


def create_view(tables: Collection[str]) -> str:
    """CREATE VIEW over the tables that are in the file; `definitions` must be one of them."""
    selects = "\nUNION ALL\n".join(_select(value) for value in viewed_values(tables))
    return f"CREATE VIEW {sql_name(INDICATORS_VIEW.name)} AS\n{selects}"


def undefined_values(value: PublishedValue) -> str:
    """A query for the number of rows whose value no row of `definitions` describes."""
    return (
        f"SELECT count(*) FROM {sql_name(value.table)} t WHERE {_limit(value)} AND NOT EXISTS "
        f"(SELECT 1 FROM definitions d WHERE {_join(value)})"
    )


def _select(value: PublishedValue) -> str:
    columns = published_table(value.table).column_names
    area = "area_code" if "area_code" in columns else "region_code"
    level = "t.level" if "level" in columns else _LEVEL_OF_CODE.format(code=f"t.{area}")
    rendered = {
        "indicator": "d.indicator",
        "definition_hash": "d.definition_hash",
        "month": "t.month",
        "level": level,
        "area_code": f"t.{area}",
        "dimensions": _dimensions(value),
        "value": _number(value.column),
        "numerator": _number(value.numerator),
        "denominator": _number(value.denominator),
        "ci_low": _number(value.interval_columns[0] if value.interval else None),
        "ci_high": _number(value.interval_columns[1] if value.interval else None),
        "status": _status(value, has_status="status" in columns),
    }
    columns_sql = ", ".join(
        f"{rendered[column]} AS {column}" for column in INDICATORS_VIEW.column_names
    )
    return (
        f"SELECT {columns_sql} FROM {sql_name(value.table)} t "
        f"JOIN definitions d ON {_join(value)} WHERE {_limit(value)}"
    )


def _join(value: PublishedValue) -> str:
    return " AND ".join(
        [
            f"d.table_name = {sql_text(value.table)}",
            f"d.value_column = {sql_text(value.column)}",
            *(
                f"d.{sql_name(parameter)} = t.{sql_name(column)}"
                for column, parameter in value.parameters.items()
            ),
            "t.month BETWEEN d.from_month AND d.to_month",
        ]
    )


def _limit(value: PublishedValue) -> str:
    return (
        " AND ".join(
            f"t.{sql_name(column)} IN ({', '.join(map(sql_text, _codes(code)))})"
            for column, code in value.only_where.items()
        )
        or "true"
    )


def _codes(code: str | tuple[str, ...]) -> tuple[str, ...]:
    return (code,) if isinstance(code, str) else code


def _status(value: PublishedValue, *, has_status: bool) -> str:
    """The row's status; where a value is missing although the row is not hidden, what it is."""
    known = "t.status" if has_status else "'ok'"
    if value.missing_status is None:
        return known
    missing = sql_text(value.missing_status)
    if value.denominator is not None:
        missing = (
            f"CASE WHEN t.{sql_name(value.denominator)} = 0 THEN 'undefined' ELSE {missing} END"
        )
    is_missing = f"t.{sql_name(value.column)} IS NULL AND {known} = 'ok'"
    return f"CASE WHEN {is_missing} THEN {missing} ELSE {known} END"


def _dimensions(value: PublishedValue) -> str:
    if not value.dimensions:
        return "''"
    return " || ';' || ".join(f"'{name}=' || t.{sql_name(name)}" for name in value.dimensions)


def _number(column: str | None) -> str:
    return f"CAST({'NULL' if column is None else 't.' + sql_name(column)} AS DOUBLE)"
