"""Identities as the contract's section 'Identifiers' words them: reading, sex, age, groups.

Not here: where an identity counts (people.py, coverage.py)."""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

PERSONNUMMER, SAMORDNINGSNUMMER, RESERVE = "personnummer", "samordningsnummer", "reserve"
SEXES = ("women", "men")
AGE_GROUPS = ("0-18", "19-44", "45-64", "65-74", "75-84", "85+")
ALL = "all"
COMBINATIONS = [(sex, group) for sex in (*SEXES, ALL) for group in (*AGE_GROUPS, ALL)]


@dataclass(frozen=True)
class Person:
    """One identity as delivered; `born` and `sex` are None where a reserve number hides them."""

    identity: str
    kind: str
    born: date | None
    sex: str | None


@cache
def read_person_id(text: str) -> Person | None:
    """'12 digits with century; a hyphen or `+` before the last four is tolerated … Twelve
    characters A–Z 0–9 … with at least one letter are a reserve identity … Everything else is
    rejected.' None is the rejection."""
    if not text.isascii():
        return None
    if len(text) == 13 and text[8] in "-+":
        text = text[:8] + text[9:]
    text = text.upper()
    if re.fullmatch(r"[0-9]{12}", text):
        return _number(text)
    if re.fullmatch(r"[A-Z0-9]{12}", text):
        born, _ = _birth_date(text[:8])
        readable_sex = born is not None and text[10].isdigit()
        return Person(text, RESERVE, born, _sex(text[10]) if readable_sex else None)
    return None


def _number(digits: str) -> Person | None:
    """'Checksum (mod 10 over the last ten digits) and date are verified; day + 60 is a
    samordningsnummer.'"""
    born, moved = _birth_date(digits[:8])
    if born is None or not checksum_holds(digits[2:]):
        return None
    return Person(digits, SAMORDNINGSNUMMER if moved else PERSONNUMMER, born, _sex(digits[10]))


def checksum_holds(ten_digits: str) -> bool:
    """Mod 10 (Luhn): every other digit doubled from the first, digits of products added."""
    total = 0
    for position, digit in enumerate(ten_digits):
        product = int(digit) * (2 if position % 2 == 0 else 1)
        total += product // 10 + product % 10
    return total % 10 == 0


def _birth_date(eight: str) -> tuple[date | None, bool]:
    """The date in the first eight characters, and whether 60 was added to its day."""
    if not re.fullmatch(r"[0-9]{8}", eight):
        return None, False
    year, month, day = int(eight[:4]), int(eight[4:6]), int(eight[6:])
    moved = day > 60
    try:
        return date(year, month, day - 60 if moved else day), moved
    except ValueError:
        return None, False


def _sex(digit: str) -> str:
    """'Sex is the parity of the next to last digit (odd = men).'"""
    return "men" if int(digit) % 2 == 1 else "women"


@cache
def read_hsa_id(text: str) -> str | None:
    """'HSA-ids are compared, stored and published upper-cased and trimmed'; `SE`, ten digits,
    a hyphen and a local part, at most 31 characters. None is the rejection."""
    hsa_id = text.strip().upper()
    if len(hsa_id) <= 31 and re.fullmatch(r"SE[0-9]{10}-[A-Z0-9-]+", hsa_id):
        return hsa_id
    return None


def age_on(born: date, day: date) -> int:
    """'age is whole years on the reference date, never today; who is born on 29 February turns
    on 1 March in common years.'"""
    had_birthday = (day.month, day.day) >= (born.month, born.day)
    return day.year - born.year - (0 if had_birthday else 1)


def age_group(age: int) -> str:
    """'Age groups 0-18, 19-44, 45-64, 65-74, 75-84, 85+, and `all`.'"""
    for group in AGE_GROUPS[:-1]:
        if age <= int(group[-2:]):
            return group
    return AGE_GROUPS[-1]


def groups_of(sex: str | None, age: int | None) -> list[tuple[str, str]]:
    """The sex × age_group cells, margins included, that a person counts in. 'Where a reserve
    identity has no readable birth date or sex, it counts only in the `all` margins.'"""
    sexes = [ALL] if sex is None else [sex, ALL]
    ages = [ALL] if age is None else [age_group(age), ALL]
    return [(one_sex, one_group) for one_sex in sexes for one_group in ages]
