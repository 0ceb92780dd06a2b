"""A landing folder with files that cannot be read, are still being written, or have odd names."""

import codecs
import os
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from integration.landing import PERSONS, identity, land, region, row, two_regions
from integration.running import flk, published, receipts, result_bytes
from pipelines import arrivals
from pipelines.arrivals import Arrivals, look_at, take_in_partition
from pipelines.intake.content import checksum
from pipelines.receipts import StoredReceipt
from pipelines.store import Store

LISTINGS = "19/listings/2025-11-30"
NOBODY = 65534
KEY = "k" * 64


@pytest.fixture
def anyone(two_regions_made: Path) -> Iterator[Path]:
    """A folder in which permissions bind this process too, also where it is root's.

    After a run, as who is not root may not be able to import what a run needs.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        codecs.lookup("utf-16-le")  # which the report of a refused delivery is written with
        was_root = os.geteuid() == 0
        if was_root:
            os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            if was_root:
                os.seteuid(0)


def take_in(found: Arrivals, delivery_name: str = "listings") -> list[StoredReceipt]:
    """Take in the new files of a delivery."""
    return take_in_partition(
        found,
        delivery_name=delivery_name,
        partitions=None,
        key=KEY,
        today=date(2025, 12, 1),
        progress=lambda _: None,
    )


def test_a_file_that_may_not_be_read_is_named_and_the_others_go_on(anyone: Path) -> None:
    landing, where = two_regions(anyone / "landing"), store(anyone)
    closed = landing / f"{LISTINGS}.csv"
    closed.chmod(0)
    taken = {each.region_code: each for each in take_in(look_at(landing, where, KEY))}
    assert taken["04"].status == "accepted"
    assert taken["19"].status == "refused"
    assert taken["19"].message == (
        "The file may not be opened: its permissions do not let the pipeline read it. Let the "
        "operator change them."
    )
    assert take_in(look_at(landing, where, KEY)) == []

    closed.chmod(0o600)
    [opened] = take_in(look_at(landing, where, KEY))
    assert (opened.region_code, opened.status) == ("19", "accepted")


def test_what_was_taken_in_stands_while_its_file_or_folder_may_not_be_read(anyone: Path) -> None:
    landing, where = two_regions(anyone / "landing"), store(anyone)
    take_in(look_at(landing, where, KEY))
    before = look_at(landing, where, KEY).receipts.in_force
    assert len(before) == 2
    for closed in (landing / "19" / "listings", landing / "19"):
        for mode in (0, 0o400):
            closed.chmod(mode)
            found = look_at(landing, where, KEY)
            closed.chmod(0o700)
            assert found.receipts.in_force == before
            assert found.folders_to_open() == [
                f"The folder {closed} cannot be read, so nothing new in it was taken in, and what "
                "was taken in before stands. Let the pipeline read it."
            ]
    assert look_at(landing, where, KEY).folders_to_open() == []


def test_a_file_that_vanishes_while_the_folder_is_looked_through(
    landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def taken_away(path: Path) -> str:
        if path.name == "2025-11-30.csv" and path.parent.name == "listings":
            path.unlink()
        return checksum(path)

    monkeypatch.setattr(arrivals, "checksum", taken_away)
    found = look_at(landing, store(tmp_path), KEY)
    assert [each.place for each in found.all if each.file.delivery == "listings"] == [
        ("04", "listings", "2025-11-28.csv")
    ]


def store(folder: Path) -> Store:
    made = Store(folder / "store")
    made.prepare()
    return made


def write_on(path: Path) -> None:
    with path.open("a") as file:
        file.write("half a row\n")


def test_a_file_that_is_written_while_it_is_looked_at_waits(
    landing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    growing = landing / f"{LISTINGS}.csv"

    def meanwhile(path: Path) -> str:
        found = checksum(path)
        if path == growing:
            write_on(path)
        return found

    monkeypatch.setattr(arrivals, "checksum", meanwhile)
    found = look_at(landing, store(tmp_path), KEY)
    assert [each.file_name for each in found.unsettled] == ["2025-11-30.csv"]
    assert growing not in [each.file.path for each in found.all]
    assert found.left_for_next_run()[0] == (
        f"{LISTINGS}.csv arrived or changed while the files were read, so it is left for the next "
        "run. Copy files under another name, such as 2025-11-30.csv.part, and rename them when "
        "they are whole."
    )


def test_a_file_that_is_written_before_it_is_read_waits(landing: Path, tmp_path: Path) -> None:
    where = store(tmp_path)
    found = look_at(landing, where, KEY)
    growing = landing / f"{LISTINGS}.csv"
    whole = growing.read_bytes()
    write_on(growing)

    taken = take_in(found)
    assert [each.region_code for each in taken] == ["04"]

    growing.write_bytes(whole)
    again = look_at(landing, where, KEY)
    assert f"{LISTINGS}.csv" in ["/".join(each.place) for each in again.new]


def test_what_was_taken_in_stands_while_its_file_is_written_anew(
    copied: None, landing: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = result_bytes(out)
    growing = landing / f"{LISTINGS}.csv"
    write_on(growing)

    def meanwhile(path: Path) -> str:
        found = checksum(path)
        if path == growing:
            write_on(path)
        return found

    monkeypatch.setattr(arrivals, "checksum", meanwhile)
    ended = flk("run", "--landing", landing, "--out", out)
    assert ended.status == 0
    assert f"{LISTINGS}.csv arrived or changed" in (ended.out + ended.err).replace("\n", " ")
    assert result_bytes(out) == before


def test_a_file_that_was_copied_just_now_is_taken_in(two_regions_made: Path) -> None:
    assert {
        each for statuses in receipts(two_regions_made / "out").values() for each in statuses
    } == {"accepted"}


def test_names_that_a_terminal_would_obey(copied: None, landing: Path, out: Path) -> None:
    content = (landing / f"{LISTINGS}.csv").read_bytes()
    for name in ("2025-11-30_\x1b[2J\n.csv", "2025-11-30_" + "x" * 240 + ".csv"):
        (landing / "19/listings" / name).write_bytes(content)
    (landing / "19/listings" / os.fsdecode(b"2025-11-30_\xff.csv")).write_bytes(content)
    (landing / "19/listings/=HYPERLINK(1).csv").write_bytes(content)
    (landing / "19/listings/notes\x1b[2J.txt").write_bytes(content)

    ended = flk("run", "--landing", landing, "--out", out)
    assert ended.status == 1
    assert "unexpected" not in ended.out + ended.err
    checked = flk("check", landing / "19/listings")
    for told in (ended.out, ended.err, checked.out, checked.err):
        assert "\x1b[2J" not in told
    refused = published(
        out, "select file_name from deliveries where status = 'refused' order by file_name"
    )
    assert len(refused) == 4
    assert ("2025-11-30_\\x1b[2J\\n.csv",) in refused
    assert flk("run", "--landing", landing, "--out", out).status == 0


def test_names_that_are_told_alike_have_a_receipt_each(landing: Path, tmp_path: Path) -> None:
    """Also one that is written as another is told: it must not take that one's place."""
    where = store(tmp_path)
    content = (landing / f"{LISTINGS}.csv").read_bytes()
    for person in (PERSONS["anna"], PERSONS["bo"]):
        (landing / f"{LISTINGS}_{person}.csv").write_bytes(content)
    land(landing, f"{LISTINGS}_(identity)", "person\nfinn")
    for _ in range(2):
        taken = take_in(look_at(landing, where, KEY))
    assert taken == []
    assert {each.file_name: each.status for each in look_at(landing, where, KEY).receipts.all} == {
        "2025-11-28.csv": "accepted",
        "2025-11-30.csv": "accepted",
        "2025-11-30_(identity).csv": "refused",
        "2025-11-30_(identity)_2.csv": "refused",
        "2025-11-30_(identity)_3.csv": "refused",
    }


def test_a_name_of_the_year_one_holds_nothing_back(landing: Path, tmp_path: Path) -> None:
    for name in ("0001-01-01", "0205-11-30"):
        land(landing, f"19/listings/{name}", "person valid_from\nanna 0001-01-01")
    land(landing, "19/care_contacts/0001-01", "person contact_date\nanna 0001-01-01")
    found = look_at(landing, store(tmp_path), KEY)
    for delivery_name in ("listings", "care_contacts"):
        taken = take_in(found, delivery_name)
        refused = [each for each in taken if each.status == "refused"]
        assert {each.file_name[:2] for each in refused} <= {"00", "02"}
        assert all("name_without_date" in each.rules for each in refused)
        assert len(taken) - len(refused) == 2


def test_what_is_not_taken_for_a_delivery_is_said(copied: None, landing: Path, out: Path) -> None:
    whole = landing / f"{LISTINGS}.csv"
    for number in range(5):
        (landing / f"{LISTINGS}_{number}.CSV").write_bytes(whole.read_bytes())
    (landing / f"Region {PERSONS['anna']}").mkdir()
    told = (
        "Not taken for a delivery: 19/listings/2025-11-30_0.CSV, 19/listings/2025-11-30_1.CSV, "
        "19/listings/2025-11-30_2.CSV, 19/listings/2025-11-30_3.CSV, 19/listings/2025-11-30_4.CSV "
        "and 1 more. A delivery lies in <landing>/<region>/<delivery>/, and its name ends with "
        ".csv.gz, .csv, .parquet, .xlsx, .json."
    )
    for command in ("run", "status"):
        ended = flk(command, "--landing", landing, "--out", out)
        assert ended.status == 0
        assert told in " ".join((ended.out + ended.err).split())
        assert PERSONS["anna"] not in ended.out + ended.err


def test_a_unit_with_the_code_of_an_area_stops_no_publication(landing: Path, out: Path) -> None:
    for unit, born in (("19", "1950"), ("1980", "1960"), ("00", "1970")):
        persons = [identity(f"{born}0{month}15", 212) for month in range(1, 8)]
        listed = [row("listings", person=person) | {"unit_id": unit} for person in persons]
        land(landing, f"{LISTINGS}_{unit}", listed)
    ended = flk("run", "--landing", landing, "--out", out)
    assert ended.status == 1
    assert published(out, "select count(*) from deliveries where message like '%bad_code 7%'") == [
        (3,)
    ]


def test_last_months_file_sent_again_under_a_new_name(landing: Path, out: Path) -> None:
    region(landing, "19", "2025-10-31")
    content = (landing / f"{LISTINGS}.csv").read_bytes()
    (landing / "19/listings/2025-10-31.csv").write_bytes(content)

    assert flk("run", "--landing", landing, "--out", out).status == 0
    query = "select file_name, message from deliveries where message like '%same_content%'"
    expected = [("2025-11-30.csv", "Warnings: same_content 1 (2025-10-31.csv).")]
    assert published(out, query) == expected


def test_a_file_of_ten_times_its_usual_size(landing: Path, out: Path) -> None:
    many = "\n".join(f"anna {f'U{number}'}" for number in range(40))
    land(landing, "19/listings/2025-12-31", "person unit_id\n" + many)
    land(landing, "19/care_contacts/2025-12", "person contact_date\nanna 2025-12-01")
    assert flk("run", "--landing", landing, "--out", out).status == 0
    query = "select file_name, message from deliveries where message like '%more_rows%'"
    [(name, message)] = published(out, query)
    assert name == "2025-12-31.csv"
    assert "more_rows 1 (40 rows, 4 before)" in message
