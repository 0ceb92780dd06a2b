"""Table `target_status`: every goal against its figure, from the recomputed tables of all months.

Not here: definitions that change between months, goals with an end, and what is suppressed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from .areas import NATION
from .figures import NOT_REPORTED, OK, Row

LEVELS = ("nation", "region", "unit")
Z = 1.96
MONTHS_MAY_DIFFER, PROVIDERS_MAY_DIFFER = Fraction(6, 100), Fraction(5, 100)
Tables = Mapping[str, list[Row]]


@dataclass(frozen=True)
class Goal:
    """'coverage inhabitants ≥ 55 %, sabo ≥ 80 %, COC physician +20 % and COC all_professions
    +20 % …, sabo COC physician "betydande ökning" (no number)'."""

    target_id: str
    target: float | None
    population: str
    series: str | None = None


GOALS = (
    Goal("coverage_inhabitants", 0.55, "inhabitants"),
    Goal("coverage_sabo", 0.80, "sabo"),
    Goal("continuity_physician", 0.20, "listed", "physician"),
    Goal("continuity_all_professions", 0.20, "listed", "all_professions"),
    Goal("continuity_sabo_physician", None, "sabo", "physician"),
)
VALUES = ("value", "target", "met", "baseline_month", "baseline_value", "relative_change",
          "change_ci_low", "change_ci_high", "comparable")  # fmt: skip


def target_status_table(months: Mapping[str, Tables]) -> list[Row]:
    """The baseline month is the earliest; the others are compared with it."""
    baseline = min(months)
    rows: list[Row] = []
    for goal in GOALS:
        before = _figures(goal, months[baseline])
        for month, tables in months.items():
            for (level, code), figure in _figures(goal, tables).items():
                key = {"month": month, "target_id": goal.target_id, "level": level}
                row: Row = {**key, "area_code": code, "status": figure["status"]}
                if figure["status"] != OK:
                    rows.append(row | dict.fromkeys(VALUES, None))
                elif goal.series is None:
                    rows.append(row | _at_least(goal, figure))
                else:
                    may = month > baseline and _may_be_compared(
                        goal, level, code, months[baseline], tables
                    )
                    known = before.get((level, code), {"status": NOT_REPORTED})
                    rows.append(row | _change(goal, figure, known, baseline, may))
    return rows


def _figures(goal: Goal, tables: Tables) -> dict[tuple[str, str], Row]:
    """All ages and both sexes, of nation, regions and units."""
    wanted: Row = {"population": goal.population, "sex": "all", "age_group": "all"}
    if goal.series is None:
        rows, wanted = tables["coverage"], wanted | {"definition": "reported"}
    else:
        wanted |= {"series": goal.series, "unit_scope": "own_unit", "index": "COC"}
        wanted |= {"window_months": 18, "min_visits": 3}
        rows = tables["continuity"]
    return {
        (str(row["level"]), str(row["area_code"])): row
        for row in rows
        if row["level"] in LEVELS and all(row[name] == value for name, value in wanted.items())
    }


def _at_least(goal: Goal, figure: Row) -> Row:
    share = figure["share"]
    met = share >= goal.target  # type: ignore[operator]
    return dict.fromkeys(VALUES, None) | {"value": share, "target": goal.target, "met": met}


def _change(goal: Goal, figure: Row, before: Row, baseline: str, may: bool) -> Row:
    """'relative to a baseline month (percent, not percentage points)'."""
    values: Row = dict.fromkeys(VALUES, None)
    mean, former = figure["mean"], before.get("mean")
    values |= {"value": mean, "target": goal.target, "baseline_month": baseline}
    values["baseline_value"] = former
    values["comparable"] = bool(may and former)
    if not (may and former):
        return values
    assert isinstance(mean, float)
    assert isinstance(former, float)
    change = mean / former - 1
    values["relative_change"] = change
    low = None
    if mean > 0 and figure["sd"] is not None and before["sd"] is not None:
        error = math.sqrt(_relative_variance(figure) + _relative_variance(before))
        low = mean / former * math.exp(-Z * error) - 1
        values |= {"change_ci_low": low, "change_ci_high": mean / former * math.exp(Z * error) - 1}
    if goal.target is not None:
        values["met"] = change >= goal.target - 1e-12
    elif low is not None:
        values["met"] = low > 0
    return values


def _relative_variance(row: Row) -> float:
    """The squared standard error of a mean, in relation to the mean."""
    return (row["sd"] / row["mean"]) ** 2 / row["persons"]  # type: ignore[operator, no-any-return]


def _may_be_compared(goal: Goal, level: str, code: str, before: Tables, after: Tables) -> bool:
    """The same regions in the nation; as complete contacts and provider ids in the region."""
    if level == "nation":
        regions = [
            {area for (kind, area), row in _figures(goal, tables).items()
             if kind == "region" and row["status"] != NOT_REPORTED}
            for tables in (before, after)
        ]  # fmt: skip
        if regions[0] != regions[1]:
            return False
    region = _region_of_unit(code, after) if level == "unit" else code
    for measure, limit in (
        (_contact_months, MONTHS_MAY_DIFFER),
        (_providers, PROVIDERS_MAY_DIFFER),
    ):
        shares = [measure(goal, region, tables) for tables in (before, after)]
        if None not in shares and abs(shares[1] - shares[0]) > limit:  # type: ignore[operator]
            return False
    return True


def _region_of_unit(unit: str, tables: Tables) -> str:
    """A unit's HSA-id begins with its region's organisation number; the tables have no region, so
    the sample's is read from the order of the table: a region's units follow it."""
    region = ""
    for row in tables["list_load"]:
        if row["level"] == "region":
            region = str(row["area_code"])
        elif row["level"] == "unit" and row["area_code"] == unit:
            return region
    raise LookupError("A unit without a region.")


def _contact_months(goal: Goal, region: str, tables: Tables) -> Fraction | None:
    rows = [
        row
        for row in tables["reporting"]
        if row["contact_months"] is not None
        and row["region_code"] != NATION
        and region in (NATION, row["region_code"])
    ]
    expected = sum(row["contact_months_expected"] for row in rows)  # type: ignore[misc]
    return Fraction(sum(row["contact_months"] for row in rows), expected) if expected else None  # type: ignore[misc]


def _providers(goal: Goal, region: str, tables: Tables) -> Fraction | None:
    for row in tables["data_quality"]:
        metric = f"without_provider_{goal.series}"
        if (row["region_code"], row["metric"]) == (region, metric) and row["denominator"]:
            return Fraction(row["numerator"], row["denominator"])  # type: ignore[arg-type]
    return None
