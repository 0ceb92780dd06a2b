"""Tables `list_load`, `list_kinds` and `fixed_contacts`: whose list, how long, of what kind."""

from collections import defaultdict
from datetime import date
from fractions import Fraction

from .areas import NATION, place
from .figures import NOT_REPORTED, OK, UNDEFINED, Row, without_values
from .people import Listed, Region, World, is_fictitious
from .rules import LOCUM, Physician

# Guideline values: (region or nation, in force from, specialist, ST).
GUIDELINES = (
    (NATION, date.min, 1100, 550),
    ("09", date(2022, 6, 1), 1100, 550),
    ("25", date(2022, 8, 1), 1100, 550),
    ("17", date(2022, 6, 1), 1500, 550),
)
GP_SPECIALTIES = {"allmanmedicin", "geriatrik", "barn_och_ungdomsmedicin"}
KINDS = ("named", "fictitious", "locum", "unknown_physician", "physician_elsewhere")


def guideline_on(code: str, day: date) -> tuple[int, int]:
    """'the guideline values in force for the region on d (national 1100 and 550; decisions of
    regions are dated data)'."""
    in_force = [(one[1], one) for one in GUIDELINES if one[0] == code and one[1] <= day]
    chosen = max(in_force)[1] if in_force else GUIDELINES[0]
    return chosen[2], chosen[3]


def _areas(region: Region) -> list[tuple[str, str, list[Listed]]]:
    """(level, code, listed persons): the region and every unit with listed persons."""
    units = [("unit", unit, [one for one in region.listed if one.unit == unit])
             for unit in region.listed_units()]  # fmt: skip
    return [("region", region.code, region.listed), *units]


def _on_day(region: Region) -> list[Physician]:
    """'physicians in the register on d'."""
    return [row for row in region.physicians or [] if row.period.holds_on(region.day)]


# list_load

LOAD_VALUES = ("listed", "named", "fte_specialist", "fte_st", "guideline_specialist",
               "guideline_st", "capacity", "load", "specialists_short")  # fmt: skip


def specialist_fte(rows: list[Physician]) -> Fraction:
    """'FTE of specialists (no training; any of the three specialties or equivalent competence) …
    employment tillsvidare or visstid'."""
    return sum(
        (
            row.fte
            for row in rows
            if row.training is None
            and (row.specialties & GP_SPECIALTIES or row.equivalent_competence)
            and row.employment not in LOCUM
        ),
        Fraction(0),
    )


def st_fte(rows: list[Physician]) -> Fraction:
    """'and of ST with allmanmedicin'."""
    return sum(
        (
            row.fte
            for row in rows
            if row.training == "ST"
            and "allmanmedicin" in row.specialties
            and row.employment not in LOCUM
        ),
        Fraction(0),
    )


def list_load_table(world: World) -> list[Row]:
    """'capacity = guideline_specialist·FTE + guideline_st·FTE …; load = listed / capacity;
    specialists_short = max(0, (listed − capacity)/guideline_specialist). The nation sums its
    regions (capacity and shortage too; its guideline columns are null).'"""
    rows: list[Row] = []
    national: dict[str, Fraction] = defaultdict(Fraction)
    reported_by_any = False
    for region in world.regions.values():
        known = region.can_tell_named("reported") and region.physicians is not None
        reported_by_any = reported_by_any or known
        for level, code, listed in _areas(region):
            name = region.unit_names.get(code)
            head = place(world.month, region.day, level, code, name)
            if not known:
                rows.append(head | without_values(LOAD_VALUES, NOT_REPORTED))
                continue
            physicians = [row for row in _on_day(region) if level == "region" or
                          row.unit_id == code]  # fmt: skip
            sums = load_sums(listed, physicians, *guideline_on(region.code, region.day))
            rows.append(head | _load_values(sums, guideline_on(region.code, region.day)))
            if level == "region":
                for column, value in sums.items():
                    national[column] += value
    head = place(world.month, world.day, "nation", NATION)
    values = _load_values(national, None) if reported_by_any else without_values(
        LOAD_VALUES, NOT_REPORTED)  # fmt: skip
    return [head | values, *rows]


def load_sums(
    listed: list[Listed], physicians: list[Physician], guideline: int, guideline_st: int
) -> dict[str, Fraction]:
    specialist, st = specialist_fte(physicians), st_fte(physicians)
    capacity = guideline * specialist + guideline_st * st
    return {
        "listed": Fraction(len(listed)),
        "named": Fraction(sum(one.named["reported"] for one in listed)),
        "fte_specialist": specialist,
        "fte_st": st,
        "capacity": capacity,
        "specialists_short": max(Fraction(0), (len(listed) - capacity) / guideline),
    }


def _load_values(sums: dict[str, Fraction], guideline: tuple[int, int] | None) -> Row:
    """'Capacity 0 is `undefined`.'"""
    if sums["capacity"] == 0:
        return without_values(LOAD_VALUES, UNDEFINED)
    return {
        "listed": int(sums["listed"]),
        "named": int(sums["named"]),
        "fte_specialist": float(sums["fte_specialist"]),
        "fte_st": float(sums["fte_st"]),
        "guideline_specialist": guideline[0] if guideline else None,
        "guideline_st": guideline[1] if guideline else None,
        "capacity": float(sums["capacity"]),
        "load": float(sums["listed"] / sums["capacity"]),
        "specialists_short": float(sums["specialists_short"]),
        "status": OK,
    }


# list_kinds


def kinds_of(one: Listed, region: Region, rows: dict[str, list[Physician]]) -> set[str]:
    """'`named` (`reported`); `fictitious`; and of the lists that are not fictitious: `locum` (the
    physician's row at that unit is hyr, stafett or konsult), `unknown_physician` (no row of the
    physician holds on d in the region), `physician_elsewhere` (one does, but at another unit).
    Kinds can overlap with `named`.'"""
    if is_fictitious(one.listing, region.unit_names):
        return {"fictitious"}
    kinds = {"named"}
    held = rows.get(one.listing.physician_id or "", [])
    here = [row for row in held if row.unit_id == one.listing.unit_id]
    if any(row.employment in LOCUM for row in here):
        kinds.add("locum")
    if not held:
        kinds.add("unknown_physician")
    if held and not here:
        kinds.add("physician_elsewhere")
    return kinds


def list_kinds_table(world: World) -> list[Row]:
    """'Listed persons by kind, per unit, region and nation'."""
    kinds: dict[int, set[str]] = {}
    able = set()
    for region in world.regions.values():
        if region.units is None or region.physicians is None:
            continue
        able.add(region.code)
        rows: dict[str, list[Physician]] = defaultdict(list)
        for row in _on_day(region):
            rows[row.physician_id].append(row)
        for one in region.listed:
            kinds[id(one)] = kinds_of(one, region, rows)
    return _shares_by_kind(world, able, kinds, KINDS)


# fixed_contacts

FIXED_KINDS = ("1", "2", "3", "4")


def fixed_contacts_table(world: World) -> list[Row]:
    """'listed persons with a fixed contact of the kind holding on d'; a reserve identity is the
    same person only at the same unit."""
    kinds: dict[int, set[str]] = {}
    able = set()
    for region in world.regions.values():
        if region.fixed_contacts is None:
            continue
        able.add(region.code)
        by_person: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in region.fixed_contacts:
            if row.period.holds_on(region.day):
                by_person[row.person.identity, ""].add(row.kind)
                by_person[row.person.identity, row.unit_id].add(row.kind)
        for one in region.listed:
            unit = one.listing.unit_id if one.is_reserve else ""
            kinds[id(one)] = by_person.get((one.person.identity, unit), set())
    return _shares_by_kind(world, able, kinds, FIXED_KINDS)


def _shares_by_kind(
    world: World, able: set[str], kinds_of_person: dict[int, set[str]], kinds: tuple[str, ...]
) -> list[Row]:
    """persons, listed and share for every kind at nation, regions and units."""

    def rows_of(level: str, code: str, day: date | None, listed: list[Listed], known: bool,
                name: str | None = None) -> list[Row]:  # fmt: skip
        columns = ("persons", "listed", "share")
        rows = []
        for kind in kinds:
            values = without_values(columns, UNDEFINED if known else NOT_REPORTED)
            if known and listed:
                persons = sum(kind in kinds_of_person[id(one)] for one in listed)
                share = float(Fraction(persons, len(listed)))
                values = {"persons": persons, "listed": len(listed), "share": share, "status": OK}
            rows.append(place(world.month, day, level, code, name) | {"kind": kind} | values)
        return rows

    everyone = [one for code in sorted(able) for one in world.regions[code].listed]
    rows = rows_of("nation", NATION, world.day, everyone, len(able) > 0)
    for region in world.regions.values():
        for level, code, listed in _areas(region):
            name = region.unit_names.get(code)
            rows += rows_of(level, code, region.day, listed, region.code in able, name)
    return rows
