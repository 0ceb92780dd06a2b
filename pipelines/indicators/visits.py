"""From the contacts of listed persons to visits, and from visits to profiles of visits."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import narwhals as nw

from pipelines.indicators.contacts import DAY, NO_PROVIDER, PROVIDER, ListedContacts
from pipelines.indicators.frame import Frame, code_at, with_previous
from pipelines.indicators.indices import PROFILE
from schemas import codes
from schemas.parts import QUALITY_SUMS
from schemas.variants import Variant

# A visit in its order is one whole number: person, day, minute and provider.
MINUTE = 2**11


class RegionVisits(NamedTuple):
    """What one region's contacts give for continuity."""

    profiles: Frame
    quality: Frame


def visit_profiles(listed: ListedContacts, *, variants: Iterable[Variant]) -> RegionVisits:
    """How many listed persons have which profile of visits, by group and selection of visits.

    A selection is a series, unit scope and window as one number; `with_selection` tells them.
    `profiles` has group_number, selection, n, p, sum_of_squares, most, same and persons.

    Counted: persons listed in the region on the reference date who are not reserve identities,
    with at least as many visits as the smallest minimum of the window's variants. First the series
    and scope choose the contacts (`own_unit`: at the unit of listing; `any_unit`: all that the
    region delivers); those without `provider_id` are left out, and counted in `quality`; then
    several contacts of a person with the same provider on one day are one, the earliest (missing
    time last). Order of visits, for `same`: date, time (missing last), provider id as text.
    Source: contract, section 3, Continuity.
    """
    minimums: dict[int, int] = {}
    for variant in sorted(variants, key=lambda each: each.window_months):
        known = minimums.get(variant.window_months, variant.min_visits)
        minimums[variant.window_months] = min(known, variant.min_visits)
    begins_after = {window: listed.day_before(window) for window in minimums}
    counts = []
    for series in codes.SERIES:
        for unit_scope in codes.UNIT_SCOPES:
            visits = _visits(listed.contacts, series, unit_scope)
            persons = _counted_in_windows(visits, begins_after)
            counts += [
                _counted_by_group(persons, listed.persons, window, least).with_columns(
                    selection=nw.lit(selection_number(series, unit_scope, window)).cast(nw.Int64)
                )
                for window, least in minimums.items()
            ]
    profiles = nw.concat(counts).select("group_number", "selection", *PROFILE, "persons")
    return RegionVisits(profiles, _quality(listed))


def selection_number(series: str, unit_scope: str, window_months: int) -> int:
    """The number that stands for a series, unit scope and window in the column `selection`."""
    place = codes.SERIES.index(series) * len(codes.UNIT_SCOPES)
    place += codes.UNIT_SCOPES.index(unit_scope)
    return window_months * len(codes.SERIES) * len(codes.UNIT_SCOPES) + place


def with_selection(frame: Frame) -> Frame:
    """Adds series, unit_scope and window_months, which the column `selection` stands for."""
    scopes, series = len(codes.UNIT_SCOPES), len(codes.SERIES)
    selection = nw.col("selection")
    return frame.with_columns(
        series=code_at(selection // scopes % series, codes.SERIES),
        unit_scope=code_at(selection % scopes, codes.UNIT_SCOPES),
        window_months=selection // (scopes * series),
    )


def _visits(contacts: Frame, series: str, unit_scope: str) -> Frame:
    """One row per visit of a series and scope: its moment, a number that sorts visits in order.

    Several contacts of a person with the same provider on one day are one, the earliest.
    """
    counted = nw.col(series) & (nw.col("contact") % PROVIDER != NO_PROVIDER)
    if unit_scope == "own_unit":
        counted = counted & nw.col("own_unit")
    person_day, provider = nw.col("contact") // PROVIDER, nw.col("contact") % PROVIDER
    return (
        contacts.filter(counted)
        .group_by("contact")
        .agg(nw.col("minute").min())
        .select(moment=(person_day * MINUTE + nw.col("minute")) * PROVIDER + provider)
    )


def _counted_in_windows(visits: Frame, begins_after: Mapping[int, int]) -> Frame:
    """One row per person: the profile of visits in each window, its columns named by its months.

    `begins_after` tells the day that each window begins after. `same` counts a visit whose
    predecessor in the window is the same person's visit to the same provider.
    """
    of_person, of_day = DAY * MINUTE * PROVIDER, MINUTE * PROVIDER
    before, now = nw.col("previous"), nw.col("moment")
    same = (now // of_person == before // of_person) & (now % PROVIDER == before % PROVIDER)
    in_windows, of_provider, of_person_number = {}, [], []
    for window, start in begins_after.items():
        n, p, squares, most, alike = (f"{name}_{window}" for name in PROFILE)
        in_windows[n] = now // of_day % DAY > start
        in_windows[alike] = (same & (before // of_day % DAY > start)).fill_null(False)
        of_provider += [nw.col(n).sum(), nw.col(alike).sum()]
        of_person_number += [
            nw.col(n).sum(),
            (nw.col(n) > 0).cast(nw.Int64).sum().alias(p),
            (nw.col(n) * nw.col(n)).sum().alias(squares),
            nw.col(n).max().alias(most),
            nw.col(alike).sum(),
        ]
    return (
        with_previous(visits, "moment", "previous")
        .select(
            person_provider=now // of_person * PROVIDER + now % PROVIDER,
            **{name: counted.cast(nw.Int64) for name, counted in in_windows.items()},
        )
        .group_by("person_provider")
        .agg(*of_provider)
        .with_columns(person_number=nw.col("person_provider") // PROVIDER)
        .group_by("person_number")
        .agg(*of_person_number)
    )


def _counted_by_group(persons: Frame, listed: Frame, window_months: int, least: int) -> Frame:
    """Persons with at least `least` visits in the window, by group and profile."""
    return (
        persons.filter(nw.col(f"n_{window_months}") >= least)
        .select(
            "person_number",
            **{name: nw.col(f"{name}_{window_months}").cast(nw.Int64) for name in PROFILE},
        )
        .join(listed.select("person_number", "group_number"), on="person_number", how="inner")
        .group_by("group_number", *PROFILE)
        .agg(nw.len().alias("persons"))
        .with_columns(nw.col("persons").cast(nw.Int64))
    )


def _quality(listed: ListedContacts) -> Frame:
    """Data-quality sums: contacts without `provider_id`, of the series' contacts (any_unit).

    Of listed persons, in the longest window.
    """
    region = listed.groups.select("region_code").unique(["region_code"])
    without_provider = nw.col("contact") % PROVIDER == NO_PROVIDER
    metrics = []
    for series in codes.SERIES:
        sums = (
            listed.contacts.filter(nw.col(series))
            .select(
                without_provider.cast(nw.Int64).sum().alias("numerator"),
                nw.len().alias("denominator"),
            )
            .with_columns(
                nw.col("numerator").fill_null(0).cast(nw.Int64),
                nw.col("denominator").cast(nw.Int64),
                metric=nw.lit(f"without_provider_{series}"),
                delivery=nw.lit("care_contacts"),
            )
        )
        metrics.append(sums.join(region, how="cross").select(QUALITY_SUMS.column_names))
    return nw.concat(metrics)
