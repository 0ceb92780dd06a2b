"""What disclosure control must know of each published table: which columns count persons.

One rule per table, as data. How cells are suppressed is in
`pipelines/publication/disclosure.py`; the threshold is a setting there.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.contract import TableContract
from schemas.quality_metrics import quality_metrics


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
published ones. `data_quality` has no status; its rules follow."""


@dataclass(frozen=True)
class QualityRule:
    """How a metric of data_quality is protected.

    `small_counts`: it counts persons or their contacts, so that small numbers are hidden.
    `same_as`, `where`: a table, and the rows of it that hold the same count for the region: where
    one of them is hidden, the metric is too.
    """

    delivery: str
    metric: str
    small_counts: bool
    same_as: str | None
    where: Mapping[str, str]


def quality_rules() -> tuple[QualityRule, ...]:
    """The rules of data_quality, one for each metric (`quality_metrics.toml`)."""
    return tuple(
        QualityRule(
            each.delivery,
            each.metric,
            each.of_persons,
            each.published_in.get("table"),
            {name: code for name, code in each.published_in.items() if name != "table"},
        )
        for each in quality_metrics()
    )


def disclosure_rule(table: str) -> DisclosureRule | None:
    """The rule of a table; None for a table without counts of persons."""
    return {rule.table: rule for rule in DISCLOSURE_RULES}.get(table)


def value_columns(contract: TableContract) -> list[str]:
    """The columns that are missing unless status is ok: all that is neither key nor place."""
    described = {*contract.key, "reference_date", "area_name", "status"}
    return [column.name for column in contract.columns if column.name not in described]
