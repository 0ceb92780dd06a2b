"""Nobody who knows all that is published can place a protected number closely.

The attacker is in `attacker.py` and shares no code with disclosure control. Attacked are random
small countries, whose tables are made by the pipeline's own indicators from random deliveries, and
the sample's release. Attacking every number takes long; a sample of them, drawn anew for every
country, is attacked here. Where regions are so small that nearly all is hidden there is little to
compute from: countries of more persons, without continuity, are attacked too.
"""

import random
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pipelines.publication.disclosure import (
    DisclosureSettings,
    Former,
    OnOnePhysician,
    hidden_rows_of,
    months,
    suppress,
)
from pipelines.publication.disclosure.primary import hide, primary_cells
from tests.disclosure.attacker import (
    DIMENSIONS,
    Attack,
    Compared,
    Number,
    Protected,
    nations_of,
    numbers_of,
    protected_numbers,
)
from tests.disclosure.unit_regions import unit_regions
from tests.properties.country import Country, Engine, parts_of, random_country, tables_of

MONTH = "2025-11"
Tables = dict[str, pl.DataFrame]


def made(of: Country) -> tuple[Tables, dict[str, str], frozenset[str]]:
    """Its tables, the region of each unit, and the units that rest on one physician."""
    parts = parts_of(of, Engine())
    units = parts["listed_counts"].filter(pl.col("unit_id").is_not_null())
    regions = dict(units.select("unit_id", "region_code").unique().iter_rows())
    on_one = parts["unit_physicians"].filter(pl.col("physicians") == 1)["unit_id"]
    return tables_of(parts, of.months), regions, frozenset(on_one)


@cache
def country(seed: int, persons: int) -> tuple[Tables, dict[str, str], frozenset[str]]:
    """The same of a random country."""
    return made(random_country(seed, persons))


def of_physicians(tables: Tables) -> Tables:
    """With one series and window of continuity alone, which takes a third of the time."""
    one = (pl.col("series") == "physician") & (pl.col("window_months") == 18)
    return tables | {"continuity": tables["continuity"].filter(one)}


def without_continuity(tables: Tables) -> Tables:
    """The other tables, which take a tenth of the time."""
    return {name: frame for name, frame in tables.items() if name != "continuity"}


def controlled(
    tables: Tables,
    regions: dict[str, str],
    on_one: frozenset[str],
    rules: DisclosureSettings,
    previous: Former | None = None,
) -> Tables:
    units = OnOnePhysician(frozenset((MONTH, unit) for unit in on_one))
    return suppress(tables, rules, units, unit_regions(regions, MONTH), previous)


def found_out(attack: Attack, numbers: list[Protected]) -> list[str]:
    """The numbers that are placed more closely than the protection allows."""
    closely = []
    for number in numbers:
        low, high = attack.interval(dict(number.terms))
        assert low - 1e-4 <= number.value <= high + 1e-4, f"{number} is not in {low}–{high}"
        if high - low < attack.asked_for(number) - 1e-4:
            # Public denominators can place a number however much is hidden.
            least, most = attack.of_nothing.interval(dict(number.terms))
            if high - low >= most - least - 1e-4:
                continue
            closely.append(f"{number.terms} {low:g} to {high:g}: {attack.asked_for(number):g}")
    return closely


@given(st.integers(0, 10**6), st.sampled_from([40, 120]), st.integers(0, 10**6))
@settings(max_examples=1, phases=[Phase.generate])
def test_random_countries(seed: int, persons: int, draw: int) -> None:
    tables, regions, on_one = country(seed, persons)
    published = controlled(tables, regions, on_one, DisclosureSettings())
    numbers = protected_numbers(tables, 5, on_one)
    attacked = random.Random(draw).sample(numbers, min(len(numbers), 15))
    assert found_out(Attack(tables, published, regions), attacked) == []


@given(st.integers(0, 10**6), st.sampled_from([250, 500, 1000]), st.integers(0, 10**6))
@settings(max_examples=3, phases=[Phase.generate])
def test_random_countries_of_more_persons(seed: int, persons: int, draw: int) -> None:
    tables, regions, on_one = country(seed, persons)
    tables = without_continuity(tables)
    published = controlled(tables, regions, on_one, DisclosureSettings())
    numbers = protected_numbers(tables, 5, on_one)
    attacked = random.Random(draw).sample(numbers, min(len(numbers), 150))
    assert found_out(Attack(tables, published, regions), attacked) == []


@dataclass(frozen=True)
class DeliveredAnew:
    """A country before and after one of its regions has delivered anew, and its first release."""

    old: Tables
    new: Tables
    regions: dict[str, str]
    on_one: frozenset[str]
    released: Tables

    @property
    def former(self) -> Former:
        units = frozenset((MONTH, unit) for unit in self.on_one)
        return Former(self.released, hidden_rows_of(self.old, self.released), units)


@pytest.fixture(scope="module")
def anew() -> DeliveredAnew:
    first = random_country(5, 150)
    region = first.regions["18"]
    again = replace(
        first,
        regions=first.regions
        | {"18": replace(region, listings=region.listings.filter(pl.col("person") % 23 != 0))},
    )
    old, regions, on_one = made(first)
    new, _, _ = made(again)
    old, new = of_physicians(old), of_physicians(new)
    released = controlled(old, regions, on_one, DisclosureSettings())
    return DeliveredAnew(old, new, regions, on_one, released)


def test_two_releases_compared(anew: DeliveredAnew) -> None:
    """Numbers of both are attacked by somebody who knows which of them have changed."""
    after = controlled(anew.new, anew.regions, anew.on_one, DisclosureSettings(), anew.former)
    was, now = Attack(anew.old, anew.released, anew.regions), Attack(anew.new, after, anew.regions)
    compared = Compared(was, now)
    draw = random.Random(3)
    attacked = draw.sample(protected_numbers(anew.new, 5, anew.on_one), 20)
    of_former = draw.sample(protected_numbers(anew.old, 5, anew.on_one), 20)
    attacked += [compared.of_former(each) for each in of_former]
    assert found_out(compared, attacked) == []


def test_a_second_release_that_hides_nothing_gives_away_the_first(anew: DeliveredAnew) -> None:
    """The attacker can find what the second release does not protect of the first."""
    was = Attack(anew.old, anew.released, anew.regions)
    compared = Compared(was, Attack(anew.new, anew.new, anew.regions))
    numbers = protected_numbers(anew.old, 5, anew.on_one)
    attacked = [compared.of_former(each) for each in random.Random(4).sample(numbers, 20)]
    assert len(found_out(compared, attacked)) > 3


def test_the_same_again_hides_the_same(anew: DeliveredAnew) -> None:
    again = controlled(anew.old, anew.regions, anew.on_one, DisclosureSettings(), anew.former)
    assert all(again[name].equals(frame) for name, frame in anew.released.items())


def test_no_source_of_markings_is_left_to_be_computed(anew: DeliveredAnew) -> None:
    """Any is cosmic and municipality less both: where one is hidden, a second one is."""
    hidden = (
        anew.released["care_markings"]
        .group_by("level", "area_code", "setting")
        .agg(pl.col("persons").is_null().sum())
    )
    assert hidden.filter(pl.col("persons") == 1).is_empty()
    assert hidden.filter(pl.col("persons") > 1).height > 0


def test_the_primary_rule_alone_would_not_do() -> None:
    """The attacker can find what is not protected: else the other tests would say nothing."""
    tables, regions, on_one = country(1, 150)
    units = frozenset((MONTH, unit) for unit in on_one)
    published = {
        name: hide(frame, name, primary_cells(frame, name, DisclosureSettings(), units))
        for name, frame in tables.items()
    }
    numbers = protected_numbers(tables, 5, on_one)
    attacked = random.Random(1).sample(numbers, 20)
    assert len(found_out(Attack(tables, published, regions), attacked)) > 3


def test_what_information_lost_tells_is_known_without_it() -> None:
    """The sum over hidden rows of series whose nation is shown follows from what is published."""
    tables, regions, on_one = country(8, 500)
    published = controlled(without_continuity(tables), regions, on_one, DisclosureSettings())
    attack = Attack(without_continuity(tables), published, regions)
    nations = nations_of(published)
    sums: dict[tuple[object, ...], dict[Number, float]] = defaultdict(dict)
    for table, persons in (
        ("coverage", "denominator"),
        ("list_kinds", "persons"),
        ("list_load", "listed"),
        ("own_physician", "persons"),
        ("fixed_contacts", "persons"),
        ("care_markings", "persons"),
    ):
        series = DIMENSIONS[table]
        of_all = {"sex": "all", "age_group": "all"} if "sex" in tables[table].columns else {}
        shown = published[table].filter(level="nation", status="ok", **of_all)
        hidden = tables[table].filter(published[table]["status"] == "suppressed")
        for row in (
            hidden.join(shown, on=series, how="semi").iter_rows(named=True) if series else ()
        ):
            number = numbers_of(table, row, nations)[persons]
            sums[table, row["level"], *(row[name] for name in series)][number] = 1.0
    known = [
        low == pytest.approx(high, abs=1e-4) for low, high in map(attack.interval, sums.values())
    ]
    assert len(known) > 20
    assert all(known)


def test_without_the_step_for_nations_of_fewer_regions_it_would_not_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What some regions alone can tell gives hidden ones away, where nobody takes care of it."""
    tables, regions, on_one = country(3, 500)
    tables = without_continuity(tables)
    numbers = [
        each for each in protected_numbers(tables, 5, on_one) if each.terms[0][0][0] == "sabo"
    ]
    published = controlled(tables, regions, on_one, DisclosureSettings())
    assert found_out(Attack(tables, published, regions), numbers) == []
    monkeypatch.setattr(months, "_hide_nations_of_fewer_regions", lambda grid: None)
    published = controlled(tables, regions, on_one, DisclosureSettings())
    assert len(found_out(Attack(tables, published, regions), numbers)) > 2


@pytest.fixture(scope="module")
def of_sample(sample_out: Path) -> tuple[Tables, Tables, dict[str, str], frozenset[str]]:
    """The newest month before and after disclosure control, its units' regions, and who has one."""
    folder = sample_out / "restricted" / "statistics"
    before = {path.stem: pl.read_parquet(path) for path in folder.glob("*.parquet")}
    of_month = {
        name: frame.filter(pl.col("month") == MONTH)
        for name, frame in before.items()
        if "month" in frame.columns
    }
    with duckdb.connect(sample_out / "published" / "statistics.duckdb", read_only=True) as file:
        after = {
            name: file.sql(f"from {name} where month = '{MONTH}'").pl().select(frame.columns)
            for name, frame in of_month.items()
        }
    parts = sample_out / "restricted" / "parts" / MONTH
    listed = pl.concat(
        pl.read_parquet(path).select("region_code", "unit_id")
        for path in sorted(parts.glob("*/people/listed_counts.parquet"))
    ).drop_nulls()
    physicians = pl.concat(
        pl.read_parquet(path).select("unit_id", "physicians")
        for path in sorted(parts.glob("*/people/unit_physicians.parquet"))
    )
    regions = {unit: region for region, unit in listed.unique().sort("region_code").iter_rows()}
    on_one = frozenset(physicians.filter(pl.col("physicians") == 1)["unit_id"])
    return of_month, after, regions, on_one


def test_the_sample_release(
    of_sample: tuple[Tables, Tables, dict[str, str], frozenset[str]],
) -> None:
    before, after, regions, on_one = of_sample
    numbers = protected_numbers(before, 5, on_one)
    attacked = random.Random(7).sample(numbers, 15)
    assert found_out(Attack(before, after, regions), attacked) == []
