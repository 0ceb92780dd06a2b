"""A rule set is data: one more in the TOML file is one more column of the comparison.

The packages are copied, a rule set is written into the copy's `rule_sets.toml`, and the copy
counts: not a line of code is changed. What is added is the example of docs/rule-sets.md.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from schemas.rule_sets import read_rule_sets
from tests.spec import texts

PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs/rule-sets.md"
LISTINGS = """
person  unit_id  physician_id  birth_date
anna    A        FAST          1970-01-01
bertil  A        KONSULT       1970-01-01
carl    A        ST            1970-01-01
doris   A        GERI          1957-01-01
erik    A        GERI          1952-01-01
frida   A        -             1970-01-01
"""
PHYSICIANS = """
physician_id  unit_id  specialties    training  employment
FAST          A        allmanmedicin  -         tillsvidare
KONSULT       A        allmanmedicin  -         konsult
ST            A        allmanmedicin  ST        visstid
GERI          A        geriatrik      -         visstid
"""
SCRIPT = """
import json
from datetime import date
import polars as pl
from pipelines.indicators.assembly import eager, lazy
from pipelines.indicators.definition_comparison import definition_comparison_table
from pipelines.indicators.people import listed_counts, people
from pipelines.indicators.region_month import RegionMonth
from schemas.deliveries import LIST_NAMES
from schemas.indicator_registry import indicators
from schemas.parts import MARKED_PERSONS
from schemas.rule_sets import rule_sets

day = date(2025, 11, 30)
made = people(
    lazy(pl.read_parquet("listings.parquet")),
    lazy(LIST_NAMES.empty()),
    lazy(pl.read_parquet("units.parquet")),
    lazy(pl.read_parquet("physicians.parquet")),
    lazy(MARKED_PERSONS.empty()),
    rule_sets=rule_sets(),
    region_code="20",
    reference_date=day,
)
found = eager(made.people)
table = definition_comparison_table(
    eager(listed_counts(lazy(found))),
    [RegionMonth("20", "2025-11", day, frozenset({"listings", "units", "physicians"}), 0, 0, None)],
    rule_sets(),
).filter(pl.col("area_code") == "20")
print(json.dumps({
    "compared": dict(table.select("rule_set", "numerator").iter_rows()),
    "regional": int(found["named_regional"].sum()),
    "indicators": [each.indicator for each in indicators()],
}))
"""


def example() -> str:
    """The first TOML block of the page."""
    return re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[0]


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What the copy with the further rule set counts."""
    folder = tmp_path_factory.mktemp("with_a_further_rule_set")
    for package in ("schemas", "pipelines"):
        shutil.copytree(
            PROJECT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    with (folder / "schemas/rule_sets.toml").open("a", encoding="utf-8") as file:
        file.write("\n" + example())
    texts.listings(LISTINGS).write_parquet(folder / "listings.parquet")
    texts.units().write_parquet(folder / "units.parquet")
    texts.physicians(PHYSICIANS).write_parquet(folder / "physicians.parquet")
    (folder / "count.py").write_text(SCRIPT, "utf-8")
    ended = subprocess.run(
        [sys.executable, "count.py"],
        cwd=folder,
        env={"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found: dict[str, object] = json.loads(ended.stdout)
    return found


def test_a_rule_set_that_is_added_is_compared(counted: dict[str, object]) -> None:
    """Of six listed five are on a physician; the geriatrician's erik is over 70, doris is not.

    national: anna, bertil, carl, doris (67), erik. vastmanland: anna and carl. dalarna: anna and
    erik: no ST, no locums, geriatrics from 70.
    """
    assert counted["compared"] == {"reported": 5, "national": 5, "vastmanland": 2, "dalarna": 2}


def test_the_region_that_decided_it_takes_it_as_its_own(counted: dict[str, object]) -> None:
    assert counted["regional"] == 2


def test_it_is_an_indicator_of_its_own(counted: dict[str, object]) -> None:
    assert "definition_comparison.dalarna.share" in list(counted["indicators"])  # type: ignore[call-overload]


def test_every_field_of_a_rule_set_is_explained_on_the_page() -> None:
    fields = read_rule_sets(
        (PROJECT / "schemas/rule_sets.toml").read_text("utf-8") + "\n" + example()
    )
    page = PAGE.read_text("utf-8")
    missing = [name for name in vars(fields.by_name["national"]) if f"`{name}`" not in page]
    assert missing == []


def test_the_page_names_every_region() -> None:
    from schemas.regions import region_names

    page = PAGE.read_text("utf-8")
    assert [
        code for code, name in region_names().items() if f"| {code} | {name} |" not in page
    ] == []
