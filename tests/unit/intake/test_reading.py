"""Bytes to rows: formats, delimiters, quotes, and the line that every row stands on."""

import gzip
from datetime import date, datetime, time
from pathlib import Path

import polars as pl
import pytest
from intake_rows import GOOD_ROWS, Deliver, csv_text, good
from polars.testing import assert_frame_equal

HEADER = "unit_id,unit_name,municipality,operator,valid_from,valid_to\n"
GOOD = "SE1-A,Bäcken,1980,region,2010-01-01,\n"
BAD = "SE1-B,Backen,1980,x,2010-01-01,\n"


def bad_lines(deliver: Deliver, text: str) -> list[tuple[int, str]]:
    return deliver("units", text).rejected.select("line", "rule").rows()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEADER + GOOD + BAD, [(3, "unknown_code")]),
        (HEADER + "\n" + GOOD + "\n\n" + BAD + "\n\n", [(6, "unknown_code")]),
        ("\n" + HEADER + GOOD + BAD, [(4, "unknown_code")]),
        (HEADER + GOOD.replace("Bäcken", '"Bäc\nken"') + BAD, [(4, "unknown_code")]),
        (HEADER + GOOD.replace("Bäcken", '"Bäc\r\n\r\nken"') + BAD, [(5, "unknown_code")]),
        (HEADER + BAD.replace("Backen", '"a\nb"') + GOOD, [(2, "unknown_code")]),
        (HEADER + GOOD.replace("Bäcken", '"Bäc,ken"') + BAD, [(3, "unknown_code")]),
        (HEADER + GOOD.replace("Bäcken", '"B ""ä"""') + BAD, [(3, "unknown_code")]),
        ((HEADER + GOOD + BAD).replace("\n", "\r\n"), [(3, "unknown_code")]),
        ((HEADER + GOOD + BAD).replace("\n", "\r"), [(3, "unknown_code")]),
        (HEADER + GOOD + ",,,,,\n" + BAD, [(3, "missing_value"), (4, "unknown_code")]),
        ((HEADER + GOOD + BAD).rstrip("\n"), [(3, "unknown_code")]),
        ('"unit\nid",' + HEADER + "," + GOOD + "," + BAD, [(4, "unknown_code")]),
        # Rows with too many or few fields
        (HEADER + GOOD + BAD.replace("\n", ",\n"), [(3, "wrong_field_count")]),
        (HEADER + GOOD + BAD.replace(",\n", "\n"), [(3, "wrong_field_count")]),
        (HEADER + GOOD + "SE1-B\n" + BAD, [(3, "wrong_field_count"), (4, "unknown_code")]),
        (HEADER + "SE1-B,x\n" + GOOD, [(2, "wrong_field_count")]),
        (HEADER + "SE1-B,x,1,2,3,4,5\n" + GOOD, [(2, "wrong_field_count")]),
        (HEADER + GOOD + "   \n" + BAD, [(3, "wrong_field_count"), (4, "unknown_code")]),
        (HEADER + GOOD + 'SE1-B,"a,b,c,d,e"\n', [(3, "wrong_field_count")]),
    ],
)
def test_the_line_of_a_bad_row(
    deliver: Deliver, text: str, expected: list[tuple[int, str]]
) -> None:
    assert bad_lines(deliver, text) == expected


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("delivery", ["listings", "physicians"])
def test_every_form_of_csv_is_the_same_delivery(
    deliver: Deliver, separator: str, line_end: str, mark: str, packed: bool, delivery: str
) -> None:
    rows = [good(delivery, valid_from="2020-01-01"), good(delivery, valid_from="2021-01-01")]
    content = (mark + csv_text(rows, separator, line_end)).encode()
    taken = deliver(
        delivery,
        gzip.compress(content) if packed else content,
        extension="csv.gz" if packed else "csv",
    )
    plain = deliver(delivery, rows)

    assert taken.receipt.rules == {}
    assert taken.accepted is not None
    assert plain.accepted is not None
    assert_frame_equal(taken.accepted, plain.accepted)


def test_two_gzip_files_in_one_are_read_to_the_end(deliver: Deliver) -> None:
    content = gzip.compress((HEADER + GOOD).encode()) + gzip.compress(BAD.encode())
    assert deliver("units", content, extension="csv.gz").receipt.rows == 2


def test_quoted_headings_and_values_and_other_order_of_columns(deliver: Deliver) -> None:
    row = dict(reversed(good("units").items()))
    quoted = {f'"{name}"': f'"{value}"' for name, value in row.items()}
    taken = deliver("units", [quoted])
    plain = deliver("units", [good("units")])

    assert taken.accepted is not None
    assert plain.accepted is not None
    assert_frame_equal(taken.accepted, plain.accepted)


def test_headings_and_values_are_trimmed(deliver: Deliver) -> None:
    row = {f" {name} ": f"\u00a0{value}\t" for name, value in good("units").items()}
    taken = deliver("units", [row])
    plain = deliver("units", [good("units")])

    assert taken.accepted is not None
    assert plain.accepted is not None
    assert_frame_equal(taken.accepted, plain.accepted)


def test_leading_zeros_stay(deliver: Deliver) -> None:
    taken = deliver("units", [good("units", municipality="0114")])
    assert taken.accepted is not None
    assert taken.accepted["municipality"].to_list() == ["0114"]


@pytest.mark.parametrize("delivery", GOOD_ROWS)
def test_parquet_with_text_columns_is_the_same_delivery(
    deliver: Deliver, delivery: str, tmp_path: Path
) -> None:
    path = tmp_path / "text.parquet"
    pl.DataFrame([good(delivery)]).write_parquet(path)
    taken = deliver(delivery, path.read_bytes(), extension="parquet")
    plain = deliver(delivery, [good(delivery)])

    assert taken.accepted is not None
    assert plain.accepted is not None
    assert_frame_equal(taken.accepted, plain.accepted)


def test_parquet_with_typed_columns_is_the_same_delivery(deliver: Deliver, tmp_path: Path) -> None:
    typed = {
        "listings": {
            "person_id": [200002292399],
            "protected_identity": [False],
            "residence_municipality": ["1980"],
            "deceased_on": pl.Series([None], dtype=pl.Date),
            "unit_id": pl.Series(["SE2321000172-0A01"], dtype=pl.Categorical),
            "list_name": ["Anna Andersson"],
            "physician_id": ["SE2321000172-P001"],
            "listing_type": ["PV"],
            "in_queue": [False],
            "valid_from": [datetime(2020, 5, 1)],
            "valid_to": [None],
        },
        "care_contacts": {
            "person_id": ["200002292399"],
            "contact_date": [date(2025, 11, 5)],
            "contact_time": [time(8, 30)],
            "unit_id": ["SE2321000172-0A01"],
            "provider_id": ["SE2321000172-P001"],
            "profession": ["lakare"],
            "contact_type": ["mottagning"],
        },
        "population": {
            "year": [2024.0],
            "municipality": ["1980"],
            "sex": ["women"],
            "age": pl.Series([100], dtype=pl.Int8),
            "count": [17.0],
        },
        "physicians": GOOD_ROWS["physicians"]
        | {"equivalent_competence": [False], "fte": [0.75], "valid_from": [date(2015, 1, 1)]},
    }
    for delivery, columns in typed.items():
        path = tmp_path / "typed.parquet"
        pl.DataFrame(columns).write_parquet(path)
        taken = deliver(delivery, path.read_bytes(), extension="parquet")
        plain = deliver(delivery, [good(delivery)])

        assert taken.receipt.rules == {}
        assert taken.accepted is not None
        assert plain.accepted is not None
        assert_frame_equal(taken.accepted, plain.accepted)


def test_the_line_of_a_parquet_row_is_its_number_plus_one(deliver: Deliver, tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    pl.DataFrame([good("units"), good("units", operator="x")]).write_parquet(path)
    taken = deliver("units", path.read_bytes(), extension="parquet")
    assert taken.rejected.select("line", "rule").rows() == [(3, "unknown_code")]


def test_many_rows_take_the_quick_way_to_the_same_answers(deliver: Deliver) -> None:
    # More rows than the bound from which the streaming engine is used.
    count = 60_000
    rows = [good("units", unit_id=f"SE1-{number}") for number in range(count)]
    rows[40_000] = good("units", operator="x")
    rows[50_000] = rows[49_999]
    taken = deliver("units", rows)

    assert taken.receipt.accepted == count - 2
    assert taken.rejected.select("line", "rule").rows() == [
        (40_002, "unknown_code"),
        (50_002, "duplicate_key"),
    ]
