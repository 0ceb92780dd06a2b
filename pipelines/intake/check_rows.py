"""All rows of some files through all checks in one pass: accepted | rejected, and the warnings.

What a pass costs besides its rows is paid once for all files of a batch, and what depends on the
file is a column. Each file is then judged and handed back by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import takewhile

import polars as pl

from pipelines.intake.checks import Check
from pipelines.intake.read_rows import read_rows
from pipelines.intake.row_rules import FILE, Circumstances
from pipelines.intake.stored import list_names, unit_name_key
from pipelines.intake.text_table import LINE
from schemas.contract import DeliveryContract
from schemas.receipts import REJECTED_ROWS, SHEET

_NO_ROWS = REJECTED_ROWS.empty()


@dataclass(frozen=True)
class CheckedRows:
    """What became of the rows of one file.

    `accepted`: the rows that break no rule as they are kept, sorted by the stored key.
    `list_names`: their keyed list names, for listings only. `broken`: a row of REJECTED_ROWS for
    every rule that a rejected row breaks, by line and rule. `warned`: the same for the warnings
    about accepted rows. `rejected`: the number of rejected rows. `rules`: for each rule broken the
    number of rows, for a warning of accepted rows; `columns`: for each rule that rejects the
    columns concerned.
    """

    accepted: pl.DataFrame
    list_names: pl.DataFrame | None
    broken: pl.DataFrame = field(default_factory=lambda: _NO_ROWS)
    warned: pl.DataFrame = field(default_factory=lambda: _NO_ROWS)
    rejected: int = 0
    rules: dict[str, int] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)


def check_rows(
    frames: list[pl.DataFrame], contract: DeliveryContract, around: Circumstances, key: str
) -> list[CheckedRows]:
    """Read, check and pseudonymise the rows of text tables that have the required columns.

    Gives what became of each table, in their order, which is that of `around.files`. The list of
    tables is emptied: they need not stand in memory beside what is read from them.
    """
    number = len(frames)
    rows = read_rows(_together(frames), contract, around, key)
    read, lists = rows.frame, rows.lists
    rejecting = [each for each in rows.broken if not each.is_warning]
    warnings = [each for each in rows.broken if each.is_warning]
    del rows
    is_broken = pl.any_horizontal(pl.lit(False), *(each.name for each in rejecting))
    broken = read.filter(is_broken)
    sound = read.filter(~is_broken) if broken.height else read
    del read
    by = (FILE, *contract.stored.key) if number > 1 else contract.stored.key
    sound = sound.drop(each.name for each in rejecting).sort(*by, LINE)
    again = _places_of_repeated_keys(sound, by)
    repeated = sound[again]
    is_first = ~pl.int_range(pl.len()).is_in(again.implode())
    accepted = sound.filter(is_first) if repeated.height else sound
    del sound
    warned = accepted.group_by(FILE).agg(pl.col(each.name).sum() for each in warnings)
    named = accepted
    if "unit_name" in contract.column_names:
        named = named.with_columns(unit_name_key(key))
    if SHEET.name in contract.stored.column_names:
        # Which of several sheets a line is on, the file's own reading knows.
        named = named.with_columns(pl.lit(None, pl.String).alias(SHEET.name))
    return _by_file(
        number,
        accepted=named.select(FILE, *contract.stored.column_names),
        list_names=None if lists is None else list_names(accepted, lists, key),
        broken=_broken_rules(broken, rejecting, repeated, contract),
        warned=warned.rename({each.name: each.rule for each in warnings}),
        warned_rows=_warned_rows(accepted, warned, warnings),
        around=around,
    )


def _together(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """The tables as one, with the column that says which; a column that one lacks is null."""
    marked = []
    for place in range(len(frames)):
        marked.append(frames[place].with_columns(pl.lit(place, pl.UInt32).alias(FILE)))
    frames.clear()
    return marked[0] if len(marked) == 1 else pl.concat(marked, how="diagonal")


def _places_of_repeated_keys(frame: pl.DataFrame, key: tuple[str, ...]) -> pl.Series:
    """The places of the rows, sorted by key and line, that have the key of the row before.

    So the first row of the file stays. Missing values are equal to each other. The numbers and
    dates that a key begins with tell nearly all rows apart: texts are compared only of rows that
    have those in common with a neighbour.
    """
    numbers = tuple(takewhile(lambda name: frame.schema[name] != pl.String, key)) or key[:1]
    alike = frame.select(_is_as_before(numbers)).to_series()
    few = (
        frame.select(key)
        .with_row_index("place", 0)
        .filter(alike | alike.shift(-1, fill_value=False))
    )
    return few.filter(_is_as_before(key))["place"].cast(pl.Int64)


def _is_as_before(columns: tuple[str, ...]) -> pl.Expr:
    """Whether a row has the same values as the row before it; missing values are equal."""
    same = [pl.col(name).eq_missing(pl.col(name).shift(1)) for name in columns]
    return pl.all_horizontal(*same) & (pl.int_range(pl.len()) > 0)


def _broken_rules(
    broken: pl.DataFrame, checks: list[Check], repeated: pl.DataFrame, contract: DeliveryContract
) -> pl.DataFrame:
    """One row for each file, line and rule, with the columns joined in the order of the layout."""
    parts = [
        broken.lazy()
        .filter(pl.col(each.name))
        .select(
            FILE,
            LINE,
            rule=pl.lit(each.rule),
            columns=pl.lit(", ".join(each.columns) or None, dtype=pl.String),
        )
        for each in checks
    ]
    parts.append(
        repeated.lazy().select(
            FILE, LINE, rule=pl.lit("duplicate_key"), columns=pl.lit(", ".join(contract.key))
        )
    )
    return (
        pl.concat(parts)
        .group_by(FILE, LINE, "rule", maintain_order=True)
        .agg(pl.col("columns").drop_nulls())
        .with_columns(
            columns=pl.when(pl.col("columns").list.len() > 0).then(
                pl.col("columns").list.join(", ")
            )
        )
        .sort(FILE, LINE, "rule")
        .collect()
    )


def _warned_rows(
    accepted: pl.DataFrame, warned: pl.DataFrame, warnings: list[Check]
) -> pl.DataFrame:
    """One row for each file, line and warning; only the warnings that some row gave are looked up.

    `warned` counts them for each file.
    """
    given = [each for each in warnings if warned[each.name].sum()]
    parts = [
        accepted.filter(pl.col(each.name)).select(
            FILE,
            LINE,
            rule=pl.lit(each.rule),
            columns=pl.lit(", ".join(each.columns), dtype=pl.String),
        )
        for each in given
    ]
    return pl.concat(parts).sort(FILE, LINE, "rule") if parts else pl.DataFrame()


def _by_file(
    number: int,
    *,
    accepted: pl.DataFrame,
    list_names: pl.DataFrame | None,
    broken: pl.DataFrame,
    warned: pl.DataFrame,
    warned_rows: pl.DataFrame,
    around: Circumstances,
) -> list[CheckedRows]:
    """What was found in all files together, for each of them."""
    rejected = dict(broken.group_by(FILE).agg(pl.col(LINE).n_unique()).iter_rows())
    rules: list[dict[str, int]] = [{} for _ in range(number)]
    columns: list[dict[str, str]] = [{} for _ in range(number)]
    counts = broken.group_by(FILE, "rule").agg(
        pl.len(), pl.col("columns").drop_nulls().unique().sort()
    )
    for place, code, count, concerned in counts.sort(FILE, "rule").iter_rows():
        rules[place][code] = count
        columns[place][code] = ", ".join(dict.fromkeys(", ".join(concerned).split(", ")))
    for counted in warned.iter_rows(named=True):
        place = counted.pop(FILE)
        rules[place] |= {code: count for code, count in counted.items() if count}
    return [
        CheckedRows(*parts, rejected.get(place, 0), rules[place], columns[place])
        for place, parts in enumerate(
            zip(
                _parts(accepted, number),
                [None] * number if list_names is None else _parts(list_names, number),
                _stated(broken, number, around),
                _stated(warned_rows, number, around),
                strict=True,
            )
        )
    ]


def _stated(rows: pl.DataFrame, number: int, around: Circumstances) -> Sequence[pl.DataFrame]:
    """The rows of each file as REJECTED_ROWS."""
    if not rows.height:
        return [_NO_ROWS] * number
    names = ("region_code", "delivery", "file_name", "sha256")
    stated = rows.with_columns(
        *(around.of_file(name) for name in names), pl.lit(None, pl.String).alias("sheet")
    )
    return _parts(stated.select(FILE, *REJECTED_ROWS.column_names), number)


def _parts(frame: pl.DataFrame, number: int) -> Sequence[pl.DataFrame]:
    """The rows of each file of a frame that is sorted by file."""
    counts = dict(frame.group_by(FILE).len().iter_rows())
    rows = frame.drop(FILE)
    parts = []
    start = 0
    for place in range(number):
        height = counts.get(place, 0)
        parts.append(rows.slice(start, height))
        start += height
    return parts
