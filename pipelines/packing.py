"""Putting small pieces of work together, so that what each costs by itself is paid once."""

from collections.abc import Callable, Iterable
from typing import TypeVar

Piece = TypeVar("Piece")


def packed(
    pieces: Iterable[Piece], weight: Callable[[Piece], float], limit: float
) -> list[list[Piece]]:
    """Neighbouring pieces put together up to a weight; what is heavier stands alone."""
    together: list[list[Piece]] = []
    room = 0.0
    for piece in pieces:
        if together and weight(piece) <= room:
            together[-1].append(piece)
            room -= weight(piece)
        else:
            together.append([piece])
            room = limit - weight(piece)
    return together
