"""When two months may be compared: the settings, read from `comparability.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Comparability:
    """The settings; each is explained in `comparability.toml`."""

    provider_id_threshold: float
    largest_change_of_provider_ids: float
    largest_change_of_contact_months: float
    largest_population_of_other_regions: float
    trend_months: int
    fewest_trend_months: int
    longest_projection_months: int

    def __post_init__(self) -> None:
        shares = (
            self.provider_id_threshold,
            self.largest_change_of_provider_ids,
            self.largest_change_of_contact_months,
            self.largest_population_of_other_regions,
        )
        if not all(0 <= share <= 1 for share in shares):
            raise ValueError("The thresholds of comparability are shares from 0 to 1.")
        if not 2 <= self.fewest_trend_months <= self.trend_months:
            raise ValueError("A trend needs two months or more, and no more than it is drawn of.")


@cache
def comparability() -> Comparability:
    """The settings in force."""
    data = tomllib.loads(files("schemas").joinpath("comparability.toml").read_text("utf-8"))
    return Comparability(**data)
