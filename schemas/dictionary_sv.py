"""What published tables and columns are in Swedish, read from `dictionary_sv.toml`.

The English stands in the contracts.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads(files("schemas").joinpath("dictionary_sv.toml").read_text("utf-8"))


def table_in_swedish(table: str) -> str:
    """What the table or view holds, and what one row is; KeyError when it is not described."""
    texts = _texts()["tables"][table]
    return f"{texts['description']} En rad: {texts['one_row']}"


def column_in_swedish(table: str, column: str) -> str:
    """What the column means in that table; KeyError when it is not described."""
    texts = _texts()
    own: Mapping[str, str] = texts["columns_of"].get(table, {})
    return own[column] if column in own else str(texts["columns"][column])


def unit_in_swedish(unit: str) -> str:
    """The unit of a column; KeyError when it is not described."""
    return str(_texts()["units"][unit])
