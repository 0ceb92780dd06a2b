"""The contracts of the register tables: what explains the published figures.

The registers stand beside the statistics in the published file. How they are filled is in
`pipelines/publication/registers.py`; the `indicators` view is rendered in
`pipelines/publication/indicators_view.py`.
"""

from collections.abc import Mapping

from schemas import codes
from schemas.column import Column, Kind
from schemas.columns import (
    AREA_CODE,
    CI_HIGH,
    CI_LOW,
    LEVEL,
    MONTH,
    MUNICIPALITY,
    REGION_CODE,
    STATUS,
    UNIT_ID,
    VALID_FROM,
    VALID_TO,
)
from schemas.contract import TableContract
from schemas.deliveries import OPERATOR, UNIT_NAME
from schemas.statistics import PUBLISHED
from schemas.targets import KINDS

INDICATOR = Column(
    "indicator",
    Kind.CODE,
    "Id of the indicator, such as coverage.inhabitants.national.share. It never changes meaning "
    "without a new definition hash.",
    "Indikator",
)
DEFINITION_HASH = Column(
    "definition_hash",
    Kind.CODE,
    "First 16 hexadecimal digits of the SHA-256 of everything that decides the value. Figures "
    "may be compared over time only where it is the same.",
    "Definitionens kontrollsumma",
)
ABSENT = "absent"
TABLE_NAME = Column("table_name", Kind.CODE, "Name of the table or view.", "Tabell")


def _text(name: str, description: str, label: str, *, required: bool = True) -> Column:
    return Column(name, Kind.TEXT, description, label, required=required)


def _parameter(name: str, description: str, label: str, kind: Kind = Kind.CODE) -> Column:
    return Column(
        name, kind, description + " Missing where it does not apply.", label, required=False
    )


PARAMETERS = (
    _parameter("population", "Whom the indicator is about.", "Population"),
    _parameter("definition", "Who counts as named physician.", "Definition"),
    _parameter("rule_set", "Rule set for who counts as named physician.", "Regelverk"),
    _parameter("series", "Series of visits.", "Serie"),
    _parameter("unit_scope", "At which units the visits are.", "Enhetsomfång"),
    _parameter(
        "window_months", "Length of the window, in months.", "Fönster", Kind.WHOLE_NUMBER
    ).with_(unit="months"),
    _parameter(
        "min_visits",
        "Fewest visits for a person to be counted.",
        "Minsta antal besök",
        Kind.WHOLE_NUMBER,
    ).with_(unit="visits"),
    _parameter("index", "Continuity index.", "Index"),
    _parameter("kind", "Kind of list or of fixed contact.", "Typ"),
    _parameter("setting", "Form of municipal care.", "Vårdform"),
    _parameter(
        "marking_source",
        "Source of the marking (the column source of care_markings).",
        "Markeringens källa",
    ),
    _parameter("target_id", "The target that a change is held against.", "Mål-id"),
    _parameter("delivery", "The delivery whose quality is measured.", "Leverans"),
    _parameter("metric", "Measure of data quality.", "Kvalitetsmått"),
)

IN_WORDS: Mapping[str, str] = {
    "population_description": "Om populationen",
    "numerator": "Täljare",
    "denominator": "Nämnare",
    "weighting": "Viktning",
    "interval_method": "Intervallmetod",
    "unit": "Enhet",
    "interpretation": "Tolkning",
    "limitations": "Begränsningar",
    "source": "Källa",
}
"""Columns of `definitions` whose Swedish stands beside in a column named `…_sv`; their labels."""


def _in_words(name: str, description: str, *, required: bool = True) -> Column:
    return _text(name, description, IN_WORDS[name], required=required)


DEFINITIONS = TableContract(
    name="definitions",
    title="Definitioner",
    grain="An indicator and the months over which its definition was the same.",
    description="Every published indicator: what it is, what decides its value, and in which "
    "months the figures were made so. It joins the tables by table_name and the parameters.",
    key=("indicator", "from_month"),
    columns=(
        INDICATOR,
        Column(
            "version",
            Kind.WHOLE_NUMBER,
            "Version of the computation; raised when the code that computes the value changes.",
            "Version",
            minimum=1,
        ),
        DEFINITION_HASH,
        MONTH.with_(
            name="from_month",
            description="First month, YYYY-MM, whose figures were made by this definition.",
            label="Från månad",
        ),
        MONTH.with_(
            name="to_month",
            description="Last month, YYYY-MM, whose figures were made by this definition.",
            label="Till månad",
        ),
        _text("name_sv", "Name in Swedish.", "Namn på svenska"),
        _text("name_en", "Name in English.", "Namn på engelska"),
        TABLE_NAME.with_(description="The table that holds the value."),
        _text("value_column", "The column that holds the value.", "Värdekolumn"),
        *PARAMETERS,
        _in_words("population_description", "Whom the figure is about, in words."),
        _in_words("numerator", "The numerator; missing where there is none.", required=False),
        _in_words(
            "denominator",
            "The denominator; for a mean the persons. Missing where there is none.",
            required=False,
        ),
        _text(
            "professions",
            "Professions whose contacts count, joined by |; missing where no contacts are counted.",
            "Yrkeskategorier",
            required=False,
        ),
        _text(
            "contact_types",
            "Contact types that count, joined by |; missing where no contacts are counted.",
            "Kontakttyper",
            required=False,
        ),
        _in_words("weighting", "What weighs equally in the figure."),
        _in_words(
            "interval_method",
            "How the interval is computed; missing where there is none.",
            required=False,
        ),
        _in_words("unit", "Unit of the value."),
        _in_words("interpretation", "How to read the figure."),
        _in_words("limitations", "What the figure does not say."),
        _in_words("source", "Where the definition comes from."),
        _text(
            "decided_by",
            "Everything that decides the value, as JSON with sorted keys: parameters, code lists, "
            "rule sets, guideline values. Its SHA-256 begins with definition_hash.",
            "Bestäms av",
        ),
        *(
            _text(
                f"{name}_sv",
                f"The same as {name}, in Swedish. Missing where {name} is, and of months that were "
                "made before there were Swedish texts.",
                f"{label}, på svenska",
                required=False,
            )
            for name, label in IN_WORDS.items()
        ),
    ),
)

REGIONS = TableContract(
    name="regions",
    title="Regioner",
    grain="A region.",
    description="The 21 regions.",
    key=("region_code",),
    columns=(
        REGION_CODE,
        Column("region_name", Kind.TEXT, "Name of the county.", "Regionens namn", source="SCB"),
    ),
    source="SCB",
)

MUNICIPALITIES = TableContract(
    name="municipalities",
    title="Kommuner",
    grain="A municipality.",
    description="The 290 municipalities and the region that each lies in.",
    key=("municipality",),
    columns=(
        MUNICIPALITY,
        Column("municipality_name", Kind.TEXT, "Name of the municipality.", "Kommun", source="SCB"),
        REGION_CODE,
    ),
    source="SCB",
)

UNITS = TableContract(
    name="units",
    title="Enheter",
    grain="A region's unit that is in force.",
    description="The regions' units (health centres) in force on the region's newest reference "
    "date, from the newest accepted units snapshot.",
    key=("region_code", "unit_id"),
    columns=(
        REGION_CODE,
        UNIT_ID,
        UNIT_NAME,
        MUNICIPALITY,
        OPERATOR,
        VALID_FROM,
        VALID_TO,
    ),
    source="The regions' deliveries",
)

DICTIONARY = TableContract(
    name="dictionary",
    title="Datakatalog",
    grain="A column of a published table or view.",
    description="Every column of every table and view of this file, with description and unit.",
    key=("table_name", "position"),
    columns=(
        TABLE_NAME,
        _text("column_name", "Name of the column.", "Kolumn"),
        Column("position", Kind.WHOLE_NUMBER, "Place of the column, from 1.", "Plats", minimum=1),
        _text("type", "Type in DuckDB.", "Datatyp"),
        _text("description", "What the column means.", "Beskrivning"),
        _text("label", "Swedish label.", "Svensk etikett"),
        _text("unit", "Unit; missing where there is none.", "Enhet", required=False),
        _text("source", "Source; missing where it is the deliveries.", "Källa", required=False),
        _text(
            "codes",
            "Values that the column may hold, joined by |; missing where not limited.",
            "Koder",
            required=False,
        ),
        Column("required", Kind.TRUTH, "The column is never missing.", "Obligatorisk"),
        Column("is_key", Kind.TRUTH, "The column is part of the table's key.", "Nyckel"),
        _text("description_sv", "The same as description, in Swedish.", "Beskrivning, på svenska"),
        _text("unit_sv", "The same as unit, in Swedish.", "Enhet, på svenska", required=False),
    ),
)

RELEASE_INFO = TableContract(
    name="release_info",
    title="Om utgåvan",
    grain="A fact about this file.",
    description="What this file is: release, time, code version, months, settings.",
    key=("name",),
    columns=(
        _text("name", "Name of the fact.", "Uppgift"),
        _text("value", "Its value as text.", "Värde"),
        _text("description", "What it means.", "Beskrivning"),
    ),
)

RELEASE_FACTS = {
    "release_id": "Id of the release.",
    "created_at": "When the file was made (UTC).",
    "code_version": "Version of the code that made the figures.",
    "months": "The months whose figures the file holds, joined by a comma.",
    "duckdb_version": "Version of DuckDB that wrote the file.",
    "storage_version": "Oldest DuckDB that can read the file.",
    "disclosure_threshold": "No number of persons above 0 and below this is published.",
    "disclosure_method": "How numbers are protected, where it is not by suppression: perturbation "
    "publishes them with noise.",
    "disclosure_rules": "The rules of disclosure control in force.",
    "engine": "Engine that computed the figures.",
    "previous_release": "Id of the release before; empty for the first.",
    "code_fingerprint": "Hash over all code and settings that made the file.",
    "changed_values": "How many values differ of those that the previous release holds too.",
    "unapproved_figures": "How many rows of moved_figures nobody has approved yet.",
    "regions_dropped_out": "Regions that reported in the month before the newest, but not in it.",
    "correction": "Why figures were corrected, where this release was published as a correction.",
}

TABLE_COLUMN = Column("column_name", Kind.CODE, "The value's column in the table.", "Kolumn")
OF_A_CHANGE = (
    TABLE_NAME.with_(description="The table of the figure."),
    MONTH,
    LEVEL.optional().with_(description="Level of the area; missing where the table has none."),
    AREA_CODE,
    _text(
        "dimensions",
        "The rest of the row's key as name=value joined by a semicolon, in the order of the "
        "table's key; empty where there is none.",
        "Indelning",
    ),
    TABLE_COLUMN,
)
CHANGES = TableContract(
    name="changes",
    title="Ändrade uppgifter",
    grain="A published value that differs from the previous release's.",
    description="Every value of a month that both releases hold which is not the same. A row that "
    "one of them lacks has the status absent there.",
    key=tuple(column.name for column in OF_A_CHANGE),
    columns=(
        *OF_A_CHANGE,
        Column("value_before", Kind.DECIMAL, "In the previous release.", "Före").optional(),
        Column("value_after", Kind.DECIMAL, "In this release.", "Efter").optional(),
        Column("difference", Kind.DECIMAL, "value_after − value_before.", "Skillnad").optional(),
        STATUS.with_(
            name="status_before",
            codes=(*codes.STATUSES, ABSENT),
            description="The row's status in the previous release; ok where the table has none.",
            label="Status före",
        ),
        STATUS.with_(
            name="status_after",
            codes=(*codes.STATUSES, ABSENT),
            description="The row's status in this release; ok where the table has none.",
            label="Status efter",
        ),
        _text(
            "reason",
            "What has changed that may explain it, joined by |: definition, new_delivery, "
            "correction (of a delivery, or of figures), disclosure (settings, or what else had to "
            "be hidden), computation (the code, with the same definitions).",
            "Orsak",
        ),
    ),
)
"""The difference between two releases: a file of the later release, no table of the DuckDB file."""

REVISIONS = TableContract(
    name="revisions",
    title="Reviderade uppgifter",
    grain="A figure, and a correction that changed it.",
    description="Published figures that a release changed which was published as a correction "
    "(flk publish --correction), of this release and of those before.",
    key=(*CHANGES.key, "revised_on", "correction"),
    columns=(
        *CHANGES.columns,
        Column("revised_on", Kind.DATE, "Day of the correction.", "Reviderad"),
        _text("correction", "Why, in the words of those who corrected.", "Rättelse"),
    ),
)

CORRECTIONS = TableContract(
    name="corrections",
    title="Rättelser",
    grain="A release that was published as a correction.",
    description="Every correction so far (flk publish --correction), this release's too, also "
    "where it changed no value. The values that it changed stand in revisions.",
    key=("corrected_on", "release_before"),
    columns=(
        Column("corrected_on", Kind.DATE, "Day of the correction.", "Rättad"),
        _text(
            "release_before",
            "The release that was corrected: the correction was published as the one after it. "
            "Empty where there was none.",
            "Utgåva före",
        ),
        _text("correction", "Why, in the words of those who corrected.", "Rättelse"),
    ),
)

INDICATORS_VIEW = TableContract(
    name="indicators",
    title="Alla indikatorer",
    grain="A published value.",
    description="One long view of every published value, each with the hash of its definition. "
    "What the indicator is stands in definitions.",
    key=("indicator", "month", "level", "area_code", "dimensions"),
    columns=(
        INDICATOR,
        DEFINITION_HASH,
        MONTH,
        LEVEL,
        AREA_CODE,
        _text(
            "dimensions",
            "The breakdown as name=value joined by a semicolon, always in the same order, such as "
            "sex=all;age_group=all; empty where the indicator has none.",
            "Indelning",
        ),
        Column("value", Kind.DECIMAL, "The value.", "Värde", unit="see definitions").optional(),
        Column(
            "numerator",
            Kind.DECIMAL,
            "Numerator of a share or ratio; missing for a mean, median or count.",
            "Täljare",
        ).optional(),
        Column(
            "denominator",
            Kind.DECIMAL,
            "Denominator of a share or ratio; for a mean the persons; missing otherwise.",
            "Nämnare",
        ).optional(),
        CI_LOW,
        CI_HIGH,
        STATUS,
    ),
)

MOVED_FIGURES = TableContract(
    name="moved_figures",
    title="Uppgifter som ändrats ovanligt mycket",
    grain="A main figure and what it is compared with.",
    description="Main figures of the nation and the regions that changed more than their history "
    "makes likely, since the month before or since the release before. They are published; a "
    "person is to look at them and approve (flk publish --approve).",
    key=(
        "month",
        "table_name",
        "level",
        "area_code",
        "dimensions",
        "column_name",
        "compared_with",
    ),
    columns=(
        MONTH,
        TABLE_NAME.with_(description="The table of the figure."),
        LEVEL,
        AREA_CODE,
        _text("dimensions", "Which figure of the table, as name=value.", "Indelning"),
        TABLE_COLUMN,
        Column(
            "compared_with",
            Kind.CODE,
            "previous_month, or previous_release (the same month, as it was published before).",
            "Jämfört med",
            codes=("previous_month", "previous_release"),
        ),
        Column("value_before", Kind.DECIMAL, "What it was.", "Före"),
        Column("value", Kind.DECIMAL, "What it is.", "Värde"),
        Column(
            "change",
            Kind.DECIMAL,
            "value − value_before of shares and indices; of counts and ratios relative to "
            "value_before (1 where that was 0).",
            "Ändring",
        ),
        Column("limit", Kind.DECIMAL, "Larger changes are listed.", "Gräns"),
        Column(
            "rule",
            Kind.CODE,
            "What the limit comes from: history (earlier changes), interval, or smallest (3 "
            "percentage points; 10 per cent of counts and ratios).",
            "Regel",
            codes=("history", "interval", "smallest"),
        ),
        Column("approved", Kind.TRUTH, "Somebody has looked at it and approved.", "Godkänd"),
    ),
)

INFORMATION_LOST = TableContract(
    name="information_lost",
    title="Förlorad information",
    grain="A month, table and level.",
    description="What disclosure control hides of every table of statistics: rows, and the share "
    "of the persons counted in them. Tables of targets are made from the published ones and are "
    "left out.",
    key=("month", "table_name", "level"),
    columns=(
        MONTH,
        TABLE_NAME.with_(description="The table of the rows."),
        LEVEL,
        Column(
            "cells",
            Kind.WHOLE_NUMBER,
            "Rows that had values before disclosure control; neither not_reported nor undefined.",
            "Celler",
            unit="rows",
            minimum=0,
        ),
        Column(
            "suppressed",
            Kind.WHOLE_NUMBER,
            "Of these rows, those that are suppressed.",
            "Dolda celler",
            unit="rows",
            minimum=0,
        ),
        Column(
            "persons_suppressed_percent",
            Kind.WHOLE_NUMBER,
            "Of the persons counted in the rows, those counted in suppressed rows, rounded to the "
            "nearest 5 per cent; a person counts in every row that they are in. Only series whose "
            "row of the nation, for both sexes and all ages, is published. Missing when fewer than "
            "1,000 are counted in all, for definition_comparison and for data_quality.",
            "Andel personer i dolda celler",
            unit="per cent",
            required=False,
            minimum=0,
            maximum=100,
        ),
        Column(
            "numbers_changed_percent",
            Kind.WHOLE_NUMBER,
            "Of the numbers of persons in the published rows, those that noise has changed, "
            "rounded to the nearest 5 per cent. Missing where numbers have no noise (see "
            "disclosure_method in release_info), and where fewer than 100 are above 0.",
            "Andel ändrade antal",
            unit="per cent",
            required=False,
            minimum=0,
            maximum=100,
        ),
        Column(
            "mean_deviation",
            Kind.DECIMAL,
            "How far these numbers are from the true ones: the mean of the absolute deviations, to "
            "one decimal. Missing where numbers_changed_percent is.",
            "Medelavvikelse",
            unit="persons",
            required=False,
            minimum=0,
        ),
    ),
)

TARGETS = TableContract(
    name="targets",
    title="Mål",
    grain="A target.",
    description="The goals that figures are held against, with validity and source.",
    key=("target_id",),
    columns=(
        Column("target_id", Kind.CODE, "Id of the target.", "Mål-id"),
        _text("title", "The target in Swedish words.", "Mål"),
        Column(
            "kind",
            Kind.CODE,
            "at_least: the value itself; relative_increase: the change against the baseline month "
            "relative to it (0.20 is 20 per cent, not percentage points); increase: any increase "
            "whose interval lies above 0.",
            "Typ av mål",
            codes=KINDS,
        ),
        INDICATOR.with_(description="The indicator that the target is about."),
        Column(
            "target",
            Kind.DECIMAL,
            "The target as a share; missing where no number is set.",
            "Målvärde",
            unit="share",
            required=False,
        ),
        MONTH.with_(
            name="baseline_month",
            required=False,
            description="The month, YYYY-MM, that a change is counted from; missing where that is "
            "the earliest month made, and for at_least.",
            label="Basmånad",
        ),
        VALID_FROM,
        VALID_TO,
        _text("source", "Where the target is decided.", "Källa"),
    ),
)

GUIDELINES = TableContract(
    name="guidelines",
    title="Riktvärden",
    grain="A region (00 for the nation) and the day that a guideline value begins to hold.",
    description="Guideline values for listed inhabitants per full-time physician, until the same "
    "region's next. A region without a row of its own follows the nation's.",
    key=("region_code", "valid_from"),
    columns=(
        REGION_CODE.with_(description="Two-digit county code; 00 for the national value."),
        VALID_FROM,
        Column(
            "guideline_specialist",
            Kind.WHOLE_NUMBER,
            "Inhabitants per full-time specialist.",
            "Riktvärde specialist",
            unit="inhabitants per full-time equivalent",
        ),
        Column(
            "guideline_st",
            Kind.WHOLE_NUMBER,
            "Inhabitants per full-time ST in allmänmedicin; missing where the national value "
            "holds.",
            "Riktvärde ST",
            unit="inhabitants per full-time equivalent",
            required=False,
        ),
        _text("source", "Where the value is decided.", "Källa"),
    ),
)

REGISTERS = (
    DEFINITIONS,
    TARGETS,
    GUIDELINES,
    REGIONS,
    MUNICIPALITIES,
    UNITS,
    DICTIONARY,
    CORRECTIONS,
    REVISIONS,
    MOVED_FIGURES,
    INFORMATION_LOST,
    RELEASE_INFO,
)
PUBLISHED_TABLES = (*PUBLISHED, *REGISTERS)


def published_table(name: str) -> TableContract:
    """The published statistics or register table of that name; KeyError when there is none."""
    return {contract.name: contract for contract in PUBLISHED_TABLES}[name]
