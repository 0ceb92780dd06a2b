"""A small landing folder as regions and municipalities really export, to be read by profiles.

Region 19 delivers listings out of FLISA, SÄBO markings out of Cosmic's patient card and the Excel
lists of two municipalities; region 20 a JSON export of answers of GetListing. The rest is in the
standard layout. The files are invented; the profiles that read them stand beside them in
`data/profiles/landing/profiles`.
"""

import io
import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from pipelines.simulation.examples import (
    csv_file,
    demand_empty,
    identity,
    population,
    with_check_digit,
    write_files,
)

Cell = str | int | date | None

_DAY = "2025-11-30"
_NORBERG, _KOPING = "SE2321000172-A001", "SE2321000172-A002"
_EK, _NORBERG_1, _LIND = (f"SE2321000172-L{number:05}" for number in (1, 2, 3))
_FALUN, _DALA = "SE2321000180-B001", "SE2321000180-L00001"

_YOUNG = with_check_digit("20040307123")
"""Born in a year whose first digit a spreadsheet takes for a zero too much."""

_UNITS = "unit_id,unit_name,municipality,operator,valid_from,valid_to"
_PHYSICIANS = (
    "physician_id,unit_id,position_code,specialties,training,equivalent_competence,employment,"
    "fte,valid_from,valid_to"
)
_CONTACTS = "person_id,contact_date,contact_time,unit_id,provider_id,profession,contact_type"

_FLISA = (
    "Personnummer",
    "Namn",
    "Sekretess",
    "Folkbokförd",
    "Avliden",
    "Vårdcentral HSA-id",
    "Vårdcentral",
    "Listnamn",
    "Läkare HSA-id",
    "Listningstyp",
    "I kö",
    "Listad fr.o.m.",
    "Listad t.o.m.",
)
_LISTED = [identity(number) for number in range(40)]
_LISTED_IN_FALUN = [identity(number) for number in range(60, 70)]


def write_profile_examples(landing: Path) -> list[Path]:
    """Write the files into a folder without deliveries and return their paths."""
    demand_empty(landing)
    residents = {person: _municipality(number) for number, person in enumerate(_LISTED)}
    residents |= dict.fromkeys(_LISTED_IN_FALUN, "2080") | {_YOUNG: "1983"}
    contents = {f"19/{name}": content for name, content in _vastmanland().items()}
    contents |= {f"20/{name}": content for name, content in _dalarna().items()}
    contents["reference/population/2025.csv"] = population(residents)
    return write_files(landing, contents)


def _vastmanland() -> dict[str, bytes]:
    contacts = {
        f"care_contacts/2025-{month:02}.csv": csv_file(
            _CONTACTS,
            [
                f"{person},2025-{month:02}-{month + 3:02},09:15,{_NORBERG},{_EK},lakare,mottagning"
                for person in _LISTED[:20]
            ],
        )
        for month in range(6, 12)
    }
    return contacts | {
        f"units/{_DAY}.csv": csv_file(
            _UNITS,
            [
                f"{_NORBERG},Norbergs vårdcentral,1962,region,2012-01-01,",
                f"{_KOPING},Köpings vårdcentral,1983,region,2012-01-01,",
            ],
        ),
        f"physicians/{_DAY}.csv": csv_file(
            _PHYSICIANS,
            [
                f"{_EK},{_NORBERG},201011,allmanmedicin,,false,tillsvidare,1.0,2019-01-01,",
                f"{_NORBERG_1},{_NORBERG},201011,allmanmedicin,,false,hyr,0.5,2025-01-01,",
                f"{_LIND},{_KOPING},203010,allmanmedicin,ST,false,tillsvidare,1.0,2023-01-01,",
            ],
        ),
        f"listings/{_DAY}_flisa.csv": _flisa(),
        f"care_markings/{_DAY}_cosmic.csv": _cosmic(),
        f"care_markings/{_DAY}_1962.xlsx": _list_of_norberg(),
        f"care_markings/{_DAY}_1983.xlsx": _list_of_koping(),
    }


def _municipality(number: int) -> str:
    """Where a listed person lives: who is on the list in Köping there, the others in Norberg."""
    return "1983" if 32 <= number < 38 else "1962"


# FLISA


def _flisa() -> bytes:
    """Windows-1252, semicolons, a title above and a total below."""
    rows = [_flisa_row(number, person) for number, person in enumerate(_LISTED)]
    rows.append(_flisa_row(35, _YOUNG))
    lines = [
        "FLISA - Listade per vårdcentral och läkare",
        "Uttag: 2025-11-30 23:59",
        "",
        ";".join(_FLISA),
        *rows,
        f"Antal listade;{len(rows)}",
    ]
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


def _flisa_row(number: int, person: str) -> str:
    unit, name, list_name, physician = _list_of(number)
    return ";".join(
        (
            f"{person[:8]}-{person[8:]}",
            f"Påhittad Person {number}",
            "J" if number == 38 else "N",
            {"1962": "Norberg", "1983": "Köping"}[_municipality(number)],
            "",
            unit,
            name,
            list_name,
            physician,
            "Primärvård",
            "Ja" if number == 39 else "Nej",
            f"20{10 + number % 15}0301",
            "99991231",
        )
    )


def _list_of(number: int) -> tuple[str, str, str, str]:
    """Unit, its name, list and physician. Lists named after the unit are fictitious."""
    norberg, koping = "Norbergs vårdcentral", "Köpings vårdcentral"
    if 20 <= number < 28:
        return _NORBERG, norberg, f"{norberg} Dr Norberg 1", _NORBERG_1
    if 28 <= number < 32:
        return _NORBERG, norberg, f"{norberg} 2", ""
    if 32 <= number < 38:
        return _KOPING, koping, "Dr Lind", _LIND
    return _NORBERG, norberg, "Dr Ek", _EK


# Cosmic


def _cosmic() -> bytes:
    """UTF-16 with tabs, as reports for Excel are exported; dates with a time of day."""
    header = ("Patient-ID", "Kommun", "Markering", "Huvudsaklig HSV", "Giltig från", "Giltig till")
    settings = ["Särskilt boende äldre"] * 6 + ["Hemsjukvård"] * 2
    rows = [
        (person, "Västerås", setting, "Ja", f"{day:%Y-%m-%d} 00:00:00", "NULL")
        for person, setting, day in zip(
            _LISTED, settings, [date(2024, 1 + number, 15) for number in range(8)], strict=False
        )
    ]
    lines = ["\t".join(row) for row in (header, *rows)]
    return ("\r\n".join(lines) + "\r\n").encode("utf-16")


# The municipalities' lists


def _list_of_norberg() -> bytes:
    """One sheet: a title, merged headings, dates as dates, texts and numbers, a note below."""
    people = _LISTED[20:26]
    return _workbook(
        {
            "Säbo nov": [
                ["Boende på Granbackens äldreboende", None, None, None, None, None],
                ["Ansvarig: Socialförvaltningen", None, None, None, None, None],
                [None] * 6,
                ["Lgh", "Personnr", "Namn", "Boendetid", None, "HSV i boendet"],
                [None, None, None, "Inflyttad", "Utflyttad", None],
                ["101", int(people[0]), "Påhittad A", date(2023, 2, 1), None, "x"],
                ["102", f"{people[1][:8]}-{people[1][8:]}", "Påhittad B", "2024-05-17", None, "x"],
                ["103", f"{people[2][2:8]}-{people[2][8:]}", "Påhittad C", 45413, None, "X"],
                [None] * 6,
                ["201", int(people[3][2:]), "Påhittad D", "20240901", None, "x"],
                ["202", people[4], "Påhittad E", date(2022, 8, 15), date(2026, 1, 31), None],
                ["203", int(people[5]), "Påhittad F", date(2021, 3, 1), date(2025, 9, 30), "x"],
                [None] * 6,
                ["Antal boende", 6, None, None, None, None],
                ["OBS! Lgh 203 är tom sedan oktober", None, None, None, None, None],
            ]
        },
        merged={"Säbo nov": ("A1:F1", "D4:E4")},
    )


def _list_of_koping() -> bytes:
    """A sheet for each form of care, and one that is nobody's list."""
    headings: list[Cell] = ["Personnummer", "Beslut från", "Beslut till", "Huvudsaklig vård"]
    return _workbook(
        {
            "Särskilt boende": [
                headings,
                *[_in_koping(person) for person in _LISTED[30:33]],
            ],
            "Dagverksamhet": [
                headings,
                [int(_YOUNG[2:]), "15/10/2025", None, "Nej"],
                ["Summa", 1, None, None],
            ],
            "Koder": [["Ja", "Nej"]],
        }
    )


def _in_koping(person: str) -> list[Cell]:
    return [int(person), "1/3/2024", None, "Ja"]


def _workbook(
    sheets: dict[str, list[list[Cell]]], merged: dict[str, Sequence[str]] | None = None
) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        # The file names the moment when it was made: a fixed one keeps the bytes the same.
        book.set_properties({"created": datetime(2025, 11, 30)})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for cells in (merged or {}).get(name, ()):
                sheet.merge_range(cells, "")
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    if isinstance(value, date):
                        moment = datetime(value.year, value.month, value.day)
                        sheet.write_datetime(row, column, moment, day)
                    elif value is not None:
                        sheet.write(row, column, value)
    return target.getvalue()


# JSON


def _dalarna() -> dict[str, bytes]:
    export = {"persons": [_get_listing(number) for number in range(10)]}
    return {
        f"units/{_DAY}.csv": csv_file(
            _UNITS, [f"{_FALUN},Falu vårdcentral,2080,region,2012-01-01,"]
        ),
        f"physicians/{_DAY}.csv": csv_file(
            _PHYSICIANS,
            [f"{_DALA},{_FALUN},201011,allmanmedicin,,false,tillsvidare,1.0,2019-01-01,"],
        ),
        f"listings/{_DAY}.json": (json.dumps(export, ensure_ascii=False, indent=1) + "\n").encode(),
    }


def _get_listing(number: int) -> dict[str, Any]:
    """A person and the answer of GetListing: the present listing, and for some the former one.

    Names of fields as in the service contract (riv:supportprocess:logistics:carelisting, 2.1). It
    answers for one person and knows neither residence nor protection: an export has them beside.
    """
    present = {
        "validFromDate": "2021-03-01T00:00:00",
        "validToDate": None,
        "listingType": {
            "code": "PV",
            "codeSystem": "1.2.752.129.5.1.27",
            "displayName": "Primärvårdslistning",
        },
        "healthcareFacility": {
            "id": _FALUN,
            "name": "Falu vårdcentral",
            "hasQueue": False,
            "supportsHealthcarePersonnel": True,
        },
        "healthcarePersonnel": {"id": _DALA, "name": "Dr Dala"} if number else None,
        "isInQueue": False,
    }
    former = present | {
        "validFromDate": "2015-01-01T00:00:00",
        "validToDate": "2021-02-28T00:00:00",
    }
    return {
        "personId": {"root": "1.2.752.129.2.1.3.1", "extension": _LISTED_IN_FALUN[number]},
        "protectedIdentity": False,
        "residenceMunicipality": "2080",
        "getListingResponse": {
            "listings": [present, former] if number < 2 else [present],
            "resultCode": "OK",
        },
    }
