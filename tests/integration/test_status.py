"""`flk status` and the receipts: delivered, late, refused, sent again, withdrawn."""

import fcntl
from datetime import date
from pathlib import Path

import pytest

from integration.landing import land, region
from integration.running import file_times, flk, flk_apart
from integration.without_dagster import KEY, take_in
from pipelines import months
from pipelines.arrivals import look_at
from pipelines.delivery_status import Deliveries, DeliveryStatus, deliveries_now
from pipelines.store import Store

IN_TIME = date(2025, 12, 10)
TOO_LATE = date(2025, 12, 11)
"""November's deliveries are due on 10 December."""


def now(landing: Path, out: Path) -> Deliveries:
    return deliveries_now(landing, Store(out))


def status(landing: Path, out: Path, place: str, today: date = IN_TIME) -> DeliveryStatus:
    """Of `19/units` in November."""
    code, delivery = place.split("/")
    [found] = [
        each
        for each in now(landing, out).of_month("2025-11", today)
        if (each.region_code, each.delivery) == (code, delivery)
    ]
    return found


@pytest.fixture
def taken(landing: Path, out: Path) -> None:
    take_in(landing, Store(out), IN_TIME)


def test_what_is_delivered_missing_and_late(taken: None, landing: Path, out: Path) -> None:
    assert status(landing, out, "19/listings").word == "2025-11-30"
    assert status(landing, out, "04/listings").word == "2025-11-28"
    assert status(landing, out, "19/care_contacts").word == "2025-11"
    assert status(landing, out, "01/listings").word == "missing"
    assert status(landing, out, "01/listings", TOO_LATE).word == "late"
    assert status(landing, out, "19/listings", TOO_LATE).word == "2025-11-30"
    assert status(landing, out, "01/fixed_contacts", TOO_LATE).word == "–"
    late = [each for each in now(landing, out).of_month("2025-11", TOO_LATE) if each.is_late]
    assert len(late) == 19 * 5


def test_a_register_of_another_month_stands_in(landing: Path, out: Path) -> None:
    """And listings of another month never do."""
    for name in ("units", "listings"):
        (landing / f"19/{name}/2025-11-30.csv").rename(landing / f"19/{name}/2025-10-31.csv")
    take_in(landing, Store(out), IN_TIME)
    units, listings = (status(landing, out, f"19/{name}") for name in ("units", "listings"))
    assert (units.word, units.former) == ("missing", date(2025, 10, 31))
    assert (listings.word, listings.former) == ("missing", None)


def test_a_refused_delivery(landing: Path, out: Path) -> None:
    (landing / "19/units/2025-11-30.csv").write_text("unit_id\nA\n")
    take_in(landing, Store(out), IN_TIME)
    found = status(landing, out, "19/units")
    assert found.word == "refused"
    assert "Missing: unit_name, municipality, operator, valid_from." in str(
        found.refused[0].message
    )
    assert status(landing, out, "19/units", TOO_LATE).word == "refused, late"


def test_a_file_sent_again_replaces_the_former_and_both_receipts_stay(
    taken: None, landing: Path, out: Path
) -> None:
    land(landing, "19/listings/2025-11-30", "person\nanna\nbo")
    assert status(landing, out, "19/listings").waiting == ("2025-11-30.csv",)
    take_in(landing, Store(out), IN_TIME)
    found = status(landing, out, "19/listings")
    assert (found.word, found.sent_again, found.waiting) == ("2025-11-30", ("2025-11-30.csv",), ())
    receipts = now(landing, out).receipts
    rows = receipts.table().filter(region_code="19", delivery="listings").sort("received_at")
    assert rows.select("status", "rows").rows() == [("replaced", 4), ("accepted", 2)]
    [in_force] = [
        each
        for each in receipts.in_force
        if each.delivery == "listings" and each.region_code == "19"
    ]
    assert in_force.rows == 2


def test_a_file_sent_again_and_refused_lets_the_former_stand(
    taken: None, landing: Path, out: Path
) -> None:
    (landing / "19/units/2025-11-30.csv").write_text("unit_id\nA\n")
    take_in(landing, Store(out), IN_TIME)
    found = status(landing, out, "19/units", TOO_LATE)
    assert found.word == "2025-11-30"
    assert [each.file_name for each in found.refused] == ["2025-11-30.csv"]
    said = flk("status", "--landing", landing, "--out", out, "--month", "2025-11").out
    assert "The former content of the same name stands in." in said


def test_a_withdrawn_file_is_said(taken: None, landing: Path, out: Path) -> None:
    (landing / "19/units/2025-11-30.csv").unlink()
    found = status(landing, out, "19/units", TOO_LATE)
    assert (found.word, found.withdrawn) == ("withdrawn, late", ("2025-11-30.csv",))


def test_a_touched_file_is_not_new(taken: None, landing: Path, out: Path) -> None:
    (landing / "19/units/2025-11-30.csv").touch()
    assert status(landing, out, "19/units").word == "2025-11-30"


def test_it_is_the_same_that_a_run_sees(taken: None, landing: Path, out: Path) -> None:
    land(landing, "19/listings/2025-11-30", "person\nanna")
    (landing / "19/units/2025-11-30.csv").unlink()
    (landing / "19/physicians/2025-11-29.csv").symlink_to("nowhere")
    found = now(landing, out)
    arrivals = look_at(landing, Store(out), KEY)
    assert found.receipts.present == arrivals.receipts.present
    assert [each.path for each in found.waiting] == [each.file.path for each in arrivals.new]


# What is said


def test_plain_lines_and_notes(taken: None, landing: Path, out: Path) -> None:
    """One line a region, then why; nothing is written, nobody is waited for, exit status 0."""
    (landing / "19/units/2025-11-30.csv").write_text("unit_id\nA\n")
    (landing / "04/units/2025-11-28.csv").write_text("unit_id\nA\n")
    land(landing, "19/listings/2025-11-30", "person\nanna\nbo")
    land(landing, "19/listings/utan datum", "person\nanna\nbo")
    land(landing, "reference/population/2023", "year\n2024")
    take_in(landing, Store(out), IN_TIME)
    (landing / "04/care_contacts/2025-11.csv").unlink()
    region(landing, "19", "2025-10-31")
    before = file_times(out)
    with (out / "restricted" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ended = flk("status", "--landing", landing, "--out", out)
    (out / "restricted" / "lock").unlink()
    assert (ended.status, ended.err) == (0, "")
    assert file_times(out) == before
    lines = ended.out.splitlines()
    assert lines[0] == "Deliveries for 2025-11"
    assert (
        "19 Västmanlands län: units 2025-11-30; listings 2025-11-30*; physicians 2025-11-30; "
        "care_contacts 2025-11; care_markings 2025-11-30; fixed_contacts –"
    ) in lines
    assert next(line for line in lines if line.startswith("04")).startswith(
        "04 Södermanlands län: units 2025-11-28; listings 2025-11-28; physicians 2025-11-28; "
        "care_contacts withdrawn, late;"
    )
    assert "Population: 2024" in lines
    assert "96 deliveries of 20 regions are late; the first were due on 2025-12-10." in lines
    assert any(
        line.startswith("Refused: 19/units/2025-11-30.csv: A required col") for line in lines
    )
    assert any(line.startswith("Refused: 19/listings/utan datum.csv: The file's") for line in lines)
    assert any(line.startswith("Refused: 00/population/2023.csv: Not one row") for line in lines)
    assert (
        "Sent again: 19/listings/2025-11-30.csv: the later content counts, both receipts stay."
        in lines
    )
    assert any(line.startswith("Withdrawn: 04/care_contacts/2025-11.csv is no") for line in lines)
    assert any(line.startswith("  Report for the supplier: ") for line in lines)
    october = flk("status", "--landing", landing, "--out", out, "--month", "2025-10").out
    assert "Waiting: 19/units/2025-10-31.csv has not been taken in; flk run does that." in october


def test_on_a_terminal_it_is_a_table(
    taken: None, landing: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    ended = flk("status", "--landing", landing, "--out", out)
    assert "│ 2025-11-30 │" in ended.out
    assert "21 regions" not in ended.out


def test_before_the_first_run(landing: Path, out: Path) -> None:
    ended = flk("status", "--landing", landing, "--out", out)
    assert ended.status == 0
    assert "listings waiting" in ended.out
    assert not out.exists()


def test_later_months_that_are_late_are_said(
    taken: None, landing: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = now(landing, out)
    assert found.newest_month(IN_TIME) == "2025-11"
    assert found.months_late("2025-11", date(2026, 1, 10)) == []
    assert found.months_late("2025-11", date(2026, 1, 11)) == ["2025-12"]
    assert found.months_late("2025-11", date(2026, 3, 1)) == ["2025-12", "2026-01"]
    assert months.today_in_sweden() > IN_TIME
    said = flk("status", "--landing", landing, "--out", out).out
    assert "Deliveries for 2025-12 to " in said


def test_a_file_dated_in_the_future_is_not_the_newest_month(landing: Path, out: Path) -> None:
    (landing / "19/units/2025-11-30.csv").rename(landing / "19/units/2099-01-01.csv")
    take_in(landing, Store(out), IN_TIME)
    said = flk("status", "--landing", landing, "--out", out).out
    assert said.startswith("Deliveries for 2025-11\n")
    assert "Refused: 19/units/2099-01-01.csv: The snapshot is dated after" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--landing", "nowhere"], "no landing folder"),
        (["--month", "2025"], "YYYY-MM"),
    ],
)
def test_wrong_use(arguments: list[str], said: str) -> None:
    ended = flk("status", *arguments)
    assert ended.status == 2
    assert said in ended.err


def test_it_needs_no_dagster(landing: Path) -> None:
    ended = flk_apart("status", "--landing", landing, PYTHONPROFILEIMPORTTIME="1")
    assert ended.status == 0
    assert "dagster" not in {line.rsplit("|", 1)[-1].strip() for line in ended.err.splitlines()}
