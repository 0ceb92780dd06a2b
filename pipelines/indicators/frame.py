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


def with_previous(frame: Frame, column: str, previous: str) -> Frame:
    """The frame with the next smaller value of a column of numbers that are all different, beside
    it; missing for the smallest.

    Polars sorts the rows and looks one up; its window function, for which Narwhals has words, takes
    twice as long.
    """
    native = frame.to_native()
    if isinstance(native, pl.LazyFrame):
        shifted = native.sort(column).with_columns(pl.col(column).shift(1).alias(previous))
        return nw.from_native(shifted)
    return frame.with_columns(nw.col(column).shift(1).over(order_by=column).alias(previous))
