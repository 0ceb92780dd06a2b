"""The metrics of the table data_quality, read from `quality_metrics.toml`.

To them come the rows rejected by each rule of intake, a metric for every rule and delivery.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from schemas.rules import RULES

NATIONS = ("sum", "largest", "own")
REJECTED_ROWS = "rejected_rows"
REJECTED_BY_RULE = "rejected_"


@dataclass(frozen=True)
class QualityMetric:
    """A metric of one delivery; the fields are explained in `quality_metrics.toml`."""

    metric: str
    delivery: str
    sv: str
    en: str
    numerator: str
    numerator_sv: str
    denominator: str | None = None
    denominator_sv: str | None = None
    of_persons: bool = False
    nation: str = "sum"

    def __post_init__(self) -> None:
        if self.nation not in NATIONS:
            raise ValueError(f"Metric {self.metric}: the nation is one of {', '.join(NATIONS)}.")

    @property
    def key(self) -> tuple[str, str]:
        """Delivery and metric: what tells it from every other."""
        return (self.delivery, self.metric)

    def words(self, language: str) -> dict[str, str]:
        """Its name, what is counted and of what, for the texts of the registry."""
        if language == "sv":
            name, counted, of = self.sv, self.numerator_sv, self.denominator_sv
        else:
            name, counted, of = self.en, self.numerator, self.denominator
        return {"metric": name, "counted": counted, "of": of or ""}


def rejected_by(rule: str) -> str:
    """The metric that counts the rows rejected by a rule of intake."""
    return f"{REJECTED_BY_RULE}{rule}"


@cache
def quality_metrics() -> tuple[QualityMetric, ...]:
    """All metrics of all deliveries."""
    text = files("schemas").joinpath("quality_metrics.toml").read_text("utf-8")
    metrics = [
        QualityMetric(delivery=delivery, **entry)
        for data in tomllib.loads(text)["metrics"]
        for entry, deliveries in [_without_deliveries(data)]
        for delivery in deliveries
    ]
    by_rule = [
        QualityMetric(
            metric=rejected_by(rule.code),
            delivery=metric.delivery,
            sv=f"Rader avvisade enligt regeln {rule.code}",
            en=f"Rows rejected by the rule {rule.code}",
            numerator=f"Rows rejected by the rule, perhaps by others too: {rule.sentence}",
            numerator_sv=f"Rader avvisade enligt regeln, kanske även enligt andra: "
            f"{rule.sentence_sv}",
            denominator=metric.denominator,
            denominator_sv=metric.denominator_sv,
        )
        for metric in metrics
        if metric.metric == REJECTED_ROWS
        for rule in RULES
        if rule.grade == "reject_row"
    ]
    return (*metrics, *by_rule)


def _without_deliveries(data: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    return {name: value for name, value in data.items() if name != "deliveries"}, data["deliveries"]
