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
from schemas.disclosure_relations import PUBLIC_COUNTS, TWINS, Form

Costs = NDArray[np.float64]
FAR = 1e5
"""Farther than any number needs to go."""
LEAST_STEP = 1e-6


class Programme:
    """The relations of a family of counts on a month's grid, as changes from what they are.

    Every changeable number has two columns, what is added to it and what is taken off.
    """

    def __init__(self, grid: Grid, family: Iterable[str]) -> None:
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
        self._add_margins()
        self._add_identities()
        self._add_within()
        self._solver = self._model()

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

    def _open(self) -> Marks:
        """The numbers that no published row shows."""
        marks = np.zeros(self._size, dtype=np.bool_)
        for count in self._family:
            sheets = self._sheets[count]
            shown: Marks = np.any(self._grid.known[sheets] & ~self._grid.hidden[sheets], axis=0)
            somewhere: Marks = np.any(self._grid.known[sheets], axis=0)
            cells = np.flatnonzero(self._place[count] >= 0)
            marks[self._place[count][cells]] = somewhere[cells] & ~shown[cells]
        return marks

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

    def interval(self, form: Form, cell: int) -> tuple[float, float]:
        """How far below and above its value the number can be, as published."""
        is_open = self._open().astype(float)
        up, down = FAR * is_open, np.minimum(self._value, FAR) * is_open
        row = self._direction(form, cell)
        ends = []
        for way in (1.0, -1.0):
            cost = np.empty(2 * self._size)
            cost[0::2], cost[1::2] = way * row, -way * row
            change = self._solve(cost, up, down)
            ends.append(0.0 if change is None else float(change @ row))
        return ends[0], ends[1]

    def cheapest(
        self, form: Form, cell: int, step: float, weights: Costs
    ) -> list[tuple[list[int], int]] | None:
        """Sheets and cells to hide so that the number can change by `step`; None if none can.

        `weights` [sheet, cell]: what hiding a row costs.
        """
        grid = self._grid
        cost_of = np.zeros(self._size)
        can = np.zeros(self._size, dtype=np.bool_)
        for count in self._family:
            sheets = self._sheets[count]
            rows = grid.known[sheets] & ~grid.hidden[sheets]
            cells = np.flatnonzero(self._place[count] >= 0)
            place = self._place[count][cells]
            cost_of[place] = np.where(rows, weights[sheets], 0.0).sum(axis=0)[cells]
            somewhere: Marks = np.any(grid.known[sheets], axis=0)
            can[place] = somewhere[cells]
        scale = max(float(cost_of.max()), 1.0)
        row = self._direction(form, cell)
        pull = 1e4 * np.sign(step) * row
        # The number is pulled for a reward that exceeds any cost; its bound is the step.
        cost = np.empty(2 * self._size)
        cost[0::2] = cost_of / scale - pull
        cost[1::2] = cost_of / scale + pull
        reach = abs(step)
        up = np.minimum(FAR, np.full(self._size, reach * 4)) * can
        down = np.minimum(self._value, reach * 4) * can
        limit = self._solver.getNumRow()
        columns = np.flatnonzero(row)
        index = np.concatenate([2 * columns, 2 * columns + 1]).astype(np.int32)
        value = np.concatenate([row[columns], -row[columns]])
        low, high = (-reach, reach)
        self._solver.addRow(low, high, len(index), index, value)
        change = self._solve(cost, up, down)
        self._solver.deleteRows(1, np.array([limit], dtype=np.int32))
        if change is None or abs(float(change @ row)) < LEAST_STEP:
            return None
        found = []
        for changed in np.flatnonzero(np.abs(change) > LEAST_STEP):
            count, at = self._owner[changed]
            found.append((self._sheets[count], at))
        return found


def family_of(form: Form, grid: Grid) -> tuple[str, ...]:
    """The counts that are considered together with a form's."""
    word = form.count.split()
    names: Mapping[str, int] = grid.counts
    if word[0] == "continuity":
        return tuple(
            name
            for name in names
            if name.split()[0] == "continuity"
            and name.split()[1] == word[1]
            and name.split()[4:] == word[4:]
        )
    if word[0] in ("sabo", "markings") and (word[0] == "sabo" or word[1] == "sabo"):
        return tuple(n for n in names if n.split()[0] == "sabo" or n.startswith("markings sabo"))
    if word[0] == "markings":
        return tuple(name for name in names if name.startswith(f"markings {word[1]} "))
    if word[0] in ("inhabitants", "own"):
        return tuple(name for name in names if name.split()[0] == word[0])
    return tuple(
        name for name in names if name.split()[0] in ("listed", "kind", "fixed", "quality")
    )
