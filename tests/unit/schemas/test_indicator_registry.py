"""The registry: complete, and its hash follows what decides a value and nothing else."""

import copy
import hashlib
import json
from dataclasses import replace
from datetime import date

import pytest

from pipelines.indicators import intervals, list_load, spread
from schemas import codes, indicator_registry
from schemas.guidelines import Guideline
from schemas.indicator_registry import (
    RegistrySources,
    definition_hashes,
    indicator_of,
    indicators,
    registry_texts,
)
from schemas.rule_sets import RegionalRuleSet, RuleSets
from schemas.variants import Variant

REGISTRY = indicators()
BASE = definition_hashes()
SOURCES = RegistrySources()


def changed(sources: RegistrySources) -> set[str]:
    """The indicators whose hash is another than now, or that are new or gone."""
    return {name for name, _ in BASE.items() ^ definition_hashes(sources).items()}


def with_rule_set(name: str, **changes: object) -> RegistrySources:
    sets = SOURCES.rule_sets
    by_name = {**sets.by_name, name: replace(sets.by_name[name], **changes)}
    return replace(SOURCES, rule_sets=RuleSets(by_name, sets.regional))


def coverage(definition: str) -> set[str]:
    return {f"coverage.{population}.{definition}.share" for population in codes.POPULATIONS}


def test_every_indicator_is_described_and_nothing_is_left_open():
    for each in REGISTRY:
        texts = (
            each.name_sv,
            each.name_en,
            each.population_description,
            each.weighting,
            each.unit,
            each.interpretation,
            each.limitations,
            each.source,
        )
        assert all(texts), each.indicator
        assert not any("{" in text or "}" in text for text in texts if text), each.indicator
        assert (each.interval_method is not None) == each.value.interval
        if each.value.numerator:
            assert each.numerator
            assert each.denominator


@pytest.mark.parametrize("language", ["name_sv", "name_en"])
def test_ids_hashes_and_names_are_unique(language):
    assert len({each.indicator for each in REGISTRY}) == len(REGISTRY)
    assert len({each.definition_hash for each in REGISTRY}) == len(REGISTRY)
    assert len({getattr(each, language) for each in REGISTRY}) == len(REGISTRY)


def test_every_combination_that_is_published_is_there():
    names = [each.indicator for each in REGISTRY]
    assert sum(name.startswith("coverage.") for name in names) == 9
    # 2 populations × 2 series × 2 scopes × 2 variants, of 6 indexes × 3 values and pooled COC
    assert sum(name.startswith("continuity.") for name in names) == 16 * 19
    assert sum(name.startswith("care_markings.") for name in names) == 16
    assert "continuity.listed.physician.own_unit.18m.3v.COC.mean" in names
    assert "continuity.listed.physician.own_unit.12m.2v.COC.mean" in names


def test_the_hash_is_over_decided_by():
    for each in REGISTRY:
        digest = hashlib.sha256(each.decided_by.encode()).hexdigest()
        assert each.definition_hash == digest[:16]
        assert json.loads(each.decided_by)["version"] == each.version


def test_no_text_changes_a_hash():
    texts = copy.deepcopy(dict(registry_texts()))

    def rewrite(part: dict) -> None:
        for key, value in part.items():
            if isinstance(value, dict):
                rewrite(value)
            elif isinstance(value, str):
                part[key] = value + " (reworded)"

    rewrite(texts)
    sources = replace(SOURCES, texts=texts)
    assert indicators(sources)[0].name_sv.endswith("(reworded)")
    assert changed(sources) == set()


def test_titles_and_sources_of_rule_sets_and_guidelines_change_no_hash():
    assert changed(with_rule_set("national", title="Ny rubrik", source="Annan källa")) == set()
    guidelines = tuple(replace(each, source="annan") for each in SOURCES.guidelines)
    assert changed(replace(SOURCES, guidelines=guidelines)) == set()
    variants = tuple(replace(each, source="annan") for each in SOURCES.variants)
    assert changed(replace(SOURCES, variants=variants)) == set()


def test_a_new_version_changes_that_value_only():
    texts = copy.deepcopy(dict(registry_texts()))
    texts["own_physician"]["share"]["version"] += 1
    assert changed(replace(SOURCES, texts=texts)) == {"own_physician.share"}


@pytest.mark.parametrize(
    ("rule_set", "change", "expected"),
    [
        (
            "vastmanland",
            {"employment": ("tillsvidare", "visstid")},
            coverage("regional") | {"definition_comparison.vastmanland.share"},
        ),
        (
            "national",
            {"geriatrics_from_age": 70},
            coverage("national") | coverage("regional") | {"definition_comparison.national.share"},
        ),
    ],
)
def test_a_rule_set_changes_what_depends_on_it(rule_set, change, expected):
    assert changed(with_rule_set(rule_set, **change)) == expected


def test_the_reported_rule_set_reaches_lists_and_own_physician():
    names = changed(with_rule_set("reported", fictitious_name_rule=False))
    assert coverage("reported") < names
    assert {"own_physician.share", "list_load.load", "list_kinds.named.share"} < names
    assert not any(name.startswith(("continuity", "care_markings", "reporting")) for name in names)


def test_a_regions_decision_changes_regional_only():
    sets = SOURCES.rule_sets
    decision = RegionalRuleSet("17", "vastmanland", date(2025, 1, 1), "beslut")
    decided = RuleSets(sets.by_name, (*sets.regional, decision))
    assert changed(replace(SOURCES, rule_sets=decided)) == coverage("regional")


def test_a_guideline_changes_list_load_only():
    decision = Guideline("19", date(2025, 1, 1), 1300, "beslut")
    names = changed(replace(SOURCES, guidelines=(*SOURCES.guidelines, decision)))
    assert names == {name for name in BASE if name.startswith("list_load.")}


def test_a_further_variant_is_further_rows():
    names = changed(replace(SOURCES, variants=(*SOURCES.variants, Variant(24, 4))))
    assert len(names) == 8 * 19
    assert all(".24m.4v." in name for name in names)


@pytest.mark.parametrize(
    ("module", "name", "value", "prefixes"),
    [
        (
            codes,
            "AGE_GROUP_LOWER_BOUNDS",
            (0, 20, 45, 65, 75, 85),
            ("coverage", "continuity", "own"),
        ),
        (indicator_registry, "Z", 1.645, ("coverage", "continuity", "own_physician")),
        (indicator_registry, "CAPACITY_EMPLOYMENT", ("tillsvidare",), ("list_load",)),
        (codes, "LOCUM_EMPLOYMENT", ("hyr",), ("list_kinds",)),
        (indicator_registry, "OWN_PHYSICIAN_WINDOW_MONTHS", 12, ("own_physician",)),
    ],
)
def test_code_lists_and_constants_are_in_the_hash(monkeypatch, module, name, value, prefixes):
    monkeypatch.setattr(module, name, value)
    names = changed(SOURCES)
    assert names
    assert {each.split(".")[0] for each in names} == {
        table
        for table in {each.split(".")[0] for each in BASE}
        if table.startswith(tuple(prefixes))
    }


def test_the_constants_are_those_that_the_indicators_are_computed_with():
    assert indicator_registry.Z == intervals.Z == spread.Z
    assert indicator_registry.CAPACITY_SPECIALTIES == list_load.PRIMARY_CARE_SPECIALTIES


def test_the_contacts_of_a_series_are_in_its_hash(monkeypatch):
    contact_types = {**indicator_registry.SERIES_CONTACT_TYPES, "physician": ("mottagning",)}
    monkeypatch.setattr(indicator_registry, "SERIES_CONTACT_TYPES", contact_types)
    names = changed(SOURCES)
    assert "own_physician.share" in names
    assert all(".physician." in name for name in names - {"own_physician.share"})


def test_the_indicator_of_a_figure():
    where = {"population": "sabo", "definition": "national", "sex": "all"}
    assert indicator_of("coverage", "share", where) == "coverage.sabo.national.share"
    marking = {"setting": "sabo", "source": "both"}
    assert indicator_of("care_markings", "persons", marking) == "care_markings.sabo.both.persons"
    with pytest.raises(KeyError):
        indicator_of("coverage", "share", {"population": "sabo"})
    with pytest.raises(KeyError):
        indicator_of("coverage", "mean", where)
