"""Text tables as frames: names for persons, - for missing, and defaults for what does not matter.

person  unit_id  valid_from
anna    A        2024-01-01
"""

import zlib
from collections.abc import Mapping
from datetime import date, time

import narwhals as nw
import polars as pl

from schemas.column import Kind
from schemas.contract import TableContract
from schemas.deliveries import LIST_NAMES, delivery
from schemas.parts import (
    COVERAGE_COUNTS,
    DEAD_OR_PROTECTED,
    LISTED_COUNTS,
    MARKED_PERSONS,
    PEOPLE,
    PHYSICIAN_TIME,
    POPULATION_COUNTS,
    UNIT_NAMES,
)

DEFAULTS: dict[str, object] = {
    "identity_kind": "personnummer",
    "birth_date": date(1970, 1, 1),
    "sex": "women",
    "protected_identity": False,
    "protected": False,
    "unit_id": "A",
    "listing_type": "PV",
    "in_queue": False,
    "valid_from": date(2020, 1, 1),
    "physician_id": "DR",
    "equivalent_competence": False,
    "employment": "tillsvidare",
    "fte": 1.0,
    "profession": "lakare",
    "contact_type": "mottagning",
    "provider_id": "DR",
    "setting": "sabo",
    "main_care_at_setting": True,
    "operator": "region",
    "municipality": "1980",
    "unit_name": "Vårdcentralen A",
    "region_code": "19",
    "reference_date": date(2025, 11, 30),
    "kind": "2",
    "holder_id": "DR",
    "year": 2025,
    "marked": False,
    "sabo": False,
}


def number(name: str) -> int:
    """A whole number for a name: the pseudonym of a person, the key of a list or of a name."""
    return zlib.crc32(name.encode())


def _value(text: str, kind: Kind, column: str) -> object:
    if text == "-":
        return None
    if column == "person" or column.endswith("_key"):
        return number(text)
    match kind:
        case Kind.WHOLE_NUMBER:
            return int(text)
        case Kind.DECIMAL:
            return float(text)
        case Kind.DATE:
            return date.fromisoformat(text)
        case Kind.TIME:
            return time.fromisoformat(text)
        case Kind.TRUTH:
            return {"yes": True, "no": False}[text]
        case _:
            return text


def rows_of(text: str) -> list[dict[str, str]]:
    """The rows of a text table; the first line is the header."""
    header, *lines = (line.split() for line in text.strip().splitlines())
    return [dict(zip(header, line, strict=True)) for line in lines]


def frame(contract: TableContract, text: str = "", **defaults: object) -> pl.DataFrame:
    """A frame of the contract's columns from a text table."""
    defaults = DEFAULTS | defaults
    kinds = {column.name: column.kind for column in contract.columns}
    extra = {name: Kind.TEXT for row in rows_of(text or "none") for name in row}
    schema = dict(contract.polars_schema()) | {
        name: pl.String() for name in extra if name not in kinds
    }
    table = []
    for row in rows_of(text) if text.strip() else []:
        values: dict[str, object] = {name: defaults.get(name) for name in schema}
        for name, value in row.items():
            values[name] = _value(value, kinds.get(name, Kind.TEXT), name)
        table.append(values)
    return pl.DataFrame(table, schema=schema, orient="row")


def lazy(table: pl.DataFrame) -> "nw.LazyFrame[pl.LazyFrame]":
    """The frame as the indicators take it."""
    return nw.from_native(table.lazy())


def collected(table: "nw.LazyFrame[pl.LazyFrame]") -> pl.DataFrame:
    """What an indicator gives, as a Polars frame."""
    return table.to_native().collect()


def listings(text: str, **defaults: object) -> pl.DataFrame:
    return frame(delivery("listings").stored, text, **defaults)


def list_names(text: str = "") -> pl.DataFrame:
    return frame(LIST_NAMES, text)


def units(text: str = "unit_id\nA", **defaults: object) -> pl.DataFrame:
    return frame(delivery("units").stored, text, unit_name_key=1, **defaults)


def physicians(text: str, **defaults: object) -> pl.DataFrame:
    return frame(delivery("physicians").stored, text, **defaults)


def contacts(text: str = "", **defaults: object) -> pl.DataFrame:
    return frame(delivery("care_contacts").stored, text, **defaults)


def markings(text: str = "", **defaults: object) -> pl.DataFrame:
    """Care markings with the column `source`, cosmic where the text has none."""
    table = frame(delivery("care_markings").stored, text, protected_identity=None, **defaults)
    return table if "source" in table.columns else table.with_columns(source=pl.lit("cosmic"))


def fixed_contacts(text: str = "") -> pl.DataFrame:
    return frame(delivery("fixed_contacts").stored, text)


def population(text: str = "") -> pl.DataFrame:
    return frame(delivery("population").stored, text)


def marked(text: str = "", **defaults: object) -> pl.DataFrame:
    settled = {"in_cosmic": True, "in_municipal_list": False, "age": 85, "age_group": "85+"}
    return frame(MARKED_PERSONS, text, **settled | defaults)


def people(text: str = "", **defaults: object) -> pl.DataFrame:
    settled: dict[str, object] = {
        name: False
        for name, kind in ((column.name, column.kind) for column in PEOPLE.columns)
        if kind is Kind.TRUTH
    }
    settled |= {"age": 55, "age_group": "45-64", "residence_municipality": "1980"}
    return frame(PEOPLE, text, **settled | defaults)


def dead_or_protected(text: str = "") -> pl.DataFrame:
    return frame(DEAD_OR_PROTECTED, text)


def counts(contract: TableContract, text: str = "", **defaults: object) -> pl.DataFrame:
    """Counts of a contract in schemas/parts.py; 0 where the text has no such column."""
    zeros: Mapping[str, object] = {
        column.name: 0 for column in contract.columns if column.kind is Kind.WHOLE_NUMBER
    }
    return frame(contract, text, **{"age_group": "45-64"} | dict(zeros) | defaults)


__all__ = [
    "COVERAGE_COUNTS",
    "LISTED_COUNTS",
    "PHYSICIAN_TIME",
    "POPULATION_COUNTS",
    "UNIT_NAMES",
]
