"""The report: what the published file says, as pages for people who never open DuckDB.

`build.build_report` is the one entrance. It reads the published file and nothing else, so a
suppressed value cannot be in it: it is not in its source. No figure is computed here but what a
drawing needs (control limits, positions); titles are sentences made from the published values.

`published.py` reads; `language.py` and `texts.toml` hold the words and how numbers are written;
`figure.py` is a figure with its table; `charts.py` draws; `*_page.py` are the pages; `templates/`
and `static/` are what they look like.
"""
