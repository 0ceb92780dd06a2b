"""The statistics: pure functions from frames to frames, one function per definition.

Here belongs what a number means. Reading, writing and scheduling do not belong here. Everything
that touches persons or contacts is written in Narwhals over lazy frames and runs on Polars, DuckDB
and PySpark; only the small tables at the end are Polars.
"""
