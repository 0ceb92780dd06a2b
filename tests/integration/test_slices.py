"""A region with more contacts than fit is counted in slices of its persons: nothing differs."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from integration.without_dagster import figures_without_dagster
from pipelines.parts import STEPS, VISITS
from pipelines.simulation import simulate
from schemas.variants import longest_window_months

MONTH = "2025-11"
TODAY = date(2026, 1, 15)


def test_slices_of_persons_give_the_same_figures(
    out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    country = tmp_path / "country"
    simulate(country, population=1_000, months=longest_window_months(), seed=3, region_code="09")
    figures = figures_without_dagster(country, out, MONTH, TODAY)
    for step in STEPS.values():
        figures.make_parts(step, ["09"])
    whole = visits_of(out)
    assert whole["own_visits"].height > 1

    monkeypatch.setattr("pipelines.parts.CONTACTS_AT_A_TIME", 700)
    figures.make_parts(VISITS, ["09"])
    for name, table in visits_of(out).items():
        assert table.equals(whole[name]), name


def visits_of(out: Path) -> dict[str, pl.DataFrame]:
    """The stored tables of the region's visits."""
    folder = out / "restricted" / "parts" / MONTH / "09" / VISITS.name
    return {path.stem: pl.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
