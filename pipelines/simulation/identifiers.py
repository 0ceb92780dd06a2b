"""Identity numbers as they are written in deliveries: all invented, all with valid checksums."""

import polars as pl

PERSONNUMMER, SAMORDNINGSNUMMER, RESERVE = 0, 1, 2
"""Kinds of identity, in the column `identity_kind`."""

SERIALS = 499
"""Three-digit birth numbers per day of birth and sex: 002-998 for women, 003-999 for men."""


def check_digit(nine_digits: pl.Expr) -> pl.Expr:
    """The mod-10 check digit of YYMMDDNNN, given as an integer."""
    total: pl.Expr = pl.lit(0, dtype=pl.Int64)
    for position in range(9):
        digit = (nine_digits // 10 ** (8 - position)) % 10
        if position % 2 == 0:
            # Doubled, and the digits of the product added: 7 -> 14 -> 5.
            digit = digit * 2 - (digit > 4).cast(pl.Int64) * 9
        total = total + digit
    return (10 - total % 10) % 10


def person_id(birth: pl.Expr, serial: pl.Expr, man: pl.Expr, kind: pl.Expr) -> pl.Expr:
    """Twelve characters: personnummer, samordningsnummer (day + 60) or an interim number with T.

    `serial` is 0-498 and unique within day of birth and sex, which makes the number unique.
    """
    day = birth.dt.day().cast(pl.Int64) + (kind == SAMORDNINGSNUMMER).cast(pl.Int64) * 60
    eight = birth.dt.year().cast(pl.Int64) * 10_000 + birth.dt.month().cast(pl.Int64) * 100 + day
    three = (serial.cast(pl.Int64) + 1) * 2 + man.cast(pl.Int64)
    nine = (eight % 1_000_000) * 1000 + three
    number = ((eight * 1000 + three) * 10 + check_digit(nine)).cast(pl.String)
    interim = pl.concat_str(eight.cast(pl.String), pl.lit("T"), three.cast(pl.String).str.zfill(3))
    return pl.when(kind == RESERVE).then(interim).otherwise(number)


def reserve_number(region_code: str, person: pl.Expr) -> pl.Expr:
    """Twelve characters without a readable date of birth, as some regions number strangers."""
    last = (person.cast(pl.Int64) % 100_000_000).cast(pl.String).str.zfill(8)
    return pl.concat_str(pl.lit(f"R{region_code}K"), last)


def hyphenated(identity: pl.Expr, over_hundred: pl.Expr) -> pl.Expr:
    """The same identity with a hyphen, or a plus from the year a person turns a hundred."""
    sign = pl.when(over_hundred).then(pl.lit("+")).otherwise(pl.lit("-"))
    return pl.concat_str(identity.str.slice(0, 8), sign, identity.str.slice(8))


def hsa_id(organisation_number: str, local: str) -> str:
    """An HSA-id: SE, the organisation number, a hyphen and a local part."""
    return f"SE{organisation_number}-{local}"
