"""What the recomputation says of the sample, beside the session's run of it."""

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from recomputation import recompute

from integration.running import SAMPLE, Ended
from tests.sample_run import MONTHS

VARIANTS = ((18, 3), (12, 2))

Tables = dict[str, list[dict[str, object]]]


@dataclass(frozen=True)
class RecomputedSample:
    """Where it was written, how the runs ended, and the recomputed tables by month."""

    out: Path
    ended: dict[str, Ended]
    recomputed: dict[str, Tables]


def _recompute(month: str) -> Tables:
    return recompute(SAMPLE, month, date.today(), VARIANTS)


def recomputed(out: Path, ended: dict[str, Ended]) -> RecomputedSample:
    """The session's run of the sample with what the recomputation says of its months."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as beside:
        return RecomputedSample(
            out, ended, dict(zip(MONTHS, beside.map(_recompute, MONTHS), strict=True))
        )
