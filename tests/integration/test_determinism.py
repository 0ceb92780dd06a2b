"""The same deliveries and key give the same bytes, whatever the order of rows and threads."""

import random
from pathlib import Path

import polars as pl
import pytest

from integration.landing import two_regions
from integration.running import flk, flk_apart, receipts, result_bytes, statistics
from schemas.statistics import STATISTICS

KEY = "0123456789abcdef" * 4


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A key file that runs in two places share."""
    path = tmp_path / "key"
    path.write_text(KEY)
    monkeypatch.setenv("FLK_KEY_FILE", str(path))
    return path


def shuffled(landing: Path) -> Path:
    """The same rows in another order, in files that were written in another order."""
    chance = random.Random(1)
    files = sorted(landing.rglob("*.csv"))
    chance.shuffle(files)
    for path in files:
        header, *lines = path.read_text().splitlines()
        chance.shuffle(lines)
        path.unlink()
        path.write_text("\n".join([header, *lines]) + "\n")
    return landing


def stored_persons(out: Path) -> set[int]:

    files = (out / "restricted" / "microdata" / "listings").rglob("*.parquet")
    return {person for path in files for person in pl.read_parquet(path)["person"]}


def listed_persons(out: Path) -> set[int]:
    """The persons of the parts that figures are made from."""
    files = (out / "restricted" / "parts").rglob("people.parquet")
    return {person for path in files for person in pl.read_parquet(path)["person"]}


def test_order_and_threads_do_not_matter(key: Path, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    landing = two_regions(tmp_path / "landing")
    other = shuffled(two_regions(tmp_path / "another"))
    one = flk_apart("run", "--landing", landing, "--out", here, POLARS_MAX_THREADS="1")
    two = flk_apart("run", "--landing", other, "--out", there, POLARS_MAX_THREADS="2")
    assert (one.status, two.status) == (0, 0)
    assert {f"{each.name}.parquet" for each in STATISTICS} <= result_bytes(here).keys()
    assert result_bytes(here) == result_bytes(there)


def test_another_key_gives_other_pseudonyms_and_the_same_statistics(
    copied: None, landing: Path, out: Path, key: Path
) -> None:
    first = out.rename(out.parent / "with its own key")
    flk("run", "--landing", landing, "--out", out)
    assert stored_persons(out).isdisjoint(stored_persons(first))
    assert len(stored_persons(out)) == 4
    for contract in STATISTICS:
        assert statistics(out, contract.name).equals(statistics(first, contract.name))


def test_a_new_key_takes_everything_in_anew(copied: None, landing: Path, out: Path) -> None:
    """Pseudonyms of two keys must never meet in one figure."""
    former, figures = stored_persons(out), result_bytes(out)
    (out / "restricted" / "key").write_text(KEY)
    assert flk("run", "--landing", landing, "--out", out).status == 0
    assert stored_persons(out).isdisjoint(former)
    assert listed_persons(out) == stored_persons(out)
    assert result_bytes(out) == figures
    assert {tuple(statuses) for statuses in receipts(out).values()} == {("accepted",)}
