"""List load, kinds of lists, fixed contacts, comparison of definitions, reporting."""

from datetime import date

import polars as pl
import pytest

from pipelines.indicators.definition_comparison import definition_comparison_table
from pipelines.indicators.fixed_contacts import fixed_contact_counts, fixed_contacts_table
from pipelines.indicators.list_kinds import list_kinds_table
from pipelines.indicators.list_load import list_load_table, physician_time
from pipelines.indicators.region_month import RegionMonth
from pipelines.indicators.reporting import reporting_table
from pipelines.indicators.unit_physicians import unit_physicians
from schemas import parts, statistics
from schemas.comparability import comparability
from schemas.guidelines import guideline_values
from schemas.rule_sets import rule_sets
from schemas.validation import keep_contract
from tests.spec import texts
from tests.spec.texts import collected, lazy

DAY = date(2025, 11, 30)
ALL = frozenset({"units", "listings", "physicians", "fixed_contacts"})
LISTED = """
region_code unit_id sex   age_group listed named_reported named_national named_vastmanland locum
19          A       women 45-64     1500   900            700            600               30
19          A       men   45-64     500    100            100            100               0
19          -       men   45-64     100    100            100            100               0
17          B       men   45-64     1000   500            500            400               0
18          C       men   45-64     400    100            100            100               0
"""


def month(region_code: str, deliveries: frozenset[str] = ALL) -> RegionMonth:
    return RegionMonth(region_code, "2025-11", DAY, deliveries, 19, 19, None)


MONTHS = [month("19"), month("17"), month("18")]
NAMES = texts.counts(texts.UNIT_NAMES, "region_code unit_id unit_name\n19 A Alfa")


def row(table: pl.DataFrame, area_code: str, **key: str) -> dict[str, object]:
    key |= {"area_code": area_code}
    return table.row(
        by_predicate=pl.all_horizontal(pl.col(n) == v for n, v in key.items()), named=True
    )


def test_guideline_values_in_force() -> None:
    # Gotland and Norrbotten decided the national value; Värmland 1500 from June 2022; ST national.
    for region_code, day, specialist in (
        ("17", date(2022, 5, 31), 1100),
        ("17", date(2022, 6, 1), 1500),
        ("09", date(2022, 6, 1), 1100),
        ("25", date(2022, 8, 1), 1100),
        ("19", date(2025, 1, 1), 1100),
    ):
        values = guideline_values(region_code, day)
        assert (values.guideline_specialist, values.guideline_st) == (specialist, 550)


def test_whose_time_counts() -> None:
    physicians = texts.physicians(
        """
        physician_id specialties   training equivalent_competence employment  fte  valid_to
        D1           allmanmedicin -        no                    tillsvidare 0.8  -
        D2           geriatrik     -        no                    visstid     0.1  -
        D3           other         -        yes                   visstid     0.2  -
        D4           other         -        no                    tillsvidare 1    -
        D5           allmanmedicin -        no                    hyr         1    -
        D6           allmanmedicin ST       no                    visstid     0.5  -
        D7           geriatrik     ST       no                    visstid     1    -
        D8           allmanmedicin BT       no                    tillsvidare 1    -
        D9           allmanmedicin -        no                    tillsvidare 1    2025-11-29
        D10          allmanmedicin -        no                    stafett     1    -
        D11          allmanmedicin -        no                    konsult     1    -
        D12          allmanmedicin AT       yes                   tillsvidare 1    -
        D13          allmanmedicin ST       no                    hyr         1    -
        """
    )
    time = collected(physician_time(lazy(physicians), region_code="19", reference_date=DAY))
    assert time.select("specialist_millionths", "st_millionths").rows() == [(1_100_000, 500_000)]


def test_every_post_adds_its_own_time_at_its_own_unit_on_the_day() -> None:
    physicians = texts.physicians(
        """
        physician_id unit_id specialties             training fte  valid_from  valid_to
        D1           A       allmanmedicin           -        0.5  2020-01-01  2025-11-30
        D1           A       allmanmedicin           -        0.25 2025-11-30  -
        D1           B       barn_och_ungdomsmedicin -        0.2  2020-01-01  -
        D2           A       other|allmanmedicin     ST       0.1  2020-01-01  -
        D3           B       allmanmedicin           ST       0.3  2025-12-01  -
        """
    )
    time = collected(physician_time(lazy(physicians), region_code="19", reference_date=DAY))
    columns = ("region_code", "unit_id", "specialist_millionths", "st_millionths")
    assert sorted(time.select(columns).rows()) == [
        ("19", "A", 750_000, 100_000),
        ("19", "B", 200_000, 0),
    ]


def test_the_guideline_value_is_that_of_the_regions_own_reference_date() -> None:
    """Värmland decided 1500 from 1 June 2022: 900 listed on one specialist are 900/1100 on 31 May
    and 900/1500 on 1 June."""
    time = texts.counts(
        texts.PHYSICIAN_TIME, "region_code unit_id specialist_millionths\n17 B 1000000"
    )
    listed = texts.counts(texts.LISTED_COUNTS, "region_code unit_id sex listed\n17 B women 900")
    for day, guideline in ((date(2022, 5, 31), 1100), (date(2022, 6, 1), 1500)):
        months = [RegionMonth("17", f"{day:%Y-%m}", day, ALL, 19, 19, None)]
        region = row(list_load_table(listed, time, NAMES, months), "17")
        assert (region["guideline_specialist"], region["guideline_st"]) == (guideline, 550)
        assert region["capacity"] == guideline
        assert region["load"] == pytest.approx(900 / guideline)
        assert (region["fte_specialist"], region["fte_st"]) == (1, 0)
        assert region["reference_date"] == day


def test_working_time_and_capacity_stand_as_they_are_written_down() -> None:
    """0.33, not 0.32999999999999996: a published number is the one nearest to the true."""
    time = texts.counts(
        texts.PHYSICIAN_TIME,
        "region_code unit_id specialist_millionths st_millionths\n19 B 330000 4070000",
    )
    listed = texts.counts(texts.LISTED_COUNTS, "region_code unit_id sex listed\n19 B women 900")
    months = [RegionMonth("19", "2025-11", DAY, ALL, 19, 19, None)]
    region = row(list_load_table(listed, time, NAMES, months), "19")
    assert (region["fte_specialist"], region["fte_st"]) == (0.33, 4.07)
    assert region["capacity"] == 2601.5


def test_load_needs_the_physicians_and_the_units_register() -> None:
    time = texts.counts(
        texts.PHYSICIAN_TIME,
        "region_code unit_id specialist_millionths\n19 A 1000000\n17 B 1000000",
    )
    listed = texts.counts(texts.LISTED_COUNTS, LISTED)
    for lacking in ("physicians", "units"):
        months = [month("19"), month("17", ALL - {lacking})]
        table = list_load_table(listed, time, NAMES, months)
        assert row(table, "17")["status"] == "not_reported"
        nation = row(table, "00")
        assert (nation["listed"], nation["capacity"], nation["fte_specialist"]) == (2100, 1100, 1)
        assert nation["specialists_short"] == pytest.approx(1000 / 1100)


def test_load_and_shortage_worked_by_hand() -> None:
    time = texts.counts(
        texts.PHYSICIAN_TIME,
        """
        region_code unit_id specialist_millionths st_millionths
        19          A       1000000               1000000
        19          Z       500000                0
        17          B       500000                0
        """,
    )
    listed = texts.counts(texts.LISTED_COUNTS, LISTED)
    table = list_load_table(listed, time, NAMES, MONTHS)
    keep_contract(table, statistics.LIST_LOAD)
    # Unit A: 1100 + 550 = 1650; 2000 listed, 350 too many for 1100.
    unit = row(table, "A")
    assert (unit["listed"], unit["named"], unit["capacity"]) == (2000, 1000, 1650)
    assert unit["specialists_short"] == pytest.approx(350 / 1100)
    # Region 19: with unit Z (nobody listed) and the protected: 2100 listed, capacity 2200.
    region = row(table, "19")
    assert (region["listed"], region["capacity"], region["specialists_short"]) == (2100, 2200, 0)
    assert region["load"] == pytest.approx(2100 / 2200)
    # Värmland: 1500 · 0.5 = 750; 250 too many for 1500.
    assert row(table, "17")["specialists_short"] == pytest.approx(250 / 1500)
    # 18 has no physicians: undefined there, but in the nation's sums: 400/1100 short.
    assert row(table, "18")["status"] == "undefined"
    assert row(table, "18")["specialists_short"] is None
    nation = row(table, "00")
    assert (nation["listed"], nation["capacity"], nation["guideline_st"]) == (3500, 2950, None)
    assert nation["specialists_short"] == pytest.approx(250 / 1500 + 400 / 1100)


def test_kinds_of_lists_need_the_physicians_register_only_where_they_ask_it() -> None:
    listed = texts.counts(texts.LISTED_COUNTS, LISTED)
    months = [month("19"), month("17", frozenset({"listings", "units"}))]
    table = keep_contract(list_kinds_table(listed, NAMES, months), statistics.LIST_KINDS)
    locum = row(table, "19", kind="locum")
    assert (locum["persons"], locum["listed"]) == (30, 2100)
    assert locum["share"] == pytest.approx(30 / 2100)
    assert row(table, "17", kind="named")["persons"] == 500
    assert row(table, "17", kind="locum")["status"] == "not_reported"
    assert row(table, "00", kind="locum")["listed"] == 2100
    assert row(table, "00", kind="named")["listed"] == 3100


def test_fixed_contacts_that_hold_once_per_kind() -> None:
    contacts = texts.fixed_contacts(
        """
        person  kind  holder_id  valid_from  valid_to
        anna    2     D1         2024-01-01  -
        anna    2     D2         2024-01-01  -
        anna    1     D1         2024-01-01  2025-11-29
        hidden  2     D1         2024-01-01  -
        nolist  2     D1         2024-01-01  -
        """
    )
    people = texts.people("person protected\nanna no\nbo no\nhidden yes")
    counts = collected(fixed_contact_counts(lazy(people), lazy(contacts), reference_date=DAY))
    assert sorted(counts.select("unit_id", "kind", "persons").rows(), key=str) == [
        ("A", "2", 1),
        (None, "2", 1),
    ]
    listed = texts.counts(
        parts.LISTED_COUNTS, "unit_id sex age_group listed\nA women 45-64 2\n- women 45-64 1"
    )
    table = fixed_contacts_table(counts, listed, NAMES, [month("19")])
    keep_contract(table, statistics.FIXED_CONTACTS)
    assert (row(table, "19", kind="2")["persons"], row(table, "19", kind="2")["listed"]) == (2, 3)
    assert row(table, "A", kind="2")["share"] == 0.5
    assert (row(table, "19", kind="1")["persons"], row(table, "19", kind="1")["status"]) == (
        0,
        "ok",
    )


def test_the_four_kinds_are_four_indicators() -> None:
    contacts = texts.fixed_contacts(
        """
        person  kind  holder_id  valid_from  valid_to
        anna    1     D1         2024-01-01  -
        anna    2     D1         2024-01-01  -
        anna    3     D1         2024-01-01  -
        anna    4     D1         2024-01-01  -
        bo      1     D1         2024-01-01  -
        bo      4     D1         2024-01-01  -
        cia     1     D1         2024-01-01  -
        """
    )
    people = texts.people("person\nanna\nbo\ncia\ndan")
    counts = collected(fixed_contact_counts(lazy(people), lazy(contacts), reference_date=DAY))
    listed = texts.counts(parts.LISTED_COUNTS, "unit_id sex age_group listed\nA women 45-64 4")
    table = fixed_contacts_table(counts, listed, NAMES, [month("19")])
    for area in ("00", "19", "A"):
        rows = [row(table, area, kind=kind) for kind in ("1", "2", "3", "4")]
        assert [(each["persons"], each["share"]) for each in rows] == [
            (3, 0.75),
            (1, 0.25),
            (1, 0.25),
            (2, 0.5),
        ]


def test_every_region_under_every_rule_set() -> None:
    listed = texts.counts(texts.LISTED_COUNTS, LISTED)
    table = definition_comparison_table(listed, MONTHS, rule_sets())
    keep_contract(table, statistics.DEFINITION_COMPARISON)
    assert table.height == 21 * len(rule_sets().names)
    assert row(table, "17", rule_set="vastmanland")["numerator"] == 400
    assert row(table, "01", rule_set="reported")["status"] == "not_reported"


def test_reporting_says_who_reports_and_the_share_of_the_population() -> None:
    population = texts.counts(
        texts.POPULATION_COUNTS,
        """
        region_code municipality sex   persons
        19          1980         women 300
        17          1715         men   100
        01          0180         men   400
        """,
    )
    table = reporting_table(
        population, [month("19"), month("17")], parts.QUALITY_SUMS.empty(), comparability()
    )
    keep_contract(table, statistics.REPORTING)
    nation = table.row(0, named=True)
    assert (nation["region_code"], nation["reported"], nation["population"]) == ("00", True, 800)
    assert nation["remarks"] == "2 of 21 regions report; they hold 50.0 per cent of the population."
    silent = table.row(1, named=True)
    assert (silent["region_code"], silent["reported"], silent["contact_months"]) == (
        "01",
        False,
        None,
    )


def test_where_nobody_is_listed_kinds_and_fixed_contacts_are_undefined() -> None:
    nobody = texts.counts(texts.LISTED_COUNTS)
    kinds = list_kinds_table(nobody, NAMES, [month("19")])
    contacts = fixed_contacts_table(
        parts.FIXED_CONTACT_COUNTS.empty(), nobody, NAMES, [month("19")]
    )
    for table in (kinds, contacts):
        assert set(table["level"]) == {"nation", "region"}
        assert set(table["status"]) == {"undefined"}
        assert set(table["persons"]) == {None}


def test_a_fixed_contact_holds_with_both_its_ends() -> None:
    contacts = texts.fixed_contacts(
        """
        person  kind  holder_id  valid_from  valid_to
        anna    3     D1         2025-11-30  -
        bo      3     D1         2025-12-01  -
        cia     3     D1         2020-01-01  2025-11-30
        dan     3     D1         2020-01-01  2025-11-29
        """
    )
    people = texts.people("person\nanna\nbo\ncia\ndan")
    counts = collected(fixed_contact_counts(lazy(people), lazy(contacts), reference_date=DAY))
    assert counts.select("region_code", "unit_id", "kind", "persons").rows() == [
        ("19", "A", "3", 2)
    ]


def test_a_region_without_fixed_contacts_is_left_out_of_the_nation() -> None:
    listed = texts.counts(texts.LISTED_COUNTS, LISTED)
    counts = texts.counts(
        parts.FIXED_CONTACT_COUNTS, "region_code unit_id kind persons\n19 A 2 21\n17 B 2 10"
    )
    months = [month("19"), month("17", ALL - {"fixed_contacts"})]
    table = fixed_contacts_table(counts, listed, NAMES, months)
    assert row(table, "17", kind="2")["status"] == "not_reported"
    nation = row(table, "00", kind="2")
    assert (nation["persons"], nation["listed"], nation["share"]) == (21, 2100, 0.01)


def test_a_unit_that_two_regions_deliver_stands_once_under_the_one_that_has_it() -> None:
    """Unit B is in the register of 18; 17 delivers listings for it too."""
    listed = texts.counts(
        texts.LISTED_COUNTS,
        """
        region_code unit_id sex   listed named_reported
        17          B       women 10     5
        18          B       women 30     6
        """,
    )
    names = texts.counts(texts.UNIT_NAMES, "region_code unit_id unit_name\n18 B Beta")
    table = list_kinds_table(listed, names, [month("17"), month("18")])
    unit = row(table, "B", kind="named")
    assert (unit["area_name"], unit["listed"], unit["persons"]) == ("Beta", 30, 6)
    unnamed = list_kinds_table(listed, NAMES, [month("17"), month("18")])
    unit = row(unnamed, "B", kind="named")
    assert (unit["area_name"], unit["listed"]) == (None, 10)


def test_reporting_names_every_region_and_its_months_of_contacts() -> None:
    population = texts.counts(
        texts.POPULATION_COUNTS,
        """
        region_code municipality sex   persons
        19          1980         women 300
        19          1981         men   1
        17          1715         men   99
        """,
    )
    months = [
        RegionMonth("19", "2025-11", DAY, ALL, 17, 19, "Two months are missing."),
        RegionMonth("18", "2025-11", DAY, ALL, 19, 19, None),
        RegionMonth("17", "2025-11", None, frozenset(), 3, 19, "Refused."),
    ]
    table = reporting_table(population, months, parts.QUALITY_SUMS.empty(), comparability())
    found = {each["region_code"]: each for each in table.to_dicts()}
    assert len(found) == 22
    assert list(found.values()) == sorted(found.values(), key=lambda each: each["region_code"])
    told = ("reported", "population", "contact_months", "contact_months_expected", "remarks")
    assert [found["19"][name] for name in told] == [True, 301, 17, 19, "Two months are missing."]
    assert [found["17"][name] for name in told] == [False, 99, None, None, "Refused."]
    assert [found["18"][name] for name in told] == [True, None, 19, 19, None]
    assert [found["00"][name] for name in told] == [
        True,
        400,
        None,
        None,
        "2 of 21 regions report; they hold 75.2 per cent of the population.",
    ]
    assert {each["month"] for each in found.values()} == {"2025-11"}


def test_without_a_population_register_the_nation_has_no_share_of_it() -> None:
    silent = RegionMonth("19", "2025-11", None, frozenset(), 0, 0, None)
    table = reporting_table(
        texts.counts(texts.POPULATION_COUNTS), [silent], parts.QUALITY_SUMS.empty(), comparability()
    )
    nation = table.row(0, named=True)
    assert (nation["reported"], nation["population"]) == (False, None)
    assert nation["remarks"] == "0 of 21 regions report."


def test_how_many_physicians_a_unit_rests_on() -> None:
    """Every employment and training; two rows of a physician are one; on the day."""
    physicians = texts.physicians(
        """
        physician_id unit_id employment  training valid_from  valid_to
        D1           A       hyr         -        2020-01-01  2025-11-30
        D1           A       tillsvidare -        2025-11-30  -
        D2           A       visstid     AT       2020-01-01  -
        D1           B       konsult     -        2020-01-01  -
        D3           B       tillsvidare -        2025-12-01  -
        D4           C       tillsvidare -        2020-01-01  2025-11-29
        """
    )
    found = collected(unit_physicians(lazy(physicians), region_code="19", reference_date=DAY))
    columns = ("region_code", "unit_id", "physicians")
    assert sorted(found.select(columns).rows()) == [("19", "A", 2), ("19", "B", 1)]


def test_physicians_whose_time_is_the_units_capacity() -> None:
    """A: one specialist, beside a locum and BT. B: a specialist (two rows) and an ST. C: locums."""
    physicians = texts.physicians(
        """
        physician_id unit_id employment  training specialties   fte
        D1           A       tillsvidare -        allmanmedicin 1
        D2           A       hyr         -        allmanmedicin 1
        D3           A       visstid     BT       -             1
        D1           B       visstid     -        allmanmedicin 0.5
        D1           B       tillsvidare -        geriatrik     0.3
        D4           B       visstid     ST       allmanmedicin 1
        D5           C       konsult     -        allmanmedicin 1
        """
    )
    found = collected(unit_physicians(lazy(physicians), region_code="19", reference_date=DAY))
    columns = ("unit_id", "physicians", "physicians_of_capacity")
    assert sorted(found.select(columns).rows()) == [("A", 3, 1), ("B", 2, 2), ("C", 1, 0)]
