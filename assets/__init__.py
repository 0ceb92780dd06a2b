"""All that knows Dagster: assets, checks, partitions, jobs, schedules, sensors, the command line.

An asset loads, calls one function of `pipelines`, and returns what it made with metadata.
"""
