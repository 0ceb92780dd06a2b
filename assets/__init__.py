"""All that knows Dagster: assets, checks, partitions, jobs, schedules, sensors, the command line.

An asset loads, calls one function of `pipelines`, and returns what it made with metadata.
"""

import warnings

# Single-run backfills and partition mappings are marked beta; pyproject.toml pins the version.
# By their text, since Dagster takes three seconds to import and not every command needs it.
warnings.filterwarnings("ignore", message=".* is currently in beta, and may have breaking changes")
