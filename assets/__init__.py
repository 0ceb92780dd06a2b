"""All that knows Dagster: assets, checks, partitions, jobs, schedules, sensors, the command line.

An asset loads, calls one function of `pipelines`, and returns what it made with metadata.
"""

import os
import warnings

# Read when Polars is imported. Its memory is in one place a core and stays two seconds for whoever
# asks next: to hand it back and ask anew with every file took a tenth of the processor's time.
os.environ.setdefault(
    "_RJEM_MALLOC_CONF", "percpu_arena:percpu,dirty_decay_ms:2000,muzzy_decay_ms:2000"
)

# Single-run backfills and partition mappings are marked beta; pyproject.toml pins the version.
# By their text, since Dagster takes three seconds to import and not every command needs it.
warnings.filterwarnings("ignore", message=".* is currently in beta, and may have breaking changes")
