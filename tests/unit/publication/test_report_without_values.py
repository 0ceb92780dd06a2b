"""A report of which nothing can be shown: it says so in words instead of drawing empty charts."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from pipelines.publication.report.build import build_report
from pipelines.publication.report.figure import Chart
from schemas.statistics import STATISTICS, TARGET_STATUS

SWEDISH = "Här finns inget diagram, för inget av värdena kan visas."
ENGLISH = "There is no chart here, because none of the values can be shown."


@pytest.mark.parametrize(
    ("datasets", "has_values"),
    [
        ({"values": [{"value": None}, {"value": 0}]}, True),
        ({"values": [{"value": None}], "goals": [{"goal": 0.8}]}, False),
        ({"values": [{"value": None, "role": "own"}, {"value": 0.8, "role": "goal"}]}, False),
        ({"shapes": [{"type": "Feature", "value": None}]}, False),
        ({"values": []}, False),
    ],
)
def test_a_chart_has_values(datasets, has_values):
    assert Chart("ranking", datasets, "").has_values is has_values


def hide(file: duckdb.DuckDBPyConnection, where: str) -> None:
    """Suppress every value of the statistics, as disclosure control would."""
    for contract in (*STATISTICS, TARGET_STATUS):
        if "status" not in contract.column_names:
            continue
        values = [
            column.name
            for column in contract.columns
            if not column.required and column.name not in ("area_name", "reference_date")
        ]
        hidden = ", ".join(f'"{name}" = null' for name in values)
        file.execute(
            f"update {contract.name} set status = 'suppressed', {hidden} "
            f"where status = 'ok' and {where}"
        )


@pytest.fixture(scope="module")
def hidden_report(sample_out: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's report with every value of every table suppressed."""
    folder = tmp_path_factory.mktemp("hidden")
    copy = folder / "statistics.duckdb"
    shutil.copyfile(sample_out / "published" / "statistics.duckdb", copy)
    copy.chmod(0o644)
    with duckdb.connect(copy) as file:
        hide(file, "true")
    return build_report(copy, folder / "report").parent


@pytest.mark.parametrize("path", ["index.html", "region/12.html", "jamforelse.html"])
def test_nothing_is_drawn_and_every_figure_says_so(hidden_report: Path, path: str) -> None:
    for language, sentence in (("", SWEDISH), ("en/", ENGLISH)):
        html = (hidden_report / language / path).read_text("utf-8")
        assert "data-chart" not in html
        assert sentence in html
        # The tables stand there, and say why.
        figures = re.findall(r"<figure .*?</figure>", html, flags=re.S)
        assert all("<table>" in figure for figure in figures)
        assert all("<details" not in figure for figure in figures)


def test_no_heading_reads_a_status_as_a_value(hidden_report: Path) -> None:
    for path in sorted(hidden_report.rglob("*.html")):
        for heading in re.findall(r"<h[13]>(.*?)</h[13]>", path.read_text("utf-8")):
            assert not re.search(r"har skyddad|: skyddad|skyddad av|suppressed of", heading), path
            assert "None" not in heading
