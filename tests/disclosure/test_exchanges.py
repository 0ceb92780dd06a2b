"""Which rows are hidden beside a small one: tables worked by hand."""

from datetime import date

import polars as pl

from pipelines.publication.disclosure import DisclosureSettings, OnOnePhysician, suppress
from pipelines.publication.disclosure.connected import relations_of
from pipelines.publication.disclosure.grid import BREAKDOWN, areas_of, grid_of
from pipelines.publication.disclosure.previous import worlds_of
from pipelines.publication.disclosure.primary import primary_cells
from pipelines.publication.disclosure.secondary import Suppression
from pipelines.publication.disclosure.targets import targets_of
from pipelines.publication.disclosure.weights import weights_of
from schemas.disclosure_relations import relations
from schemas.registers import published_table
from tests.disclosure.unit_regions import NO_UNITS

NOBODY = OnOnePhysician(frozenset())


def markings(persons: dict[str, int]) -> dict[str, pl.DataFrame]:
    """These regions' markings of dagverksamhet in Cosmic, and the nation's."""
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
    return {"care_markings": pl.DataFrame(rows, contract.polars_schema())}


def hidden(persons: dict[str, int]) -> set[str]:
    """The areas that are hidden."""
    published = suppress(markings(persons), DisclosureSettings(), NOBODY, NO_UNITS)
    return set(published["care_markings"].filter(status="suppressed")["area_code"])


def exchanged(persons: dict[str, int]) -> dict[str, set[str]]:
    """By area with a small number: the areas that its exchange takes."""
    tables, rules = markings(persons), DisclosureSettings()
    small = {
        name: primary_cells(table, name, rules, NOBODY.units) for name, table in tables.items()
    }
    areas = areas_of([tables], {})
    grid = grid_of(tables, small, relations_of(tables), areas)
    control = Suppression(grid, worlds_of(grid, None), weights_of(grid))
    control.protect(targets_of(grid, rules, NOBODY))
    return {
        areas.code[target.cell // BREAKDOWN]: {
            areas.code[cell // BREAKDOWN] for _, cell in exchange.rows
        }
        for target, exchange in control.witnesses.items()
    }


def test_two_regions_with_room_enough_protect_each_other() -> None:
    """2 and 2 are 4 together: each may be 0 to 4."""
    assert hidden({"17": 2, "18": 2, "19": 100, "20": 200}) == {"17", "18"}


def test_two_regions_without_room_take_a_third() -> None:
    """1 and 1 are 2 together: each would be 0 to 2, and 3 is asked for."""
    assert hidden({"17": 1, "18": 1, "19": 100, "20": 200}) == {"17", "18", "19"}


def test_an_exchange_names_the_partners_that_were_hidden_already() -> None:
    """2 and 2 are both hidden for being small. Whoever shows one again must ask the other."""
    found = exchanged({"17": 2, "18": 2, "19": 100, "20": 200})
    assert found == {"17": {"17", "18"}, "18": {"17", "18"}}


def test_of_the_partners_that_were_hidden_already_it_takes_as_few_as_it_needs() -> None:
    """4 in 18 is room enough for 2 in 17 and 3 in 19, and 3 in 19 for 18."""
    found = exchanged({"17": 2, "18": 4, "19": 3, "20": 200})
    assert found == {"17": {"17", "18"}, "18": {"18", "19"}, "19": {"18", "19"}}


def test_no_move_parts_definitions_that_are_the_same_in_most_regions() -> None:
    """Nor where definition_comparison has the one alone: the difference of the nation tells it."""
    moves = relations((), ("reported", "national", "vastmanland"), ()).moves
    of_either = [move for move in moves if {"listed national", "listed regional"} & move.keys()]
    assert of_either
    assert all({"listed national", "listed regional"} <= move.keys() for move in of_either)
