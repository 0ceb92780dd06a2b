"""Show which of the sample's statistics have changed since they were pinned, and accept it.

    python -m tests.backtest.difference [--out DIR] [--before DIR] [--rows N] [--accept]

`--out DIR` is an output folder with both months of the sample; without it the sample is run first
(about a minute). `--before DIR`, the output folder of a run with the former program, compares
every row of every table with it instead of with what is pinned, units too. `--accept` writes the
pins anew: say in the commit and in CHANGELOG why the figures are others.
"""

import argparse
import math
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from tests.backtest.pins import (
    NOT_IN_DIGEST,
    Frames,
    key_of,
    pins_of,
    read_pins,
    statistics_of,
    write_pins,
)
from tests.sample_run import sample_run

RELATIVE_TOLERANCE = 1e-12
ABSENT = "no such row"
ROWS_SHOWN = 20


@dataclass(frozen=True)
class Difference:
    """One figure that is not what it was. Where a row is gone or new, `column` is empty."""

    table: str
    key: tuple[tuple[str, object], ...]
    column: str
    before: object
    after: object

    def __str__(self) -> str:
        where = " ".join(f"{name}={value}" for name, value in self.key)
        return f"{where}  {self.column or 'row'}: {_shown(self.before)} → {_shown(self.after)}"


def differences(before: Frames, after: Frames) -> list[Difference]:
    """Every figure that differs between the two, by table and key."""
    found: list[Difference] = []
    for table in sorted(before.keys() | after.keys()):
        found += _of_table(table, before.get(table), after.get(table))
    return found


def report(found: Iterable[Difference], rows: int = ROWS_SHOWN) -> str:
    """The differences to be read: how many there are in each table, and the first of them."""
    found = list(found)
    if not found:
        return "No figure differs."
    lines = []
    for table, count in Counter(each.table for each in found).items():
        lines.append(f"{table}: {count} {'figure differs' if count == 1 else 'figures differ'}")
        shown = [each for each in found if each.table == table][:rows]
        lines += [f"  {each}" for each in shown]
        if count > len(shown):
            lines.append(f"  … and {count - len(shown)} more")
    return "\n".join(lines)


def _of_table(
    table: str, before: pl.DataFrame | None, after: pl.DataFrame | None
) -> Iterator[Difference]:
    key = key_of(table)
    left, right = _by_key(before, key), _by_key(after, key)
    for each in sorted(left.keys() | right.keys(), key=str):
        named = tuple(zip(key, each, strict=True))
        if each not in left:
            yield Difference(table, named, "", ABSENT, "new row")
        elif each not in right:
            yield Difference(table, named, "", "row", ABSENT)
        else:
            for column in {**left[each], **right[each]}:
                old, new = (row.get(column) for row in (left[each], right[each]))
                if column not in NOT_IN_DIGEST and not _same(old, new):
                    yield Difference(table, named, column, old, new)


def _by_key(
    frame: pl.DataFrame | None, key: tuple[str, ...]
) -> dict[tuple[object, ...], dict[str, object]]:
    if frame is None:
        return {}
    return {tuple(row[name] for name in key): row for row in frame.iter_rows(named=True)}


def _same(before: object, after: object) -> bool:
    if before == after:
        return True
    first, second = _as_number(before), _as_number(after)
    if first is None or second is None:
        return False
    return math.isclose(
        first, second, rel_tol=RELATIVE_TOLERANCE, abs_tol=RELATIVE_TOLERANCE / 1000
    )


def _as_number(value: object) -> float | None:
    """A decimal, also one that stands as text in `whole_tables`; counts and codes are exact."""
    if isinstance(value, float):
        return value
    if isinstance(value, str) and "." in value:
        try:
            return float(value)
        except ValueError:
            return None
    return None


def _shown(value: object) -> str:
    return "missing" if value is None else str(value)


def main(arguments: list[str] | None = None) -> int:
    """The command line; 1 when something differs and is not accepted."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, help="an output folder with both months of the sample")
    parser.add_argument("--before", type=Path, help="compare with this output folder, row by row")
    parser.add_argument("--rows", type=int, default=ROWS_SHOWN, help="rows shown of a table")
    parser.add_argument("--accept", action="store_true", help="write the pins anew")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        out = options.out or sample_run(Path(folder)).out
        made = statistics_of(out)
    if options.before:
        found = differences(statistics_of(options.before), made)
    else:
        found = differences(read_pins(), pins_of(made))
    print(report(found, options.rows))
    if options.accept:
        write_pins(pins_of(made))
        print("The pins have been written anew.")
        return 0
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
