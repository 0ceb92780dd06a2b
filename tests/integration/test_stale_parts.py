"""Nothing is taken for up to date that was made from a part that could not be made."""

from datetime import date
from pathlib import Path

import pytest

from integration.landing import land
from integration.without_dagster import KEY, tables_without_dagster, take_in
from pipelines.arrivals import look_at
from pipelines.figures import Figures
from pipelines.parts import MARKED, PEOPLE, STEPS, VISITS
from pipelines.store import Store

TODAY = date(2026, 1, 15)


def test_tables_and_parts_wait_for_the_parts_before_them(landing: Path, out: Path) -> None:
    """A run in which the people of region 19 could not be made."""
    tables_without_dagster(landing, out, "2025-11", TODAY)
    land(landing, "19/listings/2025-11-30", "person\nanna\nbo")
    store = Store(out)
    take_in(landing, store, TODAY)
    figures = Figures(store, look_at(landing, store, KEY).receipts, "2025-11")
    assert [stage.name for stage in figures.stages()] == ["people", "visits"]
    assert figures.tables_out_of_date() == []

    figures.make_parts(VISITS, ["19"])
    figures.make_table("list_load")
    assert [stage.name for stage in figures.stages()] == ["people", "visits"]

    for step in (PEOPLE, VISITS):
        figures.make_parts(STEPS[step.name], ["19"])
    assert figures.stages() == []
    assert "list_load" in figures.tables_out_of_date()


def test_what_was_made_before_an_interruption_is_not_made_again(
    landing: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped between the visits of two regions."""
    monkeypatch.setattr("pipelines.figures.ROWS_AT_A_TIME", 1)
    store = Store(out)
    take_in(landing, store, TODAY)
    figures = Figures(store, look_at(landing, store, KEY).receipts, "2025-11")
    for step in (MARKED, PEOPLE):
        figures.make_parts(step, figures.reporting_regions)

    def interrupt(regions: list[str], rows: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        figures.make_parts(VISITS, ["04", "19"], interrupt)
    [left] = figures.seen_anew().stages()
    assert (left.name, left.out_of_date) == ("visits", {("2025-11", "19")})
