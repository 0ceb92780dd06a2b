"""From profiles of visits to counts that add up: persons by n and one measure of the profile.

No index needs more than n and one measure, and such counts are far fewer than profiles.
"""

from typing import NamedTuple

import narwhals as nw

from pipelines.indicators.frame import Frame, numbered
from pipelines.indicators.indices import MEASURES
from pipelines.indicators.margins import AREA_KEY, without_breakdown
from pipelines.indicators.visits import selection_column, with_selection
from schemas import codes
from schemas.parts import VISIT_COUNTS


class VisitCounts(NamedTuple):
    """Counts by place: of one region by sex and age group, and each of its units; or
    of the nation by sex and age group.

    `counts`: place, selection, n, measure, amount and persons. `places`: place, AREA_KEY (sex and
    age group `all` at units) and sabo, as a place's SÄBO residents are counted apart.
    """

    counts: Frame
    places: Frame


def visit_counts(profiles: Frame, groups: Frame) -> VisitCounts:
    """Persons by n and each measure of their profiles.

    `profiles` and `groups` as `visit_profiles` and `listed_contacts` give them. Persons who count
    at no unit stand in the region only. Source: contract, section 3, Continuity.
    """
    of_groups, places = numbered(_places(groups), [*AREA_KEY, "sabo"], "place")
    placed = profiles.join(of_groups, on="group_number", how="inner")
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
    return VisitCounts(nw.concat(counts), places)


def _places(groups: Frame) -> Frame:
    """The places that each group of persons counts in."""
    region = groups.with_columns(area_code=nw.col("region_code"), level=nw.lit("region"))
    at_unit = groups.filter(~nw.col("unit_id").is_null())
    unit = without_breakdown(at_unit, area="unit_id", level="unit")
    columns = ["group_number", *AREA_KEY, "sabo"]
    return nw.concat([region.select(columns), unit.select(columns)])


def region_visit_counts(counts: VisitCounts) -> Frame:
    """The counts of the whole region, which add up to the nation's."""
    region = counts.places.filter(nw.col("level") == "region")
    of_region = counts.counts.join(region, on="place", how="inner")
    return with_selection(of_region).select(VISIT_COUNTS.column_names)


def nation_visit_counts(summed: Frame) -> VisitCounts:
    """The nation's counts by sex and age group, from the regions' summed over them.

    `summed`: VISIT_COUNTS without the region's code. Sex and age group are never missing, as
    reserve identities have no visits that count.
    """
    placed, places = numbered(summed, ["sex", "age_group", "sabo"], "place")
    return VisitCounts(
        placed.select("place", "n", "measure", "amount", "persons", selection=selection_column()),
        places.with_columns(
            region_code=nw.lit(codes.NATION),
            area_code=nw.lit(codes.NATION),
            level=nw.lit("nation"),
        ),
    )
