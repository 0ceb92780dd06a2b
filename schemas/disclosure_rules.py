"""What disclosure control must know of each published table: which columns count persons.

One rule per table, as data. How cells are suppressed is in
`pipelines/publication/disclosure`, how the tables hang together in `disclosure_relations.py`.
"""

from dataclasses import dataclass

from schemas.contract import TableContract


@dataclass(frozen=True)
class DisclosureRule:
    """The counts of one table that disclosure control protects.

    `persons` are columns that count persons; `shares` pairs of numerator and denominator, both
    counts, where neither the numerator nor what is left of the denominator may be small.
    """

    table: str
    persons: tuple[str, ...]
    shares: tuple[tuple[str, str], ...] = ()


DISCLOSURE_RULES = (
    DisclosureRule("coverage", ("numerator", "denominator"), (("numerator", "denominator"),)),
    DisclosureRule("continuity", ("persons",)),
    DisclosureRule("own_physician", ("persons",), (("own_visits", "visits"),)),
    DisclosureRule("list_load", ("listed", "named"), (("named", "listed"),)),
    DisclosureRule("list_kinds", ("persons", "listed"), (("persons", "listed"),)),
    DisclosureRule("care_markings", ("persons",)),
    DisclosureRule("fixed_contacts", ("persons", "listed"), (("persons", "listed"),)),
    DisclosureRule(
        "definition_comparison", ("numerator", "denominator"), (("numerator", "denominator"),)
    ),
)
"""The tables with counts of persons that have a status. `reporting` (inhabitants of whole regions)
and `deliveries` (rows of files) are published as they are; the tables of targets are made from the
published ones. `data_quality` has no status; which of its metrics count persons stands in
`quality_metrics.toml`."""

LOAD_OF_ONE_PHYSICIAN = {"list_load": ("capacity",)}
"""Tables whose row of a unit rests on one physician where the unit's capacity is the time of one,
though it has several physicians; and the numbers of it that are then protected."""

TABLES_OF_PERSONS = (*(rule.table for rule in DISCLOSURE_RULES), "data_quality")
"""The tables whose counts hang together."""


def disclosure_rule(table: str) -> DisclosureRule | None:
    """The rule of a table; None for a table without counts of persons."""
    return {rule.table: rule for rule in DISCLOSURE_RULES}.get(table)


def value_columns(contract: TableContract) -> list[str]:
    """The columns that are missing unless status is ok: all that is neither key nor place."""
    described = {*contract.key, "reference_date", "area_name", "status"}
    return [column.name for column in contract.columns if column.name not in described]


def columns_with_noise() -> list[tuple[str, str]]:
    """(table, column) whose values are published with noise where numbers are perturbed."""
    counts = [(rule.table, column) for rule in DISCLOSURE_RULES for column in rule.persons]
    return [*counts, *_BESIDE_COUNTS]


_BESIDE_COUNTS = (
    *(("continuity", column) for column in ("visits", "mean", "sd", "ci_low", "ci_high", "pooled")),
    *(("own_physician", column) for column in ("own_visits", "visits")),
    *(("list_load", column) for column in ("load", "specialists_short")),
    *(("data_quality", column) for column in ("numerator", "denominator")),
    *((table, "share") for table in ("coverage", "own_physician", "list_kinds", "fixed_contacts")),
    *((table, "share") for table in ("definition_comparison", "data_quality")),
    *((table, bound) for table in ("coverage", "own_physician") for bound in ("ci_low", "ci_high")),
)
"""What follows from perturbed counts, or has noise of its own."""
