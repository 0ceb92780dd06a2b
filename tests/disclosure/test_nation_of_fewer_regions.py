"""The nation's rows of what not every region can tell: small tables worked by hand."""

from datetime import date
from itertools import product

import polars as pl

from pipelines.publication.disclosure import DisclosureSettings, OnOnePhysician, suppress
from pipelines.publication.disclosure.grid import SEXES
from schemas.codes import AGE_GROUPS
from schemas.registers import published_table
from tests.disclosure.unit_regions import NO_UNITS

CAN_TELL = {"reported": ("17", "18", "19", "20"), "national": ("18", "19", "20")}
"""Definition to the regions that can tell who has a physician by it."""
OLDEST = "women", "85+"
FOUR_GROUPS = tuple(product(("women", "men"), ("75-84", "85+")))
Persons = dict[tuple[str, str, str], int]
"""By region, sex and age group."""


def in_each(groups: tuple[tuple[str, str], ...], by_region: dict[str, int]) -> Persons:
    """So many persons of each of these groups."""
    return {(region, *group): number for region, number in by_region.items() for group in groups}


def coverage(persons: Persons, can_tell: dict[str, tuple[str, ...]]) -> pl.DataFrame:
    """Listed persons by region, sex and age: 100 where no number is given.

    Nobody of them has a named physician, by any definition.
    """
    rows = []
    for definition, regions in can_tell.items():
        for code, sex, age in product(("00", *regions), SEXES, (*AGE_GROUPS, "all")):
            cells = product(
                regions if code == "00" else [code],
                SEXES[1:] if sex == "all" else [sex],
                AGE_GROUPS if age == "all" else [age],
            )
            number = sum(persons.get(each, 100) for each in cells)
            values = {"numerator": 0, "denominator": number, "share": 0.0, "status": "ok"}
            rows.append(
                {
                    "month": "2025-11",
                    "reference_date": date(2025, 11, 30),
                    "level": "nation" if code == "00" else "region",
                    "area_code": code,
                    "population": "listed",
                    "definition": definition,
                    "sex": sex,
                    "age_group": age,
                }
                | (values if number else {"status": "undefined"})
            )
    contract = published_table("coverage")
    empty = dict.fromkeys(contract.column_names)
    return pl.DataFrame([empty | row for row in rows], contract.polars_schema()).sort(contract.key)


def shown(
    persons: Persons, can_tell: dict[str, tuple[str, ...]] = CAN_TELL
) -> dict[tuple[str, str, str], set[str]]:
    """By definition, sex and age: the areas that are shown."""
    tables = suppress(
        {"coverage": coverage(persons, can_tell)},
        DisclosureSettings(),
        OnOnePhysician(frozenset()),
        NO_UNITS,
    )
    found: dict[tuple[str, str, str], set[str]] = {}
    for row in tables["coverage"].iter_rows(named=True):
        areas = found.setdefault((row["definition"], row["sex"], row["age_group"]), set())
        if row["status"] == "ok":
            areas.add(row["area_code"])
    return found


def test_where_nothing_is_hidden_both_nations_are_shown() -> None:
    found = shown(in_each((OLDEST,), {"17": 40, "18": 50, "19": 60, "20": 70}))
    assert found["national", *OLDEST] == {"00", "18", "19", "20"}


def test_the_nation_of_fewer_regions_does_not_tell_the_one_that_is_missing() -> None:
    """3 in region 17. Another region is hidden beside it, 18; all that can tell together, less 19
    and 20, would be that one, and all regions less those that can tell the 3."""
    found = shown(in_each((OLDEST,), {"17": 3, "18": 50, "19": 60, "20": 70}))
    assert not {"17", "18"} & found["reported", *OLDEST]
    assert {"19", "20"} <= found["national", *OLDEST]
    assert "00" not in found["national", *OLDEST]


def test_where_all_that_is_hidden_can_tell_both_nations_are_shown() -> None:
    """4 and 4 protect each other: both nations say that they are 8 together, and no more."""
    found = shown(in_each(FOUR_GROUPS, {"17": 300, "18": 4, "19": 4, "20": 70}))
    assert found["reported", *OLDEST] == {"00", "17", "20"}
    assert found["national", *OLDEST] == {"00", "20"}


def test_where_nothing_that_is_hidden_can_tell_both_nations_are_shown() -> None:
    """The same of two regions that the one nation does not add up."""
    can_tell = {"reported": ("17", "18", "19", "20"), "national": ("19", "20")}
    found = shown(in_each(FOUR_GROUPS, {"17": 4, "18": 4, "19": 300, "20": 70}), can_tell)
    assert found["reported", *OLDEST] == {"00", "19", "20"}
    assert found["national", *OLDEST] == {"00", "19", "20"}


def test_nations_of_different_regions_may_be_equal() -> None:
    """4 in 17, which one definition can tell, and 4 in 20, which the other can: each nation is 114,
    and less 18 and 19 would tell the 4 of its own."""
    can_tell = {"national": ("18", "19", "20"), "regional": ("17", "18", "19")}
    found = shown(in_each((OLDEST,), {"17": 4, "18": 50, "19": 60, "20": 4}), can_tell)
    for definition in can_tell:
        assert found[definition, *OLDEST] == {"18", "19"}


def test_a_small_number_of_a_nation_of_fewer_regions_is_protected() -> None:
    """2 and 2 are 4 in the nation of those that can tell, whatever 17 has. Both sexes less men, or
    all ages less the others, would tell the 4."""
    two = {("18", *OLDEST): 2, ("19", *OLDEST): 2, ("20", *OLDEST): 0}
    found = shown(in_each(FOUR_GROUPS, {"18": 4, "19": 4}) | two)
    of_nation = {about for about, areas in found.items() if "00" in areas}
    assert ("national", *OLDEST) not in of_nation
    assert not {("national", sex, "85+") for sex in ("all", "men")} <= of_nation
    others = (*AGE_GROUPS[:-1], "all")
    assert not {("national", "women", age) for age in others} <= of_nation
