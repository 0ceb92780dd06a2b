"""Making the November package: everything brought up to date first, then the package.

`flk request` and the job `data_request` both do this.
"""

from collections.abc import Mapping
from typing import NamedTuple

import dagster as dg

from assets.interrupts import interrupts_kept
from assets.request import REQUEST_KEY, RequestConfig, request_package
from assets.run import OURS, QUIET, Outcome, bring_up_to_date, failure_of
from assets.workspace import Workspace
from pipelines.errors import StepFailedError, WrongUseError
from pipelines.selection import month_of_request


class Reservations(NamedTuple):
    """What a package says on its cover: deliveries missing by region, and figures not approved."""

    missing: Mapping[str, str]
    unapproved_figures: int


def bring_request_up_to_date(
    workspace: Workspace, instance: dg.DagsterInstance, request: RequestConfig
) -> Outcome:
    """Bring the figures of the request's month up to date.

    Raises WrongUseError when the month is of another year, StepFailedError when nobody has
    delivered listings of it.
    """
    if request.month and not request.month.startswith(f"{request.year}-"):
        raise WrongUseError(f"{request.month} is not a month of {request.year}.")
    return bring_up_to_date(
        workspace,
        instance,
        request.month,
        lambda receipts: month_of_request(receipts, request.year),
    )


def make_package(
    workspace: Workspace, instance: dg.DagsterInstance, request: RequestConfig, outcome: Outcome
) -> Reservations:
    """Write the package of the figures that were brought up to date; what its cover reserves.

    Raises StepFailedError, with a former package as it was, when a step had failed, or deliveries
    are missing and the package may not be partial.
    """
    if outcome.failures:
        raise StepFailedError(
            f"The package was not made, since its figures may be out of date. "
            f"{'; '.join(outcome.failures)}"
        )
    node = REQUEST_KEY.to_python_identifier()
    config = {"year": request.year, "month": outcome.month, "partial": request.partial}
    with interrupts_kept():
        result = dg.materialize(
            [request_package],
            resources={"workspace": workspace},
            instance=instance,
            tags=OURS,
            run_config={**QUIET, "ops": {node: {"config": config}}},
            raise_on_error=False,
        )
    for event in result.all_events:
        if event.is_step_failure:
            raise StepFailedError(failure_of(event))
    (made,) = result.asset_materializations_for_node(node)
    missing, unapproved = (made.metadata[name].value for name in ("missing", "unapproved_figures"))
    assert isinstance(missing, Mapping)
    assert isinstance(unapproved, int)
    return Reservations({str(region): str(words) for region, words in missing.items()}, unapproved)
