"""Which visits count, in what order, and what the indices are (contract, section 3)."""

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import StepFailedError
from pipelines.indicators.contacts import DAY as ROOM_FOR_DAYS
from pipelines.indicators.contacts import (
    MINUTE,
    MINUTES_OF_DAY,
    MOST_PERSONS,
    PROVIDER,
    ListedContacts,
    demand_room,
    listed_contacts,
)
from pipelines.indicators.continuity import continuity_table
from pipelines.indicators.frame import Frame
from pipelines.indicators.index_values import CellCounts, area_index_values, counts_of_areas
from pipelines.indicators.own_physician import own_physician_table, own_visits
from pipelines.indicators.people import listed_counts
from pipelines.indicators.region_month import RegionMonth
from pipelines.indicators.spread import moments, spread
from pipelines.indicators.visit_counts import VisitCounts, region_visit_counts, visit_counts
from pipelines.indicators.visits import (
    missing_providers,
    selected_visits,
    visit_profiles,
    with_selection,
)
from schemas.codes import INDEXES
from schemas.parts import AREA_INDEX_VALUES, OWN_VISITS, VISIT_COUNTS
from schemas.statistics import CONTINUITY
from schemas.validation import keep_contract
from schemas.variants import Variant
from tests.spec import texts
from tests.spec.texts import collected, lazy

DAY = date(2025, 11, 30)
TWO_VISITS = [Variant(18, 2)]
ALL_DELIVERIES = frozenset(
    {"units", "listings", "physicians", "care_contacts", "care_markings", "fixed_contacts"}
)
MONTH = RegionMonth("19", "2025-11", DAY, ALL_DELIVERIES, 19, 19, None)
GOLDEN = Path(__file__).parents[1] / "golden" / "sidaway_lee_2023.csv"


def listed(
    people: pl.DataFrame,
    contacts: pl.DataFrame,
    *,
    reference_date: date = DAY,
    window_months: int = 18,
) -> ListedContacts:
    """The contacts of the listed persons."""
    return listed_contacts(
        lazy(people), lazy(contacts), reference_date=reference_date, window_months=window_months
    )


def visited(found: ListedContacts, variants: Sequence[Variant]) -> Frame:
    """The profiles of the visits."""
    return visit_profiles(found, selected_visits(found.contacts), variants=variants)


def own(found: ListedContacts) -> pl.DataFrame:
    """The visits to the own physician."""
    return collected(own_visits(found, selected_visits(found.contacts)["physician", "any_unit"]))


def profiles(
    contacts: str,
    *,
    series: str = "physician",
    unit_scope: str = "any_unit",
    people: str = "person\nanna",
    variants: Sequence[Variant] = TWO_VISITS,
    reference_date: date = DAY,
) -> list[tuple[int, ...]]:
    """(n, p, sum_of_squares, most, same, persons) of the series and scope."""
    table = with_selection(
        visited(
            listed(
                texts.people(people),
                texts.contacts(contacts),
                reference_date=reference_date,
                window_months=max(variant.window_months for variant in variants),
            ),
            variants=variants,
        )
    )
    chosen = collected(table).filter(pl.col("series") == series, pl.col("unit_scope") == unit_scope)
    return sorted(chosen.select("n", "p", "sum_of_squares", "most", "same", "persons").iter_rows())


def test_one_person_worked_by_hand() -> None:
    # A B A A C: n_A = 3, n_B = 1, n_C = 1; Σ n_j² = 9 + 1 + 1; pairs AB BA AA AC: one is alike.
    visits = """
        person  contact_date  provider_id
        anna    2025-01-01    A
        anna    2025-02-01    B
        anna    2025-03-01    A
        anna    2025-04-01    A
        anna    2025-05-01    C
        """
    assert profiles(visits) == [(5, 3, 11, 3, 1, 1)]


def test_the_window_is_open_below_and_closed_above() -> None:
    # d − 18 months is 2024-05-30.
    visits = """
        person  contact_date  provider_id
        anna    2024-05-30    A
        anna    2024-05-31    B
        anna    2025-11-30    B
        """
    assert profiles(visits) == [(2, 1, 4, 2, 1, 1)]
    visits += "        anna    2025-12-01    C\n"
    assert profiles(visits) == [(2, 1, 4, 2, 1, 1)]


def test_each_window_has_its_own_beginning() -> None:
    """12 months before 30 November 2025 begin after 30 November 2024, 18 after 30 May 2024."""
    visits = texts.contacts(
        """
        person  contact_date  provider_id
        anna    2024-05-30    A
        anna    2024-05-31    B
        anna    2024-11-30    D
        anna    2024-12-01    D
        anna    2025-11-30    D
        """
    )
    table = with_selection(
        visited(
            listed(texts.people("person\nanna"), visits), variants=[Variant(18, 3), Variant(12, 2)]
        )
    )
    chosen = collected(table).filter(
        pl.col("series") == "physician", pl.col("unit_scope") == "any_unit"
    )
    found = sorted(chosen.select("window_months", "n", "p", "same").iter_rows())
    assert found == [(12, 2, 1, 1), (18, 4, 2, 2)]  # D D, and B D D D


def test_the_window_of_31_august_begins_after_the_last_of_february() -> None:
    visits = """
        person  contact_date  provider_id
        anna    2024-02-29    A
        anna    2024-03-01    B
        anna    2025-08-31    C
        """
    assert profiles(visits, reference_date=date(2025, 8, 31)) == [(2, 2, 2, 1, 0, 1)]


def test_several_contacts_with_the_same_provider_on_a_day_are_one_the_earliest() -> None:
    # On 1 March A 08:00, B 09:00, A 10:00: A counts at 08:00, so the order is A B, then A.
    visits = """
        person  contact_date  contact_time  provider_id
        anna    2025-03-01    10:00         A
        anna    2025-03-01    09:00         B
        anna    2025-03-01    08:00         A
        anna    2025-04-01    08:00         A
        """
    assert profiles(visits) == [(3, 2, 5, 2, 0, 1)]


def test_a_missing_time_is_last_of_the_day_and_ties_fall_to_the_provider_id() -> None:
    # 1 March: B 09:00, then A without time; 2 March A: B A A, one pair alike.
    late = """
        person  contact_date  contact_time  provider_id
        anna    2025-03-01    -             A
        anna    2025-03-01    09:00         B
        anna    2025-03-02    09:00         A
        """
    assert profiles(late) == [(3, 2, 5, 2, 1, 1)]
    # A twice on the day, once without time: the known time is the earliest, so A B, then A.
    known = late + "        anna    2025-03-01    08:00         A\n"
    assert profiles(known) == [(3, 2, 5, 2, 0, 1)]
    # The same minute: provider id as text, so P10 goes before P9.
    tie = """
        person  contact_date  contact_time  provider_id
        anna    2025-03-01    09:00         P9
        anna    2025-03-01    09:00         P10
        anna    2025-03-02    09:00         P9
        """
    assert profiles(tie) == [(3, 2, 5, 2, 1, 1)]


def test_series_and_scope_choose_before_contacts_of_a_day_become_one() -> None:
    # The own unit is A. The telephone call at 08:00 is no physician visit, so A's visit on that
    # day is at 10:00, after B's; in all professions A's is the call at 08:00.
    visits = """
        person  contact_date  contact_time  provider_id  unit_id  profession     contact_type
        anna    2025-03-01    08:00         A            A        lakare         telefon
        anna    2025-03-01    10:00         A            A        lakare         mottagning
        anna    2025-03-01    09:00         B            X        lakare         hembesok
        anna    2025-04-01    09:00         A            A        lakare         mottagning
        anna    2025-05-01    09:00         S            A        sjukskoterska  chatt
        """
    assert profiles(visits) == [(3, 2, 5, 2, 1, 1)]  # B A A
    assert profiles(visits, unit_scope="own_unit") == [(2, 1, 4, 2, 1, 1)]  # A A
    all_professions = profiles(visits, series="all_professions")
    assert all_professions == [(4, 3, 6, 2, 0, 1)]  # A B A S
    own_unit = profiles(visits, series="all_professions", unit_scope="own_unit")
    assert own_unit == [(3, 2, 5, 2, 1, 1)]  # A A S


def test_contacts_without_provider_are_left_out_and_counted() -> None:
    visits = texts.contacts(
        """
        person  contact_date  provider_id  profession
        anna    2025-01-01    A            lakare
        anna    2025-02-01    -            lakare
        anna    2025-03-01    A            lakare
        anna    2025-03-01    -            ovrig
        other   2025-03-01    -            lakare
        """
    )
    of_anna = listed(texts.people("person\nanna"), visits)
    assert set(collected(visited(of_anna, variants=TWO_VISITS))["n"]) == {2}
    quality = collected(missing_providers(of_anna)).select("metric", "numerator", "denominator")
    assert sorted(quality.rows()) == [
        ("without_provider_all_professions", 2, 4),
        ("without_provider_physician", 1, 3),
    ]


def test_reserve_identities_never_enter_and_too_few_visits_do_not_count() -> None:
    visits = """
        person  identity_kind  contact_date  provider_id
        res     reserve        2025-01-01    A
        res     reserve        2025-02-01    A
        few     personnummer   2025-02-01    A
        """
    people = "person identity_kind\nres reserve\nfew personnummer"
    assert profiles(visits, people=people) == []


def continuity_parts(
    people: pl.DataFrame, contacts: pl.DataFrame, variants: Sequence[Variant]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A region's visit_counts and area_index_values."""
    contacts_of_listed = listed(people, contacts)
    profiles = visited(contacts_of_listed, variants=variants)
    counts = visit_counts(lazy(collected(profiles)), contacts_of_listed.groups)
    counts = VisitCounts(*(lazy(collected(each)) for each in counts))
    of_areas = CellCounts(*(lazy(collected(each)) for each in counts_of_areas(counts, variants)))
    values = area_index_values(of_areas)
    return (
        keep_contract(collected(region_visit_counts(counts)), VISIT_COUNTS),
        keep_contract(collected(values).sort(AREA_INDEX_VALUES.key), AREA_INDEX_VALUES),
    )


def table_of(
    people: pl.DataFrame, contacts: pl.DataFrame, variants: Sequence[Variant]
) -> pl.DataFrame:
    table = continuity_table(
        *continuity_parts(people, contacts, variants),
        collected(listed_counts(lazy(people))),
        texts.counts(texts.UNIT_NAMES),
        [MONTH],
        variants,
    )
    return keep_contract(table, CONTINUITY)


def cell(table: pl.DataFrame, **key: object) -> dict[str, object]:
    """The one row of a key; where nothing is said: region 19, physician, any_unit, all."""
    key = {
        "level": "region",
        "population": "listed",
        "series": "physician",
        "unit_scope": "any_unit",
        "sex": "all",
        "age_group": "all",
    } | key
    return table.row(
        by_predicate=pl.all_horizontal(pl.col(n) == v for n, v in key.items()), named=True
    )


def golden() -> tuple[pl.DataFrame, pl.DataFrame]:
    """The 20 patients of Sidaway-Lee et al., BJGP 2023;73:279: listed persons and visits."""
    people, visits = ["person physician_id named_reported"], ["person contact_date provider_id"]
    for row in csv.DictReader(GOLDEN.read_text("utf-8").splitlines()):
        people.append(f"{row['patient']} {row['list']} yes")
        for place, provider in enumerate(row["visits"]):
            day = date(2025, 1, 1) + timedelta(days=place)
            visits.append(f"{row['patient']} {day} {provider}")
    return texts.people("\n".join(people)), texts.contacts("\n".join(visits))


def test_golden_values_of_sidaway_lee() -> None:
    people, visits = golden()
    table = table_of(people, visits, [Variant(18, 2), Variant(18, 3)])
    for min_visits, index, mean, persons in (
        (2, "UPC", 0.5741, 18),
        (2, "COC", 0.3194, 18),
        (3, "UPC", 0.5238, 14),
        (3, "COC", 0.2679, 14),
    ):
        found = cell(table, min_visits=min_visits, index=index)
        assert found["mean"] == pytest.approx(mean, abs=0.00005)
        assert found["persons"] == persons
    assert cell(table, min_visits=3, index="COC")["pooled"] == pytest.approx(0.2978, abs=0.00005)
    assert cell(table, min_visits=3, index="UPC")["pooled"] is None


def test_golden_own_physician() -> None:
    people, visits = golden()
    for physician, expected in (("A", (22, 41)), ("B", (17, 41)), (None, (39, 82))):
        chosen = people if physician is None else people.filter(pl.col("physician_id") == physician)
        sums = own(listed(chosen, visits))
        assert sums.select("own_visits", "visits").row(0) == expected
    counts = collected(listed_counts(lazy(people)))
    parts = own(listed(people, visits))
    table = own_physician_table(parts, counts, texts.counts(texts.UNIT_NAMES), [MONTH])
    nation = table.row(by_predicate=(pl.col("level") == "nation") & (pl.col("sex") == "all")
                       & (pl.col("age_group") == "all"), named=True)  # fmt: skip
    assert nation["persons"] == 20
    assert nation["share"] == pytest.approx(0.4756, abs=0.00005)


def test_mean_spread_and_median_worked_by_hand() -> None:
    # COC: anna AAA 1, bo AAB 1/3, cia ABC 0, dan ABC 0. Mean 1/3; deviations 2/3, 0, -1/3, -1/3:
    # squares 4/9 + 1/9 + 1/9 = 2/3; variance 2/9; median (0 + 1/3)/2 = 1/6.
    letters = {"anna": "AAA", "bo": "AAB", "cia": "ABC", "dan": "ABC"}
    people = texts.people("person\n" + "\n".join(letters))
    visits = texts.contacts(
        "person contact_date provider_id\n"
        + "\n".join(
            f"{name} 2025-0{place + 1}-01 {provider}"
            for name, word in letters.items()
            for place, provider in enumerate(word)
        )
    )
    found = cell(table_of(people, visits, [Variant(18, 3)]), index="COC")
    sd = (2 / 9) ** 0.5
    assert (found["persons"], found["visits"]) == (4, 12)
    assert found["mean"] == pytest.approx(1 / 3)
    assert found["sd"] == pytest.approx(sd)
    assert found["median"] == pytest.approx(1 / 6)
    assert found["ci_low"] == pytest.approx(1 / 3 - 1.96 * sd / 2)
    assert found["ci_high"] == pytest.approx(1 / 3 + 1.96 * sd / 2)
    assert found["pooled"] == pytest.approx((6 + 2) / 24)


def test_equal_persons_have_no_spread_and_one_person_has_no_sd() -> None:
    names = [f"p{place}" for place in range(7)]
    people = texts.people("person\n" + "\n".join(names))

    def visits_of(some: Sequence[str]) -> pl.DataFrame:
        return texts.contacts(
            "person contact_date provider_id\n"
            + "\n".join(f"{n} 2025-0{i + 1}-01 {p}" for n in some for i, p in enumerate("AAB"))
        )

    many = cell(table_of(people, visits_of(names), [Variant(18, 3)]), index="COC")
    assert (many["mean"], many["sd"], many["median"]) == (1 / 3, 0.0, 1 / 3)
    assert (many["ci_low"], many["ci_high"]) == (1 / 3, 1 / 3)
    one = cell(table_of(people, visits_of(names[:1]), [Variant(18, 3)]), index="COC")
    assert (one["status"], one["mean"], one["sd"], one["ci_low"]) == ("ok", 1 / 3, None, None)
    nobody = cell(table_of(people, visits_of(names).head(2), [Variant(18, 3)]), index="COC")
    assert (nobody["status"], nobody["persons"], nobody["mean"]) == ("undefined", None, None)


def test_millions_of_persons_are_added_up_without_overflow() -> None:
    """Of 40 million persons with 20 visits half have COC 1 and half 1/380: deviation 379/760. Whole
    numbers of 64 bits do not hold the sum of squares times the persons."""
    half = 20_000_000
    fractions = lazy(
        pl.DataFrame(
            {"area": "00", "persons": [half, half], "numerator": [380, 1], "denominator": 380}
        )
    )
    by_denominator = moments(fractions, ["area"])
    [found] = collected(spread(by_denominator, fractions, ["area"])).rows(named=True)
    sd = 379 / 760 * (2 * half / (2 * half - 1)) ** 0.5
    assert found["persons"] == 2 * half
    assert found["mean"] == pytest.approx(381 / 760, rel=1e-12)
    assert found["sd"] == pytest.approx(sd, rel=1e-12)


def test_more_providers_than_a_number_has_room_for_are_never_counted() -> None:
    """Ids that tell contacts apart, not persons: the numbers of contacts would run together."""
    day = date(2025, 11, 3)
    one = texts.contacts("person contact_date\nanna 2025-11-03").drop("provider_id")
    ids = pl.DataFrame({"provider_id": pl.int_range(0, PROVIDER, eager=True).cast(pl.String)})
    for providers, is_too_many in ((ids.head(PROVIDER - 1), False), (ids, True)):
        contacts = one.join(providers, how="cross").select(texts.contacts().columns)
        made = listed_contacts(
            lazy(texts.people("person\nanna\nbo")),
            lazy(contacts),
            reference_date=day,
            window_months=18,
        )
        [size] = collected(made.sizes).rows(named=True)
        assert size == {"persons": 2, "providers": providers.height}
        if is_too_many:
            with pytest.raises(StepFailedError, match=f"region 19 name {PROVIDER:,} providers"):
                demand_room("19", **size)
        else:
            demand_room("19", **size)
            provider = pl.col("contact") // MINUTE % PROVIDER
            largest = collected(made.contacts).select(provider.max()).item()
            assert largest == PROVIDER - 1


def test_the_largest_moment_fits_into_64_bits() -> None:
    minutes, days = MINUTES_OF_DAY, 32 * 31
    assert minutes < MINUTE
    assert days < ROOM_FOR_DAYS
    assert MOST_PERSONS * ROOM_FOR_DAYS * MINUTE * PROVIDER == 2**63
    with pytest.raises(StepFailedError, match=f"lists {MOST_PERSONS:,} persons"):
        demand_room("01", persons=MOST_PERSONS, providers=1)


def test_a_variant_is_a_row_of_data() -> None:
    people, visits = golden()
    both = table_of(people, visits, [Variant(18, 3), Variant(12, 2)])
    alone = table_of(people, visits, [Variant(12, 2)])
    assert both.filter(pl.col("window_months") == 12).equals(alone)
    assert both.height == 2 * alone.height


def test_variants_with_one_minimum_count_each_in_its_own_window() -> None:
    """Bo has three visits in the 18 months, of which two in the 12."""
    people = texts.people("person\nanna\nbo")
    visits = texts.contacts(
        """
        person  contact_date  provider_id
        anna    2025-09-01    A
        anna    2025-10-01    A
        anna    2025-11-01    A
        bo      2024-06-01    A
        bo      2025-10-01    B
        bo      2025-11-01    C
        """
    )
    variants = [Variant(18, 3), Variant(12, 3)]
    table = table_of(people, visits, variants)
    for level in ("region", "unit"):
        of_level = table.filter(
            index="COC", level=level, series="physician", unit_scope="any_unit", population="listed"
        ).filter(sex="all", age_group="all")
        found = sorted(of_level.select("window_months", "persons", "visits", "mean").rows())
        assert found == [(12, 1, 3, 1.0), (18, 2, 6, 0.5)]


def test_sabo_residents_are_a_population_of_their_own() -> None:
    people = texts.people("person sabo\nanna yes\nbo no")
    visits = texts.contacts(
        "person contact_date provider_id\n"
        + "\n".join(f"{n} 2025-0{i}-01 A" for n in ("anna", "bo") for i in (1, 2, 3))
    )
    table = table_of(people, visits, [Variant(18, 3)])
    assert cell(table, index="COC")["persons"] == 2
    assert cell(table, index="COC", population="sabo")["persons"] == 1


def test_a_protected_person_counts_in_the_region_but_not_in_the_unit() -> None:
    people = texts.people("person protected\nanna no\nhidden yes")
    visits = texts.contacts(
        "person contact_date provider_id\n"
        + "\n".join(f"{n} 2025-0{i}-01 A" for n in ("anna", "hidden") for i in (1, 2, 3))
    )
    table = table_of(people, visits, [Variant(18, 3)])
    assert cell(table, index="COC")["persons"] == 2
    assert cell(table, index="COC", level="unit")["persons"] == 1


OWN = """
person  contact_date  contact_type  provider_id  profession
anna    2025-01-01    mottagning    DR           lakare
anna    2025-01-01    hembesok      DR           lakare
anna    2025-01-02    mottagning    X            lakare
anna    2025-01-03    telefon       DR           lakare
anna    2025-01-04    mottagning    -            lakare
anna    2025-01-05    mottagning    DR           ovrig
bo      2025-01-01    mottagning    DR           lakare
res     2025-01-01    mottagning    DR           lakare
"""


def test_own_physician_counts_visits_of_persons_with_a_named_physician() -> None:
    # anna: one visit to DR on 1 January (two contacts), one to X; bo has no named physician.
    people = texts.people(
        """
        person  identity_kind  named_reported  physician_id
        anna    personnummer   yes             DR
        bo      personnummer   no              DR
        res     reserve        yes             DR
        none    personnummer   yes             DR
        """
    )
    sums = own(listed(people, texts.contacts(OWN)))
    assert sums.select("persons", "own_visits", "visits").rows() == [(1, 1, 2)]


def test_the_six_indices_worked_by_hand() -> None:
    """A B A A C: n = 5, p = 3, Σ n_j² = 9 + 1 + 1 = 11, most 3, one of four pairs alike."""
    visits = texts.contacts(
        "person contact_date provider_id\n"
        + "\n".join(f"anna 2025-0{place + 1}-01 {letter}" for place, letter in enumerate("ABAAC"))
    )
    table = table_of(texts.people("person\nanna"), visits, [Variant(18, 3)])
    means = {index: cell(table, index=index)["mean"] for index in INDEXES}
    assert means == {
        "COC": pytest.approx((11 - 5) / 20),
        "UPC": pytest.approx(3 / 5),
        "HHI": pytest.approx(11 / 25),
        "SECON": pytest.approx(1 / 4),
        "K": pytest.approx(2 / 4),
        "MMCI": pytest.approx((1 - 3 / 5.1) / (1 - 1 / 5.1)),
    }


def test_the_interval_is_not_clipped() -> None:
    """AAA and ABC: COC 1 and 0, mean 1/2, sd √(1/2): the interval reaches below 0 and above 1."""
    people = texts.people("person\nanna\nbo")
    visits = texts.contacts(
        "person contact_date provider_id\n"
        + "\n".join(
            f"{name} 2025-0{place + 1}-01 {provider}"
            for name, word in (("anna", "AAA"), ("bo", "ABC"))
            for place, provider in enumerate(word)
        )
    )
    found = cell(table_of(people, visits, [Variant(18, 3)]), index="COC")
    half = 1.96 * 0.5**0.5 / 2**0.5
    assert (found["ci_low"], found["ci_high"]) == (
        pytest.approx(0.5 - half),
        pytest.approx(0.5 + half),
    )
    assert half > 0.5


def test_three_visits_are_enough_and_visits_of_a_day_are_counted_as_one() -> None:
    """anna has three, bo two, cia three contacts with two providers: two with A on one day."""
    people = texts.people("person\nanna\nbo\ncia")
    visits = texts.contacts(
        """
        person  contact_date  contact_time  provider_id
        anna    2025-01-01    -             A
        anna    2025-02-01    -             A
        anna    2025-03-01    -             B
        bo      2025-01-01    -             A
        bo      2025-02-01    -             A
        cia     2025-01-01    08:00         A
        cia     2025-01-01    09:00         A
        cia     2025-01-01    10:00         B
        """
    )
    found = cell(table_of(people, visits, [Variant(18, 3)]), index="COC")
    assert (found["persons"], found["visits"]) == (1, 3)
    fewer = cell(table_of(people, visits, [Variant(18, 2)]), index="COC")
    assert (fewer["persons"], fewer["visits"]) == (3, 7)


def test_who_has_moved_counts_own_visits_at_the_unit_of_listing_only() -> None:
    """anna moved from B to A in March: her visits at B are any_unit, one at A before the move
    own_unit too."""
    visits = """
        person  contact_date  unit_id  provider_id
        anna    2025-01-01    B        X
        anna    2025-02-01    A        Y
        anna    2025-02-02    B        X
        anna    2025-04-01    A        Y
        anna    2025-05-01    A        Z
        """
    people = "person unit_id valid_from\nanna A 2025-03-01"
    assert profiles(visits, people=people) == [(5, 3, 9, 2, 0, 1)]  # X Y X Y Z
    own_unit = profiles(visits, people=people, unit_scope="own_unit")
    assert own_unit == [(3, 2, 5, 2, 1, 1)]  # Y Y Z


def test_who_is_not_listed_has_no_continuity() -> None:
    """The dead, the moved and the never listed: they have contacts, but no row among the listed."""
    visits = """
        person  contact_date  provider_id
        dead    2025-01-01    A
        dead    2025-02-01    A
        """
    assert profiles(visits) == []


def test_a_person_listed_in_two_regions_counts_in_each_and_twice_in_the_nation() -> None:
    """Each region has its own contacts: in 19 A A A (COC 1), in 18 B C D (COC 0)."""
    parts = [
        continuity_parts(
            texts.people("person\nanna", region_code=region, unit_id=unit),
            texts.contacts(
                "person contact_date provider_id unit_id\n"
                + "\n".join(
                    f"anna 2025-0{place + 1}-01 {provider} {unit}"
                    for place, provider in enumerate(word)
                )
            ),
            [Variant(18, 3)],
        )
        for region, unit, word in (("19", "A", "AAA"), ("18", "B", "BCD"))
    ]
    counts = texts.counts(
        texts.LISTED_COUNTS, "region_code unit_id listed\n19 A 1\n18 B 1", sex="women"
    )
    months = [MONTH, RegionMonth("18", "2025-11", DAY, ALL_DELIVERIES, 19, 19, None)]
    table = continuity_table(
        *(pl.concat(both) for both in zip(*parts, strict=True)),
        counts,
        texts.counts(texts.UNIT_NAMES),
        months,
        [Variant(18, 3)],
    )
    assert cell(table, index="COC", area_code="19")["mean"] == 1
    assert cell(table, index="COC", area_code="18")["mean"] == 0
    nation = cell(table, index="COC", area_code="00", level="nation")
    assert (nation["persons"], nation["visits"], nation["mean"]) == (2, 6, 0.5)
    assert nation["pooled"] == pytest.approx(6 / 12)


def test_the_window_of_own_visits_is_open_below_and_closed_above() -> None:
    """One visit is enough: there is no minimum."""
    people = texts.people("person named_reported physician_id\nanna yes DR")

    def visits_on(*days: str) -> list[tuple[object, ...]]:
        contacts = texts.contacts(
            "person contact_date\n" + "\n".join(f"anna {day}" for day in days)
        )
        sums = own(listed(people, contacts))
        return sums.select("persons", "own_visits", "visits").rows()

    assert visits_on("2024-05-30", "2025-12-01") == []
    assert visits_on("2024-05-31") == [(1, 1, 1)]
    assert visits_on("2024-05-30", "2024-05-31", "2025-11-30", "2025-12-01") == [(1, 2, 2)]


def test_own_visits_count_at_any_unit_of_the_region() -> None:
    people = texts.people("person named_reported physician_id unit_id\nanna yes DR A")
    contacts = texts.contacts(
        """
        person  contact_date  unit_id  provider_id
        anna    2025-01-01    A        DR
        anna    2025-02-01    B        DR
        anna    2025-03-01    B        X
        """
    )
    sums = own(listed(people, contacts))
    assert sums.select("unit_id", "persons", "own_visits", "visits").rows() == [("A", 1, 2, 3)]


def test_own_visits_of_nobody_are_undefined_and_without_contacts_not_reported() -> None:
    counts = texts.counts(texts.LISTED_COUNTS, "unit_id listed\nA 5", sex="women")
    names = texts.counts(texts.UNIT_NAMES)
    nothing = OWN_VISITS.empty()
    silent = RegionMonth("18", "2025-11", DAY, ALL_DELIVERIES - {"care_contacts"}, 0, 19, None)
    table = own_physician_table(nothing, counts, names, [MONTH, silent])
    whole = table.filter(pl.col("sex") == "all", pl.col("age_group") == "all")
    statuses = dict(whole.select("area_code", "status").iter_rows())
    assert statuses == {
        "00": "undefined",
        "18": "not_reported",
        "19": "undefined",
        "A": "undefined",
    }
    assert set(whole["visits"]) == {None}


def test_own_visits_need_no_register_of_physicians() -> None:
    """`reported` asks for the units register only, for the name rule."""
    counts = texts.counts(texts.LISTED_COUNTS, "unit_id listed\nA 5", sex="women")
    visits = texts.counts(OWN_VISITS, "unit_id sex persons own_visits visits\nA women 2 3 4")
    for lacking, expected in (("physicians", "ok"), ("units", "not_reported")):
        month = RegionMonth("19", "2025-11", DAY, ALL_DELIVERIES - {lacking}, 19, 19, None)
        table = own_physician_table(visits, counts, texts.counts(texts.UNIT_NAMES), [month])
        region = table.row(
            by_predicate=(pl.col("area_code") == "19")
            & (pl.col("sex") == "women")
            & (pl.col("age_group") == "45-64"),
            named=True,
        )
        assert region["status"] == expected
        if expected == "ok":
            assert (region["persons"], region["own_visits"], region["visits"]) == (2, 3, 4)
            assert region["share"] == 0.75
            # Wilson, z = 1.96: (3 + 1.9208 ∓ 1.96·√(3·1/4 + 0.9604))/(4 + 3.8416).
            half = 1.96 * (3 / 4 + 0.9604) ** 0.5 / 7.8416
            assert region["ci_low"] == pytest.approx(4.9208 / 7.8416 - half)
            assert region["ci_high"] == pytest.approx(4.9208 / 7.8416 + half)


def test_the_nation_adds_up_the_regions_that_can_tell() -> None:
    """Anna, marked for SÄBO, and Bo stand in three regions alike. 18 has no contacts in the shorter
    window; 17 has no markings of its own, so its residents count among all listed only."""
    people = texts.people("person sabo\nanna yes\nbo no")
    visits = texts.contacts(
        "person contact_date provider_id\n"
        + "\n".join(f"{n} 2025-0{i}-01 A" for n in ("anna", "bo") for i in (1, 2, 3))
    )
    variants = [Variant(18, 3), Variant(12, 3)]
    counts, _ = continuity_parts(people, visits, variants)
    no_markings = ALL_DELIVERIES - {"care_markings"}
    months = [
        RegionMonth("19", "2025-11", DAY, ALL_DELIVERIES, 18, 19, None, True, "2025-11"),
        RegionMonth("18", "2025-11", DAY, ALL_DELIVERIES, 6, 19, None, True, "2024-10"),
        RegionMonth("17", "2025-11", DAY, no_markings, 18, 19, None, True, "2025-11"),
    ]
    table = continuity_table(
        pl.concat(counts.with_columns(region_code=pl.lit(month.region_code)) for month in months),
        AREA_INDEX_VALUES.empty(),
        texts.counts(texts.LISTED_COUNTS),
        texts.counts(texts.UNIT_NAMES),
        months,
        variants,
    )
    persons = {
        (population, window): cell(
            table, level="nation", index="UPC", population=population, window_months=window
        )["persons"]
        for population in ("listed", "sabo")
        for window in (18, 12)
    }
    assert persons == {
        ("listed", 18): 6,
        ("listed", 12): 4,
        ("sabo", 18): 2,
        ("sabo", 12): 1,
    }


def test_continuity_needs_contacts_in_the_window_and_markings_for_sabo() -> None:
    """18 has no contacts after April 2024; 17 none after October 2024, and no markings."""
    deliveries = ALL_DELIVERIES - {"care_markings"}
    months = [
        RegionMonth("19", "2025-11", DAY, ALL_DELIVERIES, 19, 19, None, True, "2025-11"),
        RegionMonth("18", "2025-11", DAY, ALL_DELIVERIES, 0, 19, None, True, "2024-04"),
        RegionMonth("17", "2025-11", DAY, deliveries, 6, 19, None, True, "2024-10"),
    ]
    table = continuity_table(
        VISIT_COUNTS.empty(),
        AREA_INDEX_VALUES.empty(),
        texts.counts(texts.LISTED_COUNTS),
        texts.counts(texts.UNIT_NAMES),
        months,
        [Variant(18, 3), Variant(12, 2)],
    )
    statuses = {
        (row["area_code"], row["population"], row["window_months"]): row["status"]
        for row in table.to_dicts()
    }
    for area, population, window, status in (
        ("19", "listed", 18, "undefined"),
        ("19", "sabo", 12, "undefined"),
        ("18", "listed", 18, "not_reported"),
        ("17", "listed", 18, "undefined"),
        ("17", "listed", 12, "not_reported"),
        ("17", "sabo", 18, "not_reported"),
        ("00", "sabo", 18, "undefined"),
    ):
        assert statuses[area, population, window] == status, (area, population, window)
