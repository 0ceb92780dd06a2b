"""What a text with a personal identity number in it looks like: digits, a day of birth, a checksum.

How a delivered identity is read stands in `pipelines/intake/identities.py`; here they are found
where they do not belong.
"""

import re
from collections.abc import Callable
from datetime import date

MASK = "(identity)"

BETWEEN = r"[-+–\u00a0 ]?"
"""What people write before the last four digits."""

_LIKE = re.compile(
    r"(?<![0-9A-Za-z])(?P<century>18|19|20)?(?P<six>[0-9]{6})"
    rf"(?P<sign>{BETWEEN})(?P<four>[0-9]{{4}})(?![0-9A-Za-z])"
)


def holds_identity(text: str) -> bool:
    """Whether a text holds an identity: with its century or a sign anywhere, else as the whole."""
    return any(
        (found["century"] or found["sign"] or found[0] == text) and _years_of_birth(found)
        for found in _LIKE.finditer(text)
    )


def masked(text: str, is_year_of_birth: Callable[[int], bool] = lambda year: True) -> str:
    """The text with a mask in the place of every identity whose year of birth can be such."""
    return _LIKE.sub(
        lambda found: MASK if any(map(is_year_of_birth, _years_of_birth(found))) else found[0],
        text,
    )


def _years_of_birth(found: "re.Match[str]") -> list[int]:
    """The years that a person with these digits can be born in; none where they are no identity."""
    digits = found["six"] + found["four"]
    # The digits of a product are added: divmod gives them.
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(digits))
    if total % 10:
        return []
    day = int(digits[4:6])
    day = day - 60 if day > 60 else day
    centuries = [found["century"]] if found["century"] else ["19", "20"]
    years = [int(century + digits[:2]) for century in centuries]
    return [year for year in years if _is_day(year, int(digits[2:4]), day)]


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
