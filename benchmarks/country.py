"""How long `flk run` takes on a simulated country, or a part of one.

    uv run python -m benchmarks.country --scale 1.0 --folder /tmp/country

Simulates the deliveries (unless the folder has them), then runs from nothing, again with nothing
new, and again with one region's newest listings sent anew. Times and peak memory as a Markdown
table. Scale 1.0 is 10.6 million persons and 55 million contacts: some 7 GB of deliveries.
"""

import argparse
import shutil
import sys
from pathlib import Path

from benchmarks.process import HEADING, Measured, measure, row

COUNTRY = 10_587_710
MONTHS = 19
REGION = "24"


def main() -> None:
    """Simulate, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.01)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()
    landing, out = options.folder / "landing", options.folder / "out"
    flk = (sys.executable, "-m", "assets.command_line")
    print(HEADING)
    if not landing.exists():
        people = str(round(COUNTRY * options.scale))
        arguments = ("--population", people, "--months", str(MONTHS), "--seed", "1")
        print(
            row("flk simulate", [measure(*flk, "simulate", "--landing", str(landing), *arguments)])
        )
    shutil.rmtree(out, ignore_errors=True)
    run = (*flk, "run", "--landing", str(landing), "--out", str(out))
    print(row("flk run, from nothing", [_good(measure(*run))]))
    print(row("flk run, nothing new", [_good(measure(*run))]))
    _send_anew(landing)
    print(row(f"flk run, region {REGION}'s listings sent anew", [_good(measure(*run))]))


def _good(measured: Measured) -> Measured:
    if measured.status:
        sys.exit(measured.output[-2000:])
    return measured


def _send_anew(landing: Path) -> None:
    """The same snapshot without its last row: other bytes under the same name."""
    newest = sorted((landing / REGION / "listings").glob("*.csv"))[-1]
    lines = newest.read_bytes().rstrip().split(b"\n")
    newest.write_bytes(b"\n".join(lines[:-1]) + b"\n")


if __name__ == "__main__":
    main()
