"""The release before: what it showed, and what it hid, is known when the next one comes.

A number that has not changed and was published stays known. One that has not changed and was hidden
must stay hidden, and protected as it was: else the new release would give it away, or the number
beside which it was hidden. What has changed is another number. So an exchange (`secondary.py`)
either leaves alone whatever has not changed, or it is made in both releases alike: then all that it
moves was hidden before, and is the same.

Only what was published is looked at. Whether a hidden number has changed is judged as a reader
would: it is the same when nothing that the table shows of its region has changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from pipelines.publication.disclosure.grid import BREAKDOWN, MISSING, Areas, Grid, Marks


@dataclass(frozen=True)
class Before:
    """How each count stood in the release before, [count, cell].

    `unchanged`: the same number as now, as far as a reader can tell. `hidden`: of these, those that
    no row showed. `rows`, [sheet, cell]: the rows that were hidden.
    """

    unchanged: Marks
    hidden: Marks
    rows: Marks

    def kept(self, grid: Grid) -> Marks:
        """Rows, [sheet, cell], that were hidden with the same numbers: they stay hidden."""
        kept: Marks = self.rows & grid.known
        for number, sheet in enumerate(grid.relations.sheets):
            counts = [grid.counts[count] for count in sheet.columns]
            kept[number] &= self.unchanged[counts].all(axis=0)
        return kept


def hidden_before(published: Mapping[str, pl.DataFrame]) -> dict[str, pl.Series]:
    """By table, the rows that a published release hides."""
    return {
        name: frame.select(
            pl.col("status") == "suppressed"
            if "status" in frame.columns
            else pl.col("numerator").is_null()
        ).to_series()
        for name, frame in published.items()
        if {"status", "numerator"} & set(frame.columns)
    }


def is_the_same(grid: Grid, published: Grid) -> bool:
    """Whether a month is what was published before, and the primary rule hides no more of it."""
    shown = published.values != MISSING
    same_rows = np.array_equal(grid.known, published.known | (published.hidden & grid.known))
    same_values = np.array_equal(grid.values[shown], published.values[shown])
    return same_rows and same_values and not (grid.hidden & ~published.hidden).any()


def before(grid: Grid, published: Grid) -> Before:
    """Compares a month with the same month as it was published before, on the same cells."""
    shown = published.values != MISSING
    there = grid.values != MISSING
    differs = shown & there & (grid.values != published.values)
    tables = dict.fromkeys(sheet.table for sheet in grid.relations.sheets)
    changed = np.zeros_like(there)
    was_hidden = np.zeros_like(there)
    for table in tables:
        sheets = [
            (number, sheet)
            for number, sheet in enumerate(grid.relations.sheets)
            if sheet.table == table
        ]
        columns = sorted({grid.counts[count] for _, sheet in sheets for count in sheet.columns})
        in_region = _of_regions(differs[columns].any(axis=0), grid.areas)
        for number, sheet in sheets:
            for count in sheet.columns:
                at = grid.counts[count]
                was_hidden[at] |= published.hidden[number]
                changed[at] |= in_region
    hidden = was_hidden & ~shown & there & ~changed
    unchanged = (shown & there & ~differs) | hidden
    return Before(unchanged, hidden, published.hidden)


def _of_regions(cells: Marks, areas: Areas) -> Marks:
    """Every cell of a region in which some cell is marked; the nation's if any is."""
    uppers = areas.uppers * BREAKDOWN
    marked: Marks = np.any(cells[:uppers].reshape(areas.uppers, BREAKDOWN), axis=1)
    np.logical_or.at(marked, areas.region_of_cell, cells[uppers:])
    marked[0] = marked.any()
    return np.concatenate([np.repeat(marked, BREAKDOWN), marked[areas.region_of_cell]])
