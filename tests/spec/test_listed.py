"""Who is listed, and on what kind of list (contract, section 3)."""

from datetime import date

import polars as pl

from pipelines.indicators.people import RegionPeople, listed_counts, people, unit_names
from schemas.rule_sets import rule_sets
from tests.spec import texts
from tests.spec.texts import collected, lazy, number

DAY = date(2025, 11, 30)


def region(
    listings: pl.DataFrame,
    *,
    list_names: str = "",
    units: pl.DataFrame | None = None,
    physicians: pl.DataFrame | None = None,
    marked: str = "",
    fictitious_name_rule: bool = True,
) -> RegionPeople:
    return people(
        lazy(listings),
        lazy(texts.list_names(list_names)),
        lazy(texts.units() if units is None else units),
        lazy(texts.physicians("physician_id\nDR") if physicians is None else physicians),
        lazy(texts.marked(marked)),
        region_code="19",
        reference_date=DAY,
        rule_sets=rule_sets(),
        fictitious_name_rule=fictitious_name_rule,
    )


def by_person(listings: str, column: str, **around: object) -> dict[str, object]:
    table = collected(region(texts.listings(listings), **around).people)  # type: ignore[arg-type]
    names = {number(row["person"]): row["person"] for row in texts.rows_of(listings)}
    return {names[row["person"]]: row[column] for row in table.iter_rows(named=True)}


def test_who_is_listed_and_where() -> None:
    listed = by_person(
        """
        person   unit_id  listing_type  in_queue  valid_from  valid_to    deceased_on
        anna     A        PV            no        2025-11-30  -           -
        later    A        PV            no        2025-12-01  -           -
        ended    A        PV            no        2020-01-01  2025-11-29  -
        lastday  A        PV            no        2020-01-01  2025-11-30  -
        queue    A        PV            yes       2020-01-01  -           -
        bvc      A        BVC           no        2020-01-01  -           -
        dead     A        PV            no        2020-01-01  -           2025-11-30
        alive    A        PV            no        2020-01-01  -           2025-12-01
        moved    A        PV            no        2020-01-01  -           -
        moved    B        PV            no        2024-01-01  -           -
        tie      B        PV            no        2024-01-01  -           -
        tie      A        PV            no        2024-01-01  -           -
        oldrow   A        PV            no        2020-01-01  -           -
        oldrow   B        PV            no        2010-01-01  2015-01-01  2025-01-01
        """,
        "unit_id",
    )
    assert listed == {"anna": "A", "lastday": "A", "alive": "A", "moved": "B", "tie": "A"}


def test_a_later_listing_that_is_not_active_does_not_count() -> None:
    """anna queues at B, bo has left B, cia's at B is no PV, dan is to come to B: all count at A."""
    listed = by_person(
        """
        person  unit_id  listing_type  in_queue  valid_from  valid_to
        anna    A        PV            no        2020-01-01  -
        anna    B        PV            yes       2025-01-01  -
        bo      A        PV            no        2020-01-01  -
        bo      B        PV            no        2024-01-01  2025-11-29
        cia     A        PV            no        2020-01-01  -
        cia     B        BVC           no        2025-01-01  -
        dan     A        PV            no        2020-01-01  2025-12-31
        dan     B        PV            no        2025-12-01  -
        """,
        "unit_id",
    )
    assert listed == {"anna": "A", "bo": "A", "cia": "A", "dan": "A"}


def test_who_moves_on_the_day_is_listed_at_the_new_unit() -> None:
    """Both listings hold on the day: the one that began last counts, also with a smaller unit."""
    listed = by_person(
        """
        person  unit_id  valid_from  valid_to
        anna    B        2020-01-01  2025-11-30
        anna    C        2025-11-30  -
        bo      B        2020-01-01  2025-11-30
        bo      A        2025-11-30  -
        cia     A        2020-01-01  2025-11-30
        cia     B        2025-11-30  -
        """,
        "unit_id",
    )
    assert listed == {"anna": "C", "bo": "A", "cia": "B"}


def test_age_and_sex_are_those_of_the_reference_date() -> None:
    """The reference date is 30 November 2025."""
    listings = """
        person    birth_date  sex    identity_kind
        today     1960-11-30  men    personnummer
        tomorrow  1960-12-01  women  personnummer
        leapling  1960-02-29  women  personnummer
        newborn   2025-11-30  men    personnummer
        reserve   -           -      reserve
        """
    assert by_person(listings, "age") == {
        "today": 65,
        "tomorrow": 64,
        "leapling": 65,
        "newborn": 0,
        "reserve": None,
    }
    assert by_person(listings, "age_group")["reserve"] is None
    assert by_person(listings, "sex")["reserve"] is None


def test_the_same_reserve_identity_at_two_units_is_two_persons() -> None:
    """Intake gives them two pseudonyms; a pseudonym with kind reserve is one person."""
    listings = texts.listings(
        """
        person  unit_id  identity_kind
        res-A   A        reserve
        res-B   B        reserve
        """
    )
    counted = collected(listed_counts(region(listings).people))
    assert sorted(counted.select("unit_id", "listed").rows()) == [("A", 1), ("B", 1)]


def test_a_death_known_of_any_row_ends_every_listing() -> None:
    """The row that knows it may have ended, wait in a queue, or be of another type."""
    listings = """
        person  unit_id  listing_type  in_queue  valid_to    deceased_on
        anna    A        PV            no        -           -
        anna    B        PV            no        2021-01-01  2025-11-30
        bo      A        PV            no        -           -
        bo      B        PV            yes       -           2025-11-29
        cia     A        PV            no        -           -
        cia     B        BVC           no        -           2025-12-01
        """
    assert by_person(listings, "unit_id") == {"cia": "A"}


def test_any_row_of_the_snapshot_protects_and_hides_the_residence() -> None:
    listings = """
        person  unit_id  valid_from  valid_to    protected_identity  residence_municipality
        open    A        2020-01-01  -           no                  1980
        hidden  A        2020-01-01  -           no                  1980
        hidden  B        2010-01-01  2015-01-01  yes                 1981
        """
    assert by_person(listings, "protected") == {"open": False, "hidden": True}
    assert by_person(listings, "residence_municipality") == {"open": "1980", "hidden": None}


def test_protected_persons_count_in_no_unit() -> None:
    result = region(texts.listings("person protected_identity\nopen no\nhidden yes\nhidden2 yes"))
    counted = collected(listed_counts(result.people)).select("unit_id", "listed", "named_reported")
    assert sorted(counted.rows(), key=str) == [("A", 1, 1), (None, 2, 2)]


def test_fictitious_lists() -> None:
    # list_names holds every beginning of a list's name; unit A is called "vc-a".
    listings = """
        person      unit_id  physician_id  list_key
        named       A        DR            drdr
        nophysician A        -             drdr
        fictive     A        DR            vc-a-norberg
        otherunit   B        DR            vc-a-norberg
        noname      A        DR            -
        unknownunit C        DR            vc-a-norberg
        """
    around = {
        "list_names": "list_key beginning_key\ndrdr dr\nvc-a-norberg vc-a\nvc-a-norberg vc-",
        "units": texts.units(
            """
            unit_id  unit_name_key  valid_from
            A        old-name       2010-01-01
            A        vc-a           2020-01-01
            B        vc-b           2020-01-01
            """
        ),
        "physicians": texts.physicians("physician_id unit_id\nDR A\nDR B\nDR C"),
    }
    assert by_person(listings, "fictitious", **around) == {
        "named": False,
        "nophysician": True,
        "fictive": True,
        "otherunit": False,
        "noname": False,
        "unknownunit": False,
    }
    # A region profile can switch the name rule off; a list without a physician stays fictitious.
    switched_off = by_person(listings, "fictitious", **around, fictitious_name_rule=False)
    assert [name for name, fictitious in switched_off.items() if fictitious] == ["nophysician"]


def test_kinds_of_lists_that_are_not_fictitious() -> None:
    listings = """
        person     unit_id  physician_id
        ordinary   A        DR
        locum      A        HYR
        partlocum  A        BOTH
        unknown    A        NOBODY
        elsewhere  A        FAR
        ended      A        GONE
        moved      A        MOVED
        coming     A        COMING
        none       A        -
        """
    physicians = texts.physicians(
        """
        physician_id  unit_id  employment   valid_from  valid_to
        DR            A        visstid      2020-01-01  -
        HYR           A        hyr          2020-01-01  -
        BOTH          A        tillsvidare  2020-01-01  -
        BOTH          A        konsult      2021-01-01  -
        FAR           B        stafett      2020-01-01  -
        GONE          A        tillsvidare  2020-01-01  2025-11-29
        MOVED         A        tillsvidare  2020-01-01  2025-11-29
        MOVED         B        tillsvidare  2025-11-30  -
        COMING        A        tillsvidare  2025-12-01  -
        """
    )
    table = collected(region(texts.listings(listings), physicians=physicians).people)
    kinds = ("locum", "unknown_physician", "physician_elsewhere")
    names = {number(row["person"]): row["person"] for row in texts.rows_of(listings)}
    found = {
        names[row["person"]]: [kind for kind in kinds if row[kind]]
        for row in table.iter_rows(named=True)
    }
    assert found == {
        "ordinary": [],
        "locum": ["locum"],
        "partlocum": ["locum"],
        "unknown": ["unknown_physician"],
        "elsewhere": ["physician_elsewhere"],
        "ended": ["unknown_physician"],
        "moved": ["physician_elsewhere"],
        "coming": ["unknown_physician"],
        "none": [],
    }


def test_without_a_units_register_nobody_can_be_told_to_be_named() -> None:
    listings = texts.listings("person\nanna")
    result = people(
        lazy(listings),
        lazy(texts.list_names()),
        None,
        None,
        lazy(texts.marked()),
        region_code="19",
        reference_date=DAY,
        rule_sets=rule_sets(),
    )
    assert collected(result.people)["named_reported"].to_list() == [False]


def test_sabo_residents_are_marked_anywhere_but_reserve_identities_are_never_linked() -> None:
    listings = """
        person   identity_kind
        anna     personnummer
        bertil   personnummer
        reserve  reserve
        """
    marked = """
        person   identity_kind  region_code  setting      main_care_at_setting
        anna     personnummer   18           sabo         yes
        bertil   personnummer   19           sabo         no
        bertil   personnummer   19           hemsjukvard  yes
        reserve  reserve        19           sabo         yes
        """
    found = by_person(listings, "sabo", marked=marked)
    assert found == {"anna": True, "bertil": False, "reserve": False}


def test_data_quality_sums_in_passing() -> None:
    result = region(
        texts.listings(
            """
            person  unit_id  identity_kind  deceased_on  residence_municipality
            anna    A        personnummer   -            1980
            anna    B        personnummer   -            1980
            dead    A        personnummer   2025-01-01   1980
            res     A        reserve        -            -
            """
        )
    )
    quality = collected(result.quality)
    sums = {row["metric"]: (row["numerator"], row["denominator"]) for row in quality.to_dicts()}
    assert sums == {
        "several_active_listings": (1, 2),
        "deceased_still_listed": (1, 3),
        "reserve_identity": (1, 2),
        "protected_identity": (0, 2),
        "residence_missing": (1, 2),
        "unit_not_in_register": (0, 2),
    }


def test_the_units_name_is_of_the_row_that_holds_else_of_the_newest() -> None:
    units = texts.units(
        """
        unit_id  unit_name  valid_from  valid_to
        A        Old        2010-01-01  2019-12-31
        A        Current    2020-01-01  -
        A        Coming     2026-01-01  -
        B        First      2010-01-01  2012-01-01
        B        Last       2012-01-02  2015-01-01
        """
    )
    named = collected(unit_names(lazy(units), region_code="19", reference_date=DAY))
    assert sorted(named.select("unit_id", "unit_name").rows()) == [("A", "Current"), ("B", "Last")]


def test_kinds_can_overlap_with_named() -> None:
    """A patient of a locum, of an unknown physician or of one elsewhere has a named physician
    under `reported`; under `national` only the locum's patient has."""
    listings = "person physician_id\nlocum HYR\nunknown NOBODY\nelsewhere FAR"
    physicians = texts.physicians(
        """
        physician_id  unit_id  specialties    employment
        HYR           A        allmanmedicin  hyr
        FAR           B        allmanmedicin  tillsvidare
        """
    )
    reported = by_person(listings, "named_reported", physicians=physicians)
    national = by_person(listings, "named_national", physicians=physicians)
    assert reported == {"locum": True, "unknown": True, "elsewhere": True}
    assert national == {"locum": True, "unknown": False, "elsewhere": False}


def test_a_fictitious_list_is_no_kind_of_list_on_a_physician() -> None:
    """With a locum's id, but a name that begins with the unit's."""
    around = {
        "list_names": "list_key beginning_key\nvc-a-1 vc-a",
        "units": texts.units("unit_id unit_name_key\nA vc-a"),
        "physicians": texts.physicians("physician_id employment\nHYR hyr"),
    }
    listings = "person physician_id list_key\nanna HYR vc-a-1\nbo NOBODY vc-a-1"
    for column in ("locum", "unknown_physician", "physician_elsewhere", "named_reported"):
        assert by_person(listings, column, **around) == {"anna": False, "bo": False}, column
    assert by_person(listings, "fictitious", **around) == {"anna": True, "bo": True}


def test_who_is_dead_or_protected_is_known_to_all_regions() -> None:
    """Any row, active or not; reserve identities are linked to nothing."""
    listings = """
        person     identity_kind  protected_identity  deceased_on  valid_to
        anna       personnummer   no                  -            -
        hidden     personnummer   yes                 -            2021-01-01
        dead       personnummer   no                  2025-01-02   -
        dead       personnummer   no                  2025-01-01   2021-01-01
        later      personnummer   no                  2026-01-01   -
        both       personnummer   yes                 2025-01-01   -
        reserve    reserve        yes                 2025-01-01   -
        """
    facts = collected(region(texts.listings(listings)).dead_or_protected)
    names = {number(row["person"]): row["person"] for row in texts.rows_of(listings)}
    assert set(facts["region_code"]) == {"19"}
    assert {
        names[row["person"]]: (row["deceased_on"], row["protected"]) for row in facts.to_dicts()
    } == {
        "hidden": (None, True),
        "dead": (date(2025, 1, 1), False),
        "later": (date(2026, 1, 1), False),
        "both": (date(2025, 1, 1), True),
    }


def test_data_quality_sums_leave_the_protected_out_of_what_would_show_them() -> None:
    """hidden has no residence and an unknown unit, but is counted as protected only."""
    quality = collected(
        region(
            texts.listings(
                """
                person  unit_id  protected_identity  residence_municipality  in_queue  deceased_on
                anna    Z        no                  1980                    no        -
                bo      A        no                  -                       no        -
                hidden  Z        yes                 -                       no        -
                queue   A        no                  -                       yes       2025-01-01
                """
            )
        ).quality
    )
    sums = {row["metric"]: (row["numerator"], row["denominator"]) for row in quality.to_dicts()}
    assert sums == {
        "several_active_listings": (0, 3),
        "deceased_still_listed": (0, 3),
        "reserve_identity": (0, 3),
        "protected_identity": (1, 3),
        "residence_missing": (1, 3),
        "unit_not_in_register": (1, 3),
    }


def test_without_physicians_reported_is_known_and_the_rest_is_not() -> None:
    result = people(
        lazy(texts.listings("person physician_id\nanna DR\nbo -")),
        lazy(texts.list_names()),
        lazy(texts.units()),
        None,
        lazy(texts.marked()),
        region_code="19",
        reference_date=DAY,
        rule_sets=rule_sets(),
    )
    table = collected(result.people).sort("physician_id", nulls_last=True)
    assert table["named_reported"].to_list() == [True, False]
    assert table["fictitious"].to_list() == [False, True]
    for column in ("named_national", "locum", "unknown_physician", "physician_elsewhere"):
        assert table[column].to_list() == [False, False], column
