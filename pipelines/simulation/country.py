"""`simulate`: the deliveries of a whole country, region by region and month by month."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from pipelines.errors import WrongUseError
from pipelines.simulation.contacts import contact_numbers, contact_rows
from pipelines.simulation.dates import Month, care_days, contact_months, snapshot_dates
from pipelines.simulation.faults import with_faults
from pipelines.simulation.files import FileForm, as_text, form_of, write_delivery
from pipelines.simulation.levels import (
    LEVELS,
    NOT_REPORTING,
    SABO_FACTOR_SMALL,
    SMALL_POPULATION,
    RegionLevels,
)
from pipelines.simulation.listings import (
    listed_by_neighbour_too,
    listing_rows,
    named_on,
    with_listing,
)
from pipelines.simulation.markings import (
    FIXED_CONTACT_REGIONS,
    fixed_contact_rows,
    marking_files,
)
from pipelines.simulation.persons import (
    MOST_WITH_PERSONNUMMER,
    inhabitants,
    nobody_used,
    persons_of_region,
    used_so_far,
)
from pipelines.simulation.reference import Region, regions
from pipelines.simulation.truth import RegionTruth, SimulationTruth
from pipelines.simulation.units import Care, care_of_region, number_of_units

SMALLEST_POPULATION = 1_000
LARGEST_POPULATION = 40_000_000
TWO_PARTS_REGION = "20"
COMMENT_COLUMN_REGION = "04"

Progress = Callable[[str], None]


@dataclass(frozen=True)
class _Order:
    """What was asked for."""

    landing: Path
    population: int
    """Of the country, also where one region alone is written."""
    months: tuple[Month, ...]
    seed: int

    @property
    def last(self) -> Month:
        return self.months[-1]


def simulate(
    landing: Path,
    *,
    population: int,
    months: int,
    seed: int,
    last_month: str = "2025-11",
    region_code: str | None = None,
    progress: Progress | None = None,
) -> SimulationTruth:
    """Write synthetic deliveries of about `population` persons into the landing folder.

    Contacts are written for `months` months up to `last_month`; everything else as snapshots of
    the last two months; the population for the last year and the one before. With `region_code`
    all persons belong to that region and the others deliver nothing. The same arguments
    give the same bytes. A folder that holds an earlier simulation is emptied of it first; one that
    holds other deliveries, a population too small or too large, or a region that does not report,
    gives WrongUseError. The truth is returned and also written to `reference/truth.json`.
    """
    if not SMALLEST_POPULATION <= population <= LARGEST_POPULATION:
        raise WrongUseError(
            f"A population of {population:,} cannot be simulated. Choose from "
            f"{SMALLEST_POPULATION:,} to {LARGEST_POPULATION:,} persons."
        )
    if months < 1:
        raise WrongUseError("Choose at least one month of contacts.")
    sizes = _sizes(population) if region_code is None else _one_size(region_code, population)
    order = _Order(
        landing,
        population if region_code is None else _country_with(region_code, population),
        tuple(contact_months(Month.parse(last_month), months)),
        seed,
    )
    _make_room(landing)
    say = progress or (lambda _: None)
    used, first_person = nobody_used(), 0
    carried: pl.DataFrame | None = None
    counted: dict[int, list[pl.DataFrame]] = {
        order.last.year - 1: [],
        order.last.year: [],
    }
    truths = []
    everything = regions()
    for number, region in enumerate(everything):
        neighbour = everything[number - 1] if number else everything[1]
        persons = persons_of_region(
            region,
            neighbour,
            count=sizes[region.code],
            first_person=first_person,
            used=used,
            seed=seed,
            day=order.last.last_day,
            sabo_factor=SABO_FACTOR_SMALL if population < SMALL_POPULATION else 1.0,
            has_samordningsnummer=population <= MOST_WITH_PERSONNUMMER,
        )
        first_person += persons.height
        used = used_so_far(used, persons)
        for year, parts in counted.items():
            parts.append(inhabitants(persons, _population_day(year, order.last)))
        if region.code == NOT_REPORTING or not sizes[region.code]:
            truths.append(_silent_truth(region))
            say(f"{region.code} {region.name}: does not report")
            continue
        truth, carried = _write_region(order, region, persons, carried)
        truths.append(truth)
        say(
            f"{region.code} {region.name}: {truth.listed} listed, {truth.units} units, "
            f"{truth.contacts} contacts"
        )
    residents = _write_population(landing, counted)
    truth_of_all = SimulationTruth(
        population=population,
        months=months,
        seed=seed,
        last_month=last_month,
        regions=tuple(
            RegionTruth(**{**vars(one), "inhabitants": residents[one.region_code]})
            for one in truths
        ),
    )
    truth_of_all.write(_truth_path(landing))
    return truth_of_all


def _truth_path(landing: Path) -> Path:
    return landing / "reference" / "truth.json"


def _make_room(landing: Path) -> None:
    """Remove an earlier simulation, known by its truth file; never anybody's real deliveries."""
    codes = [region.code for region in regions()]
    folders = [landing / name for name in (*codes, "reference") if (landing / name).exists()]
    if folders and not _truth_path(landing).exists():
        raise WrongUseError(
            f"{landing} holds deliveries that were not simulated. Choose an empty folder."
        )
    for folder in folders:
        shutil.rmtree(folder)
    landing.mkdir(parents=True, exist_ok=True)


def _sizes(population: int) -> dict[str, int]:
    """Persons per region in proportion to its inhabitants, by largest remainder."""
    everything = regions()
    country = sum(one.inhabitants for one in everything)
    sizes = {one.code: population * one.inhabitants // country for one in everything}
    by_remainder = sorted(
        everything, key=lambda one: (-(population * one.inhabitants % country), one.code)
    )
    for one in by_remainder[: population - sum(sizes.values())]:
        sizes[one.code] += 1
    return sizes


def _one_size(region_code: str, population: int) -> dict[str, int]:
    """All persons in one region."""
    sizes = dict.fromkeys((one.code for one in regions()), 0)
    if region_code not in sizes or region_code == NOT_REPORTING:
        raise WrongUseError(
            f"Region {region_code} cannot be simulated. Choose one of "
            f"{', '.join(code for code in sizes if code != NOT_REPORTING)}."
        )
    return sizes | {region_code: population}


def _country_with(region_code: str, population: int) -> int:
    """The inhabitants of a country whose region is this large."""
    inhabitants = {one.code: one.inhabitants for one in regions()}
    return population * sum(inhabitants.values()) // inhabitants[region_code]


def _population_day(year: int, last: Month) -> date:
    """The last day of the year, or the day up to which there are births and deaths."""
    return min(date(year, 12, 31), last.last_day)


def _write_population(landing: Path, counted: dict[int, list[pl.DataFrame]]) -> dict[str, int]:
    """Write municipality, sex and age of each year; returns the last year's inhabitants by region.

    Cells where nobody lives are left out, but every municipality has at least one row.
    """
    codes = [one.code for region in regions() for one in region.municipalities]
    grid = (
        pl.DataFrame({"municipality": codes})
        .join(pl.DataFrame({"sex": ["women", "men"]}), how="cross")
        .join(pl.DataFrame({"age": list(range(101))}), how="cross")
    )
    residents: dict[str, int] = {}
    for year, parts in sorted(counted.items()):
        sums = pl.concat(parts).group_by("municipality", "sex", "age").agg(pl.col("count").sum())
        table = (
            grid.join(sums, on=["municipality", "sex", "age"], how="left", maintain_order="left")
            .select(
                pl.lit(year).alias("year"),
                "municipality",
                "sex",
                "age",
                pl.col("count").fill_null(0),
            )
            .filter((pl.col("count") > 0) | pl.col("count").sum().over("municipality").eq(0))
        )
        write_delivery(
            as_text(table), landing / "reference" / "population", str(year), FileForm("csv")
        )
        by_region = table.group_by(pl.col("municipality").str.slice(0, 2)).agg(
            pl.col("count").sum()
        )
        residents = dict(by_region.iter_rows())
    return residents


def _silent_truth(region: Region) -> RegionTruth:
    return RegionTruth(
        region_code=region.code,
        reports=False,
        reference_date=None,
        inhabitants=0,
        listed=0,
        units=0,
        contacts=0,
        physician_visits=0,
        coverage_planted=0.0,
        sabo_residents=0,
        sabo_coverage_planted=0.0,
        continuity_planted=0.0,
        continuity_by_unit={},
    )


def _write_region(
    order: _Order, region: Region, persons: pl.DataFrame, carried: pl.DataFrame | None
) -> tuple[RegionTruth, pl.DataFrame]:
    """All deliveries of a region; returns its truth and whom the next region lists as well."""
    levels = LEVELS[region.code]
    country = sum(one.inhabitants for one in regions())
    units = number_of_units(region, country, order.population)
    day = order.last.last_day
    care = care_of_region(
        region, levels, units=units, listed=persons.height, seed=order.seed, day=day
    )
    persons = with_listing(persons, care, levels, units=units, seed=order.seed, day=day)
    snapshots = snapshot_dates(region.code, order.last)
    for snapshot in snapshots:
        months_back = 0 if snapshot >= order.last.first_day else 1
        persons = named_on(persons, levels, months_back)
        _write_snapshot(order, region, levels, care, persons, carried, snapshot)
    contacts, visits = _write_contacts(order, region, levels, care, persons, units)
    continuity = care.units.head(units).select("unit_id", "continuity")
    truth = RegionTruth(
        region_code=region.code,
        reports=True,
        reference_date=snapshots[-1].isoformat(),
        inhabitants=0,
        listed=persons.filter(
            "is_listed",
            pl.col("birth") <= snapshots[-1],
            pl.col("deceased_on").is_null() | (pl.col("deceased_on") > snapshots[-1]),
        ).height,
        units=units,
        contacts=contacts,
        physician_visits=visits,
        coverage_planted=levels.coverage,
        sabo_residents=persons.filter(pl.col("setting") == "sabo").height,
        sabo_coverage_planted=levels.sabo_coverage,
        continuity_planted=levels.continuity,
        continuity_by_unit={name: round(value, 4) for name, value in continuity.iter_rows()},
    )
    return truth, listed_by_neighbour_too(persons, order.seed)


def _write_snapshot(
    order: _Order,
    region: Region,
    levels: RegionLevels,
    care: Care,
    persons: pl.DataFrame,
    carried: pl.DataFrame | None,
    snapshot: date,
) -> None:
    """Units, physicians, listings, care markings and fixed contacts of one date."""
    form = form_of(region.code, order.population)
    is_last = snapshot >= order.last.first_day
    place = order.landing / region.code

    def write(frame: pl.DataFrame, delivery: str, suffix: str = "") -> None:
        if not form.typed:
            frame = as_text(frame)
            # Not in the municipal lists, which are short: their bad rows would outnumber the good.
            if is_last and suffix in ("", "_cosmic"):
                frame = with_faults(frame, delivery, int(region.code))
        write_delivery(frame, place / delivery, f"{snapshot}{suffix}", form)

    write(
        care.units.select(
            "unit_id", "unit_name", "municipality", "operator", "valid_from", "valid_to"
        ),
        "units",
    )
    write(care.register, "physicians")
    listings = listing_rows(
        persons,
        care,
        levels,
        snapshot=snapshot,
        seed=order.seed,
        from_neighbour=carried,
        typed=form.typed,
    )
    if region.code == COMMENT_COLUMN_REGION:
        # A column nobody asked for: kept out with a warning.
        listings = listings.with_columns(pl.lit("").alias("kommentar"))
    write(listings, "listings")
    markings = marking_files(
        persons, region, day=order.last.last_day, shrunken=is_last, seed=order.seed
    )
    for source, rows in markings.items():
        write(rows, "care_markings", f"_{source}")
    if region.code in FIXED_CONTACT_REGIONS:
        write(
            fixed_contact_rows(persons, care, snapshot=snapshot, seed=order.seed), "fixed_contacts"
        )


def _write_contacts(
    order: _Order,
    region: Region,
    levels: RegionLevels,
    care: Care,
    persons: pl.DataFrame,
    units: int,
) -> tuple[int, int]:
    """The contacts of every month; returns how many, and how many of them physician visits."""
    form = form_of(region.code, order.population)
    first_day = order.months[0].first_day
    contacts = contact_numbers(
        persons,
        levels,
        months=len(order.months),
        first_day=first_day,
        days=care_days(list(order.months)),
        seed=order.seed,
    )
    folder = order.landing / region.code / "care_contacts"
    for number, month in enumerate(order.months):
        first = (month.first_day - first_day).days
        last = (month.last_day - first_day).days
        rows = contact_rows(
            contacts.filter(pl.col("day").is_between(first, last)),
            persons,
            care,
            levels,
            units=units,
            first_day=first_day,
            seed=order.seed,
            year=order.last.year,
        )
        if not form.typed:
            rows = as_text(rows)
            if number % 6 == len(order.months) % 6 or month == order.last:
                rows = with_faults(rows, "care_contacts", int(region.code) + number)
        if region.code == TWO_PARTS_REGION:
            half = rows.height // 2
            write_delivery(rows.head(half), folder, f"{month}_a", form)
            # The first row of the second part stands in the first part too: it counts once.
            write_delivery(rows.slice(half - 1), folder, f"{month}_b", form)
        else:
            write_delivery(rows, folder, str(month), form)
    return contacts.height, int(contacts["by_physician"].sum())
