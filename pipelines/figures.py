"""A month's figures: what is made from what, what of it is out of date, and where it is stored.

How parts are made is in `parts.py`, how tables are in `tables.py`; how a figure is computed
belongs in `pipelines/indicators`.
"""

from dataclasses import asdict, dataclass
from functools import cached_property

import polars as pl

from pipelines.fingerprint import code_fingerprint, fingerprint
from pipelines.indicators.region_month import RegionMonth
from pipelines.microdata import microdata, scan
from pipelines.parts import MARKED, PEOPLE, STEPS, VISITS, RegionInputs, Step, make
from pipelines.planning import Stage
from pipelines.publication.registers import definitions_of_month
from pipelines.receipts import Receipts
from pipelines.selection import Selection, population_files, select
from pipelines.store import Store
from pipelines.tables import TABLE_MAKERS, MonthParts
from schemas.contract import TableContract
from schemas.indicator_registry import indicators
from schemas.parts import MARKED_PERSONS, UNIT_PHYSICIANS
from schemas.parts import PEOPLE as PEOPLE_CONTRACT
from schemas.registers import DEFINITIONS
from schemas.statistics import statistics_table


def _code() -> str:
    return code_fingerprint("pipelines/indicators", "schemas")


def _told(region_month: RegionMonth) -> list[tuple[str, object]]:
    """All that is known of a region's month, in an order of its own."""
    known = {**asdict(region_month), "deliveries": sorted(region_month.deliveries)}
    return sorted(known.items())


@dataclass(frozen=True)
class Figures:
    """The figures of one month, made from the receipts in force."""

    store: Store
    receipts: Receipts
    month: str

    @cached_property
    def selections(self) -> dict[str, Selection]:
        """Region code to what its figures are made from, for all 21 regions."""
        return select(self.receipts, self.month)

    @property
    def region_months(self) -> list[RegionMonth]:
        """What is known of each region's month, sorted by region."""
        return [selection.region_month for selection in self.selections.values()]

    @property
    def reporting_regions(self) -> list[str]:
        """The regions with an accepted listings snapshot in the month."""
        return [code for code, selection in self.selections.items() if selection.reports]

    # What is out of date

    def stages(self) -> list[Stage]:
        """The steps that have regions out of date, in order."""
        stages = []
        for step in STEPS.values():
            cells = {(self.month, region) for region in self.reporting_regions}
            stale = {
                (self.month, region)
                for region in self.reporting_regions
                if self.store.read_json(*self._record(region, step.name))
                != self._made_from(step, region)
            }
            if stale:
                stages.append(Stage(step.name, frozenset(stale), frozenset(cells - stale)))
        return stages

    def tables_out_of_date(self) -> list[str]:
        """The statistics of the month that must be made again."""
        return [
            name
            for name in TABLE_MAKERS
            if self.store.read_json(*self._record("statistics", name))
            != self._table_made_from(name)
            or not self.store.path(*self._slice("statistics", name)).exists()
        ]

    def _made_from(self, step: Step, region: str) -> str:
        """A hash over all that decides a region's part: code, deliveries, and parts before it."""
        selection = self.selections[region]
        before = []
        if step is PEOPLE:
            before = [self._made_from(MARKED, other) for other in self.reporting_regions]
        if step is VISITS:
            before = [self._made_from(PEOPLE, region)]
        return fingerprint(
            [
                _code(),
                step.name,
                region,
                selection.region_month.reference_date,
                selection.identities(*step.deliveries),
                before,
            ]
        )

    def _table_made_from(self, name: str) -> str:
        """A hash over all that decides a table of the month."""
        return fingerprint(
            [
                _code(),
                name,
                [_told(each) for each in self.region_months],
                [
                    self._made_from(step, region)
                    for step in TABLE_MAKERS[name].steps
                    for region in self.reporting_regions
                ],
                [each.identity for each in population_files(self.receipts, self.month)],
            ]
        )

    # Where things are

    def _record(self, *name: str) -> tuple[str, ...]:
        return ("parts", self.month, *name[:-1], f"{name[-1]}.json")

    def _part(self, contract: TableContract, step: Step, region: str) -> tuple[str, ...]:
        return ("parts", self.month, region, step.name, f"{contract.name}.parquet")

    def _slice(self, kind: str, name: str) -> tuple[str, ...]:
        return ("parts", self.month, kind, f"{name}.parquet")

    def part(self, step: Step, contract: TableContract) -> pl.LazyFrame:
        """A part's table of all reporting regions."""
        return scan(
            [self.store.path(*self._part(contract, step, each)) for each in self.reporting_regions],
            contract,
        )

    # Making

    def make_part(self, step: Step, region: str) -> dict[str, int]:
        """Make and store a step's tables of one region; returns the rows of each.

        Nothing is made for a region that does not report.
        """
        selection = self.selections[region]
        if not selection.reports:
            return {}
        listed = self.store.path(*self._part(PEOPLE_CONTRACT, PEOPLE, region))
        inputs = RegionInputs(
            store=self.store,
            selection=selection,
            marked=self.part(MARKED, MARKED_PERSONS) if step is PEOPLE else pl.LazyFrame(),
            people=pl.scan_parquet(listed) if step is VISITS else pl.LazyFrame(),
        )
        made = make(step, inputs)
        for contract, frame in made.items():
            self.store.write_table(frame, contract, *self._part(contract, step, region))
        self.store.write_json(self._made_from(step, region), *self._record(region, step.name))
        return {contract.name: frame.height for contract, frame in made.items()}

    def make_table(self, name: str) -> int:
        """Make and store the month's rows of a statistics table; returns how many there are."""
        population = population_files(self.receipts, self.month)
        month_parts = MonthParts(
            region_months=self.region_months,
            part=self.part,
            population=microdata(self.store, population) if population else None,
        )
        contract = statistics_table(name)
        frame = TABLE_MAKERS[name].make(month_parts)
        self.store.write_table(frame, contract, *self._slice("statistics", name))
        # What the figures mean is kept beside them, whatever the registry says later.
        meanings = definitions_of_month(
            self.month, [each for each in indicators() if each.value.table == name]
        )
        self.store.write_table(meanings, DEFINITIONS, *self._slice("definitions", name))
        self.store.write_json(self._table_made_from(name), *self._record("statistics", name))
        return frame.height

    def read_table(self, name: str) -> pl.DataFrame:
        """The month's rows of a statistics table, before disclosure control."""
        return pl.read_parquet(self.store.path(*self._slice("statistics", name)))

    def one_physician_units(self) -> set[str]:
        """The units that rest on one physician."""
        counts = self.part(PEOPLE, UNIT_PHYSICIANS)
        return set(counts.filter(pl.col("physicians") == 1).collect()["unit_id"])
