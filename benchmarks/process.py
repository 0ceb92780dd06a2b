"""Running a command and measuring the whole process: wall time, processor time, peak memory."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Measured:
    """One finished run. Times in seconds, memory in gigabytes (the largest single process)."""

    wall: float
    processor: float
    peak_memory: float
    status: int
    output: str


def measure(*command: str) -> Measured:
    """Run a command to its end and measure it with the operating system's own accounting."""
    began = time.monotonic()
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        output = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return Measured(
        wall=time.monotonic() - began,
        processor=used.ru_utime + used.ru_stime,
        peak_memory=used.ru_maxrss / 1024**2,
        status=process.returncode,
        output=output,
    )


def good(measured: Measured) -> Measured:
    """The run, if it ended well; else the benchmark ends with what it said."""
    if measured.status:
        sys.exit(measured.output[-2000:])
    return measured


def size_of(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def row(name: str, runs: list[Measured]) -> str:
    """A line of a Markdown table: the median of several runs, and the range of wall times."""
    by_wall = sorted(runs, key=lambda run: run.wall)
    median = by_wall[len(by_wall) // 2]
    spread = f"{by_wall[0].wall:.1f}–{by_wall[-1].wall:.1f}"
    return (
        f"| {name} | {median.wall:.1f} | {spread} | {median.processor:.1f} "
        f"| {median.peak_memory:.2f} |"
    )


HEADING = "| run | wall s | range | processor s | peak GB |\n| --- | ---: | --- | ---: | ---: |"
