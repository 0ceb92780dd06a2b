"""The tables of a package: the published figures arranged as every format renders them.

A table has an area, further dimensions, measures and a status. It is complete: every area has every
combination, so that a reader sees what is not there. Rows that the published file does not have
are those of regions that do not report, and are `not_reported`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import polars as pl

from pipelines.publication.request import words
from pipelines.publication.request.figures import RequestFigures
from pipelines.publication.request.words import Words
from schemas import codes
from schemas.regions import municipality_names, region_names

AREA_COLUMNS = ("reference_date", "level", "area_code", "area_name")


@dataclass(frozen=True)
class Dimension:
    """A breakdown: its column, what it is called, and the words of its codes in their order."""

    column: str
    title: Words
    codes: Mapping[str, Words]


@dataclass(frozen=True)
class Measure:
    """A column with numbers: what it is called, its unit, and how many decimals are shown.

    A `share` is 0–1 and shown as per cent.
    """

    column: str
    title: Words
    unit: Words
    decimals: int = 0
    share: bool = False

    @property
    def whole(self) -> bool:
        """Whether the values are counts."""
        return self.decimals == 0 and not self.share


@dataclass(frozen=True)
class RequestTable:
    """A table of the package.

    `rows` has AREA_COLUMNS, the dimensions, the measures, `texts` and status, one row for each area
    and combination, sorted by area code and the order of the codes. Measures and texts are missing
    in all but `ok`; where a measure is missing though the status is ok, it does not apply.
    `published` is the table of the published file that the rows come from, and `fixed` what all
    of them have in common there.
    """

    name: str
    title: Words
    published: str
    fixed: Mapping[str, str | int]
    dimensions: tuple[Dimension, ...]
    measures: tuple[Measure, ...]
    rows: pl.DataFrame
    texts: tuple[str, ...] = ()

    @property
    def key(self) -> list[str]:
        """The columns that tell the rows apart."""
        return ["area_code", *(each.column for each in self.dimensions)]

    @cached_property
    def areas(self) -> dict[str, str]:
        """Area code to what the area is called, in order; a unit without a name by its code."""
        named = self.rows.unique("area_code", maintain_order=True)
        return {
            code: name or code for code, name in named.select("area_code", "area_name").iter_rows()
        }

    @property
    def area_labels(self) -> dict[str, str]:
        """Area code to what the area is called where no other area may be called the same."""
        return {
            code: f"{name} ({code})" if level_of(code) == "unit" and name != code else name
            for code, name in self.areas.items()
        }

    @cached_property
    def cells(self) -> dict[tuple[str, ...], dict[str, object]]:
        """The rows by area code and codes of the dimensions, in order."""
        keys = self.rows.select(self.key).rows()
        return dict(zip(keys, self.rows.to_dicts(), strict=True))


PERSONS = Words("personer", "persons")
SHARE = Words("procent", "per cent")
INDEX = Words("index 0–1", "index 0–1")
FULL_TIME = Words("heltidstjänster", "full-time equivalents")
PER_FULL_TIME = Words("invånare per heltidstjänst", "inhabitants per full-time equivalent")

COVERAGE_MEASURES = (
    Measure("numerator", Words("Med fast läkarkontakt", "With a named physician"), PERSONS),
    Measure("denominator", Words("Personer", "Persons"), PERSONS),
    Measure("share", Words("Andel", "Share"), SHARE, 1, share=True),
    Measure("ci_low", Words("95 % KI, undre", "95 % CI, lower"), SHARE, 1, share=True),
    Measure("ci_high", Words("95 % KI, övre", "95 % CI, upper"), SHARE, 1, share=True),
)
CONTINUITY_MEASURES = (
    Measure("persons", Words("Personer", "Persons"), PERSONS),
    Measure("visits", Words("Besök", "Visits"), Words("besök", "visits")),
    Measure("mean", Words("Medelvärde", "Mean"), INDEX, 3),
    Measure("sd", Words("Standardavvikelse", "Standard deviation"), INDEX, 3),
    Measure("median", Words("Median", "Median"), INDEX, 3),
    Measure("ci_low", Words("95 % KI, undre", "95 % CI, lower"), INDEX, 3),
    Measure("ci_high", Words("95 % KI, övre", "95 % CI, upper"), INDEX, 3),
    Measure("pooled", Words("Sammanvägt", "Pooled"), INDEX, 3),
)
LOAD_MEASURES = (
    Measure("listed", Words("Listade", "Listed persons"), PERSONS),
    Measure("named", Words("Med fast läkarkontakt", "With a named physician"), PERSONS),
    Measure("fte_specialist", Words("Specialister", "Specialists"), FULL_TIME, 2),
    Measure("fte_st", Words("ST-läkare", "Physicians in specialist training"), FULL_TIME, 2),
    Measure(
        "guideline_specialist",
        Words("Riktvärde specialist", "Guideline value, specialist"),
        PER_FULL_TIME,
    ),
    Measure("guideline_st", Words("Riktvärde ST", "Guideline value, ST"), PER_FULL_TIME),
    Measure("capacity", Words("Kapacitet", "Capacity"), PERSONS, 1),
    Measure("load", Words("Belastning", "Load"), Words("kvot", "ratio"), 2),
    Measure(
        "specialists_short", Words("Specialister som saknas", "Specialists short"), FULL_TIME, 2
    ),
)
TARGET_MEASURES = (
    Measure("value", Words("Värde", "Value"), Words("andel eller index", "share or index"), 3),
    Measure("target", Words("Mål", "Target"), SHARE, 0, share=True),
    Measure("baseline_value", Words("Basvärde", "Baseline value"), INDEX, 3),
    Measure("relative_change", Words("Förändring", "Change"), SHARE, 1, share=True),
    Measure("change_ci_low", Words("95 % KI, undre", "95 % CI, lower"), SHARE, 1, share=True),
    Measure("change_ci_high", Words("95 % KI, övre", "95 % CI, upper"), SHARE, 1, share=True),
)
TARGET_TEXTS = ("met", "baseline_month", "comparable", "reason")

SOURCE = Dimension("source", Words("Källa", "Source"), words.SOURCES)
POPULATION = Dimension("population", Words("Population", "Population"), words.POPULATIONS)
DEFINITION = Dimension("definition", Words("Definition", "Definition"), words.DEFINITIONS)
SEX = Dimension("sex", Words("Kön", "Sex"), words.SEXES)
SERIES = Dimension("series", Words("Serie", "Series"), words.SERIES)

NATION_AND_REGIONS = {codes.NATION: "Riket"} | region_names()


def request_tables(figures: RequestFigures) -> dict[str, RequestTable]:
    """The tables by name, in the order of the package."""
    made = [
        sabo_residents(figures),
        coverage(figures),
        coverage_of_municipalities(figures),
        continuity(figures),
        list_load(figures),
        list_load_of_units(figures),
        target_status(figures),
    ]
    return {table.name: table for table in made}


def sabo_residents(figures: RequestFigures) -> RequestTable:
    """Persons with hemsjukvård särskilt boende för äldre, by area and source of the marking."""
    return _table(
        figures,
        "sabo_residents",
        Words(
            "Patienter med hemsjukvård särskilt boende för äldre, efter källa",
            "Patients with hemsjukvård särskilt boende för äldre, by source",
        ),
        "care_markings",
        {"setting": "sabo"},
        (SOURCE,),
        (Measure("persons", Words("Patienter", "Patients"), PERSONS),),
        NATION_AND_REGIONS | municipality_names(),
    )


def coverage(figures: RequestFigures) -> RequestTable:
    """Coverage of nation and regions, by population, definition and sex."""
    return _table(
        figures,
        "coverage",
        Words(
            "Andel med fast läkarkontakt, riket och regioner",
            "Share with a named physician, nation and regions",
        ),
        "coverage",
        {"age_group": "all"},
        (POPULATION, DEFINITION, SEX),
        COVERAGE_MEASURES,
        NATION_AND_REGIONS,
    )


def coverage_of_municipalities(figures: RequestFigures) -> RequestTable:
    """Coverage of municipalities, of inhabitants and SÄBO residents, by definition."""
    populations = {name: words.POPULATIONS[name] for name in ("inhabitants", "sabo")}
    return _table(
        figures,
        "coverage_municipalities",
        Words(
            "Andel med fast läkarkontakt, kommuner",
            "Share with a named physician, municipalities",
        ),
        "coverage",
        {"age_group": "all", "sex": "all"},
        (Dimension("population", POPULATION.title, populations), DEFINITION),
        COVERAGE_MEASURES,
        municipality_names(),
    )


def continuity(figures: RequestFigures) -> RequestTable:
    """COC of nation and regions, by population, series and sex."""
    populations = {name: words.POPULATIONS[name] for name in ("listed", "sabo")}
    return _table(
        figures,
        "continuity",
        Words(
            "Kontinuitetsindex (COC), egna enheten, 18 månader, minst 3 besök",
            "Continuity index (COC), unit of listing, 18 months, at least 3 visits",
        ),
        "continuity",
        {
            "unit_scope": "own_unit",
            "window_months": 18,
            "min_visits": 3,
            "index": "COC",
            "age_group": "all",
        },
        (Dimension("population", POPULATION.title, populations), SERIES, SEX),
        CONTINUITY_MEASURES,
        NATION_AND_REGIONS,
    )


def list_load(figures: RequestFigures) -> RequestTable:
    """List load of nation and regions."""
    return _table(
        figures,
        "list_load",
        Words("Listbelastning, riket och regioner", "List load, nation and regions"),
        "list_load",
        {},
        (),
        LOAD_MEASURES,
        NATION_AND_REGIONS,
    )


def list_load_of_units(figures: RequestFigures) -> RequestTable:
    """List load of health centres."""
    units = figures.tables["list_load"].filter(pl.col("level") == "unit").sort("area_code")
    return _table(
        figures,
        "list_load_units",
        Words("Listbelastning, vårdcentraler", "List load, health centres"),
        "list_load",
        {},
        (),
        LOAD_MEASURES,
        dict(units.select("area_code", "area_name").iter_rows()),
    )


def target_status(figures: RequestFigures) -> RequestTable:
    """Every target in force held against its figure, of nation and regions."""
    in_force = figures.tables["target_status"]["target_id"].unique().to_list()
    titles = {
        target_id: Words(title, TARGETS_EN.get(target_id, title))
        for target_id, title in figures.tables["targets"].select("target_id", "title").iter_rows()
        if target_id in in_force
    }
    in_order = {name: titles[name] for name in [*TARGETS_EN, *titles] if name in titles}
    days = pl.col("area_code").replace_strict(
        figures.reference_dates, default=None, return_dtype=pl.Date
    )
    return arranged(
        "target_status",
        Words("Måluppfyllelse, riket och regioner", "Targets, nation and regions"),
        "target_status",
        {},
        (Dimension("target_id", Words("Mål", "Target"), in_order),),
        TARGET_MEASURES,
        NATION_AND_REGIONS,
        figures.tables["target_status"].with_columns(reference_date=days),
        TARGET_TEXTS,
    )


TARGETS_EN: Mapping[str, str] = {
    "coverage_inhabitants": "At least 55 per cent of the population have a named physician",
    "coverage_sabo": "At least 80 per cent of SÄBO residents have a named physician",
    "continuity_physician": "The index of continuity with physicians grows by 20 per cent",
    "continuity_all_professions": "The index of the patient's total contacts grows by 20 per cent",
    "continuity_sabo_physician": "Considerable growth of the index with physicians in SÄBO",
}
"""The national targets in English, in the order of the package."""


def _table(
    figures: RequestFigures,
    name: str,
    title: Words,
    published: str,
    fixed: Mapping[str, str | int],
    dimensions: tuple[Dimension, ...],
    measures: tuple[Measure, ...],
    areas: Mapping[str, str | None],
) -> RequestTable:
    """The rows of a published table that have what is fixed."""
    found = figures.tables[published]
    for column, code in fixed.items():
        found = found.filter(pl.col(column) == code)
    return arranged(name, title, published, fixed, dimensions, measures, areas, found)


def arranged(
    name: str,
    title: Words,
    published: str,
    fixed: Mapping[str, str | int],
    dimensions: tuple[Dimension, ...],
    measures: tuple[Measure, ...],
    areas: Mapping[str, str | None],
    found: pl.DataFrame,
    texts: tuple[str, ...] = (),
) -> RequestTable:
    """The table of these areas and codes: the rows found, and those missing as not reported."""
    by = [each.column for each in dimensions]
    values = [*(each.column for each in measures), *texts]
    key = ["area_code", *by]
    found = found.select(*key, "reference_date", *values, "status")
    complete = (
        _combinations(areas, dimensions)
        .join(found, on=key, how="left", validate="1:1")
        .with_columns(pl.col("status").fill_null("not_reported"))
        .sort("place")
        .select(*AREA_COLUMNS, *by, *values, "status")
    )
    return RequestTable(name, title, published, fixed, dimensions, measures, complete, texts)


def _combinations(areas: Mapping[str, str | None], dimensions: Sequence[Dimension]) -> pl.DataFrame:
    lists: list[Iterable[str]] = [sorted(areas), *(each.codes for each in dimensions)]
    rows = [
        (level_of(combination[0]), areas[combination[0]], *combination)
        for combination in product(*lists)
    ]
    names = ["level", "area_name", "area_code", *(each.column for each in dimensions)]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String()), orient="row")
    return frame.with_row_index("place")


def level_of(area_code: str) -> str:
    """The level that an area's code belongs to."""
    if area_code == codes.NATION:
        return "nation"
    return {2: "region", 4: "municipality"}.get(len(area_code), "unit")
