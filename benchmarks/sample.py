"""How long `flk run` takes on the sample: from nothing, and when nothing is new.

    uv run python -m benchmarks.sample [--runs 3]

Must be: cold under 30 s, nothing new under 6 s, on 2 cores.
"""

import argparse
import sys
import tempfile

from benchmarks.process import HEADING, measure, row


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    cold, again = [], []
    for _ in range(runs):
        with tempfile.TemporaryDirectory() as out:
            flk = (sys.executable, "-m", "assets.command_line", "run", "--out", out)
            cold.append(measure(*flk))
            again.append(measure(*flk))
    print(HEADING)
    print(row("flk run, from nothing", cold))
    print(row("flk run, nothing new", again))
    if any(run.status for run in (*cold, *again)):
        sys.exit("A run failed.")


if __name__ == "__main__":
    main()
