"""The variants of continuity (window and minimum of visits), read from `variants.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from schemas import codes


@dataclass(frozen=True, order=True)
class Variant:
    """A window before the reference date, and the fewest visits for a person to be counted."""

    window_months: int
    min_visits: int
    source: str = ""

    def __post_init__(self) -> None:
        if self.window_months < 1 or self.min_visits < 2:
            raise ValueError("A variant needs a window of a month and two visits or more.")


@cache
def variants() -> tuple[Variant, ...]:
    """All variants, in the order of the file."""
    data = tomllib.loads(files("schemas").joinpath("variants.toml").read_text("utf-8"))
    return tuple(Variant(**variant) for variant in data["variants"])


def longest_window_months() -> int:
    """The longest window that any figure looks back: of the variants, or of SLICC."""
    return max(codes.OWN_PHYSICIAN_WINDOW_MONTHS, *(each.window_months for each in variants()))
