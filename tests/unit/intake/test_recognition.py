"""Which delivery a file is, by its headings."""

import gzip
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from pipelines.intake.recognition import recognised
from schemas.contract import DeliveryContract
from schemas.deliveries import DELIVERIES, UNITS


def written(folder: Path, headings: list[str], extension: str) -> Path:
    path = folder / f"2025-11-30{extension}"
    line = ";".join(headings)
    if extension == ".parquet":
        pl.DataFrame({name: ["x"] for name in headings}).write_parquet(path)
    elif extension == ".xlsx":
        with xlsxwriter.Workbook(path) as book:
            book.add_worksheet().write_row(0, 0, headings)
    elif extension == ".csv.gz":
        path.write_bytes(gzip.compress(line.encode()))
    else:
        path.write_bytes(b"\xef\xbb\xbf\r\n" + line.encode())
    return path


@pytest.mark.parametrize("extension", [".csv", ".csv.gz", ".parquet", ".xlsx"])
@pytest.mark.parametrize("contract", DELIVERIES, ids=lambda each: each.name)
def test_every_delivery_by_its_columns(
    contract: DeliveryContract, extension: str, tmp_path: Path
) -> None:
    everything = [*contract.column_names, "another"]
    assert recognised(written(tmp_path, everything, extension)) == contract.name
    needed = contract.required_columns
    assert recognised(written(tmp_path, needed, extension)) == contract.name


@pytest.mark.parametrize("missing", UNITS.required_columns)
def test_a_missing_column_is_no_hindrance(missing: str, tmp_path: Path) -> None:
    there = [name for name in UNITS.required_columns if name != missing]
    assert recognised(written(tmp_path, there, ".csv")) == UNITS.name


@pytest.mark.parametrize(
    "headings",
    [[], ["name", "phone"], ["unit_id", "valid_from"], ["person_id"], ["unit_id", "unit_name"]],
)
def test_what_could_be_several_or_none_is_not_guessed(headings: list[str], tmp_path: Path) -> None:
    assert recognised(written(tmp_path, headings, ".csv")) is None


@pytest.mark.parametrize("extension", [".csv", ".csv.gz", ".parquet", ".xlsx"])
def test_what_cannot_be_read_is_none(extension: str, tmp_path: Path) -> None:
    path = tmp_path / f"2025-11-30{extension}"
    path.write_bytes(bytes(range(256)))
    assert recognised(path) is None
    link = tmp_path / f"link{extension}"
    link.symlink_to(written(tmp_path, UNITS.column_names, ".csv"))
    assert recognised(link) is None
    assert recognised(tmp_path / f"nowhere{extension}") is None
