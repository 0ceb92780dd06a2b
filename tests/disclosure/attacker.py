"""An attacker who knows all that is published and how the tables hang together.

Written without the code of disclosure control. Every number of every row is an unknown; what is
published fixes it. The attacker also knows

- that counts are not negative, and that nobody is a part of a group without being in the group;
- that regions add up to the nation, women and men to both sexes, age groups to all ages, units and
  municipalities to their region, but for a known number of persons (protected ones, say);
- which of the numbers in different tables are the same count;
- which regions a row of the nation adds up: those that can tell what the row is about;
- the number of inhabitants, which SCB publishes.

`Attack` then places a number between the least and the greatest value it can have: two linear
programmes, solved by HiGHS, over the numbers that are connected with it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import highspy
import numpy as np
import polars as pl

Number = tuple[object, ...]
"""What a number is: its kind and dimensions, then area, sex and age group."""

SEXES = ("women", "men")
AGES = ("0-18", "19-44", "45-64", "65-74", "75-84", "85+")
KINDS_OF_NAMED = ("locum", "unknown_physician", "physician_elsewhere")
OF_LISTED = (
    "reserve_identity",
    "several_active_listings",
    "protected_identity",
    "residence_missing",
    "unit_not_in_register",
)


DIMENSIONS = {
    "coverage": ("population", "definition"),
    "continuity": ("population", "series", "unit_scope", "window_months", "min_visits"),
    "own_physician": (),
    "list_load": (),
    "list_kinds": ("kind",),
    "care_markings": ("setting", "source"),
    "fixed_contacts": ("kind",),
    "definition_comparison": ("rule_set",),
    "data_quality": ("delivery", "metric"),
}
"""The tables, and what a row is about beside area, sex and age."""

Nations = Mapping[tuple[object, ...], str]
"""The nation of a table's rows with these dimensions."""


def nation_of(regions: Iterable[str]) -> str:
    """The nation that adds up these regions. Two rows of the same nation show the same number."""
    return "00:" + " ".join(sorted(regions))


def is_nation(area: object) -> bool:
    """Whether the area is a nation."""
    return str(area).startswith("00:")


def regions_of(nation: object) -> list[str]:
    """The regions that a nation adds up."""
    return str(nation).removeprefix("00:").split()


def is_region(area: object) -> bool:
    """Whether the area is a region."""
    return len(str(area)) == 2


def nations_of(tables: Mapping[str, pl.DataFrame]) -> Nations:
    """Which regions the rows of the nation add up, as the tables' readers see it.

    A region that cannot tell what the row is about is `not_reported` there, or has no row.
    """
    found = {}
    for table, dimensions in DIMENSIONS.items():
        if table not in tables:
            continue
        rows = tables[table]
        if "status" in rows.columns:
            rows = rows.filter(pl.col("status") != "not_reported")
        area = "area_code" if "area_code" in rows.columns else "region_code"
        is_region = (pl.col(area).str.len_chars() == 2) & (pl.col(area) != "00")
        by_row: dict[tuple[object, ...], set[str]] = defaultdict(set)
        for region, *about in rows.filter(is_region).select(area, *dimensions).unique().iter_rows():
            by_row[table, *about].add(region)
        found.update({about: nation_of(regions) for about, regions in by_row.items()})
    return found


def numbers_of(table: str, row: Mapping[str, object], nations: Nations) -> dict[str, Number]:
    """The numbers that stand in a row: column to number."""
    area = row.get("area_code", row.get("region_code"))
    if area == "00":
        area = nations.get((table, *(row[name] for name in DIMENSIONS[table])), nation_of([]))
    cell = (area, row.get("sex", "all"), row.get("age_group", "all"))
    listed = ("listed", *cell)
    if table == "coverage":
        population = str(row["population"])
        return {
            "numerator": (population, row["definition"], *cell),
            "denominator": (population, *cell),
        }
    if table == "list_load":
        capacity = ("capacity", *cell)
        return {"listed": listed, "named": ("listed", "reported", *cell), "capacity": capacity}
    if table == "list_kinds":
        of_kind = ("listed", "reported") if row["kind"] == "named" else ("kind", row["kind"])
        return {"persons": (*of_kind, *cell), "listed": listed}
    if table == "fixed_contacts":
        return {"persons": ("fixed", row["kind"], *cell), "listed": listed}
    if table == "definition_comparison":
        rule_set = row["rule_set"]
        same = ("listed", rule_set) if rule_set in ("reported", "national") else ("by", rule_set)
        return {"numerator": (*same, *cell), "denominator": listed}
    if table == "care_markings":
        return {"persons": ("marked", row["setting"], row["source"], *cell)}
    if table == "own_physician":
        return {name: ("own", name, *cell) for name in ("persons", "own_visits", "visits")}
    if table == "continuity":
        group = [
            row[name]
            for name in ("population", "series", "unit_scope", "window_months", "min_visits")
        ]
        return {"persons": ("seen", *group, *cell), "visits": ("visits", *group, *cell)}
    if table == "data_quality":
        return _of_quality(row, cell)
    return {}


def _of_quality(row: Mapping[str, object], cell: tuple[object, ...]) -> dict[str, Number]:
    metric = row["metric"]
    own: Number = ("quality", row["delivery"], metric, *cell)
    if metric in OF_LISTED:
        return {"numerator": own, "denominator": ("listed", *cell)}
    if metric in KINDS_OF_NAMED:
        return {"numerator": ("kind", metric, *cell), "denominator": ("listed", *cell)}
    if metric == "sabo_in_both_sources" and not is_nation(cell[0]):
        return {
            "numerator": ("marked", "sabo", "both", *cell),
            "denominator": ("marked", "sabo", "any", *cell),
        }
    if metric == "fixed_contact_is_the_listings_physician":
        return {"numerator": own, "denominator": ("fixed", "2", *cell)}
    if metric in ("sabo_in_both_sources", "deceased_still_listed") or str(metric).startswith(
        "without_provider"
    ):
        return {"numerator": own, "denominator": ("of", *own)}
    return {}


@dataclass
class Attack:
    """What an attacker can say of a month's numbers.

    `true` and `published` are the tables before and after disclosure control; from the true ones
    come only the known numbers of persons that an area has and its parts have not. `regions`: unit
    to region.
    """

    true: Mapping[str, pl.DataFrame]
    published: Mapping[str, pl.DataFrame]
    regions: Mapping[str, str]
    value: dict[Number, float] = field(default_factory=dict)
    untold: set[Number] = field(default_factory=set)
    """Of inhabitants that are `undefined` (more named than inhabitants): they stand in no table."""
    told: set[Number] = field(default_factory=set)
    """Those of them that the others tell by sex or age group."""
    known: dict[Number, float] = field(default_factory=dict)
    rows: list[tuple[dict[Number, float], float, float]] = field(default_factory=list)
    group: dict[Number, float] = field(default_factory=dict)
    """How many there are in the smallest group that a number lies within."""
    families: list[tuple[Number, list[Number]]] = field(default_factory=list)
    """Wholes with their parts."""

    def __post_init__(self) -> None:
        nations = nations_of(self.published)
        for table in self.true:
            if table in DIMENSIONS:
                self._read(table, nations)
        self.untold -= self.value.keys()
        self._tell()
        for number, value in self.value.items():
            if number[0] == "inhabitants" and len(number) == 4:
                self.known[number] = value
        self._equalities()
        self._inequalities()
        self._narrow_groups()
        self._connect()

    def _read(self, table: str, nations: Nations) -> None:
        before = self.true[table].iter_rows(named=True)
        after = self.published[table].iter_rows(named=True)
        for old, new in zip(before, after, strict=True):
            for column, number in numbers_of(table, old, nations).items():
                if number[0] == "inhabitants" and old["status"] == "undefined":
                    self.untold.add(number)
                if old[column] is not None:
                    assert self.value.setdefault(number, old[column]) == old[column], number
                    if new[column] is not None:
                        self.known[number] = new[column]

    def _tell(self) -> None:
        """What numbers that stand in no table must be, by sex or by age group.

        The attacker does not know them, but that they are there.
        """
        left = 0
        while left != len(self.untold):
            left = len(self.untold)
            for kind in {number[:-3] for number in self.untold}:
                cells = {n[-3:]: n for n in (*self.value, *self.untold) if n[:-3] == kind}
                for whole, *parts in self._families(cells):
                    missing = [n for n in (whole, *parts) if n in self.untold]
                    if len(missing) == 1 and parts[0][-3] == whole[-3]:
                        rest = sum(self.value[n] for n in parts if n not in missing)
                        one = missing[0]
                        self.value[one] = rest if one == whole else self.value[whole] - rest
                        self.untold.remove(one)
                        self.told.add(one)

    # Relations

    def _equal(self, terms: Mapping[Number, float]) -> None:
        """The sum is what it is, and known; nothing is, where one of the numbers is nowhere."""
        if not terms.keys() <= self.value.keys():
            return
        total = sum(sign * self.value[number] for number, sign in terms.items())
        self.rows.append((terms, total, total))

    def _at_least(self, whole: Number, parts: Iterable[Number], times: float = 1) -> None:
        """`whole` is at least `times` the parts together."""
        parts = [part for part in parts if part in self.value]
        if whole in self.value and parts:
            self.rows.append(({whole: 1.0, **dict.fromkeys(parts, -times)}, 0.0, highspy.kHighsInf))
            if times == 1:
                for part in parts:
                    self.group[part] = min(self.value[whole], self.group.get(part, np.inf))

    def _equalities(self) -> None:
        by_kind: dict[Number, dict[Number, Number]] = defaultdict(dict)
        for number in (*self.value, *self.untold):
            by_kind[number[:-3]][number[-3:]] = number
        for cells in by_kind.values():
            for children in self._families(cells):
                if not self.untold & children.keys():
                    self._equal(children)
                    whole, *parts = children
                    self.families.append((whole, parts))
        for number in list(self.value):
            kind, cell = number[:-3], number[-3:]
            if kind == ("kind", "fictitious"):
                named, listed = ("listed", "reported", *cell), ("listed", *cell)
                self._equal({number: 1, named: 1, listed: -1})
            if kind[0] == "marked" and kind[2] == "any":
                sources = {"any": 1, "cosmic": -1, "municipality": -1, "both": 1}
                self._equal({(*kind[:2], name, *cell): sign for name, sign in sources.items()})
            if len(kind) == 2 and kind[1] == "national" and not is_nation(cell[0]):
                regional = (kind[0], "regional", *cell)
                if self.value.get(regional) == self.value[number]:
                    self._equal({number: 1, regional: -1})
            if kind == ("of", "quality", "listings", "deceased_still_listed"):
                self._equal({number: 1, number[1:]: -1, ("listed", *cell): -1})
            if kind[-1] == "sabo_in_both_sources":
                source = "any" if kind[0] == "of" else "both"
                parts = [
                    ("marked", "sabo", source, each, *cell[1:]) for each in regions_of(cell[0])
                ]
                self._equal({number: 1, **dict.fromkeys(parts, -1)})

    def _families(self, cells: Mapping[Number, Number]) -> Iterator[dict[Number, float]]:
        """Every parent with its children, in each direction."""
        small: dict[str, list[Number]] = defaultdict(list)
        for cell in cells:
            if not is_region(cell[0]) and not is_nation(cell[0]):
                small[self.region(cell)].append(cell)
        for (area, sex, age), number in cells.items():
            wholes: list[list[Number]] = []
            if sex == "all":
                wholes.append([(area, each, age) for each in SEXES])
            if age == "all":
                wholes.append([(area, sex, each) for each in AGES])
            if is_nation(area):
                wholes.append([(each, sex, age) for each in regions_of(area)])
            if (sex, age) == ("all", "all") and area in small:
                wholes.append(small[str(area)])
            for parts in wholes:
                found = [cells[part] for part in parts if part in cells]
                if found:
                    yield {number: 1.0, **dict.fromkeys(found, -1.0)}

    def _inequalities(self) -> None:
        for number in list(self.value):
            kind, cell = number[:-3], number[-3:]
            listed: Number = ("listed", *cell)
            if len(kind) == 1 and (*kind, "reported", *cell) not in self.told:
                self._at_least(number, [(*kind, "reported", *cell)])
            elif len(kind) == 2 and kind[1] == "reported":
                for definition in ("national", "regional"):
                    self._at_least(number, [(kind[0], definition, *cell)])
                if kind[0] == "listed":
                    self._at_least(number, [("kind", each, *cell) for each in KINDS_OF_NAMED])
                    self._at_least(number, [("own", "persons", *cell)])
            elif kind[0] == "fixed":
                self._at_least(listed, [number])
                agreeing = "fixed_contact_is_the_listings_physician"
                if kind[1] == "2":
                    self._at_least(number, [("quality", "fixed_contacts", agreeing, *cell)])
            elif kind[0] == "by" or (kind[0] == "quality" and kind[2] in OF_LISTED):
                self._at_least(listed, [number])
            elif kind[0] == "of":
                self._at_least(number, [number[1:]])
            elif kind == ("own", "visits"):
                self._at_least(number, [("own", "persons", *cell)])
                self._at_least(number, [("own", "own_visits", *cell)])
            elif kind[0] == "marked":
                if kind[2] in ("cosmic", "municipality"):
                    self._at_least(number, [(*kind[:2], "both", *cell)])
                if kind[1:] == ("sabo", "any"):
                    self._at_least(number, [("sabo", *cell)])
            elif kind[0] == "seen":
                self._of_continuity(kind, cell, number)

    def _of_continuity(self, kind: Number, cell: Number, number: Number) -> None:
        _, population, series, scope, window, least = kind
        self._at_least(("visits", *kind[1:], *cell), [number], times=float(str(least)))
        if population == "listed":
            self._at_least(("listed", *cell), [number])
        else:
            self._at_least(("seen", "listed", *kind[2:], *cell), [number])
        if series == "physician":
            wide = ("seen", population, "all_professions", scope, window, least, *cell)
            self._at_least(wide, [number])
        if scope == "own_unit":
            wide = ("seen", population, series, "any_unit", window, least, *cell)
            self._at_least(wide, [number])

    def _narrow_groups(self) -> None:
        """Where parts of a group are empty, it is no larger than the others together."""
        for whole, parts in self.families:
            rest = self.value[whole] - sum(self.value[part] for part in parts)
            together = sum(self.group.get(part, np.inf) for part in parts) + max(rest, 0)
            if str(parts[0][-3]) == str(whole[-3]):
                self.group[whole] = min(together, self.group.get(whole, np.inf))
        for whole, parts in self.families:
            if is_region(whole[-3]) and whole[-3] != parts[0][-3]:
                for part in parts:
                    self.group[part] = min(
                        self.group.get(whole, np.inf), self.group.get(part, np.inf)
                    )

    @cached_property
    def of_nothing(self) -> "Attack":
        """The attack on a release that hides every row with values."""
        attack = Attack({}, {}, self.regions)
        attack.value, attack.rows, attack.group = self.value, self.rows, self.group
        attack.known = {
            number: value
            for number, value in self.known.items()
            if number[0] == "inhabitants" and len(number) == 4
        }
        attack._connect()
        return attack

    def region(self, number: Number) -> str:
        """The region that a number's area (not the nation) is or lies in."""
        code = str(number[-3])
        return self.regions.get(code, code[:2])

    def asked_for(self, number: "Protected") -> float:
        """The width that protection asks for: no number is wider than the group it lies within."""
        if len(number.terms) > 1:
            return min(number.width, max(self.value[each] for each, _ in number.terms))
        return min(number.width, self.group.get(number.terms[0][0], np.inf))

    # Solving

    def _connect(self) -> None:
        """The unknown numbers in groups that no relation connects."""
        parent = {number: number for number in self.value if number not in self.known}

        def root(number: Number) -> Number:
            while parent[number] != number:
                parent[number] = parent[parent[number]]
                number = parent[number]
            return number

        unknown_rows = []
        for terms, low, high in self.rows:
            unknown = [number for number in terms if number in parent]
            rest = sum(sign * self.known[n] for n, sign in terms.items() if n in self.known)
            if unknown:
                unknown_rows.append(({n: terms[n] for n in unknown}, low - rest, high - rest))
                for number in unknown[1:]:
                    parent[root(number)] = root(unknown[0])
        self._group = {number: root(number) for number in parent}
        self._rows_of: dict[Number, list[tuple[dict[Number, float], float, float]]] = defaultdict(
            list
        )
        self._numbers_of: dict[Number, list[Number]] = defaultdict(list)
        for row in unknown_rows:
            self._rows_of[root(next(iter(row[0])))].append(row)
        for number, group in self._group.items():
            self._numbers_of[group].append(number)
        self._solvers: dict[Number, tuple[highspy.Highs, dict[Number, int]]] = {}

    def _solver(self, group: Number) -> tuple[highspy.Highs, dict[Number, int]]:
        if group not in self._solvers:
            place = {number: at for at, number in enumerate(self._numbers_of[group])}
            rows = self._rows_of[group]
            lp = highspy.HighsLp()
            lp.num_col_, lp.num_row_ = len(place), len(rows)
            lp.col_cost_ = np.zeros(len(place))
            lp.col_lower_ = np.zeros(len(place))
            lp.col_upper_ = np.full(len(place), 1e7)
            lp.row_lower_ = np.array([row[1] for row in rows], dtype=float)
            lp.row_upper_ = np.array([row[2] for row in rows], dtype=float)
            lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
            lengths = [len(row[0]) for row in rows]
            lp.a_matrix_.start_ = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
            lp.a_matrix_.index_ = np.array(
                [place[number] for row in rows for number in row[0]], dtype=np.int32
            )
            lp.a_matrix_.value_ = np.array(
                [sign for row in rows for sign in row[0].values()], dtype=float
            )
            solver = highspy.Highs()
            solver.silent()
            solver.passModel(lp)
            self._solvers[group] = (solver, place)
        return self._solvers[group]

    def interval(self, terms: Mapping[Number, float]) -> tuple[float, float]:
        """Between what the attacker can place a sum of numbers."""
        fixed = sum(sign * self.known[n] for n, sign in terms.items() if n in self.known)
        unknown = {n: sign for n, sign in terms.items() if n not in self.known}
        if not unknown:
            return fixed, fixed
        groups: dict[Number, dict[Number, float]] = defaultdict(dict)
        for number, sign in unknown.items():
            groups[self._group[number]][number] = sign
        if len(groups) > 1:
            # No relation connects them.
            ends = [self.interval(terms) for terms in groups.values()]
            return fixed + sum(end[0] for end in ends), fixed + sum(end[1] for end in ends)
        solver, place = self._solver(next(iter(groups)))
        columns = np.array([place[number] for number in unknown], dtype=np.int32)
        found = []
        for way in (1.0, -1.0):
            cost = np.array([way * sign for sign in unknown.values()])
            solver.changeColsCost(len(columns), columns, cost)
            solver.run()
            status = solver.getModelStatus()
            assert status == highspy.HighsModelStatus.kOptimal, status
            found.append(fixed + way * solver.getInfo().objective_function_value)
        solver.changeColsCost(len(columns), columns, np.zeros(len(columns)))
        return found[0], found[1]


class Compared(Attack):
    """An attacker who has two releases of a month and knows which numbers have not changed.

    What has not changed is one unknown in both. Of what has, the former is `then`, the number.
    """

    def __init__(self, old: Attack, new: Attack) -> None:
        super().__init__({}, {}, {})
        self._same = {each for each, value in old.value.items() if new.value.get(each) == value}
        for which in ("value", "known", "group"):
            former = {self.then(number): value for number, value in getattr(old, which).items()}
            setattr(self, which, former | getattr(new, which))
        self.rows = new.rows + [
            ({self.then(number): sign for number, sign in terms.items()}, low, high)
            for terms, low, high in old.rows
        ]
        self._connect()

    def then(self, number: Number) -> Number:
        """A number of the former release."""
        return number if number in self._same else ("then", *number)

    def of_former(self, number: "Protected") -> "Protected":
        """A protected number of the former release."""
        return replace(number, terms=tuple((self.then(each), sign) for each, sign in number.terms))


@dataclass(frozen=True)
class Protected:
    """A number that must stay uncertain, as a sum of numbers, and by how much."""

    terms: tuple[tuple[Number, float], ...]
    value: float
    width: float


SHARES = {
    "coverage": ("numerator", "denominator"),
    "list_load": ("named", "listed"),
    "list_kinds": ("persons", "listed"),
    "fixed_contacts": ("persons", "listed"),
    "definition_comparison": ("numerator", "denominator"),
    "own_physician": ("own_visits", "visits"),
    "data_quality": ("numerator", "denominator"),
}


def _is_not_protected(number: Number) -> bool:
    """Public numbers; and the nation's residents of SÄBO in both sources, summed over regions.

    That follows from the nation's persons in both, if one knows how many are marked in several
    regions: more than anyone can know. Without that the regions say no more of the sum than each of
    its own part, of which one is small and protected, or the sum would not be.
    """
    is_public = number[0] == "inhabitants" and len(number) == 4
    return is_public or (number[0] == "quality" and "sabo_in_both_sources" in number)


def protected_numbers(
    true: Mapping[str, pl.DataFrame],
    threshold: int = 5,
    one_physician: Iterable[str] = (),
    least_width: int = 3,
    physician_width: float = 0.1,
) -> list[Protected]:
    """By the contract's rule: persons, numerators and remainders above 0 and below the threshold.

    And every count of units that rest on one physician.
    """
    found: dict[tuple[tuple[Number, float], ...], Protected] = {}
    units = set(one_physician)
    nations = nations_of(true)
    for table in DIMENSIONS:
        for row in true[table].iter_rows(named=True) if table in true else ():
            numbers = numbers_of(table, row, nations)
            sums: list[tuple[tuple[Number, float], ...]] = [
                ((number, 1.0),) for column, number in numbers.items() if column != "visits"
            ]
            if table in SHARES:
                part, whole = SHARES[table]
                if numbers and row[part] is not None and row[whole] is not None:
                    sums.append(((numbers[whole], 1.0), (numbers[part], -1.0)))
            by_number = {number: row[column] for column, number in numbers.items()}
            for terms in sums:
                if any(by_number[number] is None for number, _ in terms):
                    continue
                value = sum(sign * by_number[number] for number, sign in terms)
                if len(terms) == 1 and _is_not_protected(terms[0][0]):
                    continue
                width: float = least_width
                on_one = row.get("level") == "unit" and row["area_code"] in units and value > 0
                if on_one:
                    width = max(width, np.ceil(physician_width * value))
                of_persons = terms[0][0][0] != "capacity"
                if on_one or (of_persons and 0 < value < threshold):
                    found[terms] = Protected(terms, float(value), float(width))
    return list(found.values())
