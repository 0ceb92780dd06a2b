"""The kind of frame that the indicators take and give: lazy, of any engine that Narwhals knows."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import narwhals as nw
import polars as pl

Frame: TypeAlias = nw.LazyFrame[Any]


def numbered(frame: Frame, columns: Sequence[str], number: str) -> tuple[Frame, Frame]:
    """The frame with one number in place of the columns, and the columns of every number.

    Grouping by one number is several times as quick as by several texts. Numbers follow the sorted
    columns, from 0. The columns are never missing: a row with a missing one would be lost.
    """
    known = (
        frame.select(*columns)
        .unique(list(columns))
        .with_row_index(number, order_by=list(columns))
        .with_columns(nw.col(number).cast(nw.Int64))
    )
    return frame.join(known, on=list(columns), how="inner").drop(*columns), known


def code_at(place: nw.Expr, known: Sequence[str]) -> nw.Expr:
    """The code at a place of a list of codes, from 0."""
    code = nw.lit(known[0])
    for number, name in enumerate(known[1:], start=1):
        code = nw.when(place == number).then(nw.lit(name)).otherwise(code)
    return code


def place_in(column: str, known: Sequence[str]) -> nw.Expr:
    """The place of a column's code, which is one of a list of codes, from 0."""
    place = nw.lit(0)
    for number, name in enumerate(known[1:], start=1):
        place = nw.when(nw.col(column) == name).then(nw.lit(number)).otherwise(place)
    return place


def in_order(frame: Frame, number: str) -> Frame:
    """The rows in the order of a column of whole numbers, for the functions below.

    They go along the rows with Polars, in half the time of its hash tables and window functions.
    Other engines group, and need no order.
    """
    native = frame.to_native()
    if isinstance(native, pl.LazyFrame):
        return nw.from_native(native.sort(number))
    return frame


def smallest_of_each(frame: Frame, number: str, size: int) -> Frame:
    """Of the numbers that are the same but for the last part, which is below `size`, the smallest.

    The rows are in the order of the number, the only column that is kept.
    """
    native = frame.to_native()
    if isinstance(native, pl.LazyFrame):
        first = pl.col(number) // size
        is_another = (first != first.shift(1)).fill_null(True)
        return nw.from_native(native.select(number).filter(is_another))
    parts = frame.select(number, first=nw.col(number) // size)
    return parts.group_by("first").agg(nw.col(number).min()).select(number)


def with_previous(frame: Frame, number: str, previous: str) -> Frame:
    """The frame with the next smaller value of a column of numbers that are all different, beside
    it; missing for the smallest. The rows are in the order of the number.
    """
    native = frame.to_native()
    if isinstance(native, pl.LazyFrame):
        return nw.from_native(native.with_columns(pl.col(number).shift(1).alias(previous)))
    return frame.with_columns(nw.col(number).shift(1).over(order_by=number).alias(previous))


def of_runs(frame: Frame, key: str, sums: Sequence[str], largest: Sequence[str] = ()) -> Frame:
    """One row per key, with the sums of some columns and the largest values of others.

    The rows are in the order of the key, and so is the result. All are whole numbers from 0; where
    largest values are asked for, the key is below 2²⁵ and they are below 2³⁸.
    """
    native = frame.to_native()
    if not isinstance(native, pl.LazyFrame):
        added, compared = nw.col(*sums), [nw.col(name).max() for name in largest]
        return frame.group_by(key).agg(added.sum(), *compared).with_columns(added.cast(nw.Int64))
    # Sums from the first row on, told apart where a run ends; what is packed under the key has
    # its largest value of the run there, as the key only grows.
    room = 2**38
    so_far = [pl.col(name).cum_sum() for name in sums]
    for name in largest:
        under_key = pl.col(key) * room + pl.col(name)
        so_far.append((under_key.cum_max() % room).alias(name))
    is_last = (pl.col(key) != pl.col(key).shift(-1)).fill_null(True)
    ends = native.select(key, *so_far).filter(is_last)
    return nw.from_native(
        ends.with_columns(pl.col(name) - pl.col(name).shift(1, fill_value=0) for name in sums)
    )
