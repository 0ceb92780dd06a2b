"""Table `reporting`: which regions report, how many they are, how full the window is."""

from fractions import Fraction

from .areas import NATION, REGIONS
from .figures import Row
from .people import World

WINDOW = 18


def reporting_table(world: World) -> list[Row]:
    """'month, region_code, reported, population, contact_months, contact_months_expected,
    remarks, and a nation row (region_code `00`) with the share of the population that the
    reporting regions hold'. The share stands in a column of its own here, `population_share`."""
    rows: list[Row] = []
    total = reporting = 0
    for code in REGIONS:
        region = world.regions.get(code)
        population = sum(cell.count for cell in world.population.get(code, []))
        delivered, expected = region.contact_months(WINDOW) if region else (None, None)
        total += population
        reporting += population if region else 0
        rows.append(
            {
                "month": world.month,
                "region_code": code,
                "reported": region is not None,
                "population": population or None,
                "contact_months": delivered,
                "contact_months_expected": expected,
                "population_share": None,
            }
        )
    nation: Row = {
        "month": world.month,
        "region_code": NATION,
        "reported": bool(world.regions),
        "population": total or None,
        "contact_months": None,
        "contact_months_expected": None,
        "population_share": float(Fraction(reporting, total)) if total else None,
    }
    return [nation, *rows]
