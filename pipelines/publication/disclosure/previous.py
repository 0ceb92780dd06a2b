"""The release before: what it showed, and what it hid, is known when the next one comes.

Whoever compares two releases may know which numbers have changed. So a number may be thought other
than it is in one of three ways (`World`): in the new release alone, where it has changed; in the
former alone, where it has changed and was hidden; or in both alike, where both hide it. In none of
them does anything move that is published, nor does a number that is the same become two. What is
protected in either release needs an exchange (`secondary.py`) in one of its ways.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from pipelines.publication.disclosure.grid import MISSING, Grid, Marks
from pipelines.publication.disclosure.primary import Units
from pipelines.publication.disclosure.settings import DisclosureSettings
from schemas.disclosure_rules import TABLES_OF_PERSONS
from schemas.registers import published_table


@dataclass(frozen=True)
class Former:
    """The release before: its tables, and what stood in the rows that it hides.

    `hidden` has these rows by table, as they were before disclosure control. Where they are not
    kept any more, each is taken to be what it is now. `one_physician_units` holds (month, HSA-id)
    of the units that rested on one physician, `loads_of_one` of those whose capacity was the time
    of one. `settings` are those by which it was made.
    """

    published: Mapping[str, pl.DataFrame]
    hidden: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    one_physician_units: Units = frozenset()
    loads_of_one: Units = frozenset()
    settings: DisclosureSettings = field(default_factory=DisclosureSettings)

    def before_control(
        self, made: Mapping[str, pl.DataFrame]
    ) -> tuple[dict[str, pl.DataFrame], dict[str, pl.Series]]:
        """Its tables with the values that it hides, and by table which rows these are.

        `made` are the tables of now, before disclosure control. Hidden rows are left out where
        neither the record nor these have them.
        """
        tables, marks = {}, {}
        for name, is_hidden in _hidden_in(self.published).items():
            key = list(published_table(name).key)
            frame = self.published[name]
            places = frame.filter(is_hidden).select(key)
            known = self.hidden.get(name, frame.clear())
            rows = [
                places.join(known, on=key, how="inner", maintain_order="left"),
                places.join(known, on=key, how="anti", maintain_order="left").join(
                    made[name], on=key, how="inner", maintain_order="left"
                ),
            ]
            shown = frame.filter(~is_hidden)
            tables[name] = pl.concat([shown, *rows], how="diagonal_relaxed")
            marks[name] = pl.Series(name, np.arange(tables[name].height) >= shown.height)
        return tables, marks


def hidden_rows_of(
    made: Mapping[str, pl.DataFrame], published: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """By table, the rows that a release hides, as they were before disclosure control.

    Both hold the same rows in the same order, as `suppress` returns them.
    """
    return {name: made[name].filter(marks) for name, marks in _hidden_in(published).items()}


def _hidden_in(published: Mapping[str, pl.DataFrame]) -> dict[str, pl.Series]:
    """By table, the rows that a published release hides."""
    return {
        name: published[name]
        .select(
            pl.col("status") == "suppressed"
            if "status" in published[name].columns
            else pl.col("numerator").is_null()
        )
        .to_series()
        for name in TABLES_OF_PERSONS
        if name in published
    }


def is_the_same(now: Grid, then: Grid) -> bool:
    """Whether a month is what it was, and the primary rule hides no more of it."""
    return (
        np.array_equal(now.known, then.known)
        and np.array_equal(now.values, then.values)
        and now.of_nation.keys() == then.of_nation.keys()
        and all(np.array_equal(now.of_nation[each], then.of_nation[each]) for each in now.of_nation)
        and not (now.hidden & ~then.hidden).any()
    )


@dataclass(frozen=True, eq=False)
class World:
    """A way in which numbers may be thought other than they are.

    `grids`: the releases in which they are then others, and whose bounds hold. `free`, [count,
    cell]: the numbers that may be. `can_hide`: whether rows of the new release can be hidden for
    it; the former release is as it is.
    """

    grids: tuple[Grid, ...]
    free: Marks
    can_hide: bool = True

    def may_change(self, count: str) -> Marks:
        """The cells in which nothing keeps a count from being another; also where it is not."""
        at = self.grids[0].counts[count]
        nowhere = np.all([grid.values[at] == MISSING for grid in self.grids], axis=0)
        may: Marks = nowhere | self.free[at]
        return may


@dataclass(frozen=True)
class Worlds:
    """The ways for numbers of this release, and for those of the former."""

    now: tuple[World, ...]
    then: tuple[World, ...] = ()


def worlds_of(now: Grid, then: Grid | None) -> Worlds:
    """The ways in which numbers of a month may be thought others, on the same cells."""
    if then is None:
        return Worlds((World((now,), np.ones_like(now.values, dtype=np.bool_)),))
    is_there, was_there = now.values != MISSING, then.values != MISSING
    changed = ~(is_there & was_there & (now.values == then.values))
    was_hidden = was_there & ~_shown(then)
    both = World((now, then), is_there & was_hidden)
    return Worlds(
        (World((now,), changed), both),
        (World((then,), changed & was_hidden, can_hide=False), both),
    )


def _shown(grid: Grid) -> Marks:
    """The numbers, [count, cell], that some row shows."""
    shown = np.zeros(grid.values.shape, dtype=np.bool_)
    for number, sheet in enumerate(grid.relations.sheets):
        for count in sheet.shows:
            shown[grid.counts[count]] |= grid.known[number] & ~grid.hidden[number]
    return shown
