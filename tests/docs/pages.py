"""The pages whose SQL is run, and how: a block ```sql, and the table below it is its output.

The output is a Markdown table, which reads well on a screen and in a terminal. It is written by
`python -m tests.docs.refresh`, never by hand.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

PROJECT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/analyst.md", "docs/questions.md")

_QUERY = re.compile(r"^```sql\n(?P<sql>(?:(?!```).*\n)*)```\n(?:\n(?P<output>(?:\|.*\n)+))?", re.M)
_FENCE = re.compile(r"^```(?P<language>\w*)\n(?P<content>(?:(?!```).*\n)*)```$", re.M)


@dataclass(frozen=True)
class Query:
    """A query of a page: where it stands, its SQL, and the output printed below it."""

    page: str
    line: int
    sql: str
    output: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def text_of(page: str) -> str:
    """The text of a page."""
    return (PROJECT / page).read_text("utf-8")


def queries(page: str) -> Iterator[Query]:
    """The queries of a page, in its order."""
    text = text_of(page)
    for found in _QUERY.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        yield Query(page, line, found["sql"], found["output"] or "")


def fenced_blocks(page: str) -> list[tuple[str, str]]:
    """(language, content) of the fenced blocks of a page."""
    return [(each["language"], each["content"]) for each in _FENCE.finditer(text_of(page))]


def with_new_outputs(page: str, published: duckdb.DuckDBPyConnection) -> str:
    """The page's text with every query's output as the published file gives it."""

    def renewed(found: re.Match[str]) -> str:
        try:
            output = output_of(found["sql"], published)
        except duckdb.Error as error:
            error.add_note(f"In {page}:{text.count(chr(10), 0, found.start()) + 1}.")
            raise
        return f"```sql\n{found['sql']}```\n\n{output}"

    text = text_of(page)
    return _QUERY.sub(renewed, text)


def output_of(sql: str, published: duckdb.DuckDBPyConnection) -> str:
    """What a query gives, as a Markdown table: numbers to the right, missing values empty."""
    result = published.execute(sql)
    names = [column[0] for column in result.description]
    rows = result.fetchall()
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(3, *(len(row[place]) for row in [names, *cells])) for place in range(len(names))]
    numeric = [_is_numeric([row[place] for row in rows]) for place in range(len(names))]
    columns = list(zip(widths, numeric, strict=True))
    rule = ["-" * (width - 1) + ":" if right else "-" * width for width, right in columns]
    return "".join(_line(line, columns) for line in [names, rule, *cells])


def _line(cells: list[str], columns: list[tuple[int, bool]]) -> str:
    padded = [
        cell.rjust(width) if right else cell.ljust(width)
        for cell, (width, right) in zip(cells, columns, strict=True)
    ]
    return f"| {' | '.join(padded)} |\n"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_numeric(values: list[Any]) -> bool:
    known = [value for value in values if value is not None]
    return bool(known) and all(
        isinstance(value, int | float) and not isinstance(value, bool) for value in known
    )
