"""The columns that several tables share. A column that means the same is defined once.

Descriptions are English, labels Swedish with English beside where a user sees them.
"""

from schemas import codes
from schemas.column import Column, Kind

CONTRACT = "contract, section 3"

# Identity and time

PERSON_ID = Column(
    "person_id",
    Kind.TEXT,
    "Personnummer or samordningsnummer of 12 digits with century, or a reserve identity of 12 "
    "characters A–Z 0–9 with at least one letter. A hyphen or + before the last four is tolerated.",
    "Personidentitet",
    personal=True,
)
PERSON = Column(
    "person",
    Kind.WHOLE_NUMBER,
    "Pseudonym of the person: the first 64 bits of an HMAC-SHA-256 of the identity under the "
    "installation's key. A reserve identity is one person per unit.",
    "Pseudonym",
)
IDENTITY_KIND = Column(
    "identity_kind",
    Kind.CODE,
    "Kind of identity: personnummer, samordningsnummer or reserve (interim or reserve number).",
    "Identitetstyp",
    codes=codes.IDENTITY_KINDS,
)
BIRTH_DATE = Column(
    "birth_date",
    Kind.DATE,
    "Date of birth read from the identity; missing where a reserve identity has none.",
    "Födelsedatum",
    required=False,
)
PERSON_SEX = Column(
    "sex",
    Kind.CODE,
    "Sex by the parity of the next to last digit (odd = men); missing where a reserve identity "
    "has none.",
    "Kön",
    codes=codes.SEXES,
    required=False,
)
MONTH = Column("month", Kind.TEXT, "The month that the figure is made for, YYYY-MM.", "Månad")
REFERENCE_DATE = Column(
    "reference_date",
    Kind.DATE,
    "The date that the figure is true for: that of the region's newest accepted listings snapshot "
    "within the month; for the nation the latest of its regions'. Missing where not reported.",
    "Referensdatum",
    required=False,
    source=CONTRACT,
)
VALID_FROM = Column("valid_from", Kind.DATE, "First day that the row holds.", "Gäller från")
VALID_TO = Column(
    "valid_to",
    Kind.DATE,
    "Last day that the row holds; missing when open.",
    "Gäller till",
    required=False,
)

# Place

REGION_CODE = Column(
    "region_code", Kind.CODE, "Two-digit county code of the region.", "Regionkod", source="SCB"
)
LEVEL = Column(
    "level",
    Kind.CODE,
    "Level of the area: nation, region, municipality or unit (health centre).",
    "Nivå",
    codes=codes.LEVELS,
)
AREA_CODE = Column(
    "area_code",
    Kind.TEXT,
    "Code of the area: 00 for the nation, 2 digits for a region, 4 for a municipality, "
    "HSA-id for a unit.",
    "Områdeskod",
    source="SCB; HSA",
)
AREA_NAME = Column(
    "area_name",
    Kind.TEXT,
    "Name of the area; missing for a unit that is not in the units register.",
    "Områdesnamn",
    required=False,
)
UNIT_ID = Column(
    "unit_id", Kind.TEXT, "HSA-id of the unit (health centre), upper-cased.", "Enhet", source="HSA"
)
PHYSICIAN_ID = Column(
    "physician_id", Kind.TEXT, "HSA-id of the physician, upper-cased.", "Läkare", source="HSA"
)
MUNICIPALITY = Column(
    "municipality", Kind.CODE, "Four-digit municipality code.", "Kommun", source="SCB"
)
PROTECTED_IDENTITY = Column(
    "protected_identity",
    Kind.TRUTH,
    "The person has a protected identity (sekretessmarkering or skyddad folkbokföring). "
    "Missing is read as true.",
    "Skyddad identitet",
    required=False,
)

# Breakdown

SEX = Column(
    "sex", Kind.CODE, "women, men, or all.", "Kön", codes=(*codes.SEXES, codes.ALL), source=CONTRACT
)
AGE_GROUP = Column(
    "age_group",
    Kind.CODE,
    "Age in whole years on the reference date, in groups, or all.",
    "Åldersgrupp",
    codes=(*codes.AGE_GROUPS, codes.ALL),
    unit="years",
    source=CONTRACT,
)
STATUS = Column(
    "status",
    Kind.CODE,
    "ok; suppressed (disclosure control); not_reported (a delivery that the figure needs is "
    "missing); undefined (nobody in the group). In all but ok every value is missing, never 0.",
    "Status",
    codes=codes.STATUSES,
)

# Values: missing unless status is ok

SHARE = Column(
    "share",
    Kind.DECIMAL,
    "Numerator / denominator.",
    "Andel",
    unit="share 0–1",
    required=False,
    minimum=0,
    maximum=1,
)
CI_LOW = Column(
    "ci_low",
    Kind.DECIMAL,
    "Lower bound of the 95 % confidence interval.",
    "Konfidensintervall, undre",
    unit="as the value",
    required=False,
)
CI_HIGH = Column(
    "ci_high",
    Kind.DECIMAL,
    "Upper bound of the 95 % confidence interval.",
    "Konfidensintervall, övre",
    unit="as the value",
    required=False,
)


def count(name: str, description: str, label: str, unit: str = "persons") -> Column:
    """A column with a count; missing unless status is ok."""
    return Column(name, Kind.WHOLE_NUMBER, description, label, unit=unit, required=False, minimum=0)


def amount(name: str, description: str, label: str, unit: str = "") -> Column:
    """A column with a decimal number; missing unless status is ok."""
    return Column(name, Kind.DECIMAL, description, label, unit=unit, required=False)
