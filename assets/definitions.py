"""What Dagster loads: all assets, the jobs, the nightly schedule and the sensor."""

import dagster as dg

from assets.catalogue import ALL_ASSETS
from assets.jobs import NIGHTLY_SCHEDULE, arrivals_sensor, data_request, nightly
from assets.workspace import workspace_from_environment

definitions = dg.Definitions(
    assets=ALL_ASSETS,
    jobs=[nightly, data_request],
    schedules=[NIGHTLY_SCHEDULE],
    sensors=[arrivals_sensor],
    resources={"workspace": workspace_from_environment()},
    executor=dg.in_process_executor,
)
