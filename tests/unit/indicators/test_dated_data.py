"""Rule sets, guideline values, targets and variants as read from their files."""

from datetime import date

import pytest

from schemas.guidelines import Guideline, guideline_values, guidelines
from schemas.rule_sets import RuleSet, read_rule_sets, rule_sets
from schemas.statistics import statistics_table
from schemas.targets import Target, targets
from schemas.variants import Variant, variants


def test_the_rule_sets_in_force() -> None:
    sets = rule_sets()
    assert sets.names == ("reported", "national", "vastmanland")
    assert sets.name_of("regional", "19", date(2025, 11, 30)) == "vastmanland"
    assert sets.name_of("regional", "01", date(2025, 11, 30)) == "national"
    assert sets.name_of("reported", "19", date(2025, 11, 30)) == "reported"


def test_a_rule_set_that_cannot_be_meant_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown codes"):
        RuleSet("x", "x", "x", True, employment=("fast",))
    with pytest.raises(ValueError, match="not defined"):
        read_rule_sets('[rule_sets.reported]\ntitle = ""\nsource = ""\ndemands_competence = false')


def test_a_later_decision_goes_before_an_earlier_and_a_value_for_st_is_its_own() -> None:
    decisions = (
        *guidelines(),
        Guideline("17", date(2024, 1, 1), 1100, "a later step", guideline_st=500),
    )
    assert guideline_values("17", date(2023, 12, 31), decisions).guideline_specialist == 1500
    values = guideline_values("17", date(2024, 1, 1), decisions)
    assert (values.guideline_specialist, values.guideline_st) == (1100, 500)
    assert guideline_values("01", date(2020, 1, 1)).guideline_specialist == 1100


def test_targets_point_at_columns_that_exist() -> None:
    assert len(targets()) == 5
    for target in targets():
        contract = statistics_table(target.table)
        assert {target.column, *target.where} <= set(contract.column_names)
        assert target.holds_on(date(2025, 11, 30))
        assert not target.holds_on(date(2021, 12, 31))


def test_a_target_without_a_number_must_be_an_increase() -> None:
    with pytest.raises(ValueError, match="increase"):
        Target("x", "x", "at_least", "coverage", "share", {}, date(2022, 1, 1), "x")


def test_variants() -> None:
    assert {(one.window_months, one.min_visits) for one in variants()} == {(18, 3), (12, 2)}
    with pytest.raises(ValueError, match="two visits"):
        Variant(18, 1)
