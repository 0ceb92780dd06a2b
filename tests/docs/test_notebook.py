"""The notebook runs, shows what stands in the file, and leaves the file free."""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import polars as pl
import pytest
from integration.running import flk
from integration.running import published as published_rows
from integration.test_disclosure_settings import run_persons_enough

from tests.docs.pages import PROJECT
from tests.shared_work import SharedWork

NOTEBOOK = PROJECT / "docs" / "notebook" / "follow_up.py"


@pytest.fixture(scope="module")
def notebook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("follow_up", NOTEBOOK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def file(sample_out: Path) -> Path:
    return sample_out / "published" / "statistics.duckdb"


def run(notebook: ModuleType, file: Path, **chosen: object) -> tuple[str, Mapping[str, Any]]:
    """All that the notebook shows, as text, and what its cells define."""
    shown, defined = notebook.app.run(defs={"file": file, **chosen})
    texts = [each.text if hasattr(each, "text") else str(each) for each in shown]
    return "\n".join(texts), defined


OTHER_CHOICE = {
    "of_coverage": {"month": "2025-10", "population": "sabo", "definition": "national"},
    "of_continuity": {
        "month": "2025-10",
        "population": "sabo",
        "series": "all_professions",
        "unit_scope": "any_unit",
        "window_months": 12,
        "min_visits": 2,
        "index": "UPC",
    },
}


def test_at_first_it_shows_the_newest_month_as_reported(
    notebook: ModuleType, file: Path, published: duckdb.DuckDBPyConnection
) -> None:
    shown, defined = run(notebook, file)
    assert defined["is_newest"]
    assert defined["release"] in shown
    expected = published.sql(
        "from coverage where month = '2025-11' and population = 'inhabitants' and "
        "definition = 'reported' and sex = 'all' and age_group = 'all' and "
        "level in ('nation', 'region') order by area_code"
    ).pl()
    assert defined["coverage"].equals(expected)
    assert (defined["continuity"]["index"] == "COC").all()
    assert (defined["continuity"]["window_months"] == 18).all()
    assert "Andel invånare med fast läkarkontakt, som regionen rapporterar" in shown
    assert "- `not_reported`: Jämtlands län" in notebook.not_shown(defined["coverage"])


def test_every_control_reaches_its_figures(
    notebook: ModuleType, file: Path, published: duckdb.DuckDBPyConnection
) -> None:
    shown, defined = run(notebook, file, **OTHER_CHOICE)
    for table, choice in (
        ("coverage", OTHER_CHOICE["of_coverage"]),
        ("continuity", OTHER_CHOICE["of_continuity"]),
    ):
        where = " and ".join(f"\"{column}\" = '{value}'" for column, value in choice.items())
        expected = published.sql(
            f"from {table} where {where} and sex = 'all' and age_group = 'all' and "
            "level in ('nation', 'region') order by area_code"
        ).pl()
        assert expected.height > 20
        assert defined[table].equals(expected)
    assert "UPC" in shown


def test_what_is_hidden_is_named_and_never_drawn(notebook: ModuleType, file: Path) -> None:
    _, defined = run(notebook, file, **OTHER_CHOICE)
    coverage: pl.DataFrame = defined["coverage"]
    hidden = coverage.filter(pl.col("status") == "suppressed")["area_name"].to_list()
    assert hidden
    assert f"`suppressed`: {', '.join(hidden)}" in notebook.not_shown(coverage)
    drawn = notebook.chart(coverage, "share", "", ".0%").to_dict()
    names = {row["area_name"] for rows in drawn["datasets"].values() for row in rows}
    assert names == set(coverage.filter(pl.col("status") == "ok")["area_name"])


def test_it_shows_a_release_with_random_noise(
    notebook: ModuleType, shared_work: SharedWork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is hidden there; what stands in the file is shown as it is."""
    made = shared_work.make("persons_enough", run_persons_enough)
    out = tmp_path / "out"
    shutil.copytree(made / "out", out, symlinks=True)
    settings = tmp_path / "disclosure.toml"
    settings.write_text('method = "perturbation"')
    monkeypatch.setenv("FLK_DISCLOSURE_FILE", str(settings))
    assert flk("run", "--landing", made / "landing", "--out", out).status == 0

    of_coverage = {"month": "2025-11", "population": "listed", "definition": "reported"}
    of_continuity = {**OTHER_CHOICE["of_continuity"], "month": "2025-11"}
    file = out / "published" / "statistics.duckdb"
    shown, defined = run(notebook, file, of_coverage=of_coverage, of_continuity=of_continuity)
    assert defined["release"] in shown
    coverage: pl.DataFrame = defined["coverage"]
    of_regions = coverage.filter(level="region", status="ok")
    expected = (
        "select area_code, share from coverage where population = 'listed' and "
        "definition = 'reported' and sex = 'all' and age_group = 'all' and level = 'region' "
        "and status = 'ok' order by area_code"
    )
    assert of_regions.select("area_code", "share").rows() == published_rows(out, expected)
    assert of_regions["area_code"].to_list() == ["04", "19"]
    assert set(of_regions["denominator"]) != {80, 52}
    assert "`suppressed`" not in notebook.not_shown(coverage)
    drawn = notebook.chart(coverage, "share", "", ".0%").to_dict()
    names = {row["area_name"] for rows in drawn["datasets"].values() for row in rows}
    assert names == set(coverage.filter(pl.col("status") == "ok")["area_name"])


def test_it_leaves_the_file_free_and_sees_a_new_publication(
    notebook: ModuleType, file: Path, tmp_path: Path
) -> None:
    path = tmp_path / "statistics.duckdb"
    path.write_bytes(file.read_bytes())
    _, defined = run(notebook, path)
    before = defined["release"]
    with duckdb.connect(path) as writer:  # refused while anybody has the file open to read
        writer.execute("update release_info set value = 'the next' where name = 'release_id'")
    assert notebook.newest_release(path) == "the next" != before
    _, defined = run(notebook, path)
    assert defined["release"] == "the next"


def test_as_a_script_it_reads_the_file_that_is_named(file: Path, tmp_path: Path) -> None:
    broken = tmp_path / "broken.duckdb"
    broken.write_text("not a database")
    read, refused = (
        subprocess.run(
            [sys.executable, NOTEBOOK, "--", "--file", path],
            capture_output=True,
            text=True,
            check=False,
        )
        for path in (file, broken)
    )
    assert (read.returncode, read.stderr) == (0, "")
    assert refused.returncode != 0
    assert "not a valid DuckDB database" in refused.stderr
