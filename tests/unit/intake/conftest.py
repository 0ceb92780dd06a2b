"""Deliveries written to real files in tmp_path and taken in, for all tests of intake."""

from datetime import date
from pathlib import Path

import pytest
from intake_rows import KEY, NAMES, RECEIVED_AT, TODAY, Deliver, Rows, csv_text

from pipelines.intake.landing import landing_file
from pipelines.intake.take_in import Intake, take_in
from schemas.deliveries import delivery


@pytest.fixture
def deliver(tmp_path: Path) -> Deliver:
    """Writes a file (rows, text or bytes) and takes it in."""

    def write_and_take_in(
        delivery_name: str,
        content: Rows | str | bytes,
        *,
        name: str | None = None,
        extension: str = "csv",
        region: str = "19",
        today: date = TODAY,
        **options: object,
    ) -> Intake:
        if not isinstance(content, str | bytes):
            content = csv_text(content)
        if isinstance(content, str):
            content = content.encode()
        name = name or NAMES.get(delivery_name, "2025-11-30")
        folder = tmp_path / region / delivery(delivery_name).name
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.{extension}"
        path.write_bytes(content)
        intake = take_in(
            landing_file(path, region, delivery_name),
            key=KEY,
            today=today,
            received_at=RECEIVED_AT,
            **options,  # type: ignore[arg-type]
        )
        receipt = intake.receipt
        assert receipt.rows == receipt.accepted + receipt.rejected
        return intake

    return write_and_take_in
