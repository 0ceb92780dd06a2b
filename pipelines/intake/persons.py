"""Whom a row is about: from the delivered identity to what is kept of the person.

Nearly every identity is a personnummer written as twelve digits. Those are read as numbers, and
only the others go the long way through their texts.
"""

from collections.abc import Sequence

import polars as pl

from pipelines.intake import identities
from pipelines.intake.checks import Check, text, text_name
from pipelines.intake.distinct_texts import trimmed
from pipelines.intake.identities import IDENTITY_KIND, IDENTITY_NUMBER, PERSON_ID
from pipelines.intake.known_persons import known_persons, place_of
from pipelines.intake.passes import collected
from schemas.contract import DeliveryContract

_IDENTITY = "identity"
_PLACE = "place"
_ROW = "row"


def read_persons(
    rows: pl.DataFrame, contract: DeliveryContract, checks: tuple[Check, ...], key: str
) -> tuple[pl.DataFrame, dict[str, pl.Series]]:
    """What is kept of the persons, and the answers to the checks of `person_id` by their names.

    `rows` holds the text of `person_id`, and what tells persons with the same reserve identity
    apart: `unit_id`, as one is a person per unit, or `region_code` in deliveries without units,
    where it is linked to no listing. The columns are person, identity_kind and, as far as the
    delivery keeps them, birth_date and sex; all null where there is no valid identity.
    """
    kept = [name for name in ("birth_date", "sex") if name in contract.stored.column_names]
    numbers = collected(_as_numbers(rows.lazy().select(text(PERSON_ID)), kept), rows.height)
    others = rows.with_row_index(_ROW).filter(numbers[_PLACE].is_null())
    texts = collected(_as_texts(others.lazy(), kept, checks), others.height)
    answers = {
        each.name: pl.repeat(False, rows.height, dtype=pl.Boolean, eager=True).scatter(
            others[_ROW], texts[each.name]
        )
        for each in checks
    }
    pseudonyms = known_persons(key).pseudonyms

    def persons(read: pl.DataFrame) -> pl.DataFrame:
        person = pseudonyms(read[_IDENTITY], read[_PLACE]).alias("person")
        return read.select(person, IDENTITY_KIND, *kept)

    return _instead(persons(numbers), persons(texts), others[_ROW]), answers


def _instead(frame: pl.DataFrame, others: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
    """The frame with other rows in the place of these."""
    if others.is_empty():
        return frame
    every = pl.int_range(frame.height + others.height, dtype=pl.UInt32, eager=True)
    places = every.head(frame.height).scatter(rows, every.tail(others.height))
    return pl.concat([frame, others], rechunk=True)[places]


def _as_numbers(rows: pl.LazyFrame, kept: Sequence[str]) -> pl.LazyFrame:
    """Identity, its place among the known ones, and what is kept, of the personnummer that are
    written as twelve digits; the place is null for all others."""
    number = pl.col(IDENTITY_NUMBER)
    is_valid = pl.col("birth_date").is_not_null() & identities.has_valid_checksum(number)
    is_here = pl.col(_PLACE).is_not_null()
    return (
        rows.with_columns(identities.twelve_digits(text(PERSON_ID)).alias(IDENTITY_NUMBER))
        .with_columns(birth_date=identities.day(number // 10_000))
        .with_columns(pl.when(is_valid).then(place_of(number, pl.col("birth_date"))).alias(_PLACE))
        .with_columns(
            pl.when(is_here).then(text(PERSON_ID)).alias(_IDENTITY),
            pl.when(is_here).then(pl.lit(identities.PERSONNUMMER)).alias(IDENTITY_KIND),
            sex=identities.sex_of_number(number),
        )
        .select(_PLACE, _IDENTITY, IDENTITY_KIND, *kept)
    )


def _as_texts(rows: pl.LazyFrame, kept: Sequence[str], checks: tuple[Check, ...]) -> pl.LazyFrame:
    """The same of identities of every kind, with the answers to the checks."""
    identity, kind = pl.col(PERSON_ID), pl.col(IDENTITY_KIND)
    of_reserve = pl.when(kind == identities.RESERVE).then(identity)
    if "unit_id" in rows.collect_schema():
        reserve = pl.concat_str(of_reserve, pl.lit("|"), pl.col("unit_id"))
    else:
        reserve = pl.concat_str(of_reserve, pl.lit("|marking|"), pl.col("region_code"))
    place = place_of(pl.col(IDENTITY_NUMBER), pl.col("birth_date"))
    delivered = rows.with_columns(trimmed(text(PERSON_ID)).alias(text_name(PERSON_ID)))
    return (
        identities.with_identities(delivered, text(PERSON_ID))
        .with_columns(birth_date=identities.birth_date(), sex=identities.sex())
        .select(
            pl.when(kind == identities.PERSONNUMMER).then(place).alias(_PLACE),
            pl.coalesce(reserve, identity).alias(_IDENTITY),
            IDENTITY_KIND,
            *kept,
            *(each.breaks.alias(each.name) for each in checks),
        )
    )
