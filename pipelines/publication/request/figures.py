"""The figures of a package, read from the published file.

One connection reads everything, so all of it is of one release, also when a new one is published
meanwhile. No figure is computed here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import duckdb
import polars as pl

from pipelines.errors import StepFailedError
from pipelines.publication.quality_declaration import (
    LANGUAGES,
    Language,
    quality_declaration,
)
from pipelines.publication.request.words import Words
from schemas import codes
from schemas.contract import POLARS_TYPES
from schemas.registers import INDICATORS_VIEW, published_table

OF_THE_MONTH = (
    "care_markings",
    "continuity",
    "coverage",
    "data_quality",
    "list_load",
    "target_status",
)
REGISTERS = (
    "deliveries",
    "definitions",
    "moved_figures",
    "targets",
    "release_info",
    "reporting",
    "revisions",
    "units",
)

_ROWS = {
    "care_markings": "setting = 'sabo'",
    "continuity": "level <> 'unit' and unit_scope = 'own_unit' and window_months = 18 "
    "and min_visits = 3 and \"index\" = 'COC' and age_group = 'all'",
    "coverage": "level <> 'unit' and age_group = 'all'",
    "target_status": "level <> 'unit'",
}
"""Which rows of a table the package holds; without an entry all."""

INDICATORS = (
    *(f"care_markings.sabo.{source}.persons" for source in codes.MARKING_SOURCES),
    *(
        f"coverage.{population}.{definition}.share"
        for population in ("sabo", "inhabitants", "listed")
        for definition in codes.DEFINITIONS
    ),
    *(
        f"continuity.{population}.{series}.own_unit.18m.3v.COC.mean"
        for population in ("listed", "sabo")
        for series in codes.SERIES
    ),
    "list_load.load",
)
"""The indicators of the package, in its order: those that are explained, and whose change since the
year before is told."""


@dataclass(frozen=True)
class RequestFigures:
    """The published figures of a month, and what is needed to explain them.

    `tables` are published tables by name: statistics of the month, registers whole (`reporting`
    too, of all months). `values` are rows of the view `indicators` for INDICATORS, of the month and
    of the same month the year before: nation and regions, both sexes and all ages.
    `declarations` is language (sv, en) to the quality declaration in Markdown.
    """

    month: str
    tables: Mapping[str, pl.DataFrame]
    values: pl.DataFrame
    declarations: Mapping[Language, str]

    @property
    def month_of_year_before(self) -> str:
        """The same month of the year before."""
        return f"{int(self.month[:4]) - 1}{self.month[4:]}"

    @cached_property
    def release(self) -> dict[str, str]:
        """What `release_info` says, by name."""
        return dict(self.tables["release_info"].select("name", "value").iter_rows())

    @cached_property
    def definitions(self) -> dict[str, dict[str, object]]:
        """Indicator to its row of `definitions` in the month."""
        rows = self.tables["definitions"].filter(
            pl.col("from_month") <= self.month, pl.col("to_month") >= self.month
        )
        return {row["indicator"]: row for row in rows.iter_rows(named=True)}

    def name_of(self, indicator: str) -> Words:
        """What the indicator is called."""
        row = self.definitions[indicator]
        return Words(str(row["name_sv"]), str(row["name_en"]))

    @cached_property
    def reporting(self) -> pl.DataFrame:
        """The rows of `reporting` of the month."""
        return self.tables["reporting"].filter(pl.col("month") == self.month)

    @cached_property
    def reporting_regions(self) -> list[str]:
        """The codes of the regions that report in the month, in order."""
        return self.regions_reporting_in(self.month)

    def regions_reporting_in(self, month: str) -> list[str]:
        """The codes of the regions that report in a month, in order; none if it is not there."""
        rows = self.tables["reporting"].filter(
            pl.col("month") == month, "reported", pl.col("region_code") != codes.NATION
        )
        return rows["region_code"].sort().to_list()

    @cached_property
    def reference_dates(self) -> dict[str, date]:
        """Area code (00 and the reporting regions) to reference date."""
        rows = self.tables["coverage"].filter(
            pl.col("level").is_in(["nation", "region"]), pl.col("reference_date").is_not_null()
        )
        return dict(rows.select("area_code", "reference_date").unique().sort("area_code").rows())

    @property
    def unapproved_figures(self) -> int:
        """How many figures of the month moved more than likely, and nobody has approved them."""
        moved = self.tables["moved_figures"]
        return moved.filter(pl.col("month") == self.month, ~pl.col("approved")).height

    @property
    def reference_date(self) -> date:
        """The nation's reference date: the latest of its regions'."""
        return self.reference_dates[codes.NATION]


def read_figures(statistics_file: Path, month: str) -> RequestFigures:
    """Read the month from the published file, which is opened read-only.

    Raises StepFailedError when there is no such file, or it has no figures of the month.
    """
    if not statistics_file.is_file():
        raise StepFailedError(f"There is no {statistics_file}; nothing has been published yet.")
    before = f"{int(month[:4]) - 1}{month[4:]}"
    with duckdb.connect(statistics_file, read_only=True) as file:
        tables = {name: _read(file, name, _where(name, month)) for name in OF_THE_MONTH}
        tables |= {name: _read(file, name, "true") for name in REGISTERS}
        values = _read(
            file,
            INDICATORS_VIEW.name,
            f"month in ('{month}', '{before}') and level in ('nation', 'region') "
            f"and indicator in {INDICATORS} and dimensions in ('', 'sex=all;age_group=all')",
        )
        if tables["reporting"].filter(pl.col("month") == month).is_empty():
            raise StepFailedError(
                f"{statistics_file} has no figures of {month}. Make them with flk run --month "
                f"{month}."
            )
        declarations = {each: quality_declaration(file, each, month) for each in LANGUAGES}
    return RequestFigures(month, tables, values, declarations)


def _where(table: str, month: str) -> str:
    return f"month = '{month}' and {_ROWS.get(table, 'true')}"


def _read(file: duckdb.DuckDBPyConnection, table: str, where: str) -> pl.DataFrame:
    contract = INDICATORS_VIEW if table == INDICATORS_VIEW.name else published_table(table)
    names: Sequence[str] = contract.column_names
    columns = ", ".join(f'"{name}"' for name in names)
    keys = ", ".join(f'"{name}"' for name in contract.key)
    rows = file.execute(f"select {columns} from {table} where {where} order by {keys}").fetchall()
    schema = {column.name: POLARS_TYPES[column.kind] for column in contract.columns}
    return pl.DataFrame(rows, schema=schema, orient="row")
