"""The quality declaration of a release, by SCB's five components, in Swedish and English.

Relevans; tillförlitlighet; aktualitet och punktlighet; tillgänglighet och tydlighet; jämförbarhet
och samanvändbarhet. Text and figures: `quality_declaration` reads the figures from the published
file, the text stands in `templates/`. It is never labelled official statistics.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import duckdb

from pipelines.publication.disclosure.settings import is_perturbed
from pipelines.publication.templates import render
from schemas import codes
from schemas.contract import TableContract
from schemas.deliveries import DELIVERIES
from schemas.delivery_calendar import due_date, expectations
from schemas.quality_metrics import QualityMetric, quality_metrics, rejected_by
from schemas.regions import region_names
from schemas.registers import published_table
from schemas.rules import RULES
from schemas.sentences import in_swedish

Language = Literal["sv", "en"]
_DELIVERIES = {each.name: each.title for each in DELIVERIES}
_BY_RULE = frozenset(rejected_by(rule.code) for rule in RULES)
LANGUAGES: tuple[Language, ...] = ("sv", "en")


def quality_declaration(
    statistics: duckdb.DuckDBPyConnection, language: Language, month: str | None = None
) -> str:
    """The declaration of a published file as Markdown.

    `statistics` is a connection to a published file, `month` the month that its figures are about
    (default: the newest). Raises ValueError when the file holds no figures of the month.
    """
    return render(f"quality_declaration.{language}.md.jinja", language, **_facts(statistics, month))


def _facts(statistics: duckdb.DuckDBPyConnection, month: str | None) -> dict[str, Any]:
    """What the templates tell, by name."""

    def rows(query: str, *values: object) -> list[tuple[Any, ...]]:
        return statistics.execute(query, values).fetchall()

    release = dict(rows("select name, value from release_info"))
    months = [each for (each,) in rows("select distinct month from reporting order by month")]
    month = month or months[-1]
    if month not in months:
        raise ValueError(f"The file holds no figures of {month}.")
    names = region_names()
    metrics = {each.key: each for each in quality_metrics() if each.metric not in _BY_RULE}
    regions = [
        Region(names[code], *rest)
        for code, *rest in rows(
            "select region_code, reported, population, contact_months, contact_months_expected, "
            "remarks from reporting where month = ? and region_code <> '00' order by region_code",
            month,
        )
    ]
    population = sum(each.population or 0 for each in regions)
    held = sum(each.population or 0 for each in regions if each.reported)
    return {
        "release": release,
        "is_perturbed": is_perturbed(release),
        "hidden_sv": _in_swedish(release["disclosure_rules"]),
        "month": month,
        "months": months,
        "regions": regions,
        "population_held": held / population if population else None,
        "reference_dates": rows(
            "select min(reference_date), max(reference_date) from coverage where month = ? "
            "and level = 'region' and status <> 'not_reported'",
            month,
        )[0],
        "quality": [
            QualityFigure(metrics[each[0], each[1]], *each[2:])
            for each in rows(
                "select delivery, metric, numerator, denominator, share from data_quality "
                "where month = ? and region_code = '00' order by delivery, metric",
                month,
            )
            if (each[0], each[1]) in metrics
        ],
        "files": dict(rows("select status, count(*) from deliveries group by status")),
        "rejected": rows("select sum(rejected), sum(rows) from deliveries")[0],
        "hidden": [
            InformationLost(published_table(table), level, *rest)
            for table, level, *rest in rows(
                "select table_name, level, cells, suppressed, persons_suppressed_percent, "
                "numbers_changed_percent, mean_deviation "
                "from information_lost where month = ? "
                "order by table_name, list_position(?, level)",
                month,
                codes.LEVELS,
            )
        ],
        "timeliness": _timeliness(rows(_RECEIVED), month),
        "new_definitions": rows(
            "select count(distinct indicator) from definitions where from_month > ?", months[0]
        )[0][0],
        "incomparable": rows(
            "select count(*) filter (not comparable), count(comparable) from target_status "
            "where month = ? and level in ('nation', 'region')",
            month,
        )[0],
        "revisions": rows(
            "select corrected_on, c.correction, count(table_name) from corrections c left join "
            "revisions r on revised_on = corrected_on and r.correction = c.correction "
            "group by all order by all"
        ),
    }


def _in_swedish(rules: str) -> str:
    """The rules of disclosure control, which are joined by semicolons."""
    return "; ".join(in_swedish(rule) or rule for rule in rules.split("; "))


_RECEIVED = """
select region_code, delivery, strftime(reference_date, '%Y-%m'), min(received_at)::date
from deliveries where status in ('accepted', 'replaced') and region_code <> '00'
group by all
"""


@dataclass(frozen=True)
class Region:
    """A region's row of `reporting`, with its name."""

    name: str
    reported: bool
    population: int | None
    contact_months: int | None
    contact_months_expected: int | None
    remarks: str | None

    @property
    def lacks_contacts(self) -> bool:
        """Whether a month of the window has no accepted contacts."""
        return bool(self.reported and self.contact_months != self.contact_months_expected)


@dataclass(frozen=True)
class QualityFigure:
    """The nation's row of a metric of `data_quality`; numbers are missing where hidden."""

    metric: QualityMetric
    numerator: int | None
    denominator: int | None
    share: float | None

    @property
    def delivery(self) -> str:
        """What the delivery is called in Swedish."""
        return _DELIVERIES[self.metric.delivery]


@dataclass(frozen=True)
class InformationLost:
    """A row of `information_lost` about the month."""

    table: TableContract
    level: str
    cells: int
    suppressed: int
    persons_suppressed_percent: int | None
    numbers_changed_percent: int | None
    mean_deviation: float | None


@dataclass(frozen=True)
class Timeliness:
    """The expected deliveries about a month: how many, and how many came late or not at all."""

    expected: int
    late: int
    missing: int


def _timeliness(received: list[tuple[Any, ...]], month: str) -> Timeliness:
    """By when the first content that was accepted and is still known was taken in."""
    first: Mapping[tuple[str, str], date] = {
        (region, delivery): day for region, delivery, of, day in received if of == month
    }
    deliveries = sorted({each.delivery for each in expectations()})
    expected = [
        (region, delivery, due)
        for region in region_names()
        for delivery in deliveries
        if (due := due_date(delivery, region, month)) is not None
    ]
    return Timeliness(
        expected=len(expected),
        late=sum(
            first[region, delivery] > due
            for region, delivery, due in expected
            if (region, delivery) in first
        ),
        missing=sum((region, delivery) not in first for region, delivery, _ in expected),
    )
