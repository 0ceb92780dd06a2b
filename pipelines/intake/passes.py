"""A pass over rows, by the engine that is quicker for so many."""

import polars as pl

_MANY_ROWS = 50_000
"""From here on the streaming engine, which uses all cores, earns back what it costs to start."""


def collected(rows: pl.LazyFrame, number: int) -> pl.DataFrame:
    """The frame of a lazy one that goes over so many rows."""
    return rows.collect(engine="streaming" if number > _MANY_ROWS else "in-memory")
