"""Removing the persons of months past their retention. Receipts, counts and statistics stay.

What is removed is written down first: it is never taken in again, and the months that were made of
it are never made again. They stay published as they were.
"""

from dataclasses import dataclass
from datetime import date

from pipelines.errors import WrongUseError
from pipelines.indicators.months import months_back
from pipelines.months import month_of
from pipelines.person_parts import remove_person_parts
from pipelines.receipts import PRUNED, Receipts, StoredReceipt
from pipelines.store import Store
from schemas.deliveries import POPULATION
from schemas.variants import longest_window_months


@dataclass(frozen=True)
class Removed:
    """What was removed: deliveries' microdata, parts that hold persons, bytes of all.

    `in_landing` is how many of the deliveries still lie in the landing folder.
    """

    contents: int
    parts: int
    bytes: int
    in_landing: int


def prune(store: Store, receipts: Receipts, before: str, *, dry_run: bool = False) -> Removed:
    """Remove the persons of months before `before` that no figure of it or a later month needs.

    With `dry_run` nothing is removed. Raises WrongUseError when no figures of `before` or later
    have been made: they would be all there is.
    """
    made = sorted(path.parent.name for path in store.path("parts").glob("*/statistics"))
    if not made or before > made[-1]:
        newest = f"the newest figures are of {made[-1]}" if made else "no figures have been made"
        raise WrongUseError(
            f"Nothing was removed: {newest}. Give --before a month that figures have been made of."
        )
    gone = [each for each in receipts.all if _is_past(each, receipts, before)]
    paths = [
        path
        for each in gone
        for path in (each.microdata(store), each.list_names(store), each.rejected_rows(store))
        if path.exists()
    ]
    size = sum(path.stat().st_size for path in paths)
    contents = sum(each.microdata(store).exists() for each in gone)
    if not dry_run:
        identities = receipts.pruned.identities | {each.identity for each in gone}
        record = {"before": max(before, receipts.pruned.before), "identities": sorted(identities)}
        store.write_json(record, PRUNED)
        for path in paths:
            path.unlink()
    parts = remove_person_parts(store, [each for each in made if each < before], dry_run=dry_run)
    return Removed(
        contents=contents,
        parts=len(parts),
        bytes=size + sum(parts),
        in_landing=sum(receipts.is_present(each) for each in gone),
    )


def _is_past(receipt: StoredReceipt, receipts: Receipts, before: str) -> bool:
    """Whether an accepted content is of no use for figures of `before` and later."""
    day = receipt.reference_date
    if receipt.status != "accepted" or day is None or receipt.delivery == POPULATION.name:
        return False
    first_day = date.fromisoformat(f"{before}-01")
    if receipt.delivery == "care_contacts":
        window = months_back(first_day, longest_window_months())
        return month_of(day) < month_of(date.fromordinal(window.toordinal() + 1))
    if day >= first_day:
        return False
    # A register of an earlier month stands in until there is a newer one.
    return receipt.delivery == "listings" or day != _newest_before(receipt, receipts, first_day)


def _newest_before(receipt: StoredReceipt, receipts: Receipts, first_day: date) -> date | None:
    """The date of the newest accepted snapshot of the same register before a day."""
    suffix = receipt.suffix if receipt.delivery == "care_markings" else None
    return max(
        (
            each.reference_date
            for each in receipts.in_force
            if (each.region_code, each.delivery) == (receipt.region_code, receipt.delivery)
            and suffix in (None, each.suffix)
            and each.identity not in receipts.pruned.identities
            and each.reference_date is not None
            and each.reference_date < first_day
        ),
        default=None,
    )
