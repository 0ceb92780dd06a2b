"""The worked table of Sidaway-Lee (2023), from a landing folder through `flk run`.

20 patients, one letter a visit; the published means are those of the article.
"""

import csv
from pathlib import Path

import pytest

from integration.landing import HSA_PREFIX, identity, land, row
from integration.running import flk, published, statistics
from tests.shared_work import SharedWork

GOLDEN = Path(__file__).parents[1] / "golden" / "sidaway_lee_2023.csv"


@pytest.fixture(scope="module")
def golden_out(shared_work: SharedWork) -> Path:
    """The table delivered by region 19 and run."""
    return shared_work.make("golden_table", _run_golden_table)


def _run_golden_table(folder: Path) -> Path:
    landing, out = folder / "landing", folder / "out"
    with GOLDEN.open(encoding="utf-8", newline="") as source:
        patients = list(csv.DictReader(source))
    persons = [identity("19700101", serial) for serial in range(len(patients))]
    land(landing, "19/units/2025-11-30", "unit_id\nA")
    land(landing, "19/physicians/2025-11-30", "physician_id\nA\nB\nC")
    land(
        landing,
        "19/listings/2025-11-30",
        [
            row("listings", person=person, physician_id=patient["list"])
            for person, patient in zip(persons, patients, strict=True)
        ],
    )
    land(
        landing,
        "19/care_contacts/2025-11",
        [
            row(
                "care_contacts",
                person=person,
                contact_date=f"2025-11-{day:02}",
                provider_id=f"{HSA_PREFIX}{letter}",
            )
            for person, patient in zip(persons, patients, strict=True)
            for day, letter in enumerate(patient["visits"], start=1)
        ],
    )
    assert flk("run", "--landing", landing, "--out", out).status == 0
    return out


ARTICLE = [
    ("UPC", 2, "mean", 0.5741),
    ("COC", 2, "mean", 0.3194),
    ("UPC", 3, "mean", 0.5238),
    ("COC", 3, "mean", 0.2679),
    ("COC", 3, "pooled", 0.2978),
]


@pytest.mark.parametrize(("index", "fewest", "column", "value"), ARTICLE)
def test_continuity_before_and_after_disclosure_control(
    index: str, fewest: int, column: str, value: float, golden_out: Path
) -> None:
    cell = {"level": "region", "area_code": "19", "population": "listed", "series": "physician"}
    cell |= {"unit_scope": "own_unit", "index": index, "sex": "all", "age_group": "all"}
    ours = statistics(golden_out, "continuity").filter(min_visits=fewest, **cell)
    assert ours[column].to_list() == [pytest.approx(value, abs=5e-5)]

    where = " and ".join(f"\"{name}\" = '{wanted}'" for name, wanted in cell.items())
    query = f'select "{column}" from continuity where min_visits = {fewest} and {where}'
    assert published(golden_out, query) == [(pytest.approx(value, abs=5e-5),)]


def test_own_physician(golden_out: Path) -> None:
    cell = "level = 'region' and area_code = '19' and sex = 'all' and age_group = 'all'"
    query = f"select persons, own_visits, visits from own_physician where {cell}"
    assert published(golden_out, query) == [(20, 39, 82)]
