"""How important a row is: what secondary suppression tries to keep."""

import numpy as np
from numpy.typing import NDArray

from pipelines.publication.disclosure.grid import BREAKDOWN, MISSING, Grid

OF_LEVEL = {"nation": 5000.0, "region": 20.0, "municipality": 2.0, "unit": 1.0}
OF_ALL = {0: 1.0, 1: 4.0, 2: 25.0}
"""By how many of sex and age group are `all`."""


def weights_of(grid: Grid) -> NDArray[np.float64]:
    """The weight of each sheet's row in each cell.

    The nation before regions before municipalities and units; both sexes and all ages before one of
    them; and among equals those about more persons.
    """
    areas = grid.areas
    uppers = areas.uppers * BREAKDOWN
    place = np.arange(areas.cells)
    area = np.where(place < uppers, place // BREAKDOWN, place - uppers + areas.uppers)
    level = np.array([OF_LEVEL[level] for level in areas.level])[area]
    broken = place[:BREAKDOWN]
    margins = np.array([OF_ALL[int(cell // 7 == 0) + int(cell % 7 == 0)] for cell in broken])
    breakdown = np.ones(areas.cells)
    breakdown[:uppers] = margins[place[:uppers] % BREAKDOWN]
    base = level * breakdown
    weights = np.zeros(grid.known.shape)
    for number, sheet in enumerate(grid.relations.sheets):
        persons = grid.values[grid.counts[sheet.whole]]
        of_table = 0.1 if sheet.table == "data_quality" else 1.0
        weights[number] = of_table * base * (1 + np.log1p(np.where(persons == MISSING, 0, persons)))
    return weights
