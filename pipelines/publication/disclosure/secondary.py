"""Secondary suppression: the further rows that it takes so that no margin gives a small one away.

For every protected number an *exchange* is found: a way in which the hidden numbers could be others
while everything published stays as it is, and the protected number moves as far as the protection
asks for. An exchange is a move (`moves.py`) made upwards in some cells and downwards in others, so
that all sums stay the same:

- units of a region, or its municipalities: up in one, down in others;
- nation and regions, sexes, age groups: the corners of a box, with one partner in each direction;
  a margin taken as partner moves with the cell, not against it;
- where a region's `all` moves, so does one of its units or municipalities.

So every number that is hidden has a witness for being uncertain, and no solver is needed to prove
it. The cheapest exchange is taken, one protected number after the other, and rows hidden for one
serve the next. Persons whom an area has and its parts have not (protected persons have no unit and
no municipality) are taken as known to whoever attacks.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipelines.publication.disclosure.grid import AGE_GROUPS, BREAKDOWN, SEXES, Counts, Grid, Marks
from pipelines.publication.disclosure.moves import FREE, Move, Moves
from pipelines.publication.disclosure.previous import World, Worlds
from schemas.disclosure_relations import Form

if TYPE_CHECKING:
    from pipelines.publication.disclosure.programme import Programme

Rows = tuple[tuple[int, ...], int]
"""Sheets that are hidden in a cell."""
Place = tuple[int, int, int]
"""A cell of nation and regions: the numbers of area, sex and age group."""
IMPOSSIBLE = 1e18
LEAST_STEP = 1e-6
Costs = NDArray[np.float64]


@dataclass(frozen=True)
class Target:
    """A number that must stay uncertain: a form in a cell, by at least `width`.

    `then`: it is a number of the former release.
    """

    form: Form
    cell: int
    width: int
    then: bool = False


@dataclass(frozen=True)
class Exchange:
    """The rows in which numbers change, as sheets and cell, and what it costs to hide them.

    `world`: the releases in which they change. `move`: what changes in all of them, where it is the
    same; else `changes`, by how much each count of the target's cell changes, one entry for each
    way.
    """

    cost: float
    rows: tuple[Rows, ...]
    world: World
    move: Move | None = None
    changes: tuple[Mapping[str, float], ...] = ()

    def reaches(self, form: Form, as_far_as: int) -> int:
        """How far it lets a form in its cell vary; `as_far_as` is what its move was made for."""
        if self.move is not None:
            return as_far_as if self.move.changes(form) else 0
        ways = [0.0]
        for way in self.changes:
            of = way.get(form.of, 0.0) if form.of else 0.0
            ways.append(way.get(form.count, 0.0) - of)
        return int(max(ways) - min(ways) + LEAST_STEP)


@dataclass(frozen=True)
class _Uppers:
    """Nation and regions by sex and age for one move: cost, and how far it can go.

    Regions' `all` cells are bounded by what their units or municipalities can balance. `child` is
    the cell that is hidden for it besides, by region; −1 where none is.
    """

    cost: Costs
    up: Counts
    down: Counts
    child: Counts


class Suppression:
    """Finds exchanges and hides what they need, in one month's grid.

    `witnesses`: every protected target's exchange; its rows must stay hidden, those that were
    hidden already too.
    """

    def __init__(self, grid: Grid, worlds: Worlds, weights: Costs) -> None:
        self.grid = grid
        self.unprotected: list[Target] = []
        self.witnesses: dict[Target, Exchange] = {}
        self._weights = weights
        self._worlds = worlds
        self._moves = {id(world): Moves(world) for world in (*worlds.now, *worlds.then)}
        self._first_lower = grid.areas.uppers * BREAKDOWN
        self._region = grid.areas.region_of_cell
        place = np.arange(grid.areas.cells)
        is_all = (place < self._first_lower) & (place % BREAKDOWN == 0)
        self._important = (place < BREAKDOWN) | is_all
        self._shape = (grid.areas.uppers, len(SEXES), len(AGE_GROUPS))
        self._changes = np.zeros(len(grid.relations.sheets), dtype=np.int64)
        self._version = 0
        self._states: dict[int, tuple[int, int]] = {}
        self._costs: dict[int, tuple[int, Costs]] = {}
        self._of_uppers: dict[tuple[int, bool], tuple[int, _Uppers]] = {}
        self._reached: dict[int, list[Target]] = {}
        self._programmes: dict[tuple[tuple[str, ...], int], Programme] = {}

    def protect(self, targets: list[Target]) -> None:
        """Hide rows until every target has an exchange; those without one are `unprotected`.

        Then show again what has become needless, the most important first.
        """
        to_stay = self.grid.hidden.copy()
        lower = self._open_lower(targets)
        upper = [target for target in targets if target.cell < self._first_lower]
        # What can do without important rows comes first: what it hides serves the rest.
        left = [t for t in (*lower, *upper) if not self._protect(t, self._by_boxes)]
        self.unprotected = [t for t in left if not self._protect(t, self._cheapest)]
        for target in self.unprotected:
            to_stay |= self._hidden_everywhere(target)
        self.grid.hidden |= to_stay
        self._show_again(to_stay)

    def _protect(self, target: Target, find: Callable[[Target], Exchange | None]) -> bool:
        """Hide what an exchange for the target needs, if one is found."""
        reached = self._reached_by(target)
        if reached is not None:
            self.witnesses[target] = self.witnesses[reached]
            return True
        exchange = find(target)
        if exchange is None:
            return False
        self._hide(exchange)
        self.witnesses[target] = exchange
        self._reached.setdefault(target.cell, []).append(target)
        return True

    def _hidden_everywhere(self, target: Target) -> Marks:
        """The last resort: no row of the month shows the count any more."""
        rows = np.zeros_like(self.grid.known)
        for number, sheet in enumerate(self.grid.relations.sheets):
            if target.form.count in sheet.shows:
                rows[number] = self.grid.known[number]
        return rows

    def _by_boxes(self, target: Target) -> Exchange | None:
        """The cheapest exchange that is a box, if it hides no important row."""
        found = self._box_exchange(target, IMPOSSIBLE)
        return None if found is None or self._is_important(found) else found

    def _box_exchange(self, target: Target, limit: float) -> Exchange | None:
        if target.cell >= self._first_lower:
            return self._lower_exchange(target, limit)
        return self._upper_exchange(target, limit)

    def _cheapest(self, target: Target) -> Exchange | None:
        """The cheapest exchange found, also if it is no box."""
        found = self._box_exchange(target, IMPOSSIBLE)
        if found is None or self._is_important(found):
            other = self._programme_exchange(target)
            if other is not None and (found is None or other.cost < found.cost):
                found = other
        return found

    def _is_important(self, exchange: Exchange) -> bool:
        """Whether it hides a row of the nation, or one of a region for all ages and both sexes."""
        return any(
            self._important[cell]
            and any(
                self.grid.known[sheet, cell] and not self.grid.hidden[sheet, cell]
                for sheet in sheets
            )
            for sheets, cell in exchange.rows
        )

    def _programme_exchange(self, target: Target) -> Exchange | None:
        """An exchange that is no box: by linear programmes."""
        # HiGHS takes a while to load, and is not always needed.
        from pipelines.publication.disclosure.programme import Programme, family_of

        family = family_of(target.form, self.grid)
        best: Exchange | None = None
        for for_nothing in (True, False):
            for world in self._worlds_of(target):
                key = (family, id(world))
                if key not in self._programmes:
                    self._programmes[key] = Programme(self.grid, family, world)
                found = self._programmes[key].exchange(
                    target.form, target.cell, target.width, self._weights, for_nothing=for_nothing
                )
                if found is not None and (best is None or found.cost < best.cost):
                    best = Exchange(found.cost, found.rows, world, changes=found.changes)
            if best is not None:
                break
        return best

    def _worlds_of(self, target: Target) -> tuple[World, ...]:
        return self._worlds.then if target.then else self._worlds.now

    def _moves_of(self, target: Target, *, joint: bool = False) -> list[Move]:
        """The moves that change what a target protects, in the releases where it may change."""
        return [
            move
            for world in self._worlds_of(target)
            for move in self._moves[id(world)].of(target.form, joint=joint)
        ]

    def _hide(self, exchange: Exchange) -> list[tuple[int, int]]:
        """Hide the rows of an exchange; those that were not hidden yet, as sheet and cell."""
        hidden = []
        for sheets, cell in exchange.rows if exchange.cost > 0 else ():
            for sheet in sheets:
                if self.grid.known[sheet, cell] and not self.grid.hidden[sheet, cell]:
                    self.grid.hidden[sheet, cell] = True
                    self._changed(sheet)
                    hidden.append((sheet, cell))
        return hidden

    def _reached_by(self, target: Target) -> Target | None:
        """A target whose exchange protects this one too."""
        for other in self._reached.get(target.cell, ()):
            witness = self.witnesses[other]
            in_its_world = witness.world in self._worlds_of(target)
            if in_its_world and witness.reaches(target.form, other.width) >= target.width:
                return other
        return None

    # Showing again what has become needless

    def _show_again(self, to_stay: Marks) -> None:
        """Show rows of nation and regions where the targets that use them do with less."""
        self._reached.clear()
        users: dict[int, dict[Target, None]] = {}
        for target, exchange in self.witnesses.items():
            for _, cell in exchange.rows:
                users.setdefault(cell, {})[target] = None
        candidates = np.argwhere(self.grid.hidden & self.grid.known & ~to_stay)
        is_important = self._important[candidates[:, 1]]
        candidates = candidates[is_important]
        weight = self._weights[candidates[:, 0], candidates[:, 1]]
        for sheet, cell in candidates[np.argsort(-weight, kind="stable")].tolist():
            if self.grid.hidden[sheet, cell]:
                self._try_to_show(sheet, cell, users)

    def _try_to_show(self, sheet: int, cell: int, users: dict[int, dict[Target, None]]) -> None:
        """Show a row if what must be hidden instead weighs less."""
        self.grid.hidden[sheet, cell] = False
        self._changed(sheet)
        limit = float(self._weights[sheet, cell])
        hidden: list[tuple[int, int]] = []
        found: dict[Target, Exchange] = {}
        for target in list(users.get(cell, ())):
            rows = self.witnesses[target].rows
            if not any(at == cell and sheet in sheets for sheets, at in rows):
                continue
            exchange = self._box_exchange(target, limit)
            if exchange is None:
                for other in (*hidden, (sheet, cell)):
                    self.grid.hidden[other] = not self.grid.hidden[other]
                    self._changed(other[0])
                # The next row of this cell is likely to be needed for the same.
                users[cell] = {target: None} | users[cell]
                return
            limit -= exchange.cost
            hidden += self._hide(exchange)
            found[target] = exchange
        for target, exchange in found.items():
            self.witnesses[target] = exchange
            for _, at in exchange.rows:
                users.setdefault(at, {})[target] = None

    # What it takes to hide

    def _state(self, move: Move) -> int:
        """Changes whenever a row of the move's sheets is hidden or shown."""
        found = self._states.get(id(move))
        if found is None or found[0] != self._version:
            found = (self._version, int(self._changes[list(move.sheets)].sum()))
            self._states[id(move)] = found
        return found[1]

    def _changed(self, sheet: int) -> None:
        self._changes[sheet] += 1
        self._version += 1

    def _cost(self, move: Move) -> Costs:
        """By cell: the weight of the rows that must be hidden yet for the move; or IMPOSSIBLE."""
        state = self._state(move)
        found = self._costs.get(id(move))
        if found is None or found[0] != state:
            sheets = list(move.sheets)
            open_rows = self.grid.known[sheets] & ~self.grid.hidden[sheets]
            cost = np.where(open_rows, self._weights[sheets], 0.0).sum(axis=0)
            found = (state, np.where(move.possible, cost, IMPOSSIBLE))
            self._costs[id(move)] = found
        return found[1]

    # Units and municipalities of a region

    def _open_lower(self, targets: list[Target]) -> list[Target]:
        """The units' and municipalities' targets that no exchange within the region protects."""
        lower = [target for target in targets if target.cell >= self._first_lower]
        left = []
        for form, then in dict.fromkeys((target.form, target.then) for target in lower):
            of_form = [each for each in lower if (each.form, each.then) == (form, then)]
            cells = np.array([target.cell for target in of_form]) - self._first_lower
            width = np.array([target.width for target in of_form])
            safe = np.zeros(len(cells), dtype=np.bool_)
            for move in self._moves_of(of_form[0]):
                free = self._cost(move)[self._first_lower :] == 0
                safe |= self._widths(move, free)[cells] >= width
            left += [target for target, done in zip(of_form, safe, strict=True) if not done]
        return left

    def _widths(self, move: Move, moving: Marks) -> Counts:
        """By unit and municipality: how far the move can go both ways, the others balancing it."""
        up = np.where(moving, move.up[self._first_lower :], 0)
        down = np.where(moving, move.down[self._first_lower :], 0)
        all_up, all_down = self._by_region(up), self._by_region(down)
        return np.minimum(up, all_down[self._region] - down) + np.minimum(
            down, all_up[self._region] - up
        )

    def _by_region(self, values: Counts) -> Counts:
        sums = np.zeros(self.grid.areas.uppers, dtype=np.int64)
        np.add.at(sums, self._region, values)
        return sums

    def _lower_exchange(
        self, target: Target, limit: float, *, joint: bool = False
    ) -> Exchange | None:
        best: Exchange | None = None
        for find in (self._within_region, self._with_region):
            for move in self._useful(target, joint=joint):
                found = find(move, target, limit)
                if found is not None and found.cost < limit:
                    best, limit = found, found.cost
                    if best.cost == 0:
                        return best
        if best is None and not joint:
            return self._lower_exchange(target, limit, joint=True)
        return best

    def _useful(self, target: Target, *, joint: bool) -> list[Move]:
        """The moves that can go far enough in the target's own cell."""
        cell, width = target.cell, target.width
        return [
            move
            for move in self._moves_of(target, joint=joint)
            if move.possible[cell] and move.up[cell] + move.down[cell] >= width
        ]

    def _within_region(self, move: Move, target: Target, limit: float) -> Exchange | None:
        """The cheapest exchange with other units or municipalities of the region."""
        cost = self._cost(move)
        if cost[target.cell] >= limit:
            return None
        region = self._region[target.cell - self._first_lower]
        others = np.flatnonzero(self._region == region) + self._first_lower
        others = others[(others != target.cell) & (cost[others] < IMPOSSIBLE)]
        free = others[cost[others] == 0]
        up, down = int(move.up[target.cell]), int(move.down[target.cell])
        their_up, their_down = int(move.up[free].sum()), int(move.down[free].sum())
        total = float(cost[target.cell])
        cells = [target.cell]
        candidates = others[cost[others] > 0]
        while (width := min(up, their_down) + min(down, their_up)) < target.width:
            if not candidates.size:
                return None
            gains = np.minimum(up, their_down + move.down[candidates])
            gains += np.minimum(down, their_up + move.up[candidates])
            enough = candidates[gains >= target.width]
            if enough.size:
                chosen = int(enough[np.argmin(cost[enough])])
            elif gains.max() > width:
                chosen = int(candidates[np.argmax((gains - width) / cost[candidates])])
            else:
                return None
            total += float(cost[chosen])
            cells.append(chosen)
            their_up += int(move.up[chosen])
            their_down += int(move.down[chosen])
            candidates = candidates[candidates != chosen]
        return _exchange(total, move, cells)

    def _with_region(self, move: Move, target: Target, limit: float) -> Exchange | None:
        """The cheapest exchange in which the region's `all` moves with the unit or municipality."""
        cost = self._cost(move)
        region = int(self._region[target.cell - self._first_lower])
        if cost[target.cell] >= IMPOSSIBLE or not region:
            return None
        here = (region, 0, 0)
        if self._cost(move)[region * BREAKDOWN] + cost[target.cell] >= limit:
            return None
        best: Exchange | None = None
        for with_child in (False, True):
            uppers = self._uppers(move, with_child=with_child)
            changed = _Uppers(
                uppers.cost.copy(), uppers.up.copy(), uppers.down.copy(), uppers.child.copy()
            )
            own = np.ravel_multi_index(here, self._shape)
            changed.cost[here] = cost[own]
            changed.up[here] = min(move.up[own], move.up[target.cell])
            changed.down[here] = min(move.down[own], move.down[target.cell])
            changed.child[region] = -1
            found = self._box(
                move, changed, here, target.width, IMPOSSIBLE if best is None else best.cost
            )
            best = found or best
        if best is None:
            return None
        rows = (*best.rows, (move.sheets, target.cell))
        return Exchange(best.cost + float(cost[target.cell]), rows, move.world, move)

    # Nation, regions, sexes and age groups

    def _upper_exchange(
        self, target: Target, limit: float, *, joint: bool = False
    ) -> Exchange | None:
        best: Exchange | None = None
        area, sex, age = np.unravel_index(target.cell, self._shape)
        place = (int(area), int(sex), int(age))
        useful = self._useful(target, joint=joint)
        for with_child in (False, True):
            if with_child and best is not None and sex and age:
                # A box without any `all` of a region is cheaper than one with it.
                break
            for move in useful:
                if with_child and not move.has_children:
                    continue
                if self._cost(move)[target.cell] >= limit:
                    continue
                uppers = self._uppers(move, with_child=with_child)
                found = self._box(move, uppers, place, target.width, limit)
                if found is not None:
                    best, limit = found, found.cost
                    if best.cost == 0:
                        return best
        for move in useful:
            if _spreads(move, self._uppers(move, with_child=False), place, target.width):
                free = np.flatnonzero(self._uppers(move, with_child=False).cost.ravel() == 0)
                return _exchange(0.0, move, free.tolist())
        if best is None and not joint:
            return self._upper_exchange(target, limit, joint=True)
        return best

    def _box(
        self, move: Move, uppers: _Uppers, place: Place, width: int, limit: float = IMPOSSIBLE
    ) -> Exchange | None:
        """The cheapest box with this corner in which the move can go far enough, below a limit.

        One partner in sex and in age group, as many areas as it takes.
        """
        if uppers.cost[place] >= IMPOSSIBLE:
            return None
        near, far = _sides(move, uppers, place)
        if near.cost.min() >= limit:
            return None
        free = far.cost == 0
        all_up = np.where(free, far.up, 0).sum(axis=0)
        all_down = np.where(free, far.down, 0).sum(axis=0)
        if not move.has_nation:
            # Nothing has to balance it.
            all_up, all_down = np.full_like(all_up, FREE), np.full_like(all_down, FREE)
        reached = np.minimum(near.up, all_up) + np.minimum(near.down, all_down)
        total = np.where(reached >= width, near.cost, IMPOSSIBLE)
        sex, age = divmod(int(np.argmin(total)), total.shape[1])
        best, areas = float(total[sex, age]), list[int]()
        if best > 0 and move.has_nation:
            one_up, one_down = np.where(free, 0, far.up), np.where(free, 0, far.down)
            more = np.minimum(near.up, all_up + one_up) + np.minimum(near.down, all_down + one_down)
            total = np.where(more >= width, near.cost + far.cost, IMPOSSIBLE)
            least = int(np.argmin(total))
            if total.flat[least] < best:
                area, there = divmod(least, near.cost.size)
                sex, age = divmod(there, near.cost.shape[1])
                best, areas = float(total.flat[least]), [area]
        if best > EXPENSIVE and move.has_nation:
            several = _several_areas(near, far, width, min(best, limit))
            if several is not None:
                best, areas, sex, age = several
        if best >= limit:
            return None
        if move.has_nation:
            areas = _partners(near, far, width, areas, sex, age)
        if not move.has_breakdown:
            sex, age = place[1:]
        return self._boxed(move, uppers, place, best, sex, age, areas)

    def _boxed(
        self,
        move: Move,
        uppers: _Uppers,
        place: Place,
        cost: float,
        sex: int,
        age: int,
        areas: list[int],
    ) -> Exchange:
        """The cells that a box takes, with those of units that let a region's `all` move."""
        corners = product([place[0], *areas], sorted({place[1], sex}), sorted({place[2], age}))
        cells = []
        for corner in corners:
            cells.append(int(np.ravel_multi_index(corner, self._shape)))
            if corner[1:] == (0, 0) and uppers.child[corner[0]] >= 0:
                cells.append(int(uppers.child[corner[0]]))
        return _exchange(cost, move, cells)

    def _uppers(self, move: Move, *, with_child: bool) -> _Uppers:
        state = self._state(move)
        key = (id(move), with_child)
        found = self._of_uppers.get(key)
        if found is None or found[0] != state:
            found = (state, self._make_uppers(move, with_child=with_child))
            self._of_uppers[key] = found
        return found[1]

    def _make_uppers(self, move: Move, *, with_child: bool) -> _Uppers:
        all_cost = self._cost(move)
        cost = all_cost[: self._first_lower].reshape(self._shape).copy()
        up = move.up[: self._first_lower].reshape(self._shape).copy()
        down = move.down[: self._first_lower].reshape(self._shape).copy()
        child = np.full(self.grid.areas.uppers, -1, dtype=np.int64)
        if not move.has_children:
            return _Uppers(cost, up, down, child)
        lower_cost = all_cost[self._first_lower :]
        lower_up, lower_down = move.up[self._first_lower :], move.down[self._first_lower :]
        has_row = move.shown[self._first_lower :]
        moving = has_row & (lower_cost == 0)
        their_up = self._by_region(np.where(moving, lower_up, 0))
        their_down = self._by_region(np.where(moving, lower_down, 0))
        if with_child:
            candidates = np.flatnonzero(has_row & (lower_cost > 0) & (lower_cost < IMPOSSIBLE))
            room = np.minimum(np.minimum(lower_up, lower_down)[candidates], ENOUGH)
            # Room enough first, then the cheapest; of equals the first.
            order = candidates[np.lexsort((candidates, lower_cost[candidates], -room))]
            regions, first = np.unique(self._region[order], return_index=True)
            chosen = order[first]
            child[regions] = chosen + self._first_lower
            cost[regions, 0, 0] += lower_cost[chosen]
            their_up[regions] += lower_up[chosen]
            their_down[regions] += lower_down[chosen]
        bounded = np.zeros(self.grid.areas.uppers, dtype=np.bool_)
        bounded[self._region[has_row]] = True
        bounded[0] = False
        child[0] = -1
        up[bounded, 0, 0] = np.minimum(up[bounded, 0, 0], their_up[bounded])
        down[bounded, 0, 0] = np.minimum(down[bounded, 0, 0], their_down[bounded])
        return _Uppers(cost, up, down, child)


def _exchange(cost: float, move: Move, cells: list[int]) -> Exchange:
    """A move made in these cells."""
    rows = tuple((move.sheets, cell) for cell in sorted(set(cells)))
    return Exchange(cost, rows, move.world, move)


@dataclass(frozen=True)
class _Side:
    """Corners of boxes taken together: what they cost, and how far they can go with the target.

    Of the target's area [sex partner, age partner]; of the others [area, sex partner, age partner].
    """

    cost: Costs
    up: Counts
    down: Counts


def _sides(move: Move, uppers: _Uppers, place: Place) -> tuple[_Side, _Side]:
    """The corners in the target's own area, and those in other areas.

    The own area, sex or age group is no partner: there the cost is `IMPOSSIBLE`.
    """
    area, sex, age = place
    up, down = _rooms(uppers, place)
    own_sex, own_age, every = slice(sex, sex + 1), slice(age, age + 1), slice(None)
    corners = [(every, own_sex, own_age)]
    if move.has_breakdown:
        corners += [(every, every, own_age), (every, own_sex, every), (every, every, every)]
    cost = np.sum([uppers.cost[corners[0]]], axis=0)
    most_up, most_down = up[corners[0]], down[corners[0]]
    for corner in corners[1:]:
        cost = cost + uppers.cost[corner]
        most_up = np.minimum(most_up, up[corner])
        most_down = np.minimum(most_down, down[corner])
    if move.has_breakdown:
        cost[:, sex, :] = cost[:, :, age] = IMPOSSIBLE
    cost = np.minimum(cost, IMPOSSIBLE)
    near = _Side(cost[area].copy(), most_up[area], most_down[area])
    cost[area] = IMPOSSIBLE
    return near, _Side(cost, most_up, most_down)


def _rooms(uppers: _Uppers, place: Place, only: Marks | None = None) -> tuple[Counts, Counts]:
    """How far each cell can go with a cell in a box when that goes up, and when it goes down."""
    up = uppers.up if only is None else np.where(only, uppers.up, 0)
    down = uppers.down if only is None else np.where(only, uppers.down, 0)
    along = _along(uppers.cost.shape, place)
    return np.where(along, up, down), np.where(along, down, up)


@lru_cache(maxsize=4096)
def _along(shape: Place, place: Place) -> Marks:
    """The cells that move with a cell in a box; the others move against it.

    A margin moves with its parts, and parts against each other.
    """
    area, sex, age = (
        (np.arange(length) == own) | (np.arange(length) == 0) | (own == 0)
        for length, own in zip(shape, place, strict=True)
    )
    along: Marks = (area[:, None, None] == sex[None, :, None]) == age[None, None, :]
    return along


def _spreads(move: Move, uppers: _Uppers, place: Place, width: int) -> bool:
    """Whether many boxes together let the target go far enough, with what is hidden already.

    One partner in sex, any number of age groups and areas: where all numbers around are small and
    hidden, each gives a little.
    """
    if not move.has_breakdown or uppers.cost[place] > 0:
        return False
    up, down = _rooms(uppers, place, only=uppers.cost == 0)
    return any(
        _spread(move, up, place, sex) + _spread(move, down, place, sex) >= width
        for sex in range(uppers.cost.shape[1])
        if sex != place[1] and up[place] + down[place] >= width
    )


def _spread(move: Move, room: Counts, place: Place, other_sex: int) -> int:
    """How far the target can go one way by boxes over areas and age groups.

    `room` is that of every cell to go with it, each in its direction.
    """
    own_area, own_sex, own_age = place
    pairs = np.minimum(room[:, own_sex], room[:, other_sex])
    own, others = pairs[own_area].tolist(), np.delete(pairs, own_area, axis=0)
    left, left_there = own[own_age], others[:, own_age]
    reached = 0
    for age in (*range(1, len(own)), 0):
        most = min(left, own[age])
        if age == own_age or not most:
            continue
        if move.has_nation:
            there = np.minimum(left_there, others[:, age])
            taken = np.minimum(there, np.maximum(most - (np.cumsum(there) - there), 0))
            left_there = left_there - taken
            most = int(taken.sum())
        left -= most
        reached += most
    return reached


def _partners(
    near: _Side, far: _Side, width: int, chosen: list[int], sex: int, age: int
) -> list[int]:
    """The areas on the other side of a box: those that are chosen, and as few as it takes of those
    that are hidden already, the nation last."""
    at = sex, age
    up, down = far.up[:, sex, age], far.down[:, sex, age]
    free = np.flatnonzero(far.cost[:, sex, age] == 0)
    room = np.minimum(up, width) + np.minimum(down, width)
    free = free[np.lexsort((-room[free], free == 0))]
    areas, all_up, all_down = list(chosen), int(up[chosen].sum()), int(down[chosen].sum())
    for area in free.tolist():
        if min(near.up[at], all_up) + min(near.down[at], all_down) >= width:
            break
        areas.append(area)
        all_up, all_down = all_up + int(up[area]), all_down + int(down[area])
    return areas


def _several_areas(
    near: _Side, far: _Side, width: int, limit: float
) -> tuple[float, list[int], int, int] | None:
    """The cheapest box whose other side takes several areas: cost, areas, sex and age partner."""
    there = far.cost < IMPOSSIBLE
    most = np.minimum(near.up, np.where(there, far.up, 0).sum(axis=0))
    most = most + np.minimum(near.down, np.where(there, far.down, 0).sum(axis=0))
    best: tuple[float, list[int], int, int] | None = None
    for sex, age in np.argwhere((near.cost < limit) & (most >= width)):
        if near.cost[sex, age] >= limit:
            continue
        cost, up, down = far.cost[:, sex, age], far.up[:, sex, age], far.down[:, sex, age]
        free = cost == 0
        all_up, all_down = int(up[free].sum()), int(down[free].sum())
        left = np.flatnonzero(~free & (cost < IMPOSSIBLE) & (up + down > 0))
        left = left[np.argsort(cost[left] / np.minimum(up + down, width)[left], kind="stable")]
        total, areas = float(near.cost[sex, age]), []
        for area in left:
            if min(near.up[sex, age], all_up) + min(near.down[sex, age], all_down) >= width:
                break
            all_up, all_down = all_up + int(up[area]), all_down + int(down[area])
            total += float(cost[area])
            areas.append(int(area))
        reached = min(near.up[sex, age], all_up) + min(near.down[sex, age], all_down)
        if reached >= width and total < limit:
            limit, best = total, (total, areas, int(sex), int(age))
    return best


EXPENSIVE = 1000.0
"""About a row of the nation: several regions may be cheaper."""
ENOUGH = 10
"""Room to move beyond which one partner is as good as another."""
