"""`flk serve`: the report over HTTP, for this machine alone."""

import argparse
from pathlib import Path

from assets.commands.arguments import Commands
from assets.commands.exit_status import DONE
from pipelines.errors import StepFailedError, WrongUseError


def add(commands: Commands) -> argparse.ArgumentParser:
    """The command and its arguments."""
    serve = commands.add_parser("serve", help="serve the report to this machine's browsers")
    serve.add_argument("--out", type=Path, help="output folder (default: out)")
    serve.add_argument("--port", type=_port, default=8000, help="default: 8000; 0 for any free")
    serve.set_defaults(command=_serve)
    return serve


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, a number from 0 to 65535")
    return int(text)


def _serve(options: argparse.Namespace) -> int:
    from assets.settings import folders_from_environment
    from pipelines.publication.report.serving import report_server
    from pipelines.store import Store

    store = Store(folders_from_environment(None, options.out)[1])
    folder = store.statistics_file.with_name("report")
    if not folder.is_dir():
        raise WrongUseError(f"There is no report at {folder}. Run flk report first.")
    try:
        server = report_server(folder, options.port)
    except OSError as error:
        raise StepFailedError(
            f"Port {options.port} cannot be used ({error.strerror}). Choose another with --port."
        ) from None
    print(f"Report: http://127.0.0.1:{server.server_port}/ (Ctrl-C ends)", flush=True)
    with server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
    return DONE
