"""The rules of intake: code, grade, and a sentence for the supplier in English and Swedish.

Source: the contract, section 2, "Bad input". How a rule is computed stands in
`pipelines/intake`; what it is called and what it says stands only here.
"""

from dataclasses import dataclass
from typing import Literal

Grade = Literal["reject_row", "reject_delivery", "warn"]

SMALLEST_REFUSED_REJECTION = 10
LARGEST_REJECTED_SHARE = 0.10
LARGEST_DROP_BETWEEN_SNAPSHOTS = 0.30
LARGEST_GROWTH = 10
"""How many times the rows of the one before a file may have without a warning."""
LONGEST_ID = 100
"""Characters of an HSA-id; the national catalogue allows 31."""


@dataclass(frozen=True)
class Rule:
    """A rule of intake. `sentence` tells the supplier what is wrong and what to do."""

    code: str
    grade: Grade
    sentence: str
    sentence_sv: str


RULES = (
    Rule(
        "name_without_date",
        "reject_delivery",
        "The file's name does not begin with the date that the content is true for. Name it "
        "YYYY-MM-DD (snapshot), YYYY-MM (a month's contacts) or YYYY (population).",
        "Filnamnet börjar inte med det datum som innehållet gäller. Döp filen ÅÅÅÅ-MM-DD "
        "(ögonblicksbild), ÅÅÅÅ-MM (en månads kontakter) eller ÅÅÅÅ (folkmängd).",
    ),
    Rule(
        "name_not_usable",
        "reject_delivery",
        "The file's name holds a personal identity number, or characters that are not shown, such "
        "as line breaks, or is longer than 150 bytes. Name it by its date, with letters, digits, "
        "hyphens and underscores.",
        "Filnamnet innehåller ett personnummer, eller tecken som inte syns, som radbrytningar, "
        "eller är längre än 150 byte. Döp filen efter dess datum, med bokstäver, siffror, "
        "bindestreck och understreck.",
    ),
    Rule(
        "unknown_source",
        "reject_delivery",
        "The suffix of the file's name does not say which source the markings come from. Use "
        "_cosmic or _ and the municipality's four-digit code.",
        "Filnamnets tillägg anger inte källan till markeringarna. Använd _cosmic eller _ och "
        "kommunens fyrsiffriga kod.",
    ),
    Rule(
        "link",
        "reject_delivery",
        "The file is a link, and links are never followed. Deliver the file itself.",
        "Filen är en länk, och länkar följs aldrig. Leverera själva filen.",
    ),
    Rule(
        "same_name_twice",
        "reject_delivery",
        "Another file of this delivery has the same name with another extension. Deliver one of "
        "them, or give the parts of a snapshot different suffixes.",
        "En annan fil i leveransen har samma namn med annan filändelse. Leverera en av dem, eller "
        "ge delarna av en ögonblicksbild olika tillägg i namnet.",
    ),
    Rule(
        "unreadable",
        "reject_delivery",
        "The file cannot be read to its end: it is damaged, truncated or not of the kind that "
        "its extension says. Export and send it again.",
        "Filen går inte att läsa till slutet: den är skadad, avkortad eller av annat slag än "
        "filändelsen säger. Exportera och skicka den på nytt.",
    ),
    Rule(
        "wrong_encoding",
        "reject_delivery",
        "The file is not UTF-8 text. Export it as UTF-8.",
        "Filen är inte text i UTF-8. Exportera den som UTF-8.",
    ),
    Rule(
        "empty_file",
        "reject_delivery",
        "The file is empty or has only a header. If nothing is to be delivered, send no file.",
        "Filen är tom eller har bara en rubrikrad. Finns inget att leverera, skicka ingen fil.",
    ),
    Rule(
        "duplicate_header",
        "reject_delivery",
        "Two columns have the same name. Give each column one name.",
        "Två kolumner har samma namn. Ge varje kolumn ett eget namn.",
    ),
    Rule(
        "missing_column",
        "reject_delivery",
        "A required column is missing. Add it to the export.",
        "En obligatorisk kolumn saknas. Lägg till den i exporten.",
    ),
    Rule(
        "dated_in_future",
        "reject_delivery",
        "The snapshot is dated after the day of the run. Check the date in the file's name.",
        "Ögonblicksbilden är daterad efter körningens dag. Kontrollera datumet i filnamnet.",
    ),
    Rule(
        "no_row_accepted",
        "reject_delivery",
        "Not one row keeps the rules. Look at the rules below and send the file again.",
        "Inte en enda rad följer reglerna. Se reglerna nedan och skicka filen på nytt.",
    ),
    Rule(
        "too_many_rejected",
        "reject_delivery",
        "More than 10 per cent of the rows, and at least 10 rows, break the rules. Look at the "
        "rules below and send the file again.",
        "Mer än 10 procent av raderna, och minst 10 rader, bryter mot reglerna. Se reglerna nedan "
        "och skicka filen på nytt.",
    ),
    Rule(
        "correction_does_not_fit",
        "reject_delivery",
        "A correction that is made to this delivery by agreement does not fit the file, perhaps "
        "because you have mended the fault. The operator must change or end the correction.",
        "En rättelse som görs av leveransen enligt överenskommelse passar inte filen, kanske för "
        "att ni har åtgärdat felet. Den som driver uppföljningen måste ändra eller avsluta den.",
    ),
    Rule(
        "wrong_field_count",
        "reject_row",
        "The row has more or fewer fields than the header. Quote fields that hold the delimiter.",
        "Raden har fler eller färre fält än rubriken. Sätt fält som innehåller skiljetecknet inom "
        "citattecken.",
    ),
    Rule(
        "missing_value",
        "reject_row",
        "A required value is missing.",
        "Ett obligatoriskt värde saknas.",
    ),
    Rule(
        "bad_identifier",
        "reject_row",
        "The identity is not 12 digits with a valid date and checksum, nor a reserve identity of "
        "12 characters A–Z 0–9 with a letter.",
        "Identiteten är inte 12 siffror med giltigt datum och giltig kontrollsiffra, och inte "
        "heller ett reservnummer med 12 tecken A–Z 0–9 med minst en bokstav.",
    ),
    Rule(
        "identity_elsewhere",
        "reject_row",
        "A column that is not for a person's identity holds one. Deliver the HSA-id or the text "
        "that belongs there.",
        "En kolumn som inte är till för personnummer innehåller ett. Leverera det HSA-id eller den "
        "text som hör dit.",
    ),
    Rule(
        "bad_code",
        "reject_row",
        "The HSA-id holds control characters, such as a line break, is longer than 100 characters, "
        "or is the code of a region or municipality.",
        "HSA-id:t innehåller styrtecken, som en radbrytning, är längre än 100 tecken eller är en "
        "regions eller kommuns kod.",
    ),
    Rule(
        "bad_date",
        "reject_row",
        "The date is not a day of the calendar written YYYY-MM-DD.",
        "Datumet är inte en dag i kalendern skriven ÅÅÅÅ-MM-DD.",
    ),
    Rule(
        "bad_time",
        "reject_row",
        "The time is not written HH:MM between 00:00 and 23:59.",
        "Tiden är inte skriven TT:MM mellan 00:00 och 23:59.",
    ),
    Rule(
        "bad_number",
        "reject_row",
        "The value is not a number, or is below or above what it may be.",
        "Värdet är inte ett tal, eller ligger utanför det tillåtna.",
    ),
    Rule(
        "fte_out_of_range",
        "reject_row",
        "fte is not a number above 0 and at most 1.5.",
        "fte är inte ett tal större än 0 och högst 1,5.",
    ),
    Rule(
        "valid_to_before_valid_from",
        "reject_row",
        "valid_to is before valid_from.",
        "valid_to ligger före valid_from.",
    ),
    Rule(
        "unknown_code",
        "reject_row",
        "The value is not one of the codes of the layout.",
        "Värdet är inte en av layoutens koder.",
    ),
    Rule(
        "unknown_municipality",
        "reject_row",
        "The municipality is not one of the 290.",
        "Kommunen är inte en av de 290.",
    ),
    Rule(
        "contact_outside_month",
        "reject_row",
        "The contact's day is not in the month of the file's name.",
        "Kontaktens dag ligger inte i filnamnets månad.",
    ),
    Rule(
        "contact_in_future",
        "reject_row",
        "The contact's day is after the day of the run.",
        "Kontaktens dag ligger efter körningens dag.",
    ),
    Rule(
        "year_outside_file",
        "reject_row",
        "The year is not that of the file's name.",
        "Året är inte filnamnets år.",
    ),
    Rule(
        "duplicate_key",
        "reject_row",
        "An earlier row of the file has the same key.",
        "En tidigare rad i filen har samma nyckel.",
    ),
    Rule(
        "corrected_drop",
        "reject_row",
        "The row was left out by a correction, for a fault that is known.",
        "Raden togs bort genom en rättelse, på grund av ett känt fel.",
    ),
    Rule(
        "unknown_column",
        "warn",
        "The file has a column that the layout does not know; it was not read.",
        "Filen har en kolumn som layouten inte känner; den lästes inte.",
    ),
    Rule(
        "unknown_residence_municipality",
        "warn",
        "residence_municipality is not one of the 290; it was read as missing.",
        "residence_municipality är inte en av de 290; den lästes som saknad.",
    ),
    Rule(
        "missing_protection",
        "warn",
        "protected_identity is missing; it was read as true.",
        "protected_identity saknas; den lästes som true.",
    ),
    Rule(
        "unit_not_in_register",
        "warn",
        "The unit is not in the units register; the row counts, and the unit's figures stand "
        "under its code, without a name.",
        "Enheten finns inte i enhetsregistret; raden räknas, och enhetens siffror står under dess "
        "kod, utan namn.",
    ),
    Rule(
        "fewer_rows",
        "warn",
        "The file has over 30 per cent fewer rows than the previous snapshot. Check that it is "
        "whole.",
        "Filen har över 30 procent färre rader än förra ögonblicksbilden. Kontrollera att den är "
        "komplett.",
    ),
    Rule(
        "more_rows",
        "warn",
        "The file has at least ten times the rows of the one before. Check that it holds one "
        "region and one period.",
        "Filen har minst tio gånger så många rader som den förra. Kontrollera att den gäller en "
        "region och en period.",
    ),
    Rule(
        "same_content",
        "warn",
        "The file has the very content of an earlier one under another name. Check that it is not "
        "last month's file sent again.",
        "Filen har exakt samma innehåll som en tidigare med annat namn. Kontrollera att det inte "
        "är förra månadens fil som skickats igen.",
    ),
    Rule(
        "unit_of_other_region",
        "warn",
        "The unit's HSA-id has the organisation number of another region. Check that the file is "
        "this region's.",
        "Enhetens HSA-id har en annan regions organisationsnummer. Kontrollera att filen är den "
        "här regionens.",
    ),
    Rule(
        "other_municipality",
        "warn",
        "A municipal list has rows of another municipality.",
        "En kommunlista har rader för en annan kommun.",
    ),
    Rule(
        "corrected_override",
        "warn",
        "A value of the row was replaced by a correction before the row was judged.",
        "Ett värde i raden ersattes genom en rättelse innan raden bedömdes.",
    ),
    Rule(
        "corrected_recode",
        "warn",
        "A code of the row was replaced by a correction before the row was judged.",
        "En kod i raden byttes ut genom en rättelse innan raden bedömdes.",
    ),
    Rule(
        "corrected_flag",
        "warn",
        "The row is known to be odd; a correction says why, and changes nothing.",
        "Raden är känd som avvikande; en rättelse säger varför och ändrar inget.",
    ),
)


def rule(code: str) -> Rule:
    """The rule of that code; KeyError when there is none."""
    return {each.code: each for each in RULES}[code]
