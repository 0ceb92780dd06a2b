"""Analysts' own DuckDB may be older than ours: it opens the file and reads everything.

Needs the package index. Deselect with `-m "not older_client"`.
"""

import json
import subprocess

import pytest
from releasing import release

CLIENT = """
import duckdb, json, sys
with duckdb.connect(sys.argv[1], read_only=True) as c:
    def one(query):
        return c.execute(query).fetchone()
    tables = [t for (t,) in c.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
    print(json.dumps({
        "version": duckdb.__version__,
        "rows": {t: one(f'SELECT count(*) FROM "{t}"')[0] for t in tables},
        "share": one("SELECT value FROM indicators WHERE level = 'region' AND "
                     "indicator = 'coverage.listed.reported.share'")[0],
        "comment": one("SELECT comment FROM duckdb_columns() WHERE table_name = 'coverage' AND "
                       "column_name = 'numerator'")[0],
        "uncommented": one("SELECT count(*) FROM duckdb_columns() WHERE comment IS NULL AND NOT "
                           "internal")[0],
    }))
"""


@pytest.mark.older_client
def test_an_older_client_reads_everything(older_python, tables, tmp_path):
    published = release(tables, tmp_path)
    answer = subprocess.run(
        [older_python, "-I", "-c", CLIENT, str(published.release.statistics_file)],
        capture_output=True,
        text=True,
        check=True,
    )
    read = json.loads(answer.stdout)
    assert read["version"].startswith(("1.2.", "1.4."))
    assert read["rows"] == published.rows
    assert read["share"] == 0.78
    assert read["comment"].startswith("Persons with a named physician.")
    assert read["uncommented"] == 0
