"""What tables promise: contracts, shared columns, code lists, rules, and reference data.

This package knows nothing of the others. It holds no data processing.
"""
