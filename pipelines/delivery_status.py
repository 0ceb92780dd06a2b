"""Who has delivered what for a month: delivered, late, refused, sent again, withdrawn.

It looks at the landing folder and the receipts and writes nothing, so it may run beside a run.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.arrivals import Place, noted_as, said_of_overlooked
from pipelines.errors import WrongUseError
from pipelines.intake.content import LARGEST_FILE, FileVanishedError, checksum
from pipelines.intake.landing import LandingFile, landing_files
from pipelines.intake.refusal import FileRefusedError
from pipelines.months import month_of, months_between
from pipelines.receipts import Receipts, StoredReceipt, read_receipts
from pipelines.store import Store
from schemas.deliveries import POPULATION, REGIONAL_DELIVERIES, delivery
from schemas.delivery_calendar import due_date
from schemas.regions import region_names

REGIONAL_NAMES = tuple(contract.name for contract in REGIONAL_DELIVERIES)


@dataclass(frozen=True)
class DeliveryStatus:
    """What a region has delivered of one delivery for one month.

    `delivered` is the newest date that accepted contents of the month are true for, None where
    there is none; `former` the newest date before the month of an accepted snapshot, which stands
    in meanwhile (never for listings and contacts). `due` is the last day in time, None for a
    delivery that is optional; `is_late` that it has passed without an accepted delivery.
    `refused` are the contents that stand in the landing folder and are refused; `sent_again` the
    file names whose content has been replaced; `withdrawn` the names of accepted files that are no
    longer there; `waiting` those of contents that no run has looked at.
    """

    region_code: str
    delivery: str
    month: str
    delivered: date | None
    former: date | None
    due: date | None
    is_late: bool
    refused: tuple[StoredReceipt, ...] = ()
    sent_again: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """The state in a word or two: the date delivered, refused, withdrawn, late, missing …"""
        if self.delivered is not None:
            is_monthly = delivery(self.delivery).period == "month"
            return self.month if is_monthly else self.delivered.isoformat()
        if self.waiting:
            return "waiting"
        late = ", late" if self.is_late else ""
        if self.refused:
            return f"refused{late}"
        if self.withdrawn:
            return f"withdrawn{late}"
        if self.is_late:
            return "late"
        return "–" if self.due is None else "missing"


@dataclass(frozen=True)
class Deliveries:
    """The landing folder and the receipts as they are now.

    `waiting` are the files whose content has no receipt; `overlooked` says what else lies there.
    """

    receipts: Receipts
    waiting: tuple[LandingFile, ...]
    overlooked: tuple[str, ...]

    def newest_month(self, today: date) -> str | None:
        """The newest month, not after today's, that a region has sent anything for."""
        dates = [
            each.reference_date
            for each in self.receipts.all
            if each.delivery != POPULATION.name and self.receipts.is_present(each)
        ]
        dates += [each.content_date for each in self.waiting if each.delivery != POPULATION.name]
        months = (month_of(day) for day in dates if day is not None)
        return max((month for month in months if month <= month_of(today)), default=None)

    def population_year(self) -> int | None:
        """The newest year of an accepted population; None when there is none."""
        years = [
            each.reference_date.year
            for each in self.receipts.in_force
            if each.delivery == POPULATION.name and each.reference_date
        ]
        return max(years, default=None)

    def refused_of_no_month(self, today: date) -> list[StoredReceipt]:
        """The refused contents in the landing folder that no month until today's would show: of a
        name without a date, of a later month, of the population."""
        return [
            each
            for each in self.receipts.all
            if each.status == "refused"
            and self.receipts.is_present(each)
            and (
                each.reference_date is None
                or month_of(each.reference_date) > month_of(today)
                or each.delivery == POPULATION.name
            )
        ]

    def of_month(self, month: str, today: date) -> list[DeliveryStatus]:
        """What every region has delivered for the month, by region and delivery."""
        return [
            self._status(region, name, month, today)
            for region in region_names()
            for name in REGIONAL_NAMES
        ]

    def months_late(self, after: str, today: date) -> list[str]:
        """The months after this one of which some delivery is due by now."""
        return [
            month
            for month in months_between(after, month_of(today))
            if month > after
            and any(
                (due := due_date(name, region, month)) and due < today
                for name in REGIONAL_NAMES
                for region in region_names()
            )
        ]

    def _status(self, region: str, name: str, month: str, today: date) -> DeliveryStatus:
        own = [
            each
            for each in self.receipts.all
            if (each.region_code, each.delivery) == (region, name) and each.reference_date
        ]
        of_month = [each for each in own if month_of(_day(each)) == month]
        statuses = {each.mark: self.receipts.status(each) for each in of_month}
        accepted = [each for each in of_month if statuses[each.mark] == "accepted"]
        former = [
            each
            for each in own
            if month_of(_day(each)) < month
            and name not in ("listings", "care_contacts")
            and self.receipts.status(each) == "accepted"
        ]
        due = due_date(name, region, month)
        return DeliveryStatus(
            region_code=region,
            delivery=name,
            month=month,
            delivered=max(map(_day, accepted), default=None),
            former=max(map(_day, former), default=None),
            due=due,
            is_late=not accepted and due is not None and due < today,
            refused=tuple(
                each
                for each in of_month
                if each.status == "refused" and self.receipts.is_present(each)
            ),
            sent_again=_names(each for each in of_month if statuses[each.mark] == "replaced"),
            withdrawn=_names(each for each in of_month if statuses[each.mark] == "withdrawn"),
            waiting=tuple(
                each.file_name
                for each in self.waiting
                if (each.region_code, each.delivery, each.month) == (region, name, month)
            ),
        )


def _day(receipt: StoredReceipt) -> date:
    return receipt.reference_date or date.min


def _names(receipts: Iterable[StoredReceipt]) -> tuple[str, ...]:
    return tuple(sorted({each.file_name for each in receipts}))


def deliveries_now(landing: Path, store: Store) -> Deliveries:
    """The deliveries as they are now; nothing is written.

    Bytes are read only of files that have a receipt and have changed since the last run.
    Raises WrongUseError when the landing folder is missing.
    """
    if not landing.is_dir():
        raise WrongUseError(
            f"There is no landing folder {landing}. Point --landing or FLK_LANDING to the folder "
            "that holds the deliveries."
        )
    known: dict[Place, set[str | None]] = {}
    for each in read_receipts(store, {}).all:
        place = (each.region_code, each.delivery, each.file_name)
        known.setdefault(place, set()).add(each.sha256)
    seen = store.read_json("landing.json") or {}
    present: dict[Place, str | None] = {}
    waiting = []
    for file in landing_files(landing):
        place = (file.region_code, file.delivery, file.file_name)
        former = seen.get(noted_as(file))
        if file.is_link or file.size > LARGEST_FILE:
            present[place] = None
        elif former and former["mark"] == [file.size, file.modified_ns]:
            present[place] = former["sha256"]
        else:
            try:
                present[place] = checksum(file.path) if place in known else "not read"
            except FileVanishedError:
                continue
            except FileRefusedError:
                present[place] = None
        if present[place] not in known.get(place, set()):
            waiting.append(file)
    overlooked = tuple(said_of_overlooked(landing))
    return Deliveries(read_receipts(store, present), tuple(waiting), overlooked)
