"""The definitions as small text tables with numbers worked by hand."""
