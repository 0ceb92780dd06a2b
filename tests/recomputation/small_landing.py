"""Landings small enough to work by hand, for the tests of the oracle."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from .figures import (
    Row,
)
from .identifiers import checksum_holds

TODAY = date(2024, 12, 31)
MONTH = "2024-11"
UNIT, OTHER_UNIT = "SE5560001640-VC1", "SE5560001640-VC2"
DOCTOR, LOCUM, GERIATRICIAN = "SE5560001640-D1", "SE5560001640-D2", "SE5560001640-D3"


def number(born: str, serial: str) -> str:
    """A person number: eight digits of birth, three of serial, and the digit that fits."""
    return next(
        born + serial + str(last)
        for last in range(10)
        if checksum_holds(born[2:] + serial + str(last))
    )


ANNA = number("19500615", "120")  # woman, 74
BO = number("20060101", "111")  # man, 18
CIA = number("19900101", "200")  # woman, 34
DAN = number("19300101", "131")  # man, 94
SAMORD = number("19800162", "151")  # samordningsnummer, man, 44
RESERVE = "20000101T220"  # 11th character 2: woman, 24

UNITS = f"""unit_id,unit_name,municipality,operator,valid_from
{UNIT},Vårdcentralen Ett,1980,region,2020-01-01
{OTHER_UNIT},Två,1980,privat,2020-01-01
"""
PHYSICIANS = f"""\
physician_id,unit_id,specialties,training,equivalent_competence,employment,fte,valid_from
{DOCTOR},{UNIT},allmanmedicin,,false,tillsvidare,0.5,2020-01-01
{LOCUM},{UNIT},allmanmedicin,,false,hyr,1,2020-01-01
{GERIATRICIAN},{UNIT},geriatrik,,false,visstid,0.4,2020-01-01
SE5560001640-D4,{UNIT},allmanmedicin,ST,false,visstid,1,2020-01-01
"""
LISTINGS_HEADER = (
    "person_id,protected_identity,residence_municipality,deceased_on,unit_id,list_name,"
    "physician_id,listing_type,in_queue,valid_from\n"
)
POPULATION = """year,municipality,sex,age,count
2023,1980,women,34,4
2023,1980,women,74,2
2023,1980,men,18,3
2023,1980,men,94,1
2023,0380,men,44,10
"""


def listing(person: str, physician: str = DOCTOR, unit: str = UNIT, list_name: str = "Lista",
            residence: str = "1980", protected: str = "false", dead: str = "", kind: str = "PV",
            queue: str = "false", valid_from: str = "2021-01-01") -> str:  # fmt: skip
    values = (person, protected, residence, dead, unit, list_name, physician, kind, queue,
              valid_from)  # fmt: skip
    return ",".join(values) + "\n"


def land(landing: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        path = landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return landing


def region_19(listings: str, **more: str) -> dict[str, str]:
    files = {
        "19/units/2024-10-31.csv": UNITS,
        "19/physicians/2024-10-31.csv": PHYSICIANS,
        "19/listings/2024-11-30.csv": LISTINGS_HEADER + listings,
        "reference/population/2023.csv": POPULATION,
    }
    return files | {name.replace("__", "/") + ".csv": text for name, text in more.items()}


def only(rows: list[Row], **wanted: object) -> Row:
    found = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
    assert len(found) == 1, (len(found), wanted)
    return found[0]


def fraction(row: Row) -> tuple[object, object]:
    return row["numerator"], row["denominator"]
