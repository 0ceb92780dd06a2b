"""Where the time of a run goes: processor seconds by stage, measured inside the running product.

    uv run python -m benchmarks.stages --landing LANDING --out OUT

Clocks are put around the functions that do a stage's work, and the run goes on as always, but that
regions are taken in one at a time: then every processor second between two clocks belongs to one
stage. What is left, inside Dagster's runs but in no stage, is Dagster's own.
"""

import argparse
import functools
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STAGES = {
    "start": "imports",
    "read": "bytes, checksum, text table",
    "validate": "identities, values, rules, sorting, repeated keys, with the pseudonyms",
    "gate": "Pandera, before anything is written",
    "write": "Parquet",
    "people": "listings, units, physicians and markings joined",
    "visits": "contacts and persons joined, visits counted",
    "tables": "indicators of all areas",
    "Dagster": "runs, steps, history",
    "publish": "targets, disclosure control, DuckDB file, read back",
    "rest": "looking at the landing folder, receipts, summary",
}


class Clock:
    """Processor and wall seconds of each stage; an inner stage's time is not the outer's too."""

    def __init__(self) -> None:
        self.processor = dict.fromkeys(STAGES, 0.0)
        self.wall = dict.fromkeys(STAGES, 0.0)
        self._thread = threading.get_ident()
        self._open = ["start"]
        self._last = (0.0, time.monotonic() - time.process_time())

    def switch(self, stage: str | None) -> None:
        """Begin a stage, or end the one that is under way; other threads belong to it."""
        if threading.get_ident() != self._thread:
            return
        now = (_processor(), time.monotonic())
        self.processor[self._open[-1]] += now[0] - self._last[0]
        self.wall[self._open[-1]] += now[1] - self._last[1]
        self._last = now
        if stage is None:
            self._open.pop()
        else:
            self._open.append(stage)

    def around(self, owner: Any, name: str, stage: str) -> None:
        """Put the clock around a function or method."""
        function: Callable[..., Any] = getattr(owner, name)

        @functools.wraps(function)
        def timed(*arguments: Any, **named: Any) -> Any:
            self.switch(stage)
            try:
                return function(*arguments, **named)
            finally:
                self.switch(None)

        setattr(owner, name, timed)


def _processor() -> float:
    """Processor seconds of this process and those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


class _OneAfterTheOther:
    """A pool without threads, so that all of a stage's time lies between its clocks."""

    def __init__(self, *_: object) -> None:
        pass

    def __enter__(self) -> "_OneAfterTheOther":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    map = staticmethod(map)


def clocked() -> Clock:
    """Put clocks around the stages of the product in this process."""
    clock = Clock()
    from assets import run
    from pipelines import arrivals, figures, release, store
    from pipelines.intake import take_in
    from schemas import validation

    arrivals.ThreadPoolExecutor = _OneAfterTheOther  # type: ignore[assignment,misc]
    clock.around(take_in._Run, "read", "read")
    clock.around(take_in, "check_rows", "validate")
    clock.around(validation, "keep_contract_each", "gate")
    clock.around(store.Store, "write_tables", "write")
    clock.around(arrivals, "take_in_partition", "rest")
    clock.around(arrivals, "look_at", "rest")
    clock.around(figures.Figures, "make_table", "tables")
    clock.around(release.Release, "publish", "publish")
    clock.around(run._Runner, "run", "Dagster")
    made = figures.Figures._make_together

    @functools.wraps(made)
    def timed(self: figures.Figures, step: Any, regions: list[str]) -> Any:
        clock.switch("visits" if step.name == "visits" else "people")
        try:
            return made(self, step, regions)
        finally:
            clock.switch(None)

    figures.Figures._make_together = timed  # type: ignore[method-assign]
    clock.switch("rest")
    return clock


def main() -> None:
    """Run the product and print the stages as JSON on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--landing", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    clock = clocked()
    from assets.command_line import main as flk

    status = flk(["run", "--landing", str(options.landing), "--out", str(options.out)])
    clock.switch(None)
    print(json.dumps({"processor": clock.processor, "wall": clock.wall, "pid": os.getpid()}))
    sys.exit(status)


if __name__ == "__main__":
    main()
