"""An independent recomputation of the contract's sections 2 and 3: the tests' oracle.

Slow, obvious, in exact fractions, person by person, from the delivered files, and sharing no code
with the project. `recompute(landing, month, today)` gives the tables of section 4 before disclosure
control as lists of rows with the contract's column names; `target_status_table` that of
several months together. Not here: disclosure control, projections, registers, `remarks`, and what
needs earlier runs (receipts `replaced`, `withdrawn`).

Team decisions that the text does not give (numbers as in the brief):

1. A care marking is judged on the reference date of the region that delivered it (choice of
   snapshot and interval), and only markings of reporting regions exist.
2. `inhabitants` of several regions: age by the first listing; residence the first that is given
   in that order; protected in any region where actively listed: region of the first listing.
3. Reserve identities: sex and age are readable only when characters 1–8 are a date (day + 60
   allowed), sex then if character 11 is a digit. In markings one person per delivering region.
4. What a figure needs: units (name rule) for everything with named physicians, physicians for
   national/regional/list_load/list_kinds, care_markings for sabo and care_markings, care_contacts
   for continuity and own_physician, population for inhabitants. A reporting region without it has
   all its rows, its units' and municipalities' too, with `not_reported`; the nation sums the rest.
5. contact_months_expected counts the calendar months that (d − 18 months, d] touches.
6. `sabo` of a person with listings in several regions: named in any of them.

Where the contract left a choice, the reading taken:

A. Files. `YYYY-MM-DD` on a contacts month is a name without its date. Names that do not end in one
   of the four extensions, folders that are no region or delivery, and linked folders are not
   deliveries. 'The second' of two extensions is by file name, and is refused even when the first
   is. A care_markings suffix that is neither cosmic nor a municipality code is refused (no source).
   A refused part leaves the snapshot with its other parts. Reference data are receipts of region
   `00`; their key is (year, municipality, sex, age). Several refusals can hold at once. A refused
   file still lists the rows that broke a rule. reference_date of a contacts month is null.
B. Rows. Blank lines are no rows but count as lines; a line is where its record starts; parquet
   rows count from 2; a row with more values than columns is rejected; fewer are missing. Codes
   are compared exactly (only true/false in any case), `listing_type` PV too. `holder_id` and
   `position_code` may be any text. The column protected_identity must be there in listings,
   its values may be empty. A local part of an HSA-id is letters A–Z, digits and hyphens.
C. Persons. Dead: any row of the region's snapshot about that person says so. Protected: any
   accepted row, active or not; for markings any holding marking of the person. Several rows of a
   unit: the name holding on d, then of the latest valid_from. One register row must fulfil the
   whole of a rule set (competence and employment together).
D. Areas of sabo and care_markings are the municipality of the marking and the region of its first
   two digits, whoever delivered it. Where that region lacks the figure, the person is in none.
E. care_markings: the nation counts a person once ('in the region and nation once' before 'the
   nation is the sum of its regions'). Nobody marked is 0 with status ok, since a count of none
   is known; so is `persons` of list_kinds and fixed_contacts where somebody is listed.
F. Units: rows for units with at least one listed person who is not protected; a unit that two
   regions list at has a row for each.
G. continuity sabo needs a marking delivery of the region itself; continuity needs an accepted
   contacts file of a month in the variant's window. Its `population` is `listed` or `sabo`.
H. list_load: every register row holding on d adds its FTE, also at units where nobody is listed;
   region shortage from the region's totals; a region with capacity 0 is in the nation's sums.
I. fixed_contacts: nation, region and unit of listing. definition_comparison: a row for all 21
   regions, rule sets reported, national, vastmanland. Other tables: reporting regions only.
J. reporting: population of non-reporting regions is given, contact months are null there; the
   nation row's share stands in the extra column population_share, its population is the country.
K. The nation's numerator sums regions' raw numbers, also of cells that are themselves undefined.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from .continuity import continuity_table, own_physician_table
from .coverage import coverage_table, definition_comparison_table
from .deliveries import deliveries_table, read_landing, rejected_rows_table
from .figures import Row
from .lists import fixed_contacts_table, list_kinds_table, list_load_table
from .markings import care_markings_table
from .people import build_world
from .quality import data_quality_table
from .reporting import reporting_table
from .targets import target_status_table

__all__ = ["recompute", "target_status_table"]


def recompute(
    landing: Path, month: str, today: date, variants: Sequence[tuple[int, int]] = ((18, 3),)
) -> dict[str, list[Row]]:
    """Every table of `month` from the files in `landing`, as if run on `today`.

    `variants` of continuity are (window in months, minimum of visits), e.g. (12, 2)."""
    files = read_landing(landing, today)
    world = build_world(files, month)
    list_kinds, care_markings = list_kinds_table(world), care_markings_table(world)
    return {
        "coverage": coverage_table(world),
        "continuity": continuity_table(world, list(variants)),
        "own_physician": own_physician_table(world),
        "list_load": list_load_table(world),
        "list_kinds": list_kinds,
        "care_markings": care_markings,
        "fixed_contacts": fixed_contacts_table(world),
        "definition_comparison": definition_comparison_table(world),
        "reporting": reporting_table(world),
        "data_quality": data_quality_table(world, files, list_kinds, care_markings),
        "deliveries": deliveries_table(files),
        "rejected_rows": rejected_rows_table(files),
    }
