"""The November package: what SKR asks for at the end of November, ready to send.

Everything here is made from the published DuckDB file alone, opened read-only, so nothing can be
in a package that disclosure control has hidden. `figures` reads the month, `tables` arranges it,
a module for each format renders it, `package` puts the files together, `folder` swaps them in.
"""
