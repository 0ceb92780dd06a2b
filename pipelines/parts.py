"""The parts of a region's month: which tables each step makes, from which microdata.

How a figure is computed belongs in `pipelines/indicators`; here the inputs are put together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import narwhals as nw
import polars as pl

from pipelines.engine import Engine
from pipelines.indicators.contacts import demand_room, in_slices, listed_contacts
from pipelines.indicators.coverage import resident_counts
from pipelines.indicators.fixed_contacts import fixed_contact_counts, physician_agreement
from pipelines.indicators.frame import Frame
from pipelines.indicators.index_values import CellCounts, area_index_values, counts_of_areas
from pipelines.indicators.list_load import physician_time
from pipelines.indicators.marking_differences import marking_differences
from pipelines.indicators.markings import marked_persons
from pipelines.indicators.own_physician import own_visits, sum_of_own_visits
from pipelines.indicators.people import listed_counts, people, unit_names
from pipelines.indicators.unit_physicians import unit_physicians
from pipelines.indicators.visit_counts import VisitCounts, region_visit_counts, visit_counts
from pipelines.indicators.visits import missing_providers, selected_visits, visit_profiles
from pipelines.microdata import list_names, microdata, repeated_keys
from pipelines.selection import REGISTERS, Selection
from pipelines.store import Store
from schemas import parts
from schemas.contract import TableContract
from schemas.rule_sets import rule_sets
from schemas.variants import longest_window_months, variants

CONTACTS_AT_A_TIME = 16_000_000
"""A region with more contacts is counted in slices of its persons, which bounds the memory."""


@dataclass(frozen=True)
class RegionInputs:
    """What a region's parts are made from.

    `marked_files` hold the marked persons of all reporting regions, `people_files` the region's
    listed persons; none before they are made.
    """

    engine: Engine
    store: Store
    selection: Selection
    marked_files: Sequence[Path] = ()
    people_files: Sequence[Path] = ()

    @property
    def region_code(self) -> str:
        """The region."""
        return self.selection.region_month.region_code

    @property
    def reference_date(self) -> date:
        """The region's reference date; the region reports."""
        day = self.selection.region_month.reference_date
        if day is None:
            raise ValueError(f"Region {self.region_code} does not report.")
        return day

    def delivered(self, name: str) -> Frame | None:
        """The selected microdata of a delivery; None where the region has none."""
        files = self.selection.files[name]
        return microdata(self.engine, self.store, files) if files else None

    def repeated_keys(self, *names: str) -> list[Frame]:
        """Data-quality sums: keys that stand in two parts, of deliveries that came in parts."""
        found = {
            name: repeated_keys(self.engine, self.store, self.selection.files[name])
            for name in names
        }
        return [
            frame.with_columns(
                region_code=nw.lit(self.region_code),
                delivery=nw.lit(name),
                metric=nw.lit("keys_in_two_parts"),
            ).select(parts.QUALITY_SUMS.column_names)
            for name, frame in found.items()
            if frame is not None
        ]

    @property
    def list_names(self) -> Frame:
        """The beginnings of the list names of the selected listings."""
        return list_names(self.engine, self.store, self.selection.files["listings"])

    @property
    def marked(self) -> Frame:
        """The marked persons of all reporting regions."""
        return self.engine.scan(self.marked_files, parts.MARKED_PERSONS)

    @property
    def people(self) -> Frame:
        """The region's listed persons."""
        return self.engine.scan(self.people_files, parts.PEOPLE)


@dataclass(frozen=True)
class Step:
    """A step: the tables it makes of one region, and from which deliveries."""

    name: str
    contracts: tuple[TableContract, ...]
    deliveries: tuple[str, ...]
    make: Callable[[RegionInputs], dict[str, Frame]]


def _make_marked(inputs: RegionInputs) -> dict[str, Frame]:
    markings = inputs.delivered("care_markings")
    if markings is None:
        return {}
    marked = marked_persons(
        markings, region_code=inputs.region_code, reference_date=inputs.reference_date
    )
    differences = marking_differences(
        markings,
        sources={each.suffix for each in inputs.selection.files["care_markings"]},
        region_code=inputs.region_code,
        reference_date=inputs.reference_date,
    )
    return {parts.MARKED_PERSONS.name: marked, parts.MARKING_DIFFERENCES.name: differences}


def _make_people(inputs: RegionInputs) -> dict[str, Frame]:
    region, day = inputs.region_code, inputs.reference_date
    listings = microdata(inputs.engine, inputs.store, inputs.selection.files["listings"])
    units, physicians = inputs.delivered("units"), inputs.delivered("physicians")
    fixed = inputs.delivered("fixed_contacts")
    made = people(
        listings,
        inputs.list_names,
        units,
        physicians,
        inputs.marked,
        rule_sets=rule_sets(),
        fictitious_name_rule=inputs.selection.region_month.fictitious_name_rule,
        region_code=region,
        reference_date=day,
    )
    quality = [made.quality, *inputs.repeated_keys("listings", *REGISTERS)]
    tables = {
        parts.PEOPLE.name: made.people,
        parts.DEAD_OR_PROTECTED.name: made.dead_or_protected,
        parts.LISTED_COUNTS.name: listed_counts(made.people),
        parts.RESIDENT_COUNTS.name: resident_counts(made.people),
    }
    if units is not None:
        tables[parts.UNIT_NAMES.name] = unit_names(units, region_code=region, reference_date=day)
    if physicians is not None:
        tables[parts.PHYSICIAN_TIME.name] = physician_time(
            physicians, region_code=region, reference_date=day
        )
        tables[parts.UNIT_PHYSICIANS.name] = unit_physicians(
            physicians, region_code=region, reference_date=day
        )
    if fixed is not None:
        tables[parts.FIXED_CONTACT_COUNTS.name] = fixed_contact_counts(
            made.people, fixed, reference_date=day
        )
        quality.append(
            physician_agreement(made.people, fixed, region_code=region, reference_date=day)
        )
    return tables | {parts.QUALITY_SUMS.name: nw.concat(quality)}


def _make_visits(inputs: RegionInputs) -> dict[str, Frame]:
    contacts = inputs.delivered("care_contacts")
    if contacts is None:
        return {}
    listed = listed_contacts(
        inputs.people,
        contacts,
        reference_date=inputs.reference_date,
        window_months=longest_window_months(),
    )
    # Left to itself, an engine reads the contacts again for every figure that is made from them.
    held = inputs.engine.held
    persons, groups, contacts, sizes = held(
        [listed.persons, listed.groups, listed.contacts, listed.sizes]
    )
    size, rows = inputs.engine.collect([sizes, contacts.select(nw.len())])
    number_of = size.row(0, named=True)
    demand_room(inputs.region_code, **number_of)
    listed = replace(listed, persons=persons, groups=groups, contacts=contacts)
    slices = 1 + rows.item() // CONTACTS_AT_A_TIME
    profiles: list[Frame] = []
    to_own: list[Frame] = []
    for some in in_slices(contacts, persons=number_of["persons"], slices=slices):
        of_selections = selected_visits(some)
        of_selections = dict(zip(of_selections, held([*of_selections.values()]), strict=True))
        of_slice, own = held(
            [
                visit_profiles(listed, of_selections, variants=variants()),
                own_visits(listed, of_selections["physician", "any_unit"]),
            ]
        )
        profiles.append(of_slice)
        to_own.append(own)
    counts = VisitCounts(*held(visit_counts(nw.concat(profiles), groups)))
    of_areas = CellCounts(*held(counts_of_areas(counts, variants())))
    return {
        parts.VISIT_COUNTS.name: region_visit_counts(counts),
        parts.AREA_INDEX_VALUES.name: area_index_values(of_areas),
        parts.QUALITY_SUMS.name: nw.concat(
            [missing_providers(listed), *inputs.repeated_keys("care_contacts")]
        ),
        parts.OWN_VISITS.name: sum_of_own_visits(to_own),
    }


MARKED = Step(
    "marked_persons",
    (parts.MARKED_PERSONS, parts.MARKING_DIFFERENCES),
    ("care_markings",),
    _make_marked,
)
PEOPLE = Step(
    "people",
    (
        parts.PEOPLE,
        parts.DEAD_OR_PROTECTED,
        parts.QUALITY_SUMS,
        parts.LISTED_COUNTS,
        parts.RESIDENT_COUNTS,
        parts.UNIT_NAMES,
        parts.PHYSICIAN_TIME,
        parts.UNIT_PHYSICIANS,
        parts.FIXED_CONTACT_COUNTS,
    ),
    ("listings", "units", "physicians", "fixed_contacts"),
    _make_people,
)
VISITS = Step(
    "visits",
    (parts.VISIT_COUNTS, parts.AREA_INDEX_VALUES, parts.OWN_VISITS, parts.QUALITY_SUMS),
    ("care_contacts",),
    _make_visits,
)
STEPS = {step.name: step for step in (MARKED, PEOPLE, VISITS)}


def _order(frame: pl.DataFrame, contract: TableContract) -> list[str]:
    """The key without the region where it is one: to sort by it too takes twice as long."""
    is_one_region = frame["region_code"].n_unique() == 1
    return [name for name in contract.key if name != "region_code" or not is_one_region]


def make(step: Step, inputs: RegionInputs) -> dict[TableContract, pl.DataFrame]:
    """A step's tables of one region, sorted by key; empty where a delivery is missing."""
    made = step.make(inputs)
    given = [contract for contract in step.contracts if contract.name in made]
    frames = inputs.engine.collect([made[contract.name] for contract in given])
    tables = {contract: contract.empty() for contract in step.contracts}
    for contract, frame in zip(given, frames, strict=True):
        tables[contract] = frame.sort(_order(frame, contract), nulls_last=False)
    return tables
