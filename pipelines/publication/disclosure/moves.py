"""Moves: how the counts of a cell could be other than they are, as far as its own rows tell.

A move adds a number to some counts of a cell that would change together, since the same persons
stand in them: to `listed` alone, to `listed` and `listed reported`, and so on. How far it can go in
a cell is bounded by the other counts there: nobody is named who is not listed, no count is below 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from pipelines.publication.disclosure.grid import BREAKDOWN, MISSING, Counts, Grid, Marks
from pipelines.publication.disclosure.previous import Before
from schemas.disclosure_relations import PUBLIC_COUNTS, Form

FREE = 10**9
"""As far as one likes: nothing in the cell bounds the move."""


@dataclass(frozen=True)
class Move:
    """One move in every cell of the grid.

    `signs`: count to +1 or −1. `sheets`: the sheets that show one of them, all of which must be
    hidden where the move is made. `up`, `down`: how far it can go in each cell. `possible`: cells
    where every count that should be there is, and none is published for sure.
    """

    signs: Mapping[str, int]
    sheets: tuple[int, ...]
    up: Counts
    down: Counts
    possible: Marks
    has_breakdown: bool
    has_nation: bool
    has_children: bool

    def changes(self, form: Form) -> bool:
        """Whether the move changes the number that a form protects."""
        of = self.signs.get(form.of, 0) if form.of else 0
        return self.signs.get(form.count, 0) != of


class Moves:
    """The moves of a month's grid."""

    def __init__(self, grid: Grid, before: Before | None = None) -> None:
        self._grid = grid
        self._before = before
        self._all: dict[bool, list[Move]] = {}

        self._of_form: dict[tuple[Form, bool], tuple[Move, ...]] = {}

    def of(self, form: Form, *, joint: bool = False) -> tuple[Move, ...]:
        """The moves that change what a form protects."""
        key = (form, joint)
        if key not in self._of_form:
            self._of_form[key] = tuple(
                move for move in self._made(joint=joint) if move.changes(form)
            )
        return self._of_form[key]

    def _made(self, *, joint: bool) -> list[Move]:
        if joint not in self._all:
            relations = self._grid.relations
            signs = relations.joint_moves if joint else relations.moves
            made = [self._move(each) for each in signs]
            moves = [move for move in made if move is not None]
            if self._before is not None:
                moves = [each for move in moves for each in self._of_two_releases(move)]
            self._all[joint] = moves
        return self._all[joint]

    @cached_property
    def _shown(self) -> dict[str, Marks]:
        """Count to the cells in which some sheet shows it."""
        grid = self._grid
        shown = {name: np.zeros(grid.areas.cells, dtype=np.bool_) for name in grid.counts}
        for number, sheet in enumerate(grid.relations.sheets):
            for count in sheet.shows:
                shown[count] |= grid.known[number]
        return shown

    def _move(self, signs: Mapping[str, int]) -> Move | None:
        grid = self._grid
        signs = {
            count: sign
            for count, sign in signs.items()
            if count in grid.counts and self._shown[count].any()
        }
        if not signs or set(signs) & set(PUBLIC_COUNTS):
            return None
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
        return Move(signs, sheets, up, down, possible, has_breakdown, has_nation, has_children)

    def _of_two_releases(self, move: Move) -> list[Move]:
        """The move where all that it changes is new, and where it is made in both releases."""
        before = self._before
        if before is None:
            return [move]
        new, both = move.possible.copy(), move.possible.copy()
        for count in move.signs:
            at = self._grid.counts[count]
            there = self._grid.values[at] != MISSING
            new &= ~(there & before.unchanged[at])
            both &= ~there | before.hidden[at]
        return [replace(move, possible=new), replace(move, possible=both)]

    def _bounds(self, signs: Mapping[str, int]) -> tuple[Counts, Counts]:
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
