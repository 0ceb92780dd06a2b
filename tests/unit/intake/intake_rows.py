"""Good rows of every delivery, and how the tests of intake write them as CSV."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

from pipelines.intake.take_in import Intake

TODAY = date(2025, 12, 10)
RECEIVED_AT = datetime(2025, 12, 10, 4, 15)
KEY = "a key for tests only"

NAMES = {"care_contacts": "2025-11", "care_markings": "2025-11-30_cosmic", "population": "2024"}

GOOD_ROWS: dict[str, dict[str, str]] = {
    "units": {
        "unit_id": "SE2321000172-0A01",
        "unit_name": "Vårdcentralen Bäcken",
        "municipality": "1980",
        "operator": "region",
        "valid_from": "2010-01-01",
        "valid_to": "",
    },
    "listings": {
        "person_id": "200002292399",
        "protected_identity": "false",
        "residence_municipality": "1980",
        "deceased_on": "",
        "unit_id": "SE2321000172-0A01",
        "list_name": "Anna Andersson",
        "physician_id": "SE2321000172-P001",
        "listing_type": "PV",
        "in_queue": "false",
        "valid_from": "2020-05-01",
        "valid_to": "",
    },
    "physicians": {
        "physician_id": "SE2321000172-P001",
        "unit_id": "SE2321000172-0A01",
        "position_code": "201011",
        "specialties": "allmanmedicin|geriatrik",
        "training": "",
        "equivalent_competence": "false",
        "employment": "tillsvidare",
        "fte": "0.75",
        "valid_from": "2015-01-01",
        "valid_to": "",
    },
    "care_contacts": {
        "person_id": "200002292399",
        "contact_date": "2025-11-05",
        "contact_time": "08:30",
        "unit_id": "SE2321000172-0A01",
        "provider_id": "SE2321000172-P001",
        "profession": "lakare",
        "contact_type": "mottagning",
    },
    "care_markings": {
        "person_id": "190905271474",
        "municipality": "1980",
        "setting": "sabo",
        "main_care_at_setting": "true",
        "valid_from": "2024-01-01",
        "valid_to": "",
        "protected_identity": "",
    },
    "fixed_contacts": {
        "person_id": "200002292399",
        "kind": "2",
        "holder_id": "SE2321000172-P001",
        "unit_id": "SE2321000172-0A01",
        "valid_from": "2020-05-01",
        "valid_to": "",
    },
    "population": {
        "year": "2024",
        "municipality": "1980",
        "sex": "women",
        "age": "100",
        "count": "17",
    },
}
"""One row of each delivery that breaks no rule."""

OTHER_DAY = {
    "care_contacts": {"contact_date": "2025-11-06"},
    "population": {"age": "99"},
}
"""Makes another key of a good row."""

Rows = Sequence[Mapping[str, str]]
Deliver = Callable[..., Intake]


def good(delivery_name: str, **changes: str) -> dict[str, str]:
    """A row that breaks no rule, with these changes."""
    return GOOD_ROWS[delivery_name] | changes


def another(delivery_name: str) -> dict[str, str]:
    """A second row that breaks no rule, so that a file is not refused for its only row."""
    return good(delivery_name, **OTHER_DAY.get(delivery_name, {"valid_from": "2021-01-01"}))


def csv_text(rows: Rows, separator: str = ",", line_end: str = "\n") -> str:
    """The rows as CSV, with the columns of the first row."""
    lines = [separator.join(rows[0]), *(separator.join(row.values()) for row in rows)]
    return "".join(line + line_end for line in lines)
