"""The contracts of the parts: what one region's month is reduced to before figures are made.

Parts add: every count is a sum over persons, so a figure for any area is a sum of rows. Persons
stand only in MARKED_PERSONS, PEOPLE and DEAD_OR_PROTECTED, pseudonymised; the others are counts
before disclosure control. In counts, `unit_id` or `municipality` is missing where the person has a
protected identity (or no such place is known): such rows count in the region and the nation only.
`sex` and `age_group` are missing where they cannot be read: such rows count only in `all`.
"""

from schemas import codes
from schemas.column import Column, Kind
from schemas.columns import (
    AGE_GROUP,
    CONTRACT,
    IDENTITY_KIND,
    MUNICIPALITY,
    PERSON,
    PERSON_SEX,
    PHYSICIAN_ID,
    REFERENCE_DATE,
    REGION_CODE,
    UNIT_ID,
    VALID_FROM,
    count,
)
from schemas.contract import TableContract
from schemas.deliveries import (
    DECEASED_ON,
    FIXED_CONTACT_KIND,
    SETTING,
    UNIT_NAME,
)
from schemas.receipts import FILE_NAME, LINE, SHA256, SHEET
from schemas.rule_sets import rule_sets
from schemas.statistics import CONTINUITY

AGE = Column(
    "age",
    Kind.WHOLE_NUMBER,
    "Age in whole years on the reference date; who is born on 29 February turns on 1 March in "
    "common years. Missing where a reserve identity has no readable birth date.",
    "Ålder",
    unit="years",
    required=False,
)
PERSON_AGE_GROUP = AGE_GROUP.with_(
    codes=codes.AGE_GROUPS,
    required=False,
    description="Age in whole years on the reference date, in groups; missing if not known.",
)
ITS_DATE = REFERENCE_DATE.with_(
    required=True, description="The reference date of the region that delivered the row."
)
COUNTED_UNIT = UNIT_ID.with_(
    required=False,
    description="The unit that the persons count in; missing for protected persons, who count in "
    "the region and the nation only.",
)
COUNTED_MUNICIPALITY = MUNICIPALITY.with_(
    required=False,
    description="The municipality that the persons count in; missing for protected persons and "
    "where it is not known: they count in the region and the nation only.",
)
CELL = (REGION_CODE, COUNTED_UNIT, PERSON_SEX, PERSON_AGE_GROUP)


def _truth(name: str, description: str, label: str) -> Column:
    return Column(name, Kind.TRUTH, description, label, source=CONTRACT)


def _sum(name: str, description: str, label: str, unit: str = "persons") -> Column:
    return count(name, description, label, unit).with_(required=True)


NAMED_COLUMNS = (
    *(
        _truth(
            f"named_{name}",
            f"Has a named physician under the rule set {name} ({rule_set.title}).",
            f"Fast läkarkontakt: {rule_set.title}",
        )
        for name, rule_set in rule_sets().by_name.items()
    ),
    _truth(
        "named_regional",
        "Has a named physician under the rule set of the region of listing.",
        "Fast läkarkontakt: regionens definition",
    ),
)
LIST_KIND_COLUMNS = (
    _truth(
        "fictitious",
        "On a fictitious list: no physician, or a list name that begins with the unit's name.",
        "Fiktiv lista",
    ),
    _truth(
        "locum",
        "Not fictitious, and the physician's post at the unit is hyr, stafett or konsult.",
        "Hyrläkare",
    ),
    _truth(
        "unknown_physician",
        "Not fictitious, and no row of the physician holds in the region's register.",
        "Okänd läkare",
    ),
    _truth(
        "physician_elsewhere",
        "Not fictitious, and the physician's rows that hold are all at other units.",
        "Läkare på annan enhet",
    ),
)

MARKED_PERSONS = TableContract(
    name="marked_persons",
    title="Markerade personer",
    grain="A person, municipality and setting, marked by a region.",
    description="Care markings that hold on the reference date of the region that delivered them.",
    key=("region_code", "person", "municipality", "setting"),
    columns=(
        REGION_CODE.with_(description="The region that delivered the marking."),
        ITS_DATE,
        PERSON,
        IDENTITY_KIND,
        PERSON_SEX,
        AGE,
        PERSON_AGE_GROUP,
        MUNICIPALITY,
        SETTING,
        _truth("in_cosmic", "Marked in the patient card (Cosmic).", "I Cosmic"),
        _truth("in_municipal_list", "In a municipality's own list.", "I kommunens lista"),
        _truth(
            "main_care_at_setting",
            "Some source says that the person gets the main part of health care there.",
            "Huvudsaklig vård där",
        ),
        VALID_FROM.with_(
            description="First day of the newest marking: of those with main care at the setting "
            "where there are any, else of all."
        ),
        _truth(
            "protected",
            "Some marking of the person that holds, in any municipality and setting, says that "
            "the identity is protected.",
            "Skyddad identitet",
        ),
    ),
    source=CONTRACT,
)

MARKING_DIFFERENCES = TableContract(
    name="marking_differences",
    title="Markeringar som bara den ena källan har",
    grain="A delivered row of care markings whose person the other source has not marked.",
    description="Which rows of the delivered files stand in Cosmic and not in the municipality's "
    "list, or the reverse: file and line, no identity. Whoever holds the file finds the person.",
    key=("region_code", "file_name", "sha256", "sheet", "line"),
    columns=(
        REGION_CODE.with_(description="The region that delivered the marking."),
        ITS_DATE,
        MUNICIPALITY,
        SETTING,
        Column(
            "missing_in",
            Kind.CODE,
            "The source that lacks the marking: cosmic, or municipality (the municipality's list).",
            "Saknas i",
            codes=("cosmic", "municipality"),
        ),
        FILE_NAME,
        SHA256.with_(required=True, description="SHA-256 of the file's bytes."),
        SHEET,
        LINE,
    ),
    source=CONTRACT,
)

PEOPLE = TableContract(
    name="people",
    title="Listade personer",
    grain="A person listed in the region on the reference date.",
    description="The listing that counts, with what the figures need to know about it.",
    key=("region_code", "person"),
    columns=(
        REGION_CODE,
        ITS_DATE,
        PERSON,
        IDENTITY_KIND,
        PERSON_SEX,
        AGE,
        PERSON_AGE_GROUP,
        _truth(
            "protected",
            "Some row of the region's listings snapshot says that the identity is protected.",
            "Skyddad identitet",
        ),
        UNIT_ID.with_(description="The unit of listing, protected or not."),
        VALID_FROM,
        MUNICIPALITY.with_(
            name="residence_municipality",
            required=False,
            description="Municipality of residence; missing where not given or protected.",
        ),
        PHYSICIAN_ID.optional(),
        *LIST_KIND_COLUMNS,
        *NAMED_COLUMNS,
        _truth("marked", "Some care marking of any reporting region holds.", "Markerad för vård"),
        _truth("sabo", "SÄBO resident: marked in any reporting region.", "Bor på SÄBO"),
    ),
    source=CONTRACT,
)

DEAD_OR_PROTECTED = TableContract(
    name="dead_or_protected",
    title="Avlidna och skyddade",
    grain="A person whom the region's listings snapshot knows as dead or protected.",
    description="What listings rows, active or not, know of persons that other regions may have "
    "marked. Reserve identities are left out: nothing is linked to them.",
    key=("region_code", "person"),
    columns=(
        REGION_CODE,
        PERSON,
        DECEASED_ON,
        _truth("protected", "Some row says that the identity is protected.", "Skyddad identitet"),
    ),
    source=CONTRACT,
)

LISTED_COUNTS = TableContract(
    name="listed_counts",
    title="Listade, antal",
    grain="A unit, sex and age group of listed persons.",
    description="Listed persons, and how many of them have a named physician under each rule set "
    "or are on a kind of list.",
    key=("region_code", "unit_id", "sex", "age_group"),
    columns=(
        *CELL,
        _sum("listed", "Listed persons.", "Listade"),
        *(
            _sum(column.name, column.description, column.label)
            for column in (*NAMED_COLUMNS, *LIST_KIND_COLUMNS)
        ),
    ),
    source=CONTRACT,
)

COVERAGE_COUNTS = TableContract(
    name="coverage_counts",
    title="Täckning, antal",
    grain="A municipality, sex and age group of inhabitants or SÄBO residents.",
    description="Persons counted once in the nation, and how many have a named physician under "
    "each definition. For inhabitants only listed persons are here; their denominator is the "
    "population register.",
    key=("population", "region_code", "municipality", "sex", "age_group"),
    columns=(
        Column(
            "population",
            Kind.CODE,
            "inhabitants or sabo.",
            "Population",
            codes=("inhabitants", "sabo"),
        ),
        REGION_CODE.with_(description="The region that the persons count in."),
        COUNTED_MUNICIPALITY,
        PERSON_SEX,
        PERSON_AGE_GROUP,
        _sum("persons", "Persons.", "Personer"),
        *(
            _sum(f"named_{definition}", f"Named physician: {definition}.", "Fast läkarkontakt")
            for definition in codes.DEFINITIONS
        ),
    ),
    source=CONTRACT,
)

RESIDENT_COUNTS = TableContract(
    name="resident_counts",
    title="Listade efter bostadsort, antal",
    grain="A municipality of residence, sex and age group of the persons listed in a region.",
    description="As coverage_counts, for inhabitants, of one region's listed persons alone: who is "
    "listed in another region too is counted in both.",
    key=COVERAGE_COUNTS.key[1:],
    columns=COVERAGE_COUNTS.columns[1:],
    source=CONTRACT,
)

POPULATION_COUNTS = TableContract(
    name="population_counts",
    title="Folkmängd, antal",
    grain="A municipality, sex and age group of the population register.",
    description="Inhabitants, the denominator of coverage.",
    key=("region_code", "municipality", "sex", "age_group"),
    columns=(
        REGION_CODE,
        MUNICIPALITY,
        PERSON_SEX.with_(required=True),
        PERSON_AGE_GROUP.with_(required=True),
        _sum("persons", "Inhabitants.", "Invånare"),
    ),
    source="SCB",
)

_SELECTED_VISITS = (
    CONTINUITY.column("series"),
    CONTINUITY.column("unit_scope"),
    CONTINUITY.column("window_months"),
)

VISIT_COUNTS = TableContract(
    name="visit_counts",
    title="Besök, antal personer",
    grain="A sex, age group, SÄBO or not, series, unit scope, window, n, measure and amount.",
    description="How many persons of a region have n visits and a certain amount of one measure of "
    "them. Every continuity index is an exact function of n and one measure, and the counts of all "
    "regions add, so the nation's figures come from here.",
    key=(
        "region_code",
        "sex",
        "age_group",
        "sabo",
        "series",
        "unit_scope",
        "window_months",
        "n",
        "measure",
        "amount",
    ),
    columns=(
        REGION_CODE,
        # Reserve identities, who alone can lack both, have no visits that count.
        PERSON_SEX.with_(required=True),
        PERSON_AGE_GROUP.with_(required=True),
        _truth("sabo", "SÄBO residents.", "Bor på SÄBO"),
        *_SELECTED_VISITS,
        _sum("n", "Visits of a person.", "Besök", "visits"),
        Column(
            "measure",
            Kind.CODE,
            "What amount measures: p (providers met), sum_of_squares (Σ n_j² over the providers), "
            "most (visits to the provider met most) or same (consecutive pairs with the same "
            "provider).",
            "Mått",
            codes=("p", "sum_of_squares", "most", "same"),
        ),
        _sum("amount", "The measure of a person.", "Mängd", ""),
        _sum("persons", "Persons with that n and that amount.", "Personer"),
    ),
    source=CONTRACT,
)

AREA_INDEX_VALUES = TableContract(
    name="area_index_values",
    title="Kontinuitet per region och enhet",
    grain="An area, sex, age group, population, series, unit scope, window, minimum and index.",
    description="The continuity indices of a region, by sex and age group and in all, and of its "
    "units, before disclosure control.",
    key=(
        "region_code",
        "level",
        "area_code",
        "sex",
        "age_group",
        "population",
        "series",
        "unit_scope",
        "window_months",
        "min_visits",
        "index",
    ),
    columns=(
        REGION_CODE,
        *(
            CONTINUITY.column(name)
            for name in ("level", "area_code", "sex", "age_group", "population")
        ),
        *_SELECTED_VISITS,
        *(
            CONTINUITY.column(name)
            for name in (
                "min_visits",
                "index",
                "persons",
                "visits",
                "mean",
                "sd",
                "median",
                "ci_low",
                "ci_high",
                "pooled",
            )
        ),
    ),
    source=CONTRACT,
)

OWN_VISITS = TableContract(
    name="own_visits",
    title="Besök hos egen läkare, antal",
    grain="A unit, sex and age group of persons with a named physician.",
    description="Visits to physicians of persons with a named physician (reported), and how many "
    "of them to that physician.",
    key=("region_code", "unit_id", "sex", "age_group"),
    columns=(
        *CELL,
        _sum("persons", "Persons with at least one such visit.", "Personer"),
        _sum("own_visits", "Visits to the own physician.", "Besök hos egen läkare", "visits"),
        _sum("visits", "Visits with a known physician.", "Besök", "visits"),
    ),
    source=CONTRACT,
)

PHYSICIAN_TIME = TableContract(
    name="physician_time",
    title="Läkartid",
    grain="A unit with physicians.",
    description="Full-time equivalents of physicians employed tillsvidare or visstid, as whole "
    "millionths so that sums are exact in any order.",
    key=("region_code", "unit_id"),
    columns=(
        REGION_CODE,
        UNIT_ID,
        _sum(
            "specialist_millionths",
            "Specialists and equivalent.",
            "Specialister",
            "full-time equivalents / 1 000 000",
        ),
        _sum(
            "st_millionths",
            "ST in allmänmedicin.",
            "ST",
            "full-time equivalents / 1 000 000",
        ),
    ),
    source=CONTRACT,
)

UNIT_PHYSICIANS = TableContract(
    name="unit_physicians",
    title="Läkare per enhet",
    grain="A unit with physicians.",
    description="How many different physicians have a post at the unit on the reference date.",
    key=("region_code", "unit_id"),
    columns=(
        REGION_CODE,
        UNIT_ID,
        _sum("physicians", "Physicians.", "Läkare", "physicians"),
        _sum(
            "physicians_of_capacity",
            "Physicians whose time makes up the unit's capacity.",
            "Läkare som ger kapaciteten",
            "physicians",
        ),
    ),
    source=CONTRACT,
)

MARKING_COUNTS = TableContract(
    name="marking_counts",
    title="SÄBO-markeringar, antal",
    grain="An area and setting.",
    description="Marked persons by source; in the region and the nation each person once, so the "
    "rows of a level do not add to the level above.",
    key=("level", "area_code", "setting"),
    columns=(
        Column(
            "level",
            Kind.CODE,
            "nation, region or municipality.",
            "Nivå",
            codes=("nation", "region", "municipality"),
        ),
        Column("area_code", Kind.CODE, "00, region code or municipality code.", "Områdeskod"),
        SETTING,
        _sum("cosmic", "In Cosmic at all.", "I Cosmic"),
        _sum("municipality", "In a municipal list at all.", "I kommunens lista"),
        _sum("both", "In both.", "I båda"),
        _sum("any", "In any.", "I någon"),
    ),
    source=CONTRACT,
)

FIXED_CONTACT_COUNTS = TableContract(
    name="fixed_contact_counts",
    title="Fasta kontakter, antal",
    grain="A unit of listing and kind of fixed contact.",
    description="Listed persons with a fixed contact of the kind.",
    key=("region_code", "unit_id", "kind"),
    columns=(
        REGION_CODE,
        COUNTED_UNIT,
        FIXED_CONTACT_KIND,
        _sum("persons", "Listed persons with such a contact.", "Personer"),
    ),
    source=CONTRACT,
)

UNIT_NAMES = TableContract(
    name="unit_names",
    title="Enheternas namn",
    grain="A unit of the region's register.",
    description="The name of the row that holds on the reference date, of several the one that "
    "began last; where none holds, of the row that began last.",
    key=("region_code", "unit_id"),
    columns=(REGION_CODE, UNIT_ID, UNIT_NAME),
    source=CONTRACT,
)

QUALITY_SUMS = TableContract(
    name="quality_sums",
    title="Datakvalitet, summor",
    grain="A region, delivery and metric.",
    description="Counts for the table data_quality, taken in passing.",
    key=("region_code", "delivery", "metric"),
    columns=(
        REGION_CODE,
        Column("delivery", Kind.CODE, "The delivery that is judged.", "Leverans"),
        Column("metric", Kind.TEXT, "What is counted.", "Mått"),
        _sum("numerator", "Rows or persons that the metric counts.", "Täljare", ""),
        _sum("denominator", "Rows or persons that could be counted.", "Nämnare", ""),
    ),
    source=CONTRACT,
)

PARTS = (
    MARKED_PERSONS,
    PEOPLE,
    DEAD_OR_PROTECTED,
    LISTED_COUNTS,
    RESIDENT_COUNTS,
    COVERAGE_COUNTS,
    POPULATION_COUNTS,
    VISIT_COUNTS,
    AREA_INDEX_VALUES,
    OWN_VISITS,
    PHYSICIAN_TIME,
    UNIT_PHYSICIANS,
    MARKING_COUNTS,
    FIXED_CONTACT_COUNTS,
    UNIT_NAMES,
    QUALITY_SUMS,
)
