"""The bad rows that suppliers send: a few of every kind that the contract rejects.

Faults are put into copies of good rows at the end of a file, never more than nine in one file, so
that no file is refused for them.
"""

import polars as pl

_WRONG_CHECKSUM = "197004289895"
_NO_SUCH_DATE = "199902302395"
_TOO_SHORT = "7004289895"
_FORBIDDEN_SIGN = "19700428-98?5"

Fault = dict[str, str | None]
"""Columns of a copied row and what they hold instead; without columns the row stands twice."""

DUPLICATE: Fault = {}

FAULTS: dict[str, tuple[Fault, ...]] = {
    "units": (
        {"municipality": "9999"},
        {"unit_name": None, "valid_from": "2011-01-01"},
        {"operator": "kommun", "valid_from": "2011-02-01"},
        {"valid_from": "2025-02-30"},
        {"valid_from": "2011-03-01", "valid_to": "2010-01-01"},
        DUPLICATE,
    ),
    "listings": (
        {"person_id": _WRONG_CHECKSUM},
        {"person_id": _NO_SUCH_DATE},
        {"person_id": _TOO_SHORT},
        {"person_id": None},
        {"unit_id": None},
        {"in_queue": "kanske"},
        {"valid_from": "31/10 2025"},
        {"valid_from": "2020-01-01", "valid_to": "2019-12-31"},
        {"deceased_on": "2025-13-01", "valid_from": "2003-03-03"},
        {"protected_identity": "nej", "valid_from": "2003-03-04"},
        {"residence_municipality": "9999", "valid_from": "2003-03-05", "valid_to": "2004-01-01"},
        DUPLICATE,
    ),
    "physicians": (
        {"fte": "0"},
        {"fte": "2.0"},
        {"fte": "heltid"},
        {"fte": None},
        {"employment": "timanställd"},
        {"specialties": "allmanmedicin|kirurgi"},
        {"training": "leg"},
        {"equivalent_competence": None},
        {"physician_id": None},
        {"valid_from": "2015-04-31"},
        {"valid_from": "2016-01-01", "valid_to": "2015-01-01"},
        DUPLICATE,
    ),
    "care_contacts": (
        {"person_id": _FORBIDDEN_SIGN},
        {"person_id": _WRONG_CHECKSUM},
        {"contact_date": "2019-05-05"},
        {"contact_date": "2025-11-31"},
        {"contact_date": None},
        {"contact_time": "25:10"},
        {"contact_time": "kl 9"},
        {"unit_id": None},
        {"profession": "tandlakare"},
        {"contact_type": "brev"},
        DUPLICATE,
    ),
    "care_markings": (
        {"person_id": _WRONG_CHECKSUM},
        {"municipality": "1999"},
        {"setting": "korttidsboende"},
        {"main_care_at_setting": None},
        {"valid_from": "2025-06-31"},
        {"valid_from": "2025-06-30", "valid_to": "2025-06-01"},
        DUPLICATE,
    ),
    "fixed_contacts": (
        {"kind": "5"},
        {"holder_id": None},
        {"valid_from": "i maj"},
        {"valid_from": "2025-06-30", "valid_to": "2025-06-01"},
        DUPLICATE,
    ),
}

FAULTS_PER_FILE = 4


def with_faults(frame: pl.DataFrame, delivery: str, turn: int) -> pl.DataFrame:
    """The text frame with a few bad rows; which kinds, goes by turn.

    Small files get fewer: never a tenth of the rows or more, unless there are hardly any rows.
    """
    kinds = [
        fault for fault in FAULTS[delivery] if all(column in frame.columns for column in fault)
    ]
    if frame.height < 3:
        return frame
    parts = [frame]
    for number in range(min(FAULTS_PER_FILE, len(kinds))):
        fault = kinds[(turn * FAULTS_PER_FILE + number) % len(kinds)]
        copied = frame.slice(number % frame.height, 1)
        parts.append(
            copied.with_columns(
                pl.lit(value, dtype=pl.String).alias(column) for column, value in fault.items()
            )
        )
    return pl.concat(parts)
