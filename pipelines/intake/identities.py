"""Personal identity numbers as vectorised expressions: what a delivered text says of a person.

Source: the contract, section 2, "Identifiers". Whether an identity counts somewhere is decided by
the indicators.
"""

from datetime import date
from functools import cache

import polars as pl

PERSON_ID = "person_id"
IDENTITY_KIND = "identity_kind"
IDENTITY_NUMBER = "identity_number"
BORN = "born"
PERSONNUMMER = "personnummer"
RESERVE = "reserve"

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2050, 12, 31)
"""Who is born between them is found by table; everybody else is worked out."""

_LAST_TEN_DIGITS = 10**10
_FIVE_DIGITS = 10**5
_LETTERS_AND_DIGITS = "^[0-9A-Za-z]{12}$"
_COORDINATION_DAYS = 60
"""A samordningsnummer has 60 added to its day."""

_DAYS_IN_MONTH = pl.Series([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, *[0] * 87])
"""By month 00 to 99; there are no days in month 00 and after month 12."""


def with_identities(frame: pl.LazyFrame, delivered: pl.Expr) -> pl.LazyFrame:
    """The frame with four columns more, read from a delivered text.

    `person_id` is in upper case, without the hyphen or plus before its last four characters;
    `identity_kind` is personnummer, samordningsnummer or reserve. Both are null where the text is
    missing or no valid identity: digits need a day of the calendar and a valid checksum.
    `identity_number` is the twelve digits as a whole number, null where the identity is none;
    `born` the first eight characters as one, null where they are no day of the calendar.
    """
    # In layers, so that nothing is worked out twice.
    with_sign = pl.when(delivered.str.len_chars() == 13).then(delivered)
    with_sign = pl.when(with_sign.str.slice(8, 1).is_in(["-", "+"])).then(with_sign)
    without_sign = pl.concat_str(with_sign.str.slice(0, 8), with_sign.str.slice(9, 4))
    eight = pl.col("_number") // 10_000
    # Twelve letters and digits that are no number hold at least one letter.
    is_reserve = pl.col("_number").is_null() & pl.col("_identity").str.contains(_LETTERS_AND_DIGITS)
    return (
        frame.with_columns(_identity=pl.coalesce(without_sign, delivered))
        .with_columns(_number=_number(pl.col("_identity")))
        .with_columns(
            _is_number=has_valid_date(eight) & has_valid_checksum(pl.col("_number")),
            _is_reserve=is_reserve,
        )
        .with_columns(
            pl.when("_is_number")
            .then("_identity")
            .when("_is_reserve")
            .then(pl.col("_identity").str.to_uppercase())
            .alias(PERSON_ID),
            pl.when(pl.col("_is_number") & is_coordination_day(eight))
            .then(pl.lit("samordningsnummer"))
            .when("_is_number")
            .then(pl.lit(PERSONNUMMER))
            .when("_is_reserve")
            .then(pl.lit(RESERVE))
            .alias(IDENTITY_KIND),
            pl.when("_is_number").then("_number").alias(IDENTITY_NUMBER),
        )
        .with_columns(_eight=pl.coalesce(pl.col(IDENTITY_NUMBER) // 10_000, _eight_of_reserve()))
        .with_columns(pl.when(has_valid_date(pl.col("_eight"))).then("_eight").alias(BORN))
        .drop("_identity", "_number", "_is_number", "_is_reserve", "_eight")
    )


def _number(identity: pl.Expr) -> pl.Expr:
    """Twelve digits as an integer; null for everything else."""
    digits = (identity.str.len_bytes() == 12) & ~identity.str.slice(0, 1).is_in(["+", "-"])
    return pl.when(digits).then(identity).cast(pl.Int64, strict=False)


def _five_digit_sums(doubled_from_first: bool) -> pl.Series:
    """For every five-digit number the sum of its digits, every other one doubled, where the
    digits of a product are added: what five places give to the mod-10 checksum."""
    five = pl.int_range(0, _FIVE_DIGITS, eager=True)
    total = pl.zeros(_FIVE_DIGITS, dtype=pl.Int64, eager=True)
    for place in range(5):
        digit = five // 10 ** (4 - place) % 10
        if (place % 2 == 0) == doubled_from_first:
            digit = digit * 2
            digit = digit // 10 + digit % 10
        total = total + digit
    return total


# The checksum doubles the 1st, 3rd … 9th of the last ten digits: in the first five of them the
# places 1, 3 and 5, in the last five the places 2 and 4. Looking the two sums up is five times
# as fast as working them out row by row.
_SUMS_OF_FIRST_FIVE = _five_digit_sums(doubled_from_first=True)
_SUMS_OF_LAST_FIVE = _five_digit_sums(doubled_from_first=False)


def has_valid_checksum(digits: pl.Expr) -> pl.Expr:
    """Whether the last ten of the twelve digits have a mod-10 sum of 0; null for null."""
    first_five = digits % _LAST_TEN_DIGITS // _FIVE_DIGITS
    total = pl.lit(_SUMS_OF_FIRST_FIVE).gather(first_five) + pl.lit(_SUMS_OF_LAST_FIVE).gather(
        digits % _FIVE_DIGITS
    )
    return total % 10 == 0


@cache
def _calendar() -> pl.Series:
    """For every YYYYMMDD from the first year on its day, null where it is none."""
    days = pl.date_range(FIRST_DAY, LAST_DAY, "1d", eager=True)
    years = LAST_DAY.year - FIRST_DAY.year + 1
    none = pl.Series([None], dtype=pl.Date).new_from_index(0, years * 10_000)
    return none.scatter(days.dt.to_string("%Y%m%d").cast(pl.Int64) - _FIRST_EIGHT, days)


_FIRST_EIGHT = FIRST_DAY.year * 10_000


def twelve_digits(text: pl.Expr) -> pl.Expr:
    """Twelve digits as an integer; null for everything else, and for a beginning with 0."""
    number = text.cast(pl.Int64, strict=False)
    return pl.when((text.str.len_bytes() == 12) & (number >= 10**11)).then(number)


def day(eight_digits: pl.Expr) -> pl.Expr:
    """The day that YYYYMMDD is, between the first and the last; null for everything else."""
    days, place = _calendar(), eight_digits - _FIRST_EIGHT
    return pl.lit(days).gather(pl.when(place.is_between(0, days.len() - 1)).then(place))


def has_valid_date(eight_digits: pl.Expr) -> pl.Expr:
    """Whether YYYYMMDD, with or without 60 added to the day, is a day of the calendar."""
    year, month, day = _date_parts(eight_digits)
    leap_year = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    leap_day = leap_year & (month == 2) & (day == 29)
    in_month = day.is_between(1, pl.lit(_DAYS_IN_MONTH).gather(month))
    return (year >= 1) & (in_month | leap_day)


def is_coordination_day(eight_digits: pl.Expr) -> pl.Expr:
    """Whether 60 is added to the day, as in a samordningsnummer."""
    return eight_digits % 100 > _COORDINATION_DAYS


def _date_parts(eight_digits: pl.Expr) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    day = eight_digits % 100
    day = day - is_coordination_day(eight_digits).cast(pl.Int64) * _COORDINATION_DAYS
    return eight_digits // 10_000, eight_digits // 100 % 100, day


def _reserve_identity() -> pl.Expr:
    return pl.when(pl.col(IDENTITY_NUMBER).is_null()).then(pl.col(PERSON_ID))


def _eight_of_reserve() -> pl.Expr:
    """The first eight characters of a reserve identity as an integer where they are digits."""
    text = _reserve_identity().str.slice(0, 8)
    return pl.when(text.str.contains("^[0-9]{8}$")).then(text.cast(pl.Int64, strict=False))


def birth_date() -> pl.Expr:
    """The date in the first eight characters, without the 60; null where they hold none."""
    return pl.date(*_date_parts(pl.col(BORN)))


def sex_of_number(number: pl.Expr) -> pl.Expr:
    """women or men by the parity of the eleventh of twelve digits."""
    return pl.when(number // 10 % 2 == 1).then(pl.lit("men")).otherwise(pl.lit("women"))


def sex() -> pl.Expr:
    """women or men by the parity of the eleventh character; null where the birth date is not
    readable or the character is no digit."""
    of_number = pl.col(IDENTITY_NUMBER) // 10 % 10
    of_reserve = _reserve_identity().str.slice(10, 1).cast(pl.Int64, strict=False)
    digit = pl.coalesce(of_number, of_reserve)
    readable = pl.col(BORN).is_not_null() & digit.is_not_null()
    return (
        pl.when(readable & (digit % 2 == 1))
        .then(pl.lit("men"))
        .when(readable)
        .then(pl.lit("women"))
    )
