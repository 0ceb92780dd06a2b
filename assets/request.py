"""The November package as an asset: what is sent to SKR, made from the published file."""

import logging

import dagster as dg

from assets.metadata import OWNER
from assets.publication import PUBLICATION_KEY
from assets.workspace import Workspace
from pipelines.errors import StepFailedError
from pipelines.selection import month_of_request

REQUEST_KEY = dg.AssetKey(["publication", "request_package"])

log = logging.getLogger("flk")


class RequestConfig(dg.Config):
    """Which year SKR asks for, which month of it, and whether the package may be partial.

    Without `month` it is November where any region's listings of it are accepted, else the year's
    newest month.
    """

    year: int
    month: str | None = None
    partial: bool = False


@dg.asset(
    key=REQUEST_KEY,
    deps=[PUBLICATION_KEY],
    group_name="publication",
    owners=[OWNER],
    kinds={"excel"},
    description="The November package, what SKR asks for at the end of November: workbooks for the "
    "nation and every region, and the same figures in other formats. Made from the published file "
    "alone; written whole or not at all. Refused when a region's delivery of the month is missing, "
    "unless `partial`.",
)
def request_package(workspace: Workspace, config: RequestConfig) -> dg.MaterializeResult[None]:
    """Write the package of the year."""
    # XlsxWriter and the formats are needed here alone.
    from pipelines.publication.request.package import write_package

    month = config.month or month_of_request(workspace.receipts_of_run, config.year)
    if month is None:
        raise StepFailedError(f"No region has an accepted listings delivery of {config.year}.")
    log.info("Making the package of %s", month)
    package = write_package(
        workspace.store.statistics_file,
        month,
        workspace.store.request_folder(config.year),
        partial=config.partial,
    )
    return dg.MaterializeResult(
        metadata={
            "path": dg.MetadataValue.path(package.folder),
            "month": package.month,
            "release_id": package.release_id,
            "files": package.files,
            "bytes": package.bytes,
            "partial": package.is_partial,
            "missing": dg.MetadataValue.json(dict(package.missing)),
            "unapproved_figures": package.unapproved_figures,
        }
    )
