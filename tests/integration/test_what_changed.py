"""A run does what is out of date and nothing else, and says what became of every delivery."""

from pathlib import Path

import pytest

from integration.landing import identity, land, region, row, two_regions
from integration.running import (
    Ended,
    file_times,
    flk,
    last_event,
    materialised,
    published,
    receipts,
    reporting,
    result_bytes,
    runs_of,
    statistics,
)


@pytest.fixture
def made(copied: None) -> None:
    """A first run of two regions."""


def run(landing: Path, out: Path, *more: str) -> Ended:
    return flk("run", "--landing", landing, "--out", out, *more)


def listings(landing: Path, place: str, persons: str) -> Path:
    """A listings snapshot of these persons at unit A."""
    return land(landing, place, "\n".join(["person", *persons.split()]))


TEN_AT_A = [(identity("19400615", serial), {"physician_id": "DR19"}) for serial in range(300, 310)]
"""Enough persons with a named physician that no count is small: only the one physician hides."""

REFUSED = "unit_id,unit_name\nSE5560001640-A,Ekbacken\n"


def test_nothing_new(made: None, landing: Path, out: Path) -> None:
    """The first look at a landing folder in another place notes its checksums; then nothing."""
    run(landing, out)
    before, runs = file_times(out), runs_of(out)
    ended = run(landing, out)
    assert ended.status == 0
    assert "nothing was done" in ended.out
    assert runs_of(out) == runs
    changed = {name for name, time in file_times(out).items() if before.get(name) != time}
    assert not {name for name in changed if "dagster" not in name and not name.endswith("lock")}


def test_a_file_with_another_time_and_the_same_bytes_is_not_new(
    made: None, landing: Path, out: Path
) -> None:
    (landing / "19/units/2025-11-30.csv").touch()
    assert "nothing was done" in run(landing, out).out


def test_one_file_changed_makes_anew_only_what_depends_on_it(
    made: None, landing: Path, out: Path
) -> None:
    """Contacts of one region: its visits, and the tables of continuity."""
    before, mark = statistics(out, "coverage"), last_event(out)
    land(landing, "19/care_contacts/2025-11", "person\nanna\nbo")
    ended = run(landing, out)
    assert ended.status == 0
    assert materialised(out, after=mark) == {
        ("care_contacts", "2025-11|19"),
        ("visits", "2025-11|19"),
        ("continuity", "2025-11"),
        ("own_physician", "2025-11"),
        ("data_quality", "2025-11"),
        ("reporting", "2025-11"),
        ("statistics_file", None),
    }
    assert statistics(out, "coverage").equals(before)
    assert receipts(out)["19/care_contacts/2025-11.csv"] == ["replaced", "accepted"]


def test_a_changed_listings_file_makes_the_regions_people_and_visits_anew(
    made: None, landing: Path, out: Path
) -> None:
    mark = last_event(out)
    listings(landing, "19/listings/2025-11-30", "anna bo eva")
    run(landing, out)
    done = materialised(out, after=mark)
    assert {each for each in done if each[1] and "|" in each[1]} == {
        ("listings", "2025-11|19"),
        ("people", "2025-11|19"),
        ("visits", "2025-11|19"),
    }


def test_a_changed_marking_makes_every_regions_people_anew(
    made: None, landing: Path, out: Path
) -> None:
    """Whoever is marked in one region may be listed in another."""
    mark = last_event(out)
    land(landing, "19/care_markings/2025-11-30_cosmic", "person\nbo")
    run(landing, out)
    done = materialised(out, after=mark)
    assert ("marked_persons", "2025-11|04") not in done
    assert {("people", "2025-11|04"), ("people", "2025-11|19")} <= done


def test_a_new_snapshot_of_a_region_makes_nothing_anew_of_others(
    made: None, landing: Path, out: Path, tmp_path: Path
) -> None:
    """The new date makes the region's markings anew; nobody in the other is marked otherwise."""
    mark = last_event(out)
    listings(landing, "04/listings/2025-11-29", "anna bo eva")
    run(landing, out)
    done = materialised(out, after=mark)
    assert {each for each in done if each[1] and "|" in each[1]} == {
        ("listings", "2025-11|04"),
        ("marked_persons", "2025-11|04"),
        ("people", "2025-11|04"),
        ("visits", "2025-11|04"),
    }
    assert "nothing was done" in run(landing, out).out
    run(landing, tmp_path / "from_nothing")
    assert result_bytes(out) == result_bytes(tmp_path / "from_nothing")


def test_a_marking_that_concerns_nobody_in_a_region_makes_nothing_anew_there(
    made: None, landing: Path, out: Path
) -> None:
    mark = last_event(out)
    land(landing, "19/care_markings/2025-11-30_cosmic", "person\nanna\neva")
    run(landing, out)
    done = materialised(out, after=mark)
    assert {each for each in done if each[1] and "|" in each[1]} == {
        ("care_markings", "2025-11|19"),
        ("marked_persons", "2025-11|19"),
    }


def test_a_file_sent_again_keeps_both_receipts(made: None, landing: Path, out: Path) -> None:
    listings(landing, "19/listings/2025-11-30", "anna bo eva finn")
    assert run(landing, out).status == 0
    assert receipts(out)["19/listings/2025-11-30.csv"] == ["replaced", "accepted"]
    query = "select distinct status from deliveries where file_name = '2025-11-30.csv'"
    assert sorted(published(out, query)) == [("accepted",), ("replaced",)]


def test_the_first_content_sent_again_counts_again(made: None, landing: Path, out: Path) -> None:
    first = (landing / "19/listings/2025-11-30.csv").read_bytes()
    figures = result_bytes(out)
    listings(landing, "19/listings/2025-11-30", "anna bo eva finn")
    run(landing, out)
    assert result_bytes(out) != figures
    (landing / "19/listings/2025-11-30.csv").write_bytes(first)
    assert run(landing, out).status == 0
    assert result_bytes(out) == figures
    assert receipts(out)["19/listings/2025-11-30.csv"] == ["accepted", "replaced"]


def test_a_refused_file_ends_with_1_and_the_next_run_with_0(landing: Path, out: Path) -> None:
    (landing / "04/units/2025-11-28.csv").write_text(REFUSED)
    ended = run(landing, out)
    assert ended.status == 1
    assert "04/units/2025-11-28.csv" in ended.out
    assert published(out, "select count(*) > 0 from coverage") == [(True,)]
    ended = run(landing, out)
    assert ended.status == 0
    assert "nothing was done" in ended.out


def test_a_refused_register_lets_the_previous_stand_in(landing: Path, out: Path) -> None:
    land(landing, "19/units/2025-10-31", "unit_id\nA\nA2")
    (landing / "19/units/2025-11-30.csv").write_text(REFUSED)
    assert run(landing, out).status == 1
    remark = "units: 2025-11-30.csv refused; 2025-10-31.csv stands in."
    assert remark in str(reporting(out, "19")["remarks"])
    assert published(out, "select count(*) from list_load where area_code = '19'") == [(1,)]


def test_a_refused_new_content_of_the_same_name_lets_the_former_stand_in(
    made: None, landing: Path, out: Path
) -> None:
    figures = statistics(out, "coverage")
    (landing / "19/units/2025-11-30.csv").write_text(REFUSED)
    assert run(landing, out).status == 1
    assert receipts(out)["19/units/2025-11-30.csv"] == ["accepted", "refused"]
    assert statistics(out, "coverage").equals(figures)
    assert "2025-11-30.csv refused" in str(reporting(out, "19")["remarks"])


def test_refused_listings_are_not_reported(landing: Path, out: Path) -> None:
    """Another month's listings never stand in."""
    listings(landing, "04/listings/2025-10-31", "anna bo")
    (landing / "04/listings/2025-11-28.csv").write_text("person_id\n1\n")
    assert run(landing, out, "--month", "2025-11").status == 1
    rows = statistics(out, "coverage").filter(month="2025-11", area_code="04")
    assert rows.height == 9
    assert rows["status"].unique().to_list() == ["not_reported"]
    row = reporting(out, "04")
    assert row["reported"] is False
    assert "2025-11-28.csv refused" in str(row["remarks"])


def test_a_refused_newer_listings_snapshot_does_not_set_the_reference_date(
    landing: Path, out: Path
) -> None:
    listings(landing, "19/listings/2025-11-15", "anna bo")
    (landing / "19/listings/2025-11-30.csv").write_text("person_id\n1\n")
    run(landing, out)
    rows = statistics(out, "coverage").filter(area_code="19")
    assert [str(day) for day in rows["reference_date"].unique()] == ["2025-11-15"]


def test_a_missing_month_of_contacts_is_remarked(made: None, out: Path) -> None:
    row = reporting(out, "19")
    assert (row["contact_months"], row["contact_months_expected"]) == (1, 19)
    assert "no accepted delivery for 2024-05, 2024-06" in str(row["remarks"])


def test_a_withdrawn_file_counts_no_more(made: None, landing: Path, out: Path) -> None:
    (landing / "19/care_contacts/2025-11.csv").unlink()
    assert run(landing, out).status == 0
    assert receipts(out)["19/care_contacts/2025-11.csv"] == ["withdrawn"]
    rows = statistics(out, "own_physician").filter(area_code="19")
    assert rows["status"].unique().to_list() == ["not_reported"]
    assert "Withdrawn and not used: care_contacts/2025-11.csv." in str(
        reporting(out, "19")["remarks"]
    )


def test_one_physician_units_stay_hidden_when_their_deliveries_are_withdrawn(
    landing: Path, out: Path
) -> None:
    """Published figures outlive their files, and so does what hides them."""
    ten = [row("listings", person=person, **rest) for person, rest in TEN_AT_A]
    region(landing, "19", "2025-10-31")
    land(landing, "19/listings/2025-10-31", ten)
    land(landing, "19/listings/2025-11-30", ten)
    of_unit = (
        "select status, denominator from coverage "
        "where month = '2025-10' and area_code = 'SE5560001640-A' and definition = 'reported'"
    )
    assert run(landing, out, "--month", "2025-10").status == 0
    assert published(out, of_unit) == [("suppressed", None)]
    assert statistics(out, "coverage").filter(level="unit")["denominator"].max() == len(ten)

    for path in (landing / "19").glob("*/2025-10*"):
        path.unlink()
    assert run(landing, out, "--month", "2025-11").status == 0
    assert set(receipts(out)["19/physicians/2025-10-31.csv"]) == {"withdrawn"}
    assert published(out, of_unit) == [("suppressed", None)]
    assert published(out, of_unit.replace("-10", "-11")) == [("suppressed", None)]


def test_a_region_that_delivers_late_joins(landing: Path, out: Path) -> None:
    """What came before is as it was, and the nation is as if all had come at once."""
    (landing / "04").rename(landing.parent / "late")
    run(landing, out)
    mark, own = last_event(out), {"area_code": "19", "population": "listed"}
    before = statistics(out, "coverage").filter(**own)
    assert reporting(out, "04")["reported"] is False

    (landing.parent / "late").rename(landing / "04")
    assert run(landing, out).status == 0
    assert statistics(out, "coverage").filter(**own).equals(before)
    taken = {each for each in materialised(out, after=mark) if each[0] == "listings"}
    assert taken == {("listings", "2025-11|04")}

    at_once = out.parent / "at_once"
    assert run(landing, at_once).status == 0
    assert result_bytes(at_once) == result_bytes(out)


def test_an_older_months_late_file_is_taken_in(made: None, landing: Path, out: Path) -> None:
    """Whatever its date; the figures are those of the month asked for."""
    region(landing, "19", "2025-10-31")
    assert run(landing, out).status == 0
    assert receipts(out)["19/listings/2025-10-31.csv"] == ["accepted"]
    assert published(out, "select distinct month from coverage") == [("2025-11",)]
    assert run(landing, out, "--month", "2025-10").status == 0
    months = published(out, "select distinct month from coverage order by month")
    assert months == [("2025-10",), ("2025-11",)]


def test_a_month_that_nobody_delivered(made: None, landing: Path, out: Path) -> None:
    before = file_times(out / "published")
    ended = run(landing, out, "--month", "2025-07")
    assert ended.status == 1
    assert "2025-07" in ended.err
    assert "2025-11" in ended.err
    assert len(ended.err.strip().splitlines()) == 1
    assert file_times(out / "published") == before


def test_the_same_files_elsewhere_are_the_same_figures(
    made: None, landing: Path, out: Path
) -> None:
    elsewhere = out.parent / "elsewhere"
    run(two_regions(out.parent / "another landing"), elsewhere)
    assert result_bytes(elsewhere) == result_bytes(out)
