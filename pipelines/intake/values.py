"""How the text of one column is read: the value, and the rules that a text can break.

Rules that look at several columns or at the whole file are in `row_rules.py`.
"""

from dataclasses import dataclass

import polars as pl

from pipelines.intake.checks import Check, check, text
from schemas import codes
from schemas.column import Column, Kind
from schemas.regions import municipality_names, region_names
from schemas.rules import LONGEST_ID

_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TIME = "^([01][0-9]|2[0-3]):[0-5][0-9]$"
_DECIMAL = r"^[0-9]*\.?[0-9]+$"
_WHOLE_NUMBER = "^[0-9]{1,15}$"
_CONTROL = r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
"""Line breaks, codes that a terminal obeys, and changes of the direction of writing."""
_LONGEST_UNIT_NAME = 200
_HSA_IDS = ("unit_id", "physician_id", "provider_id", "holder_id")


@dataclass(frozen=True)
class Reading:
    """What is read from one column: named values, and the checks of its text and values.

    Checks may use the values by their names and the text by `text(column)`.
    """

    values: dict[str, pl.Expr]
    checks: tuple[Check, ...]


def reading(column: Column, delivery: str) -> Reading:
    """How a column of a delivery is read.

    A text that cannot be read gives null and breaks one rule; a missing text gives null, and
    breaks `missing_value` where the column is required.
    """
    special = _SPECIAL.get((delivery, column.name)) or _SPECIAL.get(("", column.name))
    if special is not None:
        return special(column)
    if column.name in _HSA_IDS:
        return _hsa_id(column)
    return _BY_KIND[column.kind](column)


def _missing(column: Column) -> tuple[Check, ...]:
    if not column.required:
        return ()
    return (check("missing_value", column.name, text(column.name).is_null()),)


def _parsed(column: Column, value: pl.Expr, code: str) -> Reading:
    """A reading where a text without a value breaks the rule."""
    unreadable = text(column.name).is_not_null() & pl.col(column.name).is_null()
    return Reading({column.name: value}, (*_missing(column), check(code, column.name, unreadable)))


def _any_text(column: Column) -> Reading:
    return Reading({column.name: text(column.name)}, _missing(column))


def _hsa_id(column: Column) -> Reading:
    """Any text that can be shown, upper-cased; for a unit no code of another kind of area, which
    tables hold in the same column."""
    delivered = text(column.name)
    bad = delivered.str.contains(_CONTROL) | (delivered.str.len_chars() > LONGEST_ID)
    if column.name == "unit_id":
        bad = bad | delivered.is_in([codes.NATION, *region_names(), *municipality_names()])
    return Reading(
        {column.name: delivered.str.to_uppercase()},
        (*_missing(column), check("bad_code", column.name, bad)),
    )


def _unit_name(column: Column) -> Reading:
    """Published as it stands, but for control characters and what is too long to be a name."""
    value = text(column.name).str.replace_all(_CONTROL, " ").str.head(_LONGEST_UNIT_NAME)
    return Reading({column.name: value}, _missing(column))


def _code(column: Column) -> Reading:
    value = text(column.name)
    return _parsed(column, pl.when(value.is_in(column.codes)).then(value), "unknown_code")


def _date_value(value: pl.Expr) -> pl.Expr:
    # The pattern is needed: without it 2025-1-5 and 25-01-05 would be dates too. Year 0 has no
    # date in Python and none in the calendar.
    shaped = value.str.contains(_DATE) & ~value.str.starts_with("0000")
    return pl.when(shaped).then(value).str.to_date("%Y-%m-%d", strict=False)


def _date(column: Column) -> Reading:
    return _parsed(column, _date_value(text(column.name)), "bad_date")


def _time(column: Column) -> Reading:
    value = text(column.name)
    shaped = pl.when(value.str.contains(_TIME)).then(value)
    return _parsed(column, shaped.str.to_time("%H:%M", strict=False), "bad_time")


def _truth_value(value: pl.Expr) -> pl.Expr:
    lower = value.str.to_lowercase()
    return pl.when(lower.is_in(["true", "false"])).then(lower == "true")


def _truth(column: Column) -> Reading:
    return _parsed(column, _truth_value(text(column.name)), "unknown_code")


def _number(column: Column, pattern: str, kind: type[pl.DataType]) -> pl.Expr:
    value = text(column.name)
    number = pl.when(value.str.contains(pattern)).then(value).cast(kind, strict=False)
    within = pl.lit(True)
    if column.minimum is not None:
        within = within & (number >= column.minimum)
    if column.maximum is not None:
        within = within & (number <= column.maximum)
    return pl.when(within).then(number)


def _whole_number(column: Column) -> Reading:
    return _parsed(column, _number(column, _WHOLE_NUMBER, pl.Int64), "bad_number")


def _decimal(column: Column) -> Reading:
    return _parsed(column, _number(column, _DECIMAL, pl.Float64), "bad_number")


def _fte(column: Column) -> Reading:
    number = _number(column, _DECIMAL, pl.Float64)
    return _parsed(column, pl.when(number > 0).then(number), "fte_out_of_range")


def _person_id(column: Column) -> Reading:
    """Its values are read by `persons.read_persons`."""
    unreadable = text(column.name).is_not_null() & pl.col(column.name).is_null()
    return Reading({}, (*_missing(column), check("bad_identifier", column.name, unreadable)))


def _in_a_municipality(value: pl.Expr) -> pl.Expr:
    return pl.when(value.is_in(list(municipality_names()))).then(value)


def _municipality(column: Column) -> Reading:
    return _parsed(column, _in_a_municipality(text(column.name)), "unknown_municipality")


def _residence_municipality(column: Column) -> Reading:
    """Another code is read as missing, with a warning."""
    value = _in_a_municipality(text(column.name))
    return _parsed(column, value, "unknown_residence_municipality")


def _protection(column: Column) -> Reading:
    """Missing is read as true, with a warning: rather too much protection than too little."""
    delivered = text(column.name)
    value = pl.when(delivered.is_null()).then(True).otherwise(_truth_value(delivered))
    return Reading(
        {column.name: value},
        (
            check("unknown_code", column.name, pl.col(column.name).is_null()),
            check("missing_protection", column.name, delivered.is_null()),
        ),
    )


def _specialties(column: Column) -> Reading:
    """Codes joined by |, blanks around them left out; one other code makes the text unreadable."""
    one = f"({'|'.join(codes.SPECIALTIES)})"
    joined = text(column.name).str.replace_all(r"\s*\|\s*", "|")
    value = pl.when(joined.str.contains(rf"^{one}(\|{one})*$")).then(joined)
    return _parsed(column, value, "unknown_code")


_SPECIAL = {
    ("", "person_id"): _person_id,
    ("", "municipality"): _municipality,
    ("", "residence_municipality"): _residence_municipality,
    ("", "specialties"): _specialties,
    ("", "fte"): _fte,
    ("", "unit_name"): _unit_name,
    ("listings", "protected_identity"): _protection,
}

_BY_KIND = {
    Kind.TEXT: _any_text,
    Kind.CODE: _code,
    Kind.WHOLE_NUMBER: _whole_number,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.TRUTH: _truth,
}
