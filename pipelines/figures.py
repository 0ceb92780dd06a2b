"""A month's figures: what is made from what, what of it is out of date, and where it is stored.

How parts are made is in `parts.py`, how tables are in `tables.py`; how a figure is computed
belongs in `pipelines/indicators`.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from pathlib import Path

import polars as pl

from pipelines.delivery_quality import receipt_sums
from pipelines.engine import POLARS, Engine
from pipelines.fingerprint import code_fingerprint, fingerprint
from pipelines.indicators.assembly import unit_areas
from pipelines.indicators.people import changed_by_markings
from pipelines.indicators.region_month import RegionMonth
from pipelines.microdata import microdata
from pipelines.packing import packed
from pipelines.parts import MARKED, PEOPLE, STEPS, VISITS, RegionInputs, Step, make
from pipelines.planning import Stage
from pipelines.publication.registers import definitions_of_month
from pipelines.receipts import Receipts
from pipelines.selection import Selection, population_files, select
from pipelines.store import Store
from pipelines.tables import TABLE_MAKERS, MonthParts, read
from schemas.contract import TableContract
from schemas.indicator_registry import indicators
from schemas.parts import (
    LISTED_COUNTS,
    MARKED_PERSONS,
    QUALITY_SUMS,
    UNIT_NAMES,
    UNIT_PHYSICIANS,
)
from schemas.parts import PEOPLE as PEOPLE_CONTRACT
from schemas.registers import DEFINITIONS
from schemas.statistics import statistics_table

ROWS_AT_A_TIME = 500_000
"""Regions are made together while their deliveries have no more rows than that."""

_PUT_TOGETHER = (
    "pipelines/parts.py",
    "pipelines/tables.py",
    "pipelines/microdata.py",
    "pipelines/delivery_quality.py",
)


def code_of_figures() -> str:
    """A hash over the code that figures are made by."""
    return code_fingerprint("pipelines/indicators", "schemas", *_PUT_TOGETHER)


def made_from(record: object) -> str | None:
    """What the record of a stored result says that it was made from; None without a record."""
    return record["made_from"] if isinstance(record, dict) else None


def _told(region_month: RegionMonth) -> list[tuple[str, object]]:
    """All that is known of a region's month, in an order of its own."""
    known = {**asdict(region_month), "deliveries": sorted(region_month.deliveries)}
    return sorted(known.items())


def made_by(record: object) -> str | None:
    """The engine that made a stored result, as its record says; None without a record."""
    return record["engine"] if isinstance(record, dict) else None


@dataclass(frozen=True)
class Figures:
    """The figures of one month, made from the receipts in force.

    All engines count the same, so parts made by another engine are not out of date; which engine
    made them is kept beside what they were made from.
    """

    store: Store
    receipts: Receipts
    month: str
    engine: Engine = POLARS

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
        """The steps that have regions out of date, in order.

        Whom the markings of other regions concern is known only when these are made: until then
        a region that is otherwise up to date waits, and stands in no stage. So ask again, with
        `seen_anew`, when the first stages are done.
        """
        stages = []
        for step in STEPS.values():
            cells = {(self.month, region) for region in self.reporting_regions}
            stale = {
                (self.month, region)
                for region in self.reporting_regions
                if self._is_stale(step, region)
                and not (step is not MARKED and self._waits_for_markings(region))
            }
            if stale:
                stages.append(Stage(step.name, frozenset(stale), frozenset(cells - stale)))
        return stages

    def seen_anew(self) -> "Figures":
        """The same figures, as what is stored stands now."""
        return replace(self)

    def tables_out_of_date(self) -> list[str]:
        """The statistics of the month that must be made again, and whose parts are there.

        A table with a part that could not be made stays as it was until the part is made.
        """
        return [
            name
            for name in TABLE_MAKERS
            if (
                made_from(self.store.read_json(*self._record("statistics", name)))
                != self._table_made_from(name)
                or not self.store.path(*self._slice("statistics", name)).exists()
            )
            and not self._is_any_stale(self._parts_of_table(name))
        ]

    def _parts_before(self, step: Step, region: str) -> list[tuple[Step, str]]:
        """The parts that a region's part is made from."""
        if step is PEOPLE:
            return [(MARKED, other) for other in self.reporting_regions]
        return [(PEOPLE, region)] if step is VISITS else []

    def _parts_of_table(self, name: str) -> list[tuple[Step, str]]:
        """The parts that a table is made from."""
        steps = TABLE_MAKERS[name].steps
        return [(step, region) for step in steps for region in self.reporting_regions]

    def _is_stale(self, step: Step, region: str) -> bool:
        """Whether a region's part is missing or was made from something else."""
        recorded = made_from(self.store.read_json(*self._record(region, step.name)))
        return recorded != self._made_from[step, region]

    def _is_any_stale(self, parts: list[tuple[Step, str]]) -> bool:
        return any(self._is_stale(*part) for part in parts)

    @cached_property
    def _made_from(self) -> dict[tuple[Step, str], str]:
        """For each part of a region a hash over all that decides it: code, deliveries, parts."""
        made_from: dict[tuple[Step, str], str] = {}
        for region in self.reporting_regions:
            made_from[MARKED, region] = self._markings_of[region]
            people = self._as_it_was(region) or self._people_anew(region)
            made_from[PEOPLE, region] = people
            made_from[VISITS, region] = fingerprint([self._decided_by(VISITS, region), people])
        return made_from

    def _decided_by(self, step: Step, region: str) -> str:
        """A hash over the code and the region's own deliveries that decide a part."""
        selection = self.selections[region]
        return fingerprint(
            [
                code_of_figures(),
                step.name,
                region,
                selection.region_month.reference_date,
                selection.region_month.fictitious_name_rule,
                selection.identities(*step.deliveries),
            ]
        )

    @cached_property
    def _markings_of(self) -> dict[str, str]:
        """For each region a hash over all that decides its marked persons."""
        return {region: self._decided_by(MARKED, region) for region in self.reporting_regions}

    @cached_property
    def _markings(self) -> str:
        """A hash over all that decides the marked persons of all regions."""
        return fingerprint(self._markings_of)

    @cached_property
    def _are_markings_made(self) -> bool:
        return all(
            made_from(self.store.read_json(*self._record(region, MARKED.name))) == decided_by
            for region, decided_by in self._markings_of.items()
        )

    def _people_anew(self, region: str) -> str:
        """What a region's people are made from, when they are made now."""
        return fingerprint([self._decided_by(PEOPLE, region), self._markings])

    def _differs_in_markings(self, region: str) -> bool:
        """Whether a region's people were made from all that they would be made from now, but for
        the markings of other regions."""
        record = self.store.read_json(*self._record(region, PEOPLE.name))
        return made_from(record) not in (None, self._people_anew(region)) and record.get(
            "decided_by"
        ) == self._decided_by(PEOPLE, region)

    def _waits_for_markings(self, region: str) -> bool:
        return not self._are_markings_made and self._differs_in_markings(region)

    def _as_it_was(self, region: str) -> str | None:
        """What a region's people were made from, where the markings made since concern none of
        them; else None. The answer is kept: it is found by looking at all persons."""
        if not (self._are_markings_made and self._differs_in_markings(region)):
            return None
        former = made_from(self.store.read_json(*self._record(region, PEOPLE.name)))
        answer = {"people": former, "markings": self._markings}
        place = ("parts", self.month, region, PEOPLE.name, "unconcerned.json")
        if self.store.read_json(*place) == answer:
            return former
        files = [self.store.path(*self._part(PEOPLE_CONTRACT, PEOPLE, region))]
        people = POLARS.scan(files, PEOPLE_CONTRACT)
        marked = POLARS.scan(self.files(MARKED, MARKED_PERSONS), MARKED_PERSONS)
        if POLARS.collect([changed_by_markings(people, marked)])[0].height:
            return None
        self.store.write_json(answer, *place)
        return former

    def _table_made_from(self, name: str) -> str:
        """A hash over all that decides a table of the month."""
        return fingerprint(
            [
                code_of_figures(),
                name,
                [_told(each) for each in self.region_months],
                [self._made_from[part] for part in self._parts_of_table(name)],
                [each.identity for each in population_files(self.receipts, self.month)],
                [self._table_made_from(before) for before in TABLE_MAKERS[name].after],
            ]
        )

    # Where things are

    def _record(self, *name: str) -> tuple[str, ...]:
        return ("parts", self.month, *name[:-1], f"{name[-1]}.json")

    def _part(self, contract: TableContract, step: Step, region: str) -> tuple[str, ...]:
        return ("parts", self.month, region, step.name, f"{contract.name}.parquet")

    def _slice(self, kind: str, name: str) -> tuple[str, ...]:
        return ("parts", self.month, kind, f"{name}.parquet")

    def files(self, step: Step, contract: TableContract) -> list[Path]:
        """The files of a part's table, of all reporting regions."""
        return [
            self.store.path(*self._part(contract, step, region))
            for region in self.reporting_regions
        ]

    def _write_record(self, made_from: str, *name: str, **more: object) -> None:
        record = {"made_from": made_from, "engine": self.engine.name, **more}
        self.store.write_json(record, *self._record(*name))

    @cached_property
    def deliveries_used(self) -> list[str]:
        """The identities of all receipts that the month's figures are made from, sorted."""
        of_regions = [
            receipt
            for selection in self.selections.values()
            for chosen in selection.files.values()
            for receipt in chosen
        ]
        population = population_files(self.receipts, self.month)
        return sorted({each.identity for each in [*of_regions, *population]})

    # Making

    def accepted_rows(self, step: Step, region: str) -> int:
        """How many rows of microdata a region's part is made from."""
        return self.selections[region].accepted_rows(*step.deliveries)

    def accepted_rows_of(self, stage: Stage) -> int:
        """How many rows of microdata the parts of a stage are made from that are out of date."""
        step = STEPS[stage.name]
        return sum(self.accepted_rows(step, region) for _, region in stage.out_of_date)

    def make_parts(
        self,
        step: Step,
        regions: Iterable[str],
        progress: Callable[[list[str], int], None] = lambda regions, rows: None,
    ) -> dict[str, dict[str, int]]:
        """Make and store a step's tables of these regions; returns the rows of each by region.

        Small regions are made together; `progress` is told which were made, and from how many
        rows. Nothing is made for a region that does not report.
        """
        reporting = [region for region in regions if self.selections[region].reports]
        rows = partial(self.accepted_rows, step)
        counts: dict[str, dict[str, int]] = {}
        for batch in packed(reporting, rows, ROWS_AT_A_TIME):
            try:
                counts |= self._make_together(step, batch)
            except Exception:
                if len(batch) == 1:
                    raise
                # One by one, so that only the region that cannot be made stops.
                for region in batch:
                    counts |= self._make_together(step, [region])
            progress(batch, sum(map(rows, batch)))
        return counts

    def _make_together(self, step: Step, regions: list[str]) -> dict[str, dict[str, int]]:
        engine, beside = (self.engine, 1) if len(regions) == 1 else self.engine.for_small()
        inputs = [self._inputs(step, region, engine) for region in regions]
        if beside == 1:
            # In this thread, which Spark's settings belong to.
            tables = [make(step, each) for each in inputs]
        else:
            with ThreadPoolExecutor(beside) as pool:
                tables = list(pool.map(partial(make, step), inputs))
        made = dict(zip(regions, tables, strict=True))
        for contract in step.contracts:
            self.store.write_tables(
                {
                    self.store.path(*self._part(contract, step, region)): made[region][contract]
                    for region in regions
                },
                contract,
            )
        for region in regions:
            # What was made from something stale has no record, and is made again.
            if not self._is_any_stale(self._parts_before(step, region)):
                self._write_record(
                    self._made_from[step, region],
                    region,
                    step.name,
                    decided_by=self._decided_by(step, region),
                )
        return {
            region: {contract.name: frame.height for contract, frame in made[region].items()}
            for region in regions
        }

    def _inputs(self, step: Step, region: str, engine: Engine) -> RegionInputs:
        listed = self.store.path(*self._part(PEOPLE_CONTRACT, PEOPLE, region))
        return RegionInputs(
            engine=engine,
            store=self.store,
            selection=self.selections[region],
            marked_files=self.files(MARKED, MARKED_PERSONS) if step is PEOPLE else (),
            people_files=[listed] if step is VISITS else (),
        )

    def make_table(self, name: str) -> int:
        """Make and store the month's rows of a statistics table; returns how many there are."""
        population = population_files(self.receipts, self.month)
        month_parts = MonthParts(
            region_months=self.region_months,
            files=self.files,
            engine=self.engine,
            population=microdata(self.engine, self.store, population) if population else None,
            receipt_sums=receipt_sums(self.selections, population),
            made=self.read_table,
            quality_of=self._quality_of,
        )
        contract = statistics_table(name)
        maker = TABLE_MAKERS[name]
        frame = maker.make(month_parts)
        self.store.write_table(frame, contract, *self._slice("statistics", name))
        if maker.quality is not None:
            sums = maker.quality(month_parts)
            self.store.write_table(sums, QUALITY_SUMS, *self._slice("quality", name))
        # What the figures mean is kept beside them, whatever the registry says later.
        meanings = definitions_of_month(
            self.month, [each for each in indicators() if each.value.table == name]
        )
        self.store.write_table(meanings, DEFINITIONS, *self._slice("definitions", name))
        if not self._is_any_stale(self._parts_of_table(name)):
            self._write_record(
                self._table_made_from(name),
                "statistics",
                name,
                code=code_of_figures(),
                deliveries=self.deliveries_used,
            )
        return frame.height

    def read_table(self, name: str) -> pl.DataFrame:
        """The month's rows of a statistics table, before disclosure control."""
        return pl.read_parquet(self.store.path(*self._slice("statistics", name)), glob=False)

    def _quality_of(self, name: str) -> pl.DataFrame:
        """The data-quality sums that were counted with a table."""
        return pl.read_parquet(self.store.path(*self._slice("quality", name)), glob=False)

    def unit_regions(self) -> pl.DataFrame:
        """The region that each unit of the tables stands in: month, area_code, region_code."""
        listed = read(self._files_made(PEOPLE, LISTED_COUNTS), LISTED_COUNTS)
        names = read(self._files_made(PEOPLE, UNIT_NAMES), UNIT_NAMES)
        return unit_areas(listed, names, self.region_months).select(
            "area_code", "region_code", month=pl.lit(self.month)
        )

    def _files_made(self, step: Step, contract: TableContract) -> list[Path]:
        """The files of a part's table that have been made: a region may have reported since."""
        return [path for path in self.files(step, contract) if path.exists()]

    def one_physician_units(self, physicians: str = "physicians") -> set[str]:
        """The units that rest on one physician: where this number of `unit_physicians` is 1.

        Of all parts that lie there: the month's figures stay published, and their units hidden,
        also when the deliveries of a region have been withdrawn since.
        """
        made = self.store.path("parts", self.month).glob(
            f"*/{PEOPLE.name}/{UNIT_PHYSICIANS.name}.parquet"
        )
        counts = [read([path], UNIT_PHYSICIANS) for path in sorted(made)]
        return {
            unit
            for each in counts
            # Parts that earlier code made lack some numbers.
            if physicians in each.columns
            for unit in each.filter(pl.col(physicians) == 1)["unit_id"]
        }
