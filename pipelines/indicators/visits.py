"""From contacts to visits, and from visits to profiles of visits."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import narwhals as nw

from pipelines.indicators.frame import Frame
from pipelines.indicators.markings import RESERVE, linkable
from pipelines.indicators.months import months_back
from pipelines.indicators.people import counted_unit
from schemas import codes
from schemas.parts import QUALITY_SUMS, VISIT_PROFILES
from schemas.variants import Variant

MINUTES_OF_DAY = 24 * 60

# A visit is one whole number: person, day, minute and provider, from the highest bits to the
# lowest, so that sorting the numbers sorts visits by person, date, time and provider. That leaves
# room for 2²⁴ listed persons and 2¹⁸ providers in a region and for windows of up to 32 months.
PROVIDER = 2**18
MINUTE = 2**11
DAY = 2**10
LONGEST_WINDOW = 32


class RegionVisits(NamedTuple):
    """What one region's contacts give for continuity."""

    profiles: Frame
    quality: Frame


def in_window(reference_date: date, window_months: int) -> nw.Expr:
    """Contacts of the window: d − window < `contact_date` ≤ d.

    Source: contract, section 3, Continuity.
    """
    start = months_back(reference_date, window_months)
    day = nw.col("contact_date")
    return (day > nw.lit(start)) & (day <= nw.lit(reference_date))


def in_series(series: str) -> nw.Expr:
    """Contacts of a series.

    `physician`: profession lakare, contact types mottagning and hembesok. `all_professions`: every
    profession and contact type. Source: contract, section 3, Continuity.
    """
    return _among("profession", codes.SERIES_PROFESSIONS[series], codes.PROFESSIONS) & _among(
        "contact_type", codes.SERIES_CONTACT_TYPES[series], codes.CONTACT_TYPES
    )


def _among(column: str, accepted: Sequence[str], known: Sequence[str]) -> nw.Expr:
    """Whether the code is accepted; where all known ones are, nothing is compared."""
    if set(accepted) == set(known):
        return ~nw.col(column).is_null()
    return nw.col(column).is_in(list(accepted))


def minute_of_day() -> nw.Expr:
    """The contact's time in minutes; a missing time is after every time of the day."""
    time = nw.col("contact_time").dt
    minute = time.hour().cast(nw.Int64) * 60 + time.minute().cast(nw.Int64)
    return minute.fill_null(MINUTES_OF_DAY)


def visit_profiles(
    people: Frame,
    care_contacts: Frame,
    *,
    reference_date: date,
    variants: Iterable[Variant],
) -> RegionVisits:
    """How many listed persons have which profile of visits, by series, unit scope and window.

    Counted: persons listed in the region on the reference date who are not reserve identities,
    with at least as many visits as the smallest minimum of the window's variants. First the series
    and scope choose the contacts (`own_unit`: at the unit of listing; `any_unit`: all that the
    region delivers); those without `provider_id` are left out, and counted in `quality`; then
    several contacts of a person with the same provider on one day are one, the earliest (missing
    time last). Order of visits, for `same`: date, time (missing last), provider id as text.
    `people` and `care_contacts` are one region's. Source: contract, section 3, Continuity.
    """
    minimums: dict[int, int] = {}
    for variant in variants:
        known = minimums.get(variant.window_months, variant.min_visits)
        minimums[variant.window_months] = min(known, variant.min_visits)
    longest = max(minimums)
    if longest > LONGEST_WINDOW:
        raise ValueError(f"A window may be at most {LONGEST_WINDOW} months, not {longest}.")
    listed = (
        linkable(people)
        .with_row_index("person_number", order_by="person")
        .with_columns(nw.col("person_number").cast(nw.Int64))
    )
    contacts = _contacts_of(listed, care_contacts, reference_date, longest)
    start = months_back(reference_date, longest)
    visits = _visits_by_day(contacts, start)
    profiles = []
    for window_months, least in sorted(minimums.items()):
        before = _days_since(months_back(reference_date, window_months), start)
        in_time = visits.filter(nw.col("person_day") % DAY > before)
        for series in codes.SERIES:
            for unit_scope in codes.UNIT_SCOPES:
                profiles.append(
                    _profiles_of(in_time, f"{series}_{unit_scope}", least).with_columns(
                        series=nw.lit(series),
                        unit_scope=nw.lit(unit_scope),
                        window_months=nw.lit(window_months).cast(nw.Int64),
                    )
                )
    groups = listed.select(
        "region_code",
        "person_number",
        counted_unit().alias("unit_id"),
        "sex",
        "age_group",
        "sabo",
    )
    keys = [column.name for column in VISIT_PROFILES.columns[:-1]]
    counted = (
        nw.concat(profiles)
        .join(groups, on="person_number", how="inner")
        .group_by(*keys)
        .agg(nw.len().alias("persons"))
        .with_columns(nw.col("persons").cast(nw.Int64))
        .select(VISIT_PROFILES.column_names)
    )
    return RegionVisits(counted, _quality(listed, contacts))


def _contacts_of(
    listed: Frame, care_contacts: Frame, reference_date: date, window_months: int
) -> Frame:
    """The listed persons' contacts in the longest window, with the unit of listing beside."""
    persons = listed.select("person", "person_number", nw.col("unit_id").alias("unit_of_listing"))
    return (
        care_contacts.filter(
            in_window(reference_date, window_months), nw.col("identity_kind") != RESERVE
        )
        .drop("identity_kind")
        .join(persons, on="person", how="inner")
    )


def _calendar_number(year: nw.Expr, month: nw.Expr, day: nw.Expr) -> nw.Expr:
    """A number that grows with the date, by 31 a month."""
    return (year.cast(nw.Int64) * 12 + month.cast(nw.Int64)) * 31 + day.cast(nw.Int64)


def _days_since(day: date, start: date) -> int:
    """How far a day is from the start of the longest window, in the calendar number's steps."""
    return (day.year - start.year) * 372 + (day.month - start.month) * 31 + day.day - start.day


def _visits_by_day(contacts: Frame, start: date) -> Frame:
    """One row per person, day and provider, with the earliest minute for each series and scope.

    `person_day` and `provider` are packed numbers; the provider's is the place of its id among the
    region's ids sorted as text. A minute is missing where no contact of that day belongs to the
    series and scope. Several contacts of a person with the same provider on one day are thus one.
    """
    known = contacts.filter(~nw.col("provider_id").is_null())
    providers = (
        known.select("provider_id")
        .unique(["provider_id"])
        .with_columns(provider=nw.col("provider_id").rank("dense").cast(nw.Int64))
    )
    own_unit = nw.col("unit_id") == nw.col("unit_of_listing")
    minutes = {}
    for series in codes.SERIES:
        minutes[f"{series}_own_unit"] = nw.when(in_series(series) & own_unit).then(nw.col("minute"))
        minutes[f"{series}_any_unit"] = nw.when(in_series(series)).then(nw.col("minute"))
    contact = nw.col("contact_date").dt
    day = _calendar_number(contact.year(), contact.month(), contact.day()) - (
        start.year * 372 + start.month * 31 + start.day
    )
    return (
        known.join(providers, on="provider_id", how="inner")
        .with_columns(
            visit=(nw.col("person_number") * DAY + day) * PROVIDER + nw.col("provider"),
            minute=minute_of_day(),
        )
        .select("visit", **minutes)
        .group_by("visit")
        .agg(*(nw.col(name).min() for name in minutes))
        .with_columns(person_day=nw.col("visit") // PROVIDER, provider=nw.col("visit") % PROVIDER)
        .drop("visit")
    )


def _profiles_of(visits: Frame, selection: str, least: int) -> Frame:
    """One row per person with at least `least` visits of a series and scope: the profile.

    One sort of whole numbers gives the order of visits; `same` counts a visit whose predecessor is
    the same person's visit to the same provider.
    """
    of_person = DAY * MINUTE * PROVIDER
    moment = (nw.col("person_day") * MINUTE + nw.col(selection)) * PROVIDER + nw.col("provider")
    before, now = nw.col("previous"), nw.col("moment")
    same_person = now // of_person == before // of_person
    same_provider = now % PROVIDER == before % PROVIDER
    by_provider = (
        visits.filter(~nw.col(selection).is_null())
        .select(moment=moment)
        .with_columns(previous=nw.col("moment").shift(1).over(order_by="moment"))
        .select(
            person_provider=now // of_person * PROVIDER + now % PROVIDER,
            same=(same_person & same_provider).fill_null(False).cast(nw.Int64),
        )
        .group_by("person_provider")
        .agg(nw.len().alias("visits"), nw.col("same").sum())
        .with_columns(nw.col("visits").cast(nw.Int64))
    )
    whole = ("n", "p", "sum_of_squares", "most", "same")
    return (
        by_provider.with_columns(
            person_number=nw.col("person_provider") // PROVIDER,
            square=nw.col("visits") * nw.col("visits"),
        )
        .group_by("person_number")
        .agg(
            nw.col("visits").sum().alias("n"),
            nw.len().alias("p"),
            nw.col("square").sum().alias("sum_of_squares"),
            nw.col("visits").max().alias("most"),
            nw.col("same").sum(),
        )
        .filter(nw.col("n") >= least)
        .select("person_number", *whole)
        .with_columns(*(nw.col(name).cast(nw.Int64) for name in whole))
    )


def _quality(listed: Frame, contacts: Frame) -> Frame:
    """Data-quality sums: contacts without `provider_id`, of the series' contacts (any_unit).

    Of listed persons, in the longest window.
    """
    region = listed.select("region_code").unique(["region_code"])
    metrics = []
    for series in codes.SERIES:
        sums = (
            contacts.filter(in_series(series))
            .select(
                nw.col("provider_id").is_null().cast(nw.Int64).sum().alias("numerator"),
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
