"""Which columns of which tables are published values, and by what they are told apart.

From this the `indicators` view and the rows of the registry are made: a parameter decides what
the value means (it is part of the indicator), a dimension only whom it is about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.quality_metrics import quality_metrics
from schemas.targets import targets


@dataclass(frozen=True)
class PublishedValue:
    """A column that holds a value.

    `parameters` are the table's columns that tell indicators apart, as column of the table to
    column of `definitions`; `dimensions` the columns of the breakdown, in their fixed order.
    `only_where` limits the rows that have such a value (column to the code, or codes). `interval`
    is true where the two `interval_columns` belong to the value. `missing_status` is the status of
    a value that is missing although its row is not hidden: where the table has no status, or where
    the row has other values.
    """

    table: str
    column: str
    numerator: str | None = None
    denominator: str | None = None
    interval: bool = False
    parameters: Mapping[str, str] = field(default_factory=dict)
    dimensions: tuple[str, ...] = ()
    only_where: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    interval_columns: tuple[str, str] = ("ci_low", "ci_high")
    missing_status: str | None = None

    def indicator_id(self, parameters: Mapping[str, object]) -> str:
        """The indicator's id: table, parameters in their order, column.

        `parameters` are values by the names of `definitions`; KeyError when one is missing.
        """
        return ".".join(
            [self.table, *(_part(name, parameters[name]) for name in self._names), self.column]
        )

    @property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.parameters.values())


_SUFFIXES = {"window_months": "m", "min_visits": "v"}


def _part(name: str, value: object) -> str:
    return f"{value}{_SUFFIXES.get(name, '')}"


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


_SEX_AND_AGE = ("sex", "age_group")
_CONTINUITY = _same("population", "series", "unit_scope", "window_months", "min_visits", "index")


def _continuity(
    column: str,
    denominator: str | None,
    interval: bool,
    only_where: Mapping[str, str | tuple[str, ...]],
) -> PublishedValue:
    return PublishedValue(
        "continuity",
        column,
        denominator=denominator,
        interval=interval,
        parameters=_CONTINUITY,
        dimensions=_SEX_AND_AGE,
        only_where=only_where,
    )


def _quality(*, with_denominator: bool) -> tuple[str, ...]:
    """The metrics of data_quality that are a share, or that are not."""
    metrics = quality_metrics()
    names = {each.metric for each in metrics if (each.denominator is not None) == with_denominator}
    return tuple(sorted(names))


PUBLISHED_VALUES = (
    PublishedValue(
        "coverage",
        "share",
        "numerator",
        "denominator",
        interval=True,
        parameters=_same("population", "definition"),
        dimensions=_SEX_AND_AGE,
    ),
    _continuity("mean", "persons", True, {}),
    _continuity("median", None, False, {}),
    _continuity("sd", None, False, {}),
    _continuity("pooled", None, False, {"index": "COC"}),
    PublishedValue(
        "own_physician", "share", "own_visits", "visits", interval=True, dimensions=_SEX_AND_AGE
    ),
    PublishedValue("list_load", "load", "listed", "capacity"),
    PublishedValue("list_load", "listed"),
    PublishedValue("list_load", "named"),
    PublishedValue("list_load", "fte_specialist"),
    PublishedValue("list_load", "fte_st"),
    PublishedValue("list_load", "capacity"),
    PublishedValue("list_load", "specialists_short"),
    PublishedValue("list_kinds", "share", "persons", "listed", parameters=_same("kind")),
    PublishedValue(
        "care_markings",
        "persons",
        parameters={"setting": "setting", "source": "marking_source"},
    ),
    PublishedValue("fixed_contacts", "share", "persons", "listed", parameters=_same("kind")),
    PublishedValue(
        "definition_comparison",
        "share",
        "numerator",
        "denominator",
        parameters=_same("rule_set"),
    ),
    PublishedValue("reporting", "reported", missing_status="not_reported"),
    PublishedValue("reporting", "population", missing_status="not_reported"),
    PublishedValue(
        "reporting",
        "contact_months",
        "contact_months",
        "contact_months_expected",
        missing_status="not_reported",
    ),
    # Of a target only the change is new: its value stands under the indicator it is about.
    PublishedValue(
        "target_status",
        "relative_change",
        interval=True,
        parameters=_same("target_id"),
        only_where={"target_id": tuple(each.target_id for each in targets() if each.compares)},
        interval_columns=("change_ci_low", "change_ci_high"),
        missing_status="undefined",
    ),
    PublishedValue(
        "data_quality",
        "share",
        "numerator",
        "denominator",
        parameters=_same("delivery", "metric"),
        only_where={"metric": _quality(with_denominator=True)},
        missing_status="suppressed",
    ),
    PublishedValue(
        "data_quality",
        "numerator",
        parameters=_same("delivery", "metric"),
        only_where={"metric": _quality(with_denominator=False)},
        missing_status="suppressed",
    ),
)


def values_of(table: str) -> tuple[PublishedValue, ...]:
    """The published values of a table; empty when it has none."""
    return tuple(value for value in PUBLISHED_VALUES if value.table == table)
