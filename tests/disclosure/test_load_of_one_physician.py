"""The load of one physician cannot be computed from the other units': a table worked by hand."""

from datetime import date

import polars as pl

from pipelines.publication.disclosure import DisclosureSettings, OnOnePhysician, suppress
from schemas.registers import published_table
from tests.disclosure.unit_regions import unit_regions

UNITS = {"A": (1500, 1100), "B": (2500, 2200), "C": (9000, 7000), "D": (3000, 3300)}
"""Listed and capacity; D is in region 19, the others in 18."""
MONTH = "2025-11"


def rows(table: str, columns: dict[str, int]) -> pl.DataFrame:
    """A table of nation, regions and units; `columns`: name to the place in `UNITS`."""
    regions = {"A": "18", "B": "18", "C": "18", "D": "19"}
    areas = {
        ("nation", "00"): list(UNITS),
        ("region", "18"): ["A", "B", "C"],
        ("region", "19"): ["D"],
        **{("unit", unit): [unit] for unit in regions},
    }
    contract = published_table(table)
    fixed = {"month": MONTH, "reference_date": date(2025, 11, 30), "status": "ok"}
    of_listed = {
        "population": "listed",
        "definition": "reported",
        "sex": "all",
        "age_group": "all",
    }
    made = [
        {"level": level, "area_code": code}
        | fixed
        | {name: value for name, value in of_listed.items() if name in contract.column_names}
        | {name: sum(UNITS[unit][at] for unit in units) for name, at in columns.items()}
        for (level, code), units in areas.items()
    ]
    return pl.DataFrame(
        [{**dict.fromkeys(contract.column_names), **row} for row in made],
        contract.polars_schema(),
    )


def hidden(loads: frozenset[tuple[str, str]], guideline_of_19: int = 1100) -> dict[str, set[str]]:
    in_19 = pl.col("area_code").is_in(["19", "D"])
    tables = {
        "list_load": rows("list_load", {"listed": 0, "capacity": 1}).with_columns(
            named=pl.col("listed") - 200,
            load=pl.col("listed") / pl.col("capacity"),
            guideline_specialist=pl.when(in_19)
            .then(guideline_of_19)
            .when(pl.col("level") != "nation")
            .then(1100),
        ),
        "coverage": rows("coverage", {"denominator": 0}).with_columns(
            numerator=pl.col("denominator") - 200
        ),
    }
    regions = unit_regions({unit: "19" if unit == "D" else "18" for unit in UNITS}, MONTH)
    on_one = OnOnePhysician(frozenset(), loads)
    published = suppress(tables, DisclosureSettings(), on_one, regions)
    return {
        name: set(frame.filter(status="suppressed")["area_code"])
        for name, frame in published.items()
    }


def test_the_load_of_one_physician_goes_with_one_other_unit() -> None:
    """A's capacity is the region's less that of B and C: B, the smaller, is hidden too."""
    loads = frozenset({(MONTH, "A")})
    assert hidden(loads) == {"list_load": {"A", "B"}, "coverage": set()}


def test_where_the_unit_is_alone_its_region_goes_with_it() -> None:
    """D is its region's only unit: region 19 is hidden, and 18, or the nation less 18 gives it."""
    loads = frozenset({(MONTH, "D")})
    found = hidden(loads)
    assert found["coverage"] == set()
    assert found["list_load"] >= {"D", "19", "18"}
    assert "00" not in found["list_load"]


def test_with_different_guidelines_the_nation_goes_too() -> None:
    """1100 · a + 1500 · b and a + b are a and b: the nation must not tell both sums."""
    assert "00" in hidden(frozenset({(MONTH, "D")}), guideline_of_19=1500)["list_load"]
    assert hidden(frozenset(), guideline_of_19=1500) == {"list_load": set(), "coverage": set()}


def test_otherwise_nothing_is_hidden() -> None:
    assert hidden(frozenset()) == {"list_load": set(), "coverage": set()}
