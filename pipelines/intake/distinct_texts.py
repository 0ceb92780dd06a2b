"""The different texts of a column, and which of them each row has.

A column holds few texts beside the rows that repeat them: days, units, professions. What is read
from a text, and whether it breaks a rule, is therefore worked out once a text, not once a row.
"""

from dataclasses import dataclass

import polars as pl


def trimmed(text: pl.Expr) -> pl.Expr:
    """The text without white space around it; null where nothing is left."""
    without_white_space = text.str.strip_chars()
    return pl.when(without_white_space != "").then(without_white_space)


@dataclass(frozen=True)
class DistinctTexts:
    """A column of text taken apart.

    `texts` are the different ones as delivered, at last the missing one; `places` tells for every
    row which of them it has.
    """

    texts: pl.Series
    places: pl.Series

    def to_rows(self, answers: pl.Series) -> pl.Series:
        """For every row what was worked out for its text."""
        return answers.gather(self.places)


def distinct_texts(column: pl.Series) -> DistinctTexts:
    """The column taken apart; quick where texts are repeated, right also where none is."""
    numbered = column.cast(pl.Categorical(pl.Categories.random()))
    places = numbered.to_physical()
    highest = places.max()
    number = 0 if highest is None else int(str(highest)) + 1
    texts = pl.int_range(number, dtype=pl.UInt32, eager=True).cat.to(numbered.dtype)
    missing = pl.Series([None], dtype=pl.String)
    # In one piece each: to gather from several takes many times as long.
    return DistinctTexts(
        pl.concat([texts.cast(pl.String).rename(""), missing], rechunk=True),
        places.fill_null(number).rechunk(),
    )
