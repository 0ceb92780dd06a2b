"""A small landing folder in which every delivery is refused for another reason, but one good set.

For suppliers and tests: written by hand, row by row, so that each file shows one thing.
"""

import gzip
from pathlib import Path

from pipelines.simulation.examples import csv_file, demand_empty, identity, population, write_files

GOOD_REGION = "19"
_UNIT = "SE2321000172-A001"
_PHYSICIAN = "SE2321000172-L00001"
_SNAPSHOT = "2025-11-30"

_UNITS = "unit_id,unit_name,municipality,operator,valid_from,valid_to"
_UNIT_ROW = f"{_UNIT},Norbergs vårdcentral,1962,region,2012-01-01,"
_LISTINGS = (
    "person_id,protected_identity,residence_municipality,deceased_on,unit_id,list_name,"
    "physician_id,listing_type,in_queue,valid_from,valid_to"
)
_PHYSICIANS = (
    "physician_id,unit_id,position_code,specialties,training,equivalent_competence,employment,"
    "fte,valid_from,valid_to"
)
_PHYSICIAN_ROW = f"{_PHYSICIAN},{_UNIT},201011,allmanmedicin,,false,tillsvidare,1.0,2019-01-01,"
_CONTACTS = "person_id,contact_date,contact_time,unit_id,provider_id,profession,contact_type"
_MARKINGS = "person_id,municipality,setting,main_care_at_setting,valid_from,valid_to"

_PERSONS = 24


def _listing(person_id: str) -> str:
    return f"{person_id},false,1962,,{_UNIT},Dr Ek,{_PHYSICIAN},PV,false,2021-03-01,"


def _contact(person_id: str, day: str) -> str:
    return f"{person_id},{day},09:15,{_UNIT},{_PHYSICIAN},lakare,mottagning"


def _good_set(people: list[str]) -> dict[str, bytes]:
    """One region that delivers everything as it should be."""
    contacts = {
        f"care_contacts/2025-{month:02}.csv": csv_file(
            _CONTACTS, [_contact(person, f"2025-{month:02}-{month + 3:02}") for person in people]
        )
        for month in range(6, 12)
    }
    locum = f"SE2321000172-L00002,{_UNIT},201011,allmanmedicin,,false,hyr,0.5,2025-01-01,"
    return contacts | {
        f"units/{_SNAPSHOT}.csv": csv_file(_UNITS, [_UNIT_ROW]),
        f"physicians/{_SNAPSHOT}.csv": csv_file(_PHYSICIANS, [_PHYSICIAN_ROW, locum]),
        f"listings/{_SNAPSHOT}.csv": csv_file(_LISTINGS, [_listing(person) for person in people]),
        f"care_markings/{_SNAPSHOT}_1962.csv": csv_file(
            _MARKINGS, [f"{person},1962,sabo,true,2024-02-01," for person in people[:6]]
        ),
    }


def _refused_files(people: list[str]) -> dict[str, bytes]:
    """One file per reason, each in a region of its own; the link is made separately."""
    listings = [_listing(person) for person in people]
    wrong = [_listing(person[:-1] + str((int(person[-1]) + 1) % 10)) for person in people]
    whole = gzip.compress(
        csv_file(_CONTACTS, [_contact(one, "2025-11-05") for one in people]), mtime=0
    )
    no_unit = _LISTINGS.replace(",unit_id", "")
    return {
        "01/listings/listor_november.csv": csv_file(_LISTINGS, listings),
        "04/care_contacts/2025-11.csv.gz": whole[: len(whole) // 2],
        "05/units/2025-11-30.csv": csv_file(_UNITS, [_UNIT_ROW]).decode().encode("latin-1"),
        "06/listings/2025-11-30.csv": csv_file(
            no_unit, [row.replace(f",{_UNIT}", "") for row in listings]
        ),
        "07/physicians/2025-11-30.csv": csv_file(
            _PHYSICIANS.replace("training", "specialties"), [_PHYSICIAN_ROW]
        ),
        "08/listings/2025-11-30.csv": b"",
        "09/listings/2025-11-30.csv": csv_file(_LISTINGS, []),
        "10/listings/2099-01-01.csv": csv_file(_LISTINGS, listings),
        "12/care_markings/2025-11-30_1280.csv": csv_file(
            _MARKINGS, [f"{person},1280,korttidsboende,true,2024-02-01," for person in people[:3]]
        ),
        "13/listings/2025-11-30.csv": csv_file(_LISTINGS, listings[:14] + wrong[14:]),
        "14/physicians/2025-11-30.parquet": b"PAR1 and nothing that follows",
        "17/units/2025-11-30.csv": csv_file(_UNITS, [_UNIT_ROW.replace("1962", "1780")]),
        "17/units/2025-11-30.csv.gz": gzip.compress(
            csv_file(_UNITS, [_UNIT_ROW.replace("1962", "1780")]), mtime=0
        ),
    }


def write_refused_examples(landing: Path) -> list[Path]:
    """Write the files into a folder without deliveries and return their paths."""
    demand_empty(landing)
    people = [identity(number) for number in range(_PERSONS)]
    contents = {f"{GOOD_REGION}/{name}": text for name, text in _good_set(people).items()}
    contents |= _refused_files(people)
    contents["reference/population/2025.csv"] = population(dict.fromkeys(people, "1962"))
    paths = write_files(landing, contents)
    link = landing / "03" / "units" / f"{_SNAPSHOT}.csv"
    link.parent.mkdir(parents=True)
    link.symlink_to(Path("..") / ".." / GOOD_REGION / "units" / f"{_SNAPSHOT}.csv")
    return [*paths, link]
