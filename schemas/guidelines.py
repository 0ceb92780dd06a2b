"""The guideline values (riktvärde) for list size, read from `guidelines.toml`."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from schemas import codes


@dataclass(frozen=True)
class Guideline:
    """A decision on inhabitants per full-time specialist and per full-time ST, from a date.

    `guideline_st` is missing where the decision does not give it: then the national one holds.
    """

    region_code: str
    valid_from: date
    guideline_specialist: int
    source: str
    guideline_st: int | None = None


@dataclass(frozen=True)
class GuidelineValues:
    """The values in force for a region on a day."""

    guideline_specialist: int
    guideline_st: int


@cache
def guidelines() -> tuple[Guideline, ...]:
    """All decisions, in the order of the file."""
    data = tomllib.loads(files("schemas").joinpath("guidelines.toml").read_text("utf-8"))
    return tuple(Guideline(**decision) for decision in data["guidelines"])


def _newest(decisions: tuple[Guideline, ...], region_code: str, day: date) -> Guideline | None:
    in_force = [
        decision
        for decision in decisions
        if decision.region_code == region_code and decision.valid_from <= day
    ]
    return max(in_force, key=lambda decision: decision.valid_from, default=None)


def guideline_values(
    region_code: str, day: date, decisions: tuple[Guideline, ...] | None = None
) -> GuidelineValues:
    """The guideline values in force for a region on a day.

    The region's newest decision, else the national value. Before the first national value (2022)
    that first value is used, so that earlier months can be compared with it.
    """
    decisions = guidelines() if decisions is None else decisions
    national = _newest(decisions, codes.NATION, day)
    if national is None:
        of_nation = [decision for decision in decisions if decision.region_code == codes.NATION]
        national = min(of_nation, key=lambda decision: decision.valid_from)
    if national.guideline_st is None:
        raise ValueError("The national guideline lacks the value for ST.")
    decision = _newest(decisions, region_code, day) or national
    return GuidelineValues(
        decision.guideline_specialist,
        national.guideline_st if decision.guideline_st is None else decision.guideline_st,
    )
