"""A column taken apart, and put together again."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from pipelines.intake.distinct_texts import distinct_texts

texts = st.lists(st.one_of(st.none(), st.sampled_from(["", " ", "a", "a "]), st.text(max_size=20)))


@given(texts)
def test_every_row_has_its_own_text_and_every_text_stands_once(rows: list[str | None]) -> None:
    column = pl.Series(rows, dtype=pl.String)
    different = distinct_texts(column)
    assert different.to_rows(different.texts).to_list() == rows
    assert sorted(different.texts.drop_nulls()) == sorted(
        {text for text in rows if text is not None}
    )
    assert different.texts[-1] is None


def test_what_is_worked_out_for_a_text_stands_in_all_its_rows() -> None:
    different = distinct_texts(pl.Series(["b", None, "a", "b"]))
    lengths = different.texts.str.len_chars().fill_null(-1)
    assert different.to_rows(lengths).to_list() == [1, -1, 1, 1]
