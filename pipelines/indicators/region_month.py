"""What is known of a region's month before any figure is made: does it report, and with what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.indicators.months import months_of_window
from schemas.regions import region_names

# The deliveries that figures need; `population` is the national register.
UNITS = "units"
LISTINGS = "listings"
PHYSICIANS = "physicians"
CARE_CONTACTS = "care_contacts"
CARE_MARKINGS = "care_markings"
FIXED_CONTACTS = "fixed_contacts"


@dataclass(frozen=True)
class RegionMonth:
    """A region and month.

    `reference_date` is missing when the region does not report. `deliveries` are those with an
    accepted content that can be used on the reference date. `fictitious_name_rule` false means
    that the region's profile has switched off the name rule, so that units are not needed to tell
    who has a named physician. `last_contact_month` is the newest month with accepted contacts;
    missing when it is not known.
    """

    region_code: str
    month: str
    reference_date: date | None
    deliveries: frozenset[str]
    contact_months: int
    contact_months_expected: int
    remarks: str | None
    fictitious_name_rule: bool = True
    last_contact_month: str | None = None

    @property
    def reports(self) -> bool:
        """Whether the region has an accepted listings snapshot in the month."""
        return self.reference_date is not None

    def has(self, *deliveries: str) -> bool:
        """Whether the region reports and has all these deliveries."""
        return self.reports and set(deliveries) <= self.deliveries

    def has_contacts_in(self, window_months: int) -> bool:
        """Whether the region has contacts of some month of the window before its reference date."""
        if self.reference_date is None or not self.has(CARE_CONTACTS):
            return False
        first = months_of_window(self.reference_date, window_months)[0]
        return self.last_contact_month is None or self.last_contact_month >= first

    def can_tell_named(self, rule_set: str) -> bool:
        """Whether the region has what it takes to tell who has a named physician.

        That is the units register for the name rule of fictitious lists, and the physicians
        register for every rule set but `reported`. Source: contract, sections 2 and 3.
        """
        needed = {LISTINGS} if not self.fictitious_name_rule else {LISTINGS, UNITS}
        if rule_set != "reported":
            needed.add(PHYSICIANS)
        return self.has(*needed)


def complete(region_months: Sequence[RegionMonth]) -> list[RegionMonth]:
    """One entry for each of the 21 regions, sorted by code; who is not there does not report."""
    if not region_months:
        raise ValueError("No region and month given.")
    months = {entry.month for entry in region_months}
    if len(months) != 1:
        raise ValueError(f"One month at a time, not {', '.join(sorted(months))}.")
    month = months.pop()
    given = {entry.region_code: entry for entry in region_months}
    if len(given) != len(region_months) or not given.keys() <= region_names().keys():
        raise ValueError("Region codes are unknown or stand twice.")
    silent = frozenset[str]()
    return [
        given.get(code) or RegionMonth(code, month, None, silent, 0, 0, None)
        for code in region_names()
    ]


def national_reference_date(region_months: Sequence[RegionMonth]) -> date | None:
    """The latest of the reporting regions' reference dates; missing when none reports.

    Source: contract, section 3, Month, reference date.
    """
    days = [entry.reference_date for entry in region_months if entry.reference_date is not None]
    return max(days, default=None)
