"""The sample of mutants is the same for everybody, and the share noticed is worked by hand."""

import json
from pathlib import Path

from tests.mutation.sample import by_module, chosen, score

MODULES = {
    "coverage": {f"coverage.{number}": 1 for number in range(100)},
    "months": {f"months.{number}": 1 for number in range(4)},
}


def test_the_same_seed_chooses_the_same_mutants_of_every_module() -> None:
    names = list(chosen(MODULES, 0.2, seed=1))
    assert names == list(chosen(MODULES, 0.2, seed=1))
    assert names != list(chosen(MODULES, 0.2, seed=2))
    assert sum(name.startswith("coverage") for name in names) == 20
    assert sum(name.startswith("months") for name in names) == 4  # it has not ten


def test_the_share_is_weighted_with_the_modules_sizes() -> None:
    """9 of 10 tried of 100, and 4 of 4: (100·0.9 + 4·1)/104 = 90.4 per cent."""
    tried = {f"coverage.{number}": 0 if number == 3 else 1 for number in range(10)}
    untried = {f"coverage.{number}": None for number in range(10, 100)}
    text = score({"coverage": tried | untried, "months": dict(MODULES["months"])})
    assert "| coverage | 100 | 10 | 9 |" in text
    assert "| all | 104 | 14 | 13 |" in text
    assert "Noticed of these: 90.4%" in text
    assert text.endswith("- coverage.3")


def test_a_mutant_that_no_test_reaches_is_not_noticed(tmp_path: Path) -> None:
    results = {"months.1": 33, "months.2": 1, "months.3": None}
    text = json.dumps({"exit_code_by_key": results})
    (tmp_path / "months.py.meta").write_text(text, "utf-8")
    (tmp_path / "frame.py.meta").write_text('{"exit_code_by_key": {}}', "utf-8")
    found = by_module(tmp_path)
    assert found == {"months": results}
    assert "| months | 3 | 2 | 1 |" in score(found)
    assert "| all | 3 | 1 | 1 |" in score(found, {"months.2"})
