"""From values that identify persons to what is kept: pseudonyms, list keys, the stored columns."""

import polars as pl

from pipelines.intake import identities
from pipelines.intake.pseudonyms import pseudonym
from pipelines.intake.row_rules import FILE
from schemas.contract import DeliveryContract
from schemas.deliveries import LIST_NAMES

_LIST_NUMBER = "list_number"


def person_columns(
    contract: DeliveryContract, key: str, region_code: pl.Expr
) -> dict[str, pl.Expr]:
    """What is kept of `person_id`: person, birth_date and sex, as far as the delivery keeps them.

    A reserve identity is one person per unit; in markings, which have no unit, one per region
    and linked to no listing.
    """
    names = contract.column_names
    if "person_id" not in names:
        return {}
    identity = pl.col(identities.PERSON_ID)
    only_reserve = pl.when(pl.col(identities.IDENTITY_KIND) == "reserve").then(identity)
    if "unit_id" in names:
        reserve = pl.concat_str(only_reserve, pl.lit("|"), pl.col("unit_id"))
    else:
        reserve = pl.concat_str(only_reserve, pl.lit("|marking|"), region_code)
    columns = {
        "person": pseudonym(pl.coalesce(reserve, identity), key),
        "birth_date": identities.birth_date(),
        "sex": identities.sex(),
    }
    return {name: value for name, value in columns.items() if name in contract.stored.column_names}


def comparable_name(name: pl.Expr) -> pl.Expr:
    """A name in lower case without any white space, as unit and list names are compared."""
    return name.str.to_lowercase().str.replace_all(r"\s+", "")


def with_name_keys(
    accepted: pl.DataFrame, contract: DeliveryContract, key: str
) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """The accepted rows with the keyed hashes of unit or list names; for listings also LIST_NAMES
    for each file.

    `list_key` is null where the list has no name.
    """
    if contract.name == "units":
        name_key = pseudonym(comparable_name(pl.col("unit_name")), key).alias("unit_name_key")
        return accepted.with_columns(name_key), None
    if contract.name == "listings":
        return _with_list_keys(accepted, key)
    return accepted, None


def _with_list_keys(accepted: pl.DataFrame, key: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    # Lists are few beside the persons on them: each is hashed once, and found again by the
    # numbers of its unit and name, as joining on texts takes five times as long.
    number = _number_of_text("unit_id") * 2**32 + _number_of_text("list_name")
    numbered = accepted.with_columns(number.alias(_LIST_NUMBER))
    lists = (
        numbered.select(FILE, _LIST_NUMBER)
        .with_row_index("row")
        .drop_nulls()
        .unique([_LIST_NUMBER, FILE])
    )
    name = comparable_name(pl.col("list_name"))
    lists = (
        accepted.select("unit_id", "list_name")[lists["row"]]
        .with_columns(lists[FILE], lists[_LIST_NUMBER], comparable=name)
        .with_columns(list_key=pseudonym(pl.concat_str("unit_id", pl.lit("|"), "comparable"), key))
    )
    beginnings = (
        lists.select(FILE, "list_key", "comparable")
        .unique()
        .with_columns(length=pl.int_ranges(1, pl.col("comparable").str.len_chars() + 1))
        .explode("length")
        .select(
            FILE,
            "list_key",
            beginning_key=pseudonym(pl.col("comparable").str.head(pl.col("length")), key),
        )
        .unique()
        .sort(FILE, *LIST_NAMES.key)
    )
    keys = lists.select(_LIST_NUMBER, "list_key").unique()
    joined = numbered.join(keys, on=_LIST_NUMBER, how="left", validate="m:1", maintain_order="left")
    return joined.drop(_LIST_NUMBER), beginnings


def _number_of_text(column: str) -> pl.Expr:
    """A number for each different text of the column, null where there is none."""
    numbers = pl.Categorical(pl.Categories.random())
    return pl.col(column).cast(numbers).to_physical().cast(pl.UInt64)
