"""What disclosure control must know of how published counts hang together.

A *count* is one quantity that adds up over areas, sexes and ages, such as the listed persons with a
named physician as reported; it may stand in several tables. A *sheet* is one published table with
its further dimensions held fixed (coverage of listed persons by the national definition); each of
its rows shows some counts of one area, sex and age group, and is hidden wholly or not at all. Which
counts a sheet shows, which of them it protects, and which count lies within which other, stands
here; how rows are chosen stands in `pipelines/publication/disclosure`.

Names of counts: `listed`, `listed reported`, `inhabitants national`, `kind locum`,
`continuity listed physician own_unit 18 3`, `markings sabo any`, `quality listings …`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from schemas import codes
from schemas.quality_metrics import QualityMetric

PROTECTED = "quality listings protected_identity"
"""Listed persons who count in no unit: what the units leave of their region."""

POPULATIONS = codes.POPULATIONS
DEFINITIONS = codes.DEFINITIONS
OWN_PHYSICIAN = ("own physician persons", "own physician own_visits", "own physician visits")
QUALITY_COUNTS = {
    "reserve_identity": ("quality listings reserve_identity", "listed"),
    "several_active_listings": ("quality listings several_active_listings", "listed"),
    "protected_identity": (PROTECTED, "listed"),
    "residence_missing": ("quality listings residence_missing", "listed"),
    "unit_not_in_register": ("quality listings unit_not_in_register", "listed"),
    "unknown_physician": ("kind unknown_physician", "listed"),
    "physician_elsewhere": ("kind physician_elsewhere", "listed"),
    "sabo_in_both_sources": ("markings sabo both", "markings sabo any"),
    "fixed_contact_is_the_listings_physician": (
        "quality fixed_contacts fixed_contact_is_the_listings_physician",
        "fixed contact 2",
    ),
}
"""Metrics of data_quality whose numbers are counts of other tables too."""
QUALITY_ALSO = {"deceased_still_listed": ("listed",)}
"""Its denominator is the listed persons and its numerator."""
_GROUPS = tuple(product(("listed", "sabo"), codes.SERIES, codes.UNIT_SCOPES))

PUBLIC_COUNTS = ("inhabitants",)
"""Counts that anybody has from elsewhere: SCB publishes inhabitants by municipality, sex and age,
so that hiding them would protect nobody."""

TWINS = {"national": "regional", "regional": "national"}
"""Definitions that give the same count in every region without a rule set of its own: what hides
one of them hides the other, or the nation's difference between them would give one away."""


@dataclass(frozen=True)
class Form:
    """A protected number: a count, or what a count leaves of another (`of` − `count`)."""

    count: str
    of: str | None = None


@dataclass(frozen=True)
class Sheet:
    """Rows of one table that differ only in area, sex and age group (and month).

    `where`: the dimensions that are held fixed. `columns`: count to the column that holds it.
    `also`: further counts that can be computed from the row. `of_physicians`: count to
    column of what is no number of persons, and protected only where the row rests on one physician.
    `whole`: the count of the persons whom the row is about. `shares`: pairs of numerator and
    denominator, as counts.
    `nation_is_another_sum`: the nation's row adds up the regions' rows of this sheet, which the
    counts themselves do not; it is hidden as soon as one of them is.
    """

    table: str
    where: Mapping[str, str | int]
    columns: Mapping[str, str]
    whole: str
    shares: tuple[tuple[str, str], ...] = ()
    also: tuple[str, ...] = ()
    of_physicians: Mapping[str, str] = field(default_factory=dict)
    nation_is_another_sum: bool = False

    @property
    def shows(self) -> tuple[str, ...]:
        """The counts that are known to whoever sees a row."""
        return (*self.numbers, *self.also)

    @property
    def numbers(self) -> Mapping[str, str]:
        """Count to the column that holds it: of persons, and of physicians."""
        return {**self.columns, **self.of_physicians}

    @property
    def forms(self) -> tuple[Form, ...]:
        """What the sheet's rows protect."""
        forms = [Form(self.whole)]
        for numerator, denominator in self.shares:
            forms += [Form(numerator), Form(numerator, of=denominator)]
        return tuple(dict.fromkeys(forms))


@dataclass(frozen=True)
class Within:
    """The persons of the `parts`, who are different persons, are among those of `whole`."""

    whole: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Relations:
    """The sheets of a release's tables, and how their counts lie within each other.

    `moves`: combinations of counts that persons can change together, as count to +1 or −1, such
    that whatever else the sheets say of one area stays true. `joint_moves` reach over several
    tables, for cells where one count is as large as the one it lies within.
    """

    sheets: tuple[Sheet, ...]
    within: tuple[Within, ...]
    moves: tuple[Mapping[str, int], ...]
    joint_moves: tuple[Mapping[str, int], ...]


def relations(
    variants: Iterable[tuple[int, int]], rule_sets: Iterable[str], metrics: Iterable[QualityMetric]
) -> Relations:
    """All sheets, and how their counts lie within each other.

    `variants` are (window_months, min_visits) of continuity, `rule_sets` those of
    definition_comparison, `metrics` the metrics of data_quality: what the tables hold.
    """
    variants = sorted(set(variants))
    sheets = [
        *(_coverage(population, each) for population, each in product(POPULATIONS, DEFINITIONS)),
        *(_continuity(group, variant) for variant in variants for group in _GROUPS),
        Sheet(
            "own_physician",
            {},
            {name: name.removeprefix("own physician ") for name in OWN_PHYSICIAN},
            "own physician persons",
            (("own physician own_visits", "own physician visits"),),
        ),
        Sheet(
            "list_load",
            {},
            {"listed": "listed", "listed reported": "named"},
            "listed",
            (("listed reported", "listed"),),
            of_physicians={"capacity": "capacity"},
        ),
        *(_list_kind(kind) for kind in codes.LIST_KINDS),
        *(_fixed_contact(kind) for kind in codes.FIXED_CONTACT_KINDS),
        *(_marking(*each) for each in product(codes.SETTINGS, codes.MARKING_SOURCES)),
        *(_compared(rule_set) for rule_set in sorted(set(rule_sets))),
        *(_quality(metric) for metric in metrics if metric.of_persons),
    ]
    return Relations(
        tuple(sheets),
        (*_within_populations(sheets), *_within_continuity(variants), *_within_markings()),
        (*_moves_of_populations(sheets), *_moves_of_continuity(variants), *_moves_of_markings()),
        tuple(_joint_moves(variants)),
    )


def _coverage(population: str, definition: str) -> Sheet:
    numerator = f"{population} {definition}"
    twin = TWINS.get(definition)
    return Sheet(
        "coverage",
        {"population": population, "definition": definition},
        {numerator: "numerator", population: "denominator"},
        population,
        ((numerator, population),),
        (f"{population} {twin}",) if twin else (),
    )


def _continuity(group: tuple[str, str, str], variant: tuple[int, int]) -> Sheet:
    population, series, unit_scope = group
    window_months, min_visits = variant
    persons = _seen(group, variant)
    where: dict[str, str | int] = {
        "population": population,
        "series": series,
        "unit_scope": unit_scope,
        "window_months": window_months,
        "min_visits": min_visits,
    }
    return Sheet("continuity", where, {persons: "persons"}, persons)


def _list_kind(kind: str) -> Sheet:
    if kind == "fictitious":
        # The lists that are not fictitious are those with a named physician.
        return Sheet(
            "list_kinds", {"kind": kind}, {"listed": "listed"}, "listed", also=("listed reported",)
        )
    count = "listed reported" if kind == "named" else f"kind {kind}"
    columns = {count: "persons", "listed": "listed"}
    return Sheet("list_kinds", {"kind": kind}, columns, "listed", ((count, "listed"),))


def _fixed_contact(kind: str) -> Sheet:
    count = f"fixed contact {kind}"
    columns = {count: "persons", "listed": "listed"}
    return Sheet("fixed_contacts", {"kind": kind}, columns, "listed", ((count, "listed"),))


def _marking(setting: str, source: str) -> Sheet:
    count = f"markings {setting} {source}"
    return Sheet("care_markings", {"setting": setting, "source": source}, {count: "persons"}, count)


def _compared(rule_set: str) -> Sheet:
    """A rule set that is not `reported` is national or somewhere the regional one."""
    also: tuple[str, ...]
    if rule_set == "reported":
        count, also = "listed reported", ()
    elif rule_set == "national":
        count, also = "listed national", ("listed regional",)
    else:
        count, also = f"listed by {rule_set}", ("listed national", "listed regional")
    return Sheet(
        "definition_comparison",
        {"rule_set": rule_set},
        {count: "numerator", "listed": "denominator"},
        "listed",
        ((count, "listed"),),
        also,
    )


def _quality(metric: QualityMetric) -> Sheet:
    own = f"quality {metric.delivery} {metric.metric}"
    numerator, denominator = QUALITY_COUNTS.get(metric.metric, (own, f"{own} of"))
    return Sheet(
        "data_quality",
        {"delivery": metric.delivery, "metric": metric.metric},
        {numerator: "numerator", denominator: "denominator"},
        denominator,
        ((numerator, denominator),),
        QUALITY_ALSO.get(metric.metric, ()),
        nation_is_another_sum=metric.metric == "sabo_in_both_sources",
    )


def _seen(group: tuple[str, str, str], variant: tuple[int, int]) -> str:
    """The count of persons with enough visits."""
    return " ".join(["continuity", *group, *map(str, variant)])


def _within_populations(sheets: Iterable[Sheet]) -> Iterator[Within]:
    for population in POPULATIONS:
        yield Within(population, (f"{population} reported",))
        for definition in ("national", "regional"):
            yield Within(f"{population} reported", (f"{population} {definition}",))
    others = ("locum", "unknown_physician", "physician_elsewhere")
    yield Within("listed reported", tuple(f"kind {kind}" for kind in others))
    yield Within("listed reported", ("own physician persons",))
    yield Within("own physician visits", ("own physician own_visits",))
    yield Within("own physician visits", ("own physician persons",))
    for sheet in sheets:
        if sheet.table in ("fixed_contacts", "definition_comparison", "data_quality"):
            for numerator, denominator in sheet.shares:
                yield Within(denominator, (numerator,))


def _within_continuity(variants: Sequence[tuple[int, int]]) -> Iterator[Within]:
    for variant in variants:
        for group in _GROUPS:
            for wider in _wider(group):
                yield Within(_seen(wider, variant), (_seen(group, variant),))
            if group[0] == "listed":
                yield Within("listed", (_seen(group, variant),))
            for window_months, min_visits in variants:
                other = (window_months, min_visits)
                if other != variant and window_months >= variant[0] and min_visits <= variant[1]:
                    yield Within(_seen(group, other), (_seen(group, variant),))


def _within_markings() -> Iterator[Within]:
    for setting in codes.SETTINGS:
        cosmic, municipality, both, _ = _sources(setting)
        yield Within(cosmic, (both,))
        yield Within(municipality, (both,))
    yield Within("markings sabo any", ("sabo",))


def _wider(group: tuple[str, str, str]) -> Iterator[tuple[str, str, str]]:
    """The groups that a group of continuity lies directly within."""
    population, series, unit_scope = group
    if population == "sabo":
        yield ("listed", series, unit_scope)
    if series == "physician":
        yield (population, "all_professions", unit_scope)
    if unit_scope == "own_unit":
        yield (population, series, "any_unit")


def _sources(setting: str) -> tuple[str, str, str, str]:
    """Cosmic, municipality, both, any of a setting."""
    cosmic, municipality, both, every = (
        f"markings {setting} {source}" for source in codes.MARKING_SOURCES
    )
    return cosmic, municipality, both, every


def _together(counts: Iterable[str]) -> dict[str, int]:
    return dict.fromkeys(counts, 1)


def _moves_of_populations(sheets: Iterable[Sheet]) -> Iterator[Mapping[str, int]]:
    for population in POPULATIONS:
        chain = [
            [population],
            [f"{population} reported"],
            [f"{population} national", f"{population} regional"],
        ]
        if population in PUBLIC_COUNTS:
            chain = chain[1:]
        runs = [
            [count for link in chain[first:last] for count in link]
            for first in range(len(chain))
            for last in range(first + 1, len(chain) + 1)
        ]
        yield from map(_together, runs)
        if population == "sabo":
            cosmic, municipality, both, every = _sources("sabo")
            for run in runs:
                if population in run:
                    yield _together([*run, cosmic, every])
                    yield _together([*run, municipality, every])
                    yield _together([*run, cosmic, municipality, both, every])
        if population == "listed":
            for kind in ("locum", "unknown_physician", "physician_elsewhere"):
                yield _together([f"kind {kind}"])
                yield from (_together([*run, f"kind {kind}"]) for run in runs if chain[1][0] in run)
            for kind in codes.FIXED_CONTACT_KINDS:
                yield _together([f"fixed contact {kind}"])
                yield from (
                    _together([*run, f"fixed contact {kind}"]) for run in runs if "listed" in run
                )
    yield _together(["capacity"])
    persons, own_visits, visits = OWN_PHYSICIAN
    yield from map(
        _together, ([persons, visits], [own_visits], [persons, own_visits, visits], [visits])
    )
    for sheet in sheets:
        if sheet.table in ("definition_comparison", "data_quality"):
            yield from (_together([count]) for count in sheet.columns if _moves_alone(count))


def _moves_alone(count: str) -> bool:
    """Whether persons may be another number in a count of one table and the same in all others.

    Not listed persons as such, nor twins, nor sources of markings: any = cosmic + municipality −
    both.
    """
    kind, _, name = count.partition(" ")
    return bool(name) and name not in TWINS and kind != "markings"


def _moves_of_continuity(variants: Iterable[tuple[int, int]]) -> Iterator[Mapping[str, int]]:
    """Persons who have enough visits in a group, and with it in all between it and a wider one."""
    for variant in variants:
        for narrow, wide in product(_GROUPS, _GROUPS):
            if narrow in _lying_within(wide):
                between = [
                    group
                    for group in _GROUPS
                    if group in _lying_within(wide) and narrow in _lying_within(group)
                ]
                yield _together(_seen(group, variant) for group in between)


def _joint_moves(variants: Sequence[tuple[int, int]]) -> Iterator[Mapping[str, int]]:
    """Listed persons with all that is counted of them: visits enough, the own physician."""
    reported, *defined = (f"listed {definition}" for definition in DEFINITIONS)
    runs = (["listed"], ["listed", reported], ["listed", reported, *defined])
    persons, own_visits, visits = OWN_PHYSICIAN
    top = ("listed", "all_professions", "any_unit")
    upwards = [
        [group for group in _GROUPS if narrow in _lying_within(group)]
        for narrow in _lying_within(top)
    ]
    several = [[variant] for variant in variants]
    if len(variants) > 1:
        several.append(list(variants))
    of_visits = [
        [_seen(group, variant) for variant in chosen for group in groups]
        for groups in upwards
        for chosen in several
    ]
    for run in runs:
        yield from (_together([*run, *counts]) for counts in of_visits)
    for run in (*runs[1:], [reported], [reported, *defined]):
        for own in ([persons, visits], [persons, own_visits, visits]):
            yield _together([*run, *own])
            if run[0] == "listed":
                yield from (_together([*run, *own, *counts]) for counts in of_visits)


def _lying_within(group: tuple[str, str, str]) -> list[tuple[str, str, str]]:
    found = [group]
    for other in _GROUPS:
        if other != group and any(wider in found for wider in _ancestors(other)):
            found.append(other)
    return found


def _ancestors(group: tuple[str, str, str]) -> Iterator[tuple[str, str, str]]:
    for wider in _wider(group):
        yield wider
        yield from _ancestors(wider)


def _moves_of_markings() -> Iterator[Mapping[str, int]]:
    """Whoever changes is counted in `any` once: cosmic + municipality − both."""
    for setting in codes.SETTINGS:
        cosmic, municipality, both, every = _sources(setting)
        yield _together([cosmic, every])
        yield _together([municipality, every])
        yield _together([cosmic, municipality, both, every])
        yield _together([both, municipality])
        yield _together([both, cosmic])
        yield {both: 1, every: -1}
        yield {cosmic: 1, municipality: -1}
