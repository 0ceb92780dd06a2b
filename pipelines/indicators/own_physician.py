"""Own physician (SLICC): how many of the visits to physicians were to the named one."""

from collections.abc import Sequence

import narwhals as nw
import polars as pl

from pipelines.indicators.assembly import (
    ability,
    finished,
    lazy,
    nation_and_regions,
    only_able,
    unit_areas,
    with_ability,
    with_breakdown,
    with_sums,
)
from pipelines.indicators.contacts import ListedContacts, day_of, person_of, provider_of
from pipelines.indicators.frame import Frame
from pipelines.indicators.intervals import wilson_bounds
from pipelines.indicators.margins import AREA_KEY, area_sums, summed
from pipelines.indicators.region_month import CARE_CONTACTS, RegionMonth, complete
from schemas import codes
from schemas.parts import OWN_VISITS
from schemas.statistics import OWN_PHYSICIAN

WINDOW_MONTHS = codes.OWN_PHYSICIAN_WINDOW_MONTHS
VALUES = ["persons", "own_visits", "visits"]


def own_visits(listed: ListedContacts, to_physicians: Frame) -> Frame:
    """Visits to the own physician, and to any, by unit of listing, sex and age group.

    `to_physicians` are the `selected_visits` of series physician and scope any_unit, of all listed
    persons or of a slice of them. Numerator: visits to the named physician. Denominator: all visits
    with a `provider_id`. Both of listed persons with a named physician under `reported` on d, every
    unit that the region delivers, in the 18 months before d; several contacts with the same
    physician on one day are one. `persons` are those with at least one such visit; no minimum.
    Reserve identities are left out. Source: contract, section 3, Own physician (SLICC).
    """
    named = listed.persons.filter(nw.col("named_reported"))
    contact = nw.col("contact")
    own = (provider_of(contact) == nw.col("provider")).fill_null(False)
    of_persons = (
        to_physicians.filter(day_of(contact) > listed.day_before(WINDOW_MONTHS))
        .with_columns(person_number=person_of(contact))
        .join(named, on="person_number", how="inner")
        .with_columns(own_visits=own.cast(nw.Int64))
        .group_by("person_number", "group_number")
        .agg(nw.len().alias("visits"), nw.col("own_visits").sum())
        .with_columns(nw.col("visits").cast(nw.Int64), persons=nw.lit(1))
    )
    return sum_of_own_visits([of_persons.join(listed.groups, on="group_number", how="inner")])


def sum_of_own_visits(parts: Sequence[Frame]) -> Frame:
    """OWN_VISITS of several slices of persons together."""
    together = nw.concat(list(parts))
    return summed(together, ["region_code", "unit_id", "sex", "age_group"], VALUES).select(
        OWN_VISITS.column_names
    )


def own_physician_table(
    own_visits: pl.DataFrame,
    listed_counts: pl.DataFrame,
    unit_names: pl.DataFrame,
    region_months: Sequence[RegionMonth],
) -> pl.DataFrame:
    """The table own_physician of a month, before disclosure control.

    Undefined: no such visit. Not reported: a region without contacts in the window or without what
    it takes to tell who has a named physician. Source: contract, sections 3 and 4.
    """
    months = complete(region_months)
    able = ability(
        months,
        {(): lambda month: month.has(CARE_CONTACTS) and month.can_tell_named("reported")},
        (),
    )
    sums = area_sums(
        only_able(lazy(own_visits), able), area="unit_id", dimensions=[], values=VALUES
    )
    areas = pl.concat([nation_and_regions(months), unit_areas(listed_counts, unit_names, months)])
    rows = with_ability(with_breakdown(areas), able)
    low, high = wilson_bounds(nw.col("own_visits"), nw.col("visits"))
    table = with_sums(rows, sums, AREA_KEY, VALUES).with_columns(
        share=nw.col("own_visits") / nw.col("visits"), ci_low=low, ci_high=high
    )
    return finished(table, OWN_PHYSICIAN, month=months[0].month, defined=nw.col("visits") > 0)
