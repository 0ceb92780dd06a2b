"""Who is marked as having municipal health care (SÄBO and the other settings)."""

from collections.abc import Sequence
from datetime import date

import narwhals as nw

from pipelines.indicators.frame import Frame
from pipelines.indicators.months import age_group, age_on, day_number, holds_on
from schemas.parts import MARKED_PERSONS

COSMIC = "cosmic"
SABO = "sabo"
RESERVE = "reserve"


def marked_persons(care_markings: Frame, *, region_code: str, reference_date: date) -> Frame:
    """The persons that a region has marked, by municipality and setting.

    Counted: markings of the region's newest snapshot per source that hold on the region's own
    reference date; that a marking is judged on the date of the region that delivered it is the
    team's decision. `care_markings` has the column `source`: cosmic or a municipality code.
    Protected: any holding marking of the person says so; missing means not known, not protected.
    Ties: `valid_from` is the latest of the markings with main care, if there are any, else of all.
    Missing: sex and age where a reserve identity has none. Source: contract, section 3, Coverage
    (sabo) and Care markings.
    """
    protected = nw.col("protected_identity").fill_null(False)
    holding = care_markings.filter(holds_on(reference_date)).with_columns(
        in_cosmic=nw.col("source") == COSMIC,
        in_municipal_list=nw.col("source") != COSMIC,
        protected=protected.cast(nw.Int64),
        main_care_from=nw.when(nw.col("main_care_at_setting")).then(nw.col("valid_from")),
    )
    persons = (
        holding.group_by("person", "identity_kind")
        .agg(
            nw.col("protected").max(),
            nw.col("sex").min(),
            nw.col("birth_date").min(),
        )
        .with_columns(age_on(reference_date).alias("age"), protected=nw.col("protected") > 0)
        .with_columns(age_group().alias("age_group"))
        .drop("birth_date")
    )
    return (
        holding.group_by("person", "identity_kind", "municipality", "setting")
        .agg(
            nw.col("in_cosmic").any(),
            nw.col("in_municipal_list").any(),
            nw.col("main_care_at_setting").any(),
            nw.col("valid_from").max(),
            nw.col("main_care_from").max(),
        )
        .with_columns(valid_from=nw.coalesce("main_care_from", "valid_from"))
        .join(persons, on=["person", "identity_kind"], how="inner")
        .with_columns(
            region_code=nw.lit(region_code), reference_date=nw.lit(reference_date, dtype=nw.Date)
        )
        .select(MARKED_PERSONS.column_names)
    )


def linkable(frame: Frame) -> Frame:
    """Without reserve identities: a marking of one is linked to no listing.

    Source: contract, section 2, Identifiers.
    """
    return frame.filter(nw.col("identity_kind") != RESERVE)


def is_sabo_resident() -> nw.Expr:
    """A marking `sabo` with `main_care_at_setting`. Source: contract, section 3, Coverage."""
    return (nw.col("setting") == SABO) & nw.col("main_care_at_setting")


def marked_anywhere(marked: Frame) -> Frame:
    """One row per person with any marking, and whether the person is a SÄBO resident (`sabo`).

    Any setting, source and reporting region; reserve identities are left out.
    """
    return (
        linkable(marked)
        .with_columns(sabo=is_sabo_resident())
        .group_by("person")
        .agg(nw.col("sabo").any())
    )


def as_persons(marked: Frame) -> Frame:
    """Adds `reserve_region`, which with `person` tells persons apart in the nation.

    It is empty but for reserve identities: the same reserve identity marked by two regions is two
    persons. Source: contract, section 2, Identifiers.
    """
    is_reserve = nw.col("identity_kind") == RESERVE
    return marked.with_columns(
        reserve_region=nw.when(is_reserve).then(nw.col("region_code")).otherwise(nw.lit(""))
    )


def without_known_dead(marked: Frame, dead_or_protected: Frame) -> Frame:
    """Without persons whom some region's listings row knows as dead on the marking's date.

    Reserve identities are linked to no listing, so nothing is known of them.
    """
    dead = (
        dead_or_protected.filter(~nw.col("deceased_on").is_null())
        .group_by("person")
        .agg(nw.col("deceased_on").min())
    )
    known = marked.join(dead, on="person", how="left")
    is_dead = (
        (nw.col("identity_kind") != RESERVE)
        & ~nw.col("deceased_on").is_null()
        & (nw.col("deceased_on") <= nw.col("reference_date"))
    )
    return known.filter(~is_dead).drop("deceased_on")


def protected_anywhere(marked: Frame, dead_or_protected: Frame) -> Frame:
    """One row per person (`person`, `reserve_region`) that any marking or listings row protects.

    `marked` has `reserve_region` (see `as_persons`). Source: contract, section 2, Identifiers.
    """
    key = ["person", "reserve_region"]
    by_marking = marked.filter(nw.col("protected")).select(key)
    by_listing = dead_or_protected.filter(nw.col("protected")).select("person")
    by_listing = by_listing.with_columns(reserve_region=nw.lit("")).select(key)
    return nw.concat([by_marking, by_listing]).unique(key)


def newest_marking(marked: Frame, keys: Sequence[str]) -> Frame:
    """One marking per person: the latest `valid_from`, then the smallest municipality.

    A last tie, the same municipality delivered by two regions, falls to the smaller region code.
    """
    ordered = marked.with_columns(newest_first=-day_number("valid_from"))
    order = ["newest_first", "municipality", "region_code"]
    return ordered.unique(list(keys), keep="first", order_by=order).drop("newest_first")
