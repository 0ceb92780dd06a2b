"""Synthetic deliveries of any size, from a sample to the whole country.

Everything is invented: no person, unit or physician in the files exists. The package knows the
layout of deliveries (docs: the contract) and nothing of how they are read. `simulate` writes a
landing folder with planted levels and faults; `write_refused_examples` one in which every delivery
but a small good set is refused; `write_profile_examples` one whose files are read by the regions'
profiles.
"""

from pipelines.simulation.country import simulate
from pipelines.simulation.profile_examples import write_profile_examples
from pipelines.simulation.refused import write_refused_examples
from pipelines.simulation.truth import RegionTruth, SimulationTruth

__all__ = [
    "RegionTruth",
    "SimulationTruth",
    "simulate",
    "write_profile_examples",
    "write_refused_examples",
]
