"""Table `coverage` (inhabitants, listed, sabo) and table `definition_comparison`."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from .areas import NATION, REGIONS, place
from .figures import NOT_REPORTED, SHARE, Row, share_values, without_values
from .identifiers import ALL, COMBINATIONS, PERSONNUMMER, age_group, age_on, groups_of
from .people import (
    DEFINITIONS,
    RULE_SETS,
    Held,
    Identity,
    Listed,
    Region,
    World,
    all_held,
    listing_order,
    unit_in,
)

Cell = tuple[str, str, str, str]  # level, area code, sex, age group
POPULATIONS = ("inhabitants", "listed", "sabo")


@dataclass
class Counted:
    """One person's place in a figure: where, in which groups, and named by which definitions."""

    region: str
    small_area: str | None  # municipality or unit; None where protected or unknown
    sex: str | None
    age: int | None
    named: dict[str, bool]


def coverage_table(world: World) -> list[Row]:
    rows = []
    persons = {"inhabitants": inhabitants_with_a_listing(world), "listed": listed_persons(world),
               "sabo": sabo_residents(world)}  # fmt: skip
    for population in POPULATIONS:
        for definition in DEFINITIONS:
            rows += _rows(world, population, definition, persons[population])
    return rows


def _able(region: Region, world: World, population: str, definition: str) -> bool:
    """'A region without any accepted delivery that a figure needs has `not_reported` there.'"""
    if population == "inhabitants" and not world.population.get(region.code):
        return False
    if population == "sabo" and region.held is None:
        return False
    return region.can_tell_named(definition)


def _rows(world: World, population: str, definition: str, persons: list[Counted]) -> list[Row]:
    able = {
        code for code, region in world.regions.items()
        if _able(region, world, population, definition)
    }  # fmt: skip
    numerator: dict[Cell, int] = defaultdict(int)
    denominator: dict[Cell, int] = defaultdict(int)
    small = "unit" if population == "listed" else "municipality"
    for person in persons:
        if person.region not in able:
            continue
        for cell in _cells(person, small):
            denominator[cell] += 1
            numerator[cell] += person.named[definition]
    if population == "inhabitants":
        denominator = _population_cells(world, able)

    def row(level: str, code: str, day: date | None, sex: str, group: str, known: bool,
            unit_of: Region | None = None) -> Row:  # fmt: skip
        cell = (level, unit_in(unit_of.code, code) if unit_of else code, sex, group)
        values = (share_values(numerator[cell], denominator[cell]) if known
                  else without_values(SHARE, NOT_REPORTED))  # fmt: skip
        name = unit_of.unit_names.get(code) if unit_of else None
        head = place(world.month, day, level, code, name)
        return head | {"population": population, "definition": definition,
                       "sex": sex, "age_group": group} | values  # fmt: skip

    rows = [row("nation", NATION, world.day, *groups, len(able) > 0) for groups in COMBINATIONS]
    for code in REGIONS:
        region = world.regions.get(code)
        if region is None:
            rows.append(row("region", code, None, ALL, ALL, False))
            continue
        known = code in able
        rows += [row("region", code, region.day, *groups, known) for groups in COMBINATIONS]
        for area in _small_areas(world, region, small):
            owner = region if small == "unit" else None
            rows.append(row(small, area, region.day, ALL, ALL, known, owner))
    return rows


def _small_areas(world: World, region: Region, level: str) -> list[str]:
    """'for every municipality in the population of a reporting region and every unit with listed
    persons'."""
    return region.listed_units() if level == "unit" else world.municipalities(region.code)


def _cells(person: Counted, small: str) -> Iterable[Cell]:
    for sex, group in groups_of(person.sex, person.age):
        yield "nation", NATION, sex, group
        yield "region", person.region, sex, group
    if person.small_area is not None:
        in_region = unit_in(person.region, person.small_area)
        yield small, in_region if small == "unit" else person.small_area, ALL, ALL


def _population_cells(world: World, able: set[str]) -> dict[Cell, int]:
    """'population of the area'; the nation's is that of the regions that count."""
    cells: dict[Cell, int] = defaultdict(int)
    for code in able:
        for cell in world.population[code]:
            for sex in (cell.sex, ALL):
                for group in (age_group(cell.age), ALL):
                    cells["nation", NATION, sex, group] += cell.count
                    cells["region", code, sex, group] += cell.count
            cells["municipality", cell.municipality, ALL, ALL] += cell.count
    return cells


def listed_persons(world: World) -> list[Counted]:
    """'listed persons with a named physician / listed persons, by where they are listed.'"""
    return [
        Counted(one.region, one.unit, one.person.sex, one.age, one.named)
        for region in world.regions.values()
        for one in region.listed
    ]


def listings_by_person(world: World) -> dict[Identity, list[Listed]]:
    """All regions' listed persons with a personal number, first listing first."""
    found: dict[Identity, list[Listed]] = defaultdict(list)
    for one in (one for region in world.regions.values() for one in region.listed):
        if not one.is_reserve:
            found[one.person.identity,].append(one)
    for several in found.values():
        several.sort(key=lambda one: (*listing_order(one.listing), one.region))
    return found


def named_in_any_region(listings: list[Listed]) -> dict[str, bool]:
    """'with a named physician in any reporting region'."""
    return {name: any(one.named[name] for one in listings) for name in DEFINITIONS}


def inhabitants_with_a_listing(world: World) -> list[Counted]:
    """'persons resident in the area with a named physician in any reporting region'; 'Only
    personnummer count as inhabitants'."""
    counted = []
    for listings in listings_by_person(world).values():
        first = listings[0]
        if first.person.kind != PERSONNUMMER:
            continue
        region, municipality = residence(listings)
        named = named_in_any_region(listings)
        counted.append(Counted(region, municipality, first.person.sex, first.age, named))
    return counted


def residence(listings: list[Listed]) -> tuple[str, str | None]:
    """'Residence is `residence_municipality` (its first two digits the region); of a protected
    person or where missing: the region of listing, no municipality; of a person listed in several
    regions: the first that is given, by latest `valid_from`, then smallest unit.'"""
    if not any(one.protected for one in listings):
        for one in listings:
            given = one.listing.residence_municipality
            if given is not None:
                return given[:2], given
    return listings[0].region, None


def sabo_residents(world: World) -> list[Counted]:
    """'persons with a marking `sabo` with `main_care_at_setting` true holding on d from any source
    (several municipalities: latest valid_from, then smallest code) … by the municipality of the
    marking; marked persons who are not listed stay in the denominator, persons whom a listings
    row knows as dead on d do not.'"""
    listings = listings_by_person(world)
    protected = protected_identities(world)
    counted = []
    for identity, markings in main_care_sabo(world).items():
        first = min(markings, key=_marking_order)
        if knows_as_dead(world, identity, first.day):
            continue
        person = first.marking.person
        age = None if person.born is None else age_on(person.born, first.day)
        code = first.marking.municipality
        named = named_in_any_region(listings.get(identity, []))
        area = None if identity in protected else code
        counted.append(Counted(code[:2], area, person.sex, age, named))
    return counted


def main_care_sabo(world: World) -> dict[Identity, list[Held]]:
    """Per person the markings that make a SÄBO resident: 'marked in any reporting region'."""
    found: dict[Identity, list[Held]] = defaultdict(list)
    for held in all_held(world):
        if held.marking.setting == "sabo" and held.marking.main_care_at_setting:
            found[held.identity].append(held)
    return found


def _marking_order(held: Held) -> tuple[int, str, str]:
    return -held.marking.period.valid_from.toordinal(), held.marking.municipality, held.region


def knows_as_dead(world: World, identity: Identity, day: date) -> bool:
    """'persons whom a listings row knows as dead on d' — any reporting region's row; a reserve
    marking 'is linked to no listing'."""
    return any(death <= day for death in world.deaths.get(identity, []))


def protected_identities(world: World) -> set[Identity]:
    """'for `sabo` and care_markings: of any region's, or the marking itself'."""
    found = {held.identity for held in all_held(world) if held.marking.protected_identity}
    for region in world.regions.values():
        for row in region.listings:
            if row.protected_identity:
                found.add((row.person.identity,))
    return found


def definition_comparison_table(world: World) -> list[Row]:
    """'population `listed` of every region under every rule set'."""
    columns = ("numerator", "denominator", "share")
    rows = []
    for code in REGIONS:
        region = world.regions.get(code)
        for rule_set in RULE_SETS:
            head: Row = {"month": world.month, "area_code": code, "rule_set": rule_set}
            if region is None or not region.can_tell_named(rule_set):
                rows.append(head | without_values(columns, NOT_REPORTED))
                continue
            numerator = sum(one.named[rule_set] for one in region.listed)
            values = share_values(numerator, len(region.listed))
            rows.append(head | {name: values[name] for name in (*columns, "status")})
    return rows
