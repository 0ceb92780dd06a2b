"""A figure: the finding as its title, the values as a table, and what a drawing of them needs."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pipelines.publication.report.language import Language
from pipelines.publication.report.published import Row

Kind = Literal[
    "text", "share", "index", "count", "decimal", "ratio", "change", "interval", "status", "value"
]
"""How a value is written. `interval` writes the two columns ci_low and ci_high as the row's value
is written; `value` writes as the row's `kind` says."""

DATA_FOLDER = "data"


@dataclass(frozen=True)
class Column:
    """A column of a figure's table.

    `name` is the key in the rows, `label` the heading. `status` is the key that says why a value
    is missing; `met`, where there is one, the key that says whether a goal is met.
    """

    name: str
    label: str
    kind: Kind = "text"
    status: str = "status"
    met: str | None = None

    @property
    def csv_names(self) -> tuple[str, ...]:
        """The columns of the CSV file that it is written in."""
        names = ("ci_low", "ci_high") if self.kind == "interval" else (self.name,)
        return names if self.met is None else (*names, self.met)


@dataclass(frozen=True)
class Chart:
    """The name of a drawing in `charts.py`, its rows by data set, and what it shows in words."""

    name: str
    datasets: Mapping[str, list[Row]]
    description: str

    @property
    def has_values(self) -> bool:
        """Whether there is a value to draw; a goal alone is none."""
        drawn = (row for rows in self.datasets.values() for row in rows)
        return any(row.get("value") is not None and row.get("role") != "goal" for row in drawn)


@dataclass(frozen=True)
class Figure:
    """A figure with its table, and its drawing where it has one.

    `title` states the finding, `definition` says what is counted. Rows hold published values and
    `status`; a row may have an `href`, a page that it leads to.
    """

    name: str
    title: str
    definition: str
    columns: tuple[Column, ...]
    rows: list[Row]
    chart: Chart | None = None
    notes: tuple[str, ...] = ()

    @property
    def drawing(self) -> Chart | None:
        """The chart, where it has a value to draw."""
        return self.chart if self.chart and self.chart.has_values else None

    @property
    def file(self) -> str:
        """The figure's values as CSV, as a path in the report."""
        return f"{DATA_FOLDER}/{self.name}.csv"

    def csv(self) -> str:
        """The rows with the columns' names as header; missing values are empty."""
        names = list(dict.fromkeys(name for each in self.columns for name in each.csv_names))
        statuses = dict.fromkeys(each.status for each in self.columns)
        names += [name for name in statuses if name not in names]
        text = io.StringIO()
        writer = csv.DictWriter(text, names, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(self.rows)
        return text.getvalue()


def written(value: object, kind: str, language: Language) -> str:
    """A value as it is written; nothing where it is missing."""
    if value is None:
        return ""
    if not isinstance(value, int | float):
        return str(value)
    match kind:
        case "share":
            return language.percent(value)
        case "change":
            return language.signed_percent(value)
        case "index":
            return language.number(value, 3)
        case "ratio":
            return language.number(value, 2)
        case "decimal":
            return language.number(value, 1)
        case _:
            return language.number(value)


def interval(row: Row, kind: str, language: Language) -> str:
    """The row's interval as it is written; nothing where there is none."""
    if row.get("ci_low") is None:
        return ""
    low, high = (written(row[name], kind, language) for name in ("ci_low", "ci_high"))
    return f"{low} – {high}"


def cell(row: Row, column: Column, language: Language) -> str:
    """A table's cell: the value, or why it is missing."""
    kind = row.get("kind", "share") if column.kind in ("value", "interval") else column.kind
    status = row.get(column.status, "ok")
    if kind == "status":
        return language.text(f"status_{status}")
    if column.kind == "interval":
        return interval(row, kind, language)
    value = row.get(column.name)
    if value is None and kind != "text" and status != "ok":
        return language.text(f"status_{status}")
    return written(value, kind, language)


def shown(row: Row, name: str, kind: str, language: Language) -> str:
    """A value with its interval, or why it is missing: what stands at the pointer."""
    if row["status"] != "ok":
        return language.text(f"status_{row['status']}")
    value, bounds = written(row[name], kind, language), interval(row, kind, language)
    return f"{value} ({bounds})" if bounds else value
