"""The report's two languages: the texts of `texts.toml`, and how numbers and months are written."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

Code = Literal["sv", "en"]

_MONTHS: dict[Code, tuple[str, ...]] = {
    "sv": (
        "januari",
        "februari",
        "mars",
        "april",
        "maj",
        "juni",
        "juli",
        "augusti",
        "september",
        "oktober",
        "november",
        "december",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_NO_BREAK_SPACE, _MINUS = "\u00a0", "\u2212"


@cache
def _texts() -> dict[str, dict[str, str]]:
    path = files("pipelines.publication.report").joinpath("texts.toml")
    texts: dict[str, dict[str, str]] = tomllib.loads(path.read_text("utf-8"))
    return texts


@dataclass(frozen=True)
class Language:
    """One of the two languages."""

    code: Code

    def text(self, key: str, **values: object) -> str:
        """The text of that key with the values put in; KeyError when there is none."""
        template = _texts()[key][self.code]
        return template.format(**values) if values else template

    def number(self, value: float, decimals: int = 0) -> str:
        """A number with this language's separators, and a minus sign instead of a hyphen."""
        text = f"{value:,.{decimals}f}"
        if float(text.replace(",", "")) == 0:
            text = text.removeprefix("-")
        if self.code == "sv":
            text = text.replace(",", _NO_BREAK_SPACE).replace(".", ",")
        return text.replace("-", _MINUS)

    def percent(self, share: float, decimals: int = 1) -> str:
        """A share as per cent."""
        space = _NO_BREAK_SPACE if self.code == "sv" else ""
        return f"{self.number(100 * share, decimals)}{space}%"

    def signed_percent(self, share: float) -> str:
        """A change as per cent, with its sign."""
        written = self.percent(share)
        return written if share <= 0 else f"+{written}"

    def month(self, month: str) -> str:
        """A month written YYYY-MM in words."""
        return f"{_MONTHS[self.code][int(month[5:]) - 1]} {month[:4]}"

    def day(self, day: date) -> str:
        """A day in words."""
        return f"{day.day} {_MONTHS[self.code][day.month - 1]} {day.year}"

    def listed(self, words: list[str]) -> str:
        """Words as an enumeration: a, b and c."""
        if len(words) < 2:
            return "".join(words)
        return f"{', '.join(words[:-1])} {self.text('and')} {words[-1]}"


SWEDISH = Language("sv")
ENGLISH = Language("en")
LANGUAGES = (SWEDISH, ENGLISH)


def short_region_name(name: str) -> str:
    """The county's name without "län", as in running text: Västmanlands län is Västmanland."""
    short = name.removesuffix(" län")
    return short.removesuffix("s") if short != name else name
