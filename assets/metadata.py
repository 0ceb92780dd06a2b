"""What Dagster shows beside an asset: column schema from its contract, counts, never values."""

import dagster as dg

from schemas.contract import TableContract

OWNER = "team:uppfoljning"


def one_row(contract: TableContract) -> str:
    """What one row of a table is, to end a description."""
    return f"One row: {contract.grain[0].lower()}{contract.grain[1:]}"


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
