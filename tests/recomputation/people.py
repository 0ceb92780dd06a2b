"""Who is listed where on the reference date, who has a named physician, who is marked.

Every region is looked at on its own reference date; nothing is counted here."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from .areas import REGIONS
from .deliveries import File, accepted_files, newest, rows_of
from .figures import months_touched
from .identifiers import RESERVE, Person, age_on
from .rules import (
    Contact,
    FixedContact,
    Listing,
    Marking,
    Physician,
    PopulationCell,
    Unit,
)

DEFINITIONS = ("reported", "national", "regional")
RULE_SETS = ("reported", "national", "vastmanland")
REGIONAL_RULE_SET = {"19": "vastmanland"}
Identity = tuple[str, ...]


@dataclass
class Listed:
    """A person listed in a region, by the listing that counts there."""

    region: str
    person: Person
    listing: Listing
    age: int | None
    protected: bool
    named: dict[str, bool] = field(default_factory=dict)  # by definition and by rule set

    @property
    def is_reserve(self) -> bool:
        return self.person.kind == RESERVE

    @property
    def unit(self) -> str | None:
        """'A protected person counts in the region … and the nation, never in a … unit figure'."""
        return None if self.protected else self.listing.unit_id


def unit_in(region: str, unit: str) -> str:
    """Key of a unit in sums: each region counts its own listings, at a shared unit too."""
    return f"{region} {unit}"


@dataclass
class Held:
    """A care marking holding on the reference date of the region that delivered it."""

    region: str
    day: date
    source: str  # cosmic | municipality
    marking: Marking
    identity: Identity


@dataclass
class Region:
    """A reporting region: its reference date and what stands in its registers on it. None: no
    accepted delivery, so that what needs it is `not_reported`."""

    code: str
    day: date
    listings: list[Listing]
    units: list[Unit] | None
    physicians: list[Physician] | None
    fixed_contacts: list[FixedContact] | None
    held: list[Held] | None
    contact_files: list[File]
    listed: list[Listed] = field(default_factory=list)
    unit_names: dict[str, str] = field(default_factory=dict)

    def can_tell_named(self, definition: str) -> bool:
        """Units for the name rule of fictitious lists; physicians for all but `reported`."""
        return self.units is not None and (definition == "reported" or self.physicians is not None)

    def contact_months(self, window: int) -> tuple[int, int]:
        """(months of the window with an accepted file, calendar months the window touches)."""
        touched = months_touched(self.day, window)
        delivered = {file.period for file in self.contact_files}
        return sum(month in delivered for month in touched), len(touched)

    def contacts(self) -> list[Contact]:
        """All contacts that the region delivered, months in order."""
        found: list[Contact] = []
        for month in sorted({file.period for file in self.contact_files}):
            found += rows_of(self.contact_files, month, Contact) or []
        return found

    def listed_units(self) -> list[str]:
        """'every unit with listed persons', protected persons left aside."""
        return sorted({one.unit for one in self.listed if one.unit is not None})


@dataclass
class World:
    """Everything that the figures of one month need."""

    month: str
    regions: dict[str, Region]  # the reporting ones
    population: dict[str, list[PopulationCell]]  # by region
    deaths: dict[Identity, list[date]]  # what reporting regions' listings rows know

    @property
    def day(self) -> date | None:
        """'The nation's reference date is the latest of its regions'.'"""
        return max((region.day for region in self.regions.values()), default=None)

    def municipalities(self, region: str) -> list[str]:
        """'every municipality in the population' of the region."""
        return sorted({cell.municipality for cell in self.population.get(region, [])})


def build_world(files: list[File], month: str) -> World:
    regions = {}
    for code in REGIONS:
        region = _read_region(files, code, month)
        if region is not None:
            regions[code] = region
    world = World(month, regions, _population(files, month), _deaths(regions))
    marked = {held.identity for held in all_held(world)}
    for region in regions.values():
        _add_named(region, marked)
    return world


def _deaths(regions: dict[str, Region]) -> dict[Identity, list[date]]:
    found: dict[Identity, list[date]] = defaultdict(list)
    for region in regions.values():
        for row in region.listings:
            if row.deceased_on is not None and row.person.kind != RESERVE:
                found[row.person.identity,].append(row.deceased_on)
    return found


def _population(files: list[File], month: str) -> dict[str, list[PopulationCell]]:
    """'population is the newest year ≤ the year of m.'"""
    population_files = [f for f in files if f.delivery == "population" and f.status == "accepted"]
    year = newest(population_files, month[:4])
    found: dict[str, list[PopulationCell]] = defaultdict(list)
    for cell in rows_of(population_files, year, PopulationCell) or []:
        found[cell.municipality[:2]].append(cell)
    return dict(found)


def _read_region(files: list[File], code: str, month: str) -> Region | None:
    """'For region r and month m the *reference date* d is the date of r's newest accepted
    listings snapshot within m … Registers (units, physicians, markings per source) are the newest
    accepted snapshots dated ≤ d … No accepted listings snapshot in m: r is `not_reported`'."""
    listing_files = accepted_files(files, code, "listings")
    newest_listings = newest([f for f in listing_files if f.period[:7] == month], month + "-99")
    if newest_listings is None:
        return None
    day = date.fromisoformat(newest_listings)
    unit_files = accepted_files(files, code, "units")
    physician_files = accepted_files(files, code, "physicians")
    fixed_files = accepted_files(files, code, "fixed_contacts")
    region = Region(
        code=code,
        day=day,
        listings=rows_of(listing_files, newest_listings, Listing) or [],
        units=rows_of(unit_files, newest(unit_files, newest_listings), Unit),
        physicians=rows_of(physician_files, newest(physician_files, newest_listings), Physician),
        fixed_contacts=rows_of(fixed_files, newest(fixed_files, newest_listings), FixedContact),
        held=_held_markings(files, code, day),
        contact_files=accepted_files(files, code, "care_contacts"),
    )
    region.unit_names = _unit_names(region)
    region.listed = _listed(region)
    return region


def _unit_names(region: Region) -> dict[str, str]:
    """The unit's name 'of the newest units snapshot ≤ d'; of several rows the one that holds on
    d and has the latest valid_from, else the latest valid_from."""
    names: dict[str, str] = {}
    rows = region.units or []
    for unit in sorted(rows, key=lambda u: (u.period.holds_on(region.day), u.period.valid_from)):
        names[unit.unit_id] = unit.unit_name
    return names


def _held_markings(files: list[File], code: str, day: date) -> list[Held] | None:
    """'Each source's newest snapshot counts', with the reference date of the region that delivered
    it. None: the region has no accepted marking delivery."""
    marking_files = accepted_files(files, code, "care_markings")
    sources = sorted({f.source for f in marking_files if f.period <= day.isoformat()})
    held: list[Held] = []
    for source in sources:
        of_source = [f for f in marking_files if f.source == source]
        rows = rows_of(of_source, newest(of_source, day.isoformat()), Marking) or []
        kind = "cosmic" if source == "cosmic" else "municipality"
        for row in rows:
            if row.period.holds_on(day):
                reserve = row.person.kind == RESERVE
                identity = ("reserve", code, row.person.identity) if reserve else (
                    row.person.identity,)  # fmt: skip
                held.append(Held(code, day, kind, row, identity))
    return held if sources else None


def all_held(world: World) -> list[Held]:
    """Markings holding, 'any setting, source and reporting region'."""
    return [held for region in world.regions.values() for held in region.held or []]


def identity_in_listings(listing: Listing) -> Identity:
    """'the same reserve identity at two units is two persons'."""
    if listing.person.kind == RESERVE:
        return ("reserve", listing.unit_id, listing.person.identity)
    return (listing.person.identity,)


def is_active(listing: Listing, day: date) -> bool:
    """'an active listing: type PV, not in queue, interval holds.'"""
    return listing.listing_type == "PV" and not listing.in_queue and listing.period.holds_on(day)


def known_dead(listing: Listing, day: date) -> bool:
    """'alive on d (`deceased_on` missing or > d)'."""
    return listing.deceased_on is not None and listing.deceased_on <= day


def _listed(region: Region) -> list[Listed]:
    """'A person is listed in r on d when alive on d … with an active listing … Several active
    listings in one region: the one with the latest `valid_from` counts, then the smallest
    `unit_id`.' 'A person is protected when any row of the region's listings snapshot says so.'"""
    rows_by_person: dict[Identity, list[Listing]] = defaultdict(list)
    for listing in region.listings:
        rows_by_person[identity_in_listings(listing)].append(listing)
    listed = []
    for rows in rows_by_person.values():
        if any(known_dead(row, region.day) for row in rows):
            continue
        active = [row for row in rows if is_active(row, region.day)]
        if not active:
            continue
        listing = min(active, key=listing_order)
        person = listing.person
        age = None if person.born is None else age_on(person.born, region.day)
        protected = any(row.protected_identity for row in rows)
        listed.append(Listed(region.code, person, listing, age, protected))
    return listed


def listing_order(listing: Listing) -> tuple[int, str]:
    """'by latest `valid_from`, then smallest unit'."""
    return -listing.period.valid_from.toordinal(), listing.unit_id


def is_fictitious(listing: Listing, unit_names: dict[str, str]) -> bool:
    """'A list is fictitious when `physician_id` is missing or `list_name` starts with the unit's
    name (… case and all white space ignored …).'"""
    if listing.physician_id is None:
        return True
    name = unit_names.get(listing.unit_id)
    return name is not None and _plain(listing.list_name).startswith(_plain(name))


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()


def is_competent(physician: Physician, age: int | None, marked: bool) -> bool:
    """'competent for that patient: specialist (no `training`) in allmanmedicin, or
    `equivalent_competence`, or `training` ST with allmanmedicin among the specialties: any
    patient; specialist in geriatrik: patients aged 65 or over, or with any care marking holding
    on d …; specialist in barn_och_ungdomsmedicin: patients aged 0–18.'"""
    specialist = physician.training is None
    if physician.equivalent_competence:
        return True
    if "allmanmedicin" in physician.specialties and (specialist or physician.training == "ST"):
        return True
    old_or_marked = marked or (age is not None and age >= 65)
    if specialist and "geriatrik" in physician.specialties and old_or_marked:
        return True
    if specialist and "barn_och_ungdomsmedicin" in physician.specialties:
        return age is not None and age <= 18
    return False


def employed_as_vastmanland_demands(physician: Physician) -> bool:
    """'the physician employed `tillsvidare`, or ST employed `tillsvidare` or `visstid`.'"""
    if physician.employment == "tillsvidare":
        return True
    return physician.training == "ST" and physician.employment == "visstid"


def _add_named(region: Region, marked: set[Identity]) -> None:
    """Whether every listed person has a named physician, by rule set and by definition."""
    rows_at_unit: dict[tuple[str, str], list[Physician]] = defaultdict(list)
    for row in region.physicians or []:
        if row.period.holds_on(region.day):
            rows_at_unit[row.physician_id, row.unit_id].append(row)
    for one in region.listed:
        listing = one.listing
        is_marked = not one.is_reserve and (one.person.identity,) in marked
        reported = region.units is not None and not is_fictitious(listing, region.unit_names)
        competent = [
            row
            for row in rows_at_unit[listing.physician_id or "", listing.unit_id]
            if is_competent(row, one.age, is_marked)
        ]
        one.named["reported"] = reported
        one.named["national"] = reported and len(competent) > 0
        one.named["vastmanland"] = reported and any(map(employed_as_vastmanland_demands, competent))
        one.named["regional"] = one.named[REGIONAL_RULE_SET.get(region.code, "national")]
