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
    """An index: (factor · amount + constant) / denominator.

    `amount` is of the measure that the index needs beside n. Constant and denominator are whole
    numbers made of n alone; the denominator is another for every n.
    """

    measure: str
    factor: int
    constant: nw.Expr | int
    denominator: nw.Expr

    @property
    def numerator(self) -> nw.Expr:
        """A person's numerator, made of n and `amount`."""
        return nw.col("amount") * self.factor + self.constant

    @property
    def sums(self) -> dict[str, nw.Expr]:
        """`sum` and `sum_of_squares` of the numerators of persons with the same n.

        Made of the columns `persons`, `sum` and `sum_of_squares` of their amounts.
        """
        persons, total, squares = nw.col("persons"), nw.col("sum"), nw.col("sum_of_squares")
        return {
            "sum": total * self.factor + persons * self.constant,
            "sum_of_squares": squares * self.factor**2
            + total * (2 * self.factor) * self.constant
            + persons * self.constant * self.constant,
        }


def coc() -> Ratio:
    """COC (Bice–Boxerman): (Σn_j² − n)/(n(n − 1)), how concentrated the visits are. Needs n ≥ 2."""
    n = nw.col("n")
    return Ratio("sum_of_squares", 1, n * -1, n * (n - 1))


def upc() -> Ratio:
    """UPC: max n_j/n, the share of visits with the provider met most."""
    n = nw.col("n")
    return Ratio("most", 1, 0, n)


def hhi() -> Ratio:
    """HHI (Herfindahl–Hirschman): Σ(n_j/n)²."""
    n = nw.col("n")
    return Ratio("sum_of_squares", 1, 0, n * n)


def secon() -> Ratio:
    """SECON: share of the consecutive pairs of visits with the same provider. Needs n ≥ 2.

    Visits are ordered by date, time (missing last) and provider id.
    """
    n = nw.col("n")
    return Ratio("same", 1, 0, n - 1)


def k_index() -> Ratio:
    """K: (n − p)/(n − 1). Needs n ≥ 2."""
    n = nw.col("n")
    return Ratio("p", -1, n, n - 1)


def mmci() -> Ratio:
    """MMCI: (1 − p/(n + 0.1))/(1 − 1/(n + 0.1)), which is (10n + 1 − 10p)/(10n − 9)."""
    n = nw.col("n")
    return Ratio("p", -10, n * 10 + 1, n * 10 - 9)


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
