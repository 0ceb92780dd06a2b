"""Small landing folders written as text tables: a word a value, `-` for missing.

person  unit_id  valid_from
anna    A        2024-01-01

Columns that do not matter take the defaults below. Persons go by their names, HSA-ids by what
follows their prefix.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

MONTH = "2025-11"
HSA_PREFIX = "SE5560001640-"
HSA_COLUMNS = ("unit_id", "physician_id", "provider_id", "holder_id")

DEFAULTS: dict[str, dict[str, str]] = {
    "units": {
        "unit_id": "A",
        "unit_name": "Vårdcentralen Ekhagsgläntan",
        "municipality": "1980",
        "operator": "region",
        "valid_from": "2010-01-01",
        "valid_to": "",
    },
    "listings": {
        "person": "anna",
        "protected_identity": "false",
        "residence_municipality": "1980",
        "deceased_on": "",
        "unit_id": "A",
        "list_name": "Greta Ormbunkström",
        "physician_id": "DR",
        "listing_type": "PV",
        "in_queue": "false",
        "valid_from": "2020-01-01",
        "valid_to": "",
    },
    "physicians": {
        "physician_id": "DR",
        "unit_id": "A",
        "position_code": "201011",
        "specialties": "allmanmedicin",
        "training": "",
        "equivalent_competence": "false",
        "employment": "tillsvidare",
        "fte": "1",
        "valid_from": "2010-01-01",
        "valid_to": "",
    },
    "care_contacts": {
        "person": "anna",
        "contact_date": "2025-11-03",
        "contact_time": "",
        "unit_id": "A",
        "provider_id": "DR",
        "profession": "lakare",
        "contact_type": "mottagning",
    },
    "care_markings": {
        "person": "anna",
        "municipality": "1980",
        "setting": "sabo",
        "main_care_at_setting": "true",
        "valid_from": "2024-01-01",
        "valid_to": "",
        "protected_identity": "false",
    },
    "fixed_contacts": {
        "person": "anna",
        "kind": "2",
        "holder_id": "DR",
        "unit_id": "A",
        "valid_from": "2020-01-01",
        "valid_to": "",
    },
    "population": {
        "year": "2024",
        "municipality": "1980",
        "sex": "women",
        "age": "80",
        "count": "100",
    },
}


def identity(born: str, serial: int) -> str:
    """A person number with its checksum; women have even serials."""
    digits = f"{born}{serial:03}"
    total = 0
    for place, digit in enumerate(digits[2:]):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return digits + str(-total % 10)


PERSONS = {
    "anna": identity("19400615", 212),
    "bo": identity("19510203", 213),
    "cia": identity("19880930", 214),
    "dan": identity("20151224", 215),
    "eva": identity("19600229", 216),
    "finn": identity("19330101", 217),
    "reserve": "19990101T230",
}


def rows(delivery: str, text: str) -> list[dict[str, str]]:
    """The rows of a text table, with the delivery's columns and defaults."""
    header, *lines = (line.split() for line in text.strip().splitlines())
    return [row(delivery, **dict(zip(header, line, strict=True))) for line in lines]


def row(delivery: str, **values: str) -> dict[str, str]:
    """A row as it is delivered."""
    made = DEFAULTS[delivery] | {
        name: "" if value == "-" else value for name, value in values.items()
    }
    for name in HSA_COLUMNS:
        if made.get(name) and not made[name].startswith("SE"):
            made[name] = HSA_PREFIX + made[name]
    if "person" in made:
        person = made.pop("person")
        made = {"person_id": PERSONS.get(person, person)} | made
    return made


def csv_text(table: Sequence[Mapping[str, str]]) -> str:
    """The rows as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(table[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue()


def land(landing: Path, place: str, table: str | Sequence[Mapping[str, str]]) -> Path:
    """Deliver one file: `19/listings/2025-11-30` and its rows."""
    delivery = place.split("/")[1]
    if isinstance(table, str):
        table = rows(delivery, table)
    path = landing / f"{place}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(csv_text(table), encoding="utf-8")
    return path


def region(landing: Path, code: str = "19", day: str = "2025-11-30") -> None:
    """What a region delivers: four persons on two units, one of them fictitious."""
    municipality = {"19": "1980", "04": "0480"}[code]
    letter = {"19": "A", "04": "S"}[code]
    land(
        landing,
        f"{code}/units/{day}",
        f"unit_id     municipality\n{letter}    {municipality}\n{letter}2   {municipality}",
    )
    land(
        landing,
        f"{code}/physicians/{day}",
        f"physician_id  unit_id\nDR{code}  {letter}\nST{code}  {letter}2",
    )
    land(
        landing,
        f"{code}/listings/{day}",
        f"""
        person  unit_id    physician_id  residence_municipality
        anna    {letter}   DR{code}      {municipality}
        bo      {letter}   DR{code}      {municipality}
        cia     {letter}2  ST{code}      {municipality}
        dan     {letter}2  -             {municipality}
        """,
    )
    land(
        landing,
        f"{code}/care_contacts/{day[:7]}",
        f"""
        person  contact_date  unit_id    provider_id
        anna    {day[:7]}-03  {letter}   DR{code}
        anna    {day[:7]}-04  {letter}   DR{code}
        anna    {day[:7]}-05  {letter}   ST{code}
        bo      {day[:7]}-03  {letter}   DR{code}
        cia     {day[:7]}-10  {letter}2  ST{code}
        """,
    )
    land(
        landing,
        f"{code}/care_markings/{day}_cosmic",
        f"person  municipality\nanna    {municipality}",
    )


def population(landing: Path, year: int = 2024) -> None:
    """Inhabitants of two municipalities."""
    land(
        landing,
        f"reference/population/{year}",
        f"""
        year    municipality  sex    age  count
        {year}  1980          women  85   60
        {year}  1980          men    74   50
        {year}  0480          women  37   40
        {year}  0480          men    9    30
        """,
    )


def two_regions(landing: Path) -> Path:
    """Regions 19 and 04 in one month, and the population."""
    region(landing, "19")
    region(landing, "04", "2025-11-28")
    population(landing)
    return landing
