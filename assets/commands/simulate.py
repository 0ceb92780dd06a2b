"""`flk simulate`: synthetic deliveries of any size."""

import argparse
from pathlib import Path

from assets.commands.arguments import Commands, positive
from assets.commands.exit_status import DONE


def add(commands: Commands) -> argparse.ArgumentParser:
    """The command and its arguments."""
    simulate = commands.add_parser("simulate", help="write synthetic deliveries of any size")
    simulate.add_argument("--landing", type=Path, required=True)
    simulate.add_argument("--population", type=positive, required=True)
    simulate.add_argument("--months", type=positive, required=True)
    simulate.add_argument("--seed", type=int, required=True)
    simulate.add_argument(
        "--region", metavar="CODE", help="the region that all persons belong to (all regions)"
    )
    simulate.set_defaults(command=_simulate)
    return simulate


def _simulate(options: argparse.Namespace) -> int:
    from pipelines.simulation import simulate

    simulate(
        options.landing,
        population=options.population,
        months=options.months,
        seed=options.seed,
        region_code=options.region,
        progress=print,
    )
    print(f"Synthetic deliveries written to {options.landing}")
    return DONE
