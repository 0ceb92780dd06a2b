"""The command `flk`: reads the arguments, calls the command, and turns errors into sentences.

What each command does stands in `assets/commands`.
"""

import argparse
import atexit
import os
import sys
from collections.abc import Callable, Sequence

from assets.commands import (
    check,
    prune,
    publish,
    rekey,
    report,
    request,
    run,
    serve,
    simulate,
    status,
    verify,
)
from assets.commands.exit_status import FAILED, WRONG_USE
from pipelines.errors import StepFailedError, WrongUseError
from pipelines.garbage import collect_garbage_rarely

COMMANDS = (
    run,
    request,
    simulate,
    check,
    status,
    report,
    serve,
    publish,
    verify,
    rekey,
    prune,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `flk` and return its exit status."""
    options = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options.command
    try:
        return command(options)
    except (StepFailedError, WrongUseError) as error:
        if options.debug:
            raise
        print(f"flk: {error}", file=sys.stderr)
        return WRONG_USE if isinstance(error, WrongUseError) else FAILED
    except KeyboardInterrupt:
        print("flk: interrupted; what was finished is kept. Run again to go on.", file=sys.stderr)
        return FAILED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:
        if options.debug:
            raise
        print(
            f"flk: an unexpected error ({type(error).__name__}); the last publication stands as it "
            "was. Run again with --debug to see where.",
            file=sys.stderr,
        )
        return FAILED


def program() -> None:
    """The process of the command, which ends with the exit status of `main`.

    To take the interpreter apart at the end would take most of a second.
    """
    collect_garbage_rarely()
    ended = [FAILED]
    # Registered before all that a command registers, so called after it.
    atexit.register(_end, ended)
    try:
        ended[0] = main()
    except SystemExit as error:
        # Only argparse ends so; it has said what is wrong.
        ended[0] = error.code if isinstance(error.code, int) else FAILED


def _end(ended: list[int]) -> None:
    try:
        # By print, as a process may have been started without these streams.
        print(end="", flush=True)
        print(end="", flush=True, file=sys.stderr)
    except (OSError, ValueError):
        ended[0] = FAILED
    os._exit(ended[0])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="flk",
        description="National follow-up of fast läkarkontakt and continuity of care.",
    )
    parser.add_argument("--debug", action="store_true", help="show tracebacks")
    commands = parser.add_subparsers(required=True, metavar="command")
    for each in COMMANDS:
        each.add(commands).add_argument("--debug", action="store_true", default=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    program()
