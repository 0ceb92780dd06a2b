"""Publication: disclosure control, the published DuckDB file, its registers, generated text.

Here frames become what others read. No figure is computed here.
"""
