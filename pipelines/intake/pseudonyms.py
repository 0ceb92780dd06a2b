"""The keyed hash that stands for a person, a list or a name. The key is never shown or logged."""

import polars as pl
from polars_hash import CryptographicHashingNameSpace

_HEX_DIGITS_OF_64_BITS = 16


def pseudonym(expression: pl.Expr, key: str) -> pl.Expr:
    """The first 64 bits of HMAC-SHA-256 of a text under the key, as a signed integer (Int64).

    Equal to the standard library's hmac over the UTF-8 bytes of key and text. Null stays null.
    """
    if not key:
        raise ValueError("The pseudonymisation key is empty.")
    digest = CryptographicHashingNameSpace(expression).hmac_sha256(key=key)
    bits = digest.str.slice(0, _HEX_DIGITS_OF_64_BITS).str.to_integer(base=16, dtype=pl.UInt64)
    return bits.reinterpret(dtype=pl.Int64)
