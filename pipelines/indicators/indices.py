"""The six continuity indices, as exact functions of a person's profile of visits.

Every index is a whole number divided by a whole number that depends on n alone; the first needs n
and one measure of the profile. The profile is n (visits), p (providers), sum_of_squares (Σ n_j²),
most (max n_j) and same (consecutive pairs with the same provider). Source: contract, section 3,
Continuity.
"""

from collections.abc import Mapping
from typing import NamedTuple

import narwhals as nw

MEASURES = ("p", "sum_of_squares", "most", "same")
PROFILE = ("n", *MEASURES)


class Ratio(NamedTuple):
    """An index: the measure that it needs beside n, and two whole numbers made of both."""

    measure: str
    numerator: nw.Expr
    denominator: nw.Expr


def coc() -> Ratio:
    """COC (Bice–Boxerman): (Σn_j² − n)/(n(n − 1)), how concentrated the visits are. Needs n ≥ 2."""
    n, amount = nw.col("n"), nw.col("amount")
    return Ratio("sum_of_squares", amount - n, n * (n - 1))


def upc() -> Ratio:
    """UPC: max n_j/n, the share of visits with the provider met most."""
    return Ratio("most", nw.col("amount"), nw.col("n"))


def hhi() -> Ratio:
    """HHI (Herfindahl–Hirschman): Σ(n_j/n)²."""
    return Ratio("sum_of_squares", nw.col("amount"), nw.col("n") * nw.col("n"))


def secon() -> Ratio:
    """SECON: share of the consecutive pairs of visits with the same provider. Needs n ≥ 2.

    Visits are ordered by date, time (missing last) and provider id.
    """
    return Ratio("same", nw.col("amount"), nw.col("n") - 1)


def k_index() -> Ratio:
    """K: (n − p)/(n − 1). Needs n ≥ 2."""
    return Ratio("p", nw.col("n") - nw.col("amount"), nw.col("n") - 1)


def mmci() -> Ratio:
    """MMCI: (1 − p/(n + 0.1))/(1 − 1/(n + 0.1)), which is (10n + 1 − 10p)/(10n − 9)."""
    n = nw.col("n") * 10
    return Ratio("p", n + 1 - nw.col("amount") * 10, n - 9)


def indices() -> Mapping[str, Ratio]:
    """The indices by code, in the order of the code list."""
    return {
        "COC": coc(),
        "UPC": upc(),
        "HHI": hhi(),
        "SECON": secon(),
        "K": k_index(),
        "MMCI": mmci(),
    }
