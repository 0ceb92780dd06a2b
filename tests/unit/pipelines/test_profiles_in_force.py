"""Profiles in the landing folder: what they make out of date, and what a broken one does."""

from datetime import date
from pathlib import Path

import pytest

from pipelines.arrivals import landing_state, look_at, take_in_partition
from pipelines.errors import WrongUseError
from pipelines.indicators.region_month import RegionMonth
from pipelines.intake.landing import not_deliveries
from pipelines.selection import select
from pipelines.store import Store
from schemas.sentences import sentence

KEY = "a key of the tests and of nothing else"
TODAY = date(2025, 12, 10)
UNITS = "unit_id,unit_name,municipality,operator,valid_from\nSE1-A,Bäckby,1980,region,2010-01-01\n"
RENAMED = UNITS.replace("unit_id", "Enhet")
LISTINGS = (
    "person_id,protected_identity,unit_id,listing_type,in_queue,valid_from\n"
    "200002292399,false,SE1-A,PV,false,2020-01-01\n"
)
PROFILE = '[[layouts]]\ndelivery = "units"\nfiles = "*_x.csv"\ncolumns.unit_id = "Enhet"\n'


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    landing = tmp_path / "landing"
    for name, text in {
        "01/units/2025-11-30.csv": UNITS,
        "19/units/2025-11-30.csv": UNITS,
        "19/units/2025-11-30_x.csv": RENAMED,
        "19/listings/2025-11-30.csv": LISTINGS,
    }.items():
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return landing


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(tmp_path / "out")
    store.prepare()
    return store


def write_profile(landing: Path, text: str, region: str = "19") -> None:
    (landing / "profiles").mkdir(exist_ok=True)
    (landing / "profiles" / f"{region}.toml").write_text(text, "utf-8")


def taken_in(landing: Path, store: Store) -> list[tuple[str, str, str]]:
    """What a run takes in: region, file and status."""
    return sorted(
        (receipt.region_code, receipt.file_name, receipt.status)
        for delivery in ("units", "listings")
        for receipt in take_in_partition(
            look_at(landing, store, KEY),
            delivery_name=delivery,
            partitions=None,
            key=KEY,
            today=TODAY,
            progress=lambda receipt: None,
        )
    )


def test_a_layout_reads_again_only_the_files_that_it_applies_to(
    landing: Path, store: Store
) -> None:
    assert taken_in(landing, store) == [
        ("01", "2025-11-30.csv", "accepted"),
        ("19", "2025-11-30.csv", "accepted"),
        ("19", "2025-11-30.csv", "accepted"),
        ("19", "2025-11-30_x.csv", "refused"),
    ]
    write_profile(landing, PROFILE)
    assert taken_in(landing, store) == [("19", "2025-11-30_x.csv", "accepted")]
    assert taken_in(landing, store) == []
    # What is only said about the region, and comments, read nothing again.
    write_profile(landing, f'# new\ncontact = "Listningsenheten"\n{PROFILE}')
    assert taken_in(landing, store) == []
    write_profile(landing, f"{PROFILE}decimal_comma = true\n")
    assert taken_in(landing, store) == [("19", "2025-11-30_x.csv", "accepted")]
    write_profile(landing, PROFILE, region="01")
    assert taken_in(landing, store) == []
    (landing / "profiles" / "19.toml").unlink()
    assert taken_in(landing, store) == [("19", "2025-11-30_x.csv", "refused")]


def test_the_microdata_is_that_of_the_layout(landing: Path, store: Store) -> None:
    write_profile(landing, PROFILE)
    taken_in(landing, store)
    receipts = look_at(landing, store, KEY).receipts
    [receipt] = [each for each in receipts.in_force if each.suffix == "x"]
    assert receipt.accepted == 1
    assert receipt.microdata(store).exists()


def test_a_broken_profile_stops_before_anything_is_done(landing: Path, store: Store) -> None:
    write_profile(landing, PROFILE + 'encoding = "ebcdic"\n')
    with pytest.raises(WrongUseError) as error:
        look_at(landing, store, KEY)
    said = str(error.value)
    assert said.startswith("A region's profile cannot be used, so nothing was done.")
    assert "19.toml: layout 1: encoding must be one of utf-8, utf-8-bom, latin-1" in said


def test_the_profile_switches_the_name_rule_off(landing: Path, store: Store) -> None:
    def region_month() -> RegionMonth:
        receipts = look_at(landing, store, KEY).receipts
        return select(receipts, "2025-11")["19"].region_month

    taken_in(landing, store)
    assert region_month().fictitious_name_rule
    assert sentence("name_rule_off") not in (region_month().remarks or "")
    write_profile(landing, "fictitious_name_rule = false\n")
    assert not region_month().fictitious_name_rule
    assert (region_month().remarks or "").endswith(sentence("name_rule_off"))
    assert taken_in(landing, store) == []


def test_a_changed_profile_is_a_change_of_the_landing_folder(landing: Path) -> None:
    before = landing_state(landing)
    write_profile(landing, PROFILE)
    changed = landing_state(landing)
    write_profile(landing, PROFILE + "decimal_comma = true\n")
    assert len({before, changed, landing_state(landing)}) == 3


def test_the_folder_of_profiles_is_no_stranger(landing: Path) -> None:
    write_profile(landing, PROFILE)
    assert not_deliveries(landing) == []
