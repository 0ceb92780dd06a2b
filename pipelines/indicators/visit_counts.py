"""From profiles of visits to counts that add up: persons by n and one measure of the profile.

No index needs more than n and one measure, and such counts are far fewer than profiles.
"""

from collections.abc import Sequence
from typing import NamedTuple

import narwhals as nw

from pipelines.indicators.frame import Frame, numbered
from pipelines.indicators.indices import MEASURES
from pipelines.indicators.visits import with_selection
from schemas.parts import UNIT_VISIT_COUNTS, VISIT_COUNTS


class VisitCounts(NamedTuple):
    """Counts of one region: the whole region by sex and age group, and its units."""

    region: Frame
    units: Frame


def visit_counts(profiles: Frame, groups: Frame) -> VisitCounts:
    """Persons by n and each measure of their profiles.

    `profiles` and `groups` as `visit_profiles` and `listed_contacts` give them. Persons who count
    at no unit stand in the region only. Source: contract, section 3, Continuity.
    """
    at_unit = groups.filter(~nw.col("unit_id").is_null())
    return VisitCounts(
        _counts(profiles, groups, ["region_code", "sex", "age_group", "sabo"]).select(
            VISIT_COUNTS.column_names
        ),
        _counts(profiles, at_unit, ["region_code", "unit_id", "sabo"]).select(
            UNIT_VISIT_COUNTS.column_names
        ),
    )


def _counts(profiles: Frame, groups: Frame, keys: Sequence[str]) -> Frame:
    of_groups, places = numbered(groups, keys, "place")
    placed = profiles.join(
        of_groups.select("group_number", "place"), on="group_number", how="inner"
    )
    counts = [
        placed.group_by("place", "selection", "n", measure)
        .agg(nw.col("persons").sum())
        .select(
            "place",
            "selection",
            "n",
            measure=nw.lit(measure),
            amount=nw.col(measure),
            persons=nw.col("persons").cast(nw.Int64),
        )
        for measure in MEASURES
    ]
    return with_selection(nw.concat(counts).join(places, on="place", how="inner"))
