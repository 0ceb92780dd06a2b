"""Definition comparison: every region's listed persons under every rule set."""

from collections.abc import Sequence

import narwhals as nw
import polars as pl

from pipelines.indicators.assembly import (
    ability,
    finished,
    lazy,
    nation_and_regions,
    needing,
    silent_regions,
    with_ability,
    with_dimensions,
    with_sums,
)
from pipelines.indicators.margins import summed
from pipelines.indicators.region_month import RegionMonth, complete
from schemas.rule_sets import RuleSets
from schemas.statistics import DEFINITION_COMPARISON


def definition_comparison_table(
    listed_counts: pl.DataFrame, region_months: Sequence[RegionMonth], rule_sets: RuleSets
) -> pl.DataFrame:
    """The table definition_comparison of a month, before disclosure control.

    Numerator: listed persons with a named physician under the rule set. Denominator: listed
    persons. Every one of the 21 regions has its rows. Undefined: nobody listed. Not reported: a
    region that does not report, or lacks the register that the rule set needs. Source: contract,
    section 4.
    """
    months = complete(region_months)
    able = ability(
        months,
        needing(lambda rule_set, month: month.can_tell_named(rule_set), rule_sets.names),
        ["rule_set"],
    )
    counts = pl.concat(
        [
            listed_counts.select(
                "region_code",
                rule_set=pl.lit(name),
                numerator=pl.col(f"named_{name}"),
                denominator="listed",
            )
            for name in rule_sets.names
        ]
    )
    keys, values = ["region_code", "rule_set"], ["numerator", "denominator"]
    areas = pl.concat([nation_and_regions(months), silent_regions(months)])
    regions = areas.filter(pl.col("level") == "region")
    rows = with_ability(with_dimensions(regions, {"rule_set": rule_sets.names}), able, ["rule_set"])
    table = with_sums(rows, summed(lazy(counts), keys, values), keys, values)
    return finished(
        table.with_columns(share=nw.col("numerator") / nw.col("denominator")),
        DEFINITION_COMPARISON,
        month=months[0].month,
        defined=nw.col("denominator") > 0,
    )
