"""Reading a region profile from TOML: everything that is wrong with it, each in one sentence."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from schemas import codes
from schemas.column import Column, Kind
from schemas.contract import DeliveryContract
from schemas.date_formats import is_date_format, is_time_format, shape
from schemas.deliveries import REGIONAL_DELIVERIES
from schemas.identity_numbers import masked
from schemas.profile_keys import KEYS_OF_FORMAT, LAYOUT_KEYS, PROFILE_KEYS
from schemas.profiles import (
    ENCODINGS,
    FIND,
    FORMATS,
    PLACEHOLDERS,
    SHEET,
    Layout,
    Profile,
    Profiles,
)
from schemas.regions import region_names

MOST_HEADER_LINES = 3
MOST_YEARS_APART = 99

_DELIVERIES = {contract.name: contract for contract in REGIONAL_DELIVERIES}


class ProfileError(ValueError):
    """A profile that cannot be used; the text says for each mistake where and what is allowed."""


def read_profiles(folder: Path) -> Profiles:
    """The profiles of a folder, `<region code>.toml` each; none where there is no folder.

    Raises ProfileError with all mistakes of all files.
    """
    if not folder.is_dir():
        return Profiles()
    profiles = {}
    mistakes = []
    for path in sorted(folder.glob("*.toml")):
        try:
            profiles[path.stem] = read_profile(path)
        except ProfileError as error:
            mistakes.append(str(error))
    if mistakes:
        raise ProfileError(" ".join(mistakes))
    return Profiles(profiles)


def read_profile(path: Path) -> Profile:
    """The profile of a file that is named after its region. Raises ProfileError."""
    if path.stem not in region_names():
        raise ProfileError(
            f"{masked(str(path))}: a profile is named after its region's two-digit code, such as "
            "19.toml."
        )
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise ProfileError(f"{path}: it cannot be read as UTF-8 text.") from None
    try:
        return profile(path.stem, text)
    except ProfileError as error:
        raise ProfileError(f"{path}: {error}") from None


def profile(region_code: str, text: str) -> Profile:
    """The profile that a TOML text holds. Raises ProfileError with all its mistakes."""
    # Headings and constants of a profile are told to suppliers, and its mistakes to everybody.
    lines = [number for number, line in enumerate(text.splitlines(), 1) if masked(line) != line]
    if lines:
        raise ProfileError(
            f"line {', '.join(map(str, lines))} holds a personal identity number. Take it away; "
            "if it is a telephone number, write it with more spaces."
        )
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"it is not TOML: {error}.") from None
    mistakes = list(_unknown(data, PROFILE_KEYS, "profile"))
    for key, kind, what in (("contact", str, "a text"), ("fictitious_name_rule", bool, _TRUTH)):
        if key in data and not isinstance(data[key], kind):
            mistakes.append(f"{key} must be {what}.")
    blocks = data.get("layouts", [])
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        mistakes.append("layouts must be blocks that begin with [[layouts]].")
        blocks = []
    for place, block in enumerate(blocks, start=1):
        mistakes += [f"layout {place}: {each}" for each in _mistakes(block)]
    if mistakes:
        raise ProfileError(" ".join(mistakes))
    return Profile(
        region_code,
        contact=data.get("contact", ""),
        fictitious_name_rule=data.get("fictitious_name_rule", True),
        layouts=tuple(_layout(place, block) for place, block in enumerate(blocks, start=1)),
    )


def _layout(place: int, block: dict[str, Any]) -> Layout:
    """The layout of a block without mistakes."""
    values = {
        key: tuple(value) if isinstance(value, list) else value for key, value in block.items()
    }
    columns = {
        name: (heading,) if isinstance(heading, str) else tuple(heading)
        for name, heading in block.get("columns", {}).items()
    }
    return Layout(place=place, **(values | {"columns": columns}))


# Mistakes

_TRUTH = "true or false"


def _unknown(given: Mapping[str, Any], known: Mapping[str, str], of: str) -> Iterator[str]:
    unknown = [key for key in given if key not in known]
    if unknown:
        yield (f"unknown key {', '.join(unknown)}. The keys of a {of} are {', '.join(known)}.")


def _mistakes(block: dict[str, Any]) -> list[str]:
    """What is wrong with a layout: first its keys one by one, then what they say together."""
    mistakes = list(_unknown(block, LAYOUT_KEYS, "layout"))
    if "delivery" not in block:
        mistakes.append("delivery is missing.")
    for key, value in block.items():
        if key in _CHECKS:
            is_right, allowed = _CHECKS[key]
            if not is_right(value):
                mistakes.append(f"{key} must be {allowed}.")
    if mistakes:
        return mistakes
    return list(_mistakes_together(block, _DELIVERIES[block["delivery"]]))


def _mistakes_together(block: dict[str, Any], contract: DeliveryContract) -> Iterator[str]:
    kind = block.get("format", "csv")
    for key, formats in KEYS_OF_FORMAT.items():
        if key in block and kind not in formats:
            yield f"{key} means nothing in the format {kind}; it is for {' and '.join(formats)}."
    for key in ("columns", "constants", "codes"):
        unknown = [name for name in block.get(key, {}) if name not in contract.column_names]
        if unknown:
            yield (
                f"{key} names {', '.join(unknown)}. The columns of {contract.name} are "
                f"{', '.join(contract.column_names)}."
            )
    constants = block.get("constants", {})
    twice = [name for name in constants if name in block.get("columns", {})]
    if twice:
        yield f"{', '.join(twice)} stands in both columns and constants. Choose one."
    yield from _mistakes_of_values(block, contract, constants)
    shapes = [shape(written) for written in block.get("date_formats", [])]
    if len(set(shapes)) < len(shapes):
        yield "date_formats has two formats that look the same. Keep the one that is used."


def _mistakes_of_values(
    block: dict[str, Any], contract: DeliveryContract, constants: dict[str, str]
) -> Iterator[str]:
    """Codes and constants that are no values of the standard layout."""
    for name, value in constants.items():
        if value == SHEET and block.get("format") != "excel":
            yield f"constants.{name}: {SHEET} is for the format excel."
        allowed = _allowed(contract, name)
        translated = name in block.get("codes", {}) or value in PLACEHOLDERS
        if allowed and not translated and value not in allowed:
            yield f"constants.{name} must be one of {', '.join(allowed)}."
    for name, table in block.get("codes", {}).items():
        allowed = _allowed(contract, name)
        if not isinstance(table, dict) or not all(isinstance(code, str) for code in table.values()):
            yield f'codes.{name} must be a table of texts, such as "Ja" = "true".'
        elif allowed and (wrong := {*table.values()} - {*allowed, ""}):
            yield (
                f"codes.{name} leads to {', '.join(sorted(wrong))}. The codes are "
                f'{", ".join(allowed)}, and "" for missing.'
            )


def _allowed(contract: DeliveryContract, name: str) -> tuple[str, ...]:
    """The texts that a column may have; empty where it may have any."""
    if name not in contract.column_names:
        return ()
    column: Column = contract.column(name)
    if column.kind is Kind.TRUTH:
        return ("true", "false")
    return codes.SPECIALTIES if name == "specialties" else column.codes


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_text(each) for each in value)


def _is_table(value: object) -> bool:
    return isinstance(value, dict) and bool(value)


def _is_truth(value: object) -> bool:
    return isinstance(value, bool)


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_ages(value: object) -> bool:
    if not isinstance(value, list) or len(value) != 2:
        return False
    if not all(_is_whole(age, 0, 130) for age in value):
        return False
    youngest, oldest = value
    return bool(youngest <= oldest <= youngest + MOST_YEARS_APART)


_MOST_LINES = 1_000

_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "delivery": (lambda value: value in [*_DELIVERIES], f"one of {', '.join(_DELIVERIES)}"),
    "files": (_is_text, 'a pattern for file names, such as "*_flisa.csv"'),
    "format": (lambda value: value in [*FORMATS], f"one of {', '.join(FORMATS)}"),
    "encoding": (lambda value: value in [*ENCODINGS], f"one of {', '.join(ENCODINGS)}"),
    "delimiter": (
        lambda value: (
            _is_text(value) and len(value) == 1 and value.isascii() and value not in '"\r\n'
        ),
        'one ASCII character that is no quote, such as ";"',
    ),
    "decimal_comma": (_is_truth, _TRUTH),
    "header_line": (
        lambda value: value == FIND or _is_whole(value, 1, _MOST_LINES),
        f'a line from 1 to {_MOST_LINES}, or "{FIND}"',
    ),
    "header_lines": (
        lambda value: _is_whole(value, 1, MOST_HEADER_LINES),
        f"a whole number from 1 to {MOST_HEADER_LINES}",
    ),
    "sheets": (_is_texts, "a list of names of sheets"),
    "records": (_is_text, 'a path such as "response[].listings[]"'),
    "columns": (
        lambda value: (
            _is_table(value) and all(_is_text(each) or _is_texts(each) for each in value.values())
        ),
        'a table of headings, such as person_id = "Personnummer" or a list of headings',
    ),
    "ignored": (_is_texts, "a list of headings"),
    "constants": (
        lambda value: _is_table(value) and all(_is_text(each) for each in value.values()),
        'a table of texts, such as listing_type = "PV"',
    ),
    "codes": (_is_table, "a table for each column, such as [layouts.codes.operator]"),
    "list_separator": (_is_text, 'a text, such as ","'),
    "date_formats": (
        lambda value: _is_texts(value) and all(is_date_format(each) for each in value),
        'a list of formats of YYYY, MM, DD, M, D, hh, mm and ss, such as "YYYYMMDD", or "excel"',
    ),
    "time_formats": (
        lambda value: _is_texts(value) and all(is_time_format(each) for each in value),
        'a list of formats with hh and mm, such as "hh:mm:ss"',
    ),
    "missing": (_is_texts, "a list of texts"),
    "skip_rows_beginning": (_is_texts, "a list of texts"),
    "restore_zeros": (_is_truth, _TRUTH),
    "ten_digit_ages": (
        _is_ages,
        f"[youngest, oldest], at most {MOST_YEARS_APART} years apart, such as [18, 110]",
    ),
}
