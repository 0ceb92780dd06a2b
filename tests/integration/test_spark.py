"""A real local Spark gives the figures that Polars gives, from the same store.

The tests that start it need Java, which `.ci/run` installs.
"""

import math
import shutil
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest

from integration.running import SAMPLE, flk, flk_apart, published, statistics
from pipelines.engine import engine_of
from pipelines.errors import StepFailedError
from pipelines.store import Store
from pipelines.tables import TABLE_MAKERS
from schemas.deliveries import delivery

MONTH = "2025-11"
IN_PARTS = "19"
REGIONS = ("08", IN_PARTS)
# Code that runs for a minute is not worth compiling well.
SHORT_LIVED = "-XX:TieredStopAtLevel=1"


@pytest.fixture
def two_of_the_sample(tmp_path: Path) -> Path:
    """Two regions of the sample; one's listings and contacts come in two parts that overlap."""
    landing = tmp_path / "landing"
    for name in (*REGIONS, "reference"):
        shutil.copytree(SAMPLE / name, landing / name)
    for name in ("listings", "care_contacts"):
        newest = max((landing / IN_PARTS / name).iterdir())
        first, *others = newest.name.split(".")
        shutil.copy(newest, newest.with_name(".".join([f"{first}_more", *others])))
    return landing


def _stored(out: Path, kind: str) -> dict[str, pl.DataFrame]:
    folder = out / "restricted" / kind
    return {
        str(path.relative_to(folder)): pl.read_parquet(path) for path in folder.rglob("*.parquet")
    }


def _same(ours: object, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float):
        return math.isclose(ours, theirs, rel_tol=1e-12, abs_tol=0)
    return ours == theirs


def _assert_same(ours: pl.DataFrame, theirs: pl.DataFrame, name: str) -> None:
    assert ours.schema == theirs.schema, name
    for column in ours.columns:
        pairs = zip(ours[column], theirs[column], strict=True)
        assert all(_same(left, right) for left, right in pairs), f"{name} {column}"


def test_spark_gives_the_same_statistics(
    java: str, two_of_the_sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, with_spark = tmp_path / "polars", tmp_path / "with spark"
    flk("run", "--landing", two_of_the_sample, "--out", out, "--month", MONTH)
    # Intake does not depend on the engine. Spark makes the parts of the region whose deliveries
    # come in parts, and all tables, among them the counts over the nation's persons.
    shutil.copytree(out, with_spark)
    month = with_spark / "restricted" / "parts" / MONTH
    for made in (month / IN_PARTS, month / "statistics", with_spark / "published"):
        shutil.rmtree(made)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)

    ended = flk_apart(
        *("run", "--landing", two_of_the_sample, "--out", with_spark, "--month", MONTH),
        *("--engine", "spark"),
        JDK_JAVA_OPTIONS=SHORT_LIVED,
    )

    assert ended.status == 0, ended.out + ended.err
    assert ended.err == ""
    for kind in ("parts", "statistics"):
        expected, found = _stored(out, kind), _stored(with_spark, kind)
        assert found.keys() == expected.keys()
        assert len(found) > len(TABLE_MAKERS)
        for name, table in found.items():
            _assert_same(table, expected[name], name)
    assert statistics(with_spark, "coverage").height > 0
    engine = "select value from release_info where name = 'engine'"
    assert published(out, engine) == [("polars",)]
    assert published(with_spark, engine) == [("polars, spark",)]
    # No rows are left behind, and nothing stands outside the folder for it.
    assert not list(elsewhere.iterdir())
    left = [path for path in (with_spark / "restricted" / "spark").rglob("*") if path.is_file()]
    assert [path.name for path in left] == ["log"]

    # Figures of another engine are not out of date.
    again = flk("run", "--landing", two_of_the_sample, "--out", with_spark, "--month", MONTH)
    assert "nothing was done" in again.out


def test_what_spark_says_of_a_row_is_not_told_on(java: str, tmp_path: Path) -> None:
    contract = delivery("population").stored
    store = Store(tmp_path / "out")
    store.prepare()
    engine = engine_of("spark", store)
    schema = contract.polars_schema()
    row = {name: "secret" if dtype == pl.String else 1 for name, dtype in schema.items()}
    path = tmp_path / "population.parquet"
    pl.DataFrame([row], schema=schema).write_parquet(path)
    broken = engine.scan([path], contract).with_columns(nw.col("municipality").cast(nw.Int64))
    with pytest.raises(StepFailedError, match="CAST_INVALID_INPUT") as caught:
        engine.collect([broken])
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_without_java(landing: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(out / "nowhere"))
    ended = flk("run", "--landing", landing, "--out", out, "--engine", "spark")
    assert ended.status == 2
    assert "needs Java 17 or newer" in ended.err


def test_without_the_extra(landing: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.spark.find_spec", lambda name: None)
    ended = flk("run", "--landing", landing, "--out", out, "--engine", "spark")
    assert ended.status == 2
    assert "uv sync --extra spark" in ended.err


def test_an_unknown_engine(landing: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLK_ENGINE", "abacus")
    ended = flk("run", "--landing", landing, "--out", out)
    assert ended.status == 2
    assert "FLK_ENGINE must be one of polars, spark" in ended.err
