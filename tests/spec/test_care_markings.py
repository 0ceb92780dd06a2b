"""Care markings: who is marked, by source, setting and area (contract, section 3)."""

from datetime import date

import polars as pl

from pipelines.indicators.care_markings import care_markings_table, marking_counts
from pipelines.indicators.markings import marked_persons
from pipelines.indicators.region_month import RegionMonth
from schemas import codes
from schemas.parts import MARKING_COUNTS
from schemas.statistics import CARE_MARKINGS
from schemas.validation import keep_contract
from tests.spec import texts
from tests.spec.texts import collected, lazy

DAY = date(2025, 11, 30)
WITH_MARKINGS = frozenset({"listings", "care_markings"})


def month(region_code: str, deliveries: frozenset[str] = WITH_MARKINGS) -> RegionMonth:
    return RegionMonth(region_code, "2025-11", DAY, deliveries, 19, 19, None)


def counts(marked: str, facts: str = "", *months: RegionMonth) -> list[tuple[object, ...]]:
    """(level, area, setting, cosmic, municipality, both, any)."""
    found = collected(
        marking_counts(
            lazy(texts.marked(marked)),
            lazy(texts.dead_or_protected(facts)),
            region_months=list(months) or [month("19"), month("18")],
        )
    )
    return sorted(found.select(MARKING_COUNTS.column_names).rows())


def test_every_setting_counts_whatever_main_care() -> None:
    assert counts(
        """
        person  setting      main_care_at_setting
        anna    sabo         no
        anna    hemsjukvard  yes
        bo      sabo         yes
        """
    ) == [
        (level, area, setting, persons, 0, 0, persons)
        for level, area in (("municipality", "1980"), ("nation", "00"), ("region", "19"))
        for setting, persons in (("hemsjukvard", 1), ("sabo", 2))
    ]


def test_a_protected_person_counts_in_no_municipality() -> None:
    """Protected by the marking (bo), or by a listings row of another region (cia)."""
    marked = """
        person  protected
        anna    no
        bo      yes
        cia     no
        """
    facts = "person region_code protected\ncia 18 yes"
    assert counts(marked, facts) == [
        ("municipality", "1980", "sabo", 1, 0, 0, 1),
        ("nation", "00", "sabo", 3, 0, 0, 3),
        ("region", "19", "sabo", 3, 0, 0, 3),
    ]


def test_the_dead_are_left_out_from_the_day_they_died() -> None:
    facts = """
        person  region_code  deceased_on
        dead    18           2025-11-30
        later   19           2025-12-01
        """
    found = counts("person\ndead\nlater\nanna", facts)
    assert ("nation", "00", "sabo", 2, 0, 0, 2) in found


def test_marked_in_two_municipalities_of_two_regions() -> None:
    """In each municipality and region once, in the nation once; `both` only where both are."""
    assert counts(
        """
        person  region_code  municipality  in_cosmic  in_municipal_list
        anna    19           1980          yes        no
        anna    18           1880          no         yes
        """
    ) == [
        ("municipality", "1880", "sabo", 0, 1, 0, 1),
        ("municipality", "1980", "sabo", 1, 0, 0, 1),
        ("nation", "00", "sabo", 1, 1, 1, 1),
        ("region", "18", "sabo", 0, 1, 0, 1),
        ("region", "19", "sabo", 1, 0, 0, 1),
    ]


def test_the_same_reserve_identity_in_two_regions_is_two_persons() -> None:
    marked = """
        person  identity_kind  region_code  municipality
        res     reserve        18           1880
        res     reserve        19           1980
        """
    assert ("nation", "00", "sabo", 2, 0, 0, 2) in counts(marked)


def test_a_municipality_of_a_region_without_markings_is_not_counted() -> None:
    """18 has marked anna in 1980 and bo in 1780; 17 delivers no markings itself."""
    marked = """
        person  region_code  municipality
        anna    18           1980
        bo      18           1780
        """
    found = counts(marked, "", month("19"), month("18"), month("17", frozenset({"listings"})))
    assert ("nation", "00", "sabo", 1, 0, 0, 1) in found
    assert {area for _, area, *_ in found} == {"00", "19", "1980"}


def test_a_marking_is_judged_on_the_day_with_both_its_ends() -> None:
    markings = texts.markings(
        """
        person  valid_from  valid_to    birth_date  protected_identity
        anna    2025-11-30  -           1940-11-30  -
        bo      2025-12-01  -           1940-11-30  -
        cia     2020-01-01  2025-11-30  1940-12-01  yes
        dan     2020-01-01  2025-11-29  1940-11-30  -
        """
    )
    rows = collected(marked_persons(lazy(markings), region_code="19", reference_date=DAY))
    found = {row["person"]: row for row in rows.to_dicts()}
    assert set(found) == {texts.number("anna"), texts.number("cia")}
    anna, cia = found[texts.number("anna")], found[texts.number("cia")]
    assert (anna["age"], anna["age_group"], anna["protected"]) == (85, "85+", False)
    assert (cia["age"], cia["age_group"], cia["protected"]) == (84, "75-84", True)
    assert (anna["region_code"], anna["reference_date"], anna["sex"]) == ("19", DAY, "women")


def test_the_table_has_every_setting_and_source_and_0_where_nobody_is_marked() -> None:
    counted = texts.frame(
        MARKING_COUNTS,
        """
        level        area_code setting cosmic municipality both any
        municipality 1980      sabo    3      2            1    4
        region       19        sabo    3      2            1    4
        nation       00        sabo    3      2            1    4
        """,
    )
    population = texts.counts(
        texts.POPULATION_COUNTS,
        "region_code municipality sex persons\n19 1980 women 9\n17 1780 women 9",
    )
    months = [month("19"), month("17", frozenset({"listings"}))]
    table = keep_contract(care_markings_table(counted, population, months), CARE_MARKINGS)
    assert table.height == 5 * len(codes.SETTINGS) * len(codes.MARKING_SOURCES)
    found = {
        (row["area_code"], row["setting"], row["source"]): (row["persons"], row["status"])
        for row in table.to_dicts()
    }
    for area in ("1980", "19", "00"):
        by_source = [found[area, "sabo", source] for source in codes.MARKING_SOURCES]
        assert sorted(by_source) == [(1, "ok"), (2, "ok"), (3, "ok"), (4, "ok")]
        assert found[area, "hemsjukvard", "any"] == (0, "ok")
    assert found["1980", "sabo", "cosmic"] == (3, "ok")
    assert found["1980", "sabo", "municipality"] == (2, "ok")
    for area in ("1780", "17"):
        assert {each for key, each in found.items() if key[0] == area} == {(None, "not_reported")}
    names = dict(table.select("area_code", "area_name").iter_rows())
    assert (names["00"], names["1980"]) == ("Riket", "Västerås")
    assert set(table.filter(pl.col("level") != "nation")["reference_date"]) == {DAY}
