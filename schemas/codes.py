"""The code lists of the contract, and which of the codes its definitions name.

Codes are strings, never integers. What decides a figure stands here once: `pipelines/indicators`
computes with it, and the registry puts it into the hash of the definition.
"""

OPERATORS = ("region", "privat")
LISTING_TYPE_PRIMARY_CARE = "PV"
SPECIALTIES = ("allmanmedicin", "geriatrik", "barn_och_ungdomsmedicin", "other")
TRAINING = ("ST", "BT", "AT")
EMPLOYMENT = ("tillsvidare", "visstid", "hyr", "stafett", "konsult")
LOCUM_EMPLOYMENT = ("hyr", "stafett", "konsult")
PROFESSIONS = (
    "lakare",
    "sjukskoterska",
    "fysioterapeut",
    "psykolog",
    "arbetsterapeut",
    "ovrig",
)
CONTACT_TYPES = ("mottagning", "hembesok", "telefon", "video", "chatt")
SERIES_PROFESSIONS = {"physician": ("lakare",), "all_professions": PROFESSIONS}
SERIES_CONTACT_TYPES = {
    "physician": ("mottagning", "hembesok"),
    "all_professions": CONTACT_TYPES,
}
OWN_PHYSICIAN_WINDOW_MONTHS = 18
CAPACITY_EMPLOYMENT = ("tillsvidare", "visstid")
CAPACITY_SPECIALTIES = ("allmanmedicin", "geriatrik", "barn_och_ungdomsmedicin")
CAPACITY_ST_SPECIALTIES = ("allmanmedicin",)
Z = 1.96
SETTINGS = ("sabo", "dagverksamhet", "hemsjukvard", "trygghetsboende")
FIXED_CONTACT_KINDS = ("1", "2", "3", "4")
IDENTITY_KINDS = ("personnummer", "samordningsnummer", "reserve")

SEXES = ("women", "men")
AGE_GROUPS = ("0-18", "19-44", "45-64", "65-74", "75-84", "85+")
AGE_GROUP_LOWER_BOUNDS = (0, 19, 45, 65, 75, 85)
ALL = "all"

LEVELS = ("nation", "region", "municipality", "unit")
NATION = "00"
STATUSES = ("ok", "suppressed", "not_reported", "undefined")
POPULATIONS = ("inhabitants", "listed", "sabo")
DEFINITIONS = ("reported", "national", "regional")
SERIES = ("physician", "all_professions")
UNIT_SCOPES = ("own_unit", "any_unit")
INDEXES = ("COC", "UPC", "HHI", "SECON", "K", "MMCI")
LIST_KINDS = ("named", "fictitious", "locum", "unknown_physician", "physician_elsewhere")
MARKING_SOURCES = ("cosmic", "municipality", "both", "any")
DELIVERY_STATUSES = ("accepted", "refused", "replaced", "withdrawn")
GRADES = ("reject_row", "reject_delivery", "warn")
