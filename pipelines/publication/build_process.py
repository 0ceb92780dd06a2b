"""The process that writes the DuckDB file: it runs the statements it is given, nothing else.

DuckDB fills up its blocks with whatever its buffers held before. In a process of its own that
is never anything but the publication itself: no microdata, no figures before disclosure
control. It is run as a script (`python -I build_process.py STATEMENTS`) and imports nothing of
ours, so that it starts fast. STATEMENTS is a JSON list of SQL texts.

Exit status 1 with DuckDB's message on standard error when a statement fails.
"""

import json
import sys
from pathlib import Path

import duckdb


def main(statements_file: str) -> int:
    """Run the statements in one connection; 0 when all succeeded."""
    statements = json.loads(Path(statements_file).read_text("utf-8"))
    try:
        with duckdb.connect() as connection:
            for statement in statements:
                connection.execute(statement)
    except duckdb.Error as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
