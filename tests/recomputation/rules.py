"""One text row of each delivery → one typed row, or the names of the rules it breaks.

The rules are the contract's *reject_row* list; grades of whole files are deliveries.py."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from .areas import MUNICIPALITIES
from .identifiers import Person, read_hsa_id, read_person_id

SPECIALTIES = {"allmanmedicin", "geriatrik", "barn_och_ungdomsmedicin", "other"}
LOCUM = {"hyr", "stafett", "konsult"}
EMPLOYMENTS = {"tillsvidare", "visstid"} | LOCUM
PROFESSIONS = {"lakare", "sjukskoterska", "fysioterapeut", "psykolog", "arbetsterapeut", "ovrig"}
CONTACT_TYPES = {"mottagning", "hembesok", "telefon", "video", "chatt"}
SETTINGS = ("sabo", "dagverksamhet", "hemsjukvard", "trygghetsboende")


@dataclass(frozen=True)
class Period:
    """An interval; it 'holds on d when `valid_from` ≤ d and (`valid_to` missing or ≥ d)'."""

    valid_from: date
    valid_to: date | None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


@dataclass(frozen=True)
class Unit:
    unit_id: str
    unit_name: str
    municipality: str
    operator: str
    period: Period


@dataclass(frozen=True)
class Listing:
    person: Person
    protected_identity: bool
    residence_municipality: str | None
    deceased_on: date | None
    unit_id: str
    list_name: str
    physician_id: str | None
    listing_type: str
    in_queue: bool
    period: Period


@dataclass(frozen=True)
class Physician:
    physician_id: str
    unit_id: str
    specialties: frozenset[str]
    training: str | None
    equivalent_competence: bool
    employment: str
    fte: Fraction
    period: Period


@dataclass(frozen=True)
class Contact:
    person: Person
    contact_date: date
    contact_time: str | None
    unit_id: str
    provider_id: str | None
    profession: str
    contact_type: str


@dataclass(frozen=True)
class Marking:
    person: Person
    municipality: str
    setting: str
    main_care_at_setting: bool
    period: Period
    protected_identity: bool | None


@dataclass(frozen=True)
class FixedContact:
    person: Person
    kind: str
    holder_id: str
    unit_id: str
    period: Period


@dataclass(frozen=True)
class PopulationCell:
    year: str
    municipality: str
    sex: str
    age: int
    count: int


@cache
def read_date(text: str) -> date | None:
    """ISO dates: four, two and two digits; None where it is no such date."""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class Cells:
    """The text values of one row; every question asked notes the rule that the answer breaks.
    The placeholders returned then never leave: a row with a broken rule is rejected."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values
        self.broken: set[str] = set()

    def text(self, column: str) -> str:
        return self.values.get(column, "")

    def required(self, column: str) -> str:
        """'missing required value'."""
        value = self.text(column)
        if value == "":
            self.broken.add("missing_required_value")
        return value

    def person(self) -> Person:
        value = self.required("person_id")
        person = read_person_id(value)
        if person is None and value:
            self.broken.add("bad_identifier")
        return person or Person("", "", None, None)

    def hsa_id(self, column: str) -> str:
        self.required(column)
        return self.hsa_id_or_none(column) or ""

    def hsa_id_or_none(self, column: str) -> str | None:
        value = self.text(column)
        hsa_id = read_hsa_id(value)
        if value and hsa_id is None:
            self.broken.add("bad_identifier")
        return hsa_id

    def date_or_none(self, column: str) -> date | None:
        value = self.text(column)
        day = read_date(value)
        if value and day is None:
            self.broken.add("bad_date_or_time")
        return day

    def required_date(self, column: str) -> date:
        self.required(column)
        return self.date_or_none(column) or date.min

    def time_or_none(self, column: str) -> str | None:
        value = self.text(column)
        if value and not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
            self.broken.add("bad_date_or_time")
        return value or None

    def period(self) -> Period:
        """'`valid_to` before `valid_from`'."""
        period = Period(self.required_date("valid_from"), self.date_or_none("valid_to"))
        if period.valid_to is not None and period.valid_to < period.valid_from:
            self.broken.add("valid_to_before_valid_from")
        return period

    def flag_or_none(self, column: str) -> bool | None:
        """'`true`/`false` in any case, empty = missing'."""
        value = self.text(column).lower()
        if value not in ("true", "false", ""):
            self.broken.add("value_outside_codes")
        return {"true": True, "false": False}.get(value)

    def flag(self, column: str) -> bool:
        self.required(column)
        return bool(self.flag_or_none(column))

    def code(self, column: str, codes: set[str]) -> str:
        self.required(column)
        return self.code_or_none(column, codes) or ""

    def code_or_none(self, column: str, codes: set[str]) -> str | None:
        """'value outside the codes given above'."""
        value = self.text(column)
        if value and value not in codes:
            self.broken.add("value_outside_codes")
        return value or None

    def municipality(self) -> str:
        """'municipality that is not one of the 290'."""
        value = self.required("municipality")
        if value and value not in MUNICIPALITIES:
            self.broken.add("unknown_municipality")
        return value

    def whole_number(self, column: str) -> int:
        value = self.required(column)
        if value and not re.fullmatch(r"[0-9]+", value):
            self.broken.add("bad_number")
        return int(value) if re.fullmatch(r"[0-9]+", value) else 0


def read_unit(cells: Cells, month: str, today: date) -> Unit:
    return Unit(
        cells.hsa_id("unit_id"),
        cells.required("unit_name"),
        cells.municipality(),
        cells.code("operator", {"region", "privat"}),
        cells.period(),
    )


def read_listing(cells: Cells, month: str, today: date) -> Listing:
    """'A missing `protected_identity` is read as true'; a `residence_municipality` that is not
    one of the 290 is 'read as missing'; '`listing_type` may be any text'."""
    residence = cells.text("residence_municipality")
    return Listing(
        cells.person(),
        cells.flag_or_none("protected_identity") is not False,
        residence if residence in MUNICIPALITIES else None,
        cells.date_or_none("deceased_on"),
        cells.hsa_id("unit_id"),
        cells.text("list_name"),
        cells.hsa_id_or_none("physician_id"),
        cells.required("listing_type"),
        cells.flag("in_queue"),
        cells.period(),
    )


def read_physician(cells: Cells, month: str, today: date) -> Physician:
    """'`specialties?` codes joined by `|` (… another code rejects the row)'; '`fte` > 0, at most
    1.5'."""
    specialties = [code.strip() for code in cells.text("specialties").split("|")]
    if specialties != [""] and not set(specialties) <= SPECIALTIES:
        cells.broken.add("value_outside_codes")
    fte_text = cells.required("fte")
    fte = Fraction(fte_text) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", fte_text) else Fraction(0)
    if fte_text and not 0 < fte <= Fraction(3, 2):
        cells.broken.add("fte_out_of_range")
    return Physician(
        cells.hsa_id("physician_id"),
        cells.hsa_id("unit_id"),
        frozenset(specialties) - {""},
        cells.code_or_none("training", {"ST", "BT", "AT"}),
        cells.flag("equivalent_competence"),
        cells.code("employment", EMPLOYMENTS),
        fte,
        cells.period(),
    )


def read_contact(cells: Cells, month: str, today: date) -> Contact:
    """'contact outside the file's month or after the day of the run'."""
    contact = Contact(
        cells.person(),
        cells.required_date("contact_date"),
        cells.time_or_none("contact_time"),
        cells.hsa_id("unit_id"),
        cells.hsa_id_or_none("provider_id"),
        cells.code("profession", PROFESSIONS),
        cells.code("contact_type", CONTACT_TYPES),
    )
    if contact.contact_date != date.min:
        if contact.contact_date.isoformat()[:7] != month:
            cells.broken.add("contact_outside_month")
        if contact.contact_date > today:
            cells.broken.add("contact_after_run")
    return contact


def read_marking(cells: Cells, month: str, today: date) -> Marking:
    """'`protected_identity?` (here missing = not known)'."""
    return Marking(
        cells.person(),
        cells.municipality(),
        cells.code("setting", set(SETTINGS)),
        cells.flag("main_care_at_setting"),
        cells.period(),
        cells.flag_or_none("protected_identity"),
    )


def read_fixed_contact(cells: Cells, month: str, today: date) -> FixedContact:
    return FixedContact(
        cells.person(),
        cells.code("kind", {"1", "2", "3", "4"}),
        cells.required("holder_id").upper(),
        cells.hsa_id("unit_id"),
        cells.period(),
    )


def read_population(cells: Cells, month: str, today: date) -> PopulationCell:
    """'`year` · `municipality` · `sex` women|men · `age` 0–100 · `count`'; `month` is the year."""
    year = cells.required("year")
    if year and year != month:
        cells.broken.add("year_outside_file")
    age = cells.whole_number("age")
    if age > 100:
        cells.broken.add("value_outside_codes")
    sex = cells.code("sex", {"women", "men"})
    return PopulationCell(year, cells.municipality(), sex, age, cells.whole_number("count"))


@dataclass(frozen=True)
class Delivery:
    """The layout of one delivery: columns (`?` = may be empty and absent) and its key."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    read: Callable[[Cells, str, date], object]


DELIVERIES = {
    "units": Delivery(
        ("unit_id", "unit_name", "municipality", "operator", "valid_from"), ("valid_to",), read_unit
    ),
    "listings": Delivery(
        ("person_id", "protected_identity", "unit_id", "listing_type", "in_queue", "valid_from"),
        ("residence_municipality", "deceased_on", "list_name", "physician_id", "valid_to"),
        read_listing,
    ),
    "physicians": Delivery(
        ("physician_id", "unit_id", "equivalent_competence", "employment", "fte", "valid_from"),
        ("position_code", "specialties", "training", "valid_to"),
        read_physician,
    ),
    "care_contacts": Delivery(
        ("person_id", "contact_date", "unit_id", "profession", "contact_type"),
        ("contact_time", "provider_id"),
        read_contact,
    ),
    "care_markings": Delivery(
        ("person_id", "municipality", "setting", "main_care_at_setting", "valid_from"),
        ("valid_to", "protected_identity"),
        read_marking,
    ),
    "fixed_contacts": Delivery(
        ("person_id", "kind", "holder_id", "unit_id", "valid_from"),
        ("valid_to",),
        read_fixed_contact,
    ),
    "population": Delivery(("year", "municipality", "sex", "age", "count"), (), read_population),
}


def key_of(row: object) -> Hashable:
    """'units (unit, valid_from); listings (person, unit, valid_from); physicians (physician,
    unit, valid_from); care_contacts (all columns); care_markings (person, municipality,
    setting, valid_from); fixed_contacts (person, kind, holder, unit, valid_from)'."""
    match row:
        case Unit():
            return row.unit_id, row.period.valid_from
        case Listing():
            return row.person.identity, row.unit_id, row.period.valid_from
        case Physician():
            return row.physician_id, row.unit_id, row.period.valid_from
        case Marking():
            return row.person.identity, row.municipality, row.setting, row.period.valid_from
        case FixedContact():
            person = row.person.identity
            return person, row.kind, row.holder_id, row.unit_id, row.period.valid_from
        case PopulationCell():
            return row.year, row.municipality, row.sex, row.age
        case _:
            return row  # care_contacts: all columns
