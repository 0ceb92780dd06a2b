"""The engine that computes: stored tables become lazy frames, lazy frames become rows.

The definitions in `pipelines/indicators` are written once, in Narwhals; an engine says how their
frames are read and computed. What is collected is a Polars frame whatever the engine, and all
that follows is the same. What figures mean does not belong here, nor does writing to the store.
"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

import narwhals as nw
import polars as pl

from pipelines.indicators.frame import Frame
from pipelines.store import Store
from schemas.contract import TableContract

POLARS_NAME, SPARK_NAME = ENGINE_NAMES = ("polars", "spark")


class Engine(Protocol):
    """Reads stored tables and computes frames of them."""

    @property
    def name(self) -> str:
        """One of ENGINE_NAMES."""

    def demand(self) -> None:
        """Raise WrongUseError, with what to do, where the engine cannot work on this machine."""

    def scan(self, paths: Sequence[Path], contract: TableContract) -> Frame:
        """The rows of all these files of a table, not loaded yet; without files an empty table."""

    def collect(self, frames: Sequence[Frame]) -> list[pl.DataFrame]:
        """The rows of frames that this engine has scanned, computed together, in any order."""

    def held(self, frames: Sequence[Frame]) -> list[Frame]:
        """The same frames, computed once here and held while they are used."""

    def for_small(self) -> "tuple[Engine, int]":
        """The engine for small frames, and how many of them it should be given side by side."""


class PolarsEngine:
    """Lazy Polars in this process; streaming, so that frames need not fit in memory at once."""

    name = POLARS_NAME

    def __init__(self, way: Literal["streaming", "in-memory"] = "streaming") -> None:
        self._way = way

    def demand(self) -> None:
        """Polars works everywhere."""

    def scan(self, paths: Sequence[Path], contract: TableContract) -> Frame:
        """Lazy frames over the Parquet files."""
        if not paths:
            return nw.from_native(contract.empty().lazy())
        return nw.from_native(pl.scan_parquet(list(paths), glob=False))

    def collect(self, frames: Sequence[Frame]) -> list[pl.DataFrame]:
        """All frames at once, so that what they share is computed once."""
        return pl.collect_all([nw.to_native(frame) for frame in frames], engine=self._way)

    def held(self, frames: Sequence[Frame]) -> list[Frame]:
        """Frames over rows in memory."""
        return [nw.from_native(rows.lazy()) for rows in self.collect(frames)]

    def for_small(self) -> "tuple[Engine, int]":
        """In memory, where small frames take half the time; one is planned in Python meanwhile."""
        return PolarsEngine("in-memory"), 2


POLARS = PolarsEngine()


def _polars(store: Store) -> Engine:
    return POLARS


def _spark(store: Store) -> Engine:
    from pipelines.spark import SparkEngine

    return SparkEngine(store.path("spark"))


_ENGINES: dict[str, Callable[[Store], Engine]] = {POLARS_NAME: _polars, SPARK_NAME: _spark}


@cache
def engine_of(name: str, store: Store) -> Engine:
    """The engine of that name, one a process and store; KeyError when there is none."""
    return _ENGINES[name](store)
