"""Whatever the bytes: never an error of our own, always a receipt, rows = accepted + rejected."""

import gzip
import io
import json
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake_rows import KEY, RECEIVED_AT, TODAY, another, csv_text, good
from layouts import layout, profiles, workbook

from pipelines.intake.landing import landing_file
from pipelines.intake.take_in import take_in

ROWS = [good("units"), another("units")]
CSV = csv_text(ROWS).encode()
PROFILES = {
    "xlsx": layout("units", 'format = "excel"'),
    "json": layout("units", 'format = "json"'),
}


def as_parquet() -> bytes:
    target = io.BytesIO()
    pl.DataFrame(ROWS).write_parquet(target)
    return target.getvalue()


GOOD = {
    "csv": CSV,
    "csv.gz": gzip.compress(CSV),
    "parquet": as_parquet(),
    "xlsx": workbook({"A": [list(ROWS[0]), *(list(row.values()) for row in ROWS)]}),
    "json": json.dumps(ROWS).encode(),
}

CHANGES = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 8), st.binary(max_size=8)), min_size=1, max_size=6
)
"""Where, how many bytes are taken out, and which are put in."""

TEXTS = st.lists(
    st.sampled_from(
        ["\n", "\r", '"', ",", ";", "\x00", "\ufeff", "å", "unit_id", "SE1", " ", "\t"]
    ),
    max_size=40,
).map("".join)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["", "SE1", "å"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["unit_id", "a", "", "valid_from"]), inner, max_size=4)
    ),
    max_leaves=20,
)


def changed(content: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for place, taken_out, put_in in changes:
        start = int(place * len(content))
        content = content[:start] + put_in + content[start + taken_out :]
    return content


def assert_receipt(folder: Path, extension: str, content: bytes) -> None:
    path = folder / f"2025-11-30.{extension}"
    path.write_bytes(content)
    taken = take_in(
        landing_file(path, "19", "units"),
        key=KEY,
        today=TODAY,
        received_at=RECEIVED_AT,
        profiles=PROFILES.get(extension, profiles("")),
    )
    receipt = taken.receipt
    assert receipt.rows == receipt.accepted + receipt.rejected
    if receipt.status == "accepted":
        assert taken.accepted is not None
        assert taken.accepted.height == receipt.accepted > 0
    else:
        assert (receipt.status, receipt.accepted, taken.accepted) == ("refused", 0, None)
        assert receipt.message


EXAMPLES = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize("extension", GOOD)
@EXAMPLES
@given(changes=CHANGES)
def test_a_good_file_with_other_bytes_here_and_there(
    extension: str, changes: list[tuple[float, int, bytes]], tmp_path: Path
) -> None:
    assert_receipt(tmp_path, extension, changed(GOOD[extension], changes))


@pytest.mark.parametrize("extension", GOOD)
@EXAMPLES
@given(content=st.binary(max_size=200))
def test_any_bytes(extension: str, content: bytes, tmp_path: Path) -> None:
    assert_receipt(tmp_path, extension, content)


@EXAMPLES
@given(before=TEXTS, after=TEXTS, packed=st.booleans())
def test_any_text_around_good_rows(before: str, after: str, packed: bool, tmp_path: Path) -> None:
    content = before.encode() + CSV + after.encode()
    if packed:
        assert_receipt(tmp_path, "csv.gz", gzip.compress(content))
    else:
        assert_receipt(tmp_path, "csv", content)


@EXAMPLES
@given(content=JSON)
def test_any_json(content: object, tmp_path: Path) -> None:
    assert_receipt(tmp_path, "json", json.dumps(content).encode())


@EXAMPLES
@given(part=st.integers(0, 20), changes=CHANGES)
def test_a_workbook_with_other_bytes_in_a_part(
    part: int, changes: list[tuple[float, int, bytes]], tmp_path: Path
) -> None:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD["xlsx"])) as source,
        zipfile.ZipFile(target, "w") as written,
    ):
        names = source.namelist()
        for name in names:
            content = source.read(name)
            is_chosen = name == names[part % len(names)]
            written.writestr(name, changed(content, changes) if is_chosen else content)
    assert_receipt(tmp_path, "xlsx", target.getvalue())
