"""Small random deliveries give the same figures as the independent recomputation."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from recomputation import recompute

from integration.comparing import differences, recomputed_metrics
from integration.landing import PERSONS, land, row
from integration.without_dagster import tables_without_dagster
from pipelines.tables import TABLE_MAKERS
from schemas.statistics import statistics_table

TODAY = date(2026, 1, 15)
VARIANTS = ((18, 3), (12, 2))

Rows = list[dict[str, str]]

people = st.sampled_from([*PERSONS, "200013400000"])
unit_ids = st.sampled_from(["A", "B", "C"])
doctors = st.sampled_from(["D1", "D2", "D3", "-"])
towns = st.sampled_from(["1980", "1960", "0480", "9999", "-"])
yes_no = st.sampled_from(["true", "FALSE", "false"])
from_days = st.sampled_from(["2020-01-01", "2024-05-01", "2025-11-20", "2025-11-30", "2026-02-01"])
to_days = st.sampled_from(["-", "-", "-", "2025-11-28", "2025-11-29", "2019-12-31"])
contact_days = st.sampled_from(["2025-11-01", "2025-11-02", "2025-11-28", "2025-11-30", "2025-1-1"])
window_days = st.sampled_from(["2024-05-28", "2024-05-30", "2024-05-31"])


def table(delivery: str, **columns: st.SearchStrategy[str]) -> st.SearchStrategy[Rows]:
    """A few rows of a delivery, the first without fault; other columns are the defaults."""
    one = st.fixed_dictionaries(columns).map(lambda values: row(delivery, **values))
    first = {"population": {"age": "85"}, "care_contacts": {"provider_id": "D1"}}
    return st.lists(one, max_size=9).map(
        lambda more: [row(delivery, **first.get(delivery, {})), *more]
    )


UNITS = table(
    "units",
    unit_id=unit_ids,
    municipality=st.sampled_from(["1980", "0480", "9999"]),
    unit_name=st.sampled_from(["Ekbacken", "Vård centralen Ö", "Sjö"]),
    valid_from=from_days,
    valid_to=to_days,
)
LISTINGS = table(
    "listings",
    person=people,
    unit_id=unit_ids,
    physician_id=doctors,
    protected_identity=st.sampled_from(["false", "false", "false", "true", "-"]),
    residence_municipality=towns,
    deceased_on=st.sampled_from(["-", "-", "-", "-", "2025-11-28", "2025-12-24"]),
    list_name=st.sampled_from(["-", "EKBACKEN 2", "vårdcentralen ö lista", "Anna A"]),
    listing_type=st.sampled_from(["PV", "PV", "PV", "BVC"]),
    in_queue=st.sampled_from(["false", "false", "false", "true"]),
    valid_from=from_days,
    valid_to=to_days,
)
PHYSICIANS = table(
    "physicians",
    physician_id=st.sampled_from(["D1", "D2", "D3"]),
    unit_id=unit_ids,
    specialties=st.sampled_from(
        ["allmanmedicin", "geriatrik", "barn_och_ungdomsmedicin", "other", "-", "hud"]
    ),
    training=st.sampled_from(["-", "ST", "BT"]),
    equivalent_competence=yes_no,
    employment=st.sampled_from(["tillsvidare", "visstid", "hyr", "konsult"]),
    fte=st.sampled_from(["1", "0.5", "0.25", "1.6"]),
    valid_from=from_days,
    valid_to=to_days,
)


def contacts(days: st.SearchStrategy[str]) -> st.SearchStrategy[Rows]:
    """A month's contacts."""
    return table(
        "care_contacts",
        person=people,
        contact_date=days,
        contact_time=st.sampled_from(["-", "08:30", "15:00", "24:00"]),
        unit_id=unit_ids,
        provider_id=doctors,
        profession=st.sampled_from(["lakare", "lakare", "sjukskoterska"]),
        contact_type=st.sampled_from(["mottagning", "hembesok", "telefon"]),
    )


MARKINGS = table(
    "care_markings",
    person=people,
    municipality=st.sampled_from(["1980", "1960", "0480", "9999"]),
    setting=st.sampled_from(["sabo", "sabo", "hemsjukvard"]),
    main_care_at_setting=yes_no,
    protected_identity=st.sampled_from(["-", "-", "true", "false"]),
    valid_from=from_days,
    valid_to=to_days,
)
FIXED = table(
    "fixed_contacts",
    person=people,
    kind=st.sampled_from(["1", "2", "3", "4", "5"]),
    valid_from=from_days,
    valid_to=to_days,
)
POPULATION = table(
    "population",
    municipality=st.sampled_from(["1980", "1960", "0480"]),
    sex=st.sampled_from(["women", "men"]),
    age=st.sampled_from(["37", "74", "85", "9", "101"]),
    count=st.sampled_from(["1", "3", "200"]),
)


@st.composite
def landings(draw: Callable[[st.SearchStrategy], object]) -> dict[str, Rows]:
    """Two regions; deliveries may be missing.

    Physicians are there: without them the recomputation reports no kind of list at all, while
    the pipeline reports the kinds that need no register of physicians.
    """
    files: dict[str, Rows] = {"19/listings/2025-11-30": draw(LISTINGS)}
    files |= {f"{code}/physicians/2025-10-31": draw(PHYSICIANS) for code in ("19", "04")}
    optional = {
        "19/listings/2025-11-30_more": LISTINGS,
        "04/listings/2025-11-28": LISTINGS,
        "reference/population/2025": POPULATION,
    }
    for code in ("19", "04"):
        optional |= {
            f"{code}/units/2025-11-01": UNITS,
            f"{code}/physicians/2025-10-31_locums": PHYSICIANS,
            f"{code}/care_contacts/2025-11": contacts(contact_days),
            f"{code}/care_contacts/2024-05": contacts(window_days),
            f"{code}/care_markings/2025-11-15_cosmic": MARKINGS,
            f"{code}/care_markings/2025-10-15_1980": MARKINGS,
            f"{code}/fixed_contacts/2025-11-15": FIXED,
        }
    for place, strategy in optional.items():
        if draw(st.integers(0, 4)):
            files[place] = draw(strategy)
    for place, rows in files.items():
        # A unit lies in one region; the recomputation would give it a row for each.
        if place.startswith("04"):
            files[place] = [
                each | {"unit_id": f"{each['unit_id']}04"} if "unit_id" in each else each
                for each in rows
            ]
    for code in ("19", "04"):
        if f"{code}/care_contacts/2025-11" not in files:
            # What a window without any contacts gives is tested below.
            files.pop(f"{code}/care_contacts/2024-05", None)
    return files


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # To shrink takes minutes.
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(landings())
def test_figures_are_as_recomputed(files: dict[str, Rows]) -> None:
    assert_as_recomputed(files)


def test_a_window_without_contacts_is_not_reported() -> None:
    """Contacts of the 18 months, but of none of the 12."""
    listings, contacts = [row("listings")], [row("care_contacts", contact_date="2024-06-03")]
    files = {"19/listings/2025-11-30": listings, "19/care_contacts/2024-06": contacts}
    assert_as_recomputed(files)


def as_workbook(path: Path) -> None:
    """The same rows as Excel."""
    with xlsxwriter.Workbook(path.with_suffix(".xlsx")) as book:
        sheet = book.add_worksheet()
        for place, values in enumerate(csv.reader(path.read_text("utf-8").splitlines())):
            sheet.write_row(place, 0, values)
    path.unlink()


def assert_as_recomputed(files: dict[str, Rows]) -> None:
    """Every table and every receipt's status."""
    with TemporaryDirectory() as folder:
        landing, out = Path(folder) / "landing", Path(folder) / "out"
        for place, rows in files.items():
            if place.startswith("19/physicians"):
                as_workbook(land(landing, place, rows))
            else:
                land(landing, place, rows)
        theirs = recompute(landing, "2025-11", TODAY, VARIANTS)
        ours = tables_without_dagster(landing, out, "2025-11", TODAY)
    statuses = {
        name: {(row["delivery"], row["file_name"]): row["status"] for row in table}
        for name, table in (
            ("ours", ours.pop("deliveries").to_dicts()),
            ("recomputed", theirs["deliveries"]),
        )
    }
    assert statuses["ours"] == statuses["recomputed"]
    assert ours.keys() == (set(TABLE_MAKERS) if ours else set())
    if ours:
        ours["data_quality"] = recomputed_metrics(ours["data_quality"])
    for name in ours.keys() & theirs.keys():
        assert differences(ours[name], theirs[name], statistics_table(name)) == [], name
