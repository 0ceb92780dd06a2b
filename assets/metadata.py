"""What Dagster shows beside an asset: column schema from its contract, counts, never values."""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from schemas.contract import TableContract

OWNER = "team:uppfoljning"


def described(contract: TableContract) -> dict[str, Any]:
    """The arguments of an asset that its contract decides: description and column schema."""
    return {
        "description": f"{contract.title}. {contract.grain} {contract.description}",
        "metadata": {"dagster/column_schema": column_schema(contract)},
    }


def column_schema(contract: TableContract) -> dg.TableSchema:
    """The contract's columns as Dagster shows them."""
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                name=column.name,
                type=column.kind.value,
                description=" ".join(filter(None, [column.description, f"[{column.label}]"])),
                constraints=dg.TableColumnConstraints(
                    nullable=not column.required, unique=contract.key == (column.name,)
                ),
            )
            for column in contract.columns
        ]
    )


def row_count(rows: int, **others: int) -> Mapping[str, int]:
    """The metadata of a table that was written."""
    return {"dagster/row_count": rows, **others}
