"""Which deliveries a month's figures are made from: reference dates, registers that stand in.

The rules are those of the contract, section 3, "Month, reference date". Nothing is read here but
receipts.
"""

from dataclasses import dataclass, field
from datetime import date

from pipelines.indicators.months import months_of_window
from pipelines.indicators.region_month import RegionMonth
from pipelines.months import month_of
from pipelines.receipts import Receipts, StoredReceipt, newest
from pipelines.remarks import remark_of_no_report, remarks_of
from schemas.regions import region_names
from schemas.sentences import sentence
from schemas.variants import longest_window_months

REGISTERS = ("units", "physicians", "fixed_contacts")


@dataclass(frozen=True)
class Selection:
    """What a region's figures of a month are made from: receipts by delivery.

    `contacts` are those of the months of the longest window. All are empty when the region does
    not report.
    """

    region_month: RegionMonth
    files: dict[str, tuple[StoredReceipt, ...]] = field(default_factory=dict)

    @property
    def reports(self) -> bool:
        """The region has an accepted listings snapshot in the month."""
        return self.region_month.reference_date is not None

    def accepted_rows(self, *deliveries: str) -> int:
        """How many rows of microdata these deliveries hold."""
        return sum(each.accepted for name in deliveries for each in self.files.get(name, ()))

    def identities(self, *deliveries: str) -> list[str]:
        """What the selected files are, for a fingerprint."""
        return [each.identity + each.made_by for name in deliveries for each in self.files[name]]


def newest_month(receipts: Receipts) -> str | None:
    """The newest month that has an accepted listings delivery; None when there is none."""
    return max(_delivered_months(receipts), default=None)


def month_of_request(receipts: Receipts, year: int) -> str | None:
    """The month that SKR's request of a year is answered for: November where any region's listings
    of it are accepted, else the year's newest such month; None when there is none.
    """
    of_year = {month for month in _delivered_months(receipts) if month.startswith(f"{year}-")}
    november = f"{year}-11"
    return november if november in of_year else max(of_year, default=None)


def _delivered_months(receipts: Receipts) -> set[str]:
    """The months that have an accepted listings delivery."""
    return {
        month_of(each.reference_date)
        for each in receipts.in_force
        if each.delivery == "listings" and each.reference_date
    }


def select(receipts: Receipts, month: str) -> dict[str, Selection]:
    """Region code to what its figures of the month are made from, for all 21 regions."""
    return {region: _select_region(receipts, region, month) for region in region_names()}


def population_files(receipts: Receipts, month: str) -> tuple[StoredReceipt, ...]:
    """The parts of the population of the newest year that is not after the month's."""
    last_day = date(int(month[:4]), 12, 31)
    return tuple(newest((r for r in receipts.in_force if r.delivery == "population"), last_day))


def _select_region(receipts: Receipts, region: str, month: str) -> Selection:
    accepted = [
        each
        for each in receipts.in_force
        if each.region_code == region and _can_be_used(each, receipts, month)
    ]
    listings = [
        each
        for each in accepted
        if each.delivery == "listings"
        and each.reference_date
        and month_of(each.reference_date) == month
    ]
    if not listings:
        return Selection(_not_reporting(receipts, region, month))
    reference_date = max(each.reference_date for each in listings if each.reference_date)
    files = {"listings": tuple(newest(listings, reference_date))}
    for register in REGISTERS:
        of_register = (each for each in accepted if each.delivery == register)
        files[register] = tuple(newest(of_register, reference_date))
    files["care_markings"] = _newest_per_source(accepted, reference_date)
    files["care_contacts"], expected = _window(accepted, reference_date)
    contact_months = {
        month_of(r.reference_date) for r in files["care_contacts"] if r.reference_date
    }
    name_rule = region not in receipts.without_name_rule
    remarks = remarks_of(receipts, region, reference_date, files, expected)
    if not name_rule:
        remarks = " ".join(filter(None, [remarks, sentence("name_rule_off")]))
    return Selection(
        RegionMonth(
            region_code=region,
            month=month,
            reference_date=reference_date,
            deliveries=frozenset(name for name, chosen in files.items() if chosen),
            contact_months=len(contact_months),
            contact_months_expected=len(expected),
            remarks=remarks,
            fictitious_name_rule=name_rule,
            last_contact_month=max(contact_months, default=None),
        ),
        files,
    )


def _can_be_used(receipt: StoredReceipt, receipts: Receipts, month: str) -> bool:
    """What was pruned counts only in the months that were made of it and stay as they are."""
    return month < receipts.pruned.before or receipt.identity not in receipts.pruned.identities


def _not_reporting(receipts: Receipts, region: str, month: str) -> RegionMonth:
    return RegionMonth(
        region_code=region,
        month=month,
        reference_date=None,
        deliveries=frozenset(),
        contact_months=0,
        contact_months_expected=0,
        remarks=remark_of_no_report(receipts, region, month),
    )


def _newest_per_source(
    accepted: list[StoredReceipt], reference_date: date
) -> tuple[StoredReceipt, ...]:
    """Each source's newest snapshot of care markings."""
    markings = [each for each in accepted if each.delivery == "care_markings"]
    chosen: list[StoredReceipt] = []
    for source in sorted({each.suffix for each in markings}):
        chosen += newest((each for each in markings if each.suffix == source), reference_date)
    return tuple(chosen)


def _window(
    accepted: list[StoredReceipt], reference_date: date
) -> tuple[tuple[StoredReceipt, ...], list[str]]:
    """The contacts files of the longest window, and the months that it touches."""
    expected = months_of_window(reference_date, longest_window_months())
    chosen = [
        each
        for each in accepted
        if each.delivery == "care_contacts"
        and each.reference_date
        and month_of(each.reference_date) in expected
    ]
    return tuple(sorted(chosen, key=lambda each: each.file_name)), expected
