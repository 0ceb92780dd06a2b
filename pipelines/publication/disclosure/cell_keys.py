"""The key of every published number: what decides its noise, in every table, month and release.

A *number* is a count in a cell of the grid (`grid.py`), such as the listed women of 65–74 in a
region. Its name is made of the count, level, area, sex and age group, never of the table, month or
release. Numbers that are known to count the same persons, as a group that is all of the group it
lies in, have one name, the first of theirs: else the same number would be published with several
noises, and their mean would give it away.

Keys are HMAC-SHA-256 under a key that is derived from the pseudonymisation key for this alone, of
the name and the true number. With the key, noise can be taken away: it is never told.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars_hash import CryptographicHashingNameSpace

from pipelines.publication.disclosure.grid import (
    AGE_GROUPS,
    BREAKDOWN,
    SEXES,
    Areas,
    Counts,
)

PURPOSE = "fast lakarkontakt, cell keys of disclosure control, 1"
_HEX_DIGITS_OF_32_BITS = 8
Pairs = Iterable[tuple[int, int]]
Edge = tuple[NDArray[np.int64], NDArray[np.int64]]


def cell_key_secret(key: str) -> str:
    """The key of cell keys, from the pseudonymisation key: neither tells of the other's hashes."""
    if not key:
        raise ValueError("The pseudonymisation key is empty.")
    return hmac.new(key.encode(), PURPOSE.encode(), hashlib.sha256).hexdigest()


def keys_of(names: pl.Series, secret: str) -> NDArray[np.int64]:
    """A whole number from 0 to 2³² − 1 for each text, evenly spread; the same for the same text."""
    texts = pl.DataFrame({"name": names})
    digest = CryptographicHashingNameSpace(pl.col("name")).hmac_sha256(key=secret)
    bits = digest.str.slice(0, _HEX_DIGITS_OF_32_BITS).str.to_integer(base=16, dtype=pl.Int64)
    found: NDArray[np.int64] = texts.select(bits).to_series().to_numpy()
    return found


def names_of(counts: Sequence[str], areas: Areas, values: Counts, same_in_cell: Pairs) -> pl.Series:
    """The name of each number, row by row of `values` [count, cell].

    `same_in_cell` are pairs of counts (their rows) that are one and the same set of persons in a
    cell where their values are equal. Over cells that holds for women or men and both sexes, an age
    group and all, a unit or municipality and its region, a region and the nation. Numbers of 0 or
    none keep their own names; nothing depends on them.
    """
    places = places_of(areas)
    own = np.array([f"{count}|{place}" for count in counts for place in places], dtype=object)
    order = np.argsort(own, kind="stable")
    rank = np.empty(len(own), dtype=np.int64)
    rank[order] = np.arange(len(own))
    first = _first_of_the_same(values.ravel(), rank, _edges(values, areas, same_in_cell))
    return pl.Series("name", own[order[first]].tolist(), dtype=pl.String)


def places_of(areas: Areas) -> list[str]:
    """The name of each cell."""
    broken = [f"{sex}|{age}" for sex in SEXES for age in AGE_GROUPS]
    names = [f"{level}|{code}" for level, code in zip(areas.level, areas.code, strict=True)]
    return [
        *(f"{area}|{cell}" for area in names[: areas.uppers] for cell in broken),
        *(f"{area}|{broken[0]}" for area in names[areas.uppers :]),
    ]


def _edges(values: Counts, areas: Areas, same_in_cell: Pairs) -> list[Edge]:
    """Pairs of numbers of which one lies in the other."""
    cells = areas.cells
    number = np.arange(values.size).reshape(values.shape)
    edges = [(number[one], number[other]) for one, other in same_in_cell]
    uppers = number[:, : areas.uppers * BREAKDOWN].reshape(
        len(values), areas.uppers, len(SEXES), len(AGE_GROUPS)
    )
    for part in range(1, len(SEXES)):
        edges.append((uppers[:, :, 0], uppers[:, :, part]))
    for part in range(1, len(AGE_GROUPS)):
        edges.append((uppers[:, :, :, 0], uppers[:, :, :, part]))
    for part in range(1, areas.uppers):
        edges.append((uppers[:, 0], uppers[:, part]))
    lower = np.arange(areas.uppers * BREAKDOWN, cells)
    within = areas.region_of_cell
    known = within > 0
    edges.append((uppers[:, within[known], 0, 0], number[:, lower[known]]))
    return [(one.ravel(), other.ravel()) for one, other in edges]


def _first_of_the_same(
    values: Counts, rank: NDArray[np.int64], edges: Sequence[Edge]
) -> NDArray[np.int64]:
    """The rank of the first of the numbers that each is the same as, itself included."""
    equal = []
    for one, other in edges:
        is_same = (values[one] == values[other]) & (values[one] > 0)
        equal.append((one[is_same], other[is_same]))
    ones = np.concatenate([one for one, _ in equal]) if equal else np.empty(0, dtype=np.int64)
    others = np.concatenate([other for _, other in equal]) if equal else ones
    first = rank.copy()
    while True:
        lowest = np.minimum(first[ones], first[others])
        before = first.copy()
        np.minimum.at(first, ones, lowest)
        np.minimum.at(first, others, lowest)
        if np.array_equal(first, before):
            return first
