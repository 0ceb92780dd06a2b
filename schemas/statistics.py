"""The contracts of the published statistics (the contract, section 4).

The same tables before disclosure control stand under `restricted/statistics`, same columns.
"""

from schemas import codes
from schemas.column import Column, Kind
from schemas.columns import (
    AGE_GROUP,
    AREA_CODE,
    AREA_NAME,
    CI_HIGH,
    CI_LOW,
    CONTRACT,
    LEVEL,
    MONTH,
    REFERENCE_DATE,
    REGION_CODE,
    SEX,
    SHARE,
    STATUS,
    amount,
    count,
)
from schemas.contract import TableContract
from schemas.deliveries import SETTING
from schemas.receipts import DELIVERIES_TABLE, DELIVERY

AREA = (MONTH, REFERENCE_DATE, LEVEL, AREA_CODE, AREA_NAME)
BREAKDOWN = (SEX, AGE_GROUP)
INTERVAL = (CI_LOW, CI_HIGH)

POPULATION = Column(
    "population",
    Kind.CODE,
    "Whom the figure is about: inhabitants (residents of the area), listed (persons listed there) "
    "or sabo (persons in särskilt boende för äldre with their main health care there).",
    "Population",
    codes=codes.POPULATIONS,
    source=CONTRACT,
)
LISTED = count("listed", "Listed persons.", "Listade")

COVERAGE = TableContract(
    name="coverage",
    title="Täckning",
    grain="A month, area, population, definition, sex and age group.",
    description="Share with a named physician (fast läkarkontakt). Inhabitants are counted where "
    "they are resident, against the population register; listed persons where they are listed; "
    "SÄBO residents in the municipality of the marking. Interval: Wilson 95 %.",
    key=("month", "level", "area_code", "population", "definition", "sex", "age_group"),
    columns=(
        *AREA,
        POPULATION,
        Column(
            "definition",
            Kind.CODE,
            "Who counts as named physician: reported (as the region reports), national "
            "(prop. 2021/22:72) or regional (the rule set of the region of listing).",
            "Definition",
            codes=codes.DEFINITIONS,
            source="prop. 2021/22:72; regions' decisions",
        ),
        *BREAKDOWN,
        count("numerator", "Persons with a named physician.", "Täljare"),
        count("denominator", "Persons in the population.", "Nämnare"),
        SHARE,
        *INTERVAL,
        STATUS,
    ),
    source=CONTRACT,
)

CONTINUITY = TableContract(
    name="continuity",
    title="Kontinuitet",
    grain="A month, area, population, series, unit scope, window, minimum, index, sex and age "
    "group.",
    description="Continuity indices of persons with at least the minimum number of visits in the "
    "window that ends on the reference date. Interval: mean ± 1.96·sd/√persons, not clipped.",
    key=(
        "month",
        "level",
        "area_code",
        "population",
        "series",
        "unit_scope",
        "window_months",
        "min_visits",
        "index",
        "sex",
        "age_group",
    ),
    columns=(
        *AREA,
        POPULATION.with_(codes=("listed", "sabo")),
        Column(
            "series",
            Kind.CODE,
            "physician: visits and home visits to physicians; all_professions: every contact.",
            "Serie",
            codes=codes.SERIES,
            source=CONTRACT,
        ),
        Column(
            "unit_scope",
            Kind.CODE,
            "own_unit: contacts at the unit of listing (PrimärvårdsKvalitet); any_unit: all "
            "contacts that the region delivers.",
            "Enhetsomfång",
            codes=codes.UNIT_SCOPES,
            source="PrimärvårdsKvalitet",
        ),
        Column(
            "window_months",
            Kind.WHOLE_NUMBER,
            "Length of the window before the reference date.",
            "Fönster",
            unit="months",
        ),
        Column(
            "min_visits",
            Kind.WHOLE_NUMBER,
            "Fewest visits for a person to be counted.",
            "Minsta antal besök",
            unit="visits",
        ),
        Column(
            "index",
            Kind.CODE,
            "COC (Bice–Boxerman), UPC, HHI, SECON, K or MMCI.",
            "Index",
            codes=codes.INDEXES,
            source=CONTRACT,
        ),
        *BREAKDOWN,
        count("persons", "Persons with at least the minimum number of visits.", "Personer"),
        count("visits", "Their visits.", "Besök", "visits"),
        amount("mean", "Mean of the persons' index.", "Medelvärde", "index 0–1"),
        amount(
            "sd",
            "Standard deviation (n − 1) of the persons' index; missing for one person alone.",
            "Standardavvikelse",
            "index",
        ),
        amount("median", "Median of the persons' index.", "Median", "index 0–1"),
        *INTERVAL,
        amount(
            "pooled",
            "For COC: Σ(Σn_j² − n)/Σ n(n − 1) over the persons; missing for the other indices.",
            "Sammanvägt",
            "index 0–1",
        ),
        STATUS,
    ),
    source=CONTRACT,
)

OWN_PHYSICIAN = TableContract(
    name="own_physician",
    title="Egen läkare (SLICC)",
    grain="A month, area, sex and age group.",
    description="Share of the visits to physicians that listed persons with a named physician "
    "(as reported) made to that physician, in the 18 months before the reference date. "
    "Interval: Wilson 95 %.",
    key=("month", "level", "area_code", "sex", "age_group"),
    columns=(
        *AREA,
        *BREAKDOWN,
        count("persons", "Persons with at least one such visit.", "Personer"),
        count("own_visits", "Visits to the own physician.", "Besök hos egen läkare", "visits"),
        count("visits", "All visits with a known physician.", "Besök", "visits"),
        SHARE,
        *INTERVAL,
        STATUS,
    ),
    source=CONTRACT,
)

LIST_LOAD = TableContract(
    name="list_load",
    title="Listbelastning",
    grain="A month and area.",
    description="Listed persons against the physicians' capacity by the guideline value "
    "(riktvärde) in force. The nation sums its regions. A unit's row is suppressed where its "
    "capacity is the time of one physician.",
    key=("month", "level", "area_code"),
    columns=(
        *AREA,
        LISTED,
        count("named", "Listed persons with a named physician, as reported.", "Med läkarkontakt"),
        amount(
            "fte_specialist",
            "Specialists and equivalent, employed tillsvidare or visstid.",
            "Heltidstjänster specialister",
            "full-time equivalents",
        ),
        amount(
            "fte_st",
            "ST in allmänmedicin, employed tillsvidare or visstid.",
            "Heltidstjänster ST",
            "full-time equivalents",
        ),
        amount(
            "guideline_specialist",
            "Guideline value in force for the region; missing for the nation.",
            "Riktvärde specialist",
            "inhabitants per full-time equivalent",
        ),
        amount(
            "guideline_st",
            "Guideline value in force for the region; missing for the nation.",
            "Riktvärde ST",
            "inhabitants per full-time equivalent",
        ),
        amount(
            "capacity",
            "guideline_specialist · fte_specialist + guideline_st · fte_st.",
            "Kapacitet",
            "persons",
        ),
        amount("load", "listed / capacity.", "Belastning", "ratio"),
        amount(
            "specialists_short",
            "max(0, (listed − capacity) / guideline_specialist); the nation sums its regions.",
            "Specialister som saknas",
            "full-time equivalents",
        ),
        STATUS,
    ),
    source="Socialstyrelsen 2022; " + CONTRACT,
)

LIST_KINDS = TableContract(
    name="list_kinds",
    title="Typer av listor",
    grain="A month, area and kind of list.",
    description="Listed persons by the kind of list they are on. Kinds can overlap with named.",
    key=("month", "level", "area_code", "kind"),
    columns=(
        *AREA,
        Column(
            "kind",
            Kind.CODE,
            "named (as reported); fictitious; locum (hyr, stafett or konsult); unknown_physician "
            "(not in the region's register); physician_elsewhere (at another unit only).",
            "Typ",
            codes=codes.LIST_KINDS,
        ),
        count("persons", "Listed persons of the kind.", "Personer"),
        LISTED,
        SHARE,
        STATUS,
    ),
    source=CONTRACT,
)

CARE_MARKINGS = TableContract(
    name="care_markings",
    title="SÄBO-markeringar",
    grain="A month, area, setting and source.",
    description="Persons with a marking that holds, by source: in Cosmic at all, in a municipal "
    "list at all, in both, in any.",
    key=("month", "level", "area_code", "setting", "source"),
    columns=(
        *AREA,
        SETTING,
        Column(
            "source",
            Kind.CODE,
            "cosmic, municipality (the municipality's own list), both or any.",
            "Källa",
            codes=codes.MARKING_SOURCES,
        ),
        count("persons", "Persons with such a marking.", "Personer"),
        STATUS,
    ),
    source=CONTRACT,
)

FIXED_CONTACTS = TableContract(
    name="fixed_contacts",
    title="Fasta kontakter",
    grain="A month, area and kind of fixed contact.",
    description="Listed persons with a fixed contact of the kind.",
    key=("month", "level", "area_code", "kind"),
    columns=(
        *AREA,
        Column(
            "kind",
            Kind.CODE,
            "1 fast vårdkontakt, 2 fast läkarkontakt i primärvården, 3 fast omsorgskontakt i "
            "hemtjänsten, 4 fast vårdkontakt med övergripande samordningsansvar.",
            "Typ",
            codes=codes.FIXED_CONTACT_KINDS,
            source="Inera",
        ),
        count("persons", "Listed persons with such a contact.", "Personer"),
        LISTED,
        SHARE,
        STATUS,
    ),
    source=CONTRACT,
)

DEFINITION_COMPARISON = TableContract(
    name="definition_comparison",
    title="Jämförelse av definitioner",
    grain="A month, region and rule set.",
    description="Every reporting region's listed population under every rule set for who counts "
    "as named physician.",
    key=("month", "area_code", "rule_set"),
    columns=(
        MONTH,
        AREA_CODE,
        Column("rule_set", Kind.TEXT, "Name of the rule set.", "Regelverk"),
        count("numerator", "Listed persons with a named physician.", "Täljare"),
        count("denominator", "Listed persons.", "Nämnare"),
        SHARE,
        STATUS,
    ),
    source=CONTRACT,
)

REPORTING = TableContract(
    name="reporting",
    title="Rapportering",
    grain="A month and region; 00 is the nation.",
    description="Which regions report, and what is missing.",
    key=("month", "region_code"),
    columns=(
        MONTH,
        REGION_CODE,
        Column(
            "reported",
            Kind.TRUTH,
            "The region has an accepted listings snapshot in the month; for the nation: "
            "at least one region has.",
            "Rapporterar",
        ),
        count(
            "population",
            "Inhabitants of the region; for the nation of all 21 regions, and the share that the "
            "reporting regions hold stands in the remarks.",
            "Folkmängd",
        ),
        count(
            "contact_months",
            "Months of the longest window (18 months) with an accepted contacts delivery.",
            "Månader med kontakter",
            "months",
        ),
        count(
            "contact_months_expected",
            "Months that the longest window (18 months) touches.",
            "Väntade månader",
            "months",
        ),
        Column(
            "remarks",
            Kind.TEXT,
            "What a user should know: registers that stand in, refused deliveries, missing months, "
            "continuity that rests on visits of which too many lack a provider id.",
            "Anmärkningar",
            required=False,
        ),
    ),
    source=CONTRACT,
)

TARGET_ID = Column("target_id", Kind.CODE, "Id of the target, as in targets.", "Mål-id")
TARGET_VALUE = amount(
    "value",
    "The figure that the target is about: the share, or the mean index.",
    "Värde",
    "as the figure",
)
OF_A_TARGET = (MONTH, TARGET_ID, LEVEL.with_(codes=("nation", "region", "unit")), AREA_CODE)

TARGET_STATUS = TableContract(
    name="target_status",
    title="Måluppfyllelse",
    grain="A month, target and area.",
    description="Every target in force held against its figure, for the nation, regions and units "
    "(as far as the figure has them). Made anew for all months at every publication, from the "
    "published tables: what is suppressed there, in the month or in the baseline month, is "
    "suppressed here. Interval of the change: the ratio of two means by the delta method on its "
    "logarithm, 95 %, as if the two months were independent; the same persons stand in both, so "
    "it is rather too wide.",
    key=("month", "target_id", "level", "area_code"),
    columns=(
        *OF_A_TARGET,
        TARGET_VALUE,
        amount(
            "target",
            "The number to reach: a share for at_least, a relative change for relative_increase "
            "(0.20 is 20 per cent); missing for increase.",
            "Målvärde",
            "share",
        ),
        Column(
            "met",
            Kind.TRUTH,
            "at_least: value ≥ target. relative_increase: relative_change ≥ target (to 12 "
            "decimals). increase: the interval of the change lies above 0, which says that it is "
            "certain, not that it is considerable. Missing where no comparison can be made.",
            "Målet nått",
            required=False,
        ),
        MONTH.with_(
            name="baseline_month",
            required=False,
            description="The month that the change is counted from: the target's own, else the "
            "earliest that has been made. Missing for at_least.",
            label="Basmånad",
        ),
        amount("baseline_value", "The figure in the baseline month.", "Basvärde", "as the figure"),
        amount(
            "relative_change",
            "value / baseline_value − 1; missing where not comparable.",
            "Relativ förändring",
            "share",
        ),
        amount(
            "change_ci_low",
            "Lower bound of the 95 % confidence interval of relative_change; missing where a mean "
            "is 0 or of one person.",
            "Förändring, undre gräns",
            "share",
        ),
        amount(
            "change_ci_high",
            "Upper bound of the 95 % confidence interval of relative_change.",
            "Förändring, övre gräns",
            "share",
        ),
        Column(
            "comparable",
            Kind.TRUTH,
            "Whether the month may be compared with the baseline month; missing for at_least, "
            "which compares nothing.",
            "Jämförbar",
            required=False,
        ),
        Column(
            "reason",
            Kind.TEXT,
            "Why it may not be compared: another definition, other reporting regions, other "
            "completeness of contacts or provider ids, no value in the baseline month.",
            "Skäl",
            required=False,
        ),
        STATUS.with_(
            description="That of the figure; suppressed also where the figure of the baseline "
            "month is. In all but ok every value is missing."
        ),
    ),
    source=CONTRACT + ", Targets",
)

TARGET_PROJECTION = TableContract(
    name="target_projection",
    title="Avstånd till målen",
    grain="A month, target and area.",
    description="How far it is to each target, and the month when it would be reached if the "
    "straight line through the last 12 months went on. A line drawn out, not a forecast: it has "
    "no interval, and neighbouring months share most of their window. Made from target_status.",
    key=("month", "target_id", "level", "area_code"),
    columns=(
        *OF_A_TARGET,
        TARGET_VALUE,
        amount(
            "goal",
            "The value to reach: the target, or baseline_value · (1 + target). Missing for a "
            "target without a number, and where the month may not be compared.",
            "Värde att nå",
            "as the figure",
        ),
        amount(
            "distance", "goal − value; 0 or less where it is reached.", "Avstånd", "as the figure"
        ),
        count(
            "trend_months",
            "Months with a value, of the last 12 (this one included) made by the same definition.",
            "Månader i trenden",
            "months",
        ),
        amount(
            "trend_per_month",
            "Slope of the least-squares line through these months; missing where fewer than 6.",
            "Trend per månad",
            "as the figure, per month",
        ),
        MONTH.with_(
            name="projected_month",
            required=False,
            description="First month, YYYY-MM, in which that line reaches the goal; missing where "
            "there is none.",
            label="Beräknad månad",
        ),
        Column("reason", Kind.TEXT, "Why no month is given.", "Skäl", required=False),
        STATUS.with_(description="That of target_status."),
    ),
    source="Made here; beside the contract",
)

DATA_QUALITY = TableContract(
    name="data_quality",
    title="Datakvalitet",
    grain="A month, region, delivery and metric; 00 is the nation.",
    description="What the deliveries behind a month's figures are like. What a metric counts "
    "stands in definitions. Rows exist for what a reporting region has delivered. In counts of "
    "persons and contacts numerator, denominator and share are missing where disclosure control "
    "hides them (this table has no status), and then for the nation too, as it is the sum.",
    key=("month", "region_code", "delivery", "metric"),
    columns=(
        MONTH,
        REGION_CODE.with_(description="Two-digit county code; 00 for the nation."),
        DELIVERY,
        Column("metric", Kind.CODE, "What is counted; see definitions.", "Kvalitetsmått"),
        count(
            "numerator",
            "What the metric counts; missing where hidden.",
            "Täljare",
            "see definitions",
        ),
        count(
            "denominator",
            "Of how many; missing where hidden, and where there is none (days).",
            "Nämnare",
            "see definitions",
        ),
        SHARE.with_(
            maximum=None,
            description="numerator / denominator; missing without a denominator or where it is 0.",
        ),
    ),
    source=CONTRACT,
)

STATISTICS = (
    COVERAGE,
    CONTINUITY,
    OWN_PHYSICIAN,
    LIST_LOAD,
    LIST_KINDS,
    CARE_MARKINGS,
    FIXED_CONTACTS,
    DEFINITION_COMPARISON,
    REPORTING,
)
"""The figures of a month, made from the deliveries."""
OF_TARGETS = (TARGET_STATUS, TARGET_PROJECTION)
"""Made from the statistics of all months, whenever they are published."""
PUBLISHED = (*STATISTICS, DATA_QUALITY, *OF_TARGETS, DELIVERIES_TABLE)


def statistics_table(name: str) -> TableContract:
    """The published table of that name; KeyError when there is none."""
    return {contract.name: contract for contract in PUBLISHED}[name]
