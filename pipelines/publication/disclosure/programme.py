"""Linear programmes over the hidden numbers of a family of counts, solved with HiGHS.

Two questions are asked of one model. How far can a protected number go while everything published
stays as it is (`interval`)? And, where that is not far enough: which further rows cost least to
hide so that it can (`cheapest`: the linear relaxation, whose solution names the rows)? Counts
outside the family are held at their values, so what the model finds holds for the whole as well.
"""

from collections.abc import Iterable, Mapping

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
from pipelines.publication.disclosure.previous import Before
from schemas.disclosure_relations import PUBLIC_COUNTS, TWINS, Form

Costs = NDArray[np.float64]
LEAST_STEP = 1e-6
ROUNDS = 2
"""How often the prices are adjusted to the solution."""
Rows = tuple[tuple[int, ...], int]
"""Sheets that are hidden in a cell."""


class Programme:
    """The relations of a family of counts on a month's grid, as changes from what they are.

    Every changeable number has two columns, what is added to it and what is taken off.
    """

    def __init__(self, grid: Grid, family: Iterable[str], before: Before | None = None) -> None:
        self._grid = grid
        self._family = [count for count in family if count not in PUBLIC_COUNTS]
        self._place: dict[str, Counts] = {}
        self._owner: list[tuple[str, int]] = []
        for count in self._family:
            place = np.full(grid.areas.cells, -1, dtype=np.int64)
            for cell in np.flatnonzero(grid.values[grid.counts[count]] != MISSING):
                place[cell] = len(self._owner)
                self._owner.append((count, int(cell)))
            self._place[count] = place
        self._size = len(self._owner)
        self._value = np.array(
            [grid.values[grid.counts[count], cell] for count, cell in self._owner], dtype=float
        )
        self._sheets = {
            count: [
                number for number, sheet in enumerate(grid.relations.sheets) if count in sheet.shows
            ]
            for count in self._family
        }
        self._rows: list[tuple[list[int], list[float], float, float]] = []
        self._free = self._free_to_change(before)
        self._add_margins()
        self._add_identities()
        self._add_within()
        self._solver = self._model()

    def _free_to_change(self, before: Before | None) -> list[Marks]:
        """The numbers that may change together: all; or what is new, and what was hidden before."""
        if before is None:
            return [np.ones(self._size, dtype=np.bool_)]
        at = tuple(np.array([[self._grid.counts[c], cell] for c, cell in self._owner]).T)
        return [~before.unchanged[at], before.hidden[at]]

    # The relations

    def _equal_to_parts(self, whole: int, parts: list[int]) -> None:
        parts = [part for part in parts if part >= 0]
        if whole >= 0 and parts:
            self._rows.append(([whole, *parts], [1.0] + [-1.0] * len(parts), 0.0, 0.0))

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
                        self._rows.append((at, [1.0, -1.0, -1.0, 1.0], 0.0, 0.0))
            twin = count.replace("national", TWINS["national"])
            if twin != count and twin in self._place:
                ours, theirs = self._place[count], self._place[twin]
                for cell in np.flatnonzero((ours >= 0) & (theirs >= 0)):
                    if cell >= BREAKDOWN and self._value[ours[cell]] == self._value[theirs[cell]]:
                        pair = [int(ours[cell]), int(theirs[cell])]
                        self._rows.append((pair, [1.0, -1.0], 0.0, 0.0))

    def _add_within(self) -> None:
        grid = self._grid
        for within in grid.relations.within:
            parts = [part for part in within.parts if part in grid.counts]
            if within.whole not in grid.counts or not parts:
                continue
            names = [name for name in (within.whole, *parts) if name in self._place]
            if not names:
                continue
            whole = grid.values[grid.counts[within.whole]]
            values = [grid.values[grid.counts[part]] for part in parts]
            there = (whole != MISSING) & np.any([value != MISSING for value in values], axis=0)
            left = whole - np.sum([np.maximum(value, 0) for value in values], axis=0)
            for cell in np.flatnonzero(there):
                columns, signs = [], []
                for name in names:
                    if self._place[name][cell] >= 0:
                        columns.append(int(self._place[name][cell]))
                        signs.append(1.0 if name == within.whole else -1.0)
                if columns:
                    least = -float(max(left[cell], 0))
                    self._rows.append((columns, signs, least, highspy.kHighsInf))

    def _model(self) -> highspy.Highs:
        lp = highspy.HighsLp()
        lp.num_col_ = 2 * self._size
        lp.num_row_ = len(self._rows)
        lp.col_cost_ = np.zeros(2 * self._size)
        lp.col_lower_ = np.zeros(2 * self._size)
        lp.col_upper_ = np.zeros(2 * self._size)
        lp.row_lower_ = np.array([row[2] for row in self._rows])
        lp.row_upper_ = np.array([row[3] for row in self._rows])
        starts, index, value = [0], list[int](), list[float]()
        for columns, signs, _, _ in self._rows:
            index += [2 * column + side for column in columns for side in (0, 1)]
            value += [sign * way for sign in signs for way in (1.0, -1.0)]
            starts.append(len(index))
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(starts)
        lp.a_matrix_.index_ = np.array(index)
        lp.a_matrix_.value_ = np.array(value)
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.passModel(lp)
        return solver

    # The questions

    def _solve(self, cost: Costs, up: Costs, down: Costs) -> NDArray[np.float64] | None:
        columns = np.arange(2 * self._size, dtype=np.int32)
        upper = np.empty(2 * self._size)
        upper[0::2], upper[1::2] = up, down
        self._solver.changeColsBounds(len(columns), columns, np.zeros(len(columns)), upper)
        self._solver.changeColsCost(len(columns), columns, cost)
        self._solver.run()
        if self._solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        both: Costs = np.array(self._solver.getSolution().col_value, dtype=np.float64)
        change: Costs = both[0::2] - both[1::2]
        return change

    def _direction(self, form: Form, cell: int) -> Costs:
        """The change of what a form protects, as a row over the numbers."""
        row = np.zeros(self._size)
        if form.of is not None and form.of in self._place and self._place[form.of][cell] >= 0:
            row[self._place[form.of][cell]] += 1
        sign = 1 if form.of is None else -1
        row[self._place[form.count][cell]] += sign
        return row

    def exchange(
        self, form: Form, cell: int, width: float, weights: Costs
    ) -> tuple[float, list[Rows]] | None:
        """Rows, with what they cost, that let the number vary by `width`; None if none do.

        `weights` [sheet, cell]: what hiding a row costs.
        """
        best: tuple[float, list[Rows]] | None = None
        for free_to_change in self._free:
            for first in (1.0, -1.0):
                found = self._both_ways(form, cell, width, weights, free_to_change, first)
                if found is not None and (best is None or found[0] < best[0]):
                    best = found
        return best

    def _both_ways(
        self, form: Form, cell: int, width: float, weights: Costs, free: Marks, first: float
    ) -> tuple[float, list[Rows]] | None:
        """As far as it takes one way first (+1 up, −1 down), and the rest the other way."""
        cost_of, can = self._prices(weights)
        can = can & free
        taken = np.zeros(self._size, dtype=np.bool_)
        left = width
        for way in (first, -first):
            change = self._least_change(form, cell, way * left, np.where(taken, 0, cost_of), can)
            if change is None:
                continue
            taken |= np.abs(change) > LEAST_STEP
            left -= abs(float(change @ self._direction(form, cell)))
            if left < LEAST_STEP:
                rows = [
                    (tuple(self._sheets[count]), at)
                    for count, at in (self._owner[place] for place in np.flatnonzero(taken))
                ]
                return float(cost_of[taken].sum()), rows
        return None

    def _prices(self, weights: Costs) -> tuple[Costs, Marks]:
        """What it costs to hide each number, and whether any row shows it."""
        grid = self._grid
        cost_of = np.zeros(self._size)
        can = np.zeros(self._size, dtype=np.bool_)
        for count in self._family:
            sheets = self._sheets[count]
            rows = grid.known[sheets] & ~grid.hidden[sheets]
            cells = np.flatnonzero(self._place[count] >= 0)
            place = self._place[count][cells]
            cost_of[place] = np.where(rows, weights[sheets], 0.0).sum(axis=0)[cells]
            can[place] = np.any(grid.known[sheets], axis=0)[cells]
        return cost_of, can

    def _least_change(
        self, form: Form, cell: int, step: float, price: Costs, can: Marks
    ) -> Costs | None:
        """The cheapest change that brings the number as far as it can go towards `step`.

        A price is paid for a number that changes, however much: so the price by unit is divided by
        how much the number changed in the solution before.
        """
        row = self._direction(form, cell)
        reach = abs(step)
        up = np.full(self._size, reach * 4) * can
        down = np.minimum(self._value, reach * 4) * can
        limit = self._solver.getNumRow()
        columns = np.flatnonzero(row)
        index = np.concatenate([2 * columns, 2 * columns + 1]).astype(np.int32)
        value = np.concatenate([row[columns], -row[columns]])
        self._solver.addRow(-reach, reach, len(index), index, value)
        scale = max(float(price.max()), 1.0)
        pull = 1e4 * np.sign(step) * row
        by_unit = price / scale / reach
        best: Costs | None = None
        least = np.inf
        for _ in range(ROUNDS):
            # The number is pulled for a reward that exceeds any cost; its bound is the step.
            cost = np.empty(2 * self._size)
            cost[0::2], cost[1::2] = by_unit - pull, by_unit + pull
            change = self._solve(cost, up, down)
            if change is None or abs(float(change @ row)) < LEAST_STEP:
                break
            moved = np.abs(change)
            paid = float(price[moved > LEAST_STEP].sum())
            if paid < least:
                best, least = change, paid
            by_unit = price / scale / np.maximum(moved, LEAST_STEP * 1000)
        self._solver.deleteRows(1, np.array([limit], dtype=np.int32))
        return best


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
