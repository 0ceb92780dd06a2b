"""The cell-key method: noise that is always the same, and what an attacker makes of it."""

from collections.abc import Iterator

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.indicators.intervals import wilson_bounds
from pipelines.publication.disclosure import DisclosureSettings, OnOnePhysician, perturb
from pipelines.publication.disclosure.cell_keys import cell_key_secret, keys_of, names_of
from pipelines.publication.disclosure.grid import BREAKDOWN, MISSING, Areas
from schemas import codes
from schemas.disclosure_rules import DISCLOSURE_RULES
from schemas.statistics import statistics_table
from tests.disclosure.test_attack import MONTH, Tables, country
from tests.disclosure.unit_regions import unit_regions

RULES = DisclosureSettings(method="perturbation")
SECRET = cell_key_secret("k" * 64)
MOST = RULES.most_noise


def perturbed(
    tables: Tables,
    regions: dict[str, str],
    on_one: frozenset[str] = frozenset(),
    *,
    month: str = MONTH,
    secret: str = SECRET,
) -> Tables:
    units = OnOnePhysician(frozenset((month, unit) for unit in on_one))
    return perturb(tables, RULES, units, unit_regions(regions, month), secret, wilson_bounds)


@pytest.fixture(scope="module")
def of_country() -> tuple[Tables, Tables, dict[str, str], frozenset[str]]:
    """A random country before and after, its units' regions, and who rests on one physician."""
    tables, regions, _ = country(5, 150)
    on_one = frozenset(["17U0"])
    return tables, perturbed(tables, regions, on_one), regions, on_one


def numbers(before: Tables, after: Tables) -> Iterator[tuple[pl.Series, pl.Series]]:
    """True and published numbers of persons, column by column, of the rows that are published."""
    for rule in DISCLOSURE_RULES:
        true, published = before[rule.table], after[rule.table]
        for column in rule.persons:
            there = published[column].is_not_null()
            yield true[column].filter(there), published[column].filter(there)


def test_no_number_is_far_from_the_true_one_nor_small(of_country) -> None:
    before, after, _, _ = of_country
    changed = 0
    for true, published in numbers(before, after):
        assert (published - true).abs().max() <= MOST
        assert published.filter(true == 0).to_list() == [0] * int((true == 0).sum())
        assert not published.is_between(1, RULES.threshold - 1).any()
        assert (published >= 0).all()
        changed += int((published != true).sum())
    assert changed > 100


def test_the_same_number_has_the_same_noise_in_every_table(of_country) -> None:
    _, after, _, _ = of_country
    place = ["level", "area_code"]
    listed = after["coverage"].filter(
        population="listed", definition="reported", sex="all", age_group="all", status="ok"
    )
    for table, named in (("list_load", "named"), ("list_kinds", "persons")):
        rows = after[table].filter(status="ok")
        rows = rows.filter(kind="named") if "kind" in rows.columns else rows
        both = listed.join(rows, on=place, suffix=":other")
        assert both.height > 3
        assert both["denominator"].equals(both["listed"], check_names=False)
        assert both["numerator"].equals(both[named], check_names=False)


def test_the_same_noise_in_every_release_and_month_and_order_of_rows(of_country) -> None:
    before, after, regions, on_one = of_country
    later = {
        name: frame.with_columns(month=pl.lit("2026-03")) if "month" in frame.columns else frame
        for name, frame in before.items()
    }
    again = perturbed(
        {name: frame[::-1] for name, frame in later.items()}, regions, on_one, month="2026-03"
    )
    for name, frame in after.items():
        assert (
            again[name][::-1].drop("month", strict=False).equals(frame.drop("month", strict=False))
        )


def test_another_key_gives_other_noise(of_country) -> None:
    before, after, regions, on_one = of_country
    other = perturbed(before, regions, on_one, secret=cell_key_secret("j" * 64))
    assert not other["coverage"].equals(after["coverage"])


def test_shares_are_of_the_published_numbers_and_at_most_1(of_country) -> None:
    _, after, _, _ = of_country
    rows = after["coverage"].filter(status="ok")
    assert (rows["numerator"] <= rows["denominator"]).all()
    assert rows["share"].equals(rows["numerator"] / rows["denominator"], check_names=False)
    assert (rows["ci_low"] <= rows["share"]).all()
    visits = after["own_physician"].filter(status="ok")
    assert (visits["own_visits"] <= visits["visits"]).all()
    assert (visits["visits"] >= visits["persons"]).all()
    for table, part, whole in (
        ("list_load", "named", "listed"),
        ("list_kinds", "persons", "listed"),
        ("definition_comparison", "numerator", "denominator"),
    ):
        frame = after[table].filter(status="ok")
        assert (frame[part] <= frame[whole]).all()


def test_public_numbers_have_no_noise(of_country) -> None:
    before, after, _, _ = of_country
    shown = (
        after["coverage"]
        .with_columns(true=before["coverage"]["denominator"])
        .filter(population="inhabitants", status="ok")
    )
    assert shown.height > 50
    assert shown["denominator"].equals(shown["true"], check_names=False)
    assert shown["denominator"].min() >= RULES.threshold


def test_what_stays_suppressed(of_country) -> None:
    before, after, _, on_one = of_country
    true, shown = before["continuity"], after["continuity"]
    few = (true["status"] == "ok") & (true["persons"] < RULES.threshold)
    assert few.any()
    assert set(shown.filter(few)["status"]) == {"suppressed"}
    assert on_one
    for rule in DISCLOSURE_RULES:
        frame = after[rule.table]
        if "level" in frame.columns:
            units = frame.filter(pl.col("area_code").is_in(sorted(on_one)))
            assert "ok" not in set(units["status"])


def test_continuity_follows_the_published_persons(of_country) -> None:
    before, after, _, _ = of_country
    rows = after["continuity"].filter(status="ok")
    assert (rows["visits"] >= rows["persons"] * rows["min_visits"]).all()
    half = codes.Z * rows["sd"] / rows["persons"].cast(pl.Float64).sqrt()
    assert (rows["mean"] - half - rows["ci_low"]).abs().max() < 1e-12
    assert rows["mean"].is_between(0, 1).all()
    true = before["continuity"].filter(after["continuity"]["status"] == "ok")
    # As much as the greatest noise of persons who are one standard deviation away.
    away = (rows["mean"] - true["mean"]).abs() - MOST * true["sd"] / true["persons"]
    assert away.max() < 1e-4
    assert (rows["mean"] != true["mean"]).mean() > 0.3


def place(level: list[str], code: list[str], region: list[int]) -> Areas:
    return Areas(level, code, np.array(region, dtype=np.int64))


def test_the_same_persons_have_one_name() -> None:
    """A region with women alone, in one unit and one age group, all with a named physician."""
    areas = place(["nation", "region", "region", "unit"], ["00", "19", "20", "U"], [0, 0, 0, 1])
    values = np.full((2, areas.cells), MISSING, dtype=np.int64)
    nation, region, other, unit = 0, BREAKDOWN, 2 * BREAKDOWN, 3 * BREAKDOWN
    women, men, old = 7, 14, 6  # Both sexes first, then women and men; seven ages each.
    values[:, [nation, region, other, unit]] = [[12, 7, 5, 7], [12, 7, 4, 7]]
    values[:, [region + women, region + men, region + old]] = [[7, 0, 7], [7, 0, 7]]
    names = np.array(names_of(["listed", "named"], areas, values, [(0, 1)])).reshape(values.shape)
    same = {
        names[0, region],
        names[0, unit],
        names[0, region + women],
        names[0, region + old],
        names[1, region],
        names[1, unit],
    }
    assert same == {"listed|region|19|all|75-84"} or len(same) == 1
    assert names[0, nation] == names[1, nation]
    # 5 and 4 are other persons, as are 7 and 12; nobody has the name of somebody.
    assert names[0, other] != names[1, other]
    assert len({names[0, nation], names[0, other], names[1, other], *same}) == 4
    assert names[0, region + men] not in same


@given(st.lists(st.text("ab|0", min_size=1), min_size=1, max_size=5))
@settings(max_examples=20)
def test_a_key_is_of_its_text_alone(texts: list[str]) -> None:
    keys = keys_of(pl.Series(texts), SECRET)
    assert keys.tolist() == [keys_of(pl.Series([each]), SECRET)[0] for each in texts]
    assert ((keys >= 0) & (keys < 2**32)).all()


def test_noise_is_0_on_the_average() -> None:
    """20,000 numbers: the mean's standard error is √3 / √20,000 = 0.012."""
    keys = keys_of(pl.Series([f"count|{number}" for number in range(20_000)]), SECRET)
    for count in (2, 5, 7, 1000):
        noise = RULES.perturbation_table.deviation(np.full(len(keys), count), keys)
        assert abs(noise.mean()) < 0.08
        wanted = sum(
            by * by * share for by, share in RULES.perturbation_table.probabilities(count).items()
        )
        assert noise.var() == pytest.approx(wanted, rel=0.05)


def rows_of(table: str, areas: dict[str, dict[str, object]]) -> pl.DataFrame:
    """Rows of the nation and regions; what is not told is missing."""
    schema = statistics_table(table).polars_schema()
    rows = [
        dict.fromkeys(schema)
        | {"month": MONTH, "level": "nation" if code == "00" else "region", "area_code": code}
        | {"status": "ok"}
        | values
        for code, values in areas.items()
    ]
    return pl.DataFrame(rows, schema=schema)


def test_no_part_is_greater_than_its_whole() -> None:
    """Of 20 listed 19 have a physician: noise alone would exceed the 20 in every third region."""
    regions = {f"{number:02}": {"listed": 20, "named": 19} for number in range(1, 41)}
    loads = rows_of("list_load", {"00": {"listed": 800, "named": 760}, **regions})
    loads = loads.with_columns(capacity=pl.lit(30.5))
    published = perturbed({"list_load": loads}, {})["list_load"]
    assert set(published["capacity"]) == {30.5}
    assert (published["named"] <= published["listed"]).all()
    assert (published["named"] < 19).any()
    assert (published["named"] > 20).any()


def test_a_nation_of_fewer_regions_is_a_number_of_its_own() -> None:
    """One region alone has a load: its listed persons are the nation's there, nowhere else."""
    load = {"listed": 400, "named": 0}
    contacts = {
        code: {"kind": "1", "persons": listed // 10, "listed": listed}
        for code, listed in (("00", 900), ("19", 400), ("20", 500))
    }
    published = perturbed(
        {
            "list_load": rows_of("list_load", {"00": load, "19": load}),
            "fixed_contacts": rows_of("fixed_contacts", contacts),
        },
        {},
    )
    nation, region, _ = published["fixed_contacts"]["listed"]
    assert published["list_load"]["listed"].to_list() == [region, region]
    assert abs(nation - 900) <= MOST


def test_a_part_is_not_cut_to_a_nation_of_fewer_regions() -> None:
    """19 has no load: its 100 on locums' lists are no part of 20's 50 who are named."""
    kinds = {
        code: {"kind": "locum", "persons": persons, "listed": 2 * persons}
        for code, persons in (("00", 130), ("19", 100), ("20", 30))
    }
    loads = {code: {"listed": 60, "named": 50} for code in ("00", "20")}
    published = perturbed(
        {"list_load": rows_of("list_load", loads), "list_kinds": rows_of("list_kinds", kinds)}, {}
    )
    assert abs(published["list_kinds"]["persons"][0] - 130) <= MOST


# The attacker


def grid_of_listed(tables: Tables) -> np.ndarray:
    """Listed persons of the nation and its regions, [area, sex, age]; all first."""
    rows = tables["coverage"].filter(
        pl.col("level").is_in(["nation", "region"]),
        pl.col("status") != "not_reported",
        population="listed",
        definition="reported",
    )
    order = {"all": ""}
    rows = rows.with_columns(
        pl.col("sex", "age_group").replace(order), persons=pl.col("denominator").fill_null(0)
    ).sort("area_code", "sex", "age_group")
    return rows["persons"].to_numpy().reshape(-1, 3, 7)


def all_sums(shape: tuple[int, ...]) -> np.ndarray:
    """Which women and men of an age group and region each number adds up."""
    inner = [(a, s, g) for a in range(1, shape[0]) for s in (1, 2) for g in range(1, 7)]
    return np.array(
        [
            [a in (0, i) and s in (0, j) and g in (0, k) for i, j, k in inner]
            for a, s, g in np.ndindex(shape)
        ],
        dtype=float,
    )


def best_guess(published: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """Least squares over everything that sums: nation and regions, both sexes, all ages.

    He knows how many have no sex or age that can be read (`rest`), as nobody does.
    """
    matrix = all_sums(published.shape)
    found = np.linalg.lstsq(matrix, (published - rest).ravel(), rcond=None)[0]
    return (matrix @ found).reshape(published.shape) + rest


def test_averaging_over_all_that_sums_does_not_find_numbers(of_country) -> None:
    before, after, _, _ = of_country
    true, published = grid_of_listed(before), grid_of_listed(after)
    summed = all_sums(true.shape) @ true[1:, 1:, 1:].ravel()
    rest = true - summed.reshape(true.shape)
    assert np.abs(best_guess(true, rest) - true).max() < 1e-6  # Without noise he knows it all.
    shown = true > 0
    found = (np.rint(best_guess(published, rest)) == true)[shown].mean()
    assert found < 0.45
    assert found < (published == true)[shown].mean() + 0.2


def persons_by_means(rows: pl.DataFrame) -> np.ndarray:
    """How many women there are, worked out of the means of women, men and both."""
    key = [name for name in statistics_table("continuity").key if name not in ("month", "sex")]
    wide = rows.pivot("sex", index=key, values=["mean", "persons"]).drop_nulls()
    apart = wide["mean_women"] - wide["mean_men"]
    share = (wide["mean_all"] - wide["mean_men"]) / apart
    is_apart = apart.abs() > 1e-6
    guess = (share * wide["persons_all"]).filter(is_apart)
    return np.abs(guess.to_numpy() - wide["persons_women"].filter(is_apart).to_numpy()) < 0.5


def test_exact_numbers_do_not_follow_from_means(of_country) -> None:
    before, after, _, _ = of_country
    there = after["continuity"]["status"] == "ok"
    true = before["continuity"].filter(there)
    # With the means as they are, and whatever is known of the sum, women follow exactly.
    assert persons_by_means(true).mean() > 0.99
    noisy = after["continuity"].filter(there).with_columns(persons=true["persons"])
    assert persons_by_means(noisy).mean() < 0.3
