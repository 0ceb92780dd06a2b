"""The register tables: what explains the published figures, as frames of their contracts.

Their contracts are in `schemas/registers.py`; the data comes from the loaders in `schemas` and
is passed in.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

import polars as pl

from pipelines.publication.duckdb_sql import DUCKDB_TYPES
from schemas.contract import TableContract
from schemas.dictionary_sv import column_in_swedish, unit_in_swedish
from schemas.disclosure_rules import columns_with_noise
from schemas.guidelines import Guideline
from schemas.indicator_registry import Indicator, indicator_of
from schemas.regions import municipality_names, region_names, region_of
from schemas.registers import (
    DEFINITIONS,
    DICTIONARY,
    GUIDELINES,
    IN_WORDS,
    INDICATORS_VIEW,
    MUNICIPALITIES,
    PARAMETERS,
    PUBLISHED_TABLES,
    REGIONS,
    RELEASE_FACTS,
    RELEASE_INFO,
    TARGETS,
    UNITS,
)
from schemas.sentences import in_swedish, sentence
from schemas.targets import Target


def definitions_of_month(month: str, indicators: Iterable[Indicator]) -> pl.DataFrame:
    """The registry as the figures of one month were made by it.

    Rows of `definitions` with from_month = to_month = `month`. Keep them beside the month's
    figures: they are what the figures mean, whatever the registry says later.
    """
    return _frame(
        DEFINITIONS,
        (
            {
                "indicator": each.indicator,
                "version": each.version,
                "definition_hash": each.definition_hash,
                "from_month": month,
                "to_month": month,
                "name_sv": each.swedish.name,
                "name_en": each.english.name,
                "table_name": each.value.table,
                "value_column": each.value.column,
                **{column.name: each.parameters.get(column.name) for column in PARAMETERS},
                **_words_of(each),
                "professions": each.professions,
                "contact_types": each.contact_types,
                "decided_by": each.decided_by,
            }
            for each in indicators
        ),
    )


def _words_of(indicator: Indicator) -> dict[str, str | None]:
    """The columns of `definitions` in words, in English and, as `…_sv`, in Swedish."""
    return {
        column: getattr(texts, name)
        for name in IN_WORDS
        for column, texts in ((name, indicator.english), (f"{name}_sv", indicator.swedish))
    }


def definitions(of_months: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The table `definitions` from those of single months (`definitions_of_month`).

    Months that follow each other with the same hash become one row, with the texts of the newest;
    a month that was never made does not interrupt them.
    """
    single = pl.concat([DEFINITIONS.empty(), *of_months]).sort("indicator", "from_month")
    months = single["from_month"].unique().sort()
    place = pl.col("from_month").replace_strict(months, range(len(months)), return_dtype=pl.Int64)
    same = (
        (pl.col("definition_hash") == pl.col("definition_hash").shift())
        & (pl.col("place") == pl.col("place").shift() + 1)
    ).over("indicator")
    runs = single.with_columns(place=place).with_columns(
        run=(~same.fill_null(False)).cum_sum().over("indicator")
    )
    return (
        runs.group_by("indicator", "run")
        .agg(
            pl.col("from_month").min(),
            pl.all().exclude("from_month", "place").last(),
        )
        .select(DEFINITIONS.column_names)
        .sort(DEFINITIONS.key)
    )


def targets_register(targets: Iterable[Target]) -> pl.DataFrame:
    """The table `targets`."""
    return _frame(
        TARGETS,
        (
            {
                "target_id": each.target_id,
                "title": each.title,
                "kind": each.kind,
                "indicator": indicator_of(each.table, each.column, each.where),
                "target": each.target,
                "baseline_month": each.baseline_month,
                "valid_from": each.valid_from,
                "valid_to": each.valid_to,
                "source": each.source,
            }
            for each in targets
        ),
    )


def guidelines_register(guidelines: Iterable[Guideline]) -> pl.DataFrame:
    """The table `guidelines`."""
    return _frame(
        GUIDELINES,
        (
            {
                "region_code": each.region_code,
                "valid_from": each.valid_from,
                "guideline_specialist": each.guideline_specialist,
                "guideline_st": each.guideline_st,
                "source": each.source,
            }
            for each in guidelines
        ),
    )


def regions_register() -> pl.DataFrame:
    """The table `regions`: all 21."""
    return _frame(
        REGIONS,
        ({"region_code": code, "region_name": name} for code, name in region_names().items()),
    )


def municipalities_register() -> pl.DataFrame:
    """The table `municipalities`: all 290."""
    return _frame(
        MUNICIPALITIES,
        (
            {"municipality": code, "municipality_name": name, "region_code": region_of(code)}
            for code, name in municipality_names().items()
        ),
    )


def units_register(
    snapshots: Mapping[str, pl.DataFrame], reference_dates: Mapping[str, date]
) -> pl.DataFrame:
    """The table `units`: per region the units in force on its reference date.

    `snapshots` are stored units snapshots by region code. A region without a snapshot or a
    reference date has no units here. Of several rows in force of a unit, the one with the latest
    valid_from counts.
    """
    in_force = [
        snapshot.filter(
            (pl.col("valid_from") <= reference_dates[region])
            & (pl.col("valid_to").is_null() | (pl.col("valid_to") >= reference_dates[region]))
        )
        .sort("valid_from")
        .unique("unit_id", keep="last")
        .with_columns(region_code=pl.lit(region))
        .select(UNITS.column_names)
        for region, snapshot in snapshots.items()
        if region in reference_dates
    ]
    return pl.concat([UNITS.empty(), *in_force]).sort(UNITS.key)


def dictionary_register(tables: Collection[str], *, is_perturbed: bool = False) -> pl.DataFrame:
    """The table `dictionary` for a file with these tables, itself and the view included.

    Where `is_perturbed`, the columns whose values have noise say so.
    """
    rows = _frame(
        DICTIONARY,
        (row for contract in described_tables(tables) for row in _dictionary_rows(contract)),
    )
    if not is_perturbed:
        return rows
    has_noise = pl.struct("table_name", "column_name").is_in(
        [{"table_name": table, "column_name": column} for table, column in columns_with_noise()]
    )
    told = {"description": sentence("noise"), "description_sv": in_swedish(sentence("noise"))}
    return rows.with_columns(
        pl.when(has_noise).then(pl.concat_str(name, pl.lit(f" {text}"))).otherwise(name).alias(name)
        for name, text in told.items()
    )


def described_tables(tables: Collection[str]) -> list[TableContract]:
    """The contracts of the tables, `dictionary` and the view, in the order of the file."""
    names = {*tables, DICTIONARY.name}
    return [
        *(contract for contract in PUBLISHED_TABLES if contract.name in names),
        *([INDICATORS_VIEW] if DEFINITIONS.name in names else []),
    ]


def release_info_register(facts: Mapping[str, str]) -> pl.DataFrame:
    """The table `release_info`.

    Raises ValueError for a fact that `schemas.registers.RELEASE_FACTS` does not describe.
    """
    if unknown := sorted(set(facts) - set(RELEASE_FACTS)):
        raise ValueError(f"RELEASE_FACTS does not describe {', '.join(unknown)}.")
    return _frame(
        RELEASE_INFO,
        (
            {"name": name, "value": value, "description": RELEASE_FACTS[name]}
            for name, value in facts.items()
        ),
    )


def _dictionary_rows(contract: TableContract) -> Iterable[dict[str, object]]:
    for position, column in enumerate(contract.columns, start=1):
        yield {
            "table_name": contract.name,
            "column_name": column.name,
            "position": position,
            "type": DUCKDB_TYPES[column.kind],
            "description": column.description,
            "label": column.label,
            "unit": column.unit or None,
            "source": column.source or None,
            "codes": "|".join(column.codes) or None,
            "required": column.required,
            "is_key": column.name in contract.key,
            "description_sv": column_in_swedish(contract.name, column.name),
            "unit_sv": unit_in_swedish(column.unit) if column.unit else None,
        }


def _frame(contract: TableContract, rows: Iterable[Mapping[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=contract.polars_schema()).sort(contract.key)
