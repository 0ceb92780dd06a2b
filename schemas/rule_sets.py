"""The rule sets for who counts as a named physician, read from `rule_sets.toml`.

Here stands what a rule set can say; how it is applied to physicians and patients is in
`pipelines/indicators/competence.py`.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from schemas import codes

REPORTED = "reported"
NATIONAL = "national"


@dataclass(frozen=True)
class RuleSet:
    """Who counts as a named physician; the fields are explained in `rule_sets.toml`."""

    name: str
    title: str
    source: str
    demands_competence: bool
    fictitious_name_rule: bool = True
    specialists_any_patient: tuple[str, ...] = ()
    equivalent_competence: bool = False
    st_specialties: tuple[str, ...] = ()
    geriatrics_from_age: int | None = None
    geriatrics_marked: bool = False
    paediatrics_to_age: int | None = None
    employment: tuple[str, ...] = ()
    employment_st: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        unknown = {*self.specialists_any_patient, *self.st_specialties} - {*codes.SPECIALTIES}
        unknown |= {*self.employment, *self.employment_st} - {*codes.EMPLOYMENT}
        if unknown:
            raise ValueError(f"Rule set {self.name} has unknown codes: {', '.join(unknown)}.")


@dataclass(frozen=True)
class RegionalRuleSet:
    """A region's decision on which rule set is its own, from a date."""

    region_code: str
    rule_set: str
    valid_from: date
    source: str


@dataclass(frozen=True)
class RuleSets:
    """All rule sets, and which one is whose."""

    by_name: Mapping[str, RuleSet]
    regional: tuple[RegionalRuleSet, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the rule sets, in the order of the file."""
        return tuple(self.by_name)

    def regional_name(self, region_code: str, day: date) -> str:
        """The rule set that `regional` is in a region on a day; `national` without a decision."""
        decisions = [
            decision
            for decision in self.regional
            if decision.region_code == region_code and decision.valid_from <= day
        ]
        newest = max(decisions, key=lambda decision: decision.valid_from, default=None)
        return NATIONAL if newest is None else newest.rule_set

    def name_of(self, definition: str, region_code: str, day: date) -> str:
        """The rule set behind a definition (reported, national, regional) in a region."""
        return self.regional_name(region_code, day) if definition == "regional" else definition


def read_rule_sets(text: str) -> RuleSets:
    """Rule sets from the text of a TOML file."""
    data = tomllib.loads(text)
    by_name = {}
    for name, fields in data["rule_sets"].items():
        values: dict[str, Any] = {
            field: tuple(value) if isinstance(value, list) else value
            for field, value in fields.items()
        }
        by_name[name] = RuleSet(name=name, **values)
    regional = tuple(RegionalRuleSet(**decision) for decision in data.get("regional", []))
    missing = {REPORTED, NATIONAL, *(decision.rule_set for decision in regional)} - {*by_name}
    if missing:
        raise ValueError(f"Rule sets that are not defined: {', '.join(sorted(missing))}.")
    return RuleSets(by_name, regional)


@cache
def rule_sets() -> RuleSets:
    """The rule sets in force."""
    return read_rule_sets(files("schemas").joinpath("rule_sets.toml").read_text("utf-8"))
