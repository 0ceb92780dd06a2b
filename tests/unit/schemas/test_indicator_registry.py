"""The registry: complete, and its hash follows what decides a value and nothing else."""

import copy
import hashlib
import json
from dataclasses import asdict, replace
from datetime import date

import pytest

from pipelines.indicators import intervals, own_physician, spread
from schemas import codes
from schemas.guidelines import Guideline
from schemas.indicator_registry import (
    RegistrySources,
    definition_hashes,
    indicator_of,
    indicators,
    registry_texts,
    target_indicators,
)
from schemas.quality_metrics import quality_metrics
from schemas.rule_sets import RegionalRuleSet, RuleSets
from schemas.variants import Variant, longest_window_months

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


def test_every_indicator_is_described_in_both_languages_and_nothing_is_left_open():
    for each in REGISTRY:
        for texts in (each.english, each.swedish):
            written = [text for text in asdict(texts).values() if text is not None]
            assert all(written), each.indicator
            assert not any("{" in text or "}" in text for text in written), each.indicator
            assert (texts.interval_method is not None) == each.value.interval
            if each.value.numerator:
                assert texts.numerator
                assert texts.denominator


def test_what_is_said_in_one_language_is_said_in_the_other():
    for each in REGISTRY:
        english, swedish = asdict(each.english), asdict(each.swedish)
        assert {name for name, text in english.items() if text is None} == {
            name for name, text in swedish.items() if text is None
        }, each.indicator
        for name in ("population_description", "interpretation", "limitations"):
            assert english[name] != swedish[name], each.indicator
            assert not ENGLISH_WORDS & set(swedish[name].lower().split()), swedish[name]


ENGLISH_WORDS = {"the", "of", "and", "with", "whose", "which", "not", "are", "is"}


@pytest.mark.parametrize("language", ["swedish", "english"])
def test_ids_hashes_and_names_are_unique(language):
    assert len({each.indicator for each in REGISTRY}) == len(REGISTRY)
    assert len({each.definition_hash for each in REGISTRY}) == len(REGISTRY)
    assert len({getattr(each, language).name for each in REGISTRY}) == len(REGISTRY)


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
    assert indicators(sources)[0].swedish.name.endswith("(reworded)")
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
    # Cells with more named than inhabitants are counted under every definition.
    above = {"data_quality.population.numerator_above_denominator.share"}
    assert changed(with_rule_set(rule_set, **change)) == expected | above


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
    new = {name for name in names if ".24m.4v." in name}
    assert len(new) == 8 * 19
    # Nothing else changes but the longest window, in which the quality of contacts is counted.
    assert names - new == {
        f"data_quality.care_contacts.{metric}.share"
        for metric in (
            "without_provider_physician",
            "without_provider_all_professions",
            "missing_months",
        )
    }


@pytest.mark.parametrize(
    ("module", "name", "value", "prefixes"),
    [
        (
            codes,
            "AGE_GROUP_LOWER_BOUNDS",
            (0, 20, 45, 65, 75, 85),
            # What is held against a target changes its meaning with it.
            ("coverage", "continuity", "own", "target_status"),
        ),
        (codes, "Z", 1.645, ("coverage", "continuity", "own_physician", "target_status")),
        (codes, "CAPACITY_EMPLOYMENT", ("tillsvidare",), ("list_load",)),
        (codes, "CAPACITY_SPECIALTIES", ("allmanmedicin",), ("list_load",)),
        (codes, "CAPACITY_ST_SPECIALTIES", (), ("list_load",)),
        (codes, "LOCUM_EMPLOYMENT", ("hyr",), ("list_kinds",)),
        (codes, "OWN_PHYSICIAN_WINDOW_MONTHS", 12, ("own_physician",)),
        # The quality of the contacts is counted in the longest window.
        (codes, "OWN_PHYSICIAN_WINDOW_MONTHS", 24, ("own_physician", "data_quality")),
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
    assert codes.Z == intervals.Z == spread.Z
    assert codes.OWN_PHYSICIAN_WINDOW_MONTHS == own_physician.WINDOW_MONTHS


def test_the_contacts_of_a_series_are_in_its_hash(monkeypatch):
    contact_types = {**codes.SERIES_CONTACT_TYPES, "physician": ("mottagning",)}
    monkeypatch.setattr(codes, "SERIES_CONTACT_TYPES", contact_types)
    names = changed(SOURCES)
    elsewhere = {
        "own_physician.share",
        "data_quality.care_contacts.without_provider_physician.share",
        "target_status.continuity_physician.relative_change",
        "target_status.continuity_sabo_physician.relative_change",
    }
    assert elsewhere < names
    assert all(".physician." in name for name in names - elsewhere)


def test_the_indicator_of_a_figure():
    where = {"population": "sabo", "definition": "national", "sex": "all"}
    assert indicator_of("coverage", "share", where) == "coverage.sabo.national.share"
    marking = {"setting": "sabo", "source": "both"}
    assert indicator_of("care_markings", "persons", marking) == "care_markings.sabo.both.persons"
    with pytest.raises(KeyError):
        indicator_of("coverage", "share", {"population": "sabo"})
    with pytest.raises(KeyError):
        indicator_of("coverage", "mean", where)


COMPARABLE = ("COC", "SECON")
WITH_VISIT_RATE = ("UPC", "HHI", "K", "MMCI")


@pytest.mark.parametrize("index", codes.INDEXES)
@pytest.mark.parametrize("column", ["mean", "median", "sd"])
def test_the_interpretation_says_whether_different_visit_rates_may_be_compared(index, column):
    name = f"continuity.listed.physician.own_unit.18m.3v.{index}.{column}"
    indicator = {each.indicator: each for each in REGISTRY}[name]
    assert {*COMPARABLE, *WITH_VISIT_RATE} == set(codes.INDEXES)
    for texts, may, may_not in (
        (
            indicator.english,
            "groups with different visit rates may be compared",
            "compare only groups with similar visit rates",
        ),
        (
            indicator.swedish,
            "grupper med olika många besök kan jämföras",
            "jämför bara grupper med ungefär lika många besök",
        ),
    ):
        assert (may in texts.interpretation) is (index in COMPARABLE)
        assert (may_not in texts.interpretation) is (index in WITH_VISIT_RATE)


def test_slicc_may_be_compared_and_says_window_scope_and_series():
    slicc = {each.indicator: each for each in REGISTRY}["own_physician.share"]
    assert "groups with different visit rates may be compared" in slicc.english.interpretation
    assert slicc.parameters["window_months"] == 18
    assert (slicc.parameters["unit_scope"], slicc.parameters["series"]) == ("any_unit", "physician")


def test_a_change_is_defined_for_the_targets_that_compare():
    names = {each.indicator for each in REGISTRY if each.indicator.startswith("target_status")}
    assert names == {
        f"target_status.{target_id}.relative_change"
        for target_id in (
            "continuity_physician",
            "continuity_all_professions",
            "continuity_sabo_physician",
        )
    }


def test_thresholds_of_comparability_and_the_baseline_are_in_the_hash_of_a_change():
    name = "target_status.continuity_physician.relative_change"
    changes = {each for each in BASE if each.startswith("target_status")}
    stricter = replace(SOURCES.comparability, largest_change_of_provider_ids=0.01)
    assert changed(replace(SOURCES, comparability=stricter)) == changes
    flagged = replace(SOURCES.comparability, provider_id_threshold=0.9)
    assert changed(replace(SOURCES, comparability=flagged)) == set()
    frozen = tuple(
        replace(each, baseline_month="2022-12")
        if each.target_id == "continuity_physician"
        else each
        for each in SOURCES.targets
    )
    assert changed(replace(SOURCES, targets=frozen)) == {name}
    reworded = tuple(replace(each, title="Annat", source="annan") for each in SOURCES.targets)
    assert changed(replace(SOURCES, targets=reworded)) == set()


def test_a_change_is_defined_by_what_its_figures_were_made_by():
    figure = "continuity.listed.physician.own_unit.18m.3v.COC.mean"
    of_now = {each.indicator: each.definition_hash for each in target_indicators(BASE)}
    assert of_now.items() <= BASE.items()
    made_before = target_indicators(BASE | {figure: "0" * 16})
    other = {
        each.indicator for each in made_before if each.definition_hash != of_now[each.indicator]
    }
    assert other == {"target_status.continuity_physician.relative_change"}


def test_every_metric_of_data_quality_is_defined():
    metrics = {each for each in BASE if each.startswith("data_quality.")}
    assert "data_quality.listings.reserve_identity.share" in metrics
    assert "data_quality.units.snapshot_age_days.numerator" in metrics
    assert len(metrics) == len(quality_metrics())


def test_the_longest_window_is_that_of_the_variants_or_of_slicc():
    assert longest_window_months() == 18
