"""The nation's rows of what not every region can tell: small tables worked by hand."""

from datetime import date
from itertools import product

import polars as pl

from pipelines.publication.disclosure import DisclosureSettings, suppress
from schemas.codes import AGE_GROUPS
from schemas.registers import published_table

NO_UNITS = pl.DataFrame(schema=dict.fromkeys(("month", "area_code", "region_code"), pl.String))
CAN_TELL_NATIONAL = ("18", "19", "20")


def coverage(oldest: dict[str, int]) -> pl.DataFrame:
    """Listed persons by region and age, all women; `oldest` are those of 85 years and over.

    Region 17 cannot tell who has a physician by the national definition.
    """
    persons = {region: dict.fromkeys(AGE_GROUPS, 100) | {"85+": n} for region, n in oldest.items()}
    rows = []
    for definition in ("reported", "national"):
        regions = [each for each in oldest if definition == "reported" or each in CAN_TELL_NATIONAL]
        areas = {code: persons[code] for code in regions}
        nation = {age: sum(area[age] for area in areas.values()) for age in AGE_GROUPS}
        for (code, by_age), sex in product([("00", nation), *areas.items()], ("all", "women")):
            for age, number in {**by_age, "all": sum(by_age.values())}.items():
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
    """By definition and age: the areas of both sexes that are shown."""
    tables = suppress(
        {"coverage": coverage(oldest)}, DisclosureSettings(), frozenset(), NO_UNITS, None
    )
    found: dict[tuple[str, str], set[str]] = {}
    for row in tables["coverage"].filter(sex="all", status="ok").iter_rows(named=True):
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


def test_where_all_that_is_hidden_can_tell_both_nations_say_the_same() -> None:
    found = shown({"17": 300, "18": 4, "19": 3, "20": 70})
    assert found["reported", "85+"] == {"00", "17", "20"}
    assert found["national", "85+"] == {"00", "20"}
