"""Random numbers that depend on a key and a counter only.

Every random property of a person or a contact is a hash (splitmix64) of its number and of a key
made from the seed and the name of the property. So nothing depends on the order of the work, on
the number of threads or on the version of Polars, and any part can be made anew by itself.
Small registers (units, physicians) draw from `Draws`, an ordinary sequence.
What the numbers are used for stands in the other modules.
"""

import hashlib
import random
from collections.abc import Sequence
from typing import TypeVar

import polars as pl

Value = TypeVar("Value")


def key(seed: int, *names: object) -> int:
    """A 64-bit key of its own for every seed and property."""
    text = ":".join([str(seed), *map(str, names)])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def _constant(value: int) -> pl.Expr:
    return pl.lit(value, dtype=pl.UInt64)


def random_bits(number: pl.Expr, property_key: int) -> pl.Expr:
    """64 random bits (UInt64) for every number: splitmix64, wrapping at 2**64."""
    bits = number.cast(pl.UInt64) * _constant(0x9E3779B97F4A7C15) + _constant(property_key)
    # Integer division by a power of two is the right shift that Polars lacks.
    bits = (bits ^ (bits // _constant(1 << 30))) * _constant(0xBF58476D1CE4E5B9)
    bits = (bits ^ (bits // _constant(1 << 27))) * _constant(0x94D049BB133111EB)
    return bits ^ (bits // _constant(1 << 31))


def piece(bits: pl.Expr, first_bit: int, size: int) -> pl.Expr:
    """`size` of the 64 bits as a UInt64 below 2**size: one draw feeds several small choices."""
    return (bits // _constant(1 << first_bit)) % _constant(1 << size)


def happens(bits: pl.Expr, first_bit: int, probability: float) -> pl.Expr:
    """True with the probability given, decided by 16 of the 64 bits."""
    return piece(bits, first_bit, 16) < round(probability * (1 << 16))


def uniform(bits: pl.Expr) -> pl.Expr:
    """A number in [0, 1), exact in a Float64."""
    return (bits // _constant(1 << 11)).cast(pl.Float64) * 2.0**-53


def below(bits: pl.Expr, limit: pl.Expr | int) -> pl.Expr:
    """A UInt32 from 0 to limit - 1."""
    bound = _constant(limit) if isinstance(limit, int) else limit.cast(pl.UInt64)
    return ((bits // _constant(1 << 20)) % bound).cast(pl.UInt32)


def pick(slots: pl.Series, position: pl.Expr) -> pl.Expr:
    """The values of a small table at the positions given."""
    return pl.lit(slots).gather(position)


def slots_by_weight(weights: Sequence[float], size: int) -> list[int]:
    """A table of `size` slots in which position i stands in proportion to weights[i]."""
    total = sum(weights)
    slots: list[int] = []
    cumulated = 0.0
    for position, weight in enumerate(weights):
        cumulated += weight
        slots.extend([position] * (round(cumulated / total * size) - len(slots)))
    return slots


class Draws:
    """A sequence of random choices for the small registers; `random()` is stable in Python."""

    def __init__(self, seed: int, *names: object) -> None:
        self._random = random.Random(key(seed, *names))

    def number(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()

    def whole(self, first: int, last: int) -> int:
        """A whole number from first to last."""
        return first + int(self._random.random() * (last - first + 1))

    def one_of(self, values: Sequence[Value]) -> Value:
        """One of the values."""
        return values[int(self._random.random() * len(values))]
