"""Which numbers of a month must stay uncertain, and by how much."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipelines.publication.disclosure.grid import (
    AGE_GROUPS,
    BREAKDOWN,
    MISSING,
    SEXES,
    Areas,
    Counts,
    Grid,
)
from pipelines.publication.disclosure.moves import FREE
from pipelines.publication.disclosure.primary import Units
from pipelines.publication.disclosure.secondary import Target
from pipelines.publication.disclosure.settings import DisclosureSettings
from schemas.disclosure_relations import PUBLIC_COUNTS, Form, Sheet
from schemas.disclosure_rules import LOAD_OF_ONE_PHYSICIAN


@dataclass(frozen=True)
class OnOnePhysician:
    """Units, by month, of which something is one physician's.

    `units` rest on one physician. `loads`: those whose capacity is the time of one.
    """

    units: Units
    loads: Units = frozenset()

    def of(self, month: str) -> "OnOnePhysician":
        """Those of a month."""
        return OnOnePhysician(
            *(
                frozenset(each for each in units if each[0] == month)
                for units in (self.units, self.loads)
            )
        )


def targets_of(
    grid: Grid,
    settings: DisclosureSettings,
    one_physician: OnOnePhysician,
    *,
    then: bool = False,
) -> list[Target]:
    """The protected numbers of the rows that the primary rule hides, the most important first.

    `then`: of the former release, whose grid also has the rows that were hidden for these.

    A number that is small itself, and every number above 0 of a unit that rests on one physician. A
    count that lies within a smaller group than the protection asks for cannot be more uncertain
    than from none to the whole group.
    """
    on_one = {
        number: _resting_on_one(grid, sheet, one_physician, settings)
        for number, sheet in enumerate(grid.relations.sheets)
    }
    bound = _bounds(grid)
    widths: dict[tuple[Form, int], int] = {}
    for number, hidden in enumerate(grid.hidden):
        for cell in np.flatnonzero(hidden):
            of_row = _of_row(grid, number, int(cell), settings, on_one[number], bound)
            for form, width in of_row.items():
                key = (form, int(cell))
                widths[key] = max(width, widths.get(key, 0))
    targets = [Target(form, cell, width, then) for (form, cell), width in widths.items()]
    return sorted(targets, key=lambda each: (each.cell, str(each.form)))


def _resting_on_one(
    grid: Grid, sheet: Sheet, one_physician: OnOnePhysician, settings: DisclosureSettings
) -> Mapping[int, frozenset[str]]:
    """Cell to the counts of a sheet that are one physician's there."""
    if not settings.one_physician_units:
        return {}
    of_load = frozenset(LOAD_OF_ONE_PHYSICIAN.get(sheet.table, ()))
    loads = dict.fromkeys(_cells_of(grid, one_physician.loads), of_load) if of_load else {}
    every = frozenset(sheet.shows)
    return loads | dict.fromkeys(_cells_of(grid, one_physician.units), every)


def _cells_of(grid: Grid, units: Units) -> list[int]:
    areas = grid.areas
    first = areas.uppers * BREAKDOWN - areas.uppers
    codes_of_units = {unit for _, unit in units}
    return [
        first + number
        for number, (level, code) in enumerate(zip(areas.level, areas.code, strict=True))
        if level == "unit" and code in codes_of_units
    ]


def _of_row(
    grid: Grid,
    at_sheet: int,
    cell: int,
    settings: DisclosureSettings,
    on_one: Mapping[int, frozenset[str]],
    bound: dict[str, Counts],
) -> dict[Form, int]:
    sheet = grid.relations.sheets[at_sheet]

    def value(count: str) -> int:
        if cell < BREAKDOWN and (at_sheet, count) in grid.of_nation:
            return int(grid.of_nation[at_sheet, count][cell])
        return int(grid.values[grid.counts[count], cell])

    found = {}
    of_one = on_one.get(cell, frozenset())
    for form in sheet.forms:
        if form.count in PUBLIC_COUNTS:
            continue
        number = value(form.count) if form.of is None else value(form.of) - value(form.count)
        within = bound[form.count][cell] if form.of is None else value(form.of)
        width = min(settings.least_width, int(within))
        if 0 < number < settings.threshold:
            found[form] = width
        if form.count in of_one and number > 0:
            found[form] = max(width, math.ceil(settings.physician_width * number))
    for count in sheet.of_physicians:
        if count in of_one and value(count) > 0:
            found[Form(count)] = math.ceil(settings.physician_width * value(count))
    return found


def _bounds(grid: Grid) -> dict[str, Counts]:
    """Count to the smallest group, by cell, that it is known to lie within; FREE where none is.

    Of a group with parts of which some are empty, the rest is the group: where all residents are
    women of 85 and over, those with visits are among the women of 85 and over.
    """
    bounds = {name: np.full(grid.areas.cells, FREE, dtype=np.int64) for name in grid.counts}
    for within in grid.relations.within:
        if within.whole in grid.counts:
            whole = grid.values[grid.counts[within.whole]]
            for part in within.parts:
                if part in bounds:
                    np.minimum(bounds[part], whole, where=whole != MISSING, out=bounds[part])
    for name, bound in bounds.items():
        _narrow(bound, grid.values[grid.counts[name]], grid.areas)
    return bounds


def _narrow(bound: Counts, values: Counts, areas: Areas) -> None:
    """Bounds a margin by its parts together, and units and municipalities by their region."""
    first_lower = areas.uppers * BREAKDOWN
    shape = (areas.uppers, len(SEXES), len(AGE_GROUPS))
    uppers, value = bound[:first_lower].reshape(shape), values[:first_lower].reshape(shape)
    for axis in (2, 1):
        whole, parts = np.moveaxis(uppers, axis, 0)[0], np.moveaxis(uppers, axis, 0)[1:]
        of_whole, of_parts = np.moveaxis(value, axis, 0)[0], np.moveaxis(value, axis, 0)[1:]
        there = of_parts != MISSING
        # Who has no sex or age that can be read is in no part.
        rest = np.maximum(of_whole - np.where(there, of_parts, 0).sum(axis=0), 0)
        together = np.where(there, parts, 0).sum(axis=0) + rest
        np.minimum(whole, together, where=there.any(axis=0), out=whole)
    region = areas.region_of_cell
    lower = bound[first_lower:]
    np.minimum(lower, uppers[region, 0, 0], where=region > 0, out=lower)
