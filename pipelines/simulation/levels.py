"""The levels planted per region: what the statistics should find again.

Only data: coverage follows the figures published for 2022-12-31 where there are any
(Läkartidningen 2023-08) and is invented elsewhere, so that just under half of the regions reach
55 per cent; of the residents of SÄBO 93 per cent have a named physician, as in the survey of 2021
(skr.se), with two regions below the goal of 80. Everything else is invented. Region 23 does not
report at all.
"""

from dataclasses import dataclass

NOT_REPORTING = "23"


@dataclass(frozen=True)
class RegionLevels:
    """What is planted in one region; shares are between 0 and 1."""

    region_code: str
    organisation_number: str
    coverage: float
    """Inhabitants with a named physician under the definition `reported`."""
    sabo_coverage: float
    """The same for the residents of SÄBO who have their main care there."""
    continuity: float
    """Mean over the units of the COC planted (physician series, own unit)."""
    visit_rate: float
    """Visits in relation to the country."""
    missing_provider: float
    """Contacts without provider_id."""
    locum_lists: float
    """Listings with a named physician that rest on a locum without a fictitious list."""


_ROWS = (
    # region, organisation number, coverage, sabo, COC, visits, no provider, locum lists
    ("01", "2321000016", 0.48, 0.94, 0.25, 1.10, 0.02, 0.06),
    ("03", "2321000024", 0.56, 0.92, 0.22, 1.02, 0.02, 0.05),
    ("04", "2321000032", 0.44, 0.88, 0.17, 0.98, 0.04, 0.08),
    ("05", "2321000040", 0.63, 0.95, 0.24, 1.00, 0.01, 0.03),
    ("06", "2321000057", 0.52, 0.93, 0.26, 1.05, 0.01, 0.02),
    ("07", "2321000065", 0.07, 0.74, 0.19, 0.95, 0.03, 0.05),
    ("08", "2321000073", 0.50, 0.91, 0.23, 1.00, 0.02, 0.04),
    ("09", "2120000803", 0.66, 0.94, 0.21, 0.97, 0.02, 0.06),
    ("10", "2321000081", 0.19, 0.86, 0.19, 0.96, 0.03, 0.07),
    ("12", "2321000255", 0.77, 0.95, 0.24, 1.04, 0.02, 0.05),
    ("13", "2321000115", 0.58, 0.93, 0.27, 1.06, 0.01, 0.03),
    ("14", "2321000131", 0.96, 0.98, 0.22, 1.00, 0.02, 0.09),
    ("17", "2321000156", 0.57, 0.91, 0.17, 0.93, 0.05, 0.08),
    ("18", "2321000164", 0.41, 0.90, 0.20, 0.98, 0.02, 0.06),
    ("19", "2321000172", 0.78, 0.96, 0.21, 0.97, 0.02, 0.00),
    ("20", "2321000180", 0.79, 0.95, 0.15, 0.94, 0.03, 0.10),
    ("21", "2321000198", 0.60, 0.92, 0.15, 0.94, 0.12, 0.09),
    ("22", "2321000206", 0.37, 0.78, 0.14, 0.92, 0.04, 0.08),
    ("23", "2321000214", 0.00, 0.00, 0.16, 0.95, 0.03, 0.08),
    ("24", "2321000222", 0.11, 0.85, 0.16, 0.93, 0.03, 0.06),
    ("25", "2321000230", 0.29, 0.87, 0.15, 0.92, 0.04, 0.08),
)

LEVELS: dict[str, RegionLevels] = {row[0]: RegionLevels(*row) for row in _ROWS}

GROWTH_PER_MONTH = 0.006
"""Coverage rises by this much from one snapshot to the next."""

CONTINUITY_OF_NAMED = 0.03
"""Persons with a named physician meet their regular one so much more often (Skåne: 3-4 points)."""

CONTINUITY_RANGE = (0.12, 0.28)
"""Least and greatest COC planted at a unit; units of a region spread by 0.1 around its mean.

A greater COC would lift UPC above what has been published for health centres (.23-.57): a
simulated person has one regular physician throughout.
"""

OTHER_UNIT = 0.07
"""Contacts at another unit of the region than the one where the person is listed."""

SABO_BY_AGE = ((65, 0.006), (75, 0.02), (80, 0.05), (85, 0.13), (90, 0.28), (95, 0.42))
"""Share living in SÄBO from the age given."""

SMALL_POPULATION = 200_000
SABO_FACTOR_SMALL = 2.0
"""Small populations get twice the SÄBO residents, or most of their figures would be suppressed."""

PHYSICIAN_VISITS = (1.05, 1.5, 2.05, 2.85, 3.7, 4.1, 6.8, 0.5)
OTHER_CONTACTS = (2.1, 2.4, 3.4, 5.0, 6.5, 7.8, 11.5, 0.8)
"""Mean number in 18 months by class: the six age groups, residents of SÄBO, persons not listed."""

VISIT_DISPERSION = 0.85
"""Shape of the negative binomial of the numbers above: few people have most of the visits."""
