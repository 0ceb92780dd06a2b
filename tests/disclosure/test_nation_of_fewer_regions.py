"""The nation's rows of what not every region can tell: small tables worked by hand."""

from datetime import date
from itertools import product

import polars as pl

from pipelines.publication.disclosure import DisclosureSettings, OnOnePhysician, suppress
from pipelines.publication.disclosure.grid import SEXES
from schemas.codes import AGE_GROUPS
from schemas.registers import published_table
from tests.disclosure.unit_regions import NO_UNITS

CAN_TELL_NATIONAL = ("18", "19", "20")


def coverage(oldest: dict[str, int]) -> pl.DataFrame:
    """Listed persons by region, sex and age; `oldest` are women of 85 years and over.

    Of every other sex and age there are 100 in each region. Region 17 cannot tell who has a
    physician by the national definition.
    """
    rows = []
    for definition in ("reported", "national"):
        regions = [each for each in oldest if definition == "reported" or each in CAN_TELL_NATIONAL]
        for code, sex, age in product(("00", *regions), SEXES, (*AGE_GROUPS, "all")):
            cells = product(
                regions if code == "00" else [code],
                SEXES[1:] if sex == "all" else [sex],
                AGE_GROUPS if age == "all" else [age],
            )
            number = sum(
                oldest[region] if (each, group) == ("women", "85+") else 100
                for region, each, group in cells
            )
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
                    "numerator": number // 2,
                    "denominator": number,
                    "share": 0.5,
                    "status": "ok",
                }
            )
    contract = published_table("coverage")
    empty = dict.fromkeys(contract.column_names)
    return pl.DataFrame([empty | row for row in rows], contract.polars_schema()).sort(contract.key)


def shown(oldest: dict[str, int]) -> dict[tuple[str, str], set[str]]:
    """By definition and age: the areas whose women are shown."""
    tables = suppress(
        {"coverage": coverage(oldest)}, DisclosureSettings(), OnOnePhysician(frozenset()), NO_UNITS
    )
    found: dict[tuple[str, str], set[str]] = {}
    for row in tables["coverage"].filter(sex="women", status="ok").iter_rows(named=True):
        found.setdefault((row["definition"], row["age_group"]), set()).add(row["area_code"])
    return found


def test_where_nothing_is_hidden_both_nations_are_shown() -> None:
    found = shown({"17": 40, "18": 50, "19": 60, "20": 70})
    assert found["national", "85+"] == {"00", "18", "19", "20"}


def test_the_nation_of_fewer_regions_does_not_tell_the_one_that_is_missing() -> None:
    """3 in region 17. Another region is hidden beside it, 18; all that can tell together, less 19
    and 20, would be that one, and all regions less those that can tell the 3."""
    found = shown({"17": 3, "18": 50, "19": 60, "20": 70})
    assert not {"17", "18"} & found["reported", "85+"]
    assert {"19", "20"} <= found["national", "85+"]
    assert "00" not in found["national", "85+"]
