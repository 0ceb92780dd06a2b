"""A pseudonym that is found again is the one that would be made anew."""

import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import polars as pl
from intake_rows import KEY

from pipelines.intake.known_persons import (
    FIRST_DAY,
    LAST_DAY,
    KnownPersons,
    forget_persons,
    known_persons,
    place_of,
)

NUMBERS = [
    (190001010015, date(1900, 1, 1)),
    (190001010023, date(1900, 1, 1)),
    (190001020014, date(1900, 1, 2)),
    (200002292399, date(2000, 2, 29)),
    (205012319994, date(2050, 12, 31)),
    (189912319998, date(1899, 12, 31)),
    (205101010017, date(2051, 1, 1)),
]
TEXTS = [str(number) for number, _ in NUMBERS]


def places() -> pl.Series:
    frame = pl.DataFrame(NUMBERS, schema=["number", "born"], orient="row")
    return frame.select(place_of(pl.col("number"), pl.col("born"))).to_series()


def by_standard_library(text: str) -> int:
    digest = hmac.new(KEY.encode(), text.encode(), hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def test_every_number_of_every_day_has_a_place_of_its_own() -> None:
    last = ((LAST_DAY - FIRST_DAY).days + 1) * 1000 - 1
    assert places().to_list() == [1, 2, 1001, 36_583_239, last, None, None]


def test_the_first_and_the_second_time_it_is_the_hmac_of_the_standard_library() -> None:
    persons = KnownPersons(KEY)
    expected = [by_standard_library(text) for text in TEXTS]
    for _ in range(2):
        assert persons.pseudonyms(pl.Series(TEXTS), places()).to_list() == expected
    # What is known is not hashed again: other texts in these places would not be looked at.
    others = pl.Series([f"other than {text}" for text in TEXTS])
    assert persons.pseudonyms(others, places()).to_list()[:5] == expected[:5]


def test_missing_stays_missing() -> None:
    none = pl.Series([None, TEXTS[0]], dtype=pl.String)
    found = KnownPersons(KEY).pseudonyms(none, pl.Series([None, 1], dtype=pl.Int64))
    assert found.to_list() == [None, by_standard_library(TEXTS[0])]


def test_several_threads_may_ask() -> None:
    persons, expected = KnownPersons(KEY), [by_standard_library(text) for text in TEXTS]
    with ThreadPoolExecutor(8) as threads:
        for found in threads.map(
            lambda _: persons.pseudonyms(pl.Series(TEXTS), places()), range(200)
        ):
            assert found.to_list() == expected


def test_another_key_knows_nobody_and_what_is_forgotten_is_made_anew() -> None:
    first = known_persons(KEY)
    assert known_persons(KEY) is first
    assert known_persons(KEY[::-1]) is not first
    forget_persons()
    assert known_persons(KEY) is not first
