"""Tables `continuity` and `own_physician`: visits, the six indices, SLICC."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import pairwise

from .areas import NATION, place
from .coverage import main_care_sabo
from .figures import (
    NOT_REPORTED,
    OK,
    UNDEFINED,
    Row,
    months_before,
    share_values,
    spread_of,
    without_values,
)
from .identifiers import ALL, COMBINATIONS, groups_of
from .people import Listed, Region, World, unit_in
from .rules import Contact

SERIES = ("physician", "all_professions")
SCOPES = ("own_unit", "any_unit")
MEETINGS = {"mottagning", "hembesok"}
OWN_PHYSICIAN_WINDOW = 18
Cell = tuple[str, str, str, str]  # level, area code, sex, age group
Pattern = tuple[tuple[int, ...], int]  # visits per provider, largest first; pairs alike
VALUES = ("persons", "visits", "mean", "sd", "median", "ci_low", "ci_high", "pooled")


# The indices of one person: n visits, n_j of them to provider j of p providers.


def coc(n_j: tuple[int, ...], pairs_alike: int) -> Fraction:
    """'COC (Bice–Boxerman) = (Σn_j² − n)/(n(n − 1))'."""
    n = sum(n_j)
    return Fraction(sum(k * k for k in n_j) - n, n * (n - 1))


def upc(n_j: tuple[int, ...], pairs_alike: int) -> Fraction:
    """'UPC = max n_j/n'."""
    return Fraction(max(n_j), sum(n_j))


def hhi(n_j: tuple[int, ...], pairs_alike: int) -> Fraction:
    """'HHI = Σ(n_j/n)²'."""
    n = sum(n_j)
    return sum((Fraction(k, n) ** 2 for k in n_j), Fraction(0))


def secon(n_j: tuple[int, ...], pairs_alike: int) -> Fraction:
    """'SECON = share of consecutive pairs with the same provider'."""
    return Fraction(pairs_alike, sum(n_j) - 1)


def k_index(n_j: tuple[int, ...], pairs_alike: int) -> Fraction:
    """'K = (n − p)/(n − 1)'."""
    n = sum(n_j)
    return Fraction(n - len(n_j), n - 1)


def mmci(n_j: tuple[int, ...], pairs_alike: int) -> Fraction:
    """'MMCI = (1 − p/(n + 0.1))/(1 − 1/(n + 0.1))'."""
    n_and_tenth = sum(n_j) + Fraction(1, 10)
    return (1 - len(n_j) / n_and_tenth) / (1 - 1 / n_and_tenth)


INDICES: dict[str, Callable[[tuple[int, ...], int], Fraction]] = {
    "COC": coc, "UPC": upc, "HHI": hhi, "SECON": secon, "K": k_index, "MMCI": mmci,
}  # fmt: skip


@cache
def index_of(index: str, pattern: Pattern) -> Fraction:
    return INDICES[index](*pattern)


# Visits.


def belongs_to_series(contact: Contact, series: str) -> bool:
    """'Series `physician`: profession lakare, contact types mottagning and hembesok. Series
    `all_professions`: every profession, every contact type.'"""
    if series == "physician":
        return contact.profession == "lakare" and contact.contact_type in MEETINGS
    return True


def visits_of(contacts: list[Contact]) -> list[Contact]:
    """'those without `provider_id` are left out …; then several contacts of a person with the same
    provider on one day are one (the earliest).' In the order of SECON: 'by date, time (missing
    last), provider id'."""
    ordered = sorted((one for one in contacts if one.provider_id is not None), key=_visit_order)
    visits: dict[tuple[str | None, date], Contact] = {}
    for contact in ordered:
        visits.setdefault((contact.provider_id, contact.contact_date), contact)
    return list(visits.values())


def _visit_order(contact: Contact) -> tuple[date, str, str]:
    return contact.contact_date, contact.contact_time or "99:99", contact.provider_id or ""


def pattern_of(visits: list[Contact]) -> Pattern:
    """All that the indices need of one person: n_j, and how many consecutive pairs are alike."""
    providers = [visit.provider_id for visit in visits]
    n_j = tuple(sorted(Counter(providers).values(), reverse=True))
    alike = sum(first == second for first, second in pairwise(providers))
    return n_j, alike


def contacts_by_person(region: Region, window: int) -> dict[str, list[Contact]]:
    """'Window: 18 months, d − 18 months < contact_date ≤ d'."""
    found: dict[str, list[Contact]] = defaultdict(list)
    first = months_before(region.day, window)
    for contact in region.contacts():
        if first < contact.contact_date <= region.day:
            found[contact.person.identity].append(contact)
    return found


def _cells(one: Listed) -> Iterator[Cell]:
    for sex, group in groups_of(one.person.sex, one.age):
        yield "nation", NATION, sex, group
        yield "region", one.region, sex, group
    if one.unit is not None:
        yield "unit", unit_in(one.region, one.unit), ALL, ALL


# continuity


def continuity_table(world: World, variants: list[tuple[int, int]]) -> list[Row]:
    """'Window, minimum and scope are columns, and further variants are further rows'. A variant
    is (window in months, minimum of visits)."""
    rows = []
    residents = {identity[0] for identity in main_care_sabo(world) if len(identity) == 1}
    for window in sorted({window for window, _ in variants}):
        contacts = {code: contacts_by_person(region, window) for code, region in
                    world.regions.items()}  # fmt: skip
        for series in SERIES:
            for scope in SCOPES:
                patterns = _patterns(world, contacts, series, scope)
                for minimum in sorted({low for months, low in variants if months == window}):
                    assert minimum >= 2, "the indices divide by n − 1"
                    for population in ("listed", "sabo"):
                        members = residents if population == "sabo" else None
                        heading: Row = {"population": population, "series": series,
                                        "unit_scope": scope, "window_months": window,
                                        "min_visits": minimum}  # fmt: skip
                        able = _able(world, window, population)
                        cells = _persons_in_cells(patterns, minimum, members, able)
                        rows += _rows(world, heading, able, cells)
    return rows


def _patterns(
    world: World, contacts: dict[str, dict[str, list[Contact]]], series: str, scope: str
) -> list[tuple[Listed, Pattern]]:
    """'First the series and scope choose the contacts'; 'it never enters continuity' (reserve
    identities)."""
    found = []
    for code, region in world.regions.items():
        for one in region.listed:
            if one.is_reserve:
                continue
            chosen = [
                contact
                for contact in contacts[code].get(one.person.identity, [])
                if belongs_to_series(contact, series) and _in_scope(contact, one, scope)
            ]
            found.append((one, pattern_of(visits_of(chosen))))
    return found


def _in_scope(contact: Contact, one: Listed, scope: str) -> bool:
    """'`own_unit` (contacts at the unit of listing …) and `any_unit` (all contacts delivered by
    r)'."""
    return scope == "any_unit" or contact.unit_id == one.listing.unit_id


def _persons_in_cells(
    patterns: list[tuple[Listed, Pattern]], minimum: int, members: set[str] | None, able: set[str]
) -> dict[Cell, Counter[Pattern]]:
    """Per cell the 'Persons with n ≥ 3 such visits', as {pattern: persons}."""
    cells: dict[Cell, Counter[Pattern]] = defaultdict(Counter)
    for one, pattern in patterns:
        if members is not None and one.person.identity not in members:
            continue
        if one.region in able and sum(pattern[0]) >= minimum:
            for cell in _cells(one):
                cells[cell][pattern] += 1
    return cells


def _able(world: World, window: int, population: str) -> set[str]:
    """'A region without any accepted delivery that a figure needs has `not_reported` there': a
    contacts month in the window, and for the SÄBO residents a marking delivery."""
    return {
        code
        for code, region in world.regions.items()
        if region.contact_months(window)[0] > 0
        and (population == "listed" or region.held is not None)
    }


def _rows(
    world: World, heading: Row, able: set[str], cells: dict[Cell, Counter[Pattern]]
) -> list[Row]:
    def rows_of(level: str, code: str, day: date | None, sex: str, group: str, known: bool,
                unit_of: Region | None = None) -> list[Row]:  # fmt: skip
        name = unit_of.unit_names.get(code) if unit_of else None
        head = place(world.month, day, level, code, name) | heading
        cell = (level, unit_in(unit_of.code, code) if unit_of else code, sex, group)
        persons = cells[cell]
        return [
            head | {"index": index, "sex": sex, "age_group": group}
            | (index_values(index, persons) if known else without_values(VALUES, NOT_REPORTED))
            for index in INDICES
        ]  # fmt: skip

    rows = []
    for groups in COMBINATIONS:
        rows += rows_of("nation", NATION, world.day, *groups, len(able) > 0)
    for code, region in world.regions.items():
        for groups in COMBINATIONS:
            rows += rows_of("region", code, region.day, *groups, code in able)
        for unit in region.listed_units():
            rows += rows_of("unit", unit, region.day, ALL, ALL, code in able, region)
    return rows


def index_values(index: str, persons: Counter[Pattern]) -> Row:
    """'persons, visits, mean, standard deviation (n − 1), median, 95 % interval of the mean
    (mean ± 1.96·sd/√persons), and for COC the pooled value Σ(Σn_j² − n)/Σ n(n − 1) (null for the
    others). One person alone: no sd, no interval; intervals are not clipped.'"""
    if not persons:
        return without_values(VALUES, UNDEFINED)
    spread = spread_of((index_of(index, pattern), many) for pattern, many in persons.items())
    mean = float(spread.mean)
    sd = low = high = None
    if spread.variance is not None:
        sd = math.sqrt(spread.variance)
        half = 1.96 * sd / math.sqrt(spread.persons)
        low, high = mean - half, mean + half
    return {
        "persons": spread.persons,
        "visits": sum(sum(n_j) * many for (n_j, _), many in persons.items()),
        "mean": mean,
        "sd": sd,
        "median": float(spread.median),
        "ci_low": low,
        "ci_high": high,
        "pooled": float(pooled_coc(persons)) if index == "COC" else None,
        "status": OK,
    }


def pooled_coc(persons: Counter[Pattern]) -> Fraction:
    """'Σ(Σn_j² − n)/Σ n(n − 1)'."""
    top = bottom = 0
    for (n_j, _), many in persons.items():
        n = sum(n_j)
        top += many * (sum(k * k for k in n_j) - n)
        bottom += many * n * (n - 1)
    return Fraction(top, bottom)


# own_physician

OWN_VALUES = ("persons", "own_visits", "visits", "share", "ci_low", "ci_high")


def own_physician_table(world: World) -> list[Row]:
    """'Among series-`physician` visits, any_unit, of persons with a named physician under
    `reported` on d: visits to that physician / all visits with a `provider_id`, counted as above;
    no minimum; `persons` are those with at least one such visit. Wilson interval.'"""
    able = {
        code for code, region in world.regions.items()
        if region.contact_months(OWN_PHYSICIAN_WINDOW)[0] > 0 and region.can_tell_named("reported")
    }  # fmt: skip
    sums: dict[Cell, list[int]] = defaultdict(lambda: [0, 0, 0])  # persons, own visits, visits
    for code in able:
        region = world.regions[code]
        contacts = contacts_by_person(region, OWN_PHYSICIAN_WINDOW)
        for one in region.listed:
            if one.is_reserve or not one.named["reported"]:
                continue
            chosen = [contact for contact in contacts.get(one.person.identity, [])
                      if belongs_to_series(contact, "physician")]  # fmt: skip
            visits = visits_of(chosen)
            if not visits:
                continue
            own = sum(visit.provider_id == one.listing.physician_id for visit in visits)
            for cell in _cells(one):
                for place_in_sum, value in enumerate((1, own, len(visits))):
                    sums[cell][place_in_sum] += value

    def row(level: str, code: str, day: date | None, sex: str, group: str, known: bool,
            unit_of: Region | None = None) -> Row:  # fmt: skip
        name = unit_of.unit_names.get(code) if unit_of else None
        head = place(world.month, day, level, code, name) | {"sex": sex, "age_group": group}
        if not known:
            return head | without_values(OWN_VALUES, NOT_REPORTED)
        cell = (level, unit_in(unit_of.code, code) if unit_of else code, sex, group)
        persons, own, visits = sums[cell]
        if visits == 0:
            return head | without_values(OWN_VALUES, UNDEFINED)
        share = share_values(own, visits)
        values = {"persons": persons, "own_visits": own, "visits": visits, "share": share["share"]}
        return head | values | {name: share[name] for name in ("ci_low", "ci_high", "status")}

    rows = [row("nation", NATION, world.day, *groups, len(able) > 0) for groups in COMBINATIONS]
    for code, region in world.regions.items():
        rows += [row("region", code, region.day, *groups, code in able) for groups in COMBINATIONS]
        for unit in region.listed_units():
            rows.append(row("unit", unit, region.day, ALL, ALL, code in able, region))
    return rows
