"""What disclosure control protects, and how much: its settings."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from pipelines.publication.disclosure.perturbation_table import (
    PerturbationTable,
    perturbation_table,
)
from schemas.sentences import sentence

SUPPRESSION, PERTURBATION = "suppression", "perturbation"
METHODS = (SUPPRESSION, PERTURBATION)

LEAST_THRESHOLD = 5
"""The contract's: an operator may protect more, never less."""
PHYSICIAN_WIDTH = 0.1


@dataclass(frozen=True)
class DisclosureSettings:
    """What is protected, and how much.

    `threshold`: a count of persons above 0 and below it is suppressed (contract: 5).
    `shares`: a share whose numerator, or what is left of its denominator, is above 0 and below
    the threshold is suppressed. `one_physician_units`: unit rows that rest on one physician are
    suppressed. `width`: who knows everything that is published must not be able to place such a
    number more closely than between two numbers so far apart (missing: as far as the least and the
    greatest number that the threshold hides, 1 and 4, so that the rest of the tables says no more
    of it than that it is hidden). `physician_width`: the same for units that rest on one physician,
    as a share of the number.

    `method`: suppression, or perturbation, which publishes numbers with noise (`perturbation.py`):
    then no number of persons above 0 and below the threshold is published, noise is at most
    `largest_deviation` (missing: one more than the threshold, so that every number can become
    smaller and greater) and has this `variance` where a number is large enough for it.
    """

    threshold: int = LEAST_THRESHOLD
    shares: bool = True
    one_physician_units: bool = True
    width: int | None = None
    physician_width: float = PHYSICIAN_WIDTH
    method: str = SUPPRESSION
    largest_deviation: int | None = None
    variance: float = 3.0

    @property
    def is_perturbed(self) -> bool:
        """Whether numbers are published with noise."""
        return self.method == PERTURBATION

    @property
    def most_noise(self) -> int:
        """How far a published number of persons can be from the true one."""
        return self.threshold + 1 if self.largest_deviation is None else self.largest_deviation

    @property
    def perturbation_table(self) -> PerturbationTable:
        """What noise is drawn from."""
        return perturbation_table(self.most_noise, self.variance, self.threshold - 1)

    @property
    def least_width(self) -> int:
        """How uncertain a protected number must be."""
        return max(self.threshold - 2, 1) if self.width is None else self.width

    def described(self) -> str:
        """The rules in force as a text for `release_info`."""
        if self.is_perturbed:
            return "; ".join(self._perturbation_described())
        rules = [sentence("hidden_persons", number=self.threshold)]
        if self.shares:
            rules.append(sentence("hidden_shares", number=self.threshold))
        if self.one_physician_units:
            rules.append(sentence("hidden_physicians"))
        rules.append(sentence("hidden_further", number=self.least_width))
        if self.one_physician_units and self.physician_width != PHYSICIAN_WIDTH:
            rules.append(sentence("hidden_physicians_width", percent=self._physician_percent))
        return "; ".join(rules)

    def _perturbation_described(self) -> list[str]:
        rules = [
            sentence("perturbed", number=self.most_noise, variance=f"{self.variance:.10g}"),
            sentence("perturbed_never", number=self.threshold),
            sentence("perturbed_alike"),
            sentence("perturbed_sums"),
            sentence("hidden_continuity", number=self.threshold),
        ]
        if self.one_physician_units:
            rules.append(sentence("hidden_physicians_and_further", percent=self._physician_percent))
        return rules

    @property
    def _physician_percent(self) -> str:
        return f"{100 * self.physician_width:.10g}"

    def recorded(self) -> dict[str, Any]:
        """The settings by name, as a manifest keeps them."""
        return asdict(self)


def is_perturbed(facts: Mapping[str, str]) -> bool:
    """Whether the numbers of a release with these facts (`release_info`) have noise."""
    return facts.get("disclosure_method") == PERTURBATION


def settings_of_manifest(manifest: Mapping[str, Any]) -> DisclosureSettings:
    """The settings by which a release was made; releases that do not tell had the defaults."""
    return DisclosureSettings(**manifest["settings"].get("disclosure_settings", {}))
