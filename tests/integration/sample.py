"""The sample run once for all tests, while the recomputation works beside it."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from recomputation import recompute

from integration.running import SAMPLE, Ended, flk

MONTHS = ("2025-10", "2025-11")
VARIANTS = ((18, 3), (12, 2))

Tables = dict[str, list[dict[str, object]]]


@dataclass(frozen=True)
class SampleRun:
    """Where it was written, how the runs ended, and the recomputed tables by month."""

    out: Path
    ended: dict[str, Ended]
    recomputed: dict[str, Tables]


def _recompute(month: str) -> Tables:
    return recompute(SAMPLE, month, date.today(), VARIANTS)


def run_sample(out: Path) -> SampleRun:
    """Both months, one after the other."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as beside:
        answers = {month: beside.submit(_recompute, month) for month in MONTHS}
        ended = {month: flk("run", "--out", out, "--month", month) for month in MONTHS}
        return SampleRun(out, ended, {month: each.result() for month, each in answers.items()})
