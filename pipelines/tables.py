"""The tables of a month: which parts of all regions each is made from.

How a figure is computed belongs in `pipelines/indicators`; here the parts are put together.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from pipelines.engine import Engine
from pipelines.indicators.assembly import eager, lazy
from pipelines.indicators.care_markings import care_markings_table, marking_counts
from pipelines.indicators.continuity import continuity_table
from pipelines.indicators.coverage import (
    coverage_quality,
    coverage_table,
    inhabitants_counts,
    listed_in_several_regions,
    population_counts,
    sabo_counts,
)
from pipelines.indicators.data_quality import FACTS, data_quality_table
from pipelines.indicators.definition_comparison import definition_comparison_table
from pipelines.indicators.fixed_contacts import fixed_contacts_table
from pipelines.indicators.frame import Frame
from pipelines.indicators.list_kinds import list_kinds_table
from pipelines.indicators.list_load import list_load_table
from pipelines.indicators.own_physician import own_physician_table
from pipelines.indicators.region_month import RegionMonth
from pipelines.indicators.reporting import reporting_table
from pipelines.indicators.target_status import Figures as TargetFigures
from pipelines.indicators.target_status import target_projection, target_status
from pipelines.parts import MARKED, PEOPLE, VISITS, Step
from schemas import parts
from schemas.comparability import comparability
from schemas.contract import TableContract
from schemas.rule_sets import rule_sets
from schemas.statistics import TARGET_PROJECTION, TARGET_STATUS
from schemas.targets import targets
from schemas.variants import variants


def read(paths: list[Path], contract: TableContract) -> pl.DataFrame:
    """The rows of all these files of counts; without files an empty table."""
    return pl.read_parquet(paths, glob=False) if paths else contract.empty()


@dataclass(frozen=True)
class MonthParts:
    """What the tables of a month are made from.

    `files` gives the files of a step's table, of all reporting regions; `population` the newest
    population register, None when there is none. `receipt_sums` are what the receipts say of
    quality; `made` gives a table of the month that has been made, `quality_of` the data-quality
    sums that were counted with it.
    """

    region_months: list[RegionMonth]
    files: Callable[[Step, TableContract], list[Path]]
    engine: Engine
    population: Frame | None
    receipt_sums: pl.DataFrame
    made: Callable[[str], pl.DataFrame]
    quality_of: Callable[[str], pl.DataFrame]

    def counts(self, step: Step, contract: TableContract) -> pl.DataFrame:
        """A step's table of counts, of all reporting regions."""
        return read(self.files(step, contract), contract)

    @property
    def listed(self) -> pl.DataFrame:
        """Counts of listed persons."""
        return self.counts(PEOPLE, parts.LISTED_COUNTS)

    @property
    def unit_names(self) -> pl.DataFrame:
        """The names of the units."""
        return self.counts(PEOPLE, parts.UNIT_NAMES)

    def persons(self, step: Step, contract: TableContract) -> Frame:
        """A step's table of persons, of all reporting regions, not loaded yet."""
        return self.engine.scan(self.files(step, contract), contract)

    def counted(self, persons: Frame) -> pl.DataFrame:
        """What an indicator counts of persons, computed by the engine."""
        return self.engine.collect([persons])[0]

    @property
    def population_counts(self) -> pl.DataFrame:
        """Inhabitants by municipality, sex and age group; no rows without a register."""
        if self.population is None:
            return parts.POPULATION_COUNTS.empty()
        return self.counted(population_counts(self.population))

    @cached_property
    def coverage_counts(self) -> pl.DataFrame:
        """Inhabitants and SÄBO residents, counted once for the table and for its quality."""
        people = self.persons(PEOPLE, parts.PEOPLE)
        residents = self.counts(PEOPLE, parts.RESIDENT_COUNTS)
        several = self.counted(listed_in_several_regions(people))
        return pl.concat(
            [
                eager(inhabitants_counts(lazy(residents), lazy(several))),
                self.counted(
                    sabo_counts(
                        self.persons(MARKED, parts.MARKED_PERSONS),
                        people,
                        self.persons(PEOPLE, parts.DEAD_OR_PROTECTED),
                    )
                ),
            ]
        )


def _coverage(month: MonthParts) -> pl.DataFrame:
    return coverage_table(
        month.coverage_counts,
        month.listed,
        month.population_counts,
        month.unit_names,
        month.region_months,
    )


def _coverage_quality(month: MonthParts) -> pl.DataFrame:
    return coverage_quality(
        month.coverage_counts,
        month.listed,
        month.population_counts,
        month.unit_names,
        month.region_months,
    )


def _continuity(month: MonthParts) -> pl.DataFrame:
    return continuity_table(
        month.counts(VISITS, parts.VISIT_COUNTS),
        month.counts(VISITS, parts.AREA_INDEX_VALUES),
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
    return care_markings_table(month.counted(counts), month.population_counts, month.region_months)


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
    return reporting_table(
        month.population_counts,
        month.region_months,
        month.counts(VISITS, parts.QUALITY_SUMS),
        comparability(),
    )


def _data_quality(month: MonthParts) -> pl.DataFrame:
    sums = [
        month.counts(PEOPLE, parts.QUALITY_SUMS),
        month.counts(VISITS, parts.QUALITY_SUMS),
        month.quality_of("coverage"),
        month.receipt_sums,
    ]
    return data_quality_table(
        pl.concat([each.select(list(FACTS)) for each in sums]),
        month.made("list_kinds"),
        month.made("care_markings"),
        month.region_months,
    )


@dataclass(frozen=True)
class TableMaker:
    """How a table of a month is made, and the steps whose parts it is made from.

    `quality` counts data-quality sums in passing; `after` are tables that it is made from too.
    """

    steps: tuple[Step, ...]
    make: Callable[[MonthParts], pl.DataFrame]
    quality: Callable[[MonthParts], pl.DataFrame] | None = None
    after: tuple[str, ...] = ()


TABLE_MAKERS = {
    "coverage": TableMaker((MARKED, PEOPLE), _coverage, _coverage_quality),
    "continuity": TableMaker((PEOPLE, VISITS), _continuity),
    "own_physician": TableMaker((PEOPLE, VISITS), _own_physician),
    "list_load": TableMaker((PEOPLE,), _list_load),
    "list_kinds": TableMaker((PEOPLE,), _list_kinds),
    "care_markings": TableMaker((MARKED, PEOPLE), _care_markings),
    "fixed_contacts": TableMaker((PEOPLE,), _fixed_contacts),
    "definition_comparison": TableMaker((PEOPLE,), _definition_comparison),
    "reporting": TableMaker((VISITS,), _reporting),
    "data_quality": TableMaker(
        (MARKED, PEOPLE, VISITS),
        _data_quality,
        after=("coverage", "list_kinds", "care_markings"),
    ),
}
"""In an order in which each can be made after those that it is made from."""


def tables_of_targets(
    tables: Mapping[str, pl.DataFrame], definitions: pl.DataFrame, unit_regions: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """target_status and target_projection, from the statistics of all months.

    What the given tables hide cannot be had from them: they are made from these alone.
    """
    figures = TargetFigures(tables, definitions, unit_regions)
    status = target_status(figures, targets(), comparability())
    return {
        TARGET_STATUS.name: status,
        TARGET_PROJECTION.name: target_projection(status, definitions, targets(), comparability()),
    }
