"""A new key (`flk rekey`) and the end of what is kept (`flk prune`), on real runs."""

import shutil
from pathlib import Path

import polars as pl
import pytest

from integration.landing import land, region, two_regions
from integration.running import flk, receipts, result_bytes, statistics
from pipelines import rekeying
from pipelines.arrivals import key_mark
from pipelines.store import Store
from tests.shared_work import SharedWork


def pseudonyms(out: Path) -> set[int]:
    """Every person in the microdata and in the parts."""
    found: set[int] = set()
    for folder in ("microdata", "parts"):
        for path in (out / "restricted" / folder).rglob("*.parquet"):
            frame = pl.read_parquet(path, glob=False)
            if "person" in frame.columns:
                found |= set(frame["person"].drop_nulls())
    return found


def test_a_new_key(copied: None, landing: Path, out: Path) -> None:
    """Other pseudonyms, none of the former left, the same figures."""
    key = out / "restricted" / "key"
    former_key, former, figures = key.read_text(), pseudonyms(out), result_bytes(out)
    ended = flk("rekey", "--landing", landing, "--out", out)
    assert (ended.status, ended.err) == (0, "")
    assert key.read_text() != former_key
    assert key.read_text() not in ended.out
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(pseudonyms(out)) == len(former) > 0
    assert pseudonyms(out) & former == set()
    assert result_bytes(out) == figures
    assert "nothing was done" in flk("run", "--landing", landing, "--out", out).out


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("step", ["replacing", "finish_rekeying", "remove_person_parts"])
def test_killed_while_the_key_is_changed(
    step: str, copied: None, landing: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run has one key, the former or the new, and nothing of the other."""
    former_key = (out / "restricted" / "key").read_text()
    former, figures = pseudonyms(out), result_bytes(out)

    def killed(*arguments: object, **others: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(rekeying, "_can_replace", lambda place: True)
        patched.setattr(rekeying, step, killed)
        with pytest.raises(Killed):
            rekeying.change_key(Store(out), None, None)
    assert flk("run", "--landing", landing, "--out", out).status == 0
    is_former = (out / "restricted" / "key").read_text() == former_key
    assert is_former == (step == "replacing")
    assert pseudonyms(out) & former == (former if is_former else set())
    assert result_bytes(out) == figures
    assert not (out / "restricted" / rekeying.REKEYING).exists()


def test_a_former_content_does_not_stand_in_under_another_key(
    copied: None, landing: Path, out: Path
) -> None:
    """Its bytes are gone, so its persons have only their former pseudonyms."""
    place = landing / "19/care_markings/2025-11-30_cosmic.csv"
    place.write_text("person_id\n")
    assert flk("run", "--landing", landing, "--out", out).status == 1
    persons = statistics(out, "care_markings").filter(area_code="19", setting="sabo", source="any")
    assert persons["persons"].to_list() == [1]
    former = pseudonyms(out)
    ended = flk("rekey", "--landing", landing, "--out", out)
    assert ended.status == 0
    assert f"19/care_markings/{place.name}: its former content stood in" in ended.out
    assert pseudonyms(out) & former == set()
    persons = statistics(out, "care_markings").filter(area_code="19", setting="sabo", source="any")
    assert persons["persons"].to_list() == [None]


def test_the_operators_own_key_file(
    copied: None, landing: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, new = tmp_path / "own", tmp_path / "new"
    own.write_text("o" * 40)
    new.write_text("n" * 40)
    monkeypatch.setenv("FLK_KEY_FILE", str(own))
    ended = flk("rekey", "--landing", landing, "--out", out, "--key-file", tmp_path / "none")
    assert (ended.status, own.read_text()) == (2, "o" * 40)
    ended = flk("rekey", "--landing", landing, "--out", out, "--key-file", new)
    assert (ended.status, own.read_text()) == (0, "n" * 40)
    journal = (out / "restricted" / "receipts.jsonl").read_text().splitlines()
    assert key_mark("n" * 40) in journal[-1]


def _run_two_months(folder: Path) -> Path:
    landing = two_regions(folder / "landing")
    region(landing, "19", "2024-03-31")
    for month in ("2024-03", "2025-11"):
        ended = flk("run", "--landing", landing, "--out", folder / "out", "--month", month)
        assert ended.status == 0, ended.err
    return folder


@pytest.fixture
def two_months(shared_work: SharedWork, tmp_path: Path, out: Path) -> Path:
    """A region with figures of March 2024 and November 2025; the contacts of the first are past."""
    made = shared_work.make("march_and_november", _run_two_months)
    shutil.copytree(made / "out", out)
    return Path(shutil.copytree(made / "landing", tmp_path / "two_months"))


PRUNED = [
    "care_contacts/19/2024-03",
    "listings/19/2024-03-31",
    "list_names/19/2024-03-31",
]


def microdata(out: Path) -> set[str]:
    folder = out / "restricted" / "microdata"
    return {str(path.relative_to(folder)).split(".")[0] for path in folder.rglob("*.parquet")}


def test_what_is_past_is_removed_and_the_figures_stay(two_months: Path, out: Path) -> None:
    before, figures, status = microdata(out), result_bytes(out), receipts(out)
    prune = ("prune", "--before", "2025-11", "--landing", two_months, "--out", out)
    ended = flk(*prune, "--dry-run")
    assert ended.status == 0
    assert ended.out.startswith("Would be removed: 2 deliveries' microdata and 3 files of persons")
    assert microdata(out) == before
    ended = flk(*prune)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.startswith("Removed: 2 deliveries' microdata and 3 files of persons")
    assert "2 of these deliveries still lie in the landing folder" in ended.out
    # The registers of March stay: they would stand in if newer ones were withdrawn.
    assert before - microdata(out) == set(PRUNED)
    assert not list((out / "restricted" / "parts" / "2024-03").rglob("people.parquet"))
    assert list((out / "restricted" / "parts" / "2025-11").rglob("people.parquet"))

    ended = flk("run", "--landing", two_months, "--out", out)
    assert (ended.status, ended.err) == (0, "")
    assert "2024-03" not in ended.out
    assert before - microdata(out) == set(PRUNED)
    for name in PRUNED:
        for path in two_months.glob(f"{'/'.join(reversed(name.split('/')[:2]))}/2024-03*"):
            path.unlink()
    land(two_months, "19/care_contacts/2025-11", "person\nanna\nbo")
    assert flk("run", "--landing", two_months, "--out", out).status == 0
    land(two_months, "19/care_contacts/2025-11", NOVEMBER)
    assert flk("run", "--landing", two_months, "--out", out).status == 0
    assert result_bytes(out) == figures
    assert {"2024-03", "2025-11"} == set(statistics(out, "coverage")["month"])
    assert receipts(out)["19/listings/2024-03-31.csv"] == status["19/listings/2024-03-31.csv"]


NOVEMBER = """
person  contact_date  unit_id    provider_id
anna    2025-11-03  A   DR19
anna    2025-11-04  A   DR19
anna    2025-11-05  A   ST19
bo      2025-11-03  A   DR19
cia     2025-11-10  A2  ST19
"""


def test_a_pruned_month_cannot_be_made_again(two_months: Path, out: Path) -> None:
    assert flk("prune", "--before", "2025-11", "--landing", two_months, "--out", out).status == 0
    figures = result_bytes(out)
    ended = flk("run", "--landing", two_months, "--out", out, "--month", "2024-03")
    assert ended.status == 2
    assert ended.err.startswith("flk: The persons of months before 2025-11 have been removed")
    # A new key takes in what is left, and leaves the pruned month as it was.
    assert flk("rekey", "--landing", two_months, "--out", out).status == 0
    assert result_bytes(out) == figures


@pytest.mark.parametrize("before", ["2025-12", "2025", "2025-13"])
def test_wrong_use_of_prune(before: str, copied: None, landing: Path, out: Path) -> None:
    assert flk("prune", "--before", before, "--landing", landing, "--out", out).status == 2
