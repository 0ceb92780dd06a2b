"""Secondary suppression of all months: one grid for each."""

from collections.abc import Mapping

import polars as pl

from pipelines.publication.disclosure.connected import (
    connected,
    months_of,
    of_month,
    regions_of_units,
    relations_of,
)
from pipelines.publication.disclosure.grid import (
    BREAKDOWN,
    MISSING,
    Grid,
    Marks,
    areas_of,
    grid_of,
)
from pipelines.publication.disclosure.previous import Former, is_the_same, worlds_of
from pipelines.publication.disclosure.primary import OK
from pipelines.publication.disclosure.secondary import Suppression
from pipelines.publication.disclosure.settings import DisclosureSettings
from pipelines.publication.disclosure.targets import OnOnePhysician, targets_of
from pipelines.publication.disclosure.weights import weights_of
from schemas import codes
from schemas.disclosure_relations import relations
from schemas.quality_metrics import quality_metrics
from schemas.registers import UNITS
from schemas.statistics import DATA_QUALITY, LIST_LOAD

GUIDELINES = ("guideline_specialist", "guideline_st")


def hidden_rows(
    tables: Mapping[str, pl.DataFrame],
    primary: Mapping[str, pl.Series],
    settings: DisclosureSettings,
    one_physician: OnOnePhysician,
    unit_regions: pl.DataFrame,
    previous: Former | None,
) -> dict[str, pl.Series]:
    """By table, True for each row that is to be hidden: those of `primary` and further ones."""
    earlier, hidden_earlier = previous.before_control(tables) if previous else ({}, {})
    earlier = connected(earlier)
    rows = {name: marks.to_numpy().copy() for name, marks in primary.items()}
    there = connected(tables)
    for month in months_of(there):
        now = of_month(there, month)
        then = {name: frame for name, frame in of_month(earlier, month).items() if frame.height}
        areas = areas_of([now, then], _regions_of_units(unit_regions, previous, month))
        holds_together = relations_of(now)
        grid = grid_of(now, _marked(now, primary), holds_together, areas)
        former = None
        targets = targets_of(grid, settings, one_physician.of(month))
        if previous and then:
            former = grid_of(then, _marked(then, hidden_earlier), holds_together, areas)
            if is_the_same(grid, former):
                # A month that has not changed is published as it was.
                grid.hidden |= former.hidden
                _mark(rows, now, grid)
                continue
            on_one = OnOnePhysician(previous.one_physician_units, previous.loads_of_one).of(month)
            targets += targets_of(former, previous.settings, on_one, then=True)
        Suppression(grid, worlds_of(grid, former), weights_of(grid)).protect(targets)
        _hide_nations_of_fewer_regions(grid)
        _mark(rows, now, grid)
    if DATA_QUALITY.name in tables:
        rows[DATA_QUALITY.name] |= _nations_apart(
            tables[DATA_QUALITY.name], rows[DATA_QUALITY.name]
        )
    if LIST_LOAD.name in tables:
        rows[LIST_LOAD.name] |= _nation_of_guidelines(tables[LIST_LOAD.name], rows[LIST_LOAD.name])
    return {name: pl.Series(name, marks) for name, marks in rows.items()}


def _hide_nations_of_fewer_regions(grid: Grid) -> None:
    """Hides rows of the nation that tell hidden regions apart.

    Not every region can tell everything, and the nation's row of a sheet adds up those that can,
    in the denominator too. It tells what the hidden regions among them have together: too much
    where others are hidden beside them, with which theirs may have been exchanged.
    """
    regions = slice(BREAKDOWN, grid.areas.uppers * BREAKDOWN)
    for count, place in grid.counts.items():
        is_hidden = ~grid.is_shown(count) & (grid.values[place] != MISSING)
        hidden = is_hidden[regions].reshape(-1, BREAKDOWN)
        for sheet in grid.sheets_of(count):
            adds_up = grid.told[sheet, regions].reshape(-1, BREAKDOWN)
            tells_apart = (hidden & adds_up).any(axis=0) & (hidden & ~adds_up).any(axis=0)
            grid.hidden[sheet, :BREAKDOWN] |= tells_apart & grid.known[sheet, :BREAKDOWN]


def _nations_apart(quality: pl.DataFrame, hidden: Marks) -> Marks:
    """The nation's rows that are another sum than the counts, where a region is hidden."""
    metrics = [
        sheet.where["metric"]
        for sheet in relations((), (), quality_metrics()).sheets
        if sheet.nation_is_another_sum
    ]
    nation = pl.col("region_code") == codes.NATION
    return (
        quality.with_columns(hidden=pl.Series(hidden))
        .select(
            nation
            & pl.col("metric").is_in(metrics)
            & pl.col("hidden").any().over("month", "delivery", "metric")
        )
        .to_series()
        .to_numpy()
    )


def _nation_of_guidelines(loads: pl.DataFrame, hidden: Marks) -> Marks:
    """The nation's rows of list_load where hidden regions have different guideline values.

    The nation sums their physicians' time and their capacity, which is guideline value · time: with
    different values the two sums together give the time of each.
    """
    of_hidden = pl.col(GUIDELINES).filter((pl.col("level") == "region") & pl.col("hidden"))
    differ = pl.any_horizontal(of_hidden.drop_nulls().n_unique().over("month") > 1)
    return (
        loads.with_columns(hidden=pl.Series(hidden))
        .select((pl.col("level") == "nation") & (pl.col("status") == OK) & differ)
        .to_series()
        .to_numpy()
    )


def _mark(rows: dict[str, Marks], tables: Mapping[str, pl.DataFrame], grid: Grid) -> None:
    """Marks the month's hidden rows among those of all months."""
    for name, frame in tables.items():
        rows[name][frame["in_table"].to_numpy()] |= grid.marked_rows(name, frame.height)


def _marked(
    tables: Mapping[str, pl.DataFrame], marks: Mapping[str, pl.Series]
) -> dict[str, pl.Series]:
    return {name: marks[name].gather(frame["in_table"]) for name, frame in tables.items()}


def _regions_of_units(
    unit_regions: pl.DataFrame, previous: Former | None, month: str
) -> dict[str, str]:
    """HSA-id to region code; of units that are no more, as the release before had it."""
    regions = regions_of_units(unit_regions, month)
    if previous is not None and UNITS.name in previous.published:
        gone = previous.published[UNITS.name].select("unit_id", "region_code")
        regions = dict(gone.sort("region_code").iter_rows()) | regions
    return regions
