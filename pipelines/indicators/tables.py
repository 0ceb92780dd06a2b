"""All tables of a month at once, from the parts of all regions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.indicators.care_markings import care_markings_table
from pipelines.indicators.continuity import continuity_table
from pipelines.indicators.coverage import coverage_quality, coverage_table
from pipelines.indicators.definition_comparison import definition_comparison_table
from pipelines.indicators.fixed_contacts import fixed_contacts_table
from pipelines.indicators.list_kinds import list_kinds_table
from pipelines.indicators.list_load import list_load_table
from pipelines.indicators.own_physician import own_physician_table
from pipelines.indicators.region_month import RegionMonth
from pipelines.indicators.reporting import reporting_table
from schemas.rule_sets import RuleSets
from schemas.variants import Variant


@dataclass(frozen=True)
class Parts:
    """The parts of all reporting regions, each as its contract in `schemas/parts.py`."""

    listed_counts: pl.DataFrame
    coverage_counts: pl.DataFrame
    population_counts: pl.DataFrame
    visit_profiles: pl.DataFrame
    own_visits: pl.DataFrame
    physician_time: pl.DataFrame
    marking_counts: pl.DataFrame
    fixed_contact_counts: pl.DataFrame
    unit_names: pl.DataFrame


def statistics(
    parts: Parts,
    region_months: Sequence[RegionMonth],
    *,
    rule_sets: RuleSets,
    variants: Iterable[Variant],
) -> Mapping[str, pl.DataFrame]:
    """The statistics of a month by table name, complete, before disclosure control."""
    listed, names, months = parts.listed_counts, parts.unit_names, region_months
    population = parts.population_counts
    return {
        "coverage": coverage_table(parts.coverage_counts, listed, population, names, months),
        "continuity": continuity_table(parts.visit_profiles, listed, names, months, variants),
        "own_physician": own_physician_table(parts.own_visits, listed, names, months),
        "list_load": list_load_table(listed, parts.physician_time, names, months),
        "list_kinds": list_kinds_table(listed, names, months),
        "care_markings": care_markings_table(parts.marking_counts, population, months),
        "fixed_contacts": fixed_contacts_table(parts.fixed_contact_counts, listed, names, months),
        "definition_comparison": definition_comparison_table(listed, months, rule_sets),
        "reporting": reporting_table(population, months),
    }


__all__ = ["Parts", "coverage_quality", "statistics"]
