"""The operator's settings of disclosure control, through to the published file."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from integration.landing import two_regions
from integration.running import Ended, flk, published
from integration.test_bad_input import assert_said
from integration.test_releases import bytes_below, many, releases
from pipelines.publication.release_folder import KeptRelease
from tests.published_value import published_value
from tests.shared_work import SharedWork


@pytest.fixture(scope="session")
def persons_enough(shared_work: SharedWork) -> Path:
    """Deliveries of two regions with 40 and 60 listed persons, and a run of them."""
    return shared_work.make("persons_enough", run_persons_enough)


def run_persons_enough(folder: Path) -> Path:
    """Lands them there and makes a release of them; the folder."""
    two_regions(folder / "landing")
    many(folder / "landing", "04/listings/2025-11-28", 60, 20)
    many(folder / "landing", "19/listings/2025-11-30", 40, 12)
    ended = flk("run", "--landing", folder / "landing", "--out", folder / "out")
    assert (ended.status, ended.err) == (0, "")
    return folder


@pytest.fixture
def landing(persons_enough: Path) -> Path:
    """Only read."""
    return persons_enough / "landing"


@pytest.fixture
def out(persons_enough: Path, tmp_path: Path) -> Path:
    """An output of its own, in which everything has been made."""
    shutil.copytree(persons_enough / "out", tmp_path / "out", symlinks=True)
    return tmp_path / "out"


@pytest.fixture
def settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the operator's settings stand."""
    monkeypatch.setenv("FLK_DISCLOSURE_FILE", str(tmp_path / "disclosure.toml"))
    return tmp_path / "disclosure.toml"


def run(landing: Path, out: Path) -> Ended:
    return flk("run", "--landing", landing, "--out", out)


def verify(release: str, landing: Path, out: Path) -> Ended:
    return flk("verify", release, "--landing", landing, "--out", out)


LISTED = "select area_code, listed, status from list_load where level = 'region' order by area_code"


def test_a_threshold_alone_makes_a_release(landing: Path, out: Path, settings_file: Path) -> None:
    (before,) = releases(out)
    assert published(out, LISTED) == [("04", 80, "ok"), ("19", 52, "ok")]

    # The twelve without a named physician are fewer than 15: their row goes, and the other with it.
    settings_file.write_text("threshold = 15")
    ended = run(landing, out)
    assert (ended.status, ended.err) == (0, "")
    *_, after = releases(out)
    assert after.number == before.number + 1
    assert dict(published(out, LISTED.replace("listed, ", "")))["19"] == "suppressed"

    manifest = after.manifest
    assert manifest["settings"]["disclosure_settings"]["threshold"] == 15
    assert manifest["facts"]["disclosure_threshold"] == "15"
    info = dict(published(out, "select name, value from release_info"))
    assert info["disclosure_rules"] == manifest["settings"]["disclosure"]
    assert "persons below 15" in info["disclosure_rules"]
    for language, said in (("en", "persons below 15"), ("sv", "färre än 15 personer")):
        assert said in (after.folder / f"quality_declaration.{language}.md").read_text("utf-8")
    changes = pl.read_csv(after.folder / "changes.csv", infer_schema=False)
    assert changes.height > 0
    assert set(changes["reason"]) == {"disclosure"}
    assert_was_published(changes, before, after)

    assert "nothing was done" in run(landing, out).out


def assert_was_published(changes: pl.DataFrame, before: KeptRelease, after: KeptRelease) -> None:
    """Each value in changes.csv stands in the release that it is of; where one hides it is none."""
    hidden = changes.filter(pl.col("status_after") == "suppressed")
    assert hidden.height > 0
    assert set(hidden["value_after"]) == set(hidden["difference"]) == {None}
    for side, release in (("value_before", before), ("value_after", after)):
        for row in changes.iter_rows(named=True):
            value = published_value(release.table(row["table_name"]), row, row["month"])
            assert value == (None if row[side] is None else pytest.approx(float(row[side]))), row


def test_numbers_with_noise(landing: Path, out: Path, settings_file: Path) -> None:
    """The cell-key method, through to the published file and derived again from its manifest."""
    (before,) = releases(out)
    settings_file.write_text('method = "perturbation"')
    ended = run(landing, out)
    assert (ended.status, ended.err) == (0, "")
    *_, after = releases(out)

    # Of 80 and 52 listed, at most 6 more or fewer; each the same wherever it stands.
    listed = dict(published(out, LISTED.replace(", status", "")))
    assert listed != {"04": 80, "19": 52}
    assert all(abs(listed[region] - true) <= 6 for region, true in (("04", 80), ("19", 52)))
    for table, column in (("list_kinds", "listed"), ("definition_comparison", "denominator")):
        rows = f"select distinct area_code, {column} from {table} where area_code in ('04', '19')"
        assert dict(published(out, f"{rows} and {column} is not null")) == listed
    small = "select count(*) from coverage where numerator between 1 and 4 or share > 1"
    assert published(out, small) == [(0,)]

    told = dict(published(out, "select name, value from release_info"))
    assert told["disclosure_method"] == "perturbation"
    assert "random noise of at most 6, whose variance is 3 " in told["disclosure_rules"]
    assert after.manifest["settings"]["disclosure_settings"]["method"] == "perturbation"
    for language, said in (("en", "the cell-key method"), ("sv", "cellnyckelmetoden")):
        assert said in (after.folder / f"quality_declaration.{language}.md").read_text("utf-8")
    assert "**Noise.**" in (after.folder / "dictionary.md").read_text("utf-8")
    dictionary = (
        "select description, description_sv from dictionary "
        "where table_name = 'coverage' and column_name = 'denominator'"
    )
    ((english, swedish),) = published(out, dictionary)
    assert "random noise" in english
    assert "slumpmässigt brus" in swedish
    changes = pl.read_csv(after.folder / "changes.csv", infer_schema=False)
    assert set(changes["reason"]) == {"disclosure"}
    assert before.table("coverage").height == after.table("coverage").height

    # Derived by its own settings, whatever holds today.
    settings_file.write_text("")
    derived = verify("current", landing, out)
    assert derived.status == 0, derived.out
    assert "changed since: method is suppression, was perturbation" in derived.out


def test_settings_that_cannot_be_used_stop_before_anything_is_done(
    landing: Path, out: Path, settings_file: Path
) -> None:
    kept = bytes_below(out)
    settings_file.write_text("threshold = 4")
    for ended in (run(landing, out), verify("current", landing, out)):
        assert_said(ended, 2, "disclosure.toml", "threshold must be 5 or more")
    assert bytes_below(out) == kept
