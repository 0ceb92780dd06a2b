"""The landing folder: what is a delivery, what is not, and what links become."""

from pathlib import Path

import pytest

from pipelines.intake.landing import (
    LandingFile,
    landing_file,
    landing_files,
    not_deliveries,
    overlooked,
)


def put(landing: Path, *names: str) -> None:
    for name in names:
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def listed(landing: Path) -> list[tuple[str, str, str, bool]]:
    return [
        (file.region_code, file.delivery, file.file_name, file.is_link)
        for file in landing_files(landing)
    ]


def left_out(landing: Path) -> list[str]:
    return [str(path.relative_to(landing)) for path in not_deliveries(landing)]


def test_deliveries_are_found_and_sorted(tmp_path: Path) -> None:
    put(
        tmp_path,
        "19/units/2025-11-30.csv",
        "19/listings/2025-11-30.parquet",
        "01/care_contacts/2025-11.csv.gz",
        "01/care_contacts/2025-10.xlsx",
        "01/units/no date.json",
        "reference/population/2024.csv",
    )
    assert listed(tmp_path) == [
        ("00", "population", "2024.csv", False),
        ("01", "care_contacts", "2025-10.xlsx", False),
        ("01", "care_contacts", "2025-11.csv.gz", False),
        ("01", "units", "no date.json", False),
        ("19", "listings", "2025-11-30.parquet", False),
        ("19", "units", "2025-11-30.csv", False),
    ]
    assert left_out(tmp_path) == []


def test_what_is_no_delivery_is_told(tmp_path: Path) -> None:
    strange = [
        "01/README.md",
        "01/listings/.2025-11-30.csv",
        "01/listings/2025-11-30.csv.part",
        "01/listings/2025-11-30.txt",
        "01/listings/README.csv",
        "01/listings/~$2025-11-30.xlsx",
        "01/unknown/2025-11-30.csv",
        "02/listings/2025-11-30.csv",
        "README.md",
        "reference/truth.json",
        "reference/units/2024.csv",
    ]
    put(tmp_path, *strange, "01/listings/old/2025-11-30.csv")
    assert listed(tmp_path) == []
    assert left_out(tmp_path) == [
        "01/README.md",
        "01/listings/.2025-11-30.csv",
        "01/listings/2025-11-30.csv.part",
        "01/listings/2025-11-30.txt",
        "01/listings/README.csv",
        "01/listings/old",
        "01/listings/~$2025-11-30.xlsx",
        "01/unknown",
        "02",
        "README.md",
        "reference/truth.json",
        "reference/units",
    ]


def test_links_are_listed_as_links_and_never_followed(tmp_path: Path) -> None:
    landing, elsewhere = tmp_path / "landing", tmp_path / "elsewhere"
    put(elsewhere, "2025-11-30.csv", "listings/2025-11-30.csv")
    put(landing, "01/units/2025-10-31.csv")
    (landing / "01/units/2025-11-30.csv").symlink_to(elsewhere / "2025-11-30.csv")
    (landing / "01/units/2025-12-31.csv").symlink_to(elsewhere / "does not exist")
    (landing / "01/listings").symlink_to(elsewhere / "listings")
    (landing / "reference").symlink_to(elsewhere)

    assert listed(landing) == [
        ("00", "population", "reference", True),
        ("01", "listings", "listings", True),
        ("01", "units", "2025-10-31.csv", False),
        ("01", "units", "2025-11-30.csv", True),
        ("01", "units", "2025-12-31.csv", True),
    ]


def test_a_region_that_is_a_link_stands_for_each_of_its_deliveries(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    landing = tmp_path / "landing"
    landing.mkdir()
    (landing / "19").symlink_to(tmp_path / "elsewhere")
    assert {(file.delivery, file.is_link) for file in landing_files(landing)} == {
        ("units", True),
        ("listings", True),
        ("physicians", True),
        ("care_contacts", True),
        ("care_markings", True),
        ("fixed_contacts", True),
    }


def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    import os

    (tmp_path / "19/units").mkdir(parents=True)
    os.mkfifo(tmp_path / "19/units/2025-11-30.csv")
    assert listed(tmp_path) == []
    assert left_out(tmp_path) == ["19/units/2025-11-30.csv"]


@pytest.mark.parametrize(
    ("delivery", "name", "day", "month", "suffix"),
    [
        ("listings", "2025-11-30.csv", "2025-11-30", "2025-11", ""),
        ("care_markings", "2025-11-30_cosmic.csv.gz", "2025-11-30", "2025-11", "cosmic"),
        ("care_markings", "2025-11-30_1980_b.csv", "2025-11-30", "2025-11", "1980_b"),
        ("care_contacts", "2025-11_part1.parquet", "2025-11-01", "2025-11", "part1"),
        ("population", "2024.csv", "2024-01-01", "2024-01", ""),
        ("listings", "2025-02-29.csv", "None", None, ""),
        ("listings", "2025-11.csv", "None", None, ""),
        ("care_contacts", "2025-13-01.csv", "None", None, ""),
        ("listings", "1900-01-31.csv", "1900-01-31", "1900-01", ""),
        ("listings", "0001-01-01.csv", "None", None, ""),
        ("care_contacts", "0205-11.csv", "None", None, ""),
    ],
)
def test_what_a_name_says(
    tmp_path: Path, delivery: str, name: str, day: str, month: str | None, suffix: str
) -> None:
    put(tmp_path, name)
    file: LandingFile = landing_file(tmp_path / name, "19", delivery)
    assert (str(file.content_date), file.month, file.suffix) == (day, month, suffix)
    assert file.stem + file.extension == name
    assert file.size == 1


def test_names_that_are_told_alike_get_a_number_each(tmp_path: Path) -> None:
    """What a receipt calls a file is the file's alone, also where an identity is masked in it."""
    put(
        tmp_path,
        "19/units/2025-11-30_(identity).csv",
        "19/units/2025-11-30_(identity)_2.csv",
        "19/units/2025-11-30_19570428-9999.csv",
        "19/units/2025-11-30_195704289999.csv",
        "19/units/2025-11-30_195704289999.csv.gz",
        "19/listings/2025-11-30_195704289999.csv",
    )
    assert not any(file.has_usable_name for file in landing_files(tmp_path))
    of_units = [name for _, delivery, name, _ in listed(tmp_path) if delivery == "units"]
    assert of_units == [
        "2025-11-30_(identity).csv",
        "2025-11-30_(identity).csv.gz",
        "2025-11-30_(identity)_2.csv",
        "2025-11-30_(identity)_3.csv",
        "2025-11-30_(identity)_4.csv",
    ]
    assert listed(tmp_path)[0][2] == "2025-11-30_(identity).csv"


def test_what_may_have_been_meant_as_a_delivery(tmp_path: Path) -> None:
    put(
        tmp_path,
        "19/listings/2025-11-30.CSV",
        "19/listings/2025-11-30_195704289999.txt",
        "19/Listings/2025-11-30.csv",
        "Västmanland/listings/2025-11-30.csv",
        # These are not meant as one.
        "19/listings/2025-11-30.csv",
        "19/listings/2025-12-31.csv.part",
        "19/listings/.nfs0001",
        "19/listings/~$2025-11-30.xlsx",
        "19/README.md",
        "reference/truth.json",
        "corrections/19.toml",
        "profiles/19.toml",
    )
    assert overlooked(tmp_path) == [
        "19/Listings",
        "19/listings/2025-11-30.CSV",
        "19/listings/2025-11-30_(identity).txt",
        "Västmanland",
    ]
