"""Every table, column and unit that is published has its Swedish beside the English."""

from collections import defaultdict

import pytest

from schemas.dictionary_sv import (
    _texts,
    column_in_swedish,
    table_in_swedish,
    unit_in_swedish,
)
from schemas.registers import INDICATORS_VIEW, PUBLISHED_TABLES

TABLES = (*PUBLISHED_TABLES, INDICATORS_VIEW)
COLUMNS = [(table, column) for table in TABLES for column in table.columns]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_is_described_in_swedish(table):
    described, _, one_row = table_in_swedish(table.name).partition(". En rad: ")
    assert described
    assert one_row.endswith(".")
    for column in table.columns:
        assert column_in_swedish(table.name, column.name).endswith("."), column.name
        if column.unit:
            assert unit_in_swedish(column.unit)


def test_what_differs_in_one_language_differs_in_the_other():
    """A shared Swedish text would be wrong where the English of a table says something else."""
    by_column = defaultdict(set)
    for table, column in COLUMNS:
        swedish = column_in_swedish(table.name, column.name)
        by_column[column.name].add((column.description, swedish))
    differing = {
        name: texts
        for name, texts in by_column.items()
        if not len(texts) == len({one for one, _ in texts}) == len({two for _, two in texts})
    }
    assert differing == {}


def test_nothing_is_described_that_is_not_published():
    published = {table.name: set(table.column_names) for table in TABLES}
    texts = _texts()
    assert set(texts["tables"]) == set(published)
    for table, columns in texts["columns_of"].items():
        assert set(columns) <= published[table], table
    assert set(texts["columns"]) <= set().union(*published.values())
    assert set(texts["units"]) == {column.unit for _, column in COLUMNS if column.unit}


def test_a_column_that_is_not_described_is_an_error():
    with pytest.raises(KeyError):
        column_in_swedish("coverage", "surprise")
