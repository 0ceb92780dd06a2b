"""The contracts of the deliveries: the standard layout and the microdata kept of each.

Source of the layout: the contract, section 2. How values are read and which rules apply is in
`rules.py`; here stand only the tables.
"""

from schemas import codes
from schemas.column import Column, Kind
from schemas.columns import (
    BIRTH_DATE,
    IDENTITY_KIND,
    MUNICIPALITY,
    PERSON,
    PERSON_ID,
    PERSON_SEX,
    PHYSICIAN_ID,
    PROTECTED_IDENTITY,
    UNIT_ID,
    VALID_FROM,
    VALID_TO,
)
from schemas.contract import DeliveryContract, TableContract
from schemas.receipts import LINE, SHEET

UNIT_NAME = Column("unit_name", Kind.TEXT, "Name of the unit.", "Enhetens namn")
UNIT_NAME_KEY = Column(
    "unit_name_key",
    Kind.WHOLE_NUMBER,
    "Keyed hash of the unit's name in lower case without white space, to be compared with the "
    "beginnings of list names.",
    "Nyckel för enhetens namn",
)
OPERATOR = Column(
    "operator",
    Kind.CODE,
    "Who runs the unit: the region or a private provider.",
    "Driftsform",
    codes=codes.OPERATORS,
)
RESIDENCE_MUNICIPALITY = Column(
    "residence_municipality",
    Kind.CODE,
    "Municipality where the person is registered as resident; a code that is not one of the 290 "
    "is read as missing.",
    "Folkbokföringskommun",
    source="SCB",
    required=False,
)
DECEASED_ON = Column(
    "deceased_on", Kind.DATE, "Date of death, where known.", "Avliden", required=False
)
LIST_NAME = Column(
    "list_name",
    Kind.TEXT,
    "Name of the list that the person is on; a fictitious list begins with the unit's name. "
    "May hold a physician's name and is never stored.",
    "Listans namn",
    required=False,
    personal=True,
)
LIST_KEY = Column(
    "list_key",
    Kind.WHOLE_NUMBER,
    "Keyed hash of the unit and the list's name; missing when the list has no name.",
    "Nyckel för listan",
    required=False,
)
LISTING_TYPE = Column(
    "listing_type",
    Kind.TEXT,
    "Type of listing; only PV (primary care) counts.",
    "Listningstyp",
)
IN_QUEUE = Column("in_queue", Kind.TRUTH, "In the queue, not listed yet.", "I kö")
POSITION_CODE = Column(
    "position_code",
    Kind.TEXT,
    "HSA befattning, such as 201011 (specialist allmänmedicin) or 203010 (ST).",
    "Befattningskod",
    source="HSA",
    required=False,
)
SPECIALTIES = Column(
    "specialties",
    Kind.TEXT,
    "Specialties as codes joined by |: " + ", ".join(codes.SPECIALTIES) + ".",
    "Specialiteter",
    required=False,
)
TRAINING = Column(
    "training",
    Kind.CODE,
    "Training that the physician is in: ST, BT or AT.",
    "Utbildningstjänst",
    codes=codes.TRAINING,
    required=False,
)
EQUIVALENT_COMPETENCE = Column(
    "equivalent_competence",
    Kind.TRUTH,
    "Has other equivalent competence (prop. 2021/22:72).",
    "Annan likvärdig kompetens",
)
EMPLOYMENT = Column(
    "employment",
    Kind.CODE,
    "Form of employment; hyr, stafett and konsult are locums.",
    "Anställningsform",
    codes=codes.EMPLOYMENT,
)
FTE = Column(
    "fte",
    Kind.DECIMAL,
    "Full-time equivalents at the unit, above 0 and at most 1.5.",
    "Heltidstjänster",
    unit="full-time equivalents",
    maximum=1.5,
)
CONTACT_DATE = Column("contact_date", Kind.DATE, "Day of the contact.", "Kontaktdatum")
CONTACT_TIME = Column(
    "contact_time", Kind.TIME, "Time of the contact, HH:MM.", "Kontakttid", required=False
)
PROVIDER_ID = Column(
    "provider_id",
    Kind.TEXT,
    "HSA-id of the person who gave the care, upper-cased.",
    "Vårdpersonal",
    source="HSA",
    required=False,
)
PROFESSION = Column(
    "profession",
    Kind.CODE,
    "Profession of the provider.",
    "Yrkeskategori",
    codes=codes.PROFESSIONS,
)
CONTACT_TYPE = Column(
    "contact_type", Kind.CODE, "Type of contact.", "Kontakttyp", codes=codes.CONTACT_TYPES
)
SETTING = Column(
    "setting",
    Kind.CODE,
    "Form of municipal care: sabo (särskilt boende för äldre), dagverksamhet, hemsjukvard, "
    "trygghetsboende.",
    "Vårdform",
    codes=codes.SETTINGS,
)
MAIN_CARE_AT_SETTING = Column(
    "main_care_at_setting",
    Kind.TRUTH,
    "The person gets the main part of health care there.",
    "Huvudsaklig vård där",
)
FIXED_CONTACT_KIND = Column(
    "kind",
    Kind.CODE,
    "1 fast vårdkontakt, 2 fast läkarkontakt i primärvården, 3 fast omsorgskontakt i hemtjänsten, "
    "4 fast vårdkontakt med övergripande samordningsansvar.",
    "Typ av fast kontakt",
    codes=codes.FIXED_CONTACT_KINDS,
    source="Inera",
)
HOLDER_ID = Column(
    "holder_id", Kind.TEXT, "HSA-id of who the fixed contact is, upper-cased.", "Kontaktperson"
)
YEAR = Column("year", Kind.WHOLE_NUMBER, "Year of the population count (31 December).", "År")
POPULATION_SEX = Column("sex", Kind.CODE, "women or men.", "Kön", codes=codes.SEXES)
AGE = Column(
    "age",
    Kind.WHOLE_NUMBER,
    "Age in whole years; 100 is 100 and over.",
    "Ålder",
    unit="years",
    minimum=0,
    maximum=100,
)
COUNT = Column(
    "count", Kind.WHOLE_NUMBER, "Inhabitants.", "Antal", unit="persons", minimum=0, source="SCB"
)

PSEUDONYMISED = (PERSON, IDENTITY_KIND, BIRTH_DATE, PERSON_SEX)


def _stored(
    name: str, title: str, grain: str, key: tuple[str, ...], columns: tuple[Column, ...]
) -> TableContract:
    return TableContract(
        name=name,
        title=title,
        grain=grain,
        description=f"Accepted rows of the delivery {name}, pseudonymised, as stored.",
        key=key,
        columns=columns,
    )


_UNITS = (
    UNIT_ID,
    UNIT_NAME,
    MUNICIPALITY,
    OPERATOR,
    VALID_FROM,
    VALID_TO,
)
UNITS = DeliveryContract(
    name="units",
    title="Enheter",
    description="The region's health centres.",
    period="snapshot",
    key=("unit_id", "valid_from"),
    columns=_UNITS,
    stored=_stored(
        "units",
        "Enheter",
        "A unit and the day it begins.",
        ("unit_id", "valid_from"),
        (*_UNITS, UNIT_NAME_KEY),
    ),
)

LISTINGS = DeliveryContract(
    name="listings",
    title="Listning",
    description="Who is listed where, and on which physician; shaped on the GetListing contract.",
    period="snapshot",
    key=("person_id", "unit_id", "valid_from"),
    columns=(
        PERSON_ID,
        PROTECTED_IDENTITY.with_(required=True),
        RESIDENCE_MUNICIPALITY,
        DECEASED_ON,
        UNIT_ID,
        LIST_NAME,
        PHYSICIAN_ID.optional(),
        LISTING_TYPE,
        IN_QUEUE,
        VALID_FROM,
        VALID_TO,
    ),
    stored=_stored(
        "listings",
        "Listning",
        "A person's listing at a unit and the day it begins.",
        ("person", "unit_id", "valid_from"),
        (
            *PSEUDONYMISED,
            PROTECTED_IDENTITY.with_(required=True),
            RESIDENCE_MUNICIPALITY,
            DECEASED_ON,
            UNIT_ID,
            LIST_KEY,
            PHYSICIAN_ID.optional(),
            LISTING_TYPE,
            IN_QUEUE,
            VALID_FROM,
            VALID_TO,
        ),
    ),
)

LIST_NAMES = TableContract(
    name="list_names",
    title="Listnamnens början",
    grain="A list and one beginning of its name.",
    description="The keyed hash of every beginning of every list's name (lower case, without "
    "white space). List names hold physicians' names and are not stored; with this table "
    "'begins with the unit's name' can still be asked.",
    key=("list_key", "beginning_key"),
    columns=(
        LIST_KEY.with_(required=True),
        Column(
            "beginning_key",
            Kind.WHOLE_NUMBER,
            "Keyed hash of one beginning of the list's name.",
            "Nyckel för namnets början",
        ),
    ),
)

_PHYSICIANS = (
    PHYSICIAN_ID,
    UNIT_ID,
    POSITION_CODE,
    SPECIALTIES,
    TRAINING,
    EQUIVALENT_COMPETENCE,
    EMPLOYMENT,
    FTE,
    VALID_FROM,
    VALID_TO,
)
PHYSICIANS = DeliveryContract(
    name="physicians",
    title="Läkare",
    description="The physicians at the region's units, with competence and employment.",
    period="snapshot",
    key=("physician_id", "unit_id", "valid_from"),
    columns=_PHYSICIANS,
    stored=_stored(
        "physicians",
        "Läkare",
        "A physician's post at a unit and the day it begins.",
        ("physician_id", "unit_id", "valid_from"),
        _PHYSICIANS,
    ),
)

CARE_CONTACTS = DeliveryContract(
    name="care_contacts",
    title="Vårdkontakter",
    description="A month's contacts in primary care.",
    period="month",
    key=(
        "person_id",
        "contact_date",
        "contact_time",
        "unit_id",
        "provider_id",
        "profession",
        "contact_type",
    ),
    columns=(
        PERSON_ID,
        CONTACT_DATE,
        CONTACT_TIME,
        UNIT_ID,
        PROVIDER_ID,
        PROFESSION,
        CONTACT_TYPE,
    ),
    stored=_stored(
        "care_contacts",
        "Vårdkontakter",
        "A contact.",
        (
            "person",
            "contact_date",
            "contact_time",
            "unit_id",
            "provider_id",
            "profession",
            "contact_type",
        ),
        (
            PERSON,
            IDENTITY_KIND,
            CONTACT_DATE,
            CONTACT_TIME,
            UNIT_ID,
            PROVIDER_ID,
            PROFESSION,
            CONTACT_TYPE,
        ),
    ),
)

CARE_MARKINGS = DeliveryContract(
    name="care_markings",
    title="SÄBO-markeringar",
    description="Who is marked as having municipal health care. The suffix of the file's name is "
    "the source: _cosmic (marked in the patient card) or _<municipality code> (the municipality's "
    "own list).",
    period="snapshot",
    key=("person_id", "municipality", "setting", "valid_from"),
    columns=(
        PERSON_ID,
        MUNICIPALITY,
        SETTING,
        MAIN_CARE_AT_SETTING,
        VALID_FROM,
        VALID_TO,
        PROTECTED_IDENTITY.with_(
            description="The person has a protected identity. Missing is not known."
        ),
    ),
    stored=_stored(
        "care_markings",
        "SÄBO-markeringar",
        "A person's marking in a municipality and setting, and the day it begins.",
        ("person", "municipality", "setting", "valid_from"),
        (
            *PSEUDONYMISED,
            MUNICIPALITY,
            SETTING,
            MAIN_CARE_AT_SETTING,
            VALID_FROM,
            VALID_TO,
            PROTECTED_IDENTITY.with_(
                description="The person has a protected identity. Missing is not known."
            ),
            SHEET,
            LINE,
        ),
    ),
)

FIXED_CONTACTS = DeliveryContract(
    name="fixed_contacts",
    title="Fasta kontakter",
    description="The fixed contacts of persons, of four kinds.",
    period="snapshot",
    key=("person_id", "kind", "holder_id", "unit_id", "valid_from"),
    columns=(
        PERSON_ID,
        FIXED_CONTACT_KIND,
        HOLDER_ID,
        UNIT_ID,
        VALID_FROM,
        VALID_TO,
    ),
    stored=_stored(
        "fixed_contacts",
        "Fasta kontakter",
        "A person's fixed contact of a kind and the day it begins.",
        ("person", "kind", "holder_id", "unit_id", "valid_from"),
        (
            PERSON,
            IDENTITY_KIND,
            FIXED_CONTACT_KIND,
            HOLDER_ID,
            UNIT_ID,
            VALID_FROM,
            VALID_TO,
        ),
    ),
)

_POPULATION = (YEAR, MUNICIPALITY, POPULATION_SEX, AGE, COUNT)
POPULATION = DeliveryContract(
    name="population",
    title="Folkmängd",
    description="The population register: inhabitants by municipality, sex and age.",
    period="year",
    key=("year", "municipality", "sex", "age"),
    columns=_POPULATION,
    stored=_stored(
        "population",
        "Folkmängd",
        "A year, municipality, sex and age.",
        ("year", "municipality", "sex", "age"),
        _POPULATION,
    ),
    national=True,
)

REGIONAL_DELIVERIES = (
    UNITS,
    LISTINGS,
    PHYSICIANS,
    CARE_CONTACTS,
    CARE_MARKINGS,
    FIXED_CONTACTS,
)
DELIVERIES = (*REGIONAL_DELIVERIES, POPULATION)


def delivery(name: str) -> DeliveryContract:
    """The delivery of that name; KeyError when there is none."""
    return {contract.name: contract for contract in DELIVERIES}[name]
