"""The published file explains itself: every table, view and column of it, in three places."""

import duckdb
import pytest

from pipelines.publication.dictionary_page import dictionary_page

OF_THIS_FILE = "NOT internal AND database_name = current_database()"
COLUMNS = f"SELECT table_name, column_name, comment FROM duckdb_columns() WHERE {OF_THIS_FILE}"


def rows(published: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[object, ...]]:
    return published.execute(sql).fetchall()


@pytest.mark.parametrize(
    ("of", "name"),
    [
        ("duckdb_tables()", "table_name"),
        ("duckdb_views()", "view_name"),
        ("duckdb_columns()", "table_name || '.' || column_name"),
    ],
)
def test_no_table_view_or_column_is_without_a_comment(
    published: duckdb.DuckDBPyConnection, of: str, name: str
) -> None:
    commented = rows(published, f"SELECT {name}, comment FROM {of} WHERE {OF_THIS_FILE}")
    assert len(commented) > 0
    assert [name for name, comment in commented if not str(comment or "").strip()] == []


def test_the_dictionary_in_the_file_describes_exactly_what_the_file_holds(
    published: duckdb.DuckDBPyConnection,
) -> None:
    described = rows(published, "SELECT table_name, column_name, position, type FROM dictionary")
    held = rows(
        published,
        "SELECT table_name, column_name, column_index, data_type FROM duckdb_columns() "
        f"WHERE {OF_THIS_FILE}",
    )
    assert sorted(described) == sorted(held)


def test_a_comment_says_what_the_dictionary_says(published: duckdb.DuckDBPyConnection) -> None:
    differing = rows(
        published,
        f"SELECT table_name, column_name FROM dictionary JOIN ({COLUMNS}) "
        "USING (table_name, column_name) WHERE NOT starts_with(comment, description) "
        "OR NOT contains(comment, 'Swedish: ' || label) "
        "OR (unit IS NOT NULL AND NOT contains(comment, 'Unit: ' || unit))",
    )
    assert differing == []


def test_the_page_describes_every_column_of_the_file(published: duckdb.DuckDBPyConnection) -> None:
    sections = {
        section.partition("\n")[0]: section for section in dictionary_page().split("\n## ")[1:]
    }
    missing = [
        (table, column)
        for table, column, _ in rows(published, COLUMNS)
        if f"| `{column}` |" not in sections.get(str(table), "")
    ]
    assert missing == []
    tables = {table for table, _, _ in rows(published, COLUMNS)}
    assert set(sections) == tables


def test_columns_named_by_codes_hold_no_other_value(published: duckdb.DuckDBPyConnection) -> None:
    limited = rows(
        published, "SELECT table_name, column_name, codes FROM dictionary WHERE codes IS NOT NULL"
    )
    assert len(limited) > 20
    for table, column, codes in limited:
        held = rows(
            published, f'SELECT DISTINCT "{column}" FROM "{table}" WHERE "{column}" NOT NULL'
        )
        assert {value for (value,) in held} <= set(str(codes).split("|")), (table, column)


def test_columns_that_are_never_missing_are_not_and_keys_are_unique(
    published: duckdb.DuckDBPyConnection,
) -> None:
    """Of the view too, whose columns the file itself cannot hold to."""
    for (table,) in rows(published, "SELECT DISTINCT table_name FROM dictionary"):
        described = rows(
            published,
            "SELECT column_name, required, is_key FROM dictionary "
            f"WHERE table_name = '{table}' ORDER BY position",
        )
        required = [f'count("{name}") = count(*)' for name, needed, _ in described if needed]
        key = ", ".join(f'"{name}"' for name, _, is_key in described if is_key)
        [(never_missing, unique)] = rows(
            published,
            f"SELECT {' AND '.join(required) or 'true'}, count(*) = count(DISTINCT ({key})) "
            f'FROM "{table}"',
        )
        assert (table, never_missing, unique) == (table, True, True)
