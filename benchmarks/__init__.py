"""Measurements of speed and memory, not tests. The figures stand in docs/performance.md."""
