"""The keyed hashes that are kept of the names of units and lists."""

import polars as pl

from pipelines.intake.distinct_texts import DistinctTexts, distinct_texts
from pipelines.intake.pseudonyms import pseudonym
from pipelines.intake.row_rules import FILE
from schemas.deliveries import LIST_NAMES


def comparable_name(name: pl.Expr) -> pl.Expr:
    """A name in lower case without any white space, as unit and list names are compared."""
    return name.str.to_lowercase().str.replace_all(r"\s+", "")


def unit_name_key(key: str) -> pl.Expr:
    """The keyed hash of a unit's name."""
    return pseudonym(comparable_name(pl.col("unit_name")), key).alias("unit_name_key")


def list_keys(
    units: DistinctTexts, names: DistinctTexts, key: str
) -> tuple[pl.Series, pl.DataFrame]:
    """For every row `list_key`, null where the list has no name; and of every list its key and
    comparable name.

    Lists are few beside the persons on them, so each is hashed once.
    """
    number = "list_number"
    numbers = (units.places.cast(pl.UInt64) * names.texts.len() + names.places).alias(number)
    comparable = names.texts.to_frame("name").select(comparable_name(pl.col("name"))).to_series()
    different = numbers.unique()
    unit = units.texts.gather(different // names.texts.len())
    lists = (
        pl.DataFrame({number: different, "unit": unit})
        .with_columns(comparable=comparable.gather(different % names.texts.len()))
        .with_columns(list_key=pseudonym(pl.concat_str("unit", pl.lit("|"), "comparable"), key))
    )
    of_rows = numbers.to_frame().join(
        lists, on=number, how="left", validate="m:1", maintain_order="left"
    )
    return of_rows["list_key"], lists.select("list_key", "comparable").unique()


def list_names(accepted: pl.DataFrame, lists: pl.DataFrame, key: str) -> pl.DataFrame:
    """LIST_NAMES for each file: every beginning of the names of the lists of accepted rows."""
    named = (
        accepted.select(FILE, "list_key")
        .unique()
        .join(lists.drop_nulls(), on="list_key", validate="m:1")
        .with_columns(length=pl.int_ranges(1, pl.col("comparable").str.len_chars() + 1))
        .explode("length")
    )
    # Names of lists begin alike, with the unit's name or the physician's title.
    beginnings = distinct_texts(named.select(pl.col("comparable").str.head("length")).to_series())
    keys = beginnings.texts.to_frame("text").select(pseudonym(pl.col("text"), key)).to_series()
    named = named.select(FILE, "list_key", beginning_key=beginnings.to_rows(keys))
    return named.sort(FILE, *LIST_NAMES.key)
