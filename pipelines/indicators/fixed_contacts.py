"""Fixed contacts: listed persons with a fixed contact of one of the four kinds."""

from collections.abc import Sequence
from datetime import date

import narwhals as nw
import polars as pl

from pipelines.indicators.assembly import ability, finished
from pipelines.indicators.frame import Frame
from pipelines.indicators.list_kinds import shares_by_kind
from pipelines.indicators.margins import summed
from pipelines.indicators.months import holds_on
from pipelines.indicators.people import counted_unit
from pipelines.indicators.region_month import FIXED_CONTACTS as DELIVERY
from pipelines.indicators.region_month import RegionMonth, complete
from schemas import codes
from schemas.parts import FIXED_CONTACT_COUNTS, QUALITY_SUMS
from schemas.statistics import FIXED_CONTACTS

PHYSICIAN_KIND = "2"


def fixed_contact_counts(people: Frame, fixed_contacts: Frame, *, reference_date: date) -> Frame:
    """Listed persons with a fixed contact of the kind that holds on d, by unit of listing and kind.

    Several contacts of a kind are one. Whose the contact is and at which unit does not matter; a
    reserve identity is one person per unit, so its contacts link at that unit only. Source:
    contract, section 4, fixed_contacts.
    """
    held = fixed_contacts.filter(holds_on(reference_date)).select("person", "kind")
    ones = (
        held.unique(["person", "kind"])
        .join(
            people.select("region_code", "person", counted_unit().alias("unit_id")),
            on="person",
            how="inner",
        )
        .with_columns(persons=nw.lit(1))
    )
    sums = summed(ones, ["region_code", "unit_id", "kind"], ["persons"])
    return sums.select(FIXED_CONTACT_COUNTS.column_names)


def physician_agreement(
    people: Frame, fixed_contacts: Frame, *, region_code: str, reference_date: date
) -> Frame:
    """Data-quality sums: is the registered fast läkarkontakt the listing's physician?

    Denominator: listed persons with a fixed contact of kind 2 that holds on d. Numerator: those of
    them for whom the holder of any such contact is the `physician_id` of the listing; a listing
    without a physician agrees with none. Protected persons and reserve identities count. Source:
    contract, section 2, fixed_contacts.
    """
    held = fixed_contacts.filter(holds_on(reference_date), nw.col("kind") == PHYSICIAN_KIND)
    agrees = (nw.col("holder_id") == nw.col("physician_id")).fill_null(False)
    by_person = (
        held.select("person", "holder_id")
        .join(people.select("person", "physician_id"), on="person", how="inner")
        .with_columns(agrees=agrees.cast(nw.Int64))
        .group_by("person")
        .agg(nw.col("agrees").max())
    )
    return (
        by_person.select(
            nw.col("agrees").sum().fill_null(0).cast(nw.Int64).alias("numerator"),
            nw.len().cast(nw.Int64).alias("denominator"),
        )
        .with_columns(
            region_code=nw.lit(region_code),
            delivery=nw.lit(DELIVERY),
            metric=nw.lit("fixed_contact_is_the_listings_physician"),
        )
        .select(QUALITY_SUMS.column_names)
    )


def fixed_contacts_table(
    fixed_contact_counts: pl.DataFrame,
    listed_counts: pl.DataFrame,
    unit_names: pl.DataFrame,
    region_months: Sequence[RegionMonth],
) -> pl.DataFrame:
    """The table fixed_contacts of a month, before disclosure control.

    Numerator: listed persons with a fixed contact of the kind. Denominator: listed persons.
    Undefined: nobody listed. Not reported: a region without the delivery. Source: contract,
    section 4.
    """
    months = complete(region_months)
    able = ability(
        months,
        {(kind,): (lambda month: month.has(DELIVERY)) for kind in codes.FIXED_CONTACT_KINDS},
        ["kind"],
    )
    listed = [
        listed_counts.select(
            "region_code",
            "unit_id",
            kind=pl.lit(kind),
            persons=pl.lit(0, pl.Int64),
            listed="listed",
        )
        for kind in codes.FIXED_CONTACT_KINDS
    ]
    contacts = fixed_contact_counts.select(
        "region_code", "unit_id", "kind", "persons", listed=pl.lit(0, pl.Int64)
    )
    table = shares_by_kind(
        pl.concat([*listed, contacts]),
        listed_counts,
        unit_names,
        months,
        able,
        codes.FIXED_CONTACT_KINDS,
    )
    return finished(table, FIXED_CONTACTS, month=months[0].month, defined=nw.col("listed") > 0)
