"""Choose mutants to try, and say how many of those that were tried the tests have noticed.

    python -m tests.mutation.sample choose [--share 0.06] [--seed 1]
    python -m tests.mutation.sample score [FILE]

`choose` prints names for `mutmut run`: of every module the same share, and at least ten. `score`
prints a Markdown table by module, the share noticed of the mutants of these modules (each weighted
with how many it has) with its 95 % interval, and the names of those that nobody noticed. Both read
what mutmut keeps in `mutants/`; FILE holds the names to count, without it all that were tried.
"""

import argparse
import json
import math
import random
import sys
from collections.abc import Iterator
from pathlib import Path

MUTANTS = Path("mutants/pipelines/indicators")
FEWEST = 10
NOT_TRIED = None
SURVIVED = 0
NO_TESTS = 33
Z = 1.96


def by_module(folder: Path = MUTANTS) -> dict[str, dict[str, int | None]]:
    """Module to its mutants, each with the exit status of the tests; None where not tried."""
    found = {}
    for path in sorted(folder.glob("*.meta")):
        mutants = json.loads(path.read_text("utf-8"))["exit_code_by_key"]
        if mutants:
            found[path.name.removesuffix(".py.meta")] = mutants
    return found


def chosen(modules: dict[str, dict[str, int | None]], share: float, seed: int) -> Iterator[str]:
    """A random sample of every module's mutants; the same seed gives the same."""
    for module, mutants in modules.items():
        draw = random.Random(f"{seed} {module}")
        count = min(len(mutants), max(FEWEST, round(share * len(mutants))))
        yield from sorted(draw.sample(sorted(mutants), count))


def is_noticed(status: int) -> bool:
    """Whether some test failed, or took far too long, with the mutant in place."""
    return status not in (SURVIVED, NO_TESTS)


def score(modules: dict[str, dict[str, int | None]], names: set[str] | None = None) -> str:
    """What came of the mutants that were tried."""
    lines = ["| module | mutants | tried | noticed |", "| --- | ---: | ---: | ---: |"]
    survivors: list[str] = []
    tried_modules = {
        module: {
            name: status
            for name, status in mutants.items()
            if status is not NOT_TRIED and (names is None or name in names)
        }
        for module, mutants in modules.items()
    }
    whole = sum(len(modules[module]) for module, tried in tried_modules.items() if tried)
    share = variance = 0.0
    tried_of_all = noticed_of_all = 0
    for module, mutants in modules.items():
        tried = tried_modules[module]
        if not tried:
            continue
        noticed = sum(is_noticed(status) for status in tried.values())
        survivors += [name for name, status in tried.items() if not is_noticed(status)]
        lines.append(f"| {module} | {len(mutants)} | {len(tried)} | {noticed} |")
        tried_of_all, noticed_of_all = tried_of_all + len(tried), noticed_of_all + noticed
        weight, of_module = len(mutants) / whole, noticed / len(tried)
        share += weight * of_module
        # With one mutant added on each side: a module without survivors is not known for certain.
        careful = (noticed + 1) / (len(tried) + 2)
        left = 1 - len(tried) / len(mutants)
        variance += weight**2 * careful * (1 - careful) / len(tried) * left
    lines.append(f"| all | {whole} | {tried_of_all} | {noticed_of_all} |")
    half = Z * math.sqrt(variance)
    lines += [
        "",
        f"Noticed of these: {share:.1%} ({share - half:.1%}–{min(1, share + half):.1%})",
        "",
    ]
    return "\n".join([*lines, *(f"- {name}" for name in sorted(survivors))])


def main() -> int:
    """The command line; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    commands = parser.add_subparsers(dest="command", required=True)
    choose = commands.add_parser("choose")
    choose.add_argument("--share", type=float, default=0.06)
    choose.add_argument("--seed", type=int, default=1)
    count = commands.add_parser("score")
    count.add_argument("file", type=Path, nargs="?")
    options = parser.parse_args()
    if options.command == "choose":
        print("\n".join(chosen(by_module(), options.share, options.seed)))
    else:
        names = set(options.file.read_text("utf-8").split()) if options.file else None
        print(score(by_module(), names))
    return 0


if __name__ == "__main__":
    sys.exit(main())
