"""What disclosure control protects, and how much: its settings."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from schemas.sentences import sentence

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
    """

    threshold: int = LEAST_THRESHOLD
    shares: bool = True
    one_physician_units: bool = True
    width: int | None = None
    physician_width: float = PHYSICIAN_WIDTH

    @property
    def least_width(self) -> int:
        """How uncertain a protected number must be."""
        return max(self.threshold - 2, 1) if self.width is None else self.width

    def described(self) -> str:
        """The rules in force as a text for `release_info`."""
        rules = [sentence("hidden_persons", number=self.threshold)]
        if self.shares:
            rules.append(sentence("hidden_shares", number=self.threshold))
        if self.one_physician_units:
            rules.append(sentence("hidden_physicians"))
        rules.append(sentence("hidden_further", number=self.least_width))
        if self.one_physician_units and self.physician_width != PHYSICIAN_WIDTH:
            rules.append(sentence("hidden_physicians_width", percent=self._physician_percent))
        return "; ".join(rules)

    @property
    def _physician_percent(self) -> str:
        return f"{100 * self.physician_width:.10g}"

    def recorded(self) -> dict[str, Any]:
        """The settings by name, as a manifest keeps them."""
        return asdict(self)


def settings_of_manifest(manifest: Mapping[str, Any]) -> DisclosureSettings:
    """The settings by which a release was made; releases that do not tell had the defaults."""
    return DisclosureSettings(**manifest["settings"].get("disclosure_settings", {}))
