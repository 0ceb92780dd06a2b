"""What draws the report's figures is packed once a version, and taken over from then on."""

from pathlib import Path

from pipelines.publication.report.build import STATIC, VEGA_FILE, _write_static


def written(folder: Path, earlier: Path) -> str:
    """What stands in a report's script after an earlier report."""
    folder.mkdir()
    _write_static(folder, earlier)
    return (folder / VEGA_FILE).read_text("utf-8")


def test_it_is_taken_over_from_an_earlier_report_of_the_same_version(tmp_path: Path) -> None:
    earlier = tmp_path / "earlier"
    (earlier / STATIC).mkdir(parents=True)
    (earlier / STATIC / VEGA_FILE).write_text("packed before")
    assert written(tmp_path / "new", earlier) == "packed before"


def test_of_another_version_or_without_an_earlier_report_it_is_packed(tmp_path: Path) -> None:
    earlier = tmp_path / "earlier"
    (earlier / STATIC).mkdir(parents=True)
    (earlier / STATIC / "vega-lite-1.0-1.0.0.js").write_text("of another version")
    packed = written(tmp_path / "new", earlier)
    assert "reportEmbed" in packed
    assert len(packed) > 100_000
    assert not (tmp_path / "new" / "vega-lite-1.0-1.0.0.js").exists()
