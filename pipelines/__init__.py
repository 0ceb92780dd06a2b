"""The work, without Dagster: intake, indicators, publication, simulation, and the store."""
