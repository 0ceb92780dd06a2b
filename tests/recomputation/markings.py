"""Table `care_markings`: marked persons by setting and source."""

from collections import defaultdict
from datetime import date

from .areas import NATION, place
from .coverage import knows_as_dead, protected_identities
from .figures import NOT_REPORTED, OK, Row, without_values
from .people import Identity, World, all_held
from .rules import SETTINGS

SOURCES = ("cosmic", "municipality", "both", "any")


def care_markings_table(world: World) -> list[Row]:
    """'Persons with a marking holding on d, whatever `main_care_at_setting`, known dead left out:
    `cosmic` those in Cosmic at all, `municipality` those in a municipal list at all, `both`,
    `any`; a person marked in several municipalities counts in each, in the region and nation
    once.'"""
    able = {code for code, region in world.regions.items() if region.held is not None}
    protected = protected_identities(world)
    marked: dict[tuple[str, str, str, str], set[Identity]] = defaultdict(set)
    for held in all_held(world):
        municipality, setting = held.marking.municipality, held.marking.setting
        area = municipality[:2]
        if area not in able or knows_as_dead(world, held.identity, held.day):
            continue
        marked["nation", NATION, setting, held.source].add(held.identity)
        marked["region", area, setting, held.source].add(held.identity)
        if held.identity not in protected:
            marked["municipality", municipality, setting, held.source].add(held.identity)

    def rows_of(level: str, code: str, day: date | None, known: bool) -> list[Row]:
        rows = []
        for setting in SETTINGS:
            cosmic = marked[level, code, setting, "cosmic"]
            municipal = marked[level, code, setting, "municipality"]
            persons = {"cosmic": cosmic, "municipality": municipal, "both": cosmic & municipal,
                       "any": cosmic | municipal}  # fmt: skip
            for source in SOURCES:
                head = place(world.month, day, level, code) | {"setting": setting, "source": source}
                values: Row = {"persons": len(persons[source]), "status": OK}
                missing = without_values(("persons",), NOT_REPORTED)
                rows.append(head | (values if known else missing))
        return rows

    rows = rows_of("nation", NATION, world.day, len(able) > 0)
    for code, region in world.regions.items():
        rows += rows_of("region", code, region.day, code in able)
        for municipality in world.municipalities(code):
            rows += rows_of("municipality", municipality, region.day, code in able)
    return rows
