"""The registry of indicators: every published value, what decides it, and what it means.

Which columns are values is in `indicator_registry_values.py`, the texts in
`indicator_registry.toml`. Here stand what decides each value and the hash over it: parameters,
code lists, rule sets and guideline values, never texts. How the values are computed is in
`pipelines/indicators`; whoever changes that raises the version in the TOML file.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any, Literal

from schemas import codes
from schemas.comparability import Comparability, comparability
from schemas.guidelines import Guideline, guidelines
from schemas.indicator_registry_values import PUBLISHED_VALUES, PublishedValue, values_of
from schemas.quality_metrics import QualityMetric, quality_metrics
from schemas.rule_sets import NATIONAL, REPORTED, RuleSet, RuleSets, rule_sets
from schemas.targets import Target, targets
from schemas.variants import Variant, variants

HASH_LENGTH = 16
Language = Literal["en", "sv"]
_SWEDISH = "_sv"
CONTINUITY_POPULATIONS = ("listed", "sabo")
INTERVALS = {
    "coverage": "wilson",
    "own_physician": "wilson",
    "continuity": "normal",
    "target_status": "delta method on the logarithm, independent months",
}


def _hash_of(decided_by: str) -> str:
    return hashlib.sha256(decided_by.encode()).hexdigest()[:HASH_LENGTH]


@dataclass(frozen=True)
class IndicatorTexts:
    """What an indicator is, in the words of one language; missing is what it has not."""

    name: str
    population_description: str
    weighting: str
    unit: str
    interpretation: str
    limitations: str
    source: str
    numerator: str | None = None
    denominator: str | None = None
    interval_method: str | None = None


@dataclass(frozen=True)
class Indicator:
    """One published value with its definition.

    `parameters` are by the names of the columns of `definitions`; they tell indicators apart and
    include what is fixed for the whole table, such as the window of own_physician. `decided_by` is
    everything that decides the value, as plain data; `definition_hash` is over it and nothing else.
    """

    indicator: str
    version: int
    value: PublishedValue
    parameters: Mapping[str, str | int]
    decided_by: str
    professions: str | None
    contact_types: str | None
    english: IndicatorTexts
    swedish: IndicatorTexts

    @property
    def definition_hash(self) -> str:
        """The first 16 hexadecimal digits of the SHA-256 of `decided_by` in UTF-8."""
        return _hash_of(self.decided_by)


@cache
def registry_texts() -> Mapping[str, Any]:
    """The texts of the registry, as read from the TOML file."""
    text = files("schemas").joinpath("indicator_registry.toml").read_text("utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True)
class RegistrySources:
    """The data that indicators are defined by.

    `made_by` are the hashes of the definitions that the figures of a month were made by, for what
    is made from such figures; without it those of now.
    """

    rule_sets: RuleSets = field(default_factory=rule_sets)
    guidelines: tuple[Guideline, ...] = field(default_factory=guidelines)
    variants: tuple[Variant, ...] = field(default_factory=variants)
    targets: tuple[Target, ...] = field(default_factory=targets)
    comparability: Comparability = field(default_factory=comparability)
    made_by: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, Any] = field(default_factory=registry_texts)


def indicators(sources: RegistrySources | None = None) -> tuple[Indicator, ...]:
    """Every published indicator, sorted by id; by the project's own data unless told otherwise."""
    return _indicators_of_project() if sources is None else _indicators(sources)


@cache
def _indicators_of_project() -> tuple[Indicator, ...]:
    return _indicators(RegistrySources())


def _indicators(sources: RegistrySources) -> tuple[Indicator, ...]:
    return tuple(
        sorted(
            (
                _indicator(value, parameters, sources)
                for value in PUBLISHED_VALUES
                for parameters in _combinations(value, sources)
            ),
            key=lambda indicator: indicator.indicator,
        )
    )


def target_indicators(made_by: Mapping[str, str]) -> tuple[Indicator, ...]:
    """The indicators of changes towards targets, of figures made by these definitions (hashes)."""
    sources = RegistrySources(made_by=made_by)
    return tuple(
        _indicator(value, parameters, sources)
        for value in values_of("target_status")
        for parameters in _combinations(value, sources)
    )


def definition_hashes(sources: RegistrySources | None = None) -> dict[str, str]:
    """Indicator id to definition hash."""
    return {each.indicator: each.definition_hash for each in indicators(sources)}


def indicator_of(table: str, column: str, parameters: Mapping[str, object]) -> str:
    """The id of the indicator that a figure is: by table, column and the table's own parameters.

    Dimensions among the parameters are ignored; KeyError when the table has no such value, or a
    parameter is missing.
    """
    value = _published_value(table, column)
    return value.indicator_id(
        {name: parameters[column] for column, name in value.parameters.items()}
    )


def _published_value(table: str, column: str) -> PublishedValue:
    return {(each.table, each.column): each for each in PUBLISHED_VALUES}[table, column]


def _choices(table: str, sources: RegistrySources) -> dict[str, tuple[str, ...]]:
    """The codes of every parameter of a table but the variants, by its column in `definitions`."""
    choices: dict[str, dict[str, tuple[str, ...]]] = {
        "coverage": {"population": codes.POPULATIONS, "definition": codes.DEFINITIONS},
        "continuity": {
            "population": CONTINUITY_POPULATIONS,
            "series": codes.SERIES,
            "unit_scope": codes.UNIT_SCOPES,
            "index": codes.INDEXES,
        },
        "list_kinds": {"kind": codes.LIST_KINDS},
        "care_markings": {"setting": codes.SETTINGS, "marking_source": codes.MARKING_SOURCES},
        "fixed_contacts": {"kind": codes.FIXED_CONTACT_KINDS},
        "definition_comparison": {"rule_set": sources.rule_sets.names},
        "target_status": {"target_id": tuple(each.target_id for each in sources.targets)},
    }
    return choices.get(table, {})


def _combinations(
    value: PublishedValue, sources: RegistrySources
) -> Iterator[dict[str, str | int]]:
    """The values of the parameters, by the names of `definitions`, that a value is made for."""
    for parameters in _coded(value.table, sources):
        if not all(_is_among(parameters[name], code) for name, code in value.only_where.items()):
            continue
        if value.table != "continuity":
            yield parameters
            continue
        for variant in sources.variants:
            yield {
                **parameters,
                "window_months": variant.window_months,
                "min_visits": variant.min_visits,
            }


def _coded(table: str, sources: RegistrySources) -> Iterator[dict[str, str | int]]:
    """The combinations of a table's codes: all of them, but the metrics that deliveries have."""
    if table == "data_quality":
        for each in _metrics():
            yield {"delivery": each.delivery, "metric": each.metric}
        return
    choices = _choices(table, sources)
    for combination in product(*choices.values()):
        yield dict(zip(choices, combination, strict=True))


def _metrics() -> list[QualityMetric]:
    return sorted(quality_metrics(), key=lambda metric: metric.key)


def _is_among(code: object, accepted: str | tuple[str, ...]) -> bool:
    return code in ((accepted,) if isinstance(accepted, str) else accepted)


def _fixed(table: str) -> dict[str, str | int]:
    """What is the same for all values of a table, by the names of `definitions`."""
    fixed: dict[str, dict[str, str | int]] = {
        "own_physician": {
            "population": "listed",
            "definition": REPORTED,
            "series": "physician",
            "unit_scope": "any_unit",
            "window_months": codes.OWN_PHYSICIAN_WINDOW_MONTHS,
        },
        "list_load": {"population": "listed", "definition": REPORTED},
        "list_kinds": {"population": "listed"},
        "fixed_contacts": {"population": "listed"},
        "definition_comparison": {"population": "listed"},
    }
    return fixed.get(table, {})


def _indicator(
    value: PublishedValue, parameters: dict[str, str | int], sources: RegistrySources
) -> Indicator:
    version = sources.texts[value.table][value.column]["version"]
    contacts = _contacts(value.table, parameters)
    return Indicator(
        indicator=value.indicator_id(parameters),
        version=version,
        value=value,
        parameters=_fixed(value.table) | parameters,
        decided_by=_canonical(_decided_by(value, parameters, version, sources)),
        professions="|".join(contacts["professions"]) if contacts else None,
        contact_types="|".join(contacts["contact_types"]) if contacts else None,
        english=_texts(value, parameters, sources, "en"),
        swedish=_texts(value, parameters, sources, "sv"),
    )


# What decides a value


def _decided_by(
    value: PublishedValue,
    parameters: Mapping[str, str | int],
    version: int,
    sources: RegistrySources,
) -> dict[str, object]:
    contacts = _contacts(value.table, parameters)
    fixed = _fixed(value.table)
    decided: dict[str, object] = {
        "table": value.table,
        "column": value.column,
        "version": version,
        "parameters": fixed | dict(parameters),
    }
    if contacts:
        decided["contacts"] = contacts
    if names := _rule_set_names(value.table, parameters, sources.rule_sets):
        decided["rule_sets"] = {
            name: _without_texts(sources.rule_sets.by_name[name]) for name in names
        }
    if parameters.get("definition") == "regional":
        decided["regional"] = [
            [each.region_code, each.valid_from.isoformat(), each.rule_set]
            for each in sources.rule_sets.regional
        ]
    if value.dimensions:
        decided["age_groups"] = dict(
            zip(codes.AGE_GROUPS, codes.AGE_GROUP_LOWER_BOUNDS, strict=True)
        )
        decided["sexes"] = codes.SEXES
    if value.interval:
        decided["interval"] = {"method": INTERVALS[value.table], "z": codes.Z}
    return decided | _decided_by_table(value, parameters, sources)


def _decided_by_table(
    value: PublishedValue, parameters: Mapping[str, str | int], sources: RegistrySources
) -> dict[str, object]:
    """What belongs to one table or population alone."""
    decided: dict[str, object] = {}
    if "population" in parameters and value.table in ("coverage", "continuity"):
        decided["listing_type"] = codes.LISTING_TYPE_PRIMARY_CARE
    if parameters.get("population") == "sabo":
        decided["residents"] = {"setting": "sabo", "main_care_at_setting": True}
    if value.table == "target_status":
        decided |= _decided_by_target(str(parameters["target_id"]), sources)
    if value.table == "data_quality":
        decided |= _decided_by_metric(parameters, sources)
    if value.table == "list_kinds":
        decided["locum_employment"] = codes.LOCUM_EMPLOYMENT
    if value.table == "list_load":
        decided["capacity"] = {
            "employment": codes.CAPACITY_EMPLOYMENT,
            "specialties": codes.CAPACITY_SPECIALTIES,
            "st_specialties": codes.CAPACITY_ST_SPECIALTIES,
            "guidelines": [_without_texts(each) for each in sources.guidelines],
        }
    return decided


def _decided_by_target(target_id: str, sources: RegistrySources) -> dict[str, object]:
    """The target, when months may be compared, and the definition of the figure that changes."""
    target = {each.target_id: each for each in sources.targets}[target_id]
    value = _published_value(target.table, target.column)
    parameters = {name: target.where[column] for column, name in value.parameters.items()}
    made = sources.made_by.get(value.indicator_id(parameters))
    decided = _decided_by(
        value, parameters, sources.texts[value.table][value.column]["version"], sources
    )
    settings = asdict(sources.comparability)
    return {
        "target": {"kind": target.kind, "baseline_month": target.baseline_month or "earliest"},
        "comparable": {
            name: content for name, content in settings.items() if name.startswith("largest_")
        },
        "figure": made or _hash_of(_canonical(decided)),
    }


def _decided_by_metric(
    parameters: Mapping[str, str | int], sources: RegistrySources
) -> dict[str, object]:
    """What decides a metric beyond the code: contacts of the series, its windows, `reported`."""
    metric = str(parameters["metric"])
    if metric == "missing_months":
        return {"window_months": _longest_window(sources)}
    if metric == "numerator_above_denominator":
        return {
            "rule_sets": {
                name: _without_texts(each) for name, each in sources.rule_sets.by_name.items()
            }
        }
    if metric in ("unknown_physician", "physician_elsewhere"):
        return {"rule_sets": {REPORTED: _without_texts(sources.rule_sets.by_name[REPORTED])}}
    series = metric.removeprefix("without_provider_")
    if series not in codes.SERIES:
        return {}
    return {
        "contacts": {
            "professions": codes.SERIES_PROFESSIONS[series],
            "contact_types": codes.SERIES_CONTACT_TYPES[series],
        },
        "window_months": _longest_window(sources),
    }


def _longest_window(sources: RegistrySources) -> int:
    return max(
        codes.OWN_PHYSICIAN_WINDOW_MONTHS, *(each.window_months for each in sources.variants)
    )


def _contacts(table: str, parameters: Mapping[str, str | int]) -> dict[str, tuple[str, ...]]:
    """Which contacts count; empty for a table without contacts."""
    if table not in ("continuity", "own_physician"):
        return {}
    series = str(parameters.get("series", "physician"))
    return {
        "professions": codes.SERIES_PROFESSIONS[series],
        "contact_types": codes.SERIES_CONTACT_TYPES[series],
    }


def _rule_set_names(
    table: str, parameters: Mapping[str, str | int], sets: RuleSets
) -> tuple[str, ...]:
    """The rule sets that decide who has a named physician in the figure."""
    if table in ("own_physician", "list_load", "list_kinds"):
        return (REPORTED,)
    if "rule_set" in parameters:
        return (str(parameters["rule_set"]),)
    if parameters.get("definition") == "regional":
        return tuple(sorted({NATIONAL, *(each.rule_set for each in sets.regional)}))
    return (str(parameters["definition"]),) if "definition" in parameters else ()


def _without_texts(data: RuleSet | Guideline) -> dict[str, object]:
    return {
        name: content
        for name, content in asdict(data).items()
        if name not in ("name", "title", "source")
    }


def _canonical(data: object) -> str:
    """The one JSON text of plain data: sorted keys, no spaces, dates in ISO form."""

    def text_of(other: object) -> str:
        if isinstance(other, date):
            return other.isoformat()
        raise TypeError(f"{type(other).__name__} cannot be part of a definition.")

    return json.dumps(
        data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=text_of
    )


# Texts


def _texts(
    value: PublishedValue,
    parameters: Mapping[str, str | int],
    sources: RegistrySources,
    language: Language,
) -> IndicatorTexts:
    words = _words(value.table, parameters, sources, language)
    templates = _of_language(sources.texts[value.table][value.column], language)
    return IndicatorTexts(
        population_description=words["description"],
        **{
            each.name: templates[each.name].format_map(words)
            for each in fields(IndicatorTexts)
            if each.name in templates
        },
    )


def _of_language(entry: Mapping[str, Any], language: Language) -> dict[str, str]:
    """The texts of an entry by their names without a language: `…_sv` is Swedish."""
    if language == "en":
        return {name: text for name, text in entry.items() if not name.endswith(_SWEDISH)}
    return {
        name.removesuffix(_SWEDISH): text
        for name, text in entry.items()
        if name.endswith(_SWEDISH) or f"{name}{_SWEDISH}" not in entry
    }


def _words(
    table: str,
    parameters: Mapping[str, str | int],
    sources: RegistrySources,
    language: Language,
) -> dict[str, str]:
    """The words that stand for the parameters in the texts."""
    words = sources.texts["words"]
    filled: dict[str, str] = {}
    for name, code in parameters.items():
        group = {"kind": "list_kind" if table == "list_kinds" else "fixed_contact_kind"}.get(
            name, name
        )
        entry = words.get(group, {}).get(str(code), {})
        filled |= _of_language(entry, language)
        filled[group] = entry.get(language, str(code))
    if table == "data_quality":
        metrics = {each.key: each for each in quality_metrics()}
        metric = metrics[str(parameters["delivery"]), str(parameters["metric"])]
        filled |= metric.words(language)
    if table == "target_status":
        titles = {each.target_id: each.title for each in sources.targets}
        filled["title"] = titles[str(parameters["target_id"])]
    population = words["population"][str(parameters.get("population", "listed"))]
    described = words["table_population"].get(table, population)
    return filled | {"description": _of_language(described, language)["description"]}
