"""The tables of a month: which parts of all regions each is made from.

How a figure is computed belongs in `pipelines/indicators`; here the parts are put together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import polars as pl

from pipelines.indicators.care_markings import care_markings_table, marking_counts
from pipelines.indicators.continuity import continuity_table
from pipelines.indicators.coverage import (
    coverage_table,
    inhabitants_counts,
    population_counts,
    sabo_counts,
)
from pipelines.indicators.definition_comparison import definition_comparison_table
from pipelines.indicators.fixed_contacts import fixed_contacts_table
from pipelines.indicators.list_kinds import list_kinds_table
from pipelines.indicators.list_load import list_load_table
from pipelines.indicators.own_physician import own_physician_table
from pipelines.indicators.region_month import RegionMonth
from pipelines.indicators.reporting import reporting_table
from pipelines.parts import MARKED, PEOPLE, VISITS, Step
from schemas import parts
from schemas.contract import TableContract
from schemas.rule_sets import rule_sets
from schemas.variants import variants


@dataclass(frozen=True)
class MonthParts:
    """What the tables of a month are made from.

    `part` gives a step's table of all reporting regions; `population` the newest population
    register, None when there is none.
    """

    region_months: list[RegionMonth]
    part: Callable[[Step, TableContract], pl.LazyFrame]
    population: pl.LazyFrame | None

    def counts(self, step: Step, contract: TableContract) -> pl.DataFrame:
        """A step's table of counts, of all reporting regions."""
        return self.part(step, contract).collect()

    @property
    def listed(self) -> pl.DataFrame:
        """Counts of listed persons."""
        return self.counts(PEOPLE, parts.LISTED_COUNTS)

    @property
    def unit_names(self) -> pl.DataFrame:
        """The names of the units."""
        return self.counts(PEOPLE, parts.UNIT_NAMES)

    def persons(self, step: Step, contract: TableContract) -> nw.LazyFrame[Any]:
        """A step's table of persons, of all reporting regions, not loaded yet."""
        return nw.from_native(self.part(step, contract))

    @property
    def population_counts(self) -> pl.DataFrame:
        """Inhabitants by municipality, sex and age group; no rows without a register."""
        if self.population is None:
            return parts.POPULATION_COUNTS.empty()
        return _collected(population_counts(nw.from_native(self.population)))


def _collected(frame: nw.LazyFrame[Any]) -> pl.DataFrame:
    native: pl.LazyFrame = nw.to_native(frame)
    return native.collect(engine="streaming")


def _coverage(month: MonthParts) -> pl.DataFrame:
    people = month.persons(PEOPLE, parts.PEOPLE)
    counts = pl.concat(
        [
            _collected(inhabitants_counts(people)),
            _collected(
                sabo_counts(
                    month.persons(MARKED, parts.MARKED_PERSONS),
                    people,
                    month.persons(PEOPLE, parts.DEAD_OR_PROTECTED),
                )
            ),
        ]
    )
    return coverage_table(
        counts, month.listed, month.population_counts, month.unit_names, month.region_months
    )


def _continuity(month: MonthParts) -> pl.DataFrame:
    return continuity_table(
        month.counts(VISITS, parts.VISIT_PROFILES),
        month.listed,
        month.unit_names,
        month.region_months,
        variants(),
    )


def _own_physician(month: MonthParts) -> pl.DataFrame:
    return own_physician_table(
        month.counts(VISITS, parts.OWN_VISITS), month.listed, month.unit_names, month.region_months
    )


def _list_load(month: MonthParts) -> pl.DataFrame:
    return list_load_table(
        month.listed,
        month.counts(PEOPLE, parts.PHYSICIAN_TIME),
        month.unit_names,
        month.region_months,
    )


def _list_kinds(month: MonthParts) -> pl.DataFrame:
    return list_kinds_table(month.listed, month.unit_names, month.region_months)


def _care_markings(month: MonthParts) -> pl.DataFrame:
    counts = marking_counts(
        month.persons(MARKED, parts.MARKED_PERSONS),
        month.persons(PEOPLE, parts.DEAD_OR_PROTECTED),
        region_months=month.region_months,
    )
    return care_markings_table(_collected(counts), month.population_counts, month.region_months)


def _fixed_contacts(month: MonthParts) -> pl.DataFrame:
    return fixed_contacts_table(
        month.counts(PEOPLE, parts.FIXED_CONTACT_COUNTS),
        month.listed,
        month.unit_names,
        month.region_months,
    )


def _definition_comparison(month: MonthParts) -> pl.DataFrame:
    return definition_comparison_table(month.listed, month.region_months, rule_sets())


def _reporting(month: MonthParts) -> pl.DataFrame:
    return reporting_table(month.population_counts, month.region_months)


@dataclass(frozen=True)
class TableMaker:
    """How a table of a month is made, and the steps whose parts it is made from."""

    steps: tuple[Step, ...]
    make: Callable[[MonthParts], pl.DataFrame]


TABLE_MAKERS = {
    "coverage": TableMaker((MARKED, PEOPLE), _coverage),
    "continuity": TableMaker((PEOPLE, VISITS), _continuity),
    "own_physician": TableMaker((PEOPLE, VISITS), _own_physician),
    "list_load": TableMaker((PEOPLE,), _list_load),
    "list_kinds": TableMaker((PEOPLE,), _list_kinds),
    "care_markings": TableMaker((MARKED, PEOPLE), _care_markings),
    "fixed_contacts": TableMaker((PEOPLE,), _fixed_contacts),
    "definition_comparison": TableMaker((PEOPLE,), _definition_comparison),
    "reporting": TableMaker((), _reporting),
}
