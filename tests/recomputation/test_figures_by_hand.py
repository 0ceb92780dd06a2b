"""The oracle's figures, on landings worked by hand; the pipeline is not tested here."""

import csv
from pathlib import Path

import pytest

from . import recompute
from .figures import (
    Row,
)
from .small_landing import (
    ANNA,
    BO,
    CIA,
    DAN,
    DOCTOR,
    GERIATRICIAN,
    LISTINGS_HEADER,
    LOCUM,
    MONTH,
    OTHER_UNIT,
    PHYSICIANS,
    RESERVE,
    SAMORD,
    TODAY,
    UNIT,
    UNITS,
    fraction,
    land,
    listing,
    number,
    only,
    region_19,
)

GOLDEN = Path(__file__).parent.parent / "golden" / "sidaway_lee_2023.csv"


def test_golden_table(tmp_path: Path) -> None:
    """Sidaway-Lee 2023 through the whole oracle: 20 patients, one letter per visit."""
    with GOLDEN.open(encoding="utf-8", newline="") as source:
        patients = list(csv.DictReader(source))
    listings, visits = "", "person_id,contact_date,unit_id,provider_id,profession,contact_type\n"
    for place, patient in enumerate(patients):
        person = number("19700101", f"{place:03d}")
        listings += listing(person, f"SE5560001640-{patient['list']}")
        for day, letter in enumerate(patient["visits"], start=1):
            provider = f"SE5560001640-{letter}"
            visits += f"{person},2024-11-{day:02d},{UNIT},{provider},lakare,mottagning\n"
    files = region_19(listings, **{"19__care_contacts__2024-11": visits})
    tables = recompute(land(tmp_path, files), MONTH, TODAY, [(18, 2), (18, 3)])

    own = only(tables["own_physician"], level="region", sex="all", age_group="all")
    assert (own["own_visits"], own["visits"]) == (39, 82)

    def value(index: str, minimum: int, column: str = "mean") -> object:
        return only(
            tables["continuity"], level="region", area_code="19", population="listed",
            series="physician", unit_scope="own_unit", min_visits=minimum, index=index, sex="all",
            age_group="all",
        )[column]  # fmt: skip

    assert value("UPC", 2) == pytest.approx(0.5741, abs=5e-5)
    assert value("COC", 2) == pytest.approx(0.3194, abs=5e-5)
    assert value("UPC", 3) == pytest.approx(0.5238, abs=5e-5)
    assert value("COC", 3) == pytest.approx(0.2679, abs=5e-5)
    assert value("COC", 3, "pooled") == pytest.approx(0.2978, abs=5e-5)


# named physician and coverage


@pytest.mark.parametrize(
    ("row", "reported", "national", "regional"),
    [
        (listing(CIA), 1, 1, 1),
        (listing(CIA, physician=""), 0, 0, 0),
        (listing(CIA, list_name="vårdCentralen  ETT 1"), 0, 0, 0),
        (listing(CIA, list_name="Vårdcentralen 1"), 1, 1, 1),
        (listing(CIA, unit="SE5560001640-VC9"), 1, 0, 0),  # unit unknown, physician elsewhere
        (listing(CIA, unit=OTHER_UNIT), 1, 0, 0),
        (listing(CIA, physician=LOCUM), 1, 1, 0),
        (listing(CIA, physician=GERIATRICIAN), 1, 0, 0),
        (listing(ANNA, physician=GERIATRICIAN), 1, 1, 0),  # visstid
        (listing(CIA, physician="SE5560001640-D4"), 1, 1, 1),  # ST visstid
    ],
)
def test_named(tmp_path: Path, row: str, reported: int, national: int, regional: int) -> None:
    coverage = recompute(land(tmp_path, region_19(row)), MONTH, TODAY)["coverage"]
    numerators = [
        only(coverage, level="region", area_code="19", population="listed", definition=definition,
             sex="all", age_group="all")["numerator"]
        for definition in ("reported", "national", "regional")
    ]  # fmt: skip
    assert numerators == [reported, national, regional]


def test_who_is_listed(tmp_path: Path) -> None:
    listings = (
        listing(ANNA, physician="", valid_from="2021-01-01")
        + listing(ANNA, unit=OTHER_UNIT, valid_from="2022-01-01")  # this one counts
        + listing(BO, queue="true")
        + listing(CIA, kind="BVC")
        + listing(DAN, dead="2024-11-30")  # dead on d
        + listing(SAMORD, dead="2024-12-01")  # alive on d
        + listing(RESERVE)
        + listing(RESERVE, unit=OTHER_UNIT)
        + listing(number("19600101", "100"), valid_from="2024-12-01")
    )
    coverage = recompute(land(tmp_path, region_19(listings)), MONTH, TODAY)["coverage"]
    row = only(coverage, level="region", area_code="19", population="listed",
               definition="reported", sex="all", age_group="all")  # fmt: skip
    assert fraction(row) == (4, 4)  # Anna, the samordningsnummer, two reserve persons
    women = only(coverage, level="region", area_code="19", population="listed",
                 definition="reported", sex="women", age_group="19-44")  # fmt: skip
    assert fraction(women) == (2, 2)
    unit = only(coverage, level="unit", area_code=OTHER_UNIT, population="listed",
                definition="reported")  # fmt: skip
    assert fraction(unit) == (2, 2)


def test_inhabitants(tmp_path: Path) -> None:
    listings = (
        listing(ANNA)
        + listing(BO, protected="true", residence="0380")  # counts in 19, no municipality
        + listing(CIA, residence="0380")  # lives where nothing is reported
        + listing(DAN, residence="")
        + listing(SAMORD)  # no inhabitant
    )
    coverage = recompute(land(tmp_path, region_19(listings)), MONTH, TODAY)["coverage"]

    def cell(level: str, sex: str = "all", group: str = "all") -> Row:
        codes = {"nation": "00", "region": "19", "municipality": "1980"}
        return only(coverage, level=level, area_code=codes[level], population="inhabitants",
                    definition="reported", sex=sex, age_group=group)  # fmt: skip

    assert fraction(cell("nation")) == (3, 10)
    assert fraction(cell("region")) == (3, 10)
    assert fraction(cell("region", "men", "0-18")) == (1, 3)
    assert fraction(cell("region", "men", "85+")) == (1, 1)
    assert cell("region", "women", "85+")["status"] == "undefined"
    assert fraction(cell("municipality")) == (1, 10)
    others = [row for row in coverage if row["area_code"] == "03"]
    assert len(others) == 9
    assert {row["status"] for row in others} == {"not_reported"}


def test_listed_in_two_regions(tmp_path: Path) -> None:
    """The nation counts the inhabitant once, the listed person twice; either region's physician
    counts; residence is the newest listing's, or the next where that is missing."""
    files = region_19(listing(CIA, physician="", residence="1980", valid_from="2021-01-01"))
    files["03/units/2024-11-01.csv"] = UNITS
    files["03/physicians/2024-11-01.csv"] = PHYSICIANS
    files["03/listings/2024-11-29.csv"] = LISTINGS_HEADER + listing(
        CIA, residence="", valid_from="2023-01-01"
    )
    coverage = recompute(land(tmp_path, files), MONTH, TODAY)["coverage"]
    nation = {
        population: fraction(
            only(coverage, level="nation", population=population, definition="reported",
                 sex="all", age_group="all")
        )
        for population in ("inhabitants", "listed")
    }  # fmt: skip
    assert nation == {"inhabitants": (1, 20), "listed": (1, 2)}
    row = only(coverage, level="region", area_code="19", population="inhabitants",
               definition="reported", sex="women", age_group="19-44")  # fmt: skip
    assert fraction(row) == (1, 4)


MARKINGS = "person_id,municipality,setting,main_care_at_setting,valid_from,valid_to\n"


def test_sabo_and_care_markings(tmp_path: Path) -> None:
    listings = listing(ANNA, GERIATRICIAN) + listing(BO) + listing(CIA, dead="2024-11-01")
    listings += listing(SAMORD, GERIATRICIAN, protected="true")
    cosmic = (
        MARKINGS
        + f"{ANNA},1980,sabo,true,2024-01-01,\n"
        + f"{BO},1980,sabo,false,2024-01-01,\n"  # main care elsewhere
        + f"{CIA},1980,sabo,true,2024-01-01,\n"  # known dead
        + f"{DAN},1980,sabo,true,2024-01-01,2024-11-30\n"  # not listed, last day
        + f"{RESERVE},1980,sabo,true,2024-01-01,\n"
    )
    municipal = (
        MARKINGS
        + f"{ANNA},1980,sabo,true,2024-02-01,\n"
        + f"{SAMORD},1980,sabo,true,2024-02-01,\n"
        + f"{BO},1980,dagverksamhet,true,2024-02-01,\n"
    )
    stale = MARKINGS + f"{number('19400101', '100')},1980,sabo,true,2024-01-01,\n"
    files = region_19(listings) | {
        "19/care_markings/2024-11-20_cosmic.csv": cosmic,
        "19/care_markings/2024-10-20_cosmic.csv": stale,
        "19/care_markings/2024-11-10_1980.csv": municipal,
    }
    tables = recompute(land(tmp_path, files), MONTH, TODAY)

    def sabo(level: str, code: str, definition: str = "national") -> object:
        return fraction(only(tables["coverage"], level=level, area_code=code, population="sabo",
                             definition=definition, sex="all", age_group="all"))  # fmt: skip

    assert sabo("region", "19") == (2, 4)  # Anna, protected; Dan and the reserve unlisted
    assert sabo("nation", "00", "regional") == (0, 4)  # the geriatrician is on visstid
    assert sabo("municipality", "1980") == (1, 3)  # without the protected person

    def marked(level: str, code: str) -> list[object]:
        return [only(tables["care_markings"], level=level, area_code=code, setting="sabo",
                     source=source)["persons"]
                for source in ("cosmic", "municipality", "both", "any")]  # fmt: skip

    assert marked("region", "19") == [4, 2, 1, 5]
    assert marked("municipality", "1980") == [4, 1, 1, 4]


# lists


def test_list_load_and_kinds(tmp_path: Path) -> None:
    listings = (
        listing(ANNA)
        + listing(BO, physician=LOCUM)
        + listing(CIA, physician="")
        + listing(DAN, unit=OTHER_UNIT)
        + listing(SAMORD, physician="SE5560001640-D9")
    )
    tables = recompute(land(tmp_path, region_19(listings)), MONTH, TODAY)
    load = only(tables["list_load"], level="region")
    assert (load["listed"], load["named"]) == (5, 4)
    assert (load["fte_specialist"], load["fte_st"]) == (0.9, 1.0)  # 0.5 + 0.4 geriatrik; no hyr
    assert load["capacity"] == 1100 * 0.9 + 550
    assert load["load"] == pytest.approx(5 / 1540)
    assert load["specialists_short"] == 0.0
    assert only(tables["list_load"], level="unit", area_code=OTHER_UNIT)["status"] == "undefined"
    nation = only(tables["list_load"], level="nation")
    assert (nation["guideline_specialist"], nation["capacity"]) == (None, 1540.0)
    kinds = {row["kind"]: row["persons"] for row in tables["list_kinds"]
             if row["level"] == "region"}  # fmt: skip
    assert kinds == {"named": 4, "fictitious": 1, "locum": 1, "unknown_physician": 1,
                     "physician_elsewhere": 1}  # fmt: skip


# continuity

CONTACTS = "person_id,contact_date,contact_time,unit_id,provider_id,profession,contact_type\n"


def contact(day: str, provider: str, time: str = "", unit: str = UNIT, person: str = ANNA,
            profession: str = "lakare", kind: str = "mottagning") -> str:  # fmt: skip
    return f"{person},{day},{time},{unit},{provider},{profession},{kind}\n"


def test_visits(tmp_path: Path) -> None:
    """d = 2024-11-30, so the window opens on 2023-05-31."""
    november = (
        contact("2024-11-01", LOCUM, "08:00")
        + contact("2024-11-01", DOCTOR, "07:00")
        + contact("2024-11-01", DOCTOR, "09:00")  # same provider, same day: one visit
        + contact("2024-11-02", DOCTOR, "")  # time missing: last of its day
        + contact("2024-11-02", LOCUM, "23:59")
        + contact("2024-11-03", "")  # no provider: left out
        + contact("2024-11-04", DOCTOR, unit=OTHER_UNIT)  # any_unit only
        + contact("2024-11-05", DOCTOR, kind="telefon")  # all_professions only
        + contact("2024-11-06", DOCTOR, profession="sjukskoterska")
        + contact("2024-11-07", DOCTOR, person=RESERVE)
    )
    may = contact("2023-05-30", DOCTOR) + contact("2023-05-31", DOCTOR)
    files = region_19(listing(ANNA) + listing(RESERVE)) | {
        "19/care_contacts/2024-11.csv": CONTACTS + november,
        "19/care_contacts/2023-05.csv": CONTACTS + may,
    }
    tables = recompute(land(tmp_path, files), MONTH, TODAY)

    def mean(index: str, series: str = "physician", scope: str = "own_unit") -> object:
        row = only(tables["continuity"], level="unit", area_code=UNIT, population="listed",
                   series=series, unit_scope=scope, index=index)  # fmt: skip
        assert row["persons"] == 1
        return row["mean"]

    # own unit: D | D L | L D — n = 5, n_j = 3 2, pairs DD DL LL LD
    assert mean("COC") == pytest.approx((9 + 4 - 5) / 20)
    assert mean("SECON") == pytest.approx(2 / 4)
    assert mean("K") == pytest.approx(3 / 4)
    assert mean("UPC", scope="any_unit") == pytest.approx(4 / 6)
    assert mean("UPC", series="all_professions") == pytest.approx(5 / 7)
    own = only(tables["own_physician"], level="region", sex="all", age_group="all")
    assert (own["persons"], own["own_visits"], own["visits"]) == (1, 4, 6)
    reporting = only(tables["reporting"], region_code="19")
    assert (reporting["contact_months"], reporting["contact_months_expected"]) == (2, 19)


def test_not_reported_where_a_delivery_is_lacking(tmp_path: Path) -> None:
    files = {"19/listings/2024-11-30.csv": LISTINGS_HEADER + listing(ANNA)}
    tables = recompute(land(tmp_path, files), MONTH, TODAY)
    for name in ("coverage", "continuity", "own_physician", "list_load", "list_kinds",
                 "care_markings", "definition_comparison", "fixed_contacts"):  # fmt: skip
        assert {row["status"] for row in tables[name]} == {"not_reported"}, name
    assert any(row["level"] == "unit" for row in tables["continuity"])
    # 2 populations × 2 series × 2 scopes × 6 indices × (21 nation + 21 region + 1 unit)
    assert len(tables["continuity"]) == 2 * 2 * 2 * 6 * 43
