"""The tables of one month on one grid: sheets of rows over areas, sexes and age groups.

A *cell* is an area with a sex and an age group. The nation and the regions have every combination,
units and municipalities only `all`/`all`. Every sheet (`schemas/disclosure_relations.py`) has at
most one row in a cell; continuity has one for each index, which share their counts and go together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas import codes
from schemas.disclosure_relations import Relations, Sheet

SEXES = (codes.ALL, *codes.SEXES)
AGE_GROUPS = (codes.ALL, *codes.AGE_GROUPS)
BREAKDOWN = len(SEXES) * len(AGE_GROUPS)
MISSING = -1

Counts = NDArray[np.int64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Areas:
    """The areas of a month in a fixed order: nation, regions, then units and municipalities.

    `region` is the place of each area's region (0, the nation, for the nation and its regions).
    """

    level: list[str]
    code: list[str]
    region: NDArray[np.int64]

    @cached_property
    def uppers(self) -> int:
        """How many areas have the breakdown by sex and age: the nation and its regions."""
        return sum(level in ("nation", "region") for level in self.level)

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return self.uppers * BREAKDOWN + len(self.code) - self.uppers

    @cached_property
    def region_of_cell(self) -> NDArray[np.int64]:
        """The place of the region of each unit's and municipality's cell, in order."""
        return self.region[self.uppers :]

    def frame(self) -> pl.DataFrame:
        """Level, area_code and the area's first cell."""
        numbers = np.arange(len(self.code))
        first = np.where(
            numbers < self.uppers,
            numbers * BREAKDOWN,
            self.uppers * BREAKDOWN + numbers - self.uppers,
        )
        return pl.DataFrame({"level": self.level, "area_code": self.code, "first_cell": first})


def areas_of(
    releases: Sequence[Mapping[str, pl.DataFrame]], unit_regions: Mapping[str, str]
) -> Areas:
    """The areas of a month's tables, in one or several releases. `unit_regions`: HSA-id to region
    code."""
    tables = [(name, frame) for release in releases for name, frame in release.items()]
    found = (
        pl.concat(
            [
                pl.DataFrame(schema={"level": pl.String, "area_code": pl.String}),
                *(
                    frame.select("level", "area_code")
                    for _, frame in tables
                    if "level" in frame.columns
                ),
            ]
        )
        .unique()
        .filter(pl.col("level").is_in(codes.LEVELS))
    )
    regions = set(found.filter(pl.col("level") == "region")["area_code"])
    for name, frame in tables:
        if name == "data_quality":
            regions |= set(frame["region_code"]) - {codes.NATION}
        if name == "definition_comparison":
            regions |= set(frame["area_code"])
    units = sorted(found.filter(pl.col("level") == "unit")["area_code"])
    municipalities = sorted(found.filter(pl.col("level") == "municipality")["area_code"])
    region_codes = sorted(regions)
    place = {code: number + 1 for number, code in enumerate(region_codes)}
    of_unit = [place.get(unit_regions.get(unit, ""), 0) for unit in units]
    of_municipality = [place.get(code[:2], 0) for code in municipalities]
    return Areas(
        ["nation"]
        + ["region"] * len(region_codes)
        + ["unit"] * len(units)
        + ["municipality"] * len(municipalities),
        [codes.NATION, *region_codes, *units, *municipalities],
        np.array([0] * (1 + len(region_codes)) + of_unit + of_municipality, dtype=np.int64),
    )


@dataclass(frozen=True)
class Placed:
    """Where the rows of one table stand: row number, sheet, cell, all of one length."""

    row: NDArray[np.int64]
    sheet: NDArray[np.int64]
    cell: NDArray[np.int64]


@dataclass
class Grid:
    """The sheets of a month on its cells.

    `known` marks the cells in which a sheet has a row with values, `told` also those in which it
    has one of nobody (`undefined`), `hidden` those that are (to be) hidden; all [sheet, cell].
    `values` holds the counts, `MISSING` where there is none, [count, cell]. Where rows of the
    nation show several sums of a count (not every region can tell everything), it is the first
    sheet's; `of_nation` has by sheet and count each one's own, by sex and age.
    """

    relations: Relations
    areas: Areas
    placed: dict[str, Placed]
    known: Marks
    told: Marks
    hidden: Marks
    values: Counts
    counts: dict[str, int]
    of_nation: dict[tuple[int, str], Counts]

    def sheets_of(self, count: str) -> list[int]:
        """The sheets whose rows show the count."""
        return [
            number for number, sheet in enumerate(self.relations.sheets) if count in sheet.shows
        ]

    def is_shown(self, count: str) -> Marks:
        """The cells in which some sheet's row shows the count."""
        sheets = self.sheets_of(count)
        shown: Marks = np.any(self.known[sheets] & ~self.hidden[sheets], axis=0)
        return shown

    def marked_rows(self, table: str, height: int) -> Marks:
        """The rows of a table that are hidden."""
        rows = np.zeros(height, dtype=np.bool_)
        if table in self.placed:
            at = self.placed[table]
            rows[at.row] = self.hidden[at.sheet, at.cell]
        return rows


def grid_of(
    tables: Mapping[str, pl.DataFrame],
    primary: Mapping[str, pl.Series],
    relations: Relations,
    areas: Areas,
) -> Grid:
    """The grid of one month's tables on these areas; `primary` marks the rows hidden so far."""
    names = list(dict.fromkeys(count for sheet in relations.sheets for count in sheet.shows))
    counts = {name: number for number, name in enumerate(names)}
    known = np.zeros((len(relations.sheets), areas.cells), dtype=np.bool_)
    told, hidden = np.zeros_like(known), np.zeros_like(known)
    values = np.full((len(names), areas.cells), MISSING, dtype=np.int64)
    placed = {}
    of_nation = {}
    for table in dict.fromkeys(sheet.table for sheet in relations.sheets):
        if table not in tables or tables[table].is_empty():
            continue
        sheets = [
            (number, sheet) for number, sheet in enumerate(relations.sheets) if sheet.table == table
        ]
        rows = _placed_rows(tables[table], sheets, areas)
        apart = [number for number, sheet in sheets if sheet.nation_is_another_sum]
        rows = rows.filter(~(pl.col("sheet").is_in(apart) & (pl.col("cell") < BREAKDOWN)))
        at = Placed(*(rows[name].to_numpy() for name in ("row", "sheet", "cell")))
        placed[table] = at
        ok = rows["ok"].to_numpy()
        known[at.sheet[ok], at.cell[ok]] = True
        is_told = rows["told"].to_numpy()
        told[at.sheet[is_told], at.cell[is_told]] = True
        marked = primary[table].to_numpy()[at.row]
        hidden[at.sheet[marked], at.cell[marked]] = True
        for number, sheet in sheets:
            of_sheet = (at.sheet == number) & ok
            for count, column in sheet.numbers.items():
                here, numbers = at.cell[of_sheet], rows[column].to_numpy()[of_sheet]
                own = np.full(BREAKDOWN, MISSING, dtype=np.int64)
                own[here[here < BREAKDOWN]] = numbers[here < BREAKDOWN]
                of_nation[number, count] = own
                is_first = (here >= BREAKDOWN) | (values[counts[count], here] == MISSING)
                values[counts[count], here[is_first]] = numbers[is_first]
    return Grid(relations, areas, placed, known, told, hidden, values, counts, of_nation)


def _placed_rows(
    frame: pl.DataFrame, sheets: Sequence[tuple[int, Sheet]], areas: Areas
) -> pl.DataFrame:
    """The rows that stand on a sheet: row, sheet, cell, ok, and the columns of counts."""
    columns = sorted({column for _, sheet in sheets for column in sheet.numbers.values()})
    rows = frame.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    if "region_code" in frame.columns:
        rows = rows.rename({"region_code": "area_code"})
    if "level" not in frame.columns:
        is_nation = pl.col("area_code") == codes.NATION
        rows = rows.with_columns(
            level=pl.when(is_nation).then(pl.lit("nation")).otherwise(pl.lit("region"))
        )
    fixed = list(sheets[0][1].where)
    if fixed:
        numbered = pl.DataFrame([{**sheet.where, "sheet": number} for number, sheet in sheets])
        rows = rows.join(numbered, on=fixed, how="inner", validate="m:1")
    else:
        rows = rows.with_columns(sheet=pl.lit(sheets[0][0]))
    cell = pl.col("first_cell")
    if "sex" in frame.columns:
        cell = cell + _place("sex", SEXES) * len(AGE_GROUPS) + _place("age_group", AGE_GROUPS)
    if "status" in frame.columns:
        ok, told = pl.col("status") == "ok", pl.col("status") != "not_reported"
    else:
        ok, told = pl.col("denominator") > 0, pl.lit(True)
    return (
        rows.join(areas.frame(), on=["level", "area_code"], how="inner", validate="m:1")
        .select(
            "row",
            pl.col("sheet").cast(pl.Int64),
            cell.cast(pl.Int64).alias("cell"),
            ok.fill_null(False).alias("ok"),
            told.alias("told"),
            *(pl.col(column).fill_null(MISSING) for column in columns),
        )
        .sort("row")
    )


def _place(column: str, values: Sequence[str]) -> pl.Expr:
    places = {value: number for number, value in enumerate(values)}
    return pl.col(column).replace_strict(places, return_dtype=pl.Int64)
