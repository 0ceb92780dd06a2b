"""The cell-key method: every number of persons is published with a little noise, always the same.

Noise is drawn from a perturbation table (`perturbation_table.py`) by the number's key
(`cell_keys.py`). All tables of a month stand on one grid, where a number that several tables show
is one. What follows from the numbers, such as shares, is computed anew in `perturbed_rows.py`.
Why, and what it protects against: docs/decisions/0014-cell-key-perturbation.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from pipelines.publication.disclosure.cell_keys import keys_of, names_of, places_of
from pipelines.publication.disclosure.connected import (
    connected,
    months_of,
    of_month,
    regions_of_units,
    relations_of,
)
from pipelines.publication.disclosure.grid import (
    BREAKDOWN,
    MISSING,
    Counts,
    Grid,
    areas_of,
    grid_of,
)
from pipelines.publication.disclosure.months import hidden_rows
from pipelines.publication.disclosure.perturbation_table import PerturbationTable
from pipelines.publication.disclosure.perturbed_rows import NAME, ShareInterval, following
from pipelines.publication.disclosure.primary import OK, hide, one_physician_cells, primary_cells
from pipelines.publication.disclosure.settings import DisclosureSettings
from pipelines.publication.disclosure.targets import OnOnePhysician
from schemas.disclosure_relations import PUBLIC_COUNTS, TWINS, Relations, Sheet, Within
from schemas.statistics import CONTINUITY, COVERAGE

FICTITIOUS = "kind fictitious"
PERSONS_OF_OWN_PHYSICIAN = "own physician persons"


@dataclass(frozen=True)
class Secrets:
    """What noise is drawn by: the table, and the key of cell keys (`cell_key_secret`)."""

    table: PerturbationTable
    secret: str


def perturb(
    tables: Mapping[str, pl.DataFrame],
    settings: DisclosureSettings,
    one_physician: OnOnePhysician,
    unit_regions: pl.DataFrame,
    secret: str,
    share_interval: ShareInterval,
) -> dict[str, pl.DataFrame]:
    """The tables as they may be published, in the same order, columns and rows.

    Counts of persons are perturbed, but for public ones; visits, means and deviations too, in
    proportion to what so many persons could change. Medians, and what counts no persons, stay.
    A row that is about nobody when perturbed is `undefined`, as one about nobody is. Suppressed are
    rows of continuity of fewer persons than the threshold, of coverage of fewer inhabitants, and of
    units that rest on one physician, with what would give these away without noise. `secret` is the
    key of cell keys, `share_interval` gives the bounds of numerator / denominator; the rest is as
    for `suppress`.
    """
    by = Secrets(settings.perturbation_table, secret)
    numbers: dict[str, list[pl.DataFrame]] = {}
    there = connected(tables)
    for month in months_of(there):
        for name, rows in _numbers_of_month(of_month(there, month), unit_regions, month, by):
            numbers.setdefault(name, []).append(rows)
    hidden = _hidden(tables, settings, one_physician, unit_regions)
    published = dict(tables)
    for name, of_months in numbers.items():
        perturbed = _in_place(tables[name], pl.concat(of_months))
        published[name] = hide(
            following(name, tables[name], perturbed, by.table, by.secret, share_interval),
            name,
            hidden[name],
        )
    return published


def _hidden(
    tables: Mapping[str, pl.DataFrame],
    settings: DisclosureSettings,
    one_physician: OnOnePhysician,
    unit_regions: pl.DataFrame,
) -> dict[str, pl.Series]:
    """By table, the rows that are suppressed all the same."""
    marked = {
        name: one_physician_cells(frame, name, settings, one_physician.units, one_physician.loads)
        for name, frame in tables.items()
    }
    # Sums over many units drown in no noise: a large list would follow from its region's others.
    rows = hidden_rows(tables, marked, settings, one_physician, unit_regions, None)
    if COVERAGE.name in tables:
        rows[COVERAGE.name] |= _of_few_inhabitants(tables[COVERAGE.name], settings)
    if CONTINUITY.name in tables:
        frame = tables[CONTINUITY.name]
        rows[CONTINUITY.name] |= primary_cells(
            frame, CONTINUITY.name, settings, one_physician.units
        )
    return rows


def _of_few_inhabitants(coverage: pl.DataFrame, settings: DisclosureSettings) -> pl.Series:
    """The rows whose public denominator leaves no number that may be published but 0 and all."""
    few = pl.col("denominator").is_between(1, settings.threshold - 1)
    return coverage.select(
        ((pl.col("status") == OK) & pl.col("population").is_in(PUBLIC_COUNTS) & few).fill_null(
            False
        )
    ).to_series()


def _numbers_of_month(
    tables: Mapping[str, pl.DataFrame], unit_regions: pl.DataFrame, month: str, by: Secrets
) -> Iterator[tuple[str, pl.DataFrame]]:
    """By table: the row's place in it, its published counts, and the name of whom it is about."""
    areas = areas_of([tables], regions_of_units(unit_regions, month))
    nothing = {
        name: pl.repeat(False, frame.height, dtype=pl.Boolean, eager=True)
        for name, frame in tables.items()
    }
    grid = grid_of(tables, nothing, of_persons(relations_of(tables)), areas)
    names = names_of(list(grid.counts), areas, grid.values, _same_in_cell(grid))
    published = published_numbers(grid, names, by)
    name_of = names.to_numpy().reshape(grid.values.shape)
    for table, at in grid.placed.items():
        sheets = [sheet for sheet in grid.relations.sheets if sheet.table == table]
        height = tables[table].height
        found = {
            column: np.full(height, MISSING, dtype=np.int64)
            for column in sorted({column for sheet in sheets for column in sheet.columns.values()})
        }
        called = np.full(height, None, dtype=object)
        is_shown = grid.known[at.sheet, at.cell]
        for number in np.unique(at.sheet):
            sheet = grid.relations.sheets[number]
            shown = (at.sheet == number) & is_shown
            row, cell = at.row[shown], at.cell[shown]
            for count, column in sheet.columns.items():
                shown_as = published[grid.counts[count], cell]
                values = tables[table][column].to_numpy()[row].astype(np.int64)
                other = np.flatnonzero(values != grid.values[grid.counts[count], cell])
                shown_as[other] = _other_sums(
                    count, cell[other], values[other], grid, published, by
                )
                found[column][row] = shown_as
            called[row] = name_of[grid.counts[sheet.whole], cell]
        rows = (
            tables[table]
            .select("in_table")
            .with_columns(
                *(pl.Series(column, values) for column, values in found.items()),
                pl.Series(NAME, called.tolist(), dtype=pl.String),
            )
        )
        yield table, rows.with_columns(pl.col(name).replace(MISSING, None) for name in found)


def _other_sums(
    count: str, cells: Counts, values: Counts, grid: Grid, published: Counts, by: Secrets
) -> Counts:
    """The published numbers of rows that show another sum than the count is elsewhere.

    The nation is the regions that can tell, and for fixed contacts fewer can than of who is listed.
    Where it is one region alone it is that region's number; else a number of its own.
    """
    places = np.array(places_of(grid.areas), dtype=object)
    names = [f"{count}|{place}|of fewer regions" for place in places[cells]]
    numbers = _perturbed(values, pl.Series(names, dtype=pl.String), by)
    at = grid.counts[count]
    for region in range(1, grid.areas.uppers):
        alike = np.where(cells < BREAKDOWN, cells + region * BREAKDOWN, 0)
        is_it = (alike > 0) & (grid.values[at, alike] == values)
        numbers = np.where(is_it, published[at, alike], numbers)
    return numbers


def _perturbed(values: Counts, names: pl.Series, by: Secrets) -> Counts:
    """The values with the noise of their names; 0 stays 0."""
    text = pl.concat_str(names, pl.Series(values), separator="|")
    keys = keys_of(pl.select(text.alias("name")).to_series(), by.secret)
    return values + np.where(values > 0, by.table.deviation(np.maximum(values, 0), keys), 0)


def published_numbers(grid: Grid, names: pl.Series, by: Secrets) -> Counts:
    """Every number of a grid as it is published, [count, cell]; `names` row by row of its values.

    A group within another in the same cell is at most as large as the other's published number:
    that follows from published numbers and tells nothing more.
    """
    true = grid.values.ravel()
    is_noisy = true > 0
    for count in PUBLIC_COUNTS:
        if count in grid.counts:
            is_noisy.reshape(grid.values.shape)[grid.counts[count]] = False
    places = np.flatnonzero(is_noisy)
    published = true.copy()
    published[places] = _perturbed(true[places], names.gather(places), by)
    return _nested(published.reshape(grid.values.shape), grid)


def _nested(published: Counts, grid: Grid) -> Counts:
    """With no part greater than the whole that it lies within.

    A nation that adds up fewer regions than its part's does is no whole of that: it may be smaller.
    """
    pairs = list(_within(grid))
    true = grid.values
    while True:
        before = published.copy()
        for whole, part in pairs:
            both = (true[whole] != MISSING) & (true[part] != MISSING) & (true[part] <= true[whole])
            np.minimum(published[part], published[whole], out=published[part], where=both)
        if np.array_equal(published, before):
            return published


def _within(grid: Grid) -> Iterator[tuple[int, int]]:
    """Rows of the grid's values: a count and another that lies within it."""
    for within in grid.relations.within:
        for part in within.parts:
            if within.whole in grid.counts and part in grid.counts:
                yield grid.counts[within.whole], grid.counts[part]


def _same_in_cell(grid: Grid) -> list[tuple[int, int]]:
    """Rows of the grid's values that count the same persons where they are equal.

    Not public counts: a group that is all inhabitants of a place would be published without noise.
    """
    public = {grid.counts[count] for count in PUBLIC_COUNTS if count in grid.counts}
    alike = [
        (grid.counts[one], grid.counts[other])
        for one, other in _defined_alike(grid.relations)
        if one in grid.counts and other in grid.counts
    ]
    return [
        pair for pair in dict.fromkeys([*_within(grid), *alike]) if not public.intersection(pair)
    ]


def _defined_alike(relations: Relations) -> Iterator[tuple[str, str]]:
    """Counts that are the same in a region by its rules; sharing noise by chance does no harm."""
    for one, other in TWINS.items():
        for count in {count for sheet in relations.sheets for count in sheet.columns}:
            if count.endswith(f" {one}"):
                yield count, f"{count.removesuffix(one)}{other}"
    for sheet in relations.sheets:
        for count in sheet.columns:
            yield from ((count, other) for other in sheet.also)


def of_persons(relations: Relations) -> Relations:
    """The relations as noise needs them: counts of persons, those on fictitious lists among them.

    Visits are no persons; they follow the noise of those who made them.
    """
    within = [each for each in relations.within if not each.whole.endswith("visits")]
    within.append(Within("listed", (FICTITIOUS,)))
    within += [
        Within(every, (every.removesuffix("any") + source,))
        for every in sorted({each.whole for each in within if each.whole.endswith(" any")})
        for source in ("cosmic", "municipality")
    ]
    sheets = tuple(_of_persons(sheet) for sheet in relations.sheets)
    return replace(relations, sheets=sheets, within=tuple(within))


def _of_persons(sheet: Sheet) -> Sheet:
    if sheet.where.get("kind") == "fictitious":
        return replace(sheet, columns={FICTITIOUS: "persons", **sheet.columns})
    if sheet.table == "own_physician":
        return replace(sheet, columns={PERSONS_OF_OWN_PHYSICIAN: "persons"})
    return replace(sheet, of_physicians={})


def _in_place(table: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The table with its published counts, and the name of whom each row is about."""
    counts = [name for name in rows.columns if name not in ("in_table", NAME)]
    return (
        table.with_row_index("in_table")
        .join(
            rows,
            on="in_table",
            how="left",
            suffix=":published",
            maintain_order="left",
            validate="1:1",
        )
        .with_columns(pl.coalesce(f"{name}:published", name).alias(name) for name in counts)
        .select(*table.columns, NAME)
    )
