"""Personal identity numbers as vectorised expressions: what a delivered text says of a person.

Source: the contract, section 2, "Identifiers". Whether an identity counts somewhere is decided by
the indicators.
"""

import polars as pl

_LAST_TEN_DIGITS = 10**10
_FIVE_DIGITS = 10**5
_DAYS_IN_MONTH = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_COORDINATION_DAYS = 60
"""A samordningsnummer has 60 added to its day."""


def normalised(text: pl.Expr) -> pl.Expr:
    """The identity in upper case without the hyphen or plus before its last four characters."""
    has_sign = (text.str.len_chars() == 13) & text.str.slice(8, 1).is_in(["-", "+"])
    without = pl.concat_str(text.str.slice(0, 8), text.str.slice(9, 4))
    return pl.when(has_sign).then(without).otherwise(text).str.to_uppercase()


def number(identity: pl.Expr) -> pl.Expr:
    """The twelve digits of a normalised identity as an integer; null for everything else."""
    digits = (identity.str.len_bytes() == 12) & ~identity.str.slice(0, 1).is_in(["+", "-"])
    return pl.when(digits).then(identity.cast(pl.Int64, strict=False))


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


def has_valid_date(eight_digits: pl.Expr) -> pl.Expr:
    """Whether YYYYMMDD, with or without 60 added to the day, is a day of the calendar."""
    year, month, day = _date_parts(eight_digits)
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    days = pl.lit(pl.Series(_DAYS_IN_MONTH)).gather(month.clip(0, 12))
    days = days + (leap & (month == 2)).cast(pl.Int64)
    return (year >= 1) & month.is_between(1, 12) & (day >= 1) & (day <= days)


def is_coordination_day(eight_digits: pl.Expr) -> pl.Expr:
    """Whether 60 is added to the day, as in a samordningsnummer."""
    return eight_digits % 100 > _COORDINATION_DAYS


def _date_parts(eight_digits: pl.Expr) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    day = eight_digits % 100
    day = day - is_coordination_day(eight_digits).cast(pl.Int64) * _COORDINATION_DAYS
    return eight_digits // 10_000, eight_digits // 100 % 100, day


def is_reserve(identity: pl.Expr) -> pl.Expr:
    """Whether a normalised identity is twelve characters A–Z 0–9 with at least one letter."""
    return identity.str.contains(r"^[0-9A-Z]{12}$") & identity.str.contains("[A-Z]")


def kind(identity: pl.Expr) -> pl.Expr:
    """personnummer, samordningsnummer or reserve; null where the identity is not valid.

    Digits need a day of the calendar and a valid checksum. Takes normalised identities.
    """
    digits = number(identity)
    valid = has_valid_date(digits // 10_000) & has_valid_checksum(digits)
    return (
        pl.when(valid & is_coordination_day(digits // 10_000))
        .then(pl.lit("samordningsnummer"))
        .when(valid)
        .then(pl.lit("personnummer"))
        .when(is_reserve(identity))
        .then(pl.lit("reserve"))
    )


def _first_eight(identity: pl.Expr) -> pl.Expr:
    """The first eight characters as an integer where they are digits and a day; else null."""
    text = identity.str.slice(0, 8)
    eight = pl.when(text.str.contains("^[0-9]{8}$")).then(text.cast(pl.Int64, strict=False))
    return pl.when(has_valid_date(eight)).then(eight)


def birth_date(identity: pl.Expr) -> pl.Expr:
    """The date in the first eight characters, without the 60; null where they hold none."""
    year, month, day = _date_parts(_first_eight(identity))
    return pl.date(year, month, day)


def sex(identity: pl.Expr) -> pl.Expr:
    """women or men by the parity of the eleventh character; null where the birth date is not
    readable or the character is no digit."""
    digit = identity.str.slice(10, 1).cast(pl.Int64, strict=False)
    readable = _first_eight(identity).is_not_null() & digit.is_not_null()
    return (
        pl.when(readable & (digit % 2 == 1))
        .then(pl.lit("men"))
        .when(readable)
        .then(pl.lit("women"))
    )
