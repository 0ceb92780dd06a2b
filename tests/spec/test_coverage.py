"""Coverage of inhabitants, listed persons and SÄBO residents (contract, section 3)."""

from datetime import date

import polars as pl
import pytest

from pipelines.indicators.care_markings import marking_counts
from pipelines.indicators.coverage import (
    coverage_quality,
    coverage_table,
    inhabitants_counts,
    listed_in_several_regions,
    population_counts,
    resident_counts,
    sabo_counts,
)
from pipelines.indicators.markings import marked_persons
from pipelines.indicators.region_month import RegionMonth
from schemas.statistics import COVERAGE
from schemas.validation import keep_contract
from tests.spec import texts
from tests.spec.texts import collected, lazy

DAY = date(2025, 11, 30)
ALL = frozenset({"units", "listings", "physicians", "care_contacts", "care_markings"})


def month(region_code: str, deliveries: frozenset[str] = ALL) -> RegionMonth:
    return RegionMonth(region_code, "2025-11", DAY, deliveries, 19, 19, None)


def inhabitants(people: str) -> list[tuple[object, ...]]:
    """(region, municipality, age group, persons, named)."""
    listed = texts.people(people)
    by_region = [
        collected(resident_counts(lazy(of_region)))
        for of_region in listed.partition_by("region_code")
    ]
    several = collected(listed_in_several_regions(lazy(listed)))
    counted = collected(inhabitants_counts(lazy(pl.concat(by_region)), lazy(several)))
    columns = ("region_code", "municipality", "age_group", "persons", "named_reported")
    return sorted(counted.select(columns).rows(), key=str)


def test_residence_is_the_municipality_given_else_the_region_of_listing() -> None:
    found = inhabitants(
        """
        person     identity_kind     region_code residence_municipality protected named_reported
        here       personnummer      19          1980                   no        yes
        elsewhere  personnummer      19          1880                   no        yes
        missing    personnummer      19          -                      no        no
        hidden     personnummer      19          -                      yes       yes
        moved60    samordningsnummer 19          1980                   no        yes
        reserve    reserve           19          1980                   no        yes
        """
    )
    assert found == [
        ("18", "1880", "45-64", 1, 1),
        ("19", "1980", "45-64", 1, 1),
        ("19", None, "45-64", 2, 1),
    ]


def test_a_person_listed_in_several_regions_is_one() -> None:
    # anna: the later listing (18) gives the age; it has no residence, so 19's is used.
    found = inhabitants(
        """
        person region_code unit_id valid_from residence_municipality age_group named_reported
        anna   19          A       2020-01-01 1981                   65-74     yes
        anna   18          B       2024-01-01 -                      45-64     no
        """
    )
    assert found == [("19", "1981", "45-64", 1, 1)]


def test_listed_in_several_regions_and_resident_in_none() -> None:
    """The first listing's region, no municipality."""
    found = inhabitants(
        """
        person region_code unit_id valid_from residence_municipality
        anna   19          A       2020-01-01 -
        anna   18          B       2024-01-01 -
        """
    )
    assert found == [("18", None, "45-64", 1, 0)]


def test_of_equal_dates_the_smallest_unit_is_first() -> None:
    found = inhabitants(
        """
        person region_code unit_id valid_from residence_municipality age_group
        anna   19          B       2024-01-01 1980                   65-74
        anna   18          A       2024-01-01 1880                   45-64
        """
    )
    assert found == [("18", "1880", "45-64", 1, 0)]


def test_protected_in_any_region_counts_in_the_region_of_the_first_listing() -> None:
    found = inhabitants(
        """
        person region_code unit_id valid_from residence_municipality protected
        anna   19          A       2024-01-01 1880                   no
        anna   17          B       2020-01-01 -                      yes
        """
    )
    assert found == [("19", None, "45-64", 1, 0)]


def sabo(marked: str, people: str = "", dead_or_protected: str = "") -> list[tuple[object, ...]]:
    """(region, municipality, persons, named)."""
    counted = collected(
        sabo_counts(
            lazy(texts.marked(marked)),
            lazy(texts.people(people)),
            lazy(texts.dead_or_protected(dead_or_protected)),
        )
    )
    columns = ("region_code", "municipality", "persons", "named_reported")
    return sorted(counted.select(columns).rows(), key=str)


def test_sabo_residents_have_main_care_at_a_sabo_and_need_not_be_listed() -> None:
    marked = """
        person  setting      main_care_at_setting
        anna    sabo         yes
        bo      sabo         no
        cia     hemsjukvard  yes
        dan     sabo         yes
        """
    people = "person region_code named_reported\nanna 18 yes\nbo 19 yes\ncia 19 yes"
    assert sabo(marked, people) == [("19", "1980", 2, 1)]


def test_of_several_municipalities_the_latest_marking_then_the_smallest_code() -> None:
    assert sabo(
        """
        person  municipality  valid_from
        anna    1980          2024-01-01
        anna    1981          2025-01-01
        bo      1983          2025-01-01
        bo      1982          2025-01-01
        """
    ) == [("19", "1981", 1, 0), ("19", "1982", 1, 0)]


def test_only_markings_with_main_care_at_the_setting_say_which_municipality() -> None:
    """anna's newest is for 1981, but her main care is at the one in 1980."""
    assert sabo(
        """
        person  municipality  valid_from  main_care_at_setting
        anna    1980          2020-01-01  yes
        anna    1981          2025-01-01  no
        """
    ) == [("19", "1980", 1, 0)]


def test_a_resident_is_named_in_whichever_region_the_listing_is() -> None:
    """anna is listed in 17 and 18, named in 18 only; bo's named listing is a reserve identity's."""
    marked = "person municipality\nanna 1980\nbo 1980"
    people = """
        person  region_code  identity_kind  named_reported
        anna    17           personnummer   no
        anna    18           personnummer   yes
        bo      19           reserve        yes
        """
    assert sabo(marked, people) == [("19", "1980", 2, 1)]


def test_two_regions_that_mark_the_same_person_mark_one() -> None:
    """The later marking gives the municipality; of the same municipality and day there is one."""
    marked = """
        person  region_code  municipality  valid_from
        anna    18           1880          2024-01-01
        anna    19           1980          2025-01-01
        bo      18           1880          2024-01-01
        bo      19           1880          2024-01-01
        """
    assert sabo(marked) == [("18", "1880", 1, 0), ("19", "1980", 1, 0)]


def test_the_region_is_the_municipalitys_whoever_delivered_the_marking() -> None:
    assert sabo("person region_code municipality\nanna 18 1980") == [("19", "1980", 1, 0)]


def test_known_dead_are_left_out_on_the_date_of_the_markings_region() -> None:
    marked = """
        person  reference_date  identity_kind
        dead    2025-11-30      personnummer
        later   2025-11-30      personnummer
        early   2025-11-15      personnummer
        res     2025-11-30      reserve
        """
    dead = """
        person  region_code  deceased_on
        dead    18           2025-11-30
        later   18           2025-12-01
        early   18           2025-11-16
        res     18           2025-01-01
        """
    assert sabo(marked, dead_or_protected=dead) == [("19", "1980", 3, 0)]


def test_protected_by_any_listing_or_marking_means_no_municipality() -> None:
    # cia is protected by her marking for hemsjukvard; marked_persons carries that to every row.
    markings = texts.markings(
        """
        person  setting      protected_identity
        anna    sabo         -
        bo      sabo         -
        cia     sabo         -
        cia     hemsjukvard  yes
        """,
        birth_date=date(1940, 1, 1),
    )
    marked = marked_persons(lazy(markings), region_code="19", reference_date=DAY)
    facts = texts.dead_or_protected("person region_code protected\nbo 18 yes\nx 19 yes")
    counted = collected(sabo_counts(marked, lazy(texts.people()), lazy(facts)))
    found = counted.select("municipality", "age_group", "persons").rows()
    assert sorted(found, key=str) == [("1980", "85+", 1), (None, "85+", 2)]


def test_the_same_reserve_identity_marked_by_two_regions_is_two_persons() -> None:
    marked = """
        person  identity_kind  region_code  municipality
        res     reserve        18           1880
        res     reserve        19           1980
        anna    personnummer   18           1880
        anna    personnummer   19           1880
        """
    people = "person identity_kind named_reported\nres reserve yes"
    assert sabo(marked, people) == [("18", "1880", 2, 0), ("19", "1980", 1, 0)]


def test_markings_that_hold_by_source_and_setting() -> None:
    markings = texts.markings(
        """
        person  source  setting  main_care_at_setting  valid_from  valid_to
        anna    cosmic  sabo     no                    2024-01-01  -
        anna    1980    sabo     yes                   2023-01-01  -
        bo      1980    sabo     yes                   2024-01-01  2025-11-29
        cia     1980    sabo     yes                   2025-12-01  -
        """
    )
    rows = collected(marked_persons(lazy(markings), region_code="19", reference_date=DAY))
    assert rows.select("in_cosmic", "in_municipal_list", "main_care_at_setting").rows() == [
        (True, True, True)
    ]
    # The newest marking with main care, not the newest of all.
    assert rows["valid_from"].to_list() == [date(2023, 1, 1)]


def test_care_markings_count_once_per_area_and_source() -> None:
    marked = """
        person  municipality  in_cosmic  in_municipal_list
        anna    1980          yes        no
        anna    1981          no         yes
        bo      1980          yes        yes
        dead    1980          yes        no
        far     1880          yes        no
        """
    counted = collected(
        marking_counts(
            lazy(texts.marked(marked)),
            lazy(texts.dead_or_protected("person region_code deceased_on\ndead 19 2025-01-01")),
            region_months=[month("19"), month("18", frozenset({"listings"}))],
        )
    )
    columns = ("area_code", "cosmic", "municipality", "both", "any")
    assert sorted(counted.select(columns).rows()) == [
        ("00", 2, 2, 2, 2),
        ("19", 2, 2, 2, 2),
        ("1980", 2, 1, 1, 2),
        ("1981", 0, 1, 0, 1),
    ]


COUNTS = """
population   region_code municipality sex   age_group persons named_reported named_national
inhabitants  19          1980         women 45-64     80      60             40
inhabitants  19          -            men   65-74     2       1              0
inhabitants  18          1880         women 45-64     50      50             50
sabo         19          1980         women 85+       10      9              8
sabo         19          1980         -     -         1       0              0
"""
POPULATION = """
region_code municipality sex   age_group persons
19          1980         women 45-64     100
19          1980         men   65-74     100
18          1880         women 45-64     40
17          1715         women 45-64     30
"""
LISTED = """
region_code unit_id sex   age_group listed named_reported named_national named_regional
19          A       women 45-64     70     60             40             40
19          -       women 45-64     2      2              2              2
18          B       women 45-64     60     50             50             50
"""
NAMES = "region_code unit_id unit_name\n19 A Vårdcentralen"


def coverage(*months: RegionMonth) -> pl.DataFrame:
    table = coverage_table(
        texts.counts(texts.COVERAGE_COUNTS, COUNTS),
        texts.counts(texts.LISTED_COUNTS, LISTED),
        texts.counts(texts.POPULATION_COUNTS, POPULATION),
        texts.counts(texts.UNIT_NAMES, NAMES),
        list(months) or [month("19"), month("18")],
    )
    return keep_contract(table, COVERAGE)


def cell(table: pl.DataFrame, area_code: str, population: str, **key: str) -> tuple[object, ...]:
    """(numerator, denominator, status); where nothing is said: reported, all, all."""
    key = {"definition": "reported", "sex": "all", "age_group": "all"} | key
    key |= {"area_code": area_code, "population": population}
    row = table.row(
        by_predicate=pl.all_horizontal(pl.col(n) == v for n, v in key.items()), named=True
    )
    return row["numerator"], row["denominator"], row["status"]


def test_inhabitants_against_the_population_of_the_regions_that_count() -> None:
    table = coverage()
    assert cell(table, "19", "inhabitants") == (61, 200, "ok")
    assert cell(table, "1980", "inhabitants") == (60, 200, "ok")
    assert cell(table, "19", "inhabitants", sex="men", age_group="65-74") == (1, 100, "ok")
    # 50 of 40: a numerator above its denominator; the nation still sums the raw numbers.
    assert cell(table, "18", "inhabitants") == (None, None, "undefined")
    assert cell(table, "00", "inhabitants") == (111, 240, "ok")


def test_residents_of_a_region_that_does_not_report_are_not_counted() -> None:
    """Three persons listed in 19 live in 17, which does not report: not in any numerator."""
    counts = (
        COUNTS + "inhabitants  17          1715         women 45-64     3       3              3\n"
    )
    table = coverage_table(
        texts.counts(texts.COVERAGE_COUNTS, counts),
        texts.counts(texts.LISTED_COUNTS, LISTED),
        texts.counts(texts.POPULATION_COUNTS, POPULATION),
        texts.counts(texts.UNIT_NAMES, NAMES),
        [month("19"), month("18")],
    )
    assert cell(table, "00", "inhabitants") == (111, 240, "ok")
    assert cell(table, "17", "inhabitants") == (None, None, "not_reported")
    assert "1715" not in table["area_code"]


def test_nobody_named_and_everybody_named_are_shares() -> None:
    """0 of 2 is 0 per cent and 2 of 2 is 100, with bounds that keep within."""
    counts = texts.counts(
        texts.LISTED_COUNTS, "region_code unit_id sex age_group listed named_reported\n"
        "19 A women 45-64 2 2\n19 A men 45-64 2 0"
    )  # fmt: skip
    table = coverage_table(
        texts.counts(texts.COVERAGE_COUNTS),
        counts,
        texts.counts(texts.POPULATION_COUNTS),
        texts.counts(texts.UNIT_NAMES, NAMES),
        [month("19")],
    )
    rows = table.filter(
        pl.col("area_code") == "19",
        pl.col("population") == "listed",
        pl.col("definition") == "reported",
        pl.col("age_group") == "45-64",
        pl.col("sex") != "all",
    )
    found = {row["sex"]: row for row in rows.to_dicts()}
    assert (found["men"]["share"], found["men"]["ci_low"]) == (0, 0)
    assert (found["women"]["share"], found["women"]["ci_high"]) == (1, 1)
    # n = 2, z = 1.96: 3.8416/(2 + 3.8416) = 0.6576.
    assert found["men"]["ci_high"] == pytest.approx(0.6576, abs=5e-5)
    assert found["women"]["ci_low"] == pytest.approx(1 - 0.6576, abs=5e-5)


def test_a_numerator_above_its_denominator_is_a_data_quality_figure() -> None:
    quality = coverage_quality(
        texts.counts(texts.COVERAGE_COUNTS, COUNTS),
        texts.counts(texts.LISTED_COUNTS, LISTED),
        texts.counts(texts.POPULATION_COUNTS, POPULATION),
        texts.counts(texts.UNIT_NAMES, NAMES),
        [month("19"), month("18")],
    )
    sums = {row["region_code"]: row["numerator"] for row in quality.to_dicts()}
    # 18, reported and national: municipality 1880, and the region's women/all × 45-64/all.
    assert sums["18"] == 2 * 5
    assert sums["19"] == 0
    # Every cell of 18 that is reported: 21 of the region and one of municipality 1880, of the three
    # definitions. The nation's own 21 are not above.
    cells = {row["region_code"]: row["denominator"] for row in quality.to_dicts()}
    assert cells == {"00": 63, "18": 66, "19": 66}
    assert sums["00"] == 0
    told = set(quality.select("delivery", "metric").rows())
    assert told == {("population", "numerator_above_denominator")}


def test_unknown_sex_and_age_count_only_in_all() -> None:
    table = coverage()
    assert cell(table, "19", "sabo") == (9, 11, "ok")
    assert cell(table, "19", "sabo", sex="women") == (9, 10, "ok")
    assert cell(table, "19", "sabo", age_group="85+") == (9, 10, "ok")
    assert cell(table, "19", "sabo", sex="men") == (None, None, "undefined")


def test_listed_counts_protected_persons_in_the_region_only() -> None:
    table = coverage()
    assert cell(table, "A", "listed") == (60, 70, "ok")
    assert cell(table, "19", "listed") == (62, 72, "ok")
    assert cell(table, "00", "listed") == (112, 132, "ok")


def test_what_a_region_lacks_is_not_reported_and_left_out_of_the_nation() -> None:
    table = coverage(month("19"), month("18", frozenset({"listings", "units"})))
    assert cell(table, "18", "listed") == (50, 60, "ok")
    assert cell(table, "18", "listed", definition="national") == (None, None, "not_reported")
    assert cell(table, "B", "listed", definition="national") == (None, None, "not_reported")
    assert cell(table, "00", "listed", definition="national") == (42, 72, "ok")
    assert cell(table, "18", "sabo") == (None, None, "not_reported")
    without_units = coverage(month("19"), month("18", frozenset({"listings", "physicians"})))
    assert cell(without_units, "18", "inhabitants") == (None, None, "not_reported")
    assert cell(without_units, "00", "inhabitants") == (61, 200, "ok")


def test_without_a_population_inhabitants_are_not_reported_but_the_others_are() -> None:
    """Region 20 reports, but the register of the population has nobody in it."""
    table = coverage(month("19"), month("20"))
    assert cell(table, "20", "inhabitants") == (None, None, "not_reported")
    assert cell(table, "20", "listed") == (None, None, "undefined")
    assert cell(table, "20", "sabo") == (None, None, "undefined")


def test_what_is_undefined_keeps_its_names_and_dates() -> None:
    undefined = coverage().filter(pl.col("status") == "undefined", pl.col("area_code") == "18")
    assert undefined.height > 0
    assert set(undefined["reference_date"]) == {DAY}
    assert set(undefined["area_name"]) == {"Örebro län"}
    assert set(undefined["month"]) == {"2025-11"}
    silent = coverage().filter(pl.col("area_code") == "17")
    assert set(silent["area_name"]) == {"Värmlands län"}


def test_the_rows_of_the_table() -> None:
    table = coverage()
    rows = table.group_by("level", "population").len()
    found = {(level, population): count for level, population, count in rows.rows()}
    # 21 combinations × 3 definitions; of 19 silent regions one row each per definition.
    assert found["nation", "listed"] == 63
    assert found["region", "sabo"] == 2 * 63 + 19 * 3
    assert found["municipality", "inhabitants"] == 2 * 3
    assert found["unit", "listed"] == 2 * 3
    silent = table.filter(pl.col("area_code") == "17")
    assert silent.height == 9
    assert set(silent["status"]) == {"not_reported"}
    assert set(silent["reference_date"]) == {None}


def test_when_no_region_reports_the_nation_is_not_reported() -> None:
    silent = RegionMonth("19", "2025-11", None, frozenset(), 0, 0, None)
    assert cell(coverage(silent), "00", "listed") == (None, None, "not_reported")


def test_wilson_interval() -> None:
    # 60 of 70 with z = 1.96, by hand: centre (60 + 1.9208)/73.8416, half-width
    # 1.96·√(60·10/70 + 0.9604)/73.8416.
    row = coverage().row(
        by_predicate=(pl.col("area_code") == "A") & (pl.col("definition") == "reported"), named=True
    )
    centre, half = (60 + 1.9208) / 73.8416, 1.96 * (600 / 70 + 0.9604) ** 0.5 / 73.8416
    assert row["ci_low"] == pytest.approx(centre - half)
    assert row["ci_high"] == pytest.approx(centre + half)


def test_population_counts_by_age_group() -> None:
    population = texts.population(
        """
        municipality  sex    age  count
        1980          women  0    1
        1980          women  18   5
        1980          women  19   7
        1980          men    100  2
        """
    )
    counted = collected(population_counts(lazy(population)))
    found = counted.select("region_code", "sex", "age_group", "persons").rows()
    assert sorted(found) == [
        ("19", "men", "85+", 2),
        ("19", "women", "0-18", 6),
        ("19", "women", "19-44", 7),
    ]
