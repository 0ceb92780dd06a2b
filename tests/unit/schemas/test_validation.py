"""The gate: a table that breaks a promise is refused, with counts and without values."""

import polars as pl
import pytest

from schemas.column import Column, Kind
from schemas.contract import TableContract
from schemas.validation import ContractBroken, keep_contract

TABLE = TableContract(
    name="visits",
    title="Besök",
    grain="A visit.",
    description="For tests.",
    key=("person", "day"),
    columns=(
        Column("person", Kind.WHOLE_NUMBER, "Person.", "Person", minimum=1, maximum=99),
        Column("day", Kind.TEXT, "Day.", "Dag", required=False),
        Column("kind", Kind.CODE, "Kind.", "Slag", codes=("a", "b")),
    ),
)
GOOD = pl.DataFrame({"person": [1, 1, 99], "day": ["x", None, None], "kind": ["a", "b", "a"]})
SECRET = "SECRET"

BROKEN = {
    "person: missing value (1 times)": {"person": [1, None, 2]},
    "person: below the minimum (2 times)": {"person": [0, -1, 2]},
    "person: above the maximum (1 times)": {"person": [1, 2, 100]},
    "kind: not one of the codes (1 times)": {"kind": ["a", "b", SECRET]},
    "person, day: key of several rows (2 times)": {"person": [1, 2, 2]},
    "person: wrong type": {"person": ["1", "2", SECRET]},
    "other: column not in schema": {"other": [SECRET] * 3},
}


def test_a_table_that_keeps_its_contract_comes_back() -> None:
    assert keep_contract(GOOD, TABLE).equals(GOOD)
    assert keep_contract(TABLE.empty(), TABLE).is_empty()


@pytest.mark.parametrize("said", BROKEN)
def test_a_broken_promise_is_said_with_a_count_and_no_value(said: str) -> None:
    frame = GOOD.with_columns(pl.Series(name, values) for name, values in BROKEN[said].items())
    with pytest.raises(ContractBroken) as broken:
        keep_contract(frame, TABLE)
    assert str(broken.value) == f"The table visits does not keep its contract: {said}."
    # Nothing of Pandera's own error, which quotes values, is left behind it.
    assert broken.value.__cause__ is None
    assert broken.value.__context__ is None


def test_missing_and_misplaced_columns_are_said() -> None:
    with pytest.raises(ContractBroken, match="day: column not in dataframe"):
        keep_contract(GOOD.drop("day"), TABLE)
    with pytest.raises(ContractBroken, match="column not ordered"):
        keep_contract(GOOD.select("kind", "day", "person"), TABLE)


def test_all_broken_promises_are_counted() -> None:
    frame = GOOD.with_columns(kind=pl.lit(SECRET), person=pl.lit(100, dtype=pl.Int64))
    with pytest.raises(ContractBroken) as broken:
        keep_contract(frame, TABLE)
    assert "kind: not one of the codes (3 times)" in str(broken.value)
    assert "person: above the maximum (3 times)" in str(broken.value)
    assert "key of several rows (2 times)" in str(broken.value)
