"""What was planted, to hold the statistics against; written as `reference/truth.json`."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class RegionTruth:
    """One region, at its last snapshot. All counts are made before bad rows are added."""

    region_code: str
    reports: bool
    reference_date: str | None
    inhabitants: int
    """Persons in the population file of the last year."""
    listed: int
    units: int
    contacts: int
    physician_visits: int
    coverage_planted: float
    """Inhabitants with a named physician (`reported`); guests blur it a little."""
    sabo_residents: int
    sabo_coverage_planted: float
    continuity_planted: float
    """Mean over the units of the COC expected (series physician, own unit)."""
    continuity_by_unit: dict[str, float]
    """The same for every unit; persons with a named physician lie about 0.03 above in chance."""


@dataclass(frozen=True)
class SimulationTruth:
    """Everything that was asked for, and what was planted for it."""

    population: int
    months: int
    seed: int
    last_month: str
    regions: tuple[RegionTruth, ...]

    def region(self, code: str) -> RegionTruth:
        """The truth of one region."""
        return next(one for one in self.regions if one.region_code == code)

    def write(self, path: Path) -> None:
        """Write as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        path.write_text(text + "\n", encoding="utf-8")
