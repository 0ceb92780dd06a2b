"""From the text that a region writes to the text of the standard layout, column by column.

What cannot be translated stays as it is: whether it is right is judged by the rules afterwards.
"""

from datetime import date

import polars as pl

from pipelines.intake.identities import PERSON_ID
from schemas.column import Column, Kind
from schemas.contract import DeliveryContract
from schemas.date_formats import EXCEL_DAY_NUMBER, pattern
from schemas.profiles import Layout

_MUNICIPALITIES = ("municipality", "residence_municipality")
_SPECIALTIES = "specialties"
_LIST_SEPARATOR = "|"
_MOMENT = "YYYY-MM-DDThh:mm:ss"
"""How a cell of Excel or Parquet with day and time is read."""

_EXCEL_BEGINNING = date(1899, 12, 30)
_EXCEL_DAY_NUMBER = "^[1-9][0-9]{4}$"
"""From 18 May 1927 on; numbers with fewer digits are rather something else."""

_DECIMAL_COMMA = "^[0-9]*,[0-9]+$"
_SHORT_IDENTITY = "^[0-9]{7,9}$"
_TEN_DIGITS = "^([0-9]{2})([0-9]{4})([-+]?)([0-9]{4})$"
_HYPHENS = "[\u2010-\u2015\u2212]"
"""Dashes that text programs put in the place of a hyphen."""


def translated(
    frame: pl.DataFrame, contract: DeliveryContract, layout: Layout, content_date: date | None
) -> tuple[pl.DataFrame, dict[str, int]]:
    """The frame in the texts of the standard layout, and how many values of which column changed.

    Its columns are trimmed text, empty is null. `content_date` is that of the file's name; without
    it no century is given to an identity.
    """
    names = [name for name in contract.column_names if name in frame.columns]
    after = frame.with_columns(
        _standard(contract.column(name), layout, content_date).alias(name) for name in names
    )
    # A constant has no text before it was translated.
    counts = {
        name: int(frame[name].ne_missing(after[name]).sum())
        for name in names
        if name not in layout.constants
    }
    return after, {name: count for name, count in counts.items() if count}


def _standard(column: Column, layout: Layout, content_date: date | None) -> pl.Expr:
    value = pl.col(column.name)
    if layout.missing:
        value = pl.when(~value.is_in(list(layout.missing))).then(value)
    value = _with_codes(value, column.name, layout)
    if column.kind is Kind.DATE:
        return _with_dates(value, layout.date_formats)
    if column.kind is Kind.TIME:
        return _with_times(value, layout.time_formats)
    if column.kind is Kind.DECIMAL and layout.decimal_comma:
        is_written_so = value.str.contains(_DECIMAL_COMMA)
        return (
            pl.when(is_written_so).then(value.str.replace(",", ".", literal=True)).otherwise(value)
        )
    if column.name in _MUNICIPALITIES and layout.restore_zeros:
        return pl.when(value.str.contains("^[0-9]{3}$")).then(value.str.zfill(4)).otherwise(value)
    if column.name == PERSON_ID:
        return _with_identities(value, layout, content_date)
    return value


def _with_codes(value: pl.Expr, name: str, layout: Layout) -> pl.Expr:
    table = {text.strip().lower(): code for text, code in layout.codes.get(name, {}).items()}
    if name == _SPECIALTIES and (table or layout.list_separator != _LIST_SEPARATOR):
        each = pl.element().str.strip_chars()
        codes = value.str.split(layout.list_separator).list.eval(_looked_up(each, table))
        joined = codes.list.drop_nulls().list.join(_LIST_SEPARATOR)
        return pl.when(joined != "").then(joined)
    return _looked_up(value, table) if table else value


def _looked_up(value: pl.Expr, table: dict[str, str]) -> pl.Expr:
    """The code of each text in the table, itself where it is not there; an empty code is null.

    The empty text in the table stands for a missing value.
    """
    if table:
        value = value.str.to_lowercase().replace_strict(
            list(table), list(table.values()), default=value, return_dtype=pl.String
        )
    value = pl.when(value != "").then(value)
    return value.fill_null(table[""]) if table.get("") else value


def _with_dates(value: pl.Expr, formats: tuple[str, ...]) -> pl.Expr:
    read = []
    for written in (*formats, _MOMENT):
        if written == EXCEL_DAY_NUMBER:
            days = pl.when(value.str.contains(_EXCEL_DAY_NUMBER)).then(value).cast(pl.Int64)
            day = pl.lit(_EXCEL_BEGINNING) + pl.duration(days=days)
            read.append(day.dt.to_string("%Y-%m-%d"))
        else:
            found = value.str.extract_groups(pattern(written)).struct
            read.append(
                pl.concat_str(
                    found.field("year"),
                    found.field("month").str.zfill(2),
                    found.field("day").str.zfill(2),
                    separator="-",
                )
            )
    return pl.coalesce(*read, value)


def _with_times(value: pl.Expr, formats: tuple[str, ...]) -> pl.Expr:
    read = []
    for written in (*formats, _MOMENT):
        found = value.str.extract_groups(pattern(written)).struct
        read.append(pl.concat_str(found.field("hour"), found.field("minute"), separator=":"))
    return pl.coalesce(*read, value)


def _with_identities(value: pl.Expr, layout: Layout, content_date: date | None) -> pl.Expr:
    value = value.str.replace_all(r"\s", "").str.replace_all(_HYPHENS, "-")
    if layout.restore_zeros:
        is_short = value.str.contains(_SHORT_IDENTITY)
        value = pl.when(is_short).then(value.str.zfill(10)).otherwise(value)
    if layout.ten_digit_ages is None or content_date is None:
        return value
    youngest, oldest = layout.ten_digit_ages
    latest = content_date.year - youngest
    found = value.str.extract_groups(_TEN_DIGITS).struct
    year = latest - (latest - found.field("1").cast(pl.Int64)) % 100
    sign = found.field("3")
    age = content_date.year - year
    fits = (age <= oldest) & ((sign != "-") | (age < 100)) & ((sign != "+") | (age >= 100))
    twelve = pl.concat_str(year.cast(pl.String), found.field("2"), found.field("4"))
    return pl.when(fits).then(twelve).otherwise(value)
