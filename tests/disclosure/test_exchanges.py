"""Which rows are hidden beside a small one: tables worked by hand."""

from datetime import date

import polars as pl

from pipelines.publication.disclosure import DisclosureSettings, OnOnePhysician, suppress
from schemas.disclosure_relations import relations
from schemas.registers import published_table
from tests.disclosure.unit_regions import NO_UNITS


def hidden(persons: dict[str, int]) -> set[str]:
    """The areas hidden of these regions' markings of dagverksamhet in Cosmic, and of the nation."""
    contract = published_table("care_markings")
    rows = [
        dict.fromkeys(contract.column_names)
        | {
            "month": "2025-11",
            "reference_date": date(2025, 11, 30),
            "level": "nation" if code == "00" else "region",
            "area_code": code,
            "setting": "dagverksamhet",
            "source": "cosmic",
            "persons": number,
            "status": "ok",
        }
        for code, number in {"00": sum(persons.values()), **persons}.items()
    ]
    table = pl.DataFrame(rows, contract.polars_schema())
    nobody = OnOnePhysician(frozenset())
    published = suppress({"care_markings": table}, DisclosureSettings(), nobody, NO_UNITS)
    return set(published["care_markings"].filter(status="suppressed")["area_code"])


def test_two_regions_with_room_enough_protect_each_other() -> None:
    """2 and 2 are 4 together: each may be 0 to 4."""
    assert hidden({"17": 2, "18": 2, "19": 100, "20": 200}) == {"17", "18"}


def test_two_regions_without_room_take_a_third() -> None:
    """1 and 1 are 2 together: each would be 0 to 2, and 3 is asked for."""
    assert hidden({"17": 1, "18": 1, "19": 100, "20": 200}) == {"17", "18", "19"}


def test_no_move_parts_definitions_that_are_the_same_in_most_regions() -> None:
    """Nor where definition_comparison has the one alone: the difference of the nation tells it."""
    moves = relations((), ("reported", "national", "vastmanland"), ()).moves
    of_either = [move for move in moves if {"listed national", "listed regional"} & move.keys()]
    assert of_either
    assert all({"listed national", "listed regional"} <= move.keys() for move in of_either)
