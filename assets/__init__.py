"""All that knows Dagster: assets, checks, partitions, jobs, schedules, sensors, the command line.

An asset loads, calls one function of `pipelines`, and returns what it made with metadata.
"""

import warnings

from dagster import BetaWarning

# Single-run backfills and partition mappings are marked beta; pyproject.toml pins the version.
warnings.filterwarnings("ignore", category=BetaWarning)
