"""Who may be a named physician, for which patient, under which rule set (contract, section 3)."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from pipelines.indicators.people import people
from schemas.rule_sets import RuleSets, rule_sets
from tests.spec import texts
from tests.spec.texts import collected, lazy, rows_of

DAY = date(2025, 11, 30)

# One physician row and one patient. national: prop. 2021/22:72; vastmanland: employment too.
COMPETENCE = """
specialties              training equivalent employment  age marked national vastmanland
allmanmedicin            -        no         tillsvidare 40  no     yes      yes
allmanmedicin            -        no         visstid     40  no     yes      no
allmanmedicin            -        no         hyr         40  no     yes      no
allmanmedicin            ST       no         visstid     40  no     yes      yes
allmanmedicin            ST       no         tillsvidare 40  no     yes      yes
allmanmedicin            ST       no         konsult     40  no     yes      no
allmanmedicin            BT       no         tillsvidare 40  no     no       no
allmanmedicin            AT       no         tillsvidare 40  no     no       no
-                        -        yes        tillsvidare 40  no     yes      yes
-                        BT       yes        tillsvidare 40  no     yes      yes
-                        -        no         tillsvidare 40  no     no       no
other                    -        no         tillsvidare 40  no     no       no
other                    ST       no         tillsvidare 40  no     no       no
geriatrik                -        no         tillsvidare 64  no     no       no
geriatrik                -        no         tillsvidare 65  no     yes      yes
geriatrik                -        no         tillsvidare 40  yes    yes      yes
geriatrik                ST       no         tillsvidare 80  no     no       no
barn_och_ungdomsmedicin  -        no         tillsvidare 18  no     yes      yes
barn_och_ungdomsmedicin  -        no         tillsvidare 19  no     no       no
barn_och_ungdomsmedicin  -        no         tillsvidare 0   no     yes      yes
other|allmanmedicin      -        no         tillsvidare 40  no     yes      yes
geriatrik|barn_och_ungdomsmedicin - no       tillsvidare 40  no     no       no
geriatrik|barn_och_ungdomsmedicin - no       tillsvidare 18  no     yes      yes
geriatrik|barn_och_ungdomsmedicin - no       tillsvidare 65  no     yes      yes
geriatrik|allmanmedicin  ST       no         visstid     40  no     yes      yes
barn_och_ungdomsmedicin  ST       no         tillsvidare 10  no     no       no
barn_och_ungdomsmedicin  -        no         tillsvidare 40  yes    no       no
allmanmedicin            -        no         stafett     40  no     yes      no
allmanmedicin            -        no         konsult     40  no     yes      no
allmanmedicin            ST       no         hyr         40  no     yes      no
allmanmedicin            ST       no         stafett     40  no     yes      no
geriatrik                -        no         visstid     65  no     yes      no
-                        -        yes        visstid     40  no     yes      no
-                        ST       yes        visstid     40  no     yes      yes
other                    -        no         tillsvidare 10  no     no       no
other                    -        no         tillsvidare 80  yes    no       no
geriatrik                -        no         tillsvidare 10  no     no       no
barn_och_ungdomsmedicin  -        no         tillsvidare 80  no     no       no
barn_och_ungdomsmedicin  -        no         visstid     10  no     yes      no
barn_och_ungdomsmedicin  BT       no         tillsvidare 10  no     no       no
geriatrik                AT       no         tillsvidare 80  yes    no       no
"""


def named(
    physicians: pl.DataFrame,
    *,
    age: int = 40,
    marked: bool = False,
    sets: RuleSets | None = None,
    region_code: str = "19",
    **listing: object,
) -> dict[str, bool]:
    """Under which rule sets the one listed person has a named physician."""
    birth_date = date(DAY.year - age, 1, 1)
    result = people(
        lazy(texts.listings("person\nanna", birth_date=birth_date, **listing)),
        lazy(texts.list_names()),
        lazy(texts.units()),
        lazy(physicians),
        lazy(texts.marked("person setting\nanna hemsjukvard" if marked else "")),
        region_code=region_code,
        reference_date=DAY,
        rule_sets=sets or rule_sets(),
    )
    row = collected(result.people).row(0, named=True)
    return {name[6:]: row[name] for name in row if name.startswith("named_")}


@pytest.mark.parametrize("row", rows_of(COMPETENCE), ids=lambda row: "-".join(row.values()))
def test_competence_and_employment(row: dict[str, str]) -> None:
    physicians = texts.physicians(
        "physician_id specialties training equivalent_competence employment\n"
        f"DR {row['specialties']} {row['training']} {row['equivalent']} {row['employment']}"
    )
    found = named(physicians, age=int(row["age"]), marked=row["marked"] == "yes")
    assert found == {
        "reported": True,
        "national": row["national"] == "yes",
        "vastmanland": row["vastmanland"] == "yes",
        "regional": row["vastmanland"] == "yes",
    }


def test_of_several_rows_at_the_unit_any_will_do_but_one_must_fulfil_the_whole_rule_set() -> None:
    physicians = texts.physicians(
        """
        physician_id  specialties    employment   valid_from
        DR            allmanmedicin  hyr          2020-01-01
        DR            other          tillsvidare  2021-01-01
        """
    )
    found = named(physicians)
    assert (found["national"], found["vastmanland"]) == (True, False)


def test_the_physician_must_stand_in_the_register_at_that_unit_on_the_day() -> None:
    elsewhere = texts.physicians("physician_id unit_id specialties\nDR B allmanmedicin")
    assert not named(elsewhere)["national"]
    ended = texts.physicians(
        "physician_id specialties valid_from valid_to\nDR allmanmedicin 2020-01-01 2025-11-29"
    )
    assert not named(ended)["national"]
    assert named(ended)["reported"]


def test_without_a_physician_nobody_is_named_under_any_rule_set() -> None:
    physicians = texts.physicians("physician_id specialties\nDR allmanmedicin")
    assert not any(named(physicians, physician_id=None).values())


def test_who_has_no_readable_age_is_neither_old_nor_a_child() -> None:
    physicians = texts.physicians(
        """
        physician_id  specialties                         valid_from
        DR            geriatrik|barn_och_ungdomsmedicin   2020-01-01
        """
    )
    result = people(
        lazy(texts.listings("person identity_kind birth_date\nres reserve -")),
        lazy(texts.list_names()),
        lazy(texts.units()),
        lazy(physicians),
        lazy(texts.marked()),
        region_code="18",
        reference_date=DAY,
        rule_sets=rule_sets(),
    )
    assert collected(result.people)["named_national"].to_list() == [False]


def test_regional_is_national_where_the_region_has_decided_nothing() -> None:
    locum = texts.physicians("physician_id specialties employment\nDR allmanmedicin hyr")
    assert named(locum, region_code="18")["regional"]
    assert not named(locum, region_code="19")["regional"]
    assert rule_sets().regional_name("19", date(2021, 11, 22)) == "national"
    assert rule_sets().regional_name("19", date(2021, 11, 23)) == "vastmanland"


def test_a_rule_set_can_switch_off_st_and_change_age_bounds() -> None:
    sets = rule_sets()
    strict = replace(
        sets.by_name["national"], name="national", st_specialties=(), geriatrics_from_age=75,
        geriatrics_marked=False, paediatrics_to_age=None,
    )  # fmt: skip
    changed = RuleSets({**sets.by_name, "national": strict}, sets.regional)
    st = texts.physicians("physician_id specialties training\nDR allmanmedicin ST")
    geriatrician = texts.physicians("physician_id specialties\nDR geriatrik")
    paediatrician = texts.physicians("physician_id specialties\nDR barn_och_ungdomsmedicin")
    assert not named(st, sets=changed)["national"]
    assert not named(geriatrician, age=74, marked=True, sets=changed)["national"]
    assert named(geriatrician, age=75, sets=changed)["national"]
    assert not named(paediatrician, age=5, sets=changed)["national"]


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "counts"),
    [
        ("2025-11-30", "-", True),
        ("2025-12-01", "-", False),
        ("2020-01-01", "2025-11-30", True),
        ("2020-01-01", "2025-11-29", False),
    ],
)
def test_the_register_is_read_on_the_day_with_both_ends(
    valid_from: str, valid_to: str, counts: bool
) -> None:
    physicians = texts.physicians(
        f"physician_id specialties valid_from valid_to\nDR allmanmedicin {valid_from} {valid_to}"
    )
    assert named(physicians)["national"] is counts


GERIATRICIAN = "physician_id specialties\nDR geriatrik"


def national_of_geriatricians_patients(listings: str, marked: str = "") -> dict[str, bool]:
    result = people(
        lazy(texts.listings(listings)),
        lazy(texts.list_names()),
        lazy(texts.units()),
        lazy(texts.physicians(GERIATRICIAN)),
        lazy(texts.marked(marked)),
        region_code="18",
        reference_date=DAY,
        rule_sets=rule_sets(),
    )
    names = {texts.number(row["person"]): row["person"] for row in rows_of(listings)}
    rows = collected(result.people).select("person", "named_national").rows()
    return {names[person]: is_named for person, is_named in rows}


def test_the_patient_is_65_from_the_birthday_and_leap_days_from_1_march() -> None:
    assert national_of_geriatricians_patients(
        """
        person    birth_date
        today     1960-11-30
        tomorrow  1960-12-01
        leapling  1960-02-29
        """
    ) == {"today": True, "tomorrow": False, "leapling": True}


def test_any_marking_of_any_setting_and_region_opens_for_a_geriatrician() -> None:
    """But not the marking of a reserve identity, which is linked to no listing."""
    assert national_of_geriatricians_patients(
        """
        person   birth_date  identity_kind
        sabo     1990-01-01  personnummer
        day      1990-01-01  personnummer
        sheltered 1990-01-01 personnummer
        unmarked 1990-01-01  personnummer
        reserve  1990-01-01  reserve
        """,
        """
        person     setting             region_code  main_care_at_setting  identity_kind
        sabo       sabo                19           no                    personnummer
        day        dagverksamhet       18           no                    personnummer
        sheltered  trygghetsboende     01           yes                   personnummer
        reserve    sabo                18           yes                   reserve
        """,
    ) == {"sabo": True, "day": True, "sheltered": True, "unmarked": False, "reserve": False}
