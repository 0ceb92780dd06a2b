"""Table `data_quality`: what the deliveries behind a month's figures are like.

Not here: `rejected_<rule>`, whose names are the project's own, and
`numerator_above_denominator`."""

import calendar
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from .areas import NATION
from .continuity import SERIES, belongs_to_series, contacts_by_person
from .deliveries import File, accepted_files, newest
from .figures import OK, Row, months_touched
from .people import Identity, Region, World, identity_in_listings, is_active, known_dead
from .rules import key_of

WINDOW = 18
LARGEST_IN_THE_NATION = {"snapshot_age_days"}
Counts = dict[tuple[str, str, str], tuple[int, int | None]]
"""(region, delivery, metric) to numerator and denominator."""


def data_quality_table(
    world: World, files: list[File], list_kinds: list[Row], care_markings: list[Row]
) -> list[Row]:
    """Every metric of every reporting region, and the nation's sums."""
    counts: Counts = {}
    for code, region in world.regions.items():
        for metric, (top, bottom) in _of_listings(region).items():
            counts[code, "listings", metric] = top, bottom
        for metric, (top, bottom) in _of_contacts(region).items():
            counts[code, "care_contacts", metric] = top, bottom
        if region.fixed_contacts is not None:
            agreeing = _fixed_contact_is_the_listings_physician(region)
            counts[code, "fixed_contacts", "fixed_contact_is_the_listings_physician"] = agreeing
        counts.update(_of_files(region, files))
    counts.update(_of_list_kinds(list_kinds))
    counts.update(_of_care_markings(care_markings))
    population = [f for f in files if f.delivery == "population" and f.status == "accepted"]
    used = _of_period(population, newest(population, world.month[:4]))
    rows = _with_nation(counts)
    if used:
        rows[NATION, "population", "rejected_rows"] = _rejected(used)
    return [
        {
            "month": world.month,
            "region_code": region,
            "delivery": delivery,
            "metric": metric,
            "numerator": top,
            "denominator": bottom,
            "share": float(Fraction(top, bottom)) if bottom else None,
        }
        for (region, delivery, metric), (top, bottom) in rows.items()
    ]


def _with_nation(counts: Counts) -> Counts:
    """The nation is the sum of its regions, of ages the largest."""
    together: dict[tuple[str, str], list[tuple[int, int | None]]] = defaultdict(list)
    for (_, delivery, metric), values in counts.items():
        together[delivery, metric].append(values)
    rows = dict(counts)
    for (delivery, metric), values in together.items():
        tops = [top for top, _ in values]
        bottoms = [bottom for _, bottom in values if bottom is not None]
        top = max(tops) if metric in LARGEST_IN_THE_NATION else sum(tops)
        known = len(bottoms) == len(values)
        rows[NATION, delivery, metric] = top, sum(bottoms) if known else None
    return rows


def _of_listings(region: Region) -> dict[str, tuple[int, int]]:
    active: Counter[Identity] = Counter()
    dead: set[Identity] = set()
    for row in region.listings:
        identity = identity_in_listings(row)
        active[identity] += is_active(row, region.day)
        if known_dead(row, region.day):
            dead.add(identity)
    with_active = [identity for identity, many in active.items() if many]
    listed = region.listed
    several = sum(active[identity] > 1 for identity in with_active if identity not in dead)
    open_to_all = [one for one in listed if not one.protected]
    found = {
        "several_active_listings": several,
        "reserve_identity": sum(one.is_reserve for one in listed),
        "protected_identity": sum(one.protected for one in listed),
        "residence_missing": sum(one.listing.residence_municipality is None for one in open_to_all),
    }
    if region.units is not None:
        register = {unit.unit_id for unit in region.units}
        found["unit_not_in_register"] = sum(
            one.listing.unit_id not in register for one in open_to_all
        )
    shares = {metric: (top, len(listed)) for metric, top in found.items()}
    still_listed = sum(identity in dead for identity in with_active)
    return shares | {"deceased_still_listed": (still_listed, len(with_active))}


def _of_contacts(region: Region) -> dict[str, tuple[int, int]]:
    """Contacts of listed persons, not reserve identities, and the months that are missing."""
    delivered, expected = region.contact_months(WINDOW)
    found = {"missing_months": (expected - delivered, expected)}
    if not delivered:
        return found
    by_person = contacts_by_person(region, WINDOW)
    listed = [one.person.identity for one in region.listed if not one.is_reserve]
    for series in SERIES:
        contacts = [
            contact
            for identity in listed
            for contact in by_person.get(identity, [])
            if belongs_to_series(contact, series)
        ]
        without = sum(contact.provider_id is None for contact in contacts)
        found[f"without_provider_{series}"] = without, len(contacts)
    return found


def _fixed_contact_is_the_listings_physician(region: Region) -> tuple[int, int]:
    """Of the listed with a contact of kind 2 that holds: those with one that is the listing's."""
    holders: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in region.fixed_contacts or []:
        if row.kind == "2" and row.period.holds_on(region.day):
            holders[row.person.identity, ""].add(row.holder_id)
            holders[row.person.identity, row.unit_id].add(row.holder_id)
    agreeing = having = 0
    for one in region.listed:
        unit = one.listing.unit_id if one.is_reserve else ""
        held = holders.get((one.person.identity, unit), set())
        having += bool(held)
        agreeing += one.listing.physician_id in held
    return agreeing, having


def _of_list_kinds(rows: list[Row]) -> Counts:
    return {
        (str(row["area_code"]), "listings", str(row["kind"])): (row["persons"], row["listed"])  # type: ignore[misc]
        for row in rows
        if row["level"] == "region"
        and row["status"] == OK
        and row["kind"] in ("unknown_physician", "physician_elsewhere")
    }


def _of_care_markings(rows: list[Row]) -> Counts:
    """'Only of regions where both sources mark somebody.'"""
    marked: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        if row["level"] == "region" and row["status"] == OK and row["setting"] == "sabo":
            marked[str(row["area_code"])][str(row["source"])] = row["persons"]  # type: ignore[assignment]
    return {
        (code, "care_markings", "sabo_in_both_sources"): (sources["both"], sources["any"])
        for code, sources in marked.items()
        if sources["cosmic"] and sources["municipality"]
    }


# Files


def _of_files(region: Region, files: list[File]) -> Counts:
    """Rejected rows, keys in two parts and ages, of the files that the figures are made from."""
    found: Counts = {}
    day = region.day
    for delivery in ("listings", "units", "physicians", "fixed_contacts"):
        of_delivery = accepted_files(files, region.code, delivery)
        used = _of_period(of_delivery, newest(of_delivery, day.isoformat()))
        if not used:
            continue
        found[region.code, delivery, "rejected_rows"] = _rejected(used)
        found.update(_in_two_parts(region.code, delivery, [used]))
        until = day
        if delivery == "listings":
            until = date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])
        age = (until - date.fromisoformat(used[0].period)).days
        found[region.code, delivery, "snapshot_age_days"] = age, None
    markings = accepted_files(files, region.code, "care_markings")
    used = [
        file
        for source in sorted({one.source for one in markings})
        for of_source in [[one for one in markings if one.source == source]]
        for file in _of_period(of_source, newest(of_source, day.isoformat()))
    ]
    if used:
        found[region.code, "care_markings", "rejected_rows"] = _rejected(used)
        oldest = min(date.fromisoformat(file.period) for file in used)
        found[region.code, "care_markings", "snapshot_age_days"] = (day - oldest).days, None
    months = [_of_period(region.contact_files, month) for month in months_touched(day, WINDOW)]
    contacts = [file for of_month in months for file in of_month]
    if contacts:
        found[region.code, "care_contacts", "rejected_rows"] = _rejected(contacts)
        found.update(_in_two_parts(region.code, "care_contacts", months))
    return found


def _of_period(files: Iterable[File], period: str | None) -> list[File]:
    return [file for file in files if file.period == period]


def _rejected(files: list[File]) -> tuple[int, int]:
    return sum(len(file.rejected) for file in files), sum(file.rows for file in files)


def _in_two_parts(code: str, delivery: str, periods: list[list[File]]) -> Counts:
    """'Accepted rows of snapshots and months that came in several parts; no row where none did.'"""
    several = [files for files in periods if len(files) > 1]
    if not several:
        return {}
    accepted = left_out = 0
    for files in several:
        keys = [key_of(row) for file in files for row in file.accepted]
        accepted += len(keys)
        left_out += len(keys) - len(set(keys))
    return {(code, delivery, "keys_in_two_parts"): (left_out, accepted)}
