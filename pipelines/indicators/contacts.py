"""The contacts of a region's listed persons as whole numbers: what visits are counted from.

A contact is one number of 63 bits: person, day, provider and minute, from the highest bits to the
lowest. That leaves room for 2²⁵ listed persons (ten times Stockholm) and 2¹⁷ providers in a region,
and for windows of up to 32 months;
`demand_room` must be asked before anything is counted, as numbers without room would be others'
contacts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import narwhals as nw

from pipelines.errors import StepFailedError
from pipelines.indicators.frame import Frame
from pipelines.indicators.markings import RESERVE, linkable
from pipelines.indicators.months import months_back
from pipelines.indicators.people import counted_unit
from schemas import codes

MINUTES_OF_DAY = 24 * 60

MINUTE = 2**11
PROVIDER = 2**17
DAY = 2**10
MOST_PERSONS = 2**25
LONGEST_WINDOW = 32

NO_PROVIDER = 0

GROUP = ("region_code", "unit_id", "sex", "age_group", "sabo")
"""What listed persons are counted by: all that the areas and populations need."""


@dataclass(frozen=True)
class ListedContacts:
    """The contacts of one region's listed persons in a window that ends on the reference date.

    `persons`: person_number, group_number, named_reported, and provider of the person's physician
    (missing without one who is a provider here). `groups`: group_number and the columns of GROUP.
    `contacts`: contact (the packed number; provider 0 where the id is missing), own_unit
    (at the unit of listing), and a column for each series: whether it counts there.
    `sizes`: one row, how many persons and providers there are, for `demand_room`.
    """

    persons: Frame
    groups: Frame
    contacts: Frame
    sizes: Frame
    reference_date: date
    window_months: int

    def day_before(self, window_months: int) -> int:
        """The number of the day that a shorter window begins after."""
        if window_months > self.window_months:
            raise ValueError(
                f"Contacts of {self.window_months} months cannot tell of {window_months}."
            )
        start = months_back(self.reference_date, self.window_months)
        day = months_back(self.reference_date, window_months)
        return (day.year - start.year) * 372 + (day.month - start.month) * 31 + day.day - start.day


def listed_contacts(
    people: Frame, care_contacts: Frame, *, reference_date: date, window_months: int
) -> ListedContacts:
    """The contacts of listed persons who are not reserve identities, in the window.

    `people` and `care_contacts` are one region's. Raises ValueError for a window of more than 32
    months. Source: contract, section 3, Continuity.
    """
    if window_months > LONGEST_WINDOW:
        raise ValueError(f"A window may be at most {LONGEST_WINDOW} months, not {window_months}.")
    in_time = care_contacts.filter(
        in_window(reference_date, window_months), nw.col("identity_kind") != RESERVE
    )
    providers = _providers(in_time)
    listed = _numbered(linkable(people))
    groups = (
        listed.select(*GROUP)
        .unique(list(GROUP))
        .with_row_index("group_number", order_by=list(GROUP))
        .with_columns(nw.col("group_number").cast(nw.Int64))
    )
    with_groups = groups.with_columns(unit=_text_of_unit()).drop("unit_id")
    persons = (
        listed.with_columns(unit=_text_of_unit())
        .join(with_groups, on=["unit", *(name for name in GROUP if name != "unit_id")], how="inner")
        .join(
            providers.select("provider", nw.col("provider_id").alias("physician_id")),
            on="physician_id",
            how="left",
        )
        .select("person_number", "group_number", "named_reported", "provider")
    )
    start = months_back(reference_date, window_months)
    # Added up as soon as they are known, so that few columns are carried through the joins.
    day_and_minute = _day_since(start) * (PROVIDER * MINUTE) + minute_of_day()
    with_person = nw.col("contact") + nw.col("person_number") * (DAY * PROVIDER * MINUTE)
    with_provider = nw.col("contact") + nw.col("provider").fill_null(NO_PROVIDER) * MINUTE
    contacts = (
        in_time.select(
            "person",
            "unit_id",
            "provider_id",
            contact=day_and_minute,
            **{series: in_series(series) for series in codes.SERIES},
        )
        .join(listed.select("person", "person_number", "unit_of_listing"), on="person", how="inner")
        .select(
            "provider_id",
            *codes.SERIES,
            contact=with_person,
            own_unit=nw.col("unit_id") == nw.col("unit_of_listing"),
        )
        .join(providers, on="provider_id", how="left")
        .select("own_unit", *codes.SERIES, contact=with_provider)
    )
    sizes = providers.select(nw.len().alias("providers")).join(
        listed.select(nw.len().alias("persons")), how="cross"
    )
    return ListedContacts(persons, groups, contacts, sizes, reference_date, window_months)


def in_slices(contacts: Frame, *, persons: int, slices: int) -> list[Frame]:
    """The contacts in slices of whole persons, for what is counted a person at a time.

    `persons` is how many listed persons there are; a slice holds as many of them as the others.
    """
    if slices == 1:
        return [contacts]
    number = person_of(nw.col("contact"))
    in_each = -(-persons // slices)
    return [
        contacts.filter(number >= first, number < first + in_each)
        for first in range(0, persons, in_each)
    ]


def person_of(contact: nw.Expr) -> nw.Expr:
    """The number of a contact's person."""
    return contact // (DAY * PROVIDER * MINUTE)


def day_of(contact: nw.Expr) -> nw.Expr:
    """The number of a contact's day."""
    return contact // (PROVIDER * MINUTE) % DAY


def provider_of(contact: nw.Expr) -> nw.Expr:
    """The number of a contact's provider; NO_PROVIDER without one."""
    return contact // MINUTE % PROVIDER


def demand_room(region_code: str, *, persons: int, providers: int) -> None:
    """Raise StepFailedError where a region has more than a packed number has room for.

    A register of persons cannot be so large; provider ids are where they tell contacts apart and
    not persons, and then no figure of continuity would mean anything either.
    """
    if providers >= PROVIDER:
        raise StepFailedError(
            f"The contacts of region {region_code} name {providers:,} providers, more than there "
            "can be: provider_id seems to tell contacts apart, not persons. Ask the region; its "
            "continuity is not made until it delivers the ids of persons, or none."
        )
    if persons >= MOST_PERSONS:
        raise StepFailedError(
            f"Region {region_code} lists {persons:,} persons; contacts can be counted of at most "
            f"{MOST_PERSONS:,}. Check that the delivery is one region's."
        )


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


def _providers(contacts: Frame) -> Frame:
    """The number of each provider: the place of its id among the region's ids sorted as text."""
    return (
        contacts.filter(~nw.col("provider_id").is_null())
        .select("provider_id")
        .unique(["provider_id"])
        .with_columns(provider=nw.col("provider_id").rank("dense").cast(nw.Int64))
    )


def _numbered(listed: Frame) -> Frame:
    """Listed persons with a number each; protected ones count at no unit."""
    return (
        listed.select(
            "person",
            "region_code",
            nw.col("unit_id").alias("unit_of_listing"),
            counted_unit().alias("unit_id"),
            "sex",
            "age_group",
            "sabo",
            "named_reported",
            "physician_id",
        )
        .with_row_index("person_number", order_by="person")
        .with_columns(nw.col("person_number").cast(nw.Int64))
    )


def _text_of_unit() -> nw.Expr:
    """The unit as text that can be joined on, also where there is none."""
    return nw.col("unit_id").fill_null("")


def _day_since(start: date) -> nw.Expr:
    """How far the contact's day is from the start of the window; a month takes 31 numbers."""
    day = nw.col("contact_date").dt
    number = (day.year().cast(nw.Int64) * 12 + day.month().cast(nw.Int64)) * 31
    return number + day.day().cast(nw.Int64) - (start.year * 372 + start.month * 31 + start.day)
