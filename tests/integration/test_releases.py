"""Releases of real runs: what changed and why, corrections, approvals, and deriving them again."""

import hashlib
import shutil
from pathlib import Path

import polars as pl
import pytest

from integration.landing import identity, land, row, rows
from integration.running import Ended, flk, published
from pipelines.publication.release_folder import KeptRelease, Releases
from tests.published_value import published_value


def releases(out: Path) -> list[KeptRelease]:
    return Releases(out / "published").all()


def bytes_below(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def run(landing: Path, out: Path, *more: object) -> Ended:
    return flk("run", "--landing", landing, "--out", out, *more)


def many(landing: Path, place: str, named: int, fictitious: int = 0) -> None:
    """A listings file of so many persons with a named physician, and so many without.

    Two physicians have posts at their unit: the figures of a unit that rests on one are hidden.
    """
    region = place[:2]
    municipality, unit = {"19": ("1980", "A"), "04": ("0480", "S")}[region]
    persons = [
        identity(f"19{50 + number // 28:02}03{number % 28 + 1:02}", 212)
        for number in range(named + fictitious)
    ]
    listings = [
        row(
            "listings",
            person=person,
            unit_id=unit,
            physician_id=f"DR{region}" if number < named else "-",
            residence_municipality=municipality,
        )
        for number, person in enumerate(persons)
    ]
    land(landing, place, listings)
    posts = [
        row("physicians", unit_id=unit, physician_id=f"{each}{region}") for each in ("DR", "ST")
    ]
    land(landing, place.replace("listings", "physicians"), posts)


def test_a_correction_marks_what_it_changed_and_keeps_the_old(landing: Path, out: Path) -> None:
    """The whole way of a correction: released, corrected, marked, derived again, told apart."""
    many(landing, "04/listings/2025-11-28", 60)
    many(landing, "19/listings/2025-11-30", 40)
    assert run(landing, out).status == 0
    *_, former = releases(out)
    kept = bytes_below(former.folder)

    many(landing, "19/listings/2025-11-30", 50)
    ended = flk("publish", "--landing", landing, "--out", out, "--correction", "Ten were left out.")
    assert ended.status == 0, ended.out + ended.err
    *_, corrected = releases(out)
    assert corrected.number == former.number + 1
    assert corrected.manifest["previous_release"] == former.release_id
    assert bytes_below(former.folder) == kept

    revised = corrected.table("revisions").filter(
        table_name="list_load", level="region", area_code="19", column_name="listed"
    )
    told = ["value_before", "value_after", "difference", "reason", "correction"]
    assert revised.select(told).rows() == [(40.0, 50.0, 10.0, "new_delivery", "Ten were left out.")]
    changes = pl.read_csv(corrected.folder / "changes.csv", infer_schema=False)
    assert changes.height == corrected.table("revisions").height
    page = (corrected.folder / "changes.md").read_text("utf-8")
    assert former.release_id in page
    assert "| `list_load` | new_delivery |" in page
    assert "- 19/listings/2025-11-30.csv (accepted)" in page
    assert "- 19/listings/2025-11-30.csv (replaced)" in page
    assert published(out, "select value from release_info where name = 'correction'") == [
        ("Ten were left out.",)
    ]

    corrections = corrected.table("corrections").select("release_before", "correction").rows()
    assert corrections == [(former.release_id, "Ten were left out.")]

    # Nothing new: no new release, and the marks stay.
    assert run(landing, out).status == 0
    assert releases(out)[-1] == corrected

    # Derived again from the deliveries: the corrected release is the same, the former cannot be.
    same = flk("verify", corrected.release_id, "--landing", landing, "--out", out)
    assert same.status == 0, same.out
    assert "The release is what its deliveries give." in same.out
    assert "hid is not in" not in same.out
    hidden = out / "restricted" / "hidden"
    kept_hidden = sorted(hidden.glob(f"{former.release_id}/*"))
    assert {path.stat().st_mode & 0o777 for path in kept_hidden} == {0o600}
    assert {path.name for path in hidden.iterdir()} == {each.release_id for each in releases(out)}
    shutil.rmtree(hidden / former.release_id)
    without = flk("verify", corrected.release_id, "--landing", landing, "--out", out)
    assert f"What the release before, {former.release_id}, hid is not in" in without.out
    other = flk("verify", former.release_id, "--landing", landing, "--out", out)
    assert other.status == 1
    assert "19/listings/2025-11-30.csv, which figures of 2025-11 were made from, has" in other.out
    assert "list_load differs" in other.out
    assert bytes_below(corrected.folder).keys() == {*corrected.manifest["files"], "manifest.json"}

    # A further release, of a correction that changes no figure, still tells of the first.
    ended = flk("publish", "--landing", landing, "--out", out, "--correction", "Only words.")
    assert ended.status == 0, ended.out + ended.err
    later = releases(out)[-1]
    assert later.table("corrections").select("release_before", "correction").rows() == [
        (former.release_id, "Ten were left out."),
        (corrected.release_id, "Only words."),
    ]
    assert later.table("revisions").equals(corrected.table("revisions"))
    declared = (later.folder / "quality_declaration.en.md").read_text("utf-8")
    for text, values in (("Ten were left out.", changes.height), ("Only words.", 0)):
        assert f"{text} ({values} values)" in declared


def test_a_release_that_was_tampered_with_is_found_out(
    copied: None, landing: Path, out: Path
) -> None:
    (kept,) = releases(out)
    changed = kept.folder / "csv" / "list_load.csv"
    changed.chmod(0o644)
    changed.write_text(changed.read_text() + " ")
    kept.folder.chmod(0o755)
    (kept.folder / "added.txt").write_text("not of this release")
    (kept.folder / "dictionary.md").unlink()
    ended = flk("verify", "current", "--landing", landing, "--out", out)
    assert ended.status == 1
    assert "csv/list_load.csv has been changed" in ended.out
    assert "added.txt has been added." in ended.out
    assert "dictionary.md is missing." in ended.out


def test_verifying_writes_nothing_to_the_output(copied: None, landing: Path, out: Path) -> None:
    before = bytes_below(out)
    assert flk("verify", "current", "--landing", landing, "--out", out).status == 0
    assert bytes_below(out) == before
    unknown = flk("verify", "2020-01-0001-0123456789ab", "--landing", landing, "--out", out)
    assert unknown.status == 2
    assert "There is no release" in unknown.err


def test_a_region_that_drops_out_and_a_figure_that_moves_are_told_and_approved(
    landing: Path, out: Path
) -> None:
    many(landing, "04/listings/2025-11-28", 60)
    many(landing, "19/listings/2025-11-30", 60)
    run(landing, out)
    many(landing, "19/listings/2025-12-31", 30, fictitious=30)
    shutil.copy(
        landing / "19" / "units" / "2025-11-30.csv", landing / "19" / "units" / "2025-12-31.csv"
    )
    ended = run(landing, out)
    assert "Reported the month before, but not now: regions 04" in ended.out
    assert "flk publish --approve" in ended.out
    waiting = "select count(*) from moved_figures where not approved"
    ((unapproved,),) = published(out, waiting)
    assert unapproved > 0
    assert published(
        out,
        "select round(value_before, 2), round(value, 2) from moved_figures where area_code = '19' "
        "and table_name = 'coverage' and dimensions like 'population=listed%'",
    ) == [(1.0, 0.5)]
    # Both values of each stand in published tables.
    *_, former, newest = releases(out)
    for figure in newest.table("moved_figures").iter_rows(named=True):
        name, month = figure["table_name"], figure["month"]
        assert published_value(newest.table(name), figure, month) == figure["value"]
        since_month = figure["compared_with"] == "previous_month"
        earlier, month = (newest, "2025-11") if since_month else (former, month)
        assert published_value(earlier.table(name), figure, month) == figure["value_before"]

    approved = flk(
        "publish", "--landing", landing, "--out", out, "--approve", "Kim: the list is fictitious"
    )
    assert f"Approved: {unapproved} figures." in approved.out
    assert published(out, waiting) == [(0,)]
    assert published(out, "select count(*) from moved_figures where approved") == [(unapproved,)]
    # Who has approved is the operator's to know.
    assert all(
        b"Kim" not in path.read_bytes() for path in (out / "published").rglob("*") if path.is_file()
    )
    again = flk("publish", "--landing", landing, "--out", out, "--approve", "Kim")
    assert again.status == 2
    assert "No figure waits for approval" in again.err


@pytest.mark.parametrize("option", ["--correction", "--approve"])
def test_no_identity_in_what_is_said_of_a_release(
    option: str, copied: None, landing: Path, out: Path
) -> None:
    (person,) = {each["person_id"] for each in rows("listings", "person\nanna")}
    ended = flk("publish", "--landing", landing, "--out", out, option, f"Patient {person} moved")
    assert ended.status == 2
    assert person not in ended.out + ended.err
