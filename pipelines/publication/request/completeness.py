"""What is missing of a month: which region's which delivery.

A delivery is missing when nothing of the month was accepted, also where an older register stands in
for the figures: a package that says November rests on what is true for November.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from pipelines.months import month_of
from pipelines.publication.request.words import DELIVERIES, Words
from schemas import codes
from schemas.deliveries import POPULATION, REGIONAL_DELIVERIES
from schemas.delivery_calendar import due_date
from schemas.regions import region_names


@dataclass(frozen=True)
class MissingDelivery:
    """A region's delivery of the month that was not accepted; region 00 for the population.

    `refused`: something was delivered and refused. `stands_in` is the date of the older register
    that the figures rest on instead; None where there is none.
    """

    region_code: str
    delivery: str
    refused: bool
    stands_in: date | None

    @property
    def words(self) -> Words:
        """The delivery, and what is known of it."""
        name = DELIVERIES[self.delivery]
        sv, en = [], []
        if self.refused:
            sv.append("avvisad")
            en.append("refused")
        if self.stands_in:
            sv.append(f"den från {self.stands_in} används")
            en.append(f"that of {self.stands_in} stands in")
        return Words(_with_remark(name.sv, sv), _with_remark(name.en, en))


def missing_deliveries(deliveries: pl.DataFrame, month: str) -> list[MissingDelivery]:
    """The expected deliveries of which nothing of the month was accepted, by region and delivery.

    `deliveries` is the published table. Expected are those of the delivery calendar, from all 21
    regions, and a population of the month's year or before.
    """
    found = {
        (region, contract.name): deliveries.filter(
            pl.col("region_code") == region, pl.col("delivery") == contract.name
        )
        for region in region_names()
        for contract in REGIONAL_DELIVERIES
        if due_date(contract.name, region, month) is not None
    }
    missing = [
        MissingDelivery(region, delivery, *_refused_and_former(rows, delivery, month))
        for (region, delivery), rows in found.items()
        if month not in _accepted_months(rows)
    ]
    population = deliveries.filter(pl.col("delivery") == POPULATION.name)
    if not any(accepted[:4] <= month[:4] for accepted in _accepted_months(population)):
        missing.insert(0, MissingDelivery(codes.NATION, POPULATION.name, False, None))
    return missing


def missing_by_region(missing: Sequence[MissingDelivery]) -> dict[str, Words]:
    """Region code to what is missing of it in words, in order of the codes."""
    everything = len([each for each in REGIONAL_DELIVERIES if each.name in DELIVERIES])
    regions: dict[str, list[MissingDelivery]] = {}
    for each in missing:
        regions.setdefault(each.region_code, []).append(each)
    sentences = {}
    for region, own in regions.items():
        if len(own) == everything and not any(each.refused or each.stands_in for each in own):
            sentences[region] = Words("alla leveranser", "all deliveries")
        else:
            sentences[region] = Words(
                ", ".join(each.words.sv for each in own), ", ".join(each.words.en for each in own)
            )
    return sentences


def region_title(region: str) -> str:
    """The region's name and code; that of the nation for 00."""
    return "Riket (00)" if region == codes.NATION else f"{region_names()[region]} ({region})"


def _accepted_months(rows: pl.DataFrame) -> set[str]:
    accepted = rows.filter(pl.col("status") == "accepted")["reference_date"].drop_nulls()
    return {month_of(day) for day in accepted}


def _refused_and_former(rows: pl.DataFrame, delivery: str, month: str) -> tuple[bool, date | None]:
    of_month = rows.filter(pl.col("reference_date").dt.strftime("%Y-%m") == month)
    refused = (of_month["status"] == "refused").any()
    if delivery in ("listings", "care_contacts"):
        return refused, None
    former = rows.filter(
        pl.col("status") == "accepted", pl.col("reference_date").dt.strftime("%Y-%m") < month
    )["reference_date"]
    newest = former.max()
    return refused, newest if isinstance(newest, date) else None


def _with_remark(name: str, remarks: Sequence[str]) -> str:
    return f"{name} ({', '.join(remarks)})" if remarks else name
