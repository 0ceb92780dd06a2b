"""From the contacts of listed persons to visits, and from visits to profiles of visits."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

import narwhals as nw

from pipelines.indicators.contacts import (
    DAY,
    MINUTE,
    NO_PROVIDER,
    PROVIDER,
    ListedContacts,
    day_of,
    person_of,
    provider_of,
)
from pipelines.indicators.frame import (
    Frame,
    code_at,
    in_order,
    of_runs,
    place_in,
    smallest_of_each,
    with_previous,
)
from pipelines.indicators.indices import PROFILE
from schemas import codes
from schemas.parts import QUALITY_SUMS
from schemas.variants import Variant

Number = TypeVar("Number", int, nw.Expr)


def selected_visits(contacts: Frame) -> dict[tuple[str, str], Frame]:
    """The visits of each series and unit scope: which of the contacts they are, in order.

    `contacts` are those of `ListedContacts`. First the series and scope choose the contacts
    (`own_unit`: at the unit of listing; `any_unit`: all that the region delivers); those without
    `provider_id` are left out; then several contacts of a person with the same provider on one day
    are one, the earliest (missing time last). Source: contract, section 3, Continuity.
    """
    known = contacts.filter(provider_of(nw.col("contact")) != NO_PROVIDER)
    found = {}
    for series in codes.SERIES:
        any_unit = known.filter(nw.col(series))
        in_scope = {"own_unit": any_unit.filter(nw.col("own_unit")), "any_unit": any_unit}
        for unit_scope in codes.UNIT_SCOPES:
            ordered = in_order(in_scope[unit_scope].select("contact"), "contact")
            found[series, unit_scope] = smallest_of_each(ordered, "contact", MINUTE)
    return found


def visit_profiles(
    listed: ListedContacts,
    of_selections: Mapping[tuple[str, str], Frame],
    *,
    variants: Iterable[Variant],
) -> Frame:
    """How many listed persons have which profile of visits, by group and selection of visits.

    `of_selections` are the `selected_visits` of the listed persons, or of a slice of them. A
    selection is a series, unit scope and window as one number; `with_selection` tells them. The
    columns: group_number, selection, n, p, sum_of_squares, most, same and persons.

    Counted: persons listed in the region on the reference date who are not reserve identities,
    with at least as many visits as the smallest minimum of the window's variants. Order of visits,
    for `same`: date, time (missing last), provider id as text. Source: contract, section 3,
    Continuity.
    """
    minimums: dict[int, int] = {}
    for variant in sorted(variants, key=lambda each: each.window_months):
        known = minimums.get(variant.window_months, variant.min_visits)
        minimums[variant.window_months] = min(known, variant.min_visits)
    begins_after = {window: listed.day_before(window) for window in minimums}
    group_of_person = listed.persons.select("person_number", "group_number")
    counts = []
    for (series, unit_scope), visits in of_selections.items():
        persons = _counted_in_windows(visits, begins_after)
        in_groups = persons.join(group_of_person, on="person_number", how="inner")
        counts += [
            _counted_by_group(in_groups, window, least).with_columns(
                selection=nw.lit(selection_number(series, unit_scope, window)).cast(nw.Int64)
            )
            for window, least in minimums.items()
        ]
    return nw.concat(counts).select("group_number", "selection", *PROFILE, "persons")


def selection_number(series: str, unit_scope: str, window_months: int) -> int:
    """The number that stands for a series, unit scope and window in the column `selection`."""
    return _selection(
        window_months, codes.SERIES.index(series), codes.UNIT_SCOPES.index(unit_scope)
    )


def selection_column() -> nw.Expr:
    """The number that stands for each row's series, unit_scope and window_months."""
    return _selection(
        nw.col("window_months"),
        place_in("series", codes.SERIES),
        place_in("unit_scope", codes.UNIT_SCOPES),
    )


def _selection(window_months: Number, series: Number, unit_scope: Number) -> Number:
    """One number of a window and the places of a series and a unit scope."""
    return (window_months * len(codes.SERIES) + series) * len(codes.UNIT_SCOPES) + unit_scope


def with_selection(frame: Frame) -> Frame:
    """Adds series, unit_scope and window_months, which the column `selection` stands for."""
    scopes, series = len(codes.UNIT_SCOPES), len(codes.SERIES)
    selection = nw.col("selection")
    return frame.with_columns(
        series=code_at(selection // scopes % series, codes.SERIES),
        unit_scope=code_at(selection % scopes, codes.UNIT_SCOPES),
        window_months=selection // (scopes * series),
    )


def _counted_in_windows(visits: Frame, begins_after: Mapping[int, int]) -> Frame:
    """One row per person: the profile of visits in each window, its columns named by its months.

    `begins_after` tells the day that each window begins after.
    """
    return _met(visits, begins_after).join(
        _same_again(visits, begins_after), on="person_number", how="inner"
    )


def _met(visits: Frame, begins_after: Mapping[int, int]) -> Frame:
    """Per person and window n, p, sum_of_squares and most: how many visits to whom."""
    contact, meeting = nw.col("contact"), nw.col("meeting")
    by_provider = visits.select(
        meeting=(person_of(contact) * PROVIDER + provider_of(contact)) * DAY + day_of(contact)
    )
    in_window = {
        f"n_{window}": (meeting % DAY > start).cast(nw.Int64)
        for window, start in begins_after.items()
    }
    providers = of_runs(
        in_order(by_provider, "meeting").select(person_provider=meeting // DAY, **in_window),
        "person_provider",
        sums=list(in_window),
    )
    of_provider, sums, largest = {}, [], []
    for window in begins_after:
        n, p, squares, most = (f"{name}_{window}" for name in PROFILE[:-1])
        of_provider[n] = nw.col(n)
        of_provider[p] = (nw.col(n) > 0).cast(nw.Int64)
        of_provider[squares] = nw.col(n) * nw.col(n)
        of_provider[most] = nw.col(n)
        sums += [n, p, squares]
        largest.append(most)
    return of_runs(
        providers.select(person_number=nw.col("person_provider") // PROVIDER, **of_provider),
        "person_number",
        sums=sums,
        largest=largest,
    )


def _same_again(visits: Frame, begins_after: Mapping[int, int]) -> Frame:
    """Per person and window `same`: visits whose predecessor in the window was to the same
    provider. Order of visits: day, minute, provider.
    """
    contact, before, now = nw.col("contact"), nw.col("previous"), nw.col("moment")
    of_person, of_day = DAY * MINUTE * PROVIDER, MINUTE * PROVIDER
    person_day = contact // (PROVIDER * MINUTE)
    moments = visits.select(
        moment=(person_day * MINUTE + contact % MINUTE) * PROVIDER + provider_of(contact)
    )
    same = (now // of_person == before // of_person) & (now % PROVIDER == before % PROVIDER)
    alike = {
        f"same_{window}": (same & (before // of_day % DAY > start)).fill_null(False).cast(nw.Int64)
        for window, start in begins_after.items()
    }
    pairs = with_previous(in_order(moments, "moment"), "moment", "previous")
    return of_runs(
        pairs.select(person_number=now // of_person, **alike), "person_number", sums=list(alike)
    )


def _counted_by_group(persons: Frame, window_months: int, least: int) -> Frame:
    """Persons with at least `least` visits in the window, by group and profile."""
    return (
        persons.filter(nw.col(f"n_{window_months}") >= least)
        .select(
            "group_number",
            **{name: nw.col(f"{name}_{window_months}").cast(nw.Int64) for name in PROFILE},
        )
        .group_by("group_number", *PROFILE)
        .agg(nw.len().alias("persons"))
        .with_columns(nw.col("persons").cast(nw.Int64))
    )


def missing_providers(listed: ListedContacts) -> Frame:
    """Data-quality sums: contacts without `provider_id`, of the series' contacts (any_unit).

    Of listed persons, in the longest window. QUALITY_SUMS, a row for each series.
    """
    region = listed.groups.select("region_code").unique(["region_code"])
    without_provider = provider_of(nw.col("contact")) == NO_PROVIDER
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
