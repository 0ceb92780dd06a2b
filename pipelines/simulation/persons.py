"""The inhabitants: age, sex, identity, residence, death, care settings - before any listing.

A person is made in the region where he or she is (or would be) listed. A few of them live in the
neighbouring region. Population counts are made from the same persons, so shares are right.
"""

from datetime import date
from itertools import pairwise

import polars as pl

from pipelines.simulation.identifiers import (
    PERSONNUMMER,
    RESERVE,
    SAMORDNINGSNUMMER,
    SERIALS,
    person_id,
    reserve_number,
)
from pipelines.simulation.levels import SABO_BY_AGE
from pipelines.simulation.randomness import (
    below,
    happens,
    key,
    pick,
    piece,
    random_bits,
    slots_by_weight,
)
from pipelines.simulation.reference import Region

OLDEST = 104
_DAYS = 365
_AGE_SLOTS = 1 << 16
_PLACE_SLOTS = 1 << 12

# Inhabitants of Sweden by age, in thousands, roughly: between these ages on a straight line.
_PYRAMID = (
    (0, 97.0), (5, 112.0), (12, 123.0), (20, 118.0), (27, 130.0), (34, 152.0), (44, 130.0),
    (52, 137.0), (60, 128.0), (66, 113.0), (74, 103.0), (80, 85.0), (85, 45.0), (90, 22.0),
    (95, 8.0), (100, 1.4), (OLDEST, 0.1),
)  # fmt: skip
_WOMEN = ((0, 0.486), (55, 0.494), (65, 0.503), (75, 0.525), (85, 0.59), (95, 0.72), (OLDEST, 0.85))

LIVES_ELSEWHERE = 0.006
SAMORDNING = 0.003
RESERVE_IDENTITY = 0.002

MOST_WITH_PERSONNUMMER = 20_000_000
"""A larger country has ages with more persons than there are numbers for."""


def _between(points: tuple[tuple[int, float], ...], age: int) -> float:
    for (low, first), (high, last) in pairwise(points):
        if low <= age <= high:
            return first + (last - first) * (age - low) / (high - low)
    raise ValueError(f"no value for age {age}")


def _age_and_sex_slots(region: Region) -> pl.Series:
    """Codes age * 2 + man, each as often as it occurs in the region."""
    starts = [start for start, _ in region.by_age]
    ends = [*starts[1:], OLDEST + 1]
    weights: list[float] = []
    for (start, inhabitants), end in zip(region.by_age, ends, strict=True):
        national = [_between(_PYRAMID, age) for age in range(start, end)]
        for age, size in zip(range(start, end), national, strict=True):
            people = inhabitants * size / sum(national)
            women = _between(_WOMEN, age)
            weights.extend([people * women, people * (1 - women)])
    return pl.Series(slots_by_weight(weights, _AGE_SLOTS), dtype=pl.UInt16)


def _place_slots(region: Region) -> pl.Series:
    codes = [one.code for one in region.municipalities]
    weights = [one.weight for one in region.municipalities]
    return pl.Series([codes[slot] for slot in slots_by_weight(weights, _PLACE_SLOTS)])


def _setting(bits: pl.Expr, sabo_factor: float) -> pl.Expr:
    """The care setting of a person, null for most."""
    age = pl.col("age")
    in_sabo: pl.Expr = pl.lit(value=False)
    for first_age, share in SABO_BY_AGE:
        # Later conditions replace earlier ones: the share of the highest age reached.
        chosen = happens(bits, 0, min(share * sabo_factor, 0.9))
        in_sabo = pl.when(age >= first_age).then(chosen).otherwise(in_sabo)
    old = age >= 65
    return (
        pl.when(in_sabo)
        .then(pl.lit("sabo"))
        .when(old & happens(bits, 16, 0.030))
        .then(pl.lit("hemsjukvard"))
        .when(old & happens(bits, 32, 0.006))
        .then(pl.lit("trygghetsboende"))
        .when(old & happens(bits, 48, 0.005))
        .then(pl.lit("dagverksamhet"))
        .otherwise(None)
    )


def persons_of_region(
    region: Region,
    neighbour: Region,
    *,
    count: int,
    first_person: int,
    used: pl.DataFrame,
    seed: int,
    day: date,
    sabo_factor: float,
    has_samordningsnummer: bool,
) -> pl.DataFrame:
    """The persons of one region as they are on the day.

    `used` holds how many persons of each age and sex other regions have already (age, man, used):
    numbering goes on from there, which keeps identity numbers unique in the country. Where all
    personnummer of an age are given away, further persons have samordningsnummer (and so are no
    inhabitants); these are free for them where nobody else has one (`has_samordningsnummer` false).
    """

    def bits(name: str) -> pl.Expr:
        return random_bits(pl.col("person"), key(seed, name))

    frame = pl.DataFrame(
        {"person": pl.int_range(first_person, first_person + count, dtype=pl.UInt64, eager=True)}
    )
    age_and_sex = pick(_age_and_sex_slots(region), piece(bits("age"), 0, 16))
    frame = frame.with_columns(age_and_sex.alias("age_and_sex"))
    frame = frame.with_columns(
        (pl.col("age_and_sex") // 2).cast(pl.Int16).alias("age"),
        (pl.col("age_and_sex") % 2 == 1).alias("man"),
    )
    frame = frame.join(used, on=["age", "man"], how="left", maintain_order="left")
    # A walk through all days and serials of the age: looks random and does not meet itself in the
    # first round.
    steps = pl.int_range(pl.len(), dtype=pl.Int64).over("age", "man") + pl.col("used").fill_null(0)
    frame = frame.with_columns(steps.alias("steps"))
    slot = (
        pl.col("steps") * 77_773
        + below(random_bits(pl.col("age_and_sex"), key(seed, "birth")), _DAYS * SERIALS)
    ) % (_DAYS * SERIALS)
    second_round = pl.col("steps") >= _DAYS * SERIALS
    frame = frame.with_columns(slot.alias("slot"), bits("identity").alias("identity_bits"))
    anchor = pl.lit(day)
    frame = frame.with_columns(
        (
            pl.date(
                day.year - pl.col("age").cast(pl.Int32),
                pl.lit(day.month),
                pl.lit(min(day.day, 28)),
            )
            + pl.duration(days=day.day - min(day.day, 28))
            - pl.duration(days=pl.col("slot") % _DAYS)
        ).alias("birth"),
        pl.when(second_round)
        .then(SAMORDNINGSNUMMER)
        .when(happens(pl.col("identity_bits"), 0, SAMORDNING if has_samordningsnummer else 0.0))
        .then(SAMORDNINGSNUMMER)
        .when(happens(pl.col("identity_bits"), 16, RESERVE_IDENTITY))
        .then(RESERVE)
        .otherwise(PERSONNUMMER)
        .cast(pl.UInt8)
        .alias("identity_kind"),
    )
    number = person_id(
        pl.col("birth"), pl.col("slot") // _DAYS, pl.col("man"), pl.col("identity_kind")
    )
    stranger = (pl.col("identity_kind") == RESERVE) & happens(pl.col("identity_bits"), 32, 0.5)
    frame = frame.with_columns(
        pl.when(stranger)
        .then(reserve_number(region.code, pl.col("person")))
        .otherwise(number)
        .alias("person_id"),
        bits("place").alias("place_bits"),
        bits("life").alias("life_bits"),
        bits("setting").alias("setting_bits"),
    )
    own = pick(_place_slots(region), piece(pl.col("place_bits"), 0, 12))
    other = pick(_place_slots(neighbour), piece(pl.col("place_bits"), 12, 12))
    dies = (pl.col("age") > 0) & (
        happens(pl.col("life_bits"), 0, 0.0008)
        | ((pl.col("age") >= 75) & happens(pl.col("life_bits"), 16, 0.008))
    )
    # In proportion to the smaller of the two, or guests of a big region would fill a small one.
    elsewhere = LIVES_ELSEWHERE * min(1.0, neighbour.inhabitants / region.inhabitants)
    return frame.select(
        "person",
        "person_id",
        "identity_kind",
        "birth",
        "age",
        "man",
        pl.when(happens(pl.col("place_bits"), 32, elsewhere))
        .then(other)
        .otherwise(own)
        .alias("residence"),
        pl.when(dies)
        .then(anchor - pl.duration(days=piece(pl.col("life_bits"), 32, 16) % 120))
        .alias("deceased_on"),
        happens(pl.col("life_bits"), 48, 0.0035).alias("protected"),
        _setting(pl.col("setting_bits"), sabo_factor).alias("setting"),
    )


def used_so_far(used: pl.DataFrame, persons: pl.DataFrame) -> pl.DataFrame:
    """The counts of `used` with the persons of one more region."""
    counted = persons.group_by("age", "man").agg(pl.len().cast(pl.Int64).alias("used"))
    return pl.concat([used, counted]).group_by("age", "man").agg(pl.col("used").sum())


def nobody_used() -> pl.DataFrame:
    """The counts before the first region."""
    return pl.DataFrame(schema={"age": pl.Int16, "man": pl.Boolean, "used": pl.Int64})


def inhabitants(persons: pl.DataFrame, day: date) -> pl.DataFrame:
    """Persons alive on the day and in the population register, by municipality, sex and age.

    Samordningsnummer and reserve identities are not in the register. 100 is 100 and over; who is
    born on 29 February turns on 1 March in common years.
    """
    birth = pl.col("birth")
    born_later_in_year = (birth.dt.month().cast(pl.Int32) * 100 + birth.dt.day()) > (
        day.month * 100 + day.day
    )
    age = day.year - birth.dt.year() - born_later_in_year.cast(pl.Int32)
    return (
        persons.filter(
            pl.col("identity_kind") == PERSONNUMMER,
            birth <= day,
            pl.col("deceased_on").is_null() | (pl.col("deceased_on") > day),
        )
        .group_by(
            pl.col("residence").alias("municipality"),
            pl.when("man").then(pl.lit("men")).otherwise(pl.lit("women")).alias("sex"),
            age.clip(0, 100).cast(pl.Int64).alias("age"),
        )
        .agg(pl.len().cast(pl.Int64).alias("count"))
    )
