"""Covering what is out of date with as few rectangles of months × regions as it takes.

Dagster runs a range of month × region partitions as a rectangle. What is up to date must not be
in one; partitions that nobody has delivered anything for may.
"""

from dataclasses import dataclass

Cell = tuple[str, str]


@dataclass(frozen=True, order=True)
class Rectangle:
    """Consecutive months × consecutive regions, ends included."""

    first_month: str
    last_month: str
    first_region: str
    last_region: str

    def holds(self, cell: Cell) -> bool:
        """Whether the (month, region) lies in the rectangle."""
        month, region = cell
        return (
            self.first_month <= month <= self.last_month
            and self.first_region <= region <= self.last_region
        )


def cover(out_of_date: set[Cell], up_to_date: set[Cell]) -> list[Rectangle]:
    """Rectangles that hold every (month, region) that is out of date and none that is up to date.

    The bounding rectangle where that will do; otherwise it is split, by regions first.
    """
    if not out_of_date:
        return []
    months = sorted({month for month, _ in out_of_date})
    regions = sorted({region for _, region in out_of_date})
    bounding = Rectangle(months[0], months[-1], regions[0], regions[-1])
    if not any(bounding.holds(cell) for cell in up_to_date):
        return [bounding]
    if len(regions) > 1:
        middle = regions[len(regions) // 2]
        halves = [
            {cell for cell in out_of_date if cell[1] < middle},
            {cell for cell in out_of_date if cell[1] >= middle},
        ]
    else:
        middle = months[len(months) // 2]
        halves = [
            {cell for cell in out_of_date if cell[0] < middle},
            {cell for cell in out_of_date if cell[0] >= middle},
        ]
    return [rectangle for half in halves for rectangle in cover(half, up_to_date)]


@dataclass(frozen=True)
class Stage:
    """A step's partitions: which are out of date, and which must be left alone."""

    name: str
    out_of_date: frozenset[Cell]
    up_to_date: frozenset[Cell]


@dataclass(frozen=True)
class PlannedRun:
    """One run: these steps over this rectangle of partitions."""

    names: tuple[str, ...]
    rectangle: Rectangle


def planned_runs(stages: list[Stage]) -> list[PlannedRun]:
    """The runs that bring the stages up to date, in their order.

    Consecutive stages share a run where one and the same rectangle covers each. Otherwise a stage
    ends before the next begins: a part of one region may need the former stage of all regions.
    """
    runs: list[PlannedRun] = []
    for stage in stages:
        rectangles = cover(set(stage.out_of_date), set(stage.up_to_date))
        if runs and rectangles == [runs[-1].rectangle]:
            runs[-1] = PlannedRun((*runs[-1].names, stage.name), runs[-1].rectangle)
        else:
            runs += [PlannedRun((stage.name,), rectangle) for rectangle in rectangles]
    return runs
