"""Pseudonyms that were made before, found again by the personnummer.

Most rows of a run are about somebody whom an earlier row was about: two snapshots, eighteen months
of contacts. To hash an identity takes longer than all else that is done with its row, and to look
the pseudonym up a tenth of that. It stands in memory only, and while files are taken in.
"""

import threading
from functools import lru_cache

import polars as pl

from pipelines.intake.identities import FIRST_DAY, LAST_DAY
from pipelines.intake.passes import collected
from pipelines.intake.pseudonyms import pseudonym

_OF_A_DAY = 1000
"""Numbers of a day: of the four last digits the check digit follows from the others."""


def place_of(number: pl.Expr, born: pl.Expr) -> pl.Expr:
    """The place of a valid personnummer of twelve digits among all that there can be.

    `born` is its date. Null for null, and for who is born before the first day or after the last:
    these are hashed every time.
    """
    day = (born - FIRST_DAY).dt.total_days()
    place = day * _OF_A_DAY + number // 10 % _OF_A_DAY
    return pl.when(born.is_between(FIRST_DAY, LAST_DAY)).then(place)


class KnownPersons:
    """The pseudonyms made so far under one key; several threads may ask."""

    def __init__(self, key: str) -> None:
        self._key = key
        # Only the zeros that are written over take memory.
        places = ((LAST_DAY - FIRST_DAY).days + 1) * _OF_A_DAY
        self._pseudonyms = pl.zeros(places, dtype=pl.Int64, eager=True)
        self._alone = threading.Lock()

    def pseudonyms(self, identities: pl.Series, places: pl.Series) -> pl.Series:
        """The pseudonym of each identity, null for null; `places` are those by `place_of`."""
        with self._alone:
            persons = self._pseudonyms.gather(places)
        rows = pl.DataFrame({"identity": identities, "place": places, "person": persons})
        is_new = pl.col("identity").is_not_null() & (pl.col("person").fill_null(0) == 0)
        new = rows.with_row_index("row").filter(is_new)
        made = pseudonym(pl.col("identity"), self._key)
        hashed = collected(new.lazy().select("row", "place", person=made), new.height)
        to_keep = hashed.drop_nulls("place")
        with self._alone:
            self._pseudonyms.scatter(to_keep["place"], to_keep["person"])
        return persons.scatter(hashed["row"], hashed["person"])


@lru_cache(maxsize=1)
def known_persons(key: str) -> KnownPersons:
    """The pseudonyms that this process has made under the key."""
    return KnownPersons(key)


def forget_persons() -> None:
    """Give their memory back, once all files have been taken in."""
    known_persons.cache_clear()
