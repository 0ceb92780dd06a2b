"""Who is listed in a region on the reference date, and on what kind of list."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import narwhals as nw

from pipelines.indicators.competence import is_named, posts
from pipelines.indicators.frame import Frame
from pipelines.indicators.margins import summed
from pipelines.indicators.markings import RESERVE, linkable, marked_anywhere
from pipelines.indicators.months import age_group, age_on, day_number, holds_on
from schemas import codes
from schemas.parts import (
    DEAD_OR_PROTECTED,
    LIST_KIND_COLUMNS,
    LISTED_COUNTS,
    NAMED_COLUMNS,
    PEOPLE,
    QUALITY_SUMS,
    UNIT_NAMES,
)
from schemas.rule_sets import RuleSets


class RegionPeople(NamedTuple):
    """What one region's listings give."""

    people: Frame
    dead_or_protected: Frame
    quality: Frame


def people(
    listings: Frame,
    list_names: Frame,
    units: Frame | None,
    physicians: Frame | None,
    marked: Frame,
    *,
    region_code: str,
    reference_date: date,
    rule_sets: RuleSets,
    fictitious_name_rule: bool = True,
) -> RegionPeople:
    """The persons listed in a region on the reference date, one row each.

    Listed: alive (no row of the person in the region's snapshot with `deceased_on` ≤ d) with an
    active listing: type PV, not in queue, interval holds. Ties: of several active listings the one
    with the latest `valid_from`, then the smallest `unit_id`. Protected: any row of the snapshot,
    active or not, says so; then the residence is left out. `marked` are the marked persons of all
    reporting regions. `units` or `physicians` missing means that the region has no such register
    that can be used: then nobody is named by a definition that needs it, and the tables say
    `not_reported`. `fictitious_name_rule` false is a region profile that switches the rule off.
    Source: contract, section 3, Listed and Named physician.
    """
    rows = listings.with_columns(
        active=(
            (nw.col("listing_type") == codes.LISTING_TYPE_PRIMARY_CARE)
            & ~nw.col("in_queue")
            & holds_on(reference_date)
        ),
        dead=(nw.col("deceased_on") <= nw.lit(reference_date)).fill_null(False),
    )
    facts = _facts_of_persons(rows)
    listed = (
        _listing_that_counts(rows, facts)
        .with_columns(age_on(reference_date).alias("age"))
        .with_columns(age_group().alias("age_group"))
    )
    listed = _with_markings(listed, marked)
    listed = _with_fictitious(listed, list_names, units, fictitious_name_rule)
    listed = _with_physicians(listed, physicians, reference_date, rule_sets)
    listed = _with_named(
        listed,
        units is not None or not fictitious_name_rule,
        region_code,
        reference_date,
        rule_sets,
    )
    listed = listed.with_columns(
        residence_municipality=nw.when(~nw.col("protected")).then(nw.col("residence_municipality")),
        region_code=nw.lit(region_code),
        reference_date=nw.lit(reference_date, dtype=nw.Date),
    ).select(PEOPLE.column_names)
    return RegionPeople(
        listed,
        _dead_or_protected(rows, region_code),
        _quality(rows, facts, listed, units, region_code),
    )


def _facts_of_persons(rows: Frame) -> Frame:
    """Per person of the snapshot: protected, dead, and the number of active listings."""
    return (
        rows.with_columns(active=nw.col("active").cast(nw.Int64))
        .group_by("person")
        .agg(
            nw.col("protected_identity").any().alias("protected"),
            nw.col("dead").any(),
            nw.col("active").sum().alias("active_listings"),
        )
    )


def _listing_that_counts(rows: Frame, facts: Frame) -> Frame:
    """One active listing per living person: the latest `valid_from`, then the smallest `unit_id`.

    Only the few persons with several active listings are compared. Adds `protected`.
    """
    alive = facts.filter(~nw.col("dead")).select("person", "protected", "active_listings")
    active = rows.filter(nw.col("active")).select(
        "person",
        "identity_kind",
        "sex",
        "birth_date",
        "residence_municipality",
        "unit_id",
        "list_key",
        "physician_id",
        "valid_from",
    )
    of_alive = active.join(alive, on="person", how="inner")
    alone = of_alive.filter(nw.col("active_listings") == 1)
    several = of_alive.filter(nw.col("active_listings") > 1)
    chosen = (
        several.with_columns(newest_first=-day_number("valid_from"))
        .unique(["person"], keep="first", order_by=["newest_first", "unit_id"])
        .drop("newest_first")
    )
    return nw.concat([alone, chosen]).drop("active_listings")


def _with_markings(listed: Frame, marked: Frame) -> Frame:
    """Adds `marked` (any care marking) and `sabo`; reserve identities are never linked."""
    flags = marked_anywhere(marked).with_columns(marked=nw.lit(True))
    is_linkable = nw.col("identity_kind") != RESERVE
    return listed.join(flags, on="person", how="left").with_columns(
        marked=nw.col("marked").fill_null(False) & is_linkable,
        sabo=nw.col("sabo").fill_null(False) & is_linkable,
    )


def changed_by_markings(people: Frame, marked: Frame) -> Frame:
    """The listed persons of a region who would be marked otherwise, were `people` made of `marked`.

    Columns of `people`, with `marked` and `sabo` as they would be. Nobody: then the region's
    people, made of these markings, would be the same.
    """
    before = people.select(
        "person",
        "identity_kind",
        nw.col("marked").alias("marked_before"),
        nw.col("sabo").alias("sabo_before"),
    )
    return _with_markings(before, marked).filter(
        (nw.col("marked") != nw.col("marked_before")) | (nw.col("sabo") != nw.col("sabo_before"))
    )


def _with_fictitious(
    listed: Frame,
    list_names: Frame,
    units: Frame | None,
    fictitious_name_rule: bool,
) -> Frame:
    """Adds `fictitious`: no physician, or the list's name begins with the unit's name.

    The unit's name is that of any of its rows in the newest units snapshot. A unit that is not in
    the register has no name, so its lists are fictitious only without a physician.
    """
    without_physician = nw.col("physician_id").is_null()
    if units is None or not fictitious_name_rule:
        return listed.with_columns(fictitious=without_physician)
    names = units.select("unit_id", nw.col("unit_name_key").alias("beginning_key")).unique(
        ["unit_id", "beginning_key"]
    )
    lists = (
        list_names.join(names, on="beginning_key", how="inner")
        .select("list_key", "unit_id")
        .unique(["list_key", "unit_id"])
        .with_columns(begins_with_unit=nw.lit(True))
    )
    return listed.join(lists, on=["list_key", "unit_id"], how="left").with_columns(
        fictitious=without_physician | nw.col("begins_with_unit").fill_null(False)
    )


def _with_physicians(
    listed: Frame,
    physicians: Frame | None,
    reference_date: date,
    rule_sets: RuleSets,
) -> Frame:
    """Adds the physician's post at the unit, and the kinds of lists that are not fictitious."""
    if physicians is None:
        flags = [
            f"{kind}_{rule_set.name}"
            for rule_set in rule_sets.by_name.values()
            if rule_set.demands_competence
            for kind in ("any", "old", "children")
        ]
        kinds = ["locum", "unknown_physician", "physician_elsewhere"]
        return listed.with_columns(*(nw.lit(False).alias(name) for name in (*flags, *kinds)))
    held = posts(physicians, reference_date=reference_date, rule_sets=rule_sets)
    anywhere = held.select("physician_id").unique(["physician_id"])
    anywhere = anywhere.with_columns(in_region=nw.lit(True))
    held = held.with_columns(at_unit=nw.lit(True))
    on_physician = ~nw.col("fictitious")
    at_unit = nw.col("at_unit").fill_null(False)
    in_region = nw.col("in_region").fill_null(False)
    return (
        listed.join(held, on=["physician_id", "unit_id"], how="left")
        .join(anywhere, on="physician_id", how="left")
        .with_columns(
            locum=on_physician & nw.col("locum").fill_null(False),
            unknown_physician=on_physician & ~in_region,
            physician_elsewhere=on_physician & in_region & ~at_unit,
        )
    )


def _with_named(
    listed: Frame,
    can_tell: bool,
    region_code: str,
    reference_date: date,
    rule_sets: RuleSets,
) -> Frame:
    """Adds whether the person has a named physician, under every rule set and `regional`."""
    if not can_tell:
        return listed.with_columns(*(nw.lit(False).alias(column.name) for column in NAMED_COLUMNS))
    regional = rule_sets.regional_name(region_code, reference_date)
    return listed.with_columns(
        **{f"named_{name}": is_named(rule_set) for name, rule_set in rule_sets.by_name.items()}
    ).with_columns(named_regional=nw.col(f"named_{regional}"))


def _dead_or_protected(rows: Frame, region_code: str) -> Frame:
    """The persons whom any row of the snapshot knows as dead (now or later) or protected."""
    return (
        linkable(rows)
        .filter(nw.col("protected_identity") | ~nw.col("deceased_on").is_null())
        .group_by("person")
        .agg(
            nw.col("deceased_on").min(),
            nw.col("protected_identity").any().alias("protected"),
        )
        .with_columns(region_code=nw.lit(region_code))
        .select(DEAD_OR_PROTECTED.column_names)
    )


def _quality(
    rows: Frame,
    facts: Frame,
    listed: Frame,
    units: Frame | None,
    region_code: str,
) -> Frame:
    """Data-quality sums of the listings.

    `several_active_listings`: listed persons with more than one active listing in the region.
    `deceased_still_listed`: persons with an active listing whom a row knows as dead.
    `reserve_identity`, `protected_identity`, `residence_missing` (protected left out),
    `unit_not_in_register` (protected left out): listed persons of that kind, of all listed, so
    that no two denominators give away the number of the protected.
    """
    active = facts.filter(nw.col("active_listings") > 0)
    alive = active.filter(~nw.col("dead"))
    given = ~nw.col("protected")
    metrics = [
        _metric("several_active_listings", alive, nw.col("active_listings") > 1),
        _metric("deceased_still_listed", active, nw.col("dead")),
        _metric("reserve_identity", listed, nw.col("identity_kind") == RESERVE),
        _metric("protected_identity", listed, nw.col("protected")),
        _metric("residence_missing", listed, given & nw.col("residence_municipality").is_null()),
    ]
    if units is not None:
        register = units.select("unit_id").unique(["unit_id"])
        register = register.with_columns(registered=nw.lit(True))
        with_register = listed.join(register, on="unit_id", how="left")
        metrics.append(
            _metric("unit_not_in_register", with_register, given & nw.col("registered").is_null())
        )
    return (
        nw.concat(metrics)
        .with_columns(region_code=nw.lit(region_code), delivery=nw.lit("listings"))
        .select(QUALITY_SUMS.column_names)
    )


def _metric(name: str, frame: Frame, counted: nw.Expr) -> Frame:
    """One row: how many rows of the frame are counted, of how many."""
    return frame.select(
        counted.cast(nw.Int64).sum().fill_null(0).cast(nw.Int64).alias("numerator"),
        nw.len().cast(nw.Int64).alias("denominator"),
    ).with_columns(metric=nw.lit(name))


def counted_unit() -> nw.Expr:
    """The unit that a listed person counts in: none where the identity is protected.

    Source: contract, section 2, Identifiers.
    """
    return nw.when(~nw.col("protected")).then(nw.col("unit_id"))


def listed_counts(people: Frame) -> Frame:
    """Listed persons by unit, sex and age group: all, named by each rule set, by kind of list.

    Reserve identities are counted. Source: contract, section 3, Coverage (listed), List load,
    Fictitious and locum lists.
    """
    flags = [column.name for column in (*NAMED_COLUMNS, *LIST_KIND_COLUMNS)]
    ones = people.with_columns(
        *(nw.col(name).cast(nw.Int64) for name in flags),
        counted_unit().alias("unit_id"),
        listed=nw.lit(1),
    )
    keys: Sequence[str] = ("region_code", "unit_id", "sex", "age_group")
    return summed(ones, keys, ["listed", *flags]).select(LISTED_COUNTS.column_names)


def unit_names(units: Frame, *, region_code: str, reference_date: date) -> Frame:
    """The name of every unit of the newest snapshot, also of units that have closed.

    Ties: the row that holds on the reference date before others, then the latest `valid_from`.
    """
    return (
        units.with_columns(
            holding_first=nw.when(holds_on(reference_date)).then(nw.lit(0)).otherwise(nw.lit(1)),
            newest_first=-day_number("valid_from"),
            region_code=nw.lit(region_code),
        )
        .unique(["unit_id"], keep="first", order_by=["holding_first", "newest_first"])
        .select(UNIT_NAMES.column_names)
    )
