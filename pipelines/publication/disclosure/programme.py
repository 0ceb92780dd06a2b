"""Exchanges that are no box: linear programmes over the hidden numbers of a family of counts.

First it is asked whether the protected number is uncertain enough as things are; and if not, which
further rows cost least to hide so that it is. A row costs its weight however much its numbers
change, which a linear programme cannot say: the price by unit is adjusted to the solution once
(slope scaling), so the rows are cheap, not proven to be the cheapest. Counts outside the family are
held at their values, so what is found holds for the whole as well. Solved with HiGHS.
"""

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import highspy
import numpy as np
from numpy.typing import NDArray

from pipelines.publication.disclosure.grid import (
    AGE_GROUPS,
    BREAKDOWN,
    MISSING,
    SEXES,
    Counts,
    Grid,
    Marks,
)
from pipelines.publication.disclosure.moves import FREE
from pipelines.publication.disclosure.previous import World
from schemas.disclosure_relations import PUBLIC_COUNTS, TWINS, Form, Within

Costs = NDArray[np.float64]
LEAST_STEP = 1e-6
ROUNDS = 2
"""How often a programme is solved; the prices are adjusted between."""
PARTNERS = 3
"""How many other regions may take part in an exchange that costs something."""
Rows = tuple[tuple[int, ...], int]
"""Sheets that are hidden in a cell."""


@dataclass(frozen=True)
class Found:
    """What an exchange costs, its rows, and by how much each count of the target's cell changes.

    `changes` has one entry for each way that the number goes.
    """

    cost: float
    rows: tuple[Rows, ...]
    changes: tuple[Mapping[str, float], ...]


class _Block(NamedTuple):
    """Rows of the programme: `lengths` of the `numbers` with their `signs` belong to each row, and
    the signed sum of their changes lies between its `low` and its `high`."""

    numbers: Counts
    signs: Costs
    lengths: Counts
    low: Costs
    high: Costs


class Programme:
    """The relations of a family of counts on a month's grid, as changes from what they are.

    Every changeable number has two columns, what is added to it and what is taken off. `grid` has
    the rows that are hidden, `world` the numbers that may change and the releases whose bounds
    they keep.
    """

    def __init__(self, grid: Grid, family: Iterable[str], world: World) -> None:
        self._grid = grid
        self._world = world
        self._family = [count for count in family if count not in PUBLIC_COUNTS]
        least = _least_values(world)
        of_family = np.array([grid.counts[count] for count in self._family])
        self._count, self._cell = np.nonzero(least[of_family] != MISSING)
        self._size = len(self._cell)
        places = np.full((len(self._family), grid.areas.cells), -1, dtype=np.int64)
        places[self._count, self._cell] = np.arange(self._size)
        self._place: dict[str, Counts] = dict(zip(self._family, places, strict=True))
        at = (of_family[self._count], self._cell)
        self._value = least[at].astype(float)
        self._free = world.free[at]
        self._sheets = {
            count: tuple(
                number for number, sheet in enumerate(grid.relations.sheets) if count in sheet.shows
            )
            for count in self._family
        }
        self._most_up = np.full(self._size, np.inf)
        self._most_down = self._value.copy()
        self._area = _areas_of_cells(grid)[self._cell]
        nothing, no_numbers = np.zeros(0), np.zeros(0, dtype=np.int64)
        self._blocks = [_Block(no_numbers, nothing, no_numbers, nothing, nothing)]
        self._add_margins()
        self._add_identities()
        self._add_within()
        self._low = np.concatenate([block.low for block in self._blocks])
        self._high = np.concatenate([block.high for block in self._blocks])
        self._matrix = _by_column(self._blocks, self._size)
        self._solver = _silent_solver()
        self._solver.setOptionValue("threads", 1)

    # The relations

    def _equal(self, numbers: list[int], signs: list[float]) -> None:
        """The changes together are none."""
        nothing = np.zeros(1)
        self._blocks.append(
            _Block(np.array(numbers), np.array(signs), np.array([len(numbers)]), nothing, nothing)
        )

    def _equal_to_parts(self, whole: int, parts: list[int]) -> None:
        parts = [part for part in parts if part >= 0]
        if whole >= 0 and parts:
            self._equal([whole, *parts], [1.0] + [-1.0] * len(parts))

    def _add_margins(self) -> None:
        areas = self._grid.areas
        first_lower = areas.uppers * BREAKDOWN
        lower_of = [
            np.flatnonzero(areas.region_of_cell == region) + first_lower
            for region in range(areas.uppers)
        ]
        sexes, ages = range(1, len(SEXES)), range(1, len(AGE_GROUPS))
        for count in self._family:
            lower = self._place[count][first_lower:]
            at = self._place[count][:first_lower].reshape(areas.uppers, len(SEXES), len(AGE_GROUPS))
            for area in range(areas.uppers):
                for age in range(len(AGE_GROUPS)):
                    self._equal_to_parts(at[area, 0, age], [at[area, sex, age] for sex in sexes])
                for sex in range(len(SEXES)):
                    self._equal_to_parts(at[area, sex, 0], [at[area, sex, age] for age in ages])
                if area and (lower >= 0).any():
                    parts = self._place[count][lower_of[area]]
                    self._equal_to_parts(at[area, 0, 0], parts.tolist())
            for sex in range(len(SEXES)):
                for age in range(len(AGE_GROUPS)):
                    self._equal_to_parts(at[0, sex, age], at[1:, sex, age].tolist())

    def _add_identities(self) -> None:
        """Sources of markings add up; the regional definition is the national one."""
        for count in self._family:
            if count.startswith("markings") and count.endswith(" any"):
                names = [
                    count.removesuffix("any") + each for each in ("cosmic", "municipality", "both")
                ]
                for cell in np.flatnonzero(self._place[count] >= 0):
                    at = [int(self._place[name][cell]) for name in (count, *names)]
                    if min(at) >= 0:
                        self._equal(at, [1.0, -1.0, -1.0, 1.0])
            twin = count.replace("national", TWINS["national"])
            if twin != count and twin in self._place:
                ours, theirs = self._place[count], self._place[twin]
                for place in np.flatnonzero((ours >= 0) & (theirs >= 0)).tolist():
                    if place >= BREAKDOWN and self._are_twins(count, twin, place):
                        pair = [int(ours[place]), int(theirs[place])]
                        self._equal(pair, [1.0, -1.0])

    def _are_twins(self, count: str, twin: str, cell: int) -> bool:
        """Whether the two definitions give the same number there, in some release."""
        at, of_twin = self._grid.counts[count], self._grid.counts[twin]
        return any(
            grid.values[at, cell] == grid.values[of_twin, cell] != MISSING
            for grid in self._world.grids
        )

    def _add_within(self) -> None:
        for within in self._grid.relations.within:
            if within.whole not in self._grid.counts:
                continue
            names = [name for name in (within.whole, *within.parts) if name in self._place]
            if not names:
                continue
            sign_of = np.array([1.0 if name == within.whole else -1.0 for name in names])
            room = _room(within, self._world)
            cells = np.flatnonzero(np.isfinite(room))
            places = np.stack([self._place[name][cells] for name in names], axis=1)
            there = places >= 0
            numbers = there.sum(axis=1)
            of_row = there & (numbers > 1)[:, np.newaxis]
            self._blocks.append(
                _Block(
                    places[of_row],
                    np.broadcast_to(sign_of, places.shape)[of_row],
                    numbers[numbers > 1],
                    -room[cells][numbers > 1],
                    np.full(int((numbers > 1).sum()), highspy.kHighsInf),
                )
            )
            for at, sign in enumerate(sign_of):
                alone = there[:, at] & (numbers == 1)
                most = self._most_up if sign < 0 else self._most_down
                number = places[alone, at]
                most[number] = np.minimum(most[number], room[cells][alone])

    # The questions

    def _direction(self, form: Form, cell: int) -> Costs:
        """The change of what a form protects, as a row over the numbers."""
        row = np.zeros(self._size)
        if form.of is not None and form.of in self._place and self._place[form.of][cell] >= 0:
            row[self._place[form.of][cell]] += 1
        sign = 1 if form.of is None else -1
        row[self._place[form.count][cell]] += sign
        return row

    def exchange(
        self, form: Form, cell: int, width: float, weights: Costs, *, for_nothing: bool
    ) -> Found | None:
        """What lets the number vary by `width`, with what it costs; None if nothing does.

        `weights` [sheet, cell]: what hiding a row costs. `for_nothing`: only among what is hidden.
        """
        price, can = self._prices(weights)
        can = can & self._free
        if for_nothing:
            return self._both_ways(form, cell, width, price, can & (price == 0), 1.0)
        near = can & self._near(cell, price)
        best: Found | None = None
        for first in (1.0, -1.0):
            found = self._both_ways(form, cell, width, price, near, first)
            if found is not None and (best is None or found.cost < best.cost):
                best = found
        return best

    def _near(self, cell: int, price: Costs) -> Marks:
        """The numbers of the nation, of the cell's region, and of the cheapest other regions."""
        own = int(_areas_of_cells(self._grid)[cell])
        is_lower = cell >= self._grid.areas.uppers * BREAKDOWN
        place = 0 if is_lower else cell % BREAKDOWN
        costs = {}
        for area in range(1, self._grid.areas.uppers):
            there = [self._place[count][area * BREAKDOWN + place] for count in self._family]
            numbers = np.array([number for number in there if number >= 0], dtype=np.int64)
            movable = numbers[self._most_up[numbers] + self._most_down[numbers] > 0]
            if movable.size and area != own:
                costs[area] = (price[movable].min(), -self._most_down[movable].sum(), area)
        partners = sorted(costs, key=lambda area: costs[area])[:PARTNERS]
        return np.isin(self._area, [0, own, *partners])

    def _both_ways(
        self, form: Form, cell: int, width: float, price: Costs, can: Marks, first: float
    ) -> Found | None:
        """As far as it takes one way first (+1 up, −1 down), and the rest the other way."""
        row = self._direction(form, cell)
        taken = np.zeros(self._size, dtype=np.bool_)
        changes = []
        left = width
        for way in (first, -first):
            change = self._least_change(row, way * left, np.where(taken, 0, price), can)
            if change is None:
                continue
            taken |= np.abs(change) > LEAST_STEP
            left -= abs(float(change @ row))
            at_cell = {count: self._place[count][cell] for count in self._family}
            changes.append({count: float(change[at]) for count, at in at_cell.items() if at >= 0})
            if left < LEAST_STEP:
                rows = tuple(
                    (self._sheets[self._family[self._count[number]]], int(self._cell[number]))
                    for number in np.flatnonzero(taken)
                )
                return Found(float(price[taken].sum()), rows, tuple(changes))
        return None

    def _prices(self, weights: Costs) -> tuple[Costs, Marks]:
        """What it costs to hide each number, and whether any row shows it."""
        grid = self._grid
        cost_of = np.zeros(self._size)
        can = np.zeros(self._size, dtype=np.bool_)
        for count in self._family:
            sheets = list(self._sheets[count])
            cells = np.flatnonzero(self._place[count] >= 0)
            place = self._place[count][cells]
            if self._world.can_hide:
                rows = grid.known[sheets] & ~grid.hidden[sheets]
                cost_of[place] = np.where(rows, weights[sheets], 0.0).sum(axis=0)[cells]
            can[place] = np.all(
                [np.any(each.known[sheets], axis=0)[cells] for each in self._world.grids], axis=0
            )
        return cost_of, can

    def _least_change(self, row: Costs, step: float, price: Costs, can: Marks) -> Costs | None:
        """The cheapest change that brings a number as far as it can go towards `step`."""
        reach = abs(step)
        up = np.minimum(self._most_up, reach * 4)
        down = np.minimum(self._most_down, reach * 4)
        numbers = np.flatnonzero(can & ((up > 0) | (down > 0)))
        if not row[numbers].any():
            return None
        scale = max(float(price.max()), 1.0)
        by_unit = price / scale / reach
        best: Costs | None = None
        least = np.inf
        self._pass_model(numbers, up, down, row, reach)
        for _ in range(ROUNDS):
            change = self._solve(numbers, by_unit, 1e4 * np.sign(step) * row)
            if change is None or abs(float(change @ row)) < LEAST_STEP:
                break
            moved = np.abs(change)
            paid = float(price[moved > LEAST_STEP].sum())
            if paid < least:
                best, least = change, paid
            if paid == 0:
                break
            by_unit = price / scale / np.maximum(moved, LEAST_STEP * 1000)
        return best

    def _pass_model(
        self, numbers: Counts, up: Costs, down: Costs, row: Costs, reach: float
    ) -> None:
        """The programme over some numbers: what is added to each, then what is taken off each."""
        start, index, value = self._matrix
        lengths = start[numbers + 1] - start[numbers]
        begin = np.concatenate([[0], np.cumsum(lengths)])
        taken = np.repeat(start[numbers] - begin[:-1], lengths) + np.arange(begin[-1])
        rows, at_row = np.unique(index[taken], return_inverse=True)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = 2 * len(numbers), len(rows)
        lp.col_cost_ = np.zeros(2 * len(numbers))
        lp.col_lower_ = np.zeros(2 * len(numbers))
        lp.col_upper_ = np.concatenate([up[numbers], down[numbers]])
        lp.row_lower_ = self._low[rows]
        lp.row_upper_ = self._high[rows]
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_ = np.concatenate([begin, begin[-1] + begin[1:]]).astype(np.int32)
        lp.a_matrix_.index_ = np.concatenate([at_row, at_row]).astype(np.int32)
        lp.a_matrix_.value_ = np.concatenate([value[taken], -value[taken]])
        self._solver.passModel(lp)
        pulled = np.flatnonzero(row[numbers])
        columns = np.concatenate([pulled, pulled + len(numbers)]).astype(np.int32)
        signs = row[numbers][pulled]
        self._solver.addRow(-reach, reach, len(columns), columns, np.concatenate([signs, -signs]))

    def _solve(self, numbers: Counts, by_unit: Costs, pull: Costs) -> Costs | None:
        """The change that costs least: a pull is a reward that exceeds any cost."""
        columns = np.arange(2 * len(numbers), dtype=np.int32)
        cost = np.concatenate([(by_unit - pull)[numbers], (by_unit + pull)[numbers]])
        self._solver.changeColsCost(len(columns), columns, cost)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        both: Costs = np.array(self._solver.getSolution().col_value, dtype=np.float64)
        change = np.zeros(self._size)
        change[numbers] = both[: len(numbers)] - both[len(numbers) :]
        return change


def _least_values(world: World) -> Counts:
    """Each count, [count, cell], as it is in the release where it is least."""
    values = np.stack([grid.values for grid in world.grids])
    least = np.where(values == MISSING, FREE, values).min(axis=0)
    return np.where(least == FREE, MISSING, least)


def _room(within: Within, world: World) -> Costs:
    """For each cell where something lies within something how much is left of the whole.

    Of two releases the smaller rest; infinite where nothing lies within.
    """
    room = np.full(world.grids[0].areas.cells, np.inf)
    for grid in world.grids:
        parts = [grid.values[grid.counts[part]] for part in within.parts if part in grid.counts]
        if not parts:
            continue
        whole = grid.values[grid.counts[within.whole]]
        there = (whole != MISSING) & np.any([part != MISSING for part in parts], axis=0)
        left = np.maximum(whole - np.sum([np.maximum(part, 0) for part in parts], axis=0), 0)
        room[there] = np.minimum(room, left)[there]
    return room


def _areas_of_cells(grid: Grid) -> Counts:
    """The place of the region of every cell; 0 for the nation."""
    uppers = np.arange(grid.areas.uppers * BREAKDOWN) // BREAKDOWN
    return np.concatenate([uppers, grid.areas.region_of_cell])


def _silent_solver() -> highspy.Highs:
    """A solver that writes nothing, also not its name, which no option keeps off the output."""
    sys.stdout.flush()
    standard_output = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
    finally:
        os.dup2(standard_output, 1)
        os.close(standard_output)
        os.close(nowhere)
    solver.setOptionValue("output_flag", False)
    return solver


def _by_column(blocks: list[_Block], columns: int) -> tuple[Counts, Counts, Costs]:
    """The coefficients of rows by column: starts, row numbers, values."""
    lengths = np.concatenate([block.lengths for block in blocks])
    row = np.repeat(np.arange(len(lengths)), lengths)
    column = np.concatenate([block.numbers for block in blocks])
    value = np.concatenate([block.signs for block in blocks])
    order = np.argsort(column, kind="stable")
    start = np.searchsorted(column[order], np.arange(columns + 1))
    return start, row[order], value[order]


def family_of(form: Form, grid: Grid) -> tuple[str, ...]:
    """The counts that are considered together with a form's."""
    word = form.count.split()
    names: Mapping[str, int] = grid.counts
    if word[0] == "continuity":
        return tuple(
            name
            for name in names
            if name.split()[0] == "continuity" and name.split()[4:] == word[4:]
        )
    if word[0] in ("sabo", "markings") and (word[0] == "sabo" or word[1] == "sabo"):
        return tuple(n for n in names if n.split()[0] == "sabo" or n.startswith("markings sabo"))
    if word[0] == "markings":
        return tuple(name for name in names if name.startswith(f"markings {word[1]} "))
    if word[0] in ("inhabitants", "own"):
        return tuple(name for name in names if name.split()[0] == word[0])
    if word[0] == "listed":
        return tuple(name for name in names if name.split()[0] == "listed")
    wanted = {"listed", "listed reported", form.count, form.of}
    return tuple(name for name in names if name in wanted)
