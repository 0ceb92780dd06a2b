"""Health centres and who works there: units, physicians and other staff of one region.

The posts of a unit stand in `posts`.

Made one by one in plain Python: there are a thousand units, not millions. Physicians stand unit by
unit, so that a unit's physicians are the positions `first_physician` and on; the same holds for
the sixteen other staff of each unit.
"""

from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.simulation.identifiers import hsa_id
from pipelines.simulation.levels import CONTINUITY_RANGE, RegionLevels
from pipelines.simulation.posts import Post, named_slots, posts_of_unit
from pipelines.simulation.randomness import Draws
from pipelines.simulation.reference import Municipality, Region

UNITS_IN_COUNTRY = 1160
PERSONS_PER_UNIT_SMALL = 280
STAFF_PER_UNIT = 16
PRIVATE_UNITS = 0.42
AT_TWO_UNITS = 0.06
EARLIER_POST = 0.04

Row = dict[str, object]

_QUARTERS = (
    "Centrum", "Norr", "Söder", "Öster", "Väster", "Kyrkbacken", "Ängen", "Kvarnen", "Sjöstaden",
    "Lasarettet", "Torget", "Björkbacken", "Hagen", "Åparken", "Stationen", "Skogsbrynet",
)  # fmt: skip
_FAMILY_NAMES = (
    "Andersson", "Berg", "Ceder", "Dahl", "Ek", "Forsberg", "Granat", "Hedlund", "Isaksson",
    "Jonasson", "Kvist", "Lind", "Moberg", "Norberg", "Olofsson", "Palm", "Quist", "Rosén",
    "Sjöberg", "Tallberg", "Ulfsdotter", "Vikström", "Wallin", "Ylander", "Åkerman", "Öberg",
    "Haddad", "Kowalska", "Nguyen", "Rahimi",
)  # fmt: skip
_GIVEN_NAMES = (
    "Anna", "Björn", "Cecilia", "David", "Eva", "Farid", "Greta", "Hassan", "Ingrid", "Johan",
    "Karin", "Lars", "Maria", "Nils", "Olga", "Per", "Sara", "Tomas", "Ulla", "Wei",
)  # fmt: skip
_STAFF = (
    *["sjukskoterska"] * 9, "fysioterapeut", "fysioterapeut", "psykolog", "arbetsterapeut",
    "ovrig", "ovrig", "ovrig",
)  # fmt: skip


@dataclass(frozen=True)
class Care:
    """The primary care of a region.

    `units`: unit_id, unit_name, municipality, operator, valid_from, valid_to, continuity (COC
    planted), first_physician, physicians, regulars. `physicians`: physician_id, unit (position),
    list_name, patients (who they may be named for), first_specialist. `register`: the rows of the
    physicians delivery. `named`: 64 positions of physicians per unit to name. `staff`: provider_id
    and profession. `units_of`: per municipality code the positions of its units.
    """

    units: pl.DataFrame
    physicians: pl.DataFrame
    register: pl.DataFrame
    named: pl.Series
    staff: pl.DataFrame
    units_of: dict[str, list[int]]


def number_of_units(region: Region, country: int, population: int) -> int:
    """Units in proportion, at least two, and three in all but the smallest region."""
    most = UNITS_IN_COUNTRY * max(1, population // country)
    in_all = min(most, population / PERSONS_PER_UNIT_SMALL)
    least = 2 if region.inhabitants < 100_000 else 3
    return max(least, round(in_all * region.inhabitants / country))


def _unit_name(municipality: Municipality, number: int) -> str:
    if number == 0:
        genitive = municipality.name if municipality.name[-1] in "sxz" else municipality.name + "s"
        return f"{genitive} vårdcentral"
    quarter = _QUARTERS[(number - 1) % len(_QUARTERS)]
    again = (number - 1) // len(_QUARTERS)
    suffix = f" {again + 1}" if again else ""
    if number % 3 == 0:
        return f"Vårdcentralen {quarter}, {municipality.name}{suffix}"
    return (
        f"{municipality.name} {quarter} {'läkarhus' if number % 3 == 1 else 'hälsocentral'}{suffix}"
    )


def _places(region: Region, count: int) -> list[Municipality]:
    """Municipality of every unit, by largest claim, so that big ones get more."""
    claims = {one.code: one.weight for one in region.municipalities}
    given = dict.fromkeys(claims, 0)
    for _ in range(count):
        code = max(claims, key=lambda one: (claims[one] / (given[one] + 0.5), one))
        given[code] += 1
    return [one for one in region.municipalities for _ in range(given[one.code])]


def _organisation_id(levels: RegionLevels, letter: str, number: int, digits: int) -> str:
    return hsa_id(levels.organisation_number, f"{letter}{number:0{digits}}")


def _unit_id(levels: RegionLevels, unit: int) -> str:
    return _organisation_id(levels, "A", unit + 1, 3)


def _register_rows(
    draws: Draws,
    levels: RegionLevels,
    post: Post,
    physician_id: str,
    *,
    unit: int,
    units: int,
    day: date,
) -> list[Row]:
    """The rows of one physician in the register: the post, and now and then another."""
    temporary = post.employment != "tillsvidare"
    row: Row = {
        "physician_id": physician_id,
        "unit_id": _unit_id(levels, unit),
        "position_code": post.position_code or None,
        "specialties": post.specialties or None,
        "training": post.training or None,
        "equivalent_competence": post.equivalent,
        "employment": post.employment,
        "fte": post.fte,
        "valid_from": date(2014 + draws.whole(0, 10), draws.whole(1, 12), 1),
        "valid_to": date(day.year + 1, 12, 31) if temporary else None,
    }
    rows = [row]
    if draws.number() < AT_TWO_UNITS:
        # Half of the time at each.
        row["fte"] = max(0.01, round(post.fte / 2, 2))
        rows.append({**row, "unit_id": _unit_id(levels, (unit + 1) % units)})
    if draws.number() < EARLIER_POST:
        ended: Row = {"valid_from": date(2012, 1, 1), "valid_to": date(2013, 12, 31)}
        rows.append({**row, "employment": "visstid", **ended})
    return rows


def _list_name(draws: Draws, family: str) -> str:
    given = draws.one_of(_GIVEN_NAMES)
    return draws.one_of((f"Dr {family}", f"{given} {family}", f"Läkare {family}"))


def _units_without_listed(
    levels: RegionLevels, region: Region, pattern: Row, day: date
) -> list[Row]:
    """A unit that has closed, and one that opens later."""
    place, code = region.municipalities[0].name, region.municipalities[0].code
    closed: Row = {
        "municipality": code,
        "unit_id": hsa_id(levels.organisation_number, "X001"),
        "unit_name": f"{place} gamla vårdcentral",
        "valid_from": date(2005, 1, 1),
        "valid_to": date(2023, 12, 31),
    }
    later: Row = {
        "municipality": code,
        "unit_id": hsa_id(levels.organisation_number, "X002"),
        "unit_name": f"{place} nya vårdcentral",
        "valid_from": date(day.year + 1, 3, 1),
    }
    return [{**pattern, **closed}, {**pattern, **later}]


def care_of_region(
    region: Region, levels: RegionLevels, *, units: int, listed: int, seed: int, day: date
) -> Care:
    """Units, physicians and staff of a region with so many listed persons."""
    draws = Draws(seed, "care", region.code)
    places = _places(region, units)
    sizes = [0.6 + 0.8 * draws.number() for _ in places]
    posts_of = [
        posts_of_unit(draws, unit, listed * size / sum(sizes)) for unit, size in enumerate(sizes)
    ]
    units_of: dict[str, list[int]] = {}
    unit_rows: list[Row] = []
    physicians: list[Row] = []
    register: list[Row] = []
    staff: list[Row] = []
    firsts: list[int] = []
    for unit, (place, posts) in enumerate(zip(places, posts_of, strict=True)):
        first = len(physicians)
        firsts.append(first)
        own_units = units_of.setdefault(place.code, [])
        # Spread evenly over the units, so that a few units are enough to span the range.
        spread = ((unit * 7) % units / max(1, units - 1) - 0.5) * 0.2
        least, greatest = CONTINUITY_RANGE
        unit_rows.append(
            {
                "unit_id": _unit_id(levels, unit),
                "unit_name": _unit_name(place, len(own_units)),
                "municipality": place.code,
                "operator": "privat" if draws.number() < PRIVATE_UNITS else "region",
                "valid_from": date(2010 + draws.whole(0, 12), draws.whole(1, 12), 1),
                "valid_to": None,
                "continuity": min(greatest, max(least, levels.continuity + spread)),
                "first_physician": first,
                "physicians": len(posts),
                "regulars": sum(not post.is_locum for post in posts),
            }
        )
        own_units.append(unit)
        for post in posts:
            physician_id = _organisation_id(levels, "L", len(physicians) + 1, 5)
            family = draws.one_of(_FAMILY_NAMES)
            physicians.append(
                {
                    "physician_id": physician_id,
                    "unit": unit,
                    "family_name": family,
                    "list_name": _list_name(draws, family),
                    "patients": post.patients,
                    "first_specialist": first,
                }
            )
            if post.registered:
                register.extend(
                    _register_rows(
                        draws, levels, post, physician_id, unit=unit, units=units, day=day
                    )
                )
        for profession in _STAFF:
            provider_id = _organisation_id(levels, "S", len(staff) + 1, 5)
            staff.append({"provider_id": provider_id, "profession": profession})
    unit_rows.extend(_units_without_listed(levels, region, unit_rows[0], day))
    named: list[int] = []
    for unit, posts in enumerate(posts_of):
        named.extend(named_slots(levels, posts, firsts[unit], firsts[(unit + 1) % units]))
    return Care(
        units=pl.DataFrame(unit_rows, infer_schema_length=None),
        physicians=pl.DataFrame(physicians),
        register=pl.DataFrame(register, infer_schema_length=None),
        named=pl.Series(named, dtype=pl.UInt32),
        staff=pl.DataFrame(staff),
        units_of=units_of,
    )
