"""A check is a rule of rules.py put to some columns as an expression; here is how they are made."""

from dataclasses import dataclass

import polars as pl

from schemas.rules import rule

_TEXT = "text of "


@dataclass(frozen=True)
class Check:
    """Which rows break a rule. `breaks` is true for those and false for all others."""

    rule: str
    columns: tuple[str, ...]
    breaks: pl.Expr

    @property
    def is_warning(self) -> bool:
        """Whether the row counts all the same."""
        return rule(self.rule).grade == "warn"

    @property
    def name(self) -> str:
        """The name of the column that holds the answer for every row."""
        return f"{self.rule} {' '.join(self.columns)}"


def check(code: str, columns: str | tuple[str, ...], breaks: pl.Expr) -> Check:
    """A check where an unknown answer is no."""
    names = (columns,) if isinstance(columns, str) else columns
    return Check(code, names, breaks.fill_null(False))


def text(column: str) -> pl.Expr:
    """A column as delivered, trimmed; empty is null."""
    return pl.col(text_name(column))


def text_name(column: str) -> str:
    """The name under which the delivered text stands beside the value read from it."""
    return f"{_TEXT}{column}"
