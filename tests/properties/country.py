"""A small random country of stored microdata, and all its statistics."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Any

import narwhals as nw
import polars as pl

from pipelines.engine import POLARS
from pipelines.indicators import (
    care_markings,
    contacts,
    coverage,
    fixed_contacts,
    index_values,
    list_load,
    markings,
    own_physician,
    visit_counts,
    visits,
)
from pipelines.indicators import people as listed_people
from pipelines.indicators.data_quality import FACTS
from pipelines.indicators.region_month import RegionMonth
from pipelines.indicators.unit_physicians import unit_physicians
from pipelines.parts import VISITS, Step
from pipelines.tables import TABLE_MAKERS, MonthParts
from schemas import codes, parts
from schemas.contract import TableContract
from schemas.deliveries import LIST_NAMES, delivery
from schemas.rule_sets import rule_sets
from schemas.validation import keep_contract
from schemas.variants import longest_window_months, variants

DAYS = {
    "18": date(2025, 11, 28),
    "19": date(2025, 11, 30),
    "17": date(2025, 11, 30),
    "20": date(2025, 11, 27),
}
MUNICIPALITIES = ["1880", "1881", "1980", "1981", "1715", "0180", "2080"]
MAY_LACK = ("units", "physicians", "care_contacts", "care_markings", "fixed_contacts")
EVERYTHING = frozenset({"listings", *MAY_LACK})
TELLS_EVERYTHING = "19"
"""The region that lacks nothing, so that every figure is told by somebody."""


@dataclass
class Region:
    """A region's usable deliveries, as stored."""

    listings: pl.DataFrame
    list_names: pl.DataFrame
    units: pl.DataFrame
    physicians: pl.DataFrame
    care_contacts: pl.DataFrame
    care_markings: pl.DataFrame
    fixed_contacts: pl.DataFrame


@dataclass
class Country:
    """Regions and the population register."""

    regions: dict[str, Region]
    population: pl.DataFrame
    months: list[RegionMonth] = field(default_factory=list)


def random_country(seed: int, persons: int = 120) -> Country:
    """Everything that the definitions tell apart happens in it, at random.

    Not every region can tell everything: each but one may lack some of the deliveries, or the
    municipalities' lists of markings.
    """
    draw = random.Random(seed)
    regions, months = {}, []
    for code, day in DAYS.items():
        region = _region(draw, code, day, persons)
        lacking = {each for each in MAY_LACK if draw.random() < 0.2 and code != TELLS_EVERYTHING}
        regions[code] = replace(region, **{name: getattr(region, name).clear() for name in lacking})
        if draw.random() < 0.2 and code != TELLS_EVERYTHING:
            in_cosmic = pl.col("source") == "cosmic"
            markings = regions[code].care_markings.filter(in_cosmic)
            regions[code] = replace(regions[code], care_markings=markings)
        months.append(RegionMonth(code, "2025-11", day, EVERYTHING - lacking, 19, 19, None))
    rows = [
        (2025, municipality, sex, age, draw.randint(0, max(6, persons // 20)))
        for municipality in MUNICIPALITIES
        for sex in codes.SEXES
        for age in range(0, 101, 7)
    ]
    population = _frame(delivery("population").stored, rows)
    return Country(regions, population, months)


def _frame(contract: TableContract, rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    table = pl.DataFrame(rows, schema=contract.polars_schema(), orient="row")
    return table.unique(contract.key, keep="first", maintain_order=True)


def _person(draw: random.Random, persons: int) -> tuple[int, str, date, str]:
    number = draw.randrange(persons)  # the regions share numbers: persons listed in several
    born = date(1930, 1, 1) + timedelta(days=number % 120 * 331)
    kind = "samordningsnummer" if number % 17 == 0 else "personnummer"
    return number, kind, born, codes.SEXES[number % 2]


def _maybe(draw: random.Random, value: Any, chance: float) -> Any:
    return value if draw.random() < chance else None


def _region(draw: random.Random, code: str, day: date, persons: int) -> Region:
    units = [f"{code}U{place}" for place in range(3)]
    providers = [f"{code}D{place}" for place in range(9)]

    def some_day(back: int, ahead: int = 0) -> date:
        return day - timedelta(days=draw.randrange(-ahead, back))

    listings = [
        (
            *_person(draw, persons),
            draw.random() < 0.03,
            _maybe(draw, draw.choice(MUNICIPALITIES), 0.9),
            _maybe(draw, some_day(200, 60), 0.05),
            draw.choice(units),
            _maybe(draw, draw.randrange(4), 0.8),
            _maybe(draw, draw.choice(providers), 0.8),
            draw.choice(["PV", "PV", "PV", "BVC"]),
            draw.random() < 0.05,
            some_day(900, 20),
            _maybe(draw, some_day(100, 200), 0.1),
        )
        for _ in range(persons)
    ]
    listings += [
        (10_000 + int(code) * 100 + place, "reserve", None, None, False, None, None,
         draw.choice(units), None, draw.choice(providers), "PV", False, some_day(900), None)
        for place in range(3)
    ]  # fmt: skip
    physicians = [
        (
            provider,
            draw.choice(units),
            None,
            _maybe(draw, "|".join(draw.sample(codes.SPECIALTIES, draw.randint(1, 2))), 0.9),
            _maybe(draw, draw.choice(codes.TRAINING), 0.3),
            draw.random() < 0.1,
            draw.choice(codes.EMPLOYMENT),
            draw.choice([0.1, 0.2, 0.35, 0.7, 1.0]),
            some_day(900, 20),
            _maybe(draw, some_day(100, 100), 0.1),
        )
        for provider in providers[:-1]
        for _ in range(2)
    ]
    contacts = [
        (
            *_person(draw, persons)[:2],
            some_day(620, 5),
            _maybe(draw, time(draw.randrange(8, 11), draw.choice([0, 30])), 0.8),
            draw.choice(units),
            _maybe(draw, draw.choice(providers[: draw.randint(2, 9)]), 0.95),
            draw.choice(codes.PROFESSIONS[:2]),
            draw.choice(codes.CONTACT_TYPES[:3]),
        )
        for _ in range(persons * 12)
    ]
    marked = [
        (
            *_person(draw, persons),
            draw.choice(MUNICIPALITIES),
            draw.choice(codes.SETTINGS[:3]),
            draw.random() < 0.7,
            some_day(900, 20),
            _maybe(draw, some_day(100, 100), 0.1),
            _maybe(draw, draw.random() < 0.1, 0.5),
        )
        for _ in range(persons // 3)
    ]
    marked.append((77, "reserve", None, None, "1980", "sabo", True, some_day(100), None, None))
    fixed = [
        (
            *_person(draw, persons)[:2],
            draw.choice(codes.FIXED_CONTACT_KINDS),
            draw.choice(providers),
            draw.choice(units),
            some_day(900, 20),
            _maybe(draw, some_day(100, 100), 0.1),
        )
        for _ in range(persons // 2)
    ]
    sources = ["cosmic", MUNICIPALITIES[2]]
    stored = delivery("care_markings").stored
    return Region(
        _frame(delivery("listings").stored, listings),
        _frame(LIST_NAMES, [(0, 100), (0, 101), (1, 101), (1, 102), (2, 103)]),
        _frame(
            delivery("units").stored,
            [(unit, unit, "1980", "region", date(2010, 1, 1), None, 100 + place)
             for place, unit in enumerate(units)],
        ),
        _frame(delivery("physicians").stored, physicians),
        _frame(delivery("care_contacts").stored, contacts),
        pl.concat(
            _frame(
                stored,
                [(*row, None, line) for line, row in enumerate(marked[place::2], start=2)],
            ).with_columns(source=pl.lit(source))
            for place, source in enumerate(sources)
        ),
        _frame(delivery("fixed_contacts").stored, fixed),
    )  # fmt: skip


class Engine:
    """How frames are given to the indicators and taken back; here lazy Polars."""

    def give(self, table: pl.DataFrame) -> Any:
        """The frame as Narwhals sees it."""
        return nw.from_native(table.lazy())

    def take(self, frame: Any, contract: TableContract) -> pl.DataFrame:
        """The rows of a part, sorted."""
        return self.rows(frame).select(contract.column_names).sort(contract.column_names)

    def rows(self, frame: Any) -> pl.DataFrame:
        """The rows of a frame, in any order."""
        table: pl.DataFrame = frame.to_native().collect()
        return table


def parts_of(country: Country, engine: Engine) -> dict[str, pl.DataFrame]:
    """Every part of the month, by name."""
    made: dict[str, list[pl.DataFrame]] = {contract.name: [] for contract in parts.PARTS}

    def add(contract: TableContract, frame: Any) -> pl.DataFrame:
        table = engine.take(frame, contract)
        made[contract.name].append(table)
        return table

    def whole(contract: TableContract) -> pl.DataFrame:
        return pl.concat([contract.empty(), *made[contract.name]])

    def hold(frame: Any) -> Any:
        return give(engine.rows(frame))

    give = engine.give
    for month in country.months:
        region = country.regions[month.region_code]
        around: dict[str, Any] = {
            "region_code": month.region_code,
            "reference_date": month.reference_date,
        }
        add(
            parts.MARKED_PERSONS,
            markings.marked_persons(give(region.care_markings), **around),
        )
    marked = give(whole(parts.MARKED_PERSONS))
    for month in country.months:
        region = country.regions[month.region_code]
        day: dict[str, Any] = {"reference_date": month.reference_date}
        around = {"region_code": month.region_code, **day}
        physicians = give(region.physicians)
        found = listed_people.people(
            give(region.listings),
            give(region.list_names),
            give(region.units),
            physicians,
            marked,
            rule_sets=rule_sets(),
            **around,
        )
        people = give(add(parts.PEOPLE, found.people))
        add(parts.DEAD_OR_PROTECTED, found.dead_or_protected)
        add(parts.QUALITY_SUMS, found.quality)
        add(parts.LISTED_COUNTS, listed_people.listed_counts(people))
        keep_contract(
            add(parts.RESIDENT_COUNTS, coverage.resident_counts(people)), parts.RESIDENT_COUNTS
        )
        add(parts.UNIT_NAMES, listed_people.unit_names(give(region.units), **around))
        listed = contacts.listed_contacts(
            people, give(region.care_contacts), window_months=longest_window_months(), **day
        )
        listed = replace(
            listed,
            persons=hold(listed.persons),
            groups=hold(listed.groups),
            contacts=hold(listed.contacts),
        )
        of_selections = {
            key: hold(each) for key, each in visits.selected_visits(listed.contacts).items()
        }
        profiles = visits.visit_profiles(listed, of_selections, variants=variants())
        made_counts = visit_counts.visit_counts(hold(profiles), listed.groups)
        counts = visit_counts.VisitCounts(*map(hold, made_counts))
        add(parts.VISIT_COUNTS, visit_counts.region_visit_counts(counts))
        of_areas = index_values.counts_of_areas(counts, variants())
        held = index_values.CellCounts(*map(hold, of_areas))
        add(parts.AREA_INDEX_VALUES, index_values.area_index_values(held))
        add(parts.QUALITY_SUMS, visits.missing_providers(listed))
        add(
            parts.OWN_VISITS,
            own_physician.own_visits(listed, of_selections["physician", "any_unit"]),
        )
        add(parts.PHYSICIAN_TIME, list_load.physician_time(physicians, **around))
        add(parts.UNIT_PHYSICIANS, unit_physicians(physicians, **around))
        fixed = give(region.fixed_contacts)
        add(
            parts.FIXED_CONTACT_COUNTS,
            fixed_contacts.fixed_contact_counts(people, fixed, **day),
        )
        add(parts.QUALITY_SUMS, fixed_contacts.physician_agreement(people, fixed, **around))
    people = give(whole(parts.PEOPLE))
    facts = give(whole(parts.DEAD_OR_PROTECTED))
    several = give(engine.rows(coverage.listed_in_several_regions(people)))
    residents = give(whole(parts.RESIDENT_COUNTS))
    add(parts.COVERAGE_COUNTS, coverage.inhabitants_counts(residents, several))
    add(parts.COVERAGE_COUNTS, coverage.sabo_counts(marked, people, facts))
    add(parts.POPULATION_COUNTS, coverage.population_counts(give(country.population)))
    add(
        parts.MARKING_COUNTS,
        care_markings.marking_counts(marked, facts, region_months=country.months),
    )
    return {contract.name: whole(contract) for contract in parts.PARTS}


def tables_of(
    made: Mapping[str, pl.DataFrame], months: list[RegionMonth]
) -> dict[str, pl.DataFrame]:
    """Every table of the month, by name, as the pipeline puts them together."""
    tables: dict[str, pl.DataFrame] = {}
    month = MadeParts(made, months, tables)
    for name, maker in TABLE_MAKERS.items():
        tables[name] = maker.make(month)
    return tables


class MadeParts(MonthParts):
    """Parts that are not stored: what MonthParts reads from files is at hand."""

    def __init__(
        self,
        made: Mapping[str, pl.DataFrame],
        months: list[RegionMonth],
        tables: Mapping[str, pl.DataFrame],
    ) -> None:
        nothing = pl.DataFrame(schema=FACTS)
        super().__init__(
            region_months=months,
            files=lambda step, contract: [],
            engine=POLARS,
            population=None,
            receipt_sums=nothing,
            made=tables.__getitem__,
            quality_of=lambda table: nothing,
        )
        object.__setattr__(self, "parts_made", made)

    def counts(self, step: Step, contract: TableContract) -> pl.DataFrame:
        table: pl.DataFrame = self.parts_made[contract.name]  # type: ignore[attr-defined]
        if contract is parts.QUALITY_SUMS:
            of_visits = pl.col("delivery") == "care_contacts"
            return table.filter(of_visits if step is VISITS else ~of_visits)
        return table

    def persons(self, step: Step, contract: TableContract) -> Any:
        return nw.from_native(self.counts(step, contract).lazy())

    @property
    def population_counts(self) -> pl.DataFrame:
        return self.counts(VISITS, parts.POPULATION_COUNTS)


def rearranged(country: Country, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Country:
    """The same country with every frame's rows and the regions in another order."""
    regions = {
        code: Region(**{name: change(table) for name, table in vars(region).items()})
        for code, region in reversed(country.regions.items())
    }
    return Country(regions, change(country.population), country.months[::-1])
