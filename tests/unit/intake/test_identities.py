"""Identities: the vectors of docs, the package personnummer as oracle, and reserve identities."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intake_rows import KEY
from personnummer import personnummer

from pipelines.intake.checks import text_name
from pipelines.intake.identities import birth_date, has_valid_date, sex, with_identities
from pipelines.intake.persons import read_persons
from pipelines.intake.values import reading
from schemas.deliveries import LISTINGS

Answer = tuple[str | None, str | None, date | None, str | None]


def read(*texts: str | None) -> list[Answer]:
    """Identity, kind, birth date and sex of every text; read as numbers they are the same."""
    frame = pl.LazyFrame({"text": pl.Series(texts, dtype=pl.String)})
    answers = (
        with_identities(frame, pl.col("text"))
        .select("person_id", "identity_kind", birth=birth_date(), sex=sex())
        .collect()
        .rows()
    )
    assert read_as_numbers(*texts) == [answer[1:] for answer in answers]
    return answers


def read_as_numbers(*texts: str | None) -> list[tuple[Any, ...]]:
    """Kind, birth date and sex of every text, by the way that listings go."""
    rows = pl.DataFrame({text_name("person_id"): pl.Series(texts, dtype=pl.String)})
    checks = reading(LISTINGS.column("person_id"), LISTINGS.name).checks
    persons, _ = read_persons(rows.with_columns(unit_id=pl.lit("SE1-A")), LISTINGS, checks, KEY)
    return persons.select("identity_kind", "birth_date", "sex").rows()


VALID = [
    ("20000229-2399", "200002292399", "personnummer", date(2000, 2, 29), "men"),
    ("19570428-9999", "195704289999", "personnummer", date(1957, 4, 28), "men"),
    # docs call this one a woman's, but its next to last digit is 7: by the contract a man's.
    ("19090527-1474", "190905271474", "personnummer", date(1909, 5, 27), "men"),
    ("19090527+1474", "190905271474", "personnummer", date(1909, 5, 27), "men"),
    ("19730288-9931", "197302889931", "samordningsnummer", date(1973, 2, 28), "men"),
    ("20210791-9967", "202107919967", "samordningsnummer", date(2021, 7, 31), "women"),
    ("20000101T220", "20000101T220", "reserve", date(2000, 1, 1), "women"),
    ("20000101-t230", "20000101T230", "reserve", date(2000, 1, 1), "men"),
    ("20000161T230", "20000161T230", "reserve", date(2000, 1, 1), "men"),
    ("20001301T230", "20001301T230", "reserve", None, None),
    ("20000101TT0X", "20000101TT0X", "reserve", date(2000, 1, 1), "women"),
    ("20000101ABXC", "20000101ABXC", "reserve", date(2000, 1, 1), None),
    ("R19K00000123", "R19K00000123", "reserve", None, None),
    ("abcdefghijkl", "ABCDEFGHIJKL", "reserve", None, None),
]

INVALID = [
    "19700428-9895",
    "19600430-9886",
    "",
    "200002292398",
    "200102292398",
    "0002292399",
    "000229-2399",
    "20000229 2399",
    "2000-02-29-2399",
    "-20000229239",
    "+20000229239",
    "2000022-92399",
    "20000229--399",
    "2000022923999",
    "000000000000",
    "20000101T22",
    "20000101T2200",
    "20000101Ü220",
    "20000101ı220",
    "20000101_220",
    "２０００02292399",
]


@pytest.mark.parametrize(("text", "identity", "kind", "birth", "of_sex"), VALID)
def test_valid_identities(
    text: str, identity: str, kind: str, birth: date | None, of_sex: str | None
) -> None:
    assert read(text) == [(identity, kind, birth, of_sex)]


@pytest.mark.parametrize("text", INVALID)
def test_everything_else_is_no_identity(text: str) -> None:
    assert read(text)[0][:2] == (None, None)


def test_missing_stays_missing() -> None:
    assert read(None) == [(None, None, None, None)]


def is_a_day(eight: int) -> bool:
    year, month, day = eight // 10_000, eight // 100 % 100, eight % 100
    try:
        date(year, month, day - 60 if day > 60 else day)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("year", [0, 1, 1899, 1900, 1999, 2000, 2023, 2024, 2100, 2200])
def test_every_month_and_day_of_leap_years_and_others(year: int) -> None:
    eights = [year * 10_000 + month_and_day for month_and_day in range(10_000)]
    frame = pl.DataFrame({"eight": eights})
    found = frame.select(has_valid_date(pl.col("eight"))).to_series().to_list()
    assert found == [is_a_day(eight) for eight in eights]


# What the package personnummer says is right; it does not know serial number 000, which the
# contract does not forbid.
dates = st.dates(date(1800, 1, 1), date(2199, 12, 31)).map(lambda day: day.strftime("%Y%m%d"))
coordination = dates.map(lambda text: str(int(text) + 60))
any_digits = st.text("0123456789", min_size=8, max_size=8).filter(lambda text: text[0] in "12")
numbers = st.tuples(
    st.one_of(dates, coordination, any_digits),
    st.integers(1, 999).map(lambda serial: f"{serial:03d}"),
    st.sampled_from("0123456789"),
).map("".join)


@settings(max_examples=300)
@given(st.lists(numbers, min_size=1, max_size=40))
def test_digits_are_valid_exactly_when_the_package_says_so(texts: list[str]) -> None:
    expected = []
    for text in texts:
        if not personnummer.valid(text):
            expected.append((None, None, None, None))
            continue
        oracle = personnummer.parse(text)
        kind = "samordningsnummer" if oracle.is_coordination_number() else "personnummer"
        of_sex = "women" if oracle.is_female() else "men"
        expected.append((text, kind, oracle.get_date(), of_sex))
    assert read(*texts) == expected


@settings(max_examples=50)
@given(st.one_of(dates, coordination), st.integers(1, 999))
def test_one_of_ten_check_digits_is_right(eight: str, serial: int) -> None:
    texts = [f"{eight}{serial:03d}{digit}" for digit in range(10)]
    expected = [text if personnummer.valid(text) else None for text in texts]
    assert [answer[0] for answer in read(*texts)] == expected
    assert len([text for text in expected if text]) == 1


@settings(max_examples=50)
@given(st.text(max_size=14))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert len(read(text)) == 1
