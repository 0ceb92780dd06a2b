"""Corrections applied to a file's text, before its values are read and judged.

So what was corrected must keep the rules like everything else. The delivered bytes are never
changed. What a correction may say is in `schemas/corrections.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.intake.distinct_texts import trimmed
from pipelines.intake.refusal import FileRefusedError, Refusal
from pipelines.intake.text_table import LINE
from schemas.corrections import Correction, rule_of

_ROWS = {LINE: pl.Int64(), "rule": pl.String(), "columns": pl.String()}


@dataclass(frozen=True)
class Corrected:
    """A file's rows after its corrections, without those that were dropped.

    `dropped` and `changed` have a row for each line and correction: line, rule, and the column
    concerned (null for drop and flag); changed are also the rows that were only flagged. `ids`
    names the corrections behind each rule.
    """

    frame: pl.DataFrame
    dropped: pl.DataFrame
    changed: pl.DataFrame
    ids: dict[str, str]

    @property
    def rules(self) -> dict[str, int]:
        """For each rule the number of rows that a correction concerned."""
        rows = pl.concat([self.dropped, self.changed])
        return dict(sorted(rows.group_by("rule").agg(pl.col(LINE).n_unique()).iter_rows()))


def corrected(
    frame: pl.DataFrame, corrections: Sequence[Correction], sha256: str | None
) -> Corrected:
    """The rows of a text table, trimmed, after the corrections, each applied to what the former
    left.

    Raises FileRefusedError where one concerns no row, another number of rows than expected, or
    lines of another content: the supplier has sent something else than what was corrected.
    """
    touched = []
    frame = frame.with_columns(trimmed(pl.col(pl.String)))
    for each in corrections:
        if each.lines and not (sha256 or "").startswith(each.sha256):
            raise _does_not_fit(
                each,
                "its lines are those of another content of the file.",
                "dess rader gäller ett annat innehåll i filen.",
            )
        concerned = frame.select(_concerned(each, frame.columns)).to_series()
        rows = frame.filter(concerned).select(
            LINE,
            rule=pl.lit(rule_of(each.action)),
            columns=pl.lit(each.column or None, dtype=pl.String),
        )
        if rows.height != (each.rows or max(rows.height, 1)):
            raise _does_not_fit(
                each,
                f"it concerns {rows.height} rows, expected {each.rows or 'at least 1'}.",
                f"den berör {rows.height} rader, väntat {each.rows or 'minst 1'}.",
            )
        touched.append(rows)
        frame = _applied(frame, each, concerned)
    rows = pl.concat([pl.DataFrame(schema=_ROWS), *touched])
    is_dropped = pl.col("rule") == rule_of("drop")
    ids: dict[str, str] = {}
    for each in corrections:
        code = rule_of(each.action)
        ids[code] = f"{ids[code]}, {each.id}" if code in ids else each.id
    return Corrected(frame, rows.filter(is_dropped), rows.filter(~is_dropped), ids)


def demand_no_lines(corrections: Sequence[Correction]) -> None:
    """Raise FileRefusedError where rows of a workbook of several sheets are told by their lines."""
    for each in corrections:
        if each.lines:
            raise _does_not_fit(
                each,
                "the file has several sheets, so a line says too little; tell the rows by what "
                "stands in them.",
                "filen har flera blad, så en rad säger för lite; ange raderna genom vad som står "
                "i dem.",
            )


def _does_not_fit(correction: Correction, english: str, swedish: str) -> FileRefusedError:
    return FileRefusedError(
        Refusal(
            "correction_does_not_fit",
            instead=f"Correction {correction.id} ({correction.action}) does not fit the file: "
            f"{english}",
            instead_sv=f"Rättelse {correction.id} ({correction.action}) passar inte filen: "
            f"{swedish}",
        )
    )


def _concerned(correction: Correction, columns: list[str]) -> pl.Expr:
    """Which rows a correction concerns."""
    concerned = pl.lit(True)
    if correction.lines:
        concerned = pl.col(LINE).is_in(correction.lines)
    for column, texts in correction.where.items():
        concerned = concerned & _has_one_of(column, texts, columns)
    if correction.action == "recode":
        concerned = concerned & _has_one_of(correction.column, tuple(correction.codes), columns)
    return concerned.alias("concerned")


def _has_one_of(column: str, texts: tuple[str, ...], columns: list[str]) -> pl.Expr:
    """Whether a row has one of these texts; an empty one stands for a missing value."""
    delivered = _text(column, columns)
    return delivered.fill_null("").is_in(texts)


def _text(column: str, columns: list[str]) -> pl.Expr:
    """A column as delivered; null where the header lacks it."""
    return pl.col(column) if column in columns else pl.lit(None, pl.String)


def _applied(frame: pl.DataFrame, correction: Correction, concerned: pl.Series) -> pl.DataFrame:
    if correction.action == "drop":
        return frame.filter(~concerned)
    if correction.action == "flag":
        return frame
    delivered = _text(correction.column, frame.columns)
    if correction.action == "override":
        instead = pl.lit(correction.value or None, dtype=pl.String)
    else:
        instead = delivered.fill_null("").replace(dict(correction.codes))
        instead = pl.when(instead != "").then(instead)
    value = pl.when(pl.lit(concerned)).then(instead).otherwise(delivered)
    return frame.with_columns(value.alias(correction.column))
