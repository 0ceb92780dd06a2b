"""The national targets, read from `targets.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

KINDS = ("at_least", "relative_increase", "increase")


@dataclass(frozen=True)
class Target:
    """A goal for one figure; the fields are explained in `targets.toml`."""

    target_id: str
    title: str
    kind: str
    table: str
    column: str
    where: Mapping[str, str | int]
    valid_from: date
    source: str
    target: float | None = None
    valid_to: date | None = None
    baseline_month: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"Target {self.target_id} is of unknown kind {self.kind}.")
        if (self.target is None) != (self.kind == "increase"):
            raise ValueError(f"Target {self.target_id}: a number is given but for 'increase'.")
        if self.baseline_month is not None and not self.compares:
            raise ValueError(f"Target {self.target_id} is no change and has no baseline month.")

    @property
    def compares(self) -> bool:
        """Whether the target is about a change since a baseline month."""
        return self.kind != "at_least"

    def holds_on(self, day: date) -> bool:
        """Whether the target is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


@cache
def targets() -> tuple[Target, ...]:
    """All targets, in the order of the file."""
    data = tomllib.loads(files("schemas").joinpath("targets.toml").read_text("utf-8"))
    return tuple(Target(**target) for target in data["targets"])
