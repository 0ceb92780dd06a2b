"""What the package's tables must hold, asked of the published file directly."""

from collections.abc import Callable
from dataclasses import dataclass

Ask = Callable[[str], list[tuple]]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A table of the package: where its rows are in the published file."""

    table: str
    where: str
    by: tuple[str, ...]
    measures: tuple[str, ...]


NATION_AND_REGIONS = "level in ('nation', 'region')"
SHARES = ("numerator", "denominator", "share", "ci_low", "ci_high")
LOAD = (
    "listed",
    "named",
    "fte_specialist",
    "fte_st",
    "guideline_specialist",
    "guideline_st",
    "capacity",
    "load",
    "specialists_short",
)

TABLES = {
    "sabo_residents": Asked("care_markings", "setting = 'sabo'", ("source",), ("persons",)),
    "coverage": Asked(
        "coverage",
        f"age_group = 'all' and {NATION_AND_REGIONS}",
        ("population", "definition", "sex"),
        SHARES,
    ),
    "coverage_municipalities": Asked(
        "coverage", "level = 'municipality'", ("population", "definition"), SHARES
    ),
    "continuity": Asked(
        "continuity",
        f"age_group = 'all' and unit_scope = 'own_unit' and window_months = 18 and min_visits = 3 "
        f"and \"index\" = 'COC' and {NATION_AND_REGIONS}",
        ("population", "series", "sex"),
        ("persons", "visits", "mean", "sd", "median", "ci_low", "ci_high", "pooled"),
    ),
    "list_load": Asked("list_load", NATION_AND_REGIONS, (), LOAD),
    "list_load_units": Asked("list_load", "level = 'unit'", (), LOAD),
    "target_status": Asked(
        "target_status",
        NATION_AND_REGIONS,
        ("target_id",),
        (
            "value",
            "target",
            "baseline_value",
            "relative_change",
            "change_ci_low",
            "change_ci_high",
        ),
    ),
}


def published_cells(published: Ask, name: str) -> dict[Key, tuple[str, tuple]]:
    """Area code and codes of the dimensions to status and measures, in the order of the table."""
    asked = TABLES[name]
    columns = ", ".join(f'"{each}"' for each in ("area_code", *asked.by, "status", *asked.measures))
    rows = published(
        f"select {columns} from {asked.table} where {asked.where} and month = '2025-11'"
    )
    width = 1 + len(asked.by)
    return {row[:width]: (row[width], row[width + 1 :]) for row in rows}


def differences(
    published: Ask, name: str, found: dict[Key, tuple[str, tuple]]
) -> list[tuple[Key, object, object]]:
    """What a format has otherwise than the published file; rows that it adds are not reported."""
    wanted = published_cells(published, name)
    assert wanted.keys() <= found.keys()
    nothing = ("not_reported", (None,) * len(TABLES[name].measures))
    return [
        (key, cell, wanted.get(key, nothing))
        for key, cell in found.items()
        if cell != wanted.get(key, nothing)
    ]
