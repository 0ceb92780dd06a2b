"""Contacts with care: how many a person has, when, with whom and of which kind.

Continuity is planted by one number per unit: the chance that a visit is with the physician the
person usually meets; other visits fall on any physician of the unit. Of P physicians the expected
COC is then c**2 + (1 - c**2) / P, which `chance_of_regular` solves for c.
"""

import math
from datetime import date

import polars as pl

from pipelines.simulation.identifiers import hyphenated
from pipelines.simulation.levels import (
    CONTINUITY_OF_NAMED,
    OTHER_CONTACTS,
    OTHER_UNIT,
    PHYSICIAN_VISITS,
    VISIT_DISPERSION,
    RegionLevels,
)
from pipelines.simulation.randomness import (
    below,
    happens,
    key,
    pick,
    piece,
    random_bits,
    slots_by_weight,
)
from pipelines.simulation.units import STAFF_PER_UNIT, Care

_COUNT_SLOTS = 1 << 14
_LAST_CLASS = 7
_USUAL_STAFF_CHANCE = 0.35

COLUMNS = (
    "person_id",
    "contact_date",
    "contact_time",
    "unit_id",
    "provider_id",
    "profession",
    "contact_type",
)

NO_TIME_REGION = "17"
SMALL_LETTERS_REGION = "18"
HYPHEN_REGION = "05"


def chance_of_regular(continuity: float, physicians: int) -> float:
    """How often the usual physician must be met for that COC to be expected."""
    return math.sqrt(max(0.0, (continuity - 1 / physicians) / (1 - 1 / physicians)))


def _count_slots(means: tuple[float, ...], factor: float) -> pl.Series:
    """Numbers of contacts by class, as often as the negative binomial has them."""
    slots: list[int] = []
    for mean in means:
        expected = mean * factor
        success = VISIT_DISPERSION / (VISIT_DISPERSION + expected)
        weights = [success**VISIT_DISPERSION]
        for number in range(1, 150):
            step = (number - 1 + VISIT_DISPERSION) / number * (1 - success)
            weights.append(weights[-1] * step)
        slots.extend(slots_by_weight(weights, _COUNT_SLOTS))
    return pl.Series(slots, dtype=pl.UInt16)


def contact_numbers(
    persons: pl.DataFrame,
    levels: RegionLevels,
    *,
    months: int,
    first_day: date,
    days: list[date],
    seed: int,
) -> pl.DataFrame:
    """One row per contact: `row` (position of the person), `by_physician`, `bits` and `day`.

    `day` counts from the first day. Nobody has contacts before birth or after death.
    """
    factor = levels.visit_rate * months / 18
    age = pl.col("age")
    visit_class = (
        pl.when(~pl.col("is_listed"))
        .then(_LAST_CLASS)
        .when(pl.col("setting") == "sabo")
        .then(6)
        .otherwise(sum((age >= start).cast(pl.Int64) for start in (19, 45, 65, 75, 85)))
    )
    bits = random_bits(pl.col("person"), key(seed, "contacts"))
    day_slots = pl.Series([(day - first_day).days for day in days], dtype=pl.UInt16)
    position = visit_class * _COUNT_SLOTS
    numbers = persons.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        pl.col("person"),
        pick(_count_slots(PHYSICIAN_VISITS, factor), position + piece(bits, 0, 14)).alias("visits"),
        pick(_count_slots(OTHER_CONTACTS, factor), position + piece(bits, 14, 14)).alias("others"),
        (pl.col("birth") - pl.lit(first_day)).dt.total_days().alias("born"),
        (pl.col("deceased_on") - pl.lit(first_day)).dt.total_days().alias("dead"),
    )
    contacts = (
        numbers.with_columns(
            pl.int_ranges(0, pl.col("visits") + pl.col("others"), dtype=pl.UInt16).alias("number")
        )
        .filter(pl.col("visits") + pl.col("others") > 0)
        .explode("number")
        .with_columns(
            random_bits(pl.col("person") * 1024 + pl.col("number"), key(seed, "contact")).alias(
                "bits"
            )
        )
        .with_columns(
            # One in fifty falls on the same day as the contact before.
            pl.when((pl.col("number") > 0) & happens(pl.col("bits"), 0, 0.02))
            .then(pl.col("bits").shift(1))
            .otherwise("bits")
            .alias("day_bits")
        )
    )
    day = pick(day_slots, below(pl.col("day_bits"), day_slots.len()))
    return contacts.select(
        "row",
        (pl.col("number") < pl.col("visits")).alias("by_physician"),
        "bits",
        day.alias("day"),
        "born",
        "dead",
    ).filter(
        pl.col("day") >= pl.col("born"),
        pl.col("dead").is_null() | (pl.col("day") < pl.col("dead")),
    ).drop("born", "dead")  # fmt: skip


def _contact_type(
    by_physician: pl.Expr, remote: pl.Expr, in_sabo: pl.Expr, bits: pl.Expr
) -> pl.Expr:
    """Visits of the series are at the centre or at home; physicians' other contacts are remote."""
    kind = piece(bits, 0, 8)
    visit = (
        pl.when(kind < pl.when(in_sabo).then(150).otherwise(10))
        .then(pl.lit("hembesok"))
        .otherwise(pl.lit("mottagning"))
    )
    distant = (
        pl.when(kind < 170)
        .then(pl.lit("telefon"))
        .when(kind < 195)
        .then(pl.lit("video"))
        .otherwise(pl.lit("chatt"))
    )
    return (
        pl.when(by_physician)
        .then(visit)
        .when(remote)
        .then(distant)
        .when(kind < 140)
        .then(pl.lit("mottagning"))
        .when(kind < 215)
        .then(pl.lit("telefon"))
        .when(kind < 235)
        .then(pl.lit("hembesok"))
        .when(kind < 240)
        .then(pl.lit("video"))
        .otherwise(pl.lit("chatt"))
    )


def contact_rows(
    contacts: pl.DataFrame,
    persons: pl.DataFrame,
    care: Care,
    levels: RegionLevels,
    *,
    units: int,
    first_day: date,
    seed: int,
    year: int,
) -> pl.DataFrame:
    """The rows of a month's contacts in the columns of the delivery."""
    chance = pl.Series(
        [
            round(chance_of_regular(continuity, physicians) * 65536)
            for continuity, physicians in care.units.select("continuity", "physicians").iter_rows()
        ],
        dtype=pl.UInt32,
    )
    who = persons.select(
        "person_id", "birth", "unit", "regular_physician", "named", "named_physician", "person",
        (pl.col("setting") == "sabo").fill_null(value=False).alias("in_sabo"),
    )  # fmt: skip
    frame = pl.concat(
        [contacts, who.select(pl.all().gather(contacts["row"]))], how="horizontal"
    ).with_columns(
        random_bits(pl.col("bits"), key(seed, "details")).alias("details"),
        random_bits(pl.col("bits"), key(seed, "provider")).alias("choice"),
    )
    details, choice = pl.col("details"), pl.col("choice")
    elsewhere = happens(details, 0, OTHER_UNIT)
    frame = frame.with_columns(
        pl.when(elsewhere)
        .then((pl.col("unit") + 1 + below(details, units - 1)) % units)
        .otherwise("unit")
        .cast(pl.UInt32)
        .alias("at_unit"),
        elsewhere.alias("elsewhere"),
    )
    at_unit = pl.col("at_unit")
    first = pick(care.units["first_physician"].cast(pl.UInt32), at_unit)
    physicians = pick(care.units["physicians"].cast(pl.UInt32), at_unit)
    named = pl.col("named") & (
        pick(care.physicians["unit"].cast(pl.UInt32), pl.col("named_physician")) == pl.col("unit")
    )
    usual = pl.when(named).then("named_physician").otherwise("regular_physician")
    bonus = named.cast(pl.UInt32) * round(CONTINUITY_OF_NAMED * 65536)
    meets_usual = ~pl.col("elsewhere") & (piece(choice, 0, 16) < pick(chance, at_unit) + bonus)
    any_physician = first + below(choice, physicians)
    physician = pl.when(meets_usual).then(usual).otherwise(any_physician)
    # One in seven of the other contacts is with a physician by telephone, video or chat.
    remote = ~pl.col("by_physician") & happens(details, 16, 0.15)
    usual_staff = below(random_bits(pl.col("person"), key(seed, "staff")), STAFF_PER_UNIT)
    staff = at_unit * STAFF_PER_UNIT + pl.when(happens(choice, 16, _USUAL_STAFF_CHANCE)).then(
        usual_staff
    ).otherwise(below(choice, STAFF_PER_UNIT))
    with_physician = pl.col("by_physician") | remote
    provider = (
        pl.when(happens(details, 32, levels.missing_provider))
        .then(None)
        .when(with_physician)
        .then(pick(care.physicians["physician_id"], physician))
        .otherwise(pick(care.staff["provider_id"], staff))
    )
    if levels.region_code == SMALL_LETTERS_REGION:
        provider = provider.str.to_lowercase()
    minutes = piece(choice, 48, 16) % 108 * 5 + 480
    times = pl.Series([f"{minute // 60:02}:{minute % 60:02}" for minute in range(480, 1020, 5)])
    identity = pl.col("person_id")
    written = hyphenated(identity, pl.col("birth").dt.year() <= year - 100)
    usual_writing = levels.region_code == HYPHEN_REGION
    rarely = piece(details, 48, 7) == 0
    rows = frame.select(
        (written if usual_writing else pl.when(rarely).then(written).otherwise(identity)).alias(
            "person_id"
        ),
        (pl.lit(first_day) + pl.duration(days=pl.col("day"))).cast(pl.Date).alias("contact_date"),
        pl.when(piece(details, 55, 5) == 0)
        .then(None)
        .otherwise(pick(times, (minutes - 480) // 5))
        .alias("contact_time"),
        pick(care.units["unit_id"], at_unit).alias("unit_id"),
        provider.alias("provider_id"),
        pl.when(with_physician)
        .then(pl.lit("lakare"))
        .otherwise(pick(care.staff["profession"], staff))
        .alias("profession"),
        _contact_type(pl.col("by_physician"), remote, pl.col("in_sabo"), choice // (1 << 32)).alias(
            "contact_type"
        ),
    )
    if levels.region_code == NO_TIME_REGION:
        return rows.drop("contact_time")
    return rows
