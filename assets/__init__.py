"""All that knows Dagster: assets, checks, partitions, jobs, schedules, sensors, the command line.

An asset loads, calls one function of `pipelines`, and returns what it made with metadata.
"""

import os
import warnings

# Before Polars is imported: memory that is given back at once is asked for again with the next
# file, which took a tenth of all processor time. After five seconds without use it is given back.
os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:5000,muzzy_decay_ms:-1")

# Single-run backfills and partition mappings are marked beta; pyproject.toml pins the version.
# By their text, since Dagster takes three seconds to import and not every command needs it.
warnings.filterwarnings("ignore", message=".* is currently in beta, and may have breaking changes")
