"""From rows of text to values, persons, and the rules that some row breaks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from pipelines.intake.checks import Check, text, text_name
from pipelines.intake.distinct_texts import DistinctTexts, distinct_texts, trimmed
from pipelines.intake.identities import PERSON_ID
from pipelines.intake.identities_elsewhere import checks_of_other_column
from pipelines.intake.persons import read_persons
from pipelines.intake.row_rules import FILE, Circumstances, row_checks, unit_checks
from pipelines.intake.stored import list_keys
from pipelines.intake.text_table import LINE, WRONG_FIELD_COUNT
from pipelines.intake.values import reading
from schemas.column import Column
from schemas.contract import DeliveryContract

_REGION = "region_code"
_UNIT = "unit_id"
_LIST_NAME = "list_name"


@dataclass(frozen=True)
class ReadRows:
    """What was read from rows of text.

    `frame`: file, line, the values, what is kept of the person in the place of `person_id` and of
    the list in the place of `list_name`, and the answers to `broken`. `broken`: the checks that
    some row breaks, those of one rule in the order of the layout. `lists`: for listings list_key
    and comparable name of every list.
    """

    frame: pl.DataFrame
    broken: list[Check]
    lists: pl.DataFrame | None


def read_rows(
    rows: pl.DataFrame, contract: DeliveryContract, around: Circumstances, key: str
) -> ReadRows:
    """Read rows of text and put them to the rules.

    What has been read of them is not kept in memory, if whoever calls does not keep it.
    """
    reader = _Reader(rows, contract, around)
    del rows
    for column in contract.columns:
        if column.name != PERSON_ID:
            reader.read(column)
    if PERSON_ID in contract.column_names:
        reader.read_persons(key)
    reader.look_across()
    lists = reader.read_lists(key) if _LIST_NAME in contract.column_names else None
    return ReadRows(reader.frame, reader.broken, lists)


class _Reader:
    """Goes over the rows column by column; nothing is worked out twice for the same text."""

    def __init__(
        self, rows: pl.DataFrame, contract: DeliveryContract, around: Circumstances
    ) -> None:
        self._texts = {name: rows[name] for name in rows.columns if name in contract.column_names}
        self._file = rows[FILE]
        self._wrong_field_count = rows[WRONG_FIELD_COUNT]
        self._contract = contract
        self._around = around
        self._different: dict[str, DistinctTexts] = {}
        self.frame = rows.select(FILE, LINE)
        self.broken: list[Check] = []

    def read(self, column: Column) -> None:
        """The values of a column, and the checks of its texts and values."""
        different = distinct_texts(self._take(column.name))
        one = reading(column, self._contract.name)
        values = (
            different.texts.to_frame(text_name(column.name))
            .select(trimmed(text(column.name)))
            .with_columns(**one.values)
        )
        checks = [*one.checks, *checks_of_other_column(values, column)]
        self._ask(checks, values, different.to_rows)
        if column.name == _UNIT:
            self._ask_of_units(values, different)
        if column.name in (_UNIT, _LIST_NAME):
            self._different[column.name] = replace(different, texts=values[column.name])
        self.frame = self.frame.with_columns(
            different.to_rows(values[name]).alias(name) for name in one.values
        )

    def _ask_of_units(self, values: pl.DataFrame, different: DistinctTexts) -> None:
        """The checks of a unit in a region, once for every unit and region of the batch."""
        region = self._around.files[_REGION]
        of_regions = region.unique().sort().to_frame().join(values, how="cross")
        begins = (region.rank("dense") - 1) * values.height
        places = begins.gather(self._file) + different.places
        checks = unit_checks(self._contract, self._around)
        self._ask(checks, of_regions, lambda answers: answers.gather(places))

    def read_persons(self, key: str) -> None:
        """What is kept of the person, and the checks of the identity."""
        checks = reading(self._contract.column(PERSON_ID), self._contract.name).checks
        where = pl.col(_UNIT) if _UNIT in self.frame.columns else self._around.of_file(_REGION)
        rows = self.frame.select(where, self._take(PERSON_ID).alias(text_name(PERSON_ID)))
        persons, answers = read_persons(rows, self._contract, checks, key)
        self.frame = self.frame.with_columns(persons)
        former, self.broken = self.broken, []
        self._note(checks, answers)
        self.broken += former

    def read_lists(self, key: str) -> pl.DataFrame:
        """What is kept of the list in the place of its name, and the lists."""
        units, names = self._different[_UNIT], self._different[_LIST_NAME]
        list_key, lists = list_keys(units, names, key)
        self.frame = self.frame.drop(_LIST_NAME).with_columns(list_key)
        return lists

    def look_across(self) -> None:
        """The checks that look at several columns, or at the row as it was delivered."""
        rows = self.frame.with_columns(self._wrong_field_count)
        self._ask(row_checks(self._contract, self._around), rows, lambda answers: answers)

    def _ask(
        self,
        checks: Sequence[Check],
        values: pl.DataFrame,
        to_rows: Callable[[pl.Series], pl.Series],
    ) -> None:
        answers = values.select(each.breaks.alias(each.name) for each in checks)
        broken = [each for each in checks if answers[each.name].any()]
        self._note(broken, {each.name: to_rows(answers[each.name]) for each in broken})

    def _note(self, checks: Sequence[Check], answers: Mapping[str, pl.Series]) -> None:
        """Keep the answers of every row.

        A row with too many or few fields breaks that rule only: its values are not where they
        belong.
        """
        is_whole = ~self._wrong_field_count
        for each in checks:
            answer = answers[each.name]
            if each.rule != WRONG_FIELD_COUNT:
                answer = answer & is_whole
            if answer.any():
                self.frame = self.frame.with_columns(answer.alias(each.name))
                self.broken.append(each)

    def _take(self, name: str) -> pl.Series:
        """The text of a column, which is not needed twice; missing where the header lacks it."""
        if name in self._texts:
            return self._texts.pop(name)
        return pl.repeat(None, self._file.len(), dtype=pl.String, eager=True)
