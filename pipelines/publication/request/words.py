"""The words of the package, Swedish first with English beside: statuses, codes, months.

What indicators are called stands in the indicator registry; here stands what columns and sheets
need besides.
"""

from collections.abc import Mapping
from typing import NamedTuple

from schemas.sentences import in_swedish


class Words(NamedTuple):
    """The same in Swedish and in English."""

    sv: str
    en: str

    @property
    def both(self) -> str:
        """Swedish, and English in parentheses where it differs."""
        return self.sv if self.sv == self.en else f"{self.sv} ({self.en})"


def sentences(text: str) -> Words:
    """Remarks and reasons of the published tables, which are English there."""
    return Words(in_swedish(text) or text, text)


MISSING: Mapping[str, Words] = {
    "suppressed": Words("skyddad", "suppressed"),
    "not_reported": Words("ej rapporterat", "not reported"),
    "undefined": Words("odefinierad", "undefined"),
}
"""What stands in the place of a value that is not ok. Never 0."""

MISSING_EXPLAINED: Mapping[str, Words] = {
    "suppressed": Words(
        "så få personer att uppgiften kan röja någon, eller skyddad för att en annan sådan uppgift "
        "annars kunde räknas fram",
        "so few persons that the figure could reveal somebody, or protected because another such "
        "figure could be computed from it",
    ),
    "not_reported": Words(
        "en leverans som uppgiften kräver saknas",
        "a delivery that the figure needs is missing",
    ),
    "undefined": Words(
        "ingen i gruppen, eller nämnaren är 0",
        "nobody in the group, or the denominator is 0",
    ),
}

NOT_APPLICABLE = Words("uppgiften förekommer inte", "does not apply")
"""Of a measure that is missing although its row is not hidden, such as the nation's guideline."""

SHARE_UNIT = Words("andel 0–1", "share 0–1")
"""The unit of shares in files, where they are not shown as per cent."""

SEXES: Mapping[str, Words] = {
    "all": Words("Totalt", "Total"),
    "women": Words("Kvinnor", "Women"),
    "men": Words("Män", "Men"),
}
POPULATIONS: Mapping[str, Words] = {
    "inhabitants": Words("Invånare", "Inhabitants"),
    "listed": Words("Listade", "Listed persons"),
    "sabo": Words("Boende på SÄBO", "SÄBO residents"),
}
DEFINITIONS: Mapping[str, Words] = {
    "reported": Words("Som regionen rapporterar", "As the region reports"),
    "national": Words("Nationell definition", "National definition"),
    "regional": Words("Regionens regelverk", "The region's rule set"),
}
SERIES: Mapping[str, Words] = {
    "physician": Words("Läkarbesök", "Visits to physicians"),
    "all_professions": Words("Alla kontakter", "Contacts with every profession"),
}
SOURCES: Mapping[str, Words] = {
    "cosmic": Words("Markerade i Cosmic", "Marked in Cosmic"),
    "municipality": Words("I kommunens lista", "In the municipality's list"),
    "both": Words("I båda", "In both"),
    "any": Words("I någon källa", "In any source"),
}
DELIVERIES: Mapping[str, Words] = {
    "units": Words("enheter", "units"),
    "listings": Words("listningar", "listings"),
    "physicians": Words("läkare", "physicians"),
    "care_contacts": Words("vårdkontakter", "care_contacts"),
    "care_markings": Words("SÄBO-markeringar", "care_markings"),
    "population": Words("folkmängd", "population"),
}

_MONTHS = (
    Words("januari", "January"),
    Words("februari", "February"),
    Words("mars", "March"),
    Words("april", "April"),
    Words("maj", "May"),
    Words("juni", "June"),
    Words("juli", "July"),
    Words("augusti", "August"),
    Words("september", "September"),
    Words("oktober", "October"),
    Words("november", "November"),
    Words("december", "December"),
)


def month_in_words(month: str) -> Words:
    """`2025-11` as november 2025 and November 2025."""
    year, number = month.split("-")
    name = _MONTHS[int(number) - 1]
    return Words(f"{name.sv} {year}", f"{name.en} {year}")
