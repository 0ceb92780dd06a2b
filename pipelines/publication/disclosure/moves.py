"""Moves: how the counts of a cell could be other than they are, as far as its own rows tell.

A move adds a number to some counts of a cell that would change together, since the same persons
stand in them: to `listed` alone, to `listed` and `listed reported`, and so on. How far it can go in
a cell is bounded by the other counts there: nobody is named who is not listed, no count is below 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, reduce

import numpy as np

from pipelines.publication.disclosure.grid import BREAKDOWN, MISSING, Counts, Grid, Marks
from pipelines.publication.disclosure.previous import World
from schemas.disclosure_relations import PUBLIC_COUNTS, Form

FREE = 10**9
"""As far as one likes: nothing in the cell bounds the move."""


Signs = Mapping[str, int]
"""Count to +1 or −1."""


@dataclass(frozen=True)
class Move:
    """One move in every cell of the grid.

    `signs`: how its counts change. `sheets`: the sheets that show one of them, all of which must be
    hidden where the move is made. `up`, `down`: how far it can go in each cell. `possible`: cells
    where every count that should be there is, and none is published for sure. `shown`: the cells
    in which one of the sheets has a row. `world`: the releases in which it is made.
    """

    signs: Signs
    sheets: tuple[int, ...]
    up: Counts
    down: Counts
    possible: Marks
    shown: Marks
    has_breakdown: bool
    has_nation: bool
    has_children: bool
    world: World

    def changes(self, form: Form) -> bool:
        """Whether the move changes the number that a form protects."""
        return _change(self.signs, form)


def _change(signs: Signs, form: Form) -> bool:
    of = signs.get(form.of, 0) if form.of else 0
    return signs.get(form.count, 0) != of


class Moves:
    """The moves of a month in one world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._of_grids = [_MovesOfGrid(grid, world) for grid in world.grids]
        self._all: dict[tuple[bool, int], Move] = {}
        self._of_form: dict[tuple[Form, bool], list[Move]] = {}

    def of(self, form: Form, *, joint: bool = False) -> list[Move]:
        """The moves that change what a form protects."""
        key = (form, joint)
        if key not in self._of_form:
            self._of_form[key] = [
                self._move(signs, joint, number)
                for number, signs in self._signs(joint).items()
                if _change(signs, form)
            ]
        return self._of_form[key]

    def _signs(self, joint: bool) -> dict[int, Signs]:
        """The moves that can be made at all, by their number: those alike in all releases."""
        relations = self._world.grids[0].relations
        found = {}
        for number, signs in enumerate(relations.joint_moves if joint else relations.moves):
            first, *others = (of_grid.there(signs) for of_grid in self._of_grids)
            if first and all(other == first for other in others):
                found[number] = first
        return found

    def _move(self, signs: Signs, joint: bool, number: int) -> Move:
        """The move as it can be made in all releases of the world."""
        if (joint, number) not in self._all:
            made = reduce(_in_both, (of_grid.move(signs) for of_grid in self._of_grids))
            possible = made.possible.copy()
            for count in made.signs:
                possible &= self._world.may_change(count)
            sheets = made.sheets if self._world.can_hide else ()
            self._all[joint, number] = replace(made, possible=possible, sheets=sheets)
        return self._all[joint, number]


def _in_both(one: Move, other: Move) -> Move:
    return replace(
        one,
        up=np.minimum(one.up, other.up),
        down=np.minimum(one.down, other.down),
        possible=one.possible & other.possible,
        shown=one.shown | other.shown,
        has_breakdown=one.has_breakdown or other.has_breakdown,
        has_nation=one.has_nation or other.has_nation,
        has_children=one.has_children or other.has_children,
    )


class _MovesOfGrid:
    """The moves of one release of a world, whatever may be changed of it."""

    def __init__(self, grid: Grid, world: World) -> None:
        self._grid = grid
        self._world = world

    @cached_property
    def _shown(self) -> dict[str, Marks]:
        """Count to the cells in which some sheet shows it."""
        grid = self._grid
        shown = {name: np.zeros(grid.areas.cells, dtype=np.bool_) for name in grid.counts}
        for number, sheet in enumerate(grid.relations.sheets):
            for count in sheet.shows:
                shown[count] |= grid.known[number]
        return shown

    @cached_property
    def _counts_shown(self) -> frozenset[str]:
        return frozenset(count for count, cells in self._shown.items() if cells.any())

    def there(self, signs: Signs) -> Signs:
        """The signs of the counts that are there; none where one of these is public."""
        there = {count: sign for count, sign in signs.items() if count in self._counts_shown}
        return {} if there.keys() & set(PUBLIC_COUNTS) else there

    def move(self, signs: Signs) -> Move:
        """The move of counts that are there."""
        grid = self._grid
        sheets = tuple(
            number
            for number, sheet in enumerate(grid.relations.sheets)
            if set(sheet.shows) & set(signs)
        )
        broken_down = np.zeros(grid.areas.cells, dtype=np.bool_)
        uppers = grid.areas.uppers * BREAKDOWN
        broken_down[:uppers] = np.arange(uppers) % BREAKDOWN != 0
        possible = np.ones(grid.areas.cells, dtype=np.bool_)
        has_breakdown = has_nation = has_children = False
        for count in signs:
            shown = self._shown[count]
            with_breakdown = bool(shown[broken_down].any())
            with_children = bool(shown[uppers:].any())
            with_nation = bool(shown[0])
            expected = np.ones(grid.areas.cells, dtype=np.bool_)
            if not with_breakdown:
                expected[broken_down] = False
            if not with_children:
                expected[uppers:] = False
            if not with_nation:
                expected[:BREAKDOWN] = False
            possible &= shown | ~expected
            has_breakdown |= with_breakdown
            has_children |= with_children
            has_nation |= with_nation
        up, down = self._bounds(signs)
        has_row: Marks = np.any(grid.known[list(sheets)], axis=0)
        return Move(
            signs,
            sheets,
            up,
            down,
            possible,
            has_row,
            has_breakdown,
            has_nation,
            has_children,
            self._world,
        )

    def _bounds(self, signs: Signs) -> tuple[Counts, Counts]:
        grid = self._grid
        up = np.full(grid.areas.cells, FREE, dtype=np.int64)
        down = np.full(grid.areas.cells, FREE, dtype=np.int64)
        for count, sign in signs.items():
            value = grid.values[grid.counts[count]]
            _bound(down if sign > 0 else up, value, value != MISSING)
        for within in grid.relations.within:
            names = [name for name in (within.whole, *within.parts) if name in grid.counts]
            change = signs.get(within.whole, 0) - sum(signs.get(part, 0) for part in within.parts)
            if within.whole not in names or change == 0:
                continue
            whole = grid.values[grid.counts[within.whole]]
            parts = [grid.values[grid.counts[part]] for part in within.parts if part in grid.counts]
            there = (whole != MISSING) & np.any([part != MISSING for part in parts], axis=0)
            left = whole - np.sum([np.maximum(part, 0) for part in parts], axis=0)
            _bound(up if change < 0 else down, np.maximum(left, 0) // abs(change), there)
        return up, down


def _bound(limit: Counts, value: Counts, where: Marks) -> None:
    np.minimum(limit, np.where(where, value, FREE), out=limit)
